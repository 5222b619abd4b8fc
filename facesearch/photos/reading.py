"""Reading photographs for the index: two at a time, in order, and never a reason to stop."""

import ctypes
import io
from collections import deque
from collections.abc import Container, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore, Lock

import numpy as np
from PIL import Image

from facesearch.errors import InputError
from facesearch.photos.copies import look_of
from facesearch.photos.finding import Finder, Seen, Sighting
from facesearch.photos.scanning import Entry
from facesearch.photos.store import content_hash

WORKERS = 2  # photographs in memory at a time
LARGE = 24_000_000  # pixels: photographs that are larger are read alone
QUALITY = 80  # of thumbnails


@dataclass(frozen=True)
class Cut:
    """A face before it has a vector: what was seen, its pixels for the encoder, its thumbnail."""

    sighting: Sighting
    pixels: np.ndarray
    look: np.ndarray
    thumbnail: bytes


@dataclass(frozen=True)
class Prepared:
    """A file that was read: its content's hash; then its faces, why there are none, or neither
    where its content is known."""

    entry: Entry
    hash: bytes | None
    size: tuple[int, int] = (0, 0)
    faces: tuple[Cut, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)
    reason: str | None = None
    known: bool = False


class Reader:
    """Reads the files of a folder.

    Args:
        root: the folder.
        finder: what finds faces.
        size: height and width of an aligned face, as the encoder reads it.
        known: hashes of contents that need no look.
    """

    def __init__(
        self, root: Path, finder: Finder, size: tuple[int, int], known: Container[bytes]
    ) -> None:
        self.root, self.finder, self.size, self.known = root, finder, size, known
        self._large, self._places = Lock(), BoundedSemaphore(WORKERS)

    def read(self, entries: Sequence[Entry]) -> Iterator[Prepared]:
        """Files in order, a few ahead in threads."""
        with self.finder.side_by_side(), ThreadPoolExecutor(WORKERS) as pool:
            waiting: deque[Future[Prepared]] = deque()
            try:
                for entry in entries:
                    waiting.append(pool.submit(self._prepare, entry))
                    if len(waiting) > 2 * WORKERS:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def _prepare(self, entry: Entry) -> Prepared:
        """What one file holds; nothing that a file can hold makes this raise."""
        try:
            digest = content_hash(self.root / entry.path)
        except OSError as error:
            return Prepared(entry, None, reason=f"can't be read ({error.strerror or error})")
        if digest in self.known:
            return Prepared(entry, digest, known=True)
        return self.look(entry, digest)

    def look(self, entry: Entry, digest: bytes) -> Prepared:
        """The faces of one file, cut out."""
        file = self.root / entry.path
        try:
            with self._bounded(file):
                seen = self.finder.find(file)
                faces = tuple(self._cut(seen, face) for face in seen.faces)
        except InputError as error:
            return Prepared(entry, digest, reason=str(error).removeprefix(f"{file}: "))
        except Exception as error:  # one odd file must not end a run of hours
            return Prepared(entry, digest, reason=f"{type(error).__name__}: {error}")
        size = (seen.photograph.width, seen.photograph.height)
        return Prepared(entry, digest, size, faces, dict(seen.left_out))

    def _cut(self, seen: Seen, face: Sighting) -> Cut:
        pixels = seen.cut(face, *self.size)
        content = io.BytesIO()
        seen.thumbnail(face).save(content, "WEBP", quality=QUALITY)
        return Cut(face, pixels, look_of(pixels), content.getvalue())

    @contextmanager
    def _bounded(self, file: Path) -> Iterator[None]:
        """A large photograph is read while no other one is, so that memory stays small."""
        try:
            with Image.open(file) as image:
                large = image.width * image.height > LARGE
        except Exception:  # reading it in earnest says what is wrong
            large = False
        with self._large if large else nullcontext():
            places = WORKERS if large else 1
            for _ in range(places):
                self._places.acquire()
            try:
                yield
            finally:
                if large:
                    _return_memory()
                self._places.release(places)


def _return_memory() -> None:
    """Have glibc return what it keeps of freed memory, for each thread; nothing elsewhere."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
