"""The bundle: the one thing that training hands to search, checked whenever it is opened."""

from facesearch.bundle.contents import CONFIG, GALLERY, IMAGES, MODEL, BundleConfig, Gallery
from facesearch.bundle.opened import Bundle, predict
from facesearch.bundle.reading import check_tensors, open_bundle, read_tensors
from facesearch.bundle.writing import check_target, record_results, write_bundle

__all__ = [
    "CONFIG",
    "GALLERY",
    "IMAGES",
    "MODEL",
    "Bundle",
    "BundleConfig",
    "Gallery",
    "check_target",
    "check_tensors",
    "open_bundle",
    "predict",
    "read_tensors",
    "record_results",
    "write_bundle",
]
