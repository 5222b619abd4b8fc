"""What a detector finds in a picture, whichever detector it is."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

DETECTORS = {"mtcnn": "mtcnn 1.0.0", "yunet": "yunet 2023mar"}  # name: with its version
SHARED = 0.7  # of the smaller box: two boxes that share more are one face


@dataclass(frozen=True)
class Candidates:
    """Candidates in one picture, row for row, in its pixels.

    Attributes:
        boxes: (N, 4) float32: x1, y1, x2, y2.
        scores: (N,) float32 in [0, 1].
        points: (N, 5, 2) float32: eyes, nose, corners of the mouth; left is the picture's left.
    """

    boxes: np.ndarray
    scores: np.ndarray
    points: np.ndarray

    def __len__(self) -> int:
        return len(self.boxes)

    def at(self, rows: list[int] | np.ndarray) -> "Candidates":
        """Those of some rows."""
        return Candidates(self.boxes[rows], self.scores[rows], self.points[rows])


class Detector(Protocol):
    """Finds faces of `smallest` pixels or more in upright (H, W, 3) uint8 RGB."""

    def detect(self, pixels: np.ndarray, smallest: float = 20.0) -> Candidates: ...


def suppress_contained(found: Candidates) -> Candidates:
    """Those kept, best first, when of two that share most of the smaller box the better stays."""
    boxes = found.boxes
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    kept: list[int] = []
    for row in np.argsort(-found.scores, kind="stable"):
        low = np.maximum(boxes[row, :2], boxes[kept, :2])
        high = np.minimum(boxes[row, 2:], boxes[kept, 2:])
        shared = (high - low).clip(0).prod(axis=1)
        if not (shared > SHARED * np.minimum(area[row], area[kept])).any():
            kept.append(int(row))
    return found.at(kept)
