"""Whether what is shown as alike is alike: labels of the nearest faces, altered copies found."""

from typing import NamedTuple

import numpy as np

NEAREST = 24


class Likeness(NamedTuple):
    """Shares, 0 to 1.

    Attributes:
        agreement: of a face's known labels that its nearest have too.
        recall: of faces whose altered copy is among its nearest.
        first: of faces to which their altered copy is nearest of all.
    """

    agreement: float
    recall: float
    first: float


def measure_likeness(
    asking: np.ndarray,
    faces: np.ndarray,
    copies: np.ndarray,
    labels: np.ndarray,
    rows: np.ndarray,
) -> Likeness:
    """Ask for more like each of `rows` among the other faces; then with its altered copy there too.

    Args:
        asking: (N, D) what each face asks for; scores are its products with faces.
        faces, copies: (N, D) of the faces, and of an altered copy of each.
        labels: (N, A) of 1 present, 0 absent, -1 unknown.
        rows: of the faces that ask.
    """
    scores = asking[rows] @ faces.T  # (Q, N)
    scores[np.arange(len(rows)), rows] = -np.inf
    nearest = np.argpartition(-scores, NEAREST, axis=1)[:, :NEAREST]
    theirs, known = labels[nearest], labels[rows][:, None] >= 0  # (Q, 24, A), (Q, 1, A)
    known = known & (theirs >= 0)
    agreement = (theirs == labels[rows][:, None])[known].mean()
    copy = (asking[rows] * copies[rows]).sum(axis=1)  # (Q,)
    before = (scores > copy[:, None]).sum(axis=1)
    return Likeness(float(agreement), float((before < NEAREST).mean()), float((before == 0).mean()))
