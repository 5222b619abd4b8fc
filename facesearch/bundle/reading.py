"""Opening a bundle, with every file checked before it is believed."""

import hashlib
import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from facesearch.attributes import ATTRIBUTES, CELEBA
from facesearch.bundle.contents import (
    CONFIG,
    FACES,
    FORMAT_VERSION,
    GALLERY,
    HASHED,
    IMAGES,
    MODEL,
    BundleConfig,
    sha256,
)
from facesearch.bundle.matrix import open_matrix
from facesearch.bundle.names import check_below
from facesearch.bundle.opened import Bundle
from facesearch.bundle.version_1 import HASHED_1, read_version_1
from facesearch.errors import InputError
from facesearch.gallery import Columns, Faces
from facesearch.gallery.faces import from_tensors
from facesearch.tensors import check_tensors, read_tensors
from facesearch.vocabulary import Vocabulary


def open_bundle(source: str | PathLike[str], images: str | PathLike[str] | None = None) -> Bundle:
    """Open and check a bundle.

    Model and faces are checked by their checksums now, and each column of the embeddings when a
    search first reads it.

    Args:
        source: a bundle's folder, or a Hugging Face Hub repository as "owner/name".
        images: the folder of the gallery's images; by default the bundle's own, if it has one.

    Raises `InputError` for a bundle that is missing, incomplete, damaged or of a newer format.
    """
    path = _locate(source)
    config = _read_config(path)
    old = config["format_version"] == 1
    for name in HASHED_1 if old else HASHED:
        _check_hash(path / name, config["sha256"].get(name))
    vocabulary = _read_vocabulary(path, config)
    model = config["model"]
    tensors = _read_query_tensors(path, model, len(vocabulary))
    if old:
        faces, columns, mean = read_version_1(path, model["dim"])
    else:
        faces, columns, mean = _read_gallery(path, config, len(vocabulary))
    try:
        check_below(faces)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    if images is not None and not Path(images).is_dir():
        raise InputError(f"{images}: no such folder of images.")
    own = path / IMAGES
    sums = {name: config["sha256"][name] for name in config["sha256"]}
    fingerprint = json.dumps([sums, config.get("columns")], sort_keys=True)
    return Bundle(
        path,
        BundleConfig(model, config["dataset"], config["training"], config["results"], vocabulary),
        faces,
        columns,
        mean,
        tensors,
        Path(images) if images is not None else own if own.is_dir() else None,
        hashlib.sha256(fingerprint.encode()).hexdigest()[:8],
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
    if config["format_version"] == 1 and config.get("attributes") != list(ATTRIBUTES):
        raise InputError(
            f"{file}: its attributes are not the forty of CelebA in CelebA's order; "
            "its vectors would be misread. Train it again with this facesearch."
        )
    return config


def _read_vocabulary(path: Path, config: Mapping[str, Any]) -> Vocabulary:
    if config["format_version"] == 1:
        return CELEBA
    try:
        return Vocabulary.from_json(config.get("vocabulary"))
    except InputError as error:
        raise InputError(f"{path / CONFIG}: {error} Fetch or train the bundle again.") from None


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


def _read_gallery(
    path: Path, config: Mapping[str, Any], attributes: int
) -> tuple[Faces, Columns, np.ndarray]:
    dim, file = config["model"]["dim"], path / FACES
    tensors = read_tensors(file)
    mean = tensors.pop("mean", None)
    if mean is None or mean.shape != (dim,) or not np.isfinite(mean).all():
        raise InputError(f"{file}: mean is missing, or not {dim} finite numbers.")
    try:
        faces = from_tensors(tensors, attributes)
    except InputError as error:
        raise InputError(f"{file}: {error}") from None
    columns = config.get("columns")
    if not isinstance(columns, list):
        raise InputError(f"{path / CONFIG}: 'columns' is missing or damaged; train it again.")
    return faces, open_matrix(path / GALLERY, dim, len(faces), columns), mean


def _read_query_tensors(
    path: Path, model: Mapping[str, Any], attributes: int
) -> dict[str, np.ndarray]:
    hidden, dim, a = model["query_hidden"], model["dim"], attributes
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
