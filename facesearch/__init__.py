"""Attribute-based face search: image and attribute encoders in one space, searched by cosine."""

from facesearch.attributes import ATTRIBUTES, Query
from facesearch.bundle import Bundle, open_bundle
from facesearch.errors import InputError
from facesearch.gallery.search import Hit

__all__ = ["ATTRIBUTES", "Bundle", "Hit", "InputError", "Query", "open_bundle"]
