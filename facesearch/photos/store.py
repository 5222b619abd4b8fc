"""The index on disk: one row a file, also without faces, one a face, and what must stay forgotten.

A folder with an SQLite file and the thumbnails; every change is a transaction, so that a process
that is killed loses what it had not committed and nothing else.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facesearch.errors import InputError
from facesearch.photos.scanning import Entry

SCHEMA_VERSION = 1
WRITTEN = "written"  # the remark on the bundle that holds just what the index holds
SCHEMA = """
create table about (key text primary key, value text not null);
create table files (
    id integer primary key, path text not null unique, size integer not null,
    mtime_ns integer not null, hash blob, finder text not null, model text not null, reason text,
    width integer, height integer, left_out text not null
);
create index files_by_hash on files (hash);
create table faces (
    file integer not null references files (id) on delete cascade, number integer not null,
    box blob not null, points blob not null, measures text not null, vector blob not null,
    look blob not null, thumbnail text not null, primary key (file, number)
);
create table forgotten (path text not null, hash blob, box blob);
"""


@dataclass(frozen=True)
class IndexedFace:
    """A face as the index holds it.

    Attributes:
        box, points: (4,) and (5, 2) float32, in the photograph's upright pixels.
        measures: name to value.
        vector: (D,) float32, unit length.
        look: a small grey picture of it, to tell near-copies by.
        thumbnail: path below the folder of thumbnails.
    """

    box: np.ndarray
    points: np.ndarray
    measures: dict[str, float]
    vector: np.ndarray
    look: np.ndarray
    thumbnail: str


@dataclass(frozen=True)
class IndexedFile:
    """A photograph as the index holds it: with its faces from left to right, or why it has none.

    Attributes:
        entry: as the folder listed it before it was read.
        hash: of its content, or None where it could not be read.
        width, height: upright, in pixels.
        faces: None in place of one that was forgotten, so that the others keep their numbers.
        left_out: candidates that were not kept, by reason.
        reason: why it can't be read, or None.
    """

    entry: Entry
    hash: bytes | None
    width: int = 0
    height: int = 0
    faces: tuple[IndexedFace | None, ...] = ()
    left_out: dict[str, int] | None = None
    reason: str | None = None


class Store:
    """The index of one folder of photographs, open for one writer.

    Args:
        folder: where it lies; made if it isn't there.

    Raises `InputError` where another process writes to it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.thumbnails = folder, folder / "faces"
        self.thumbnails.mkdir(parents=True, exist_ok=True)
        self._lock = sqlite3.connect(folder / "lock.sqlite", timeout=0, isolation_level=None)
        try:
            self._lock.execute("begin exclusive")  # the system lets go of it when the process ends
        except sqlite3.OperationalError:
            self._lock.close()
            raise InputError(
                f"{folder}: another process is indexing here; wait until it is done, or stop it."
            ) from None
        self._open = sqlite3.connect(folder / "index.sqlite", isolation_level=None)
        self._open.execute("pragma foreign_keys = on")
        (version,) = self._open.execute("pragma user_version").fetchone()
        if version == 0:
            self._open.executescript(
                f"begin; {SCHEMA} pragma user_version = {SCHEMA_VERSION}; commit;"
            )
        elif version != SCHEMA_VERSION:
            self.close()
            raise InputError(
                f"{folder}: an index of version {version}, and this facesearch knows "
                f"{SCHEMA_VERSION}. Update facesearch, or choose another --out."
            )

    def close(self) -> None:
        """Let another process write."""
        self._open.close()
        self._lock.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside happens, or nothing; the bundle that was written is then old."""
        self._open.execute("begin immediate")
        self._open.execute("delete from about where key = ?", (WRITTEN,))
        try:
            yield
        except BaseException:
            self._open.execute("rollback")
            raise
        self._open.execute("commit")

    def about(self, key: str) -> str | None:
        """A remark on the index, such as the folder it is of."""
        row = self._open.execute("select value from about where key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_about(self, key: str, value: str) -> None:
        """Keep a remark."""
        self._open.execute("insert or replace into about values (?, ?)", (key, value))

    def known(self) -> dict[str, tuple[int, int, str, str, str | None]]:
        """Path to size, time of change, finder, model, and why it couldn't be read."""
        rows = self._open.execute("select path, size, mtime_ns, finder, model, reason from files")
        return {row[0]: row[1:] for row in rows}

    def contents(self, finder: str, model: str) -> set[bytes]:
        """Hashes of all files that were read in this way."""
        rows = self._open.execute(
            "select hash from files where finder = ? and model = ? and reason is null",
            (finder, model),
        )
        return {row[0] for row in rows}

    def has_faces(self, path: str) -> bool:
        """Whether the index has faces of a file."""
        query = "select 1 from faces join files on file = id where path = ? limit 1"
        return self._open.execute(query, (path,)).fetchone() is not None

    def same_content(self, digest: bytes, finder: str, model: str) -> list[str]:
        """Paths of the files with this content that were read in the same way."""
        rows = self._open.execute(
            "select path from files where hash = ? and finder = ? and model = ? "
            "and reason is null order by path",
            (digest, finder, model),
        )
        return [row[0] for row in rows]

    def put(self, file: IndexedFile, finder: str, model: str) -> None:
        """Put a file's row and its faces in place of what was there under its path."""
        self.remove([file.entry.path])
        entry = file.entry
        row = self._open.execute(
            "insert into files (path, size, mtime_ns, hash, finder, model, reason, width, height, "
            "left_out) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(entry.path, entry.size, entry.mtime_ns, file.hash, finder, model, file.reason),
                *(file.width, file.height, json.dumps(file.left_out or {})),
            ),
        ).lastrowid
        self._open.executemany(
            "insert into faces values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(row, number, face.box.astype("<f4").tobytes()),
                    *(face.points.astype("<f4").tobytes(), json.dumps(face.measures)),
                    *(face.vector.astype("<f4").tobytes(), face.look.tobytes(), face.thumbnail),
                )
                for number, face in enumerate(file.faces, start=1)
                if face is not None
            ],
        )

    def move(self, path: str, entry: Entry) -> None:
        """Give the rows of a file that is gone to where its content lies now."""
        self.remove([entry.path])
        self._open.execute(
            "update files set path = ?, size = ?, mtime_ns = ? where path = ?",
            (entry.path, entry.size, entry.mtime_ns, path),
        )

    def copy(self, path: str, entry: Entry) -> None:
        """Give the rows of a file to another one of the same content as well."""
        self.remove([entry.path])
        self._open.execute(
            "insert into files (path, size, mtime_ns, hash, finder, model, reason, width, height, "
            "left_out) select ?, ?, ?, hash, finder, model, reason, width, height, left_out "
            "from files where path = ?",
            (entry.path, entry.size, entry.mtime_ns, path),
        )
        self._open.execute(
            "insert into faces select new.id, number, box, points, measures, vector, look, "
            "thumbnail from faces join files old on file = old.id join files new "
            "where old.path = ? and new.path = ?",
            (path, entry.path),
        )

    def touch(self, entry: Entry) -> None:
        """Remember a new size and time of change for a file whose content is as it was."""
        self._open.execute(
            "update files set size = ?, mtime_ns = ? where path = ?",
            (entry.size, entry.mtime_ns, entry.path),
        )

    def remove(self, paths: Iterable[str]) -> None:
        """Take files out, with their faces."""
        self._open.executemany("delete from files where path = ?", [(path,) for path in paths])

    def remove_face(self, path: str, number: int) -> None:
        """Take one face out; the others of its photograph keep their numbers."""
        self._open.execute(
            "delete from faces where number = ? and file = (select id from files where path = ?)",
            (number, path),
        )

    def forget(self, path: str, box: np.ndarray | None) -> None:
        """Remember for good that a photograph, or the face in a box of it, is to be left out."""
        row = self._open.execute(
            "select hash, width, height from files where path = ?", (path,)
        ).fetchone()
        digest, width, height = row or (None, 1, 1)
        share = None if box is None else (box / (width, height, width, height)).astype("<f4")
        self._open.execute(
            "insert into forgotten values (?, ?, ?)",
            (path, digest, None if share is None else share.tobytes()),
        )

    def forgotten(self) -> list[tuple[str, bytes | None, np.ndarray | None]]:
        """Path, content and box, as shares of width and height, of all that is to be left out."""
        rows = self._open.execute("select path, hash, box from forgotten")
        return [
            (path, digest, None if box is None else np.frombuffer(box, "<f4"))
            for path, digest, box in rows
        ]

    def files(self) -> Iterator[tuple[str, bytes | None, int, int, str | None, dict[str, int]]]:
        """Path, content's hash, width, height, reason and what was left out, by path."""
        rows = self._open.execute(
            "select path, hash, width, height, reason, left_out from files order by path"
        )
        for path, digest, width, height, reason, left_out in rows:
            yield path, digest, width, height, reason, json.loads(left_out)

    def faces(self, model: str | None = None) -> Iterator[tuple[str, int, IndexedFace]]:
        """Path, number and face, by path and from left to right; of one model, or of all."""
        rows = self._open.execute(
            "select path, number, box, points, measures, vector, look, thumbnail "
            "from faces join files on file = id where ?1 is null or model = ?1 "
            "order by path, number",
            (model,),
        )
        for path, number, box, points, measures, vector, look, thumbnail in rows:
            yield (
                path,
                number,
                IndexedFace(
                    np.frombuffer(box, "<f4"),
                    np.frombuffer(points, "<f4").reshape(5, 2),
                    json.loads(measures),
                    np.frombuffer(vector, "<f4"),
                    np.frombuffer(look, np.uint8),
                    thumbnail,
                ),
            )

    def other_models(self, model: str) -> bool:
        """Whether any face's vector was made by another model."""
        query = "select 1 from files where model != ? and reason is null limit 1"
        return self._open.execute(query, (model,)).fetchone() is not None

    def keep_thumbnail(self, content: bytes) -> str:
        """Write a thumbnail under a name that is its hash; the name."""
        digest = hashlib.blake2b(content, digest_size=16).hexdigest()
        name = f"{digest[:2]}/{digest[2:]}.webp"
        file = self.thumbnails / name
        if not file.exists():
            file.parent.mkdir(exist_ok=True)
            fresh = file.with_suffix(".part")
            fresh.write_bytes(content)
            os.replace(fresh, file)
        return name

    def drop_thumbnails(self) -> None:
        """Delete those of which no face is left."""
        wanted = {row[0] for row in self._open.execute("select distinct thumbnail from faces")}
        for folder in list(self.thumbnails.iterdir()):
            for file in list(folder.iterdir()):
                if f"{folder.name}/{file.name}" not in wanted:
                    file.unlink()


def content_hash(file: Path) -> bytes:
    """Of a file's content, 16 bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).digest()


def overlap(box: np.ndarray, boxes: Sequence[np.ndarray] | np.ndarray) -> np.ndarray:
    """(N,) intersection over union of one box and N others."""
    others = np.asarray(boxes, np.float32).reshape(-1, 4)
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    shared = (high - low).clip(0).prod(axis=1)
    areas = (others[:, 2:] - others[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod()
    return shared / np.maximum(areas - shared, 1e-9)
