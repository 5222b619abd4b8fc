"""What the benchmark compares a bundle with: heads trained on the features of its backbone."""

from pathlib import Path

import numpy as np
import torch

from facesearch.vision.encoder import Encoder
from facesearch.vision.model import FaceModel, ModelConfig
from train.data.dataset import Dataset
from train.learning.loop import train
from train.learning.recipes import Recipe
from train.learning.sources import CachedFeatures, open_features
from train.measuring.benchmark import QuerySet, ScoreFunction

BASELINES = {
    "reference recipe": "reference",
    "linear classifiers": "linear",
    "classifiers, one hidden layer": "classifiers",
}


def encoder_features(encoder: Encoder, part: Dataset, cache: Path, label: str) -> CachedFeatures:
    """Features of the readable images of `part` by a bundle's backbone, with their labels."""
    network = encoder.model.backbone
    assert network is not None
    return open_features(part, network, encoder.model.config, cache, label)[0]


def random_order(n: int, seed: int) -> ScoreFunction:
    """Scores that rank n images by chance."""
    rng = np.random.default_rng(seed)
    return lambda queries: rng.random((len(queries), n), np.float32)


def train_baseline(
    sizes: ModelConfig,
    recipe: Recipe,
    source: CachedFeatures,
    valid: CachedFeatures,
    valid_sets: list[QuerySet],
    seed: int,
) -> FaceModel:
    """Train a recipe's heads on the features of the backbone that `sizes` describes."""
    torch.manual_seed(seed)
    model = FaceModel(recipe.model_config(sizes))
    train(model, recipe, source, valid, valid_sets, seed=seed)
    return model


def log_probability_scorer(model: FaceModel, rows: np.ndarray) -> ScoreFunction:
    """Independent classifiers: the sum of the log-probabilities of what a query asks."""
    with torch.inference_mode():
        device = next(model.parameters()).device
        logits = model.readout(torch.from_numpy(rows).to(device)).cpu().numpy().astype(np.float64)
    yes, no = -np.logaddexp(0, -logits), -np.logaddexp(0, logits)  # (N, A)
    return lambda queries: (queries > 0) @ yes.T + (queries < 0) @ no.T
