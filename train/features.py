"""Backbone features, computed once into a memory-mapped cache that a killed run resumes."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from facesearch.encoder import choose_device, mixed_precision, normalise
from facesearch.errors import InputError
from facesearch.images import load_image
from facesearch.loading import load_batches
from train import distributed

TODO, DONE, UNREADABLE = 0, 1, 2


@dataclass(frozen=True)
class Features:
    """Features of a list of images.

    Attributes:
        values: (N, F) float16, memory-mapped; rows of unreadable images are zero.
        unreadable: row to reason.
    """

    values: np.ndarray
    unreadable: dict[int, str]

    @property
    def readable(self) -> np.ndarray:
        """Rows of the images that could be read, ascending."""
        return np.delete(np.arange(len(self.values)), list(self.unreadable))


def cache_key(
    paths: Sequence[Path], fingerprint: str, preprocessing: dict[str, object], backbone: str
) -> str:
    """Names the cache by backbone, weights, preprocessing and the images' names and sizes."""
    digest = hashlib.sha256(json.dumps([backbone, fingerprint, preprocessing]).encode())
    for path in paths:
        size = path.stat().st_size if path.exists() else -1
        digest.update(f"{path.name} {size}\n".encode())
    return f"{backbone}-{digest.hexdigest()[:16]}"


def extract_features(
    network: nn.Module,
    width: int,
    paths: Sequence[Path],
    preprocessing: dict[str, object],
    folder: Path,
    *,
    batch_size: int = 64,
    label: str = "features",
) -> Features:
    """Run a frozen backbone over images; whatever `folder` holds already is not computed again.

    Args:
        network: maps normalised images to (B, F) features; put to evaluation mode.
        width: F.
        preprocessing: height, width, mean, std as in `ModelConfig`.
        folder: the cache of exactly these images (`cache_key`); each batch is recorded once its
            rows are written, so a killed run loses one batch at the most.
        label: of the progress bar.
    """
    values, status = _open_cache(folder, len(paths), width)
    device = choose_device()
    network = network.eval().to(device, memory_format=torch.channels_last)
    mine = np.array_split(np.flatnonzero(status == TODO), distributed.size())[distributed.rank()]
    height, wide = int(preprocessing["height"]), int(preprocessing["width"])  # type: ignore[call-overload]
    mean, std = preprocessing["mean"], preprocessing["std"]
    quiet = distributed.rank() > 0 or not len(mine)
    with tqdm(total=len(mine), desc=label, unit="img", disable=quiet, smoothing=0.05) as bar:
        for batch in load_batches(paths, height, wide, batch_size=batch_size, rows=mine):
            pixels = torch.from_numpy(batch.pixels).to(device)
            with torch.inference_mode(), mixed_precision(device):
                rows = network(normalise(pixels, mean, std))  # type: ignore[arg-type]
            values[batch.rows] = rows.float().cpu().numpy()
            values.flush()
            status[batch.rows] = DONE
            status[list(batch.unreadable)] = UNREADABLE
            status.flush()
            bar.update(len(batch.rows) + len(batch.unreadable))
    distributed.barrier()
    unreadable = {int(row): _reason(paths[row]) for row in np.flatnonzero(status == UNREADABLE)}
    if len(unreadable) == len(paths):
        raise InputError(
            f"None of the {len(paths)} images can be read: {next(iter(unreadable.values()))}"
        )
    return Features(values, unreadable)


def _open_cache(folder: Path, n: int, width: int) -> tuple[np.memmap, np.memmap]:
    folder.mkdir(parents=True, exist_ok=True)
    files = {"values.f16": (np.float16, (n, width)), "status.u8": (np.uint8, (n,))}
    if distributed.rank() == 0:
        for name, (kind, shape) in files.items():
            if not (folder / name).exists():  # sparse until written; 0 is TODO
                fresh = folder / f"{name}.{os.getpid()}"
                with fresh.open("wb") as stream:
                    stream.truncate(int(np.prod(shape)) * np.dtype(kind).itemsize)
                fresh.replace(folder / name)
    distributed.barrier()
    values, status = (
        np.memmap(folder / name, dtype=kind, mode="r+", shape=shape)
        for name, (kind, shape) in files.items()
    )
    return values, status


def _reason(path: Path) -> str:
    try:
        load_image(path)
    except InputError as error:
        return str(error)
    return f"{path}: was unreadable when the features were computed."
