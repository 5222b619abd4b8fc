"""How many faces of a gallery agree with a query, and would with one attribute more or less."""

from collections.abc import Iterator

import numpy as np

from facesearch.attributes import ATTRIBUTES, Query, attribute_index
from facesearch.errors import InputError

WORD = 64  # faces to a word of packed bits


class AttributeCounts:
    """Counts over known attributes, a bit for each: what is unknown of a face agrees with nothing.

    Two bits of a face are kept for an attribute, known to be present and known to be absent, packed
    so that one instruction compares 64 faces: 10 bytes a face.

    Args:
        labels: (N, 40) of 1 present, 0 absent, -1 unknown. `InputError` for another shape.
    """

    def __init__(self, labels: np.ndarray) -> None:
        if labels.ndim != 2 or labels.shape[1] != len(ATTRIBUTES):
            raise InputError(
                f"labels have shape {labels.shape}: give (N, {len(ATTRIBUTES)}), a row for a face."
            )
        self._faces = len(labels)
        self._planes = {+1: _pack(labels == 1), -1: _pack(labels == 0)}  # (40, W) each
        self._everyone = _pack(np.ones((self._faces, 1), bool))[0]  # (W,)

    def matches(self, query: Query) -> np.ndarray:
        """(N,) bool: the faces known to agree with all that is asked; with nothing asked, all."""
        words = self._agreeing(query)
        return np.unpackbits(words.view(np.uint8), count=self._faces, bitorder="little").view(bool)

    def count(self, query: Query) -> int:
        """How many faces match."""
        return int(_ones(self._agreeing(query)))

    def added(self, query: Query) -> tuple[np.ndarray, np.ndarray]:
        """(40,) and (40,) int64: how many would match with each attribute wanted, and unwanted.

        An attribute that is asked for already has its place in the query taken by the new state.
        """
        everyone = self._agreeing(query)
        wanted, unwanted = (_ones(plane & everyone) for plane in self._planes.values())
        for _, name in _asked(query):
            column, others = attribute_index(name), self._agreeing(query, without=name)
            wanted[column] = _ones(self._planes[+1][column] & others)
            unwanted[column] = _ones(self._planes[-1][column] & others)
        return wanted, unwanted

    def removed(self, query: Query) -> dict[str, int]:
        """How many would match without each attribute that is asked for."""
        return {name: int(_ones(self._agreeing(query, without=name))) for _, name in _asked(query)}

    def _agreeing(self, query: Query, without: str | None = None) -> np.ndarray:
        words = self._everyone.copy()
        for sign, name in _asked(query):
            if name != without:
                words &= self._planes[sign][attribute_index(name)]
        return words  # (W,)


def _asked(query: Query) -> Iterator[tuple[int, str]]:
    for sign, names in ((+1, query.wanted), (-1, query.unwanted)):
        for name in names:
            yield sign, name


def _pack(known: np.ndarray) -> np.ndarray:
    """(N, A) bool to (A, W) uint64; bits beyond the last face are 0."""
    packed = np.packbits(known, axis=0, bitorder="little")  # (N / 8, A)
    rows = np.zeros((known.shape[1], -(-len(known) // WORD) * WORD // 8), np.uint8)
    rows[:, : len(packed)] = packed.T
    return rows.view(np.uint64)


def _ones(words: np.ndarray) -> np.ndarray:
    """(...,) int64: the bits that are set in (..., W)."""
    return np.bitwise_count(words).sum(axis=-1, dtype=np.int64)
