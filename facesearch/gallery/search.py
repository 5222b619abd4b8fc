"""Exact top-k search over columns, which reads only the coordinates that a query holds."""

from dataclasses import dataclass

import numpy as np

from facesearch.errors import InputError, quoted
from facesearch.gallery.columns import Columns

ROWS = 1 << 17  # at a time: a piece of a column and of the scores stay in the processor's cache
BLOCK = 256  # rows of which only the best score is compared at first


@dataclass(frozen=True)
class Hit:
    """One result: rank from 1, name of the face, score (a cosine where there is no any-of)."""

    rank: int
    name: str
    score: float


def weighted_sum(columns: Columns, vector: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """(N,) float32: the dot product of each row with a (D,) vector, whose zeros are never read.

    `out` is where they go; memory that was used before saves a third of the time.
    """
    used = np.flatnonzero(vector)
    scores = np.empty(columns.rows, np.float32) if out is None else out
    if not len(used):
        scores[:] = 0
        return scores
    matrix = columns.need(used)
    if 2 * len(used) >= columns.dim:  # a dense vector: one pass by BLAS
        np.dot(vector, columns.need(), out=scores)
        return scores
    equal = bool((vector[used] == vector[used[0]]).all())
    product = np.empty(min(ROWS, columns.rows), np.float32)
    for start in range(0, columns.rows, ROWS):
        piece = scores[start : start + ROWS]
        first, *rest = (matrix[column, start : start + ROWS] for column in used)
        if equal:  # a sum, weighed once
            for each in rest:
                first = np.add(first, each, out=piece)
            np.multiply(first, vector[used[0]], out=piece)
            continue
        np.multiply(first, vector[used[0]], out=piece)
        for weight, each in zip(vector[used[1:]], rest, strict=True):
            piece += np.multiply(each, weight, out=product[: len(piece)])
    return scores


def best(scores: np.ndarray, k: int) -> np.ndarray:
    """Rows of the k largest of (N,) scores, best first; equal scores rank by row; -inf never."""
    check_k(k)
    n = len(scores)
    k = min(int(k), n)
    if k == 0:
        return np.empty(0, np.intp)
    blocks = n // BLOCK
    if k * 4 <= blocks:
        # The k-th best of the blocks' maxima is a lower bound of the k-th best score. A block's
        # rows lie `blocks` apart, so that maxima of many blocks are taken by one instruction.
        maxima = scores[: blocks * BLOCK].reshape(BLOCK, blocks).max(axis=0)
        bound = np.partition(maxima, blocks - k)[blocks - k]
        rows = np.arange(0, blocks * BLOCK, blocks)[:, None] + np.flatnonzero(maxima >= bound)
        rows = np.concatenate([rows.ravel(), np.arange(blocks * BLOCK, n)])
        rows = rows[scores[rows] >= bound]
    else:
        rows = np.arange(n)
    found = scores[rows]
    if len(rows) > k:
        kth = np.partition(found, len(found) - k)[len(found) - k]
        rows = rows[found >= kth]  # ties with the k-th come along, in row order
    rows = rows[scores[rows] > -np.inf]
    return rows[np.argsort(-scores[rows], kind="stable")[:k]]


def check_k(k: object) -> None:
    """`InputError` unless k is a whole number, at least 1."""
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
        raise InputError(f"k is {quoted(k)}: ask for a whole number of results, at least 1.")
