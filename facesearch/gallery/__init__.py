"""The faces of a gallery: held in memory column by column, searched and counted."""

from facesearch.gallery.columns import Columns
from facesearch.gallery.counts import Counts
from facesearch.gallery.faces import Detections, Face, Faces
from facesearch.gallery.memory import Gallery
from facesearch.gallery.search import Hit
from facesearch.gallery.taught import Taught
from facesearch.gallery.terms import AnyOf, Terms

__all__ = [
    "AnyOf",
    "Columns",
    "Counts",
    "Detections",
    "Face",
    "Faces",
    "Gallery",
    "Hit",
    "Taught",
    "Terms",
]
