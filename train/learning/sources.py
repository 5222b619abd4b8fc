"""Where training takes its images from: cached features, or photographs for a backbone to learn."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MethodType
from typing import Protocol

import numpy as np
import torch
from PIL import Image, ImageEnhance
from torch import Tensor, nn

from facesearch.errors import InputError
from facesearch.vision.encoder import image_features
from facesearch.vision.loading import load_batches
from facesearch.vision.model import FaceModel, ModelConfig
from train.data.damages import damage
from train.data.dataset import Dataset
from train.data.unreadable import print_unreadable
from train.learning.features import cached_features


class Source(Protocol):
    """Images with labels (N, A), given out as (b, F) features of the model's backbone."""

    labels: Tensor

    def stream(
        self, chunks: Sequence[np.ndarray], seed: tuple[int, int] | None
    ) -> Iterator[Tensor]:
        """The inputs of each chunk of rows; augmented by `seed`, plain if it is None."""

    def features(self, model: FaceModel, inputs: Tensor) -> Tensor:
        """(b, F) float32 features of what `stream` gave."""


class CachedFeatures:
    """Features of a frozen backbone, (N, F), computed before."""

    def __init__(self, values: np.ndarray, labels: np.ndarray) -> None:
        self.values = values
        self.labels = torch.from_numpy(labels)

    def stream(
        self, chunks: Sequence[np.ndarray], seed: tuple[int, int] | None
    ) -> Iterator[Tensor]:
        for rows in chunks:
            yield torch.from_numpy(self.values[rows])

    def features(self, model: FaceModel, inputs: Tensor) -> Tensor:
        return inputs.float()


def open_features(
    part: Dataset, network: nn.Module, config: ModelConfig, cache: Path, label: str
) -> tuple[CachedFeatures, Dataset]:
    """Features of a frozen backbone for the images that can be read, and these images."""
    found = cached_features(network, config, part.paths, cache, label=label)
    print_unreadable({part.names[row]: reason for row, reason in found.unreadable.items()})
    readable = part.select(found.rows)
    return CachedFeatures(found.readable, readable.labels), readable


class Photographs:
    """Readable image files, decoded as they are needed, for a backbone that is being trained.

    Augmented images are mirrored half of the time, shifted, scaled, and changed a little in
    brightness, contrast and saturation: as much as leaves every attribute what it is. A share
    `damaged` of them goes through `damages.damage` before, half as many in the last of `epochs`.
    In the first `small_epochs` they are smaller, which the backbone must allow.
    """

    SHIFT = 0.04  # of the side, each way
    SCALE = (0.92, 1.04)  # of the part of the image that is seen
    COLOUR = 0.15  # each factor lies within 1 +- this

    def __init__(
        self,
        network: nn.Module,
        paths: Sequence[Path],
        labels: np.ndarray,
        size: tuple[int, int],
        *,
        small_epochs: int = 0,
        damaged: float = 0.0,
        epochs: int = 0,
    ) -> None:
        depthwise_in_float32(network)
        self.paths = paths
        self.labels = torch.from_numpy(labels)
        self.size = size
        self.small_epochs = small_epochs
        self.damaged = damaged
        self.weaker_from = epochs - 1

    def stream(
        self, chunks: Sequence[np.ndarray], seed: tuple[int, int] | None
    ) -> Iterator[Tensor]:
        small = seed is not None and seed[1] < self.small_epochs
        size = small_size(*self.size) if small else self.size

        def augment(image: Image.Image, row: int) -> np.ndarray:
            assert seed is not None
            rng = np.random.default_rng([*seed, row])
            share = self.damaged if seed[1] < self.weaker_from else self.damaged / 2
            if rng.random() < share:
                image = damage(image, rng)
            return self._augment(image, *size, rng)

        for batch in load_batches(
            self.paths,
            *size,
            batch_size=len(chunks[0]),
            rows=np.concatenate(chunks),
            fit=None if seed is None else augment,
        ):
            for reason in batch.unreadable.values():
                raise InputError(f"{reason} It could be read when training began.")
            yield torch.from_numpy(batch.pixels)

    def features(self, model: FaceModel, inputs: Tensor) -> Tensor:
        assert model.backbone is not None  # judging epochs needs no mirror images at twice the cost
        return image_features(model.backbone, inputs, model.config, mirrored=False)

    def _augment(
        self, image: Image.Image, height: int, width: int, rng: np.random.Generator
    ) -> np.ndarray:
        largest = min(image.width / width, image.height / height)
        scale = min(largest * rng.uniform(*self.SCALE), largest)
        seen_w, seen_h = width * scale, height * scale
        left = (image.width - seen_w) / 2 + rng.uniform(-self.SHIFT, self.SHIFT) * image.width
        top = (image.height - seen_h) / 2 + rng.uniform(-self.SHIFT, self.SHIFT) * image.height
        left = max(min(left, image.width - seen_w), 0)
        top = max(min(top, image.height - seen_h), 0)
        box = (left, top, min(left + seen_w, image.width), min(top + seen_h, image.height))
        image = image.resize((width, height), Image.Resampling.BILINEAR, box=box)
        if rng.random() < 0.5:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
            image = enhance(image).enhance(1 + rng.uniform(-self.COLOUR, self.COLOUR))
        return np.asarray(image)


def small_size(height: int, width: int) -> tuple[int, int]:
    """Two thirds of each side, in whole multiples of 16 pixels."""
    return round(height / 24) * 16, round(width / 24) * 16


def depthwise_in_float32(network: nn.Module) -> None:
    """Keep depthwise convolutions out of autocast: on a CPU their bfloat16 gradients are so slow
    that a whole training step takes 1.5 times as long."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d) and module.groups > 1:
            module.forward = MethodType(_forward_in_float32, module)  # type: ignore[method-assign]


def _forward_in_float32(convolution: nn.Conv2d, images: Tensor) -> Tensor:
    with torch.autocast(images.device.type, enabled=False):
        return type(convolution).forward(convolution, images.float())
