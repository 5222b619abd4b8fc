"""Putting a folder in the place of another: never less than one whole one, whatever stops it."""

import ctypes
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

NEW, OLD = "new", "old"
YOUNG = 60  # seconds in which a run may not yet have locked its folder


@contextmanager
def fresh_folder(path: Path) -> Iterator[Path]:
    """A temporary folder beside `path`, to be filled, then put into its place by `put_in_place`.

    Removed at the end, and if the run dies, by the next one for the same path. `repair` is done.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    repair(path)
    sweep(path)
    fresh = Path(tempfile.mkdtemp(prefix=f".{path.name}-{NEW}-", dir=path.parent))
    lock = _lock(fresh)
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def put_in_place(fresh: Path, path: Path) -> None:
    """Rename a filled folder to `path`, whose present content is removed afterwards.

    Everything is on the disk before the first name changes. Where two folders can't change places
    at once and the run is killed between two renames, `repair` brings the old content back.
    """
    flush(fresh)
    if not path.exists():
        os.rename(fresh, path)
        _flush_folder(path.parent)
        return
    if _exchange(fresh, path):
        _flush_folder(path.parent)
        return  # what was there is now `fresh`, which is removed at the end
    old = Path(tempfile.mkdtemp(prefix=f".{path.name}-{OLD}-", dir=path.parent))
    os.rename(path, old / path.name)
    try:
        os.rename(fresh, path)
    except OSError:
        os.rename(old / path.name, path)
        old.rmdir()
        raise
    _flush_folder(path.parent)
    shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places at once, so that there is no moment without one; False where
    the system can't."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return libc.renamex_np(os.fsencode(one), os.fsencode(other), 2) == 0  # RENAME_SWAP
        here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
        return libc.renameat2(here, os.fsencode(one), here, os.fsencode(other), swap) == 0
    except (OSError, AttributeError, TypeError):  # another system, or another libc
        return False


def repair(path: Path) -> None:
    """Bring back what a killed run had taken away from `path` and not yet replaced."""
    if path.exists() or path.is_symlink():
        return
    for old in sorted(_beside(path, OLD)):
        if (old / path.name).is_dir():
            try:
                os.rename(old / path.name, path)
                old.rmdir()
            except OSError:  # another run was faster, or nothing may be written here
                continue
            return


def sweep(path: Path) -> None:
    """Remove the temporary folders that dead runs left beside `path`."""
    for folder in _beside(path, NEW):
        if time.time() - folder.stat().st_mtime > YOUNG:
            lock = _lock(folder)
            if lock is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)
    if path.exists():
        for folder in _beside(path, OLD):
            shutil.rmtree(folder, ignore_errors=True)


def flush(folder: Path) -> None:
    """Have a folder's files and names written to the disk."""
    if any(each.is_dir() for each in folder.iterdir()) and hasattr(os, "sync"):
        os.sync()  # of thousands of pictures: one after another takes minutes
        return
    for file in (each for each in folder.iterdir() if each.is_file()):
        with file.open("r+b") as stream:
            os.fsync(stream.fileno())
    _flush_folder(folder)


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError:  # some file systems can't, and need not
            pass
        finally:
            os.close(descriptor)


def _beside(path: Path, kind: str) -> list[Path]:
    start = f".{path.name}-{kind}-"
    try:
        return [each for each in path.parent.iterdir() if each.name.startswith(start)]
    except OSError:
        return []


def _lock(folder: Path) -> int | None:
    """A descriptor that locks a folder for as long as it is open; None if another run has it."""
    if fcntl is None:
        return None
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
