"""The bundle: the one thing that training hands to search, checked whenever it is opened."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from facesearch.attributes import ATTRIBUTES, Query
from facesearch.errors import InputError
from facesearch.images import ImageSource
from facesearch.query_encoder import QueryEncoder
from facesearch.search import Hit, top_k

if TYPE_CHECKING:
    from facesearch.encoder import Encoder

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
UNIT_TOLERANCE = 2e-3  # rows are stored in half precision


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


class Bundle:
    """An opened bundle: encoders, gallery and search. Made by `open_bundle`."""

    def __init__(
        self,
        path: Path,
        config: BundleConfig,
        gallery: Gallery,
        query_tensors: Mapping[str, np.ndarray],
        image_dir: Path | None,
    ) -> None:
        self.path = path
        self.config = config
        self.gallery = gallery
        self.image_dir = image_dir
        self._query_encoder = QueryEncoder(query_tensors, signed=config.model["signed_queries"])
        self._readout = (query_tensors["readout.weight"], query_tensors["readout.bias"])
        self._encoder: Encoder | None = None

    def __len__(self) -> int:
        return len(self.gallery.names)

    @property
    def unavailable(self) -> tuple[str, ...]:
        """Attributes that can't be asked for: the model was trained without a label of them."""
        return tuple(self.config.training.get("unlabelled", ()))

    def encode_query(self, query: Query) -> np.ndarray:
        """(D,) float32, unit length. A query that asks for nothing is the gallery's mean direction,
        so that the most typical faces come first. `InputError` for an unavailable attribute."""
        for name in (*query.wanted, *query.unwanted):
            if name in self.unavailable:
                raise InputError(
                    f"{name} is not available here: this model was trained without labels of it. "
                    "Leave it out, or use another bundle."
                )
        if not query.wanted and not query.unwanted:
            mean = self.gallery.embeddings.mean(axis=0)
            return mean / np.linalg.norm(mean)
        return self._query_encoder(query)

    def encode_images(self, images: Iterable[ImageSource]) -> np.ndarray:
        """(N, D) float32, unit rows, of paths or PIL images.

        Loads the image encoder on first use. Raises `InputError` for an image that can't be read.
        """
        if isinstance(images, str | PathLike) or hasattr(images, "convert"):
            raise InputError("encode_images takes a list: put the one image into [ ].")
        if self._encoder is None:
            from facesearch.encoder import Encoder  # torch, needed only to read images

            self._encoder = Encoder.from_bundle(self.path, self.config.model)
        return self._encoder.encode(list(images))

    def predict_attributes(self, vectors: np.ndarray) -> np.ndarray:
        """(N, 40) probabilities in [0, 1] of each attribute, from (N, D) embeddings."""
        vectors = np.asarray(vectors, np.float32)
        weight, bias = self._readout
        if vectors.ndim != 2 or vectors.shape[1] != weight.shape[1]:
            raise InputError(
                f"vectors have shape {vectors.shape}: give (N, {weight.shape[1]}), "
                "as encode_images returns them."
            )
        return predict(vectors, weight, bias)

    def search(self, query: Query, k: int = 24) -> list[Hit]:
        """The k gallery images that fit best, best first; k is clipped to the gallery."""
        rows, scores = self.rank(self.encode_query(query), k)
        return [
            Hit(rank, self.gallery.names[row], float(score))
            for rank, (row, score) in enumerate(zip(rows, scores, strict=True), start=1)
        ]

    def rank(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the k gallery images nearest to a (D,) unit vector, best first, and cosines."""
        return top_k(self.gallery.embeddings, vector, k)


def predict(vectors: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Sigmoid of the linear readout: (N, D), (40, D), (40,) to (N, 40) float32."""
    return 1 / (1 + np.exp(-(vectors @ weight.T + bias)))


def open_bundle(source: str | PathLike[str], images: str | PathLike[str] | None = None) -> Bundle:
    """Open and check a bundle.

    Args:
        source: a bundle's folder, or a Hugging Face Hub repository as "owner/name".
        images: the folder of the gallery's images; by default the bundle's own, if it has one.

    Raises `InputError` for a bundle that is missing, incomplete, damaged or of a newer format.
    """
    path = _locate(source)
    config = _read_config(path)
    for name in HASHED:
        _check_hash(path / name, config["sha256"].get(name))
    model = config["model"]
    gallery = _read_gallery(path, model["dim"])
    tensors = _read_query_tensors(path, model)
    if images is not None and not Path(images).is_dir():
        raise InputError(f"{images}: no such folder of images.")
    own = path / IMAGES
    image_dir = Path(images) if images is not None else own if own.is_dir() else None
    return Bundle(
        path,
        BundleConfig(model, config["dataset"], config["training"], config["results"]),
        gallery,
        tensors,
        image_dir,
    )


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
            "sha256": {name: _sha256(fresh / name) for name in HASHED},
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


def _locate(source: str | PathLike[str]) -> Path:
    path = Path(source)
    if path.is_dir():
        return path
    parts = str(source).split("/")
    if path.exists() or len(parts) != 2 or not all(parts) or str(source).startswith((".", "~")):
        raise InputError(
            f"{source}: no such bundle; give a bundle's folder, or a Hugging Face Hub repository "
            "as owner/name."
        )
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(str(source)))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise InputError(
            f"{source}: neither a folder here nor a repository that the Hugging Face Hub gives "
            f"({type(error).__name__}). Check the name and the connection."
        ) from error


