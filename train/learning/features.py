"""Backbone features, computed once into a memory-mapped cache that a killed run resumes."""

import errno
import hashlib
import math
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from torch import nn
from tqdm import tqdm

from facesearch.errors import InputError
from facesearch.vision.backbones import fingerprint
from facesearch.vision.encoder import FeatureExtractor
from facesearch.vision.images import load_image
from facesearch.vision.loading import load_batches
from facesearch.vision.model import ModelConfig
from train import distributed

CACHE = Path("data/features")
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
    def rows(self) -> np.ndarray:
        """Rows of the images that could be read, ascending."""
        return np.delete(np.arange(len(self.values)), list(self.unreadable))

    @property
    def readable(self) -> np.ndarray:
        """(n, F) features of the images that could be read; the map itself where all could."""
        return self.values[self.rows] if self.unreadable else self.values


def cached_features(
    network: nn.Module, config: ModelConfig, paths: Sequence[Path], cache: Path, *, label: str
) -> Features:
    """Features of images by a frozen backbone, from the cache where it has them.

    Args:
        network: the backbone that `config` names, with the weights to use.
        cache: folder of caches, one for each backbone, weights, preprocessing and list of images.
        label: of the progress bar.
    """
    digest = hashlib.sha256(fingerprint(network).encode())
    channels = f"{tuple(config.mean)} {tuple(config.std)}"
    digest.update(f"{config.height}x{config.width} {channels} {config.mirrored}\n".encode())
    for path in paths:
        try:
            found = path.stat()
            digest.update(f"{path.name} {found.st_size} {found.st_mtime_ns}\n".encode())
        except OSError:
            digest.update(f"{path.name} missing\n".encode())
    folder = cache / f"{config.backbone}-{digest.hexdigest()[:16]}"
    return extract_features(network, config, paths, folder, label=label)


def extract_features(
    network: nn.Module,
    config: ModelConfig,
    paths: Sequence[Path],
    folder: Path,
    *,
    batch_size: int = 64,
    label: str = "features",
) -> Features:
    """Run a frozen backbone over images; what `folder` holds already is not computed again.

    Each batch is recorded once its rows are written, so a killed run loses one batch at the most.
    Under torchrun each process computes its part.
    """
    values, status = _open_cache(folder, len(paths), config.features)
    extract = FeatureExtractor(network, config)
    mine = np.array_split(np.flatnonzero(status == TODO), distributed.size())[distributed.rank()]
    distributed.barrier()  # all have seen the same rows to do before anyone does one
    batches = load_batches(paths, config.height, config.width, batch_size=batch_size, rows=mine)
    quiet = distributed.rank() > 0 or not len(mine)
    with tqdm(total=len(mine), desc=label, unit="image", disable=quiet) as bar:
        for batch in batches:
            if len(batch.rows):
                values[batch.rows] = extract(batch.pixels).cpu().numpy()
                values.flush()
                status[batch.rows] = DONE
            status[list(batch.unreadable)] = UNREADABLE
            status.flush()
            bar.update(len(batch.rows) + len(batch.unreadable))
    distributed.barrier()
    failed = np.flatnonzero(status == UNREADABLE).tolist()
    unreadable = {row: _reason(paths[row]) for row in failed}
    if paths and len(unreadable) == len(paths):
        raise InputError(f"Not one of {len(paths):,} images can be read. {unreadable[0]}")
    return Features(values, unreadable)


def _open_cache(folder: Path, n: int, width: int) -> tuple[np.memmap, np.memmap]:
    folder.mkdir(parents=True, exist_ok=True)
    files = {"values.f16": (np.float16, (n, width)), "status.u8": (np.uint8, (n,))}
    if distributed.rank() == 0:
        for name, (kind, shape) in files.items():
            _reserve(folder / name, int(np.prod(shape)) * np.dtype(kind).itemsize)
    distributed.barrier()
    values, status = (
        np.memmap(folder / name, dtype=kind, mode="r+", shape=shape)
        for name, (kind, shape) in files.items()
    )
    return values, status


def _reserve(file: Path, size: int) -> None:
    """Make a file of zeros, which mean "to do", unless it is there; all its room on the disk is its
    own from now on, as a map that meets a full disk ends the process without a word."""
    fresh = file if file.exists() else file.with_name(f"{file.name}.{os.getpid()}")
    try:
        with fresh.open("r+b" if file.exists() else "wb") as stream:
            try:
                os.posix_fallocate(stream.fileno(), 0, max(size, 1))
            except (AttributeError, OSError) as error:
                unknown = getattr(error, "errno", None) in (None, errno.EOPNOTSUPP, errno.EINVAL)
                if not unknown or shutil.disk_usage(file.parent).free < size:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
            stream.truncate(size)
        fresh.replace(file)
    except OSError as error:
        if fresh != file:
            fresh.unlink(missing_ok=True)
        raise InputError(
            f"{file}: {math.ceil(size / 2**20):,} MB for features can't be had "
            f"({error.strerror}). Make room, or name another folder with --cache; the same command "
            "goes on from there."
        ) from None


def _reason(path: Path) -> str:
    try:
        load_image(path)
    except InputError as error:
        return str(error)
    return f"{path}: was unreadable when the features were computed."
