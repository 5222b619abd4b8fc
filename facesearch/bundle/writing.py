"""Writing a bundle: into a temporary folder, renamed into place."""

import ctypes
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from facesearch.bundle.contents import (
    CARD,
    CONFIG,
    FACES,
    FORMAT_VERSION,
    GALLERY,
    HASHED,
    IMAGES,
    MODEL,
    THUMBNAILS,
    BundleConfig,
    sha256,
)
from facesearch.bundle.matrix import write_matrix
from facesearch.bundle.names import check_names
from facesearch.errors import InputError
from facesearch.gallery import Faces
from facesearch.gallery.faces import to_tensors

UNIT_TOLERANCE = 1e-3
ROWS = 1 << 16  # checked at a time


def write_bundle(
    path: Path,
    config: BundleConfig,
    tensors: Mapping[str, np.ndarray],
    faces: Faces,
    embeddings: np.ndarray,
    card: str,
    images: Mapping[str, Path] | None = None,
    thumbnails: Path | None = None,
) -> None:
    """Write a bundle to a temporary folder beside `path` and rename it into place.

    Args:
        tensors: every weight that the encoders need and a download can't give.
        faces: the gallery's N faces.
        embeddings: (N, D) float32 unit rows, in the faces' order.
        card: the model card, Markdown.
        images: gallery name to file, for galleries whose images may ship.
        thumbnails: folder of those that the faces name; linked where the disk can, else copied.

    Raises `InputError` for names that a bundle can't hold, rows that are not of unit length, and a
    `path` that holds something else than a bundle.
    """
    check_target(path)
    check_faces(faces, embeddings)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        _save({name: np.asarray(t) for name, t in tensors.items()}, fresh / MODEL)
        mean = embeddings.sum(axis=0, dtype=np.float64) / max(len(embeddings), 1)
        _save(to_tensors(faces) | {"mean": mean.astype(np.float32)}, fresh / FACES)
        columns = write_matrix(fresh / GALLERY, embeddings.T)
        (fresh / CARD).write_text(card, "utf-8", newline="\n")
        for name, file in (images or {}).items():
            target = fresh / IMAGES / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        if thumbnails is not None and faces.detections and faces.detections.thumbnails:
            for name in sorted(set(faces.detections.thumbnails)):
                _link(thumbnails / name, fresh / THUMBNAILS / name)
        write_config(fresh, config, {name: sha256(fresh / name) for name in HASHED}, columns)
        fresh.chmod(0o755)  # made private above, as are safetensors' files
        for name in (MODEL, FACES):
            (fresh / name).chmod(0o644)
        _swap_in(fresh, path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def write_config(
    folder: Path, config: BundleConfig, checksums: Mapping[str, str], columns: list[str]
) -> None:
    """Write config.json, whole or not at all."""
    whole: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "vocabulary": config.vocabulary.as_json(),
        "model": config.model,
        "dataset": config.dataset,
        "training": config.training,
        "results": config.results,
        "sha256": dict(checksums),
        "columns": columns,
    }
    _replace_text(folder / CONFIG, json.dumps(whole, indent=2) + "\n")


def record_results(path: Path, config: BundleConfig, card: str) -> None:
    """Put measured results into a bundle's config.json and model card; nothing else changes."""
    whole = json.loads((path / CONFIG).read_text("utf-8")) | {"results": config.results}
    _replace_text(path / CARD, card)
    _replace_text(path / CONFIG, json.dumps(whole, indent=2) + "\n")


def check_target(path: Path) -> None:
    """`InputError` unless a bundle may be written to `path`: nothing there, or a bundle."""
    if path.exists() and not (path / CONFIG).exists() and (path.is_file() or any(path.iterdir())):
        raise InputError(f"{path}: exists and is not a bundle; choose another folder.")


def check_faces(faces: Faces, embeddings: np.ndarray) -> None:
    """`InputError` unless faces and embeddings can be written so that they can be opened again."""
    if len(faces) != len(embeddings):
        raise InputError(f"{len(faces):,} faces with {len(embeddings):,} embeddings: give as many.")
    check_names(faces)
    for start in range(0, len(faces), ROWS):
        norms = np.linalg.norm(embeddings[start : start + ROWS], axis=1)
        wrong = ~(np.abs(norms - 1) <= UNIT_TOLERANCE)  # NaN is wrong too
        if wrong.any():
            row = int(wrong.argmax())
            raise InputError(
                f"The embedding of {faces.names[start + row]!r} has length {norms[row]:.3f}; rows "
                "must be unit vectors."
            )


def _save(tensors: Mapping[str, np.ndarray], file: Path) -> None:
    save_file({name: np.asarray(tensor, order="C") for name, tensor in tensors.items()}, file)


def _replace_text(file: Path, text: str) -> None:
    fresh = file.with_name(f"{file.name}.part")
    fresh.write_text(text, "utf-8", newline="\n")
    fresh.replace(file)


def _link(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, target)
    except OSError:  # a file system without links
        shutil.copyfile(file, target)


def _swap_in(fresh: Path, path: Path) -> None:
    if not path.exists():
        os.rename(fresh, path)
        return
    if _exchange(fresh, path):
        return  # what was there is now `fresh`, which the caller deletes
    old = Path(tempfile.mkdtemp(prefix=f".{path.name}-old-", dir=path.parent))
    os.rename(path, old / "bundle")
    os.rename(fresh, path)
    shutil.rmtree(old)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places at once, so that there is no moment without a bundle; False
    where the system can't."""
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return libc.renamex_np(os.fsencode(one), os.fsencode(other), 2) == 0  # RENAME_SWAP
        here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
        return libc.renameat2(here, os.fsencode(one), here, os.fsencode(other), swap) == 0
    except (OSError, AttributeError, TypeError):  # another system, or another libc
        return False
