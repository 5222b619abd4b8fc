"""The numbers of an embedding beyond its log-probabilities: principal components of features.

They tell apart what the attributes don't, an image and its altered copy from all other images, and
hold what an attribute that is taught later can be found by. Components beat what the batch-all
triplet loss learns for the same work (`benchmarks/residual.py`), and need no training.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from facesearch.vision.model import FaceModel

SPREAD = 3.0  # standard deviation of each number beside log-probabilities of 0 to -12
BOUND = 3 * SPREAD
LEAST = 1e-3  # standard deviation of a component: weights of a smaller one overflow half precision
IMAGES = 4096  # whose features are enough
CHUNK = 4096  # images at a time


@torch.no_grad()
def with_residual(model: FaceModel, features: np.ndarray, count: int) -> FaceModel:
    """The same model, with the first `count` components of (N, F) features in its embeddings, each
    spread as widely as the others. A model with a projection head stays as it is."""
    config = model.config
    if config.head != "evidence":
        return model
    both = 2 * config.attributes
    longer = FaceModel(replace(config, dim=both + count + 1, bound=BOUND), model.backbone)
    head: Any = longer.image_head
    kept = {n: t for n, t in model.image_head.state_dict().items() if not n.startswith("residual.")}
    head.load_state_dict(kept, strict=False)
    mean, components = principal_components(features, count)
    weight = SPREAD * components  # (R, F)
    head.residual.weight.zero_()
    head.residual.weight[:, : weight.shape[1]] = weight
    head.residual.bias.copy_(-weight @ mean)
    return longer


def spread_rows(count: int) -> np.ndarray:
    """Rows, as many as components need and no more, from all over `count` of them."""
    return np.linspace(0, count - 1, min(count, IMAGES)).astype(int)


def principal_components(features: np.ndarray, count: int) -> tuple[Tensor, Tensor]:
    """The mean (F,) of (N, F) features and their first components (count, F), each divided by its
    standard deviation; zeros where the features have fewer that vary by `LEAST`."""
    width = features.shape[1]
    total, squares = np.zeros(width), np.zeros((width, width))
    for start in range(0, len(features), CHUNK):
        chunk = features[start : start + CHUNK].astype(np.float64)
        total += chunk.sum(axis=0)
        squares += chunk.T @ chunk
    mean = total / len(features)
    variances, vectors = np.linalg.eigh(squares / len(features) - np.outer(mean, mean))
    order = np.argsort(-variances)[:count]
    kept = order[variances[order] > LEAST**2]
    components = np.zeros((count, width))
    components[: len(kept)] = (vectors[:, kept] / np.sqrt(variances[kept])).T
    return torch.from_numpy(mean).float(), torch.from_numpy(components).float()
