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
    copy = (asking[rows] * copies[rows]).sum(axis=1)  # (Q,)
    before = (scores > copy[:, None]).sum(axis=1)
    return Likeness(
        _agreement(labels, rows, nearest),
        float((before < NEAREST).mean()),
        float((before == 0).mean()),
    )


def label_agreement(
    scores: np.ndarray, labels: np.ndarray, rows: np.ndarray, copy_of: np.ndarray
) -> float:
    """The share of a face's known labels that the `NEAREST` others have too, each group of
    near-copies counted once, and the face's own not at all.

    Args:
        scores: (Q, N) of all faces, for each that asks.
        labels: (N, A) of 1 present, 0 absent, -1 unknown.
        rows: (Q,) of the faces that ask.
        copy_of: (N,) the row of the face that stands for each, as `group_copies` gives it.
    """
    nearest = []
    for row, order in zip(rows, np.argsort(-scores, axis=1, kind="stable"), strict=True):
        others = order[copy_of[order] != copy_of[row]]
        _, first = np.unique(copy_of[others], return_index=True)
        nearest.append(others[np.sort(first)[:NEAREST]])
    return _agreement(labels, rows, np.stack(nearest))


def _agreement(labels: np.ndarray, rows: np.ndarray, nearest: np.ndarray) -> float:
    theirs, mine = labels[nearest], labels[rows][:, None]  # (Q, 24, A), (Q, 1, A)
    known = (mine >= 0) & (theirs >= 0)
    return float((theirs == mine)[known].mean())
