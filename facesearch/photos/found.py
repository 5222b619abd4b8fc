"""The faces of one picture, alone or as a bundle's encoder reads them: for asking by picture."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from facesearch.photos.alignment import FRAME
from facesearch.photos.finding import Finder, Seen, Sighting
from facesearch.vision.images import ImageSource

if TYPE_CHECKING:
    from facesearch.photos.indexing import FaceEncoder


@dataclass(frozen=True)
class Found:
    """A face in a picture.

    Attributes:
        box: (4,) float32, x1, y1, x2, y2 in the picture's upright pixels.
        points: (5, 2) float32, likewise: eyes, nose, corners of the mouth, left before right.
        score: how sure the detector is, in [0, 1].
        vector: (D,) float32, unit length.
        predicted: (A,) probability of each attribute.
    """

    box: np.ndarray
    points: np.ndarray
    score: float
    vector: np.ndarray
    predicted: np.ndarray


def find_faces(image: ImageSource) -> list[Sighting]:
    """The faces of a path or PIL image, largest first; small and doubtful ones are left out.

    Raises `InputError` for a picture that can't be read. `Bundle.find_faces` also gives vectors.
    """
    return _shown(_finder().find(image))


def read_faces(
    image: ImageSource, encoder: "FaceEncoder", predict: Callable[[np.ndarray], np.ndarray]
) -> list[Found]:
    """The faces that `find_faces` finds, with vectors and predictions.

    Args:
        encoder: what turns aligned faces into vectors.
        predict: (N, D) vectors to (N, A) probabilities.

    Raises `InputError` for a picture that can't be read.
    """
    seen = _finder().find(image)
    faces = _shown(seen)
    if not faces:
        return []
    pixels = np.stack([seen.cut(face, encoder.height, encoder.width) for face in faces])
    vectors = np.concatenate(
        [encoder.embed(pixels[start : start + 64]) for start in range(0, len(pixels), 64)]
    )
    return [
        Found(face.box, face.points, face.measures.score, vector, predicted)
        for face, vector, predicted in zip(faces, vectors, predict(vectors), strict=True)
    ]


def _shown(seen: Seen) -> list[Sighting]:
    faces = [face for face in seen.faces if face.shown]
    return sorted(faces, key=lambda face: -face.measures.eye_distance)


@cache
def _finder() -> Finder:
    return Finder()


def is_framed(image: Image.Image) -> bool:
    """Whether a picture has the shape of CelebA's frames, and is not much larger than they are."""
    return abs(image.width / image.height - FRAME[0] / FRAME[1]) < 0.02 and image.height <= 512
