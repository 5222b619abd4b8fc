"""Writing a bundle: into a temporary folder, renamed into place."""

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from facesearch.attributes import ATTRIBUTES
from facesearch.bundle.contents import (
    CARD,
    CONFIG,
    FORMAT_VERSION,
    GALLERY,
    HASHED,
    IMAGES,
    MODEL,
    NAMES,
    BundleConfig,
    Gallery,
    sha256,
)
from facesearch.errors import InputError


def write_bundle(
    path: Path,
    config: BundleConfig,
    tensors: Mapping[str, np.ndarray],
    gallery: Gallery,
    card: str,
    images: Mapping[str, Path] | None = None,
) -> None:
    """Write a bundle to a temporary folder beside `path` and rename it into place.

    Args:
        tensors: every weight that the encoders need and a download can't give.
        card: the model card, Markdown.
        images: gallery name to file, for galleries whose images may ship.
    """
    check_target(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        save_file({name: np.asarray(t, order="C") for name, t in tensors.items()}, fresh / MODEL)
        arrays = {
            "embeddings": gallery.embeddings.astype(np.float16),
            "probabilities": gallery.probabilities.astype(np.float16),
        }
        if gallery.labels is not None:
            arrays["labels"] = gallery.labels.astype(np.int8)
        save_file(arrays, fresh / GALLERY)
        (fresh / NAMES).write_text("".join(f"{name}\n" for name in gallery.names), "utf-8")
        (fresh / CARD).write_text(card, "utf-8")
        for name, file in (images or {}).items():
            target = fresh / IMAGES / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        whole = {
            "format_version": FORMAT_VERSION,
            "attributes": list(ATTRIBUTES),
            **asdict(config),
            "sha256": {name: sha256(fresh / name) for name in HASHED},
        }
        (fresh / CONFIG).write_text(json.dumps(whole, indent=2) + "\n", "utf-8")
        fresh.chmod(0o755)  # made private above, as are safetensors' files
        for name in (MODEL, GALLERY):
            (fresh / name).chmod(0o644)
        _swap_in(fresh, path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def record_results(path: Path, config: BundleConfig, card: str) -> None:
    """Put measured results into a bundle's config.json and model card; nothing else changes."""
    whole = json.loads((path / CONFIG).read_text("utf-8")) | {"results": config.results}
    for name, text in ((CARD, card), (CONFIG, json.dumps(whole, indent=2) + "\n")):
        fresh = path / f"{name}.part"
        fresh.write_text(text, "utf-8")
        fresh.replace(path / name)


def check_target(path: Path) -> None:
    """`InputError` unless a bundle may be written to `path`: nothing there, or a bundle."""
    if path.exists() and not (path / CONFIG).exists() and (path.is_file() or any(path.iterdir())):
        raise InputError(f"{path}: exists and is not a bundle; choose another folder.")


def _swap_in(fresh: Path, path: Path) -> None:
    if not path.exists():
        os.rename(fresh, path)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{path.name}-old-", dir=path.parent))
    os.rename(path, old / "bundle")
    os.rename(fresh, path)
    shutil.rmtree(old)
