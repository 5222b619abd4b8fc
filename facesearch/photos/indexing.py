"""Bringing the index of a folder up to date: only what is new or changed is read."""

import io
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np
from PIL import Image

from facesearch.errors import InputError
from facesearch.photos.copies import look_of
from facesearch.photos.finding import Finder, Seen, Sighting
from facesearch.photos.scanning import Entry, Scan, can_read_heic, scan
from facesearch.photos.store import IndexedFace, IndexedFile, Store, content_hash, overlap

WORKERS = 2  # photographs in memory at a time
FACES, FILES, SECONDS = 64, 16, 30.0  # a batch ends with whichever comes first
LARGE = 24_000_000  # pixels: of photographs that are larger, one is read at a time
QUALITY = 80  # of thumbnails
SAME_FACE = 0.5  # shared by two boxes of one face


class FaceEncoder(Protocol):
    """What turns aligned faces of its own size into vectors."""

    height: int
    width: int

    def embed(self, pixels: np.ndarray) -> np.ndarray:
        """(B, height, width, 3) uint8 to (B, D) float32 unit rows."""
        ...


@dataclass(frozen=True)
class Progress:
    """How far a run is: photographs done of those that are new or changed, faces found in them."""

    done: int
    total: int
    faces: int


@dataclass
class Changes:
    """What a run did.

    Attributes:
        read, moved, unchanged, vanished: photographs.
        kept: photographs that are gone, but stay as the folder could not be looked through.
        scanned: what lies in the folder.
    """

    scanned: Scan
    read: int = 0
    moved: int = 0
    unchanged: int = 0
    vanished: int = 0
    kept: int = 0


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


