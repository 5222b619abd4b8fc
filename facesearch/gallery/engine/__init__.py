"""A gallery in ClickHouse: the verbs of the one in memory, answered by one machine or many."""

from facesearch.gallery.engine.address import EngineAddress
from facesearch.gallery.engine.connection import Connection
from facesearch.gallery.engine.gallery import EngineGallery
from facesearch.gallery.engine.loading import load
from facesearch.gallery.engine.versions import Version, current_version

__all__ = [
    "Connection",
    "EngineAddress",
    "EngineGallery",
    "Version",
    "current_version",
    "load",
]
