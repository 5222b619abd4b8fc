"""The bundle: the one thing that training hands to search, checked whenever it is opened."""

from facesearch.bundle.contents import CONFIG, GALLERY, IMAGES, MODEL, BundleConfig
from facesearch.bundle.opened import Bundle, predict
from facesearch.bundle.reading import open_bundle
from facesearch.bundle.writing import check_target, record_results, write_bundle

__all__ = [
    "CONFIG",
    "GALLERY",
    "IMAGES",
    "MODEL",
    "Bundle",
    "BundleConfig",
    "check_target",
    "open_bundle",
    "predict",
    "record_results",
    "write_bundle",
]
