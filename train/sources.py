"""Where training takes its images from: cached features, or photographs for a backbone to learn."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MethodType
from typing import Protocol

import numpy as np
import torch
from PIL import Image, ImageEnhance
from torch import Tensor, nn

from facesearch.encoder import mixed_precision, normalise
from facesearch.errors import InputError
from facesearch.loading import load_batches
from facesearch.model import FaceModel


class Source(Protocol):
    """Images with labels (N, 40), given out as (b, F) features of the model's backbone."""

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


class Photographs:
    """Readable image files, decoded as they are needed, for a backbone that is being trained.

    Augmented images are mirrored half of the time, shifted, scaled, and changed a little in
    brightness, contrast and saturation: as much as leaves every attribute what it is.
    """

    SHIFT = 0.04  # of the side, each way
    SCALE = (0.92, 1.04)  # of the part of the image that is seen
    COLOUR = 0.15  # each factor lies within 1 +- this

    def __init__(
        self, network: nn.Module, paths: Sequence[Path], labels: np.ndarray, size: tuple[int, int]
    ) -> None:
        depthwise_in_float32(network)
        self.paths = paths
        self.labels = torch.from_numpy(labels)
        self.height, self.width = size

    def stream(
        self, chunks: Sequence[np.ndarray], seed: tuple[int, int] | None
    ) -> Iterator[Tensor]:
        def augment(image: Image.Image, row: int) -> np.ndarray:
            return self._augment(image, np.random.default_rng([*seed, row]))  # type: ignore[misc]

        for batch in load_batches(
            self.paths,
            self.height,
            self.width,
            batch_size=len(chunks[0]),
            rows=np.concatenate(chunks),
            fit=None if seed is None else augment,
        ):
            for reason in batch.unreadable.values():
                raise InputError(f"{reason} It could be read when training began.")
            yield torch.from_numpy(batch.pixels)

    def features(self, model: FaceModel, inputs: Tensor) -> Tensor:
        assert model.backbone is not None
        images = normalise(inputs, model.config.mean, model.config.std)
        with mixed_precision(inputs.device):
            features: Tensor = model.backbone(images)
        return features.float()

    def _augment(self, image: Image.Image, rng: np.random.Generator) -> np.ndarray:
        size = min(image.width / self.width, image.height / self.height) * rng.uniform(*self.SCALE)
        size = min(size, image.width / self.width, image.height / self.height)
        width, height = self.width * size, self.height * size
        left = (image.width - width) / 2 + rng.uniform(-self.SHIFT, self.SHIFT) * image.width
        top = (image.height - height) / 2 + rng.uniform(-self.SHIFT, self.SHIFT) * image.height
        left = min(max(left, 0), image.width - width)
        top = min(max(top, 0), image.height - height)
        box = (left, top, left + width, top + height)
        image = image.resize((self.width, self.height), Image.Resampling.BILINEAR, box=box)
        if rng.random() < 0.5:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
            image = enhance(image).enhance(1 + rng.uniform(-self.COLOUR, self.COLOUR))
        return np.asarray(image)


def depthwise_in_float32(network: nn.Module) -> None:
    """Keep depthwise convolutions out of autocast: on a CPU their bfloat16 gradients are so slow
    that a whole training step takes 1.5 times as long."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d) and module.groups > 1:
            module.forward = MethodType(_forward_in_float32, module)  # type: ignore[method-assign]


def _forward_in_float32(convolution: nn.Conv2d, images: Tensor) -> Tensor:
    with torch.autocast(images.device.type, enabled=False):
        return type(convolution).forward(convolution, images.float())
