"""Which files of a folder are photographs to read, and which are left out for which reason."""

import importlib.util
import os
import stat
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from facesearch.errors import InputError
from facesearch.vision.images import EXTENSIONS, HEIC

VIDEOS = frozenset(
    {".mp4", ".mov", ".avi", ".mkv", ".m4v", ".3gp", ".mpg", ".mpeg", ".wmv", ".webm", ".mts"}
)
RAW = frozenset({".cr2", ".cr3", ".nef", ".arw", ".dng", ".orf", ".rw2", ".raf", ".pef"})
OTHER_FOLDERS = frozenset({"@eadir", "#recycle", "#snapshot", "$recycle.bin", "lost+found"})


@dataclass(frozen=True)
class Entry:
    """A photograph as the folder lists it: path below the root with forward slashes, size in bytes,
    time of the last change in nanoseconds."""

    path: str
    size: int
    mtime_ns: int


@dataclass
class LeftOut:
    """What is not in the index, by reason, with the first few names."""

    counts: Counter[str] = field(default_factory=Counter)
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    NAMED = 20

    def add(self, reason: str, name: str) -> None:
        """Count one, and keep its name if there are not many yet."""
        self.counts[reason] += 1
        if len(self.names[reason]) < self.NAMED:
            self.names[reason].append(printable(name))


@dataclass(frozen=True)
class Scan:
    """What lies in a folder and below.

    Attributes:
        entries: the photographs, by path.
        left_out: files and folders that are not read.
        complete: whether every folder could be listed.
    """

    entries: list[Entry]
    left_out: LeftOut
    complete: bool


def scan(root: Path) -> Scan:
    """Look through a folder without opening a file. Each folder is visited once, links to folders
    included; hidden ones and those of storage systems are not. `InputError` if it isn't there."""
    if not root.is_dir():
        raise InputError(f"{root}: no such folder of photographs.")
    read = EXTENSIONS | HEIC if can_read_heic() else EXTENSIONS
    entries, left_out, complete = [], LeftOut(), True
    visited: set[tuple[int, int]] = set()
    pending = [(root, "")]
    while pending:
        folder, prefix = pending.pop()
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as listing:
                inside = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            left_out.add("folders that can't be listed", prefix or str(root))
            complete = False
            continue
        folders = []
        for entry in inside:
            name = prefix + entry.name
            if entry.name.startswith("."):
                continue
            try:
                if entry.is_dir():
                    if entry.name.lower() not in OTHER_FOLDERS:
                        folders.append((folder / entry.name, f"{name}/"))
                    continue
                suffix = os.path.splitext(entry.name)[1].lower()
                reason = _why_not_read(name, suffix, read)
                if reason is not None:
                    left_out.add(reason, name)
                elif suffix in read:
                    about = entry.stat()
                    if not stat.S_ISREG(about.st_mode):  # reading a pipe would never end
                        left_out.add("pipes and other things that are no files", name)
                        continue
                    entries.append(Entry(name, about.st_size, about.st_mtime_ns))
            except OSError:
                left_out.add("files that can't be reached", name)
                complete = False
        pending.extend(reversed(folders))
    entries.sort(key=lambda entry: entry.path)
    return Scan(entries, left_out, complete)


def can_read_heic() -> bool:
    """Whether the package that reads HEIC is installed."""
    return importlib.util.find_spec("pillow_heif") is not None


def printable(name: str) -> str:
    """A name that can be written as UTF-8, whatever the file system gave."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _why_not_read(name: str, suffix: str, read: frozenset[str]) -> str | None:
    if suffix in VIDEOS:
        return "videos"
    if suffix in RAW:
        return "raw files of cameras, which can't be read here"
    if suffix in HEIC - read:
        return "HEIC files, which need: pip install pillow-heif"
    if suffix not in read:
        return None
    if printable(name) != name or "\\" in name:
        return "names that are not UTF-8 or hold a backslash"
    return None
