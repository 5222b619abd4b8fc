"""Fetching CelebA once: from its authors' Google Drive, or else from the Hugging Face mirror."""

import os
import shutil
from pathlib import Path

from facesearch.celeba import DOWNLOADED
from facesearch.errors import InputError
from train.data.mirror import Progress, check_space, fetch_mirror

DRIVE_BYTES = 4_000_000_000  # the archive (1.4 GB), and its images as files


def fetch_celeba(target: Path = DOWNLOADED, *, endpoint: str | None = None) -> Path:
    """Fetch CelebA into `target`, which comes to be only when all of it is there; returns `target`.

    Works in `target`.part beside it, so that a second call after an interruption goes on where the
    first stopped. `endpoint` is the Hub's address, by default what HF_ENDPOINT says. Raises
    `InputError` where `target` holds something else, the disk is too small or neither source works.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            f"{target} is there but is not CelebA; move it away, or give CelebA's folder as --data."
        )
    part = target.with_name(target.name + ".part")
    drive, mirror = part / "drive", part / "mirror"
    if not Progress(mirror).started:
        drive.mkdir(parents=True, exist_ok=True)
        check_space(drive, DRIVE_BYTES)
        print("Fetching CelebA from Google Drive.")
        reason = _fetch_from_drive(drive)
        if reason is None:
            return _finish(drive / "celeba", target, part)
        print(f"Google Drive: {reason}. Taking the Hugging Face mirror instead.")
    return _finish(fetch_mirror(mirror, endpoint=endpoint), target, part)


def _finish(folder: Path, target: Path, part: Path) -> Path:
    os.replace(folder, target)
    shutil.rmtree(part)
    return target


def _fetch_from_drive(root: Path) -> str | None:
    """torchvision's download into root/celeba; None when it worked, or in words why it didn't."""
    from torchvision.datasets import CelebA

    folder = root / "celeba"
    # torchvision takes a half-unpacked folder for a whole one; the archive is kept and checked.
    shutil.rmtree(folder / "img_align_celeba", ignore_errors=True)
    try:
        CelebA(str(root), split="all", download=True)
    except Exception as error:  # torchvision, gdown, requests and zipfile each raise their own
        return _remove_false_files(folder) or _in_words(error)
    (folder / "img_align_celeba.zip").unlink(missing_ok=True)
    return None


def _remove_false_files(folder: Path) -> str | None:
    """Delete what came in place of the data; returns what it was, or None if nothing did."""
    from torchvision.datasets import CelebA
    from torchvision.datasets.utils import check_integrity

    reason = None
    for _, md5, name in CelebA.file_list:
        path = folder / name
        if path.exists() and not check_integrity(path, md5):
            with path.open("rb") as file:
                page = file.read(512).lstrip().lower().startswith((b"<!doctype html", b"<html"))
            if page:
                reason = f"it sent a web page in place of {name} (its download quota is used up)"
            else:
                reason = reason or f"{name} came with a wrong checksum"
            path.unlink()
    return reason


def _in_words(error: Exception) -> str:
    text = str(error)
    if "'gdown' is required" in text:
        return "its download needs the package gdown, which is not installed"
    if type(error).__name__ == "FileURLRetrievalError":  # gdown's, when it recognises such a page
        return "it gives no link to the file (its download quota is used up)"
    first = next(iter(text.strip().splitlines()), "no reason given")
    return f"the download failed ({type(error).__name__}: {first})"
