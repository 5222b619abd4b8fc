"""Faces as an engine knows them, fetched by row and kept for a minute."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, overload

from facesearch.errors import InputError
from facesearch.gallery.faces import Face, is_below

KEPT = 20_000  # faces
GONE = Face("", "")  # stands for one that is not there any more
FRESH = 60.0  # seconds in which a face that was taken out of the engine may still be shown


class KnownFaces:
    """The faces that were last asked about.

    Args:
        fetch: from rows to the faces of those that are there.
    """

    def __init__(self, fetch: Callable[[Sequence[int]], Mapping[int, Face]]) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._held: OrderedDict[int, tuple[float, Face | None]] = OrderedDict()

    def get(self, rows: Sequence[int]) -> list[Face | None]:
        """The face of each row, None where it is not there any more."""
        now = time.monotonic()
        with self._lock:
            found = {row: self._held[row] for row in rows if row in self._held}
        missing = [
            row for row in dict.fromkeys(rows) if row not in found or found[row][0] < now - FRESH
        ]
        if missing:
            fetched = self._fetch(missing)
            fresh = {row: (now, fetched.get(row)) for row in missing}
            found |= fresh
            with self._lock:
                for row, each in fresh.items():
                    self._held[row] = each
                    self._held.move_to_end(row)
                while len(self._held) > KEPT:
                    self._held.popitem(last=False)
        return [found[row][1] for row in rows]

    def one(self, row: int) -> Face:
        """The face of a row; `InputError` where it is not there any more."""
        face = self.get([row])[0] if row >= 0 else None
        if face is None:
            raise InputError(f"Face {row:,} has been taken out of this gallery meanwhile.")
        return face


class Names(Sequence[str]):
    """The names of N rows, fetched when they are asked for.

    Args:
        n: how many.
        one: from a row to its name.
        pieces: all names that are there, in row order, some at a time; one by one without it.
    """

    def __init__(
        self,
        n: int,
        one: Callable[[int], str],
        pieces: Callable[[], Iterator[list[str]]] | None = None,
    ) -> None:
        self._n, self._one, self._pieces = n, one, pieces

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[str]: ...
    def __getitem__(self, row: int | slice) -> str | Sequence[str]:
        if isinstance(row, slice):
            return [self._one(each) for each in range(*row.indices(self._n))]
        if not -self._n <= row < self._n:
            raise IndexError(row)
        return self._one(row % self._n)

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces() if self._pieces else ([self[row]] for row in range(self._n)):
            yield from piece


def face_of(
    names: Sequence[str],
    measures: Sequence[str],
    name: str,
    predicted: Sequence[float],
    labels: Sequence[int],
    *where: Any,
) -> Face:
    """A face out of a row of its table: names of attributes and of measures, then its values; the
    last ones where it was detected."""
    known = {n: bool(label) for n, label in zip(names, labels, strict=False) if label >= 0}
    guessed = dict(zip(names, map(float, predicted), strict=True))
    if not where:
        return Face(str(name), str(name), labels=known, predicted=guessed)
    photo, width, height, box, points, measured, shown, *thumbnail = where
    x1, y1, x2, y2 = map(float, box)
    flat = [float(each) for each in points]
    return Face(
        str(name),
        str(photo),
        (x1, y1, x2, y2),
        tuple(zip(flat[::2], flat[1::2], strict=True)),
        known,
        guessed,
        (int(width), int(height)),
        str(thumbnail[0]) if thumbnail else None,
        dict(zip(measures, map(float, measured), strict=True)),
        bool(shown),
    )


def is_safe(face: Face) -> bool:
    """Whether a face names files below a folder; whoever may write to the engine could name any."""
    return all(
        is_below(each) for each in (face.name, face.photo, face.thumbnail) if each is not None
    )
