"""Opening a bundle, with every file checked before it is believed."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from functools import partial
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
    MODEL,
    BundleConfig,
    sha256,
)
from facesearch.bundle.fetching import locate
from facesearch.bundle.files import check_files
from facesearch.bundle.matrix import TENSOR, open_matrix
from facesearch.bundle.names import check_below
from facesearch.bundle.opened import Bundle
from facesearch.bundle.replacing import repair
from facesearch.bundle.version_1 import HASHED_1, read_version_1
from facesearch.errors import InputError, quoted
from facesearch.gallery import Columns, Faces, Gallery, Taught
from facesearch.gallery.faces import from_tensors
from facesearch.tensors import read_header, read_shaped, read_tensors
from facesearch.vocabulary import Vocabulary

# Numbers in faces.safetensors for each face, at the most: names of 4,000 bytes, 500 labels, a
# detection; and for none.
EACH, SPARE = 10_000, 1_000_000


def open_bundle(source: str | PathLike[str], images: str | PathLike[str] | None = None) -> Bundle:
    """Open and check a bundle.

    Model and faces are checked by their checksums now, and each column of the embeddings when a
    search first reads it.

    Args:
        source: a bundle's folder, or a Hugging Face Hub repository as "owner/name" or
            "owner/name@revision". Only what opening needs is fetched now.
        images: the folder of the gallery's images; by default the bundle's own, if it has one.

    Raises `InputError` for a bundle that is missing, incomplete, damaged or of a newer format.
    """
    repair(Path(source))
    path, own_images = locate(source)
    config = read_config(path)
    old = config["format_version"] == 1
    check_files(path, HASHED_1 if old else (*HASHED, GALLERY))
    for name in HASHED_1 if old else HASHED:
        check_hash(path / name, config["sha256"].get(name))
    if not old:
        _check_faces(path)
    about, tensors = read_model(path, config)
    if old:
        faces, columns, mean = read_version_1(path, config["model"]["dim"])
    else:
        faces, columns, mean = _read_gallery(path, config, len(about.vocabulary))
    try:
        check_below(faces)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    readout = (tensors["readout.weight"], tensors["readout.bias"])
    bundle = Bundle(
        path,
        about,
        Gallery(faces, columns, readout, about.vocabulary, about.unavailable),
        mean,
        tensors,
        images_of(images, own_images),
        fingerprint(config["sha256"], config.get("columns")),
    )
    try:
        return bundle.with_taught(about.taught)
    except InputError as error:
        raise InputError(f"{path / CONFIG}: {error}") from None


def read_taught(file: Path, config: Mapping[str, Any]) -> tuple[Taught, ...]:
    """The taught attributes of a config.json; `InputError` for what are none."""
    listed = config.get("taught", [])
    if not isinstance(listed, list):
        raise InputError(f"{file}: 'taught' is {quoted(listed)}, and no list.")
    try:
        return tuple(map(Taught.from_json, listed))
    except InputError as error:
        raise InputError(f"{file}: {error}") from None


def fingerprint(*parts: Any) -> str:
    """Eight characters, others for other parts of a config.json."""
    return hashlib.sha256(json.dumps(list(parts), sort_keys=True).encode()).hexdigest()[:8]


def images_of(
    images: str | PathLike[str] | None, own: Callable[[], Path | None]
) -> Callable[[], Path | None]:
    """A function that gives the folder of images: that which a person names, else the bundle's own.
    `InputError` where it is not there."""
    if images is None:
        return own
    if not Path(images).is_dir():
        raise InputError(f"{images}: no such folder of images.")
    return partial(Path, images)


def read_model(path: Path, config: Mapping[str, Any]) -> tuple[BundleConfig, dict[str, np.ndarray]]:
    """What a config says of its model, and the query side's weights."""
    vocabulary = _read_vocabulary(path, config)
    _check_unlabelled(path, config, vocabulary)
    model = config["model"]
    about = BundleConfig(
        model,
        config["dataset"],
        config["training"],
        config["results"],
        vocabulary,
        read_taught(path / CONFIG, config),
    )
    return about, _read_query_tensors(path, model, len(vocabulary))


def read_config(path: Path) -> dict[str, Any]:
    """What config.json holds, its format checked; `InputError` for a folder that is no bundle."""
    file = path / CONFIG
    if not file.is_file():
        pickles = [p.name for p in path.iterdir() if p.suffix in (".pt", ".pth", ".pkl", ".bin")]
        found = f" {pickles[0]} is a pickle, which is never opened." if pickles else ""
        raise InputError(
            f"{path}: has no {CONFIG}, so it is not a bundle.{found} "
            "Make one with: python -m train fit"
        )
    check_files(path, (CONFIG,))
    try:
        config = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file}: not valid JSON ({error}); fetch or train it again.") from None
    version = config.get("format_version") if isinstance(config, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise InputError(f"{file}: has no format_version, so it is not a bundle's.")
    if version > FORMAT_VERSION:
        raise InputError(
            f"{file}: format {quoted(version)}, and this facesearch reads up to "
            f"{FORMAT_VERSION}. Update facesearch."
        )
    wanted = {"model": dict, "dataset": dict, "training": dict, "results": dict, "sha256": dict}
    for key, kind in wanted.items():
        if not isinstance(config.get(key), kind):
            raise InputError(f"{file}: {key!r} is missing or damaged; fetch or train it again.")
    for size, type_ in (("dim", int), ("query_hidden", int), ("signed_queries", bool)):
        value = config["model"].get(size)
        if type(value) is not type_ or (type_ is int and value < 1):
            raise InputError(f"{file}: 'model' has no {size}; fetch or train it again.")
    if version == 1 and config.get("attributes") != list(ATTRIBUTES):
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


def _check_unlabelled(path: Path, config: Mapping[str, Any], vocabulary: Vocabulary) -> None:
    names = config["training"].get("unlabelled", [])
    if not isinstance(names, list) or not all(name in vocabulary.names for name in names):
        raise InputError(
            f"{path / CONFIG}: 'unlabelled' is {quoted(names)}, which are no attributes of this "
            "bundle; fetch or train it again."
        )


def _check_faces(path: Path) -> None:
    """`InputError` where faces.safetensors says to hold more than so many faces can have."""
    columns, held = read_header(path / GALLERY).get(TENSOR), read_header(path / FACES)
    faces = columns[1][-1] if columns and columns[1] else 0
    numbers = sum(math.prod(shape) for _, shape in held.values())
    if numbers > SPARE + faces * EACH:
        raise InputError(
            f"{path / FACES}: holds {numbers:,} numbers, more than {faces:,} faces can have; fetch "
            "or train the bundle again."
        )


def check_hash(file: Path, expected: str | None) -> None:
    """`InputError` unless a file has the checksum that config.json has of it."""
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
    if (
        mean is None
        or mean.dtype != np.float32
        or mean.shape != (dim,)
        or not np.isfinite(mean).all()
    ):
        raise InputError(f"{file}: mean is missing, or not {dim} finite numbers.")
    try:
        faces = from_tensors(tensors, attributes)
    except InputError as error:
        raise InputError(f"{file}: {error}") from None
    columns = config.get("columns")
    if not isinstance(columns, list) or not all(isinstance(each, str) for each in columns):
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
    tensors = read_shaped(path / MODEL, shapes)
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            raise InputError(f"{path / MODEL}: {name} holds NaN or infinity; train it again.")
    return tensors
