"""What a bundle holds, and the names of its files."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from facesearch.attributes import CELEBA
from facesearch.gallery import Taught
from facesearch.vocabulary import Vocabulary

FORMAT_VERSION = 2  # format 1 had one name a line in gallery.txt, and embeddings row by row
CONFIG, MODEL, GALLERY, FACES, CARD = (
    "config.json",
    "model.safetensors",
    "gallery.safetensors",  # embeddings, column by column
    "faces.safetensors",  # names, labels, where the faces come from
    "README.md",
)
IMAGES = "images"  # folder of the gallery's images, where they may be passed on
THUMBNAILS = "faces"  # folder of aligned faces, of a gallery of own photographs
OWN_PHOTOGRAPHS = "Own photographs"  # what the data set of such a gallery is called
HASHED = (MODEL, FACES)  # checked when a bundle is opened; columns of GALLERY when they are read


@dataclass(frozen=True)
class BundleConfig:
    """What config.json holds besides format version and checksums."""

    model: dict[str, Any]
    dataset: dict[str, Any]
    training: dict[str, Any] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    vocabulary: Vocabulary = CELEBA  # of the model; what was taught comes after it
    taught: tuple[Taught, ...] = ()

    @property
    def unavailable(self) -> tuple[str, ...]:
        """Attributes that the model was trained without a label of."""
        return tuple(self.training.get("unlabelled", ()))


def sha256(file: Path) -> str:
    """A file's checksum, as config.json holds it."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
