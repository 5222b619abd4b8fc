"""Attribute-based face search: image and attribute encoders in one space, searched by cosine."""

from facesearch.attributes import ATTRIBUTES, Query
from facesearch.errors import InputError

__all__ = ["ATTRIBUTES", "InputError", "Query"]
