"""The detectors there are, by name, each loaded once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import torch

from facesearch.errors import InputError
from facesearch.vision.candidates import DETECTORS, Detector
from facesearch.vision.mtcnn import Mtcnn


@cache
def load_mtcnn() -> Mtcnn:
    """MTCNN on the weights that come along; its last network also takes the second look."""
    return Mtcnn()


@cache
def load_detector(name: str) -> Detector:
    """A detector by its name; `InputError` for another name."""
    if name == "mtcnn":
        return load_mtcnn()
    if name == "yunet":
        from facesearch.vision.yunet import Yunet  # onnxruntime, which is an extra

        return Yunet()
    raise InputError(f"{name!r} is not a detector: choose {' or '.join(DETECTORS)}.")


@contextmanager
def single_threaded() -> Iterator[None]:
    """Meanwhile torch takes one thread a picture: several pictures side by side are faster than one
    after another on all cores."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
