"""What is measured of a face that was found, and which faces are shown by default."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from facesearch.photos.alignment import TEMPLATE, Similarity, as_complex, move

EYES = float(TEMPLATE[1, 0] - TEMPLATE[0, 0])  # pixels between the eyes in the frame
# Of 160 CelebA faces pasted at any size, turned up to 40 degrees, blurred, noisy or dark, 152 score
# as high as is shown, and nothing else of 12 pixels or more between its eyes.
STORED_SCORE, SHOWN_SCORE = 0.8, 0.975
STORED_EYES, SHOWN_EYES = 8.0, 12.0  # pixels of the photograph
SHOWN_INSIDE = 0.5
FACE = ((46.0, 67.5), (131.0, 179.5))  # left upper and right lower corner in the frame
PROBES = 16  # points a side, to measure the share inside


@dataclass(frozen=True)
class Measures:
    """How well a face can be seen.

    Attributes:
        score: the detector's, in [0, 1].
        eye_distance: pixels of the photograph between the eyes, were the face seen from the front.
        inside: share of the face, from brows to chin, that lies inside the photograph.
        sharpness: variance of the Laplacian of the aligned face's brightness.
        yaw: where the nose is between the eyes: 0 in the middle, -1 and 1 below an eye.
    """

    score: float
    eye_distance: float
    inside: float
    sharpness: float
    yaw: float

    def as_dict(self) -> dict[str, float]:
        """Name to value."""
        fields: dict[str, Any] = asdict(self)
        return {name: float(value) for name, value in fields.items()}


def why_not_stored(measures: Measures, least_eyes: float = STORED_EYES) -> str | None:
    """Why a candidate doesn't enter the index at all, or None where it does."""
    if measures.score < STORED_SCORE:
        return "not a face"
    return "too small" if measures.eye_distance < least_eyes else None


def why_hidden(measures: Measures, least_eyes: float = SHOWN_EYES) -> str | None:
    """Why a stored face is not shown by default, or None where it is."""
    if measures.score < SHOWN_SCORE:
        return "doubtful"
    if measures.eye_distance < least_eyes:
        return "small"
    return "cut" if measures.inside < SHOWN_INSIDE else None


def share_inside(frame: Similarity, width: int, height: int) -> float:
    """The share of the face that a similarity from the frame places inside such a picture.

    Of the face and not of the frame, as one that fills its picture is whole and worth showing.
    """
    steps = (np.arange(PROBES) + 0.5) / PROBES
    (left, top), (right, bottom) = FACE
    x, y = np.meshgrid(left + steps * (right - left), top + steps * (bottom - top))
    moved = move(np.stack([x, y], axis=-1), frame)
    return float(((moved >= 0) & (moved < (width, height))).all(axis=-1).mean())


def sharpness(pixels: np.ndarray) -> float:
    """Variance of the Laplacian of (H, W, 3) uint8 RGB."""
    grey = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    laplacian = (
        grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * grey[1:-1, 1:-1]
    )
    return float(laplacian.var())


def yaw(points: np.ndarray) -> float:
    """Where the nose of (5, 2) points lies between the eyes, along the line through them."""
    left, right, nose = as_complex(points)[:3]
    along = (nose - (left + right) / 2) / (right - left) if right != left else 0
    return float(np.clip(2 * along.real, -2, 2))
