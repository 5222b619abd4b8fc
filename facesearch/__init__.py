"""Attribute-based face search: image and attribute encoders in one space, searched by cosine."""

from facesearch.attributes import ATTRIBUTES, Query
from facesearch.bundle import Bundle, open_bundle
from facesearch.errors import InputError
from facesearch.gallery import Face, Hit
from facesearch.vocabulary import Vocabulary

__all__ = [
    "ATTRIBUTES",
    "Bundle",
    "Face",
    "Hit",
    "InputError",
    "Query",
    "Vocabulary",
    "open_bundle",
]
