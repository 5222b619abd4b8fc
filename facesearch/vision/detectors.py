"""The detectors there are, by name, each loaded once."""

from functools import cache

from facesearch.errors import InputError
from facesearch.vision.candidates import Detector
from facesearch.vision.mtcnn import Mtcnn

DETECTORS = ("mtcnn", "yunet")


@cache
def load_mtcnn() -> Mtcnn:
    """MTCNN on the weights that come along; its last network also takes the second look."""
    return Mtcnn()


@cache
def load_detector(name: str) -> Detector:
    """A detector by its name; `InputError` for another name."""
    if name == "mtcnn":
        return load_mtcnn()
    raise InputError(f"{name!r} is not a detector: choose {' or '.join(DETECTORS)}.")