def _read_config(path: Path) -> dict[str, Any]:
    file = path / CONFIG
    if not file.is_file():
        pickles = [p.name for p in path.iterdir() if p.suffix in (".pt", ".pth", ".pkl", ".bin")]
        found = f" {pickles[0]} is a pickle, which is never opened." if pickles else ""
        raise InputError(
            f"{path}: has no {CONFIG}, so it is not a bundle.{found} "
            "Make one with: python -m train fit"
        )
    try:
        config = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise InputError(f"{file}: not valid JSON ({error}); fetch or train it again.") from None
    if not isinstance(config, dict) or not isinstance(config.get("format_version"), int):
        raise InputError(f"{file}: has no format_version, so it is not a bundle's.")
    if config["format_version"] > FORMAT_VERSION:
        raise InputError(
            f"{file}: format {config['format_version']}, and this facesearch reads up to "
            f"{FORMAT_VERSION}. Update facesearch."
        )
    wanted = {"model": dict, "dataset": dict, "training": dict, "results": dict, "sha256": dict}
    for key, kind in wanted.items():
        if not isinstance(config.get(key), kind):
            raise InputError(f"{file}: {key!r} is missing or damaged; fetch or train it again.")
    for size, type_ in (("dim", int), ("query_hidden", int), ("signed_queries", bool)):
        if not isinstance(config["model"].get(size), type_):
            raise InputError(f"{file}: 'model' has no {size}; fetch or train it again.")
    names = config.get("attributes")
    if names != list(ATTRIBUTES):
        raise InputError(
            f"{file}: its attributes are not the forty of CelebA in CelebA's order; "
            "its vectors would be misread. Train it again with this facesearch."
        )
    return config


def _check_hash(file: Path, expected: str | None) -> None:
    if not file.is_file():
        raise InputError(f"{file.parent}: {file.name} is missing; fetch or train the bundle again.")
    if expected is None:
        raise InputError(f"{file.parent / CONFIG}: no checksum for {file.name}; train it again.")
    if _sha256(file) != expected:
        raise InputError(
            f"{file}: its checksum is not the one in {CONFIG}: truncated or changed. "
            "Fetch or train the bundle again."
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _read_gallery(path: Path, dim: int) -> Gallery:
    names = tuple((path / NAMES).read_text("utf-8").splitlines())
    for name in names:  # a bundle may come from anyone; it names files that the page serves
        if not name or name.startswith("/") or "\\" in name or ".." in name.split("/"):
            raise InputError(f"{path / NAMES}: {name!r} is not a name below the folder of images.")
    n, file = len(names), path / GALLERY
    shapes = {"embeddings": (n, dim), "probabilities": (n, len(ATTRIBUTES))}
    arrays = read_tensors(file)
    if "labels" in arrays:
        shapes["labels"] = (n, len(ATTRIBUTES))
    check_tensors(file, arrays, shapes)
    embeddings = arrays["embeddings"].astype(np.float32)
    norms = np.sqrt(np.einsum("nd,nd->n", embeddings, embeddings))
    if not np.isfinite(norms).all():
        raise InputError(f"{file}: row {int(np.argmin(np.isfinite(norms)))} holds NaN or infinity.")
    if n and np.abs(norms - 1).max() > UNIT_TOLERANCE:
        row = int(np.abs(norms - 1).argmax())
        raise InputError(
            f"{file}: row {row} has length {norms[row]:.3f}; rows must be unit vectors."
        )
    predicted = arrays["probabilities"].astype(np.float32)
    if not ((predicted >= 0) & (predicted <= 1)).all():
        raise InputError(f"{file}: probabilities must lie in 0 to 1.")
    labels = arrays.get("labels")
    if labels is not None and not np.isin(labels, (-1, 0, 1)).all():
        raise InputError(f"{file}: labels must be 1, 0 or -1 (unknown).")
    return Gallery(names, embeddings, predicted, labels)


def _read_query_tensors(path: Path, model: Mapping[str, Any]) -> dict[str, np.ndarray]:
    hidden, dim, a = model["query_hidden"], model["dim"], len(ATTRIBUTES)
    shapes = {
        "attributes.0.weight": (hidden, a),
        "attributes.0.bias": (hidden,),
        "attributes.2.weight": (dim, hidden),
        "attributes.2.bias": (dim,),
        "readout.weight": (a, dim),
        "readout.bias": (a,),
    }
    tensors = read_tensors(path / MODEL, tuple(shapes))
    check_tensors(path / MODEL, tensors, shapes)
    return {name: tensor.astype(np.float32) for name, tensor in tensors.items()}


def read_tensors(file: Path, only: Sequence[str] | None = None) -> dict[str, np.ndarray]:
    """Arrays of a safetensors file, all or those named and there."""
    try:
        with safe_open(file, framework="numpy") as tensors:
            keys = set(tensors.keys())
            return {name: tensors.get_tensor(name) for name in only or sorted(keys) if name in keys}
    except SafetensorError as error:
        raise InputError(
            f"{file}: not a whole safetensors file ({error}); fetch or train the bundle again."
        ) from None


def check_tensors(
    file: Path, tensors: Mapping[str, np.ndarray], shapes: Mapping[str, tuple[int, ...]]
) -> None:
    """`InputError` unless the tensors are those of `shapes`, by name and shape."""
    for name in sorted(set(tensors) ^ set(shapes)):
        what = "missing" if name in shapes else "not known to this facesearch"
        raise InputError(f"{file}: tensor {name} is {what}.")
    for name, shape in shapes.items():
        if tuple(tensors[name].shape) != tuple(shape):
            raise InputError(
                f"{file}: {name} has shape {tuple(tensors[name].shape)}, expected {tuple(shape)}."
            )
