"""Exact top-k search by cosine over a matrix of unit rows."""

from dataclasses import dataclass

import numpy as np

from facesearch.errors import InputError


@dataclass(frozen=True)
class Hit:
    """One result: rank from 1, image name, cosine between image and query."""

    rank: int
    name: str
    score: float


def top_k(
    embeddings: np.ndarray, query: np.ndarray, k: int, without: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the k largest cosines, best first, and their scores; equal scores rank by row.

    Args:
        embeddings: (N, D) float32 unit rows.
        query: (D,) float32 unit vector.
        k: how many; clipped to the rows there are. `InputError` below 1.
        without: a row to leave out.
    """
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise InputError(f"k is {k!r}: ask for a whole number of results, at least 1.")
    scores = embeddings @ query  # (N,)
    k = min(int(k), len(scores) - (without is not None))
    if k == 0:
        return np.empty(0, np.intp), scores[:0]
    if without is not None:
        scores[without] = -np.inf
    kth = np.partition(scores, len(scores) - k)[len(scores) - k]
    rows = np.flatnonzero(scores >= kth)  # ties with the k-th come along, in row order
    rows = rows[np.argsort(-scores[rows], kind="stable")[:k]]
    return rows, scores[rows]
