"""Many short texts, packed into two arrays, found by row and by text without a list of strings."""

import heapq
from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np

from facesearch.errors import InputError


class Texts(Sequence[str]):
    """N texts; ten million names take their bytes and twelve more each, and open at once.

    Args:
        content: the UTF-8 bytes of all texts, one after another.
        ends: (N,) int64, where each text ends in `content`, ascending.
        order: (N,) int64, the rows by their texts' bytes, so that a text is found by halving.

    Raises `InputError` where the arrays do not fit together.
    """

    def __init__(self, content: np.ndarray, ends: np.ndarray, order: np.ndarray) -> None:
        last = int(ends[-1]) if len(ends) else 0
        if len(order) != len(ends) or last != len(content) or (np.diff(ends, prepend=0) < 0).any():
            raise InputError("The packed names do not fit together; fetch or make them again.")
        if len(order) and not (order.min() >= 0 and order.max() < len(ends)):
            raise InputError("The order of the packed names leaves them; make them again.")
        self.content, self.ends, self.order = content, ends, order

    @classmethod
    def pack(cls, texts: Sequence[str]) -> "Texts":
        """Texts from a sequence of strings."""
        encoded = [text.encode() for text in texts]
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        order = np.array(sorted(range(len(encoded)), key=encoded.__getitem__), np.int64)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), np.cumsum(lengths), order)

    @classmethod
    def joined(cls, parts: "Sequence[Texts]") -> "Texts":
        """The texts of several, one after another, without a list of strings."""
        lengths = [len(part) for part in parts]
        starts = np.cumsum([0, *lengths])
        bases = np.cumsum([0, *(len(part.content) for part in parts)])
        whole = cls(
            np.concatenate([part.content for part in parts]),
            np.concatenate([part.ends + base for part, base in zip(parts, bases, strict=False)]),
            np.arange(sum(lengths)),
        )
        rows = ((part.order + at).tolist() for part, at in zip(parts, starts, strict=False))
        order = heapq.merge(*rows, key=whole._bytes)
        return cls(whole.content, whole.ends, np.fromiter(order, np.int64, len(whole)))

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[str]: ...
    def __getitem__(self, row: int | slice) -> str | Sequence[str]:
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return self._bytes(row % len(self)).decode(errors="replace")

    def __iter__(self) -> Iterator[str]:
        content, start = self.content.tobytes(), 0
        for end in self.ends.tolist():
            yield content[start:end].decode(errors="replace")
            start = end

    def find(self, text: str) -> int | None:
        """The row of a text, or None; the first in the order where it is there twice."""
        wanted = text.encode(errors="surrogatepass")
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(int(self.order[middle])) < wanted:
                low = middle + 1
            else:
                high = middle
        row = int(self.order[low]) if low < len(self) else -1
        return row if row >= 0 and self._bytes(row) == wanted else None

    def repeated(self) -> str | None:
        """A text that is there more than once, or None."""
        lengths = np.diff(self.ends, prepend=0)[self.order]
        alike = np.flatnonzero(lengths[1:] == lengths[:-1])
        for place in alike.tolist():
            if self._bytes(int(self.order[place])) == self._bytes(int(self.order[place + 1])):
                return self[int(self.order[place])]
        return None

    def _bytes(self, row: int) -> bytes:
        start = int(self.ends[row - 1]) if row else 0
        return self.content[start : int(self.ends[row])].tobytes()
