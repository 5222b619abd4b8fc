"""Shards of a gallery, embedded apart by one model, put together into the bundle of one run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from facesearch.bundle.contents import CARD, MODEL
from facesearch.bundle.names import check_names
from facesearch.bundle.opened import Bundle
from facesearch.bundle.reading import open_bundle
from facesearch.bundle.replacing import repair
from facesearch.bundle.writing import check_target, write_columns
from facesearch.errors import InputError
from facesearch.gallery import Faces
from facesearch.gallery.texts import Texts
from facesearch.tensors import read_tensors

SHARD = "shard"  # of what config.json says of the data set: number, of, and the list's checksum
MAKE = "python -m train embed --shard 1/16 --out SHARD"


def merge(shards: Sequence[str | PathLike[str]], out: Path) -> int:
    """Write the bundle that embedding all images at once would have written; how many faces it has.

    In memory are names, labels, and a column of the embeddings at a time.

    Args:
        shards: folders of all shards, in any order.
        out: folder of the bundle.

    Raises `InputError` for what is no shard, shards of different models or lists of images, and
    where one is missing or there twice.
    """
    repair(out)
    check_target(out)
    bundles = _in_order([open_bundle(shard).untaught for shard in shards])
    first, parts = bundles[0], [each.gallery.faces for each in bundles]
    labels = [part.labels for part in parts if part.labels is not None]
    faces = Faces(
        Texts.joined([part.names for part in parts]),
        np.concatenate(labels, axis=1) if len(labels) == len(parts) else None,
    )
    check_names(faces)
    dataset = {name: value for name, value in first.config.dataset.items() if name != SHARD}
    write_columns(
        out,
        replace(first.config, dataset=dataset, taught=()),
        read_tensors(first.path / MODEL),
        faces,
        _columns(bundles),
        first.gallery.columns.dim,
        _card(first, out.name, len(faces)),
        {
            name: folder / name
            for each in bundles
            if (folder := each.image_dir) is not None
            for name in each.gallery.faces.names
        },
    )
    return len(faces)


def _in_order(bundles: Sequence[Bundle]) -> list[Bundle]:
    """All shards by their numbers, checked to be one whole."""
    first, there = bundles[0], dict[int, Bundle]()
    for bundle in bundles:
        number, of, listed = _shard(bundle)
        if bundle.model != first.model or bundle.config.model != first.config.model:
            raise InputError(
                f"{bundle.path}: was embedded by another model than {first.path}. Embed all shards "
                "with one bundle."
            )
        if (of, listed) != _shard(first)[1:]:
            raise InputError(
                f"{bundle.path}: is a shard of another list of images than {first.path}: images "
                "came or went meanwhile, or they were shared out differently. Embed that shard "
                "again; what has not changed is not computed again."
            )
        if number in there:
            raise InputError(
                f"{bundle.path}: is shard {number} of {of}, and so is {there[number].path}. Give "
                "each shard once."
            )
        there[number] = bundle
    missing = [str(number) for number in range(1, of + 1) if number not in there]
    if missing:
        few = ", ".join(missing[:10]) + (", ..." if len(missing) > 10 else "")
        raise InputError(
            f"Of {of} shards {len(missing)} are missing: {few}. Make each with: {MAKE}"
            if len(missing) > 1
            else f"Of {of} shards one is missing: {few}. Make it with: {MAKE}"
        )
    return [there[number] for number in sorted(there)]


def _shard(bundle: Bundle) -> tuple[int, int, str]:
    """Its number from 1, of how many, and the checksum of the list that they share out."""
    about: Any = bundle.config.dataset.get(SHARD)
    if isinstance(about, Mapping) and bundle.gallery.faces.detections is None:
        number, of, listed = (about.get(name) for name in ("number", "of", "list"))
        if type(number) is int and type(of) is int and 1 <= number <= of:
            return number, of, str(listed)
    raise InputError(f"{bundle.path}: is no shard. Make one with: {MAKE}")


def _columns(bundles: Sequence[Bundle]) -> Iterator[np.ndarray]:
    """The columns of all rows, each read and checked when it is asked for."""
    ends = np.cumsum([len(each) for each in bundles])
    whole = np.empty(ends[-1], np.float32)
    for column in range(bundles[0].gallery.columns.dim):
        for bundle, end in zip(bundles, ends.tolist(), strict=True):
            bundle.gallery.columns.copy(column, whole[end - len(bundle) : end])
        yield whole


def _card(first: Bundle, name: str, faces: int) -> str:
    """The model card of a shard, with the name and the number of images of the whole."""
    try:
        lines = (first.path / CARD).read_text("utf-8").splitlines(keepends=True)
    except OSError:
        return f"# {name}\n"
    text = "".join([f"# {name}\n", *lines[1:]])
    row = "| gallery | {:,} images of "
    return text.replace(row.format(len(first)), row.format(faces), 1)
