"""Attribute-based face search: image and attribute encoders in one space, searched by cosine."""

from facesearch.attributes import ATTRIBUTES, Query
from facesearch.bundle import Bundle, open_bundle
from facesearch.errors import InputError
from facesearch.gallery import Face, Hit
from facesearch.photos.found import find_faces
from facesearch.vocabulary import Vocabulary
from facesearch.words import Parsed, parse

__all__ = [
    "ATTRIBUTES",
    "Bundle",
    "Face",
    "Hit",
    "InputError",
    "Parsed",
    "Query",
    "Vocabulary",
    "find_faces",
    "open_bundle",
    "parse",
]
