"""The files of a bundle, which may come from anybody: its own, regular, and not too large."""

import functools
import os
import stat
from pathlib import Path

from facesearch.bundle.contents import CARD, CONFIG, IMAGES, MODEL, THUMBNAILS
from facesearch.errors import InputError

MB = 2**20
LARGEST = {CONFIG: 64 * MB, MODEL: 2048 * MB, CARD: 16 * MB}
HOLES = 64  # times what a file takes on the disk, more than any file system compresses


def check_files(bundle: Path, names: tuple[str, ...]) -> None:
    """`InputError` unless files and folders of a bundle are its own, and of a size that is read.

    A link may not lead out of the bundle: what it leads to would be shown, or served. Those to the
    Hub's cache, in which each file of a download is a link, may.
    """
    for name in names:
        if not os.path.lexists(bundle / name):
            raise InputError(f"{bundle}: {name} is missing; fetch or train the bundle again.")
    for name in (*names, CONFIG, CARD, IMAGES, THUMBNAILS):
        file = bundle / name
        if not os.path.lexists(file):
            continue
        if not is_own(bundle, file):
            raise InputError(f"{file}: a link that leads out of the bundle, which is not followed.")
        try:
            status = file.stat()
        except OSError as error:
            raise InputError(f"{file}: can't be read ({error.strerror}).") from None
        if name in (IMAGES, THUMBNAILS):
            if not stat.S_ISDIR(status.st_mode):
                raise InputError(f"{file}: is no folder; fetch or train the bundle again.")
            continue
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{file}: is no file; fetch or train the bundle again.")
        if not os.access(file, os.R_OK):
            raise InputError(f"{file}: may not be read by you; change its permissions.")
        largest = LARGEST.get(name)
        if largest is not None and status.st_size > largest:
            raise InputError(
                f"{file}: {status.st_size / MB:,.0f} MB; at most {largest // MB:,} MB are read."
            )
        if _is_hollow(status):
            raise InputError(f"{file}: is mostly holes, so not whole; fetch it again.")


def is_own(bundle: Path, file: Path) -> bool:
    """Whether a path below a bundle's folder leads to a place in it, links followed."""
    home = Path(os.path.realpath(bundle))
    if home.parent.name == "snapshots":  # of the Hub's cache, beside which the files' blobs lie
        home = home.parent.parent
    return Path(os.path.realpath(file)).is_relative_to(home)


def may_be_shown(bundle: Path, file: Path) -> bool:
    """Whether a picture may be: one below the bundle's folder if it lies there, links followed. The
    user's own folder of images may hold any link."""
    if not file.is_relative_to(bundle):
        return True
    return _is_own_folder(bundle, file.parent) and (
        not os.path.islink(file) or is_own(bundle, file)
    )


_is_own_folder = functools.lru_cache(1000)(is_own)


def _is_hollow(status: os.stat_result) -> bool:
    blocks = getattr(status, "st_blocks", 0)  # 0, too, where the file system can't tell
    return status.st_size > 64 * MB and 0 < blocks * 512 * HOLES < status.st_size
