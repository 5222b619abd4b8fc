"""Writing a bundle: into a temporary folder, renamed into place."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
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
from facesearch.bundle.replacing import fresh_folder, put_in_place, repair
from facesearch.errors import InputError, printable
from facesearch.gallery import Faces, Taught
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

    What a killed run left is repaired by the next write or `open_bundle`, so that there is always a
    whole bundle, old or new.

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
    repair(path)
    check_target(path)
    check_faces(faces, embeddings)
    dim = embeddings.shape[1]
    write_columns(path, config, tensors, faces, embeddings.T, dim, card, images, thumbnails)


def write_columns(
    path: Path,
    config: BundleConfig,
    tensors: Mapping[str, np.ndarray],
    faces: Faces,
    columns: Iterable[np.ndarray],
    dim: int,
    card: str,
    images: Mapping[str, Path] | None = None,
    thumbnails: Path | None = None,
) -> None:
    """As `write_bundle`, from the embeddings' D columns, (N,) float32 each, as they come; faces,
    embeddings and `path` are checked already."""
    try:
        with fresh_folder(path) as fresh:
            _save({name: np.asarray(t) for name, t in tensors.items()}, fresh / MODEL)
            checksums, mean = write_matrix(fresh / GALLERY, columns, dim, len(faces))
            _save(to_tensors(faces) | {"mean": mean}, fresh / FACES)
            (fresh / CARD).write_text(card, "utf-8", newline="\n")
            for name, file in (images or {}).items():
                target = fresh / IMAGES / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
            if thumbnails is not None and faces.detections and faces.detections.thumbnails:
                for name in sorted(set(faces.detections.thumbnails)):
                    _link(thumbnails / name, fresh / THUMBNAILS / name)
            write_config(fresh, config, {name: sha256(fresh / name) for name in HASHED}, checksums)
            fresh.chmod(0o755)  # made private above, as are safetensors' files
            for name in (MODEL, FACES):
                (fresh / name).chmod(0o644)
            put_in_place(fresh, path)
    except (OSError, SafetensorError) as error:
        raise InputError(
            f"{path}: can't be written ({printable(str(error))}). What was there before is "
            "untouched; make room, or choose another folder, and the same command goes on."
        ) from error


def write_config(
    folder: Path, config: BundleConfig, checksums: Mapping[str, str], columns: list[str]
) -> None:
    """Write config.json, whole or not at all."""
    whole: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "vocabulary": config.vocabulary.as_json(),
        **({"taught": [each.as_json() for each in config.taught]} if config.taught else {}),
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


def write_taught(path: Path, taught: Sequence[Taught]) -> None:
    """Put taught attributes into a bundle's config.json in place of those there, whole or not at
    all; nothing else changes. `InputError` where the file can't be written."""
    if path.parent.name == "snapshots":
        raise InputError(
            f"{path}: lies in the Hub's cache, which is not to be changed: copy the bundle to a "
            "folder of your own first."
        )
    try:
        whole = json.loads((path / CONFIG).read_text("utf-8"))
        whole["taught"] = [each.as_json() for each in taught]
        _replace_text(path / CONFIG, json.dumps(whole, indent=2) + "\n")
    except OSError as error:
        raise InputError(
            f"{path / CONFIG}: can't be written ({error.strerror}), so nothing was taught."
        ) from None


def check_target(path: Path) -> None:
    """`InputError` unless a bundle may be written to `path`: nothing there, or a bundle; in a
    folder that can be written, and not one that is mounted there, which can't be replaced."""
    if path.exists() and not (path / CONFIG).exists() and (path.is_file() or any(path.iterdir())):
        raise InputError(f"{path}: exists and is not a bundle; choose another folder.")
    if path.is_mount():
        raise InputError(f"{path}: is a mount point; choose a folder below it.")
    above = next(each for each in path.absolute().parents if each.exists())
    try:
        os.rmdir(tempfile.mkdtemp(prefix=f".{path.name}-new-", dir=above))
    except OSError as error:
        raise InputError(
            f"{path}: can't be written ({error.strerror}); choose another folder."
        ) from None


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
    with fresh.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


def _link(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, target)
    except OSError:  # a file system without links
        shutil.copyfile(file, target)
