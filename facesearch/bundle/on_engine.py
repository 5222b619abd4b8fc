"""A bundle whose gallery is in an engine: loaded into it, and opened with the model beside it."""

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, cast

import numpy as np

from facesearch.bundle.contents import MODEL
from facesearch.bundle.fetching import MODEL_ALONE, locate
from facesearch.bundle.files import check_files
from facesearch.bundle.opened import Bundle
from facesearch.bundle.reading import (
    check_hash,
    fingerprint,
    images_of,
    open_bundle,
    read_config,
    read_model,
)
from facesearch.errors import InputError
from facesearch.gallery import Gallery
from facesearch.gallery.engine import (
    Connection,
    EngineAddress,
    EngineGallery,
    Version,
    current_version,
    load,
)


def open_on_engine(
    engine: str,
    source: str | PathLike[str] | None = None,
    images: str | PathLike[str] | None = None,
) -> Bundle:
    """Open a gallery that was loaded into an engine, and the model that it was made with.

    Args:
        engine: its address, as `EngineAddress.parse` reads it.
        source: the bundle whose model it is, as for `open_bundle`; only its model is read. By
            default the bundle that it was loaded from.
        images: as for `open_bundle`.

    Raises `InputError` where the engine can't be asked or has no such gallery, and for another
    model than the gallery's.
    """
    connection = Connection(EngineAddress.parse(engine))
    version = current_version(connection)
    path, own_images = locate(version.bundle if source is None else source, MODEL_ALONE)
    config = read_config(path)
    check_files(path, (MODEL,))
    check_hash(path / MODEL, config["sha256"].get(MODEL))
    about, tensors = read_model(path, config)
    if model_fingerprint(config) != version.model or about.model["dim"] != version.dim:
        raise InputError(
            f"{path}: is not the model of the faces in {connection.address.table!r} of the engine "
            f"({connection.address}), which were loaded from {version.bundle}. Name that one with "
            "--bundle, or load this one: python -m facesearch load BUNDLE --engine URL"
        )
    readout = (tensors["readout.weight"], tensors["readout.bias"])
    gallery = EngineGallery(connection, version, about.vocabulary, readout, about.unavailable)
    bundle = Bundle(
        path,
        about,
        cast(Gallery, gallery),  # it answers what others ask of one
        np.array(version.mean, np.float32),
        tensors,
        images_of(images, own_images),
        version.fingerprint,
    )
    return bundle.with_taught(about.taught)


def load_into_engine(
    source: str | PathLike[str],
    engine: str,
    progress: Callable[[int, int], None] = lambda rows, total: None,
) -> tuple[Version, bool]:
    """Load a bundle's faces into an engine, and switch to them; which version they are, and whether
    anything had to be done. See `gallery.engine.load`."""
    address = EngineAddress.parse(engine)
    bundle = open_bundle(source).untaught
    gallery = bundle.gallery
    gallery.columns.check()
    found, labels = gallery.faces.detections, gallery.faces.labels
    folder = Path(source)
    version = Version(
        fingerprint=bundle.fingerprint,
        bundle=str(folder.resolve()) if folder.is_dir() else str(source),
        model=model_fingerprint(read_config(bundle.path)),
        faces=len(gallery),
        dim=gallery.columns.dim,
        mean=tuple(bundle.mean.tolist()),
        hidden=gallery.hidden,
        counted_from=gallery.counted_from,
        labelled=labels is not None,
        detected=found is not None,
        copied=found is not None and bool((found.copy_of != np.arange(len(gallery))).any()),
        thumbnails=found is not None and found.thumbnails is not None,
        measures=tuple(found.measures) if found is not None else (),
        checksums=(),
    )
    return version, load(Connection(address), gallery, version, progress)


def model_fingerprint(config: Mapping[str, Any]) -> str:
    """Of what makes and reads vectors, out of what config.json holds: others for other models."""
    return fingerprint(config["sha256"].get(MODEL), config["model"], config.get("vocabulary"))
