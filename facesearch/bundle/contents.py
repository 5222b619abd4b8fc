"""What a bundle holds, and the names of its files."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

FORMAT_VERSION = 1
CONFIG, MODEL, GALLERY, NAMES, CARD = (
    "config.json",
    "model.safetensors",
    "gallery.safetensors",
    "gallery.txt",
    "README.md",
)
IMAGES = "images"
HASHED = (MODEL, GALLERY, NAMES)


@dataclass(frozen=True)
class Gallery:
    """Embedded images, aligned by row.

    Attributes:
        names: N image names, relative to the folder of images.
        embeddings: (N, D) float32 unit rows.
        probabilities: (N, 40) float32 in [0, 1], as the model predicts them.
        labels: (N, 40) int8 in {1, 0, -1 unknown}, or None where they may not ship.
    """

    names: tuple[str, ...]
    embeddings: np.ndarray
    probabilities: np.ndarray
    labels: np.ndarray | None = None


@dataclass(frozen=True)
class BundleConfig:
    """What config.json holds besides format version, attribute names and checksums."""

    model: dict[str, Any]
    dataset: dict[str, Any]
    training: dict[str, Any] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)


def sha256(file: Path) -> str:
    """A file's checksum, as config.json holds it."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
