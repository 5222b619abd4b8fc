"""Bringing the index of a folder up to date: only what is new or changed is read."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from facesearch.errors import InputError
from facesearch.photos.finding import Finder
from facesearch.photos.reading import Prepared, Reader
from facesearch.photos.scanning import Entry, Scan, can_read_heic, scan
from facesearch.photos.store import IndexedFace, IndexedFile, Store, overlap

FACES, FILES, SECONDS = 64, 16, 30.0  # a batch ends with whichever comes first
EMBEDDED = 16  # faces at a time: more are no faster, and take memory
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
    unreadable_by = f"{finder.name}, Pillow {Image.__version__}, HEIC {can_read_heic()}"
    todo = []
    for entry in scanned.entries:
        about = known.get(entry.path)
        # A file that couldn't be read is tried again by another version of what reads it.
        by = unreadable_by if about is not None and about[4] is not None else finder.name
        if about is not None and about[:4] == (entry.size, entry.mtime_ns, by, model):
            changes.unchanged += 1
        else:
            todo.append(entry)
    present = {entry.path for entry in scanned.entries}
    gone = set(known) - present
    if todo:
        run = _Run(store, root, finder, load_encoder(), model, unreadable_by, present, changes)
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
        unreadable_by: str,
        present: set[str],
        changes: Changes,
    ) -> None:
        self.store, self.finder = store, finder
        self.encoder, self.model = encoder, model
        self.unreadable_by, self.present, self.changes = unreadable_by, present, changes
        self.known = store.contents(finder.name, model)
        self.reader = Reader(root, finder, (encoder.height, encoder.width), self.known)
        self.forgotten = store.forgotten()
        self.moved_from: set[str] = set()
        self.faces = 0

    def read(self, todo: list[Entry], progress: Callable[[Progress], None]) -> None:
        """Read files two at a time, and commit them in batches, in order."""
        batch: list[Prepared] = []
        began = time.monotonic()
        done = 0
        progress(Progress(0, len(todo), 0))
        for prepared in self.reader.read(todo):
            batch.append(prepared)
            enough = sum(len(each.faces) for each in batch) >= FACES or len(batch) >= FILES
            if enough or time.monotonic() - began > SECONDS or done + len(batch) == len(todo):
                self._commit(batch)
                done += len(batch)
                batch, began = [], time.monotonic()
                progress(Progress(done, len(todo), self.faces))

    def _commit(self, batch: list[Prepared]) -> None:
        """Embed the faces of a batch, and write all of it in one transaction."""
        cuts = [cut for prepared in batch for cut in prepared.faces]
        vectors = iter(
            [
                vector
                for start in range(0, len(cuts), EMBEDDED)
                for vector in self.encoder.embed(
                    np.stack([cut.pixels for cut in cuts[start : start + EMBEDDED]])
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
            prepared = self.reader.look(
                entry, prepared.hash
            )  # what had this content changed meanwhile
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
        by = self.finder.name if prepared.reason is None else self.unreadable_by
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
