"""Opening a bundle, with every file checked before it is believed."""

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from facesearch.attributes import ATTRIBUTES
from facesearch.bundle.contents import (
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
from facesearch.bundle.opened import Bundle
from facesearch.errors import InputError
from facesearch.tensors import check_tensors, read_tensors

UNIT_TOLERANCE = 2e-3  # rows are stored in half precision


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
    if sha256(file) != expected:
        raise InputError(
            f"{file}: its checksum is not the one in {CONFIG}: truncated or changed. "
            "Fetch or train the bundle again."
        )


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
