"""Where training takes its images from: cached features, or photographs for a backbone to learn."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from facesearch.encoder import mixed_precision, normalise
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
    """Image files, decoded as they are needed, for a backbone that is being trained."""

    def __init__(self, paths: Sequence[Path], labels: np.ndarray, height: int, width: int) -> None:
        self.paths = paths
        self.labels = torch.from_numpy(labels)
        self.height, self.width = height, width

    def stream(
        self, chunks: Sequence[np.ndarray], seed: tuple[int, int] | None
    ) -> Iterator[Tensor]:
        rows = np.concatenate(chunks)
        batches = load_batches(
            self.paths,
            self.height,
            self.width,
            batch_size=len(chunks[0]),
            rows=rows,
            seed=seed,
        )
        for batch in batches:
            yield torch.from_numpy(batch.pixels)

    def features(self, model: FaceModel, inputs: Tensor) -> Tensor:
        assert model.backbone is not None
        images = normalise(inputs, model.config.mean, model.config.std)
        with mixed_precision(inputs.device):
            return model.backbone(images).float()
