"""Near-copies of a face, out of bursts and files saved again: found by vector and by looks."""

import numpy as np

LOOK = (16, 20)  # width, height of the small grey picture of the middle of an aligned face
LOOK_SHARE = 0.16, 0.22, 0.84, 0.92  # of the frame: left, top, right, bottom
# Of 180,000 pairs of different photographs none is as alike as this; of photographs saved again at
# JPEG quality 50, at two thirds of the size, or 12 % brighter, 98 in 100 are.
ALIKE_VECTORS, ALIKE_LOOKS = 0.98, 0.95
BLOCK, PAIRS = 256, 8192  # rows and pairs at a time, so that memory stays small


def look_of(face: np.ndarray) -> np.ndarray:
    """The small grey picture of an aligned (H, W, 3) uint8 face: (320,) uint8."""
    from PIL import Image

    image = Image.fromarray(face).convert("L")
    shares = zip(LOOK_SHARE, (image.width, image.height) * 2, strict=True)
    left, top, right, bottom = (share * side for share, side in shares)
    small = image.resize(LOOK, Image.Resampling.BOX, box=(left, top, right, bottom))
    return np.asarray(small).ravel()


def group_copies(vectors: np.ndarray, looks: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """(N,) int32: for each face the row of the one that stands for it and its near-copies.

    Args:
        vectors: (N, D) float32, unit rows.
        looks: (N, 320) uint8.
        rank: (N,) of how well each face can be seen; the highest of a group stands for it, the
            first where several are.

    Faces are compared in order of one coordinate along which they differ most: alike ones are near
    each other there, so that few pairs of all are looked at.
    """
    n = len(vectors)
    group = np.arange(n, dtype=np.int32)
    if n < 2:
        return group
    grey = looks.astype(np.float32)
    grey -= grey.mean(axis=1, keepdims=True)
    grey /= np.maximum(np.linalg.norm(grey, axis=1, keepdims=True), 1e-6)
    centred = vectors - vectors.mean(axis=0)
    along = centred @ np.linalg.eigh(centred.T @ centred)[1][:, -1]
    order = np.argsort(along, kind="stable")
    ends = np.searchsorted(along[order], along[order] + np.sqrt(2 - 2 * ALIKE_VECTORS), "right")
    for start in range(0, n, BLOCK):
        rows = order[start : start + BLOCK]
        others = order[start : ends[min(start + BLOCK, n) - 1]]
        first, second = np.nonzero(vectors[rows] @ vectors[others].T >= ALIKE_VECTORS)
        first, second = first[first < second], second[first < second]  # both start at `start`
        for part in range(0, len(first), PAIRS):
            a, b = rows[first[part : part + PAIRS]], others[second[part : part + PAIRS]]
            alike = np.einsum("pl,pl->p", grey[a], grey[b]) >= ALIKE_LOOKS
            for one, other in zip(a[alike].tolist(), b[alike].tolist(), strict=True):
                _join(group, one, other)
    roots = np.array([_root(group, row) for row in range(n)])
    best = np.lexsort((np.arange(n), -rank))
    leader = np.empty(n, np.int32)
    leader[roots[best[::-1]]] = best[::-1]  # the last write, of the best, stays
    return leader[roots]


def _root(group: np.ndarray, row: int) -> int:
    while group[row] != row:
        group[row] = group[group[row]]
        row = int(group[row])
    return row


def _join(group: np.ndarray, a: int, b: int) -> None:
    first, second = sorted((_root(group, a), _root(group, b)))
    group[second] = first