def update(
    store: Store,
    root: Path,
    finder: Finder,
    load_encoder: Callable[[], FaceEncoder],
    model: str,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Changes:
    """Bring the index of `root` up to date; `model` tells its encoder, which is loaded if there is
    anything to read, from all others.

    After every batch, which is one transaction, `progress` is called; what it raises ends the run
    with all batches kept. Files that are gone leave the index at the end, and only where the whole
    folder could be looked through and is not empty. Nothing is ever written below `root`.
    """
    _claim(store, root)
    scanned = scan(root)
    changes = Changes(scanned)
    known = store.known()
    reader = f"{finder.name}, Pillow {Image.__version__}, HEIC {can_read_heic()}"
    todo = []
    for entry in scanned.entries:
        about = known.get(entry.path)
        # A file that couldn't be read is tried again by another version of what reads it.
        by = reader if about is not None and about[4] is not None else finder.name
        if about is not None and about[:4] == (entry.size, entry.mtime_ns, by, model):
            changes.unchanged += 1
        else:
            todo.append(entry)
    present = {entry.path for entry in scanned.entries}
    gone = set(known) - present
    if todo:
        run = _Run(store, root, finder, load_encoder(), model, reader, present, changes)
        run.read(todo, progress)
        gone -= run.moved_from
    if not gone:
        pass
    elif scanned.complete and scanned.entries:
        with store.transaction():
            store.remove(gone)
        changes.vanished = len(gone)
    else:
        changes.kept = len(gone)
    if todo or gone:
        store.drop_thumbnails()
    return changes


def _claim(store: Store, root: Path) -> None:
    """An index is of one folder, and remembers which."""
    claimed = store.about("root")
    if claimed is None:
        store.set_about("root", str(root.resolve()))
    elif claimed != str(root.resolve()):
        raise InputError(
            f"{store.folder} is the index of {claimed}, not of {root}. Choose another --out."
        )


class _Run:
    """One run over the files that are new or changed."""

    def __init__(
        self,
        store: Store,
        root: Path,
        finder: Finder,
        encoder: FaceEncoder,
        model: str,
        reader: str,
        present: set[str],
        changes: Changes,
    ) -> None:
        self.store, self.root, self.finder = store, root, finder
        self.encoder, self.model = encoder, model
        self.reader, self.present, self.changes = reader, present, changes
        self.known = store.contents(finder.name, model)
        self.forgotten = store.forgotten()
        self.moved_from: set[str] = set()
        self.large = Lock()
        self.faces = 0

    def read(self, todo: list[Entry], progress: Callable[[Progress], None]) -> None:
        """Read files two at a time, and commit them in batches, in order."""
        batch: list[Prepared] = []
        began = time.monotonic()
        done = 0
        progress(Progress(0, len(todo), 0))
        for prepared in _in_order(self._prepare, todo):
            batch.append(prepared)
            enough = sum(len(each.faces) for each in batch) >= FACES or len(batch) >= FILES
            if enough or time.monotonic() - began > SECONDS or done + len(batch) == len(todo):
                self._commit(batch)
                done += len(batch)
                batch, began = [], time.monotonic()
                progress(Progress(done, len(todo), self.faces))

    def _prepare(self, entry: Entry) -> Prepared:
        """What one file holds; nothing that a file can hold makes this raise."""
        try:
            digest = content_hash(self.root / entry.path)
        except OSError as error:
            return Prepared(entry, None, reason=f"can't be read ({error.strerror or error})")
        if digest in self.known:
            return Prepared(entry, digest, known=True)
        return self._look(entry, digest)

    def _look(self, entry: Entry, digest: bytes) -> Prepared:
        """The faces of one file, cut out."""
        file = self.root / entry.path
        try:
            with _one_at_a_time(self.large, file):
                seen = self.finder.find(file)
                faces = tuple(self._cut(seen, face) for face in seen.faces)
        except InputError as error:
            return Prepared(entry, digest, reason=str(error).removeprefix(f"{file}: "))
        except Exception as error:  # one odd file must not end a run of hours
            return Prepared(entry, digest, reason=f"{type(error).__name__}: {error}")
        size = (seen.photograph.width, seen.photograph.height)
        return Prepared(entry, digest, size, faces, dict(seen.left_out))

    def _cut(self, seen: Seen, face: Sighting) -> Cut:
        pixels = seen.cut(face, self.encoder.height, self.encoder.width)
        content = io.BytesIO()
        seen.thumbnail(face).save(content, "WEBP", quality=QUALITY)
        return Cut(face, pixels, look_of(pixels), content.getvalue())

    def _commit(self, batch: list[Prepared]) -> None:
        """Embed the faces of a batch, and write all of it in one transaction."""
        cuts = [cut for prepared in batch for cut in prepared.faces]
        vectors = iter(
            [
                vector
                for start in range(0, len(cuts), FACES)
                for vector in self.encoder.embed(
                    np.stack([cut.pixels for cut in cuts[start : start + FACES]])
                )
            ]
        )
        with self.store.transaction():
            for prepared in batch:
                self._write(prepared, vectors)

    def _write(self, prepared: Prepared, vectors: Iterator[np.ndarray]) -> None:
        entry, store = prepared.entry, self.store
        if prepared.known:
            assert prepared.hash is not None
            if self._take_over(entry, prepared.hash):
                return
            prepared = self._look(entry, prepared.hash)  # what had this content changed meanwhile
            vectors = iter(
                self.encoder.embed(np.stack([cut.pixels for cut in prepared.faces]))
                if prepared.faces
                else ()
            )
        self.changes.read += 1
        if prepared.hash is None and store.has_faces(entry.path):
            return  # out of reach for now, as when a network drive drops out: what is known stays
        faces: list[IndexedFace | None] = []
        for cut in prepared.faces:
            vector = next(vectors)
            if self._is_forgotten(prepared, cut.sighting.box):
                faces.append(None)
                continue
            face = cut.sighting
            name = store.keep_thumbnail(cut.thumbnail)
            measures = face.measures.as_dict()
            faces.append(IndexedFace(face.box, face.points, measures, vector, cut.look, name))
            self.faces += 1
        if prepared.hash is None:
            entry = replace(entry, mtime_ns=-1)  # so that it is tried again the next time
        by = self.finder.name if prepared.reason is None else self.reader
        file = IndexedFile(
            entry, prepared.hash, *prepared.size, tuple(faces), prepared.left_out, prepared.reason
        )
        store.put(file, by, self.model)
        if prepared.hash is not None and prepared.reason is None:
            self.known.add(prepared.hash)

    def _take_over(self, entry: Entry, digest: bytes) -> bool:
        """Give a file the rows that the index has of its content; False where it has none now."""
        paths = self.store.same_content(digest, self.finder.name, self.model)
        if not paths:
            return False
        gone = [path for path in paths if path not in self.present]
        if entry.path in paths:
            self.store.touch(entry)
        elif gone:
            self.store.move(gone[0], entry)
            self.moved_from.add(gone[0])
            self.changes.moved += 1
        else:
            self.store.copy(paths[0], entry)
            self.changes.read += 1
        return True

    def _is_forgotten(self, prepared: Prepared, box: np.ndarray) -> bool:
        share = box / (*prepared.size, *prepared.size)
        for path, digest, forgotten in self.forgotten:
            same = path == prepared.entry.path or (digest is not None and digest == prepared.hash)
            if same and (forgotten is None or overlap(share, [forgotten])[0] > SAME_FACE):
                return True
        return False


def _in_order(prepare: Callable[[Entry], Prepared], entries: Sequence[Entry]) -> Iterator[Prepared]:
    """`prepare` of each entry, a few ahead in threads."""
    from facesearch.vision.detectors import single_threaded  # torch

    with single_threaded(), ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[Future[Prepared]] = deque()
        try:
            for entry in entries:
                waiting.append(pool.submit(prepare, entry))
                if len(waiting) > 2 * WORKERS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


@contextmanager
def _one_at_a_time(lock: Lock, file: Path) -> Iterator[None]:
    """Of large photographs one is read at a time, so that memory stays small."""
    try:
        with Image.open(file) as image:
            large = image.width * image.height > LARGE
    except Exception:  # reading it in earnest says what is wrong
        large = False
    if not large:
        yield
        return
    with lock:
        yield
