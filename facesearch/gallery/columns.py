"""A gallery's embeddings, column by column, each read from its file when it is first asked for."""

import threading
from collections.abc import Callable, Sequence

import numpy as np

Read = Callable[[int, np.ndarray], None]
ReadPiece = Callable[[int, int], np.ndarray]


class Columns:
    """An (N, D) matrix of unit rows that lies column by column: one coordinate of all rows at once.

    Args:
        matrix: (D, N) float32, C-contiguous; its rows are this matrix's columns.
        read: called as `read(column, row of matrix)` before a column is used for the first time,
            to fill it and check it; without it the matrix is there already.
        read_piece: called as `read_piece(start, stop)` for the (D, stop - start) columns of some
            rows, straight from the file and not checked.
    """

    def __init__(
        self, matrix: np.ndarray, read: Read | None = None, read_piece: ReadPiece | None = None
    ) -> None:
        self.dim, self.rows = matrix.shape
        self._matrix, self._read, self._read_piece = matrix, read, read_piece
        self._missing = set(range(self.dim)) if read is not None else set()
        self._lock = threading.Lock()

    @classmethod
    def of_rows(cls, embeddings: np.ndarray) -> "Columns":
        """Columns of an (N, D) matrix in memory."""
        return cls(np.ascontiguousarray(np.asarray(embeddings, np.float32).T))

    def need(self, columns: Sequence[int] | np.ndarray | None = None) -> np.ndarray:
        """The (D, N) matrix, of which these columns, or all, can be used."""
        if self._missing:
            with self._lock:
                wanted = range(self.dim) if columns is None else columns
                for column in self._missing.intersection(map(int, wanted)):
                    assert self._read is not None
                    self._read(column, self._matrix[column])
                    self._missing.discard(column)
        return self._matrix

    def check(self) -> None:
        """Read every column that was not read yet, so that it is checked, and keep none of them."""
        spare = np.empty(self.rows, np.float32)
        for column in sorted(self._missing):
            self.copy(column, spare)

    def copy(self, column: int, into: np.ndarray) -> None:
        """Copy a column, checked, into (N,) float32, without keeping it where it was not read."""
        with self._lock:
            if column not in self._missing:
                into[:] = self._matrix[column]
                return
            assert self._read is not None
            self._read(column, into)

    def piece(self, start: int, stop: int) -> np.ndarray:
        """(D, stop - start): these rows' columns, without the others in memory."""
        if self._missing and self._read_piece is not None:
            with self._lock:
                return self._read_piece(start, stop)
        return self._matrix[:, start:stop]
