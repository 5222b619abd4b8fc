"""What training computes in this process, one of several or alone: run by test_distributed.py.

python gradients.py FILE    under torchrun's variables RANK, WORLD_SIZE, MASTER_ADDR and _PORT
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from facesearch.vision.model import FaceModel, ModelConfig
from train import distributed
from train.learning import loop
from train.learning.recipes import RECIPES
from train.learning.sources import CachedFeatures
from train.measuring.benchmark import draw_validation_sets

SMALL: dict[str, Any] = {"epochs": 2, "batch_size": 20}  # six steps of 20 images
# Each part of the model learns in one of them; dropout draws a mask for the whole batch.
TRAINED = {
    "evidence": replace(RECIPES["partial"], hidden=16, dim=90, query_lr=1e-3, **SMALL),
    "projection": replace(RECIPES["reference"], hidden=16, dim=32, **SMALL),
}


def images(n: int, seed: int) -> CachedFeatures:
    """Features of 12 numbers that tell the forty labels."""
    labels = np.random.default_rng(seed).integers(0, 2, (n, 40)).astype(np.int8)
    mix = np.random.default_rng(9).normal(size=(40, 12))
    return CachedFeatures((labels @ mix).astype(np.float16), labels)


@contextmanager
def recorded(gradients: dict[str, np.ndarray]) -> Iterator[None]:
    """Put the gradients that AdamW is given at each step into `gradients`."""
    step = torch.optim.AdamW.step
    steps = 0

    def recording(optimiser: torch.optim.AdamW, *arguments: Any) -> Any:
        nonlocal steps
        for number, group in enumerate(optimiser.param_groups):
            for place, parameter in enumerate(group["params"]):
                if parameter.grad is not None:
                    key = f"step {steps}, parameter {place} of group {number}"
                    gradients[key] = parameter.grad.numpy().copy()
        steps += 1
        return step(optimiser, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.optim.AdamW, "step", recording)
        yield


def gradients(name: str) -> dict[str, np.ndarray]:
    """Of every step of a short training, and the embeddings of the images that it ends with."""
    recipe = TRAINED[name]
    torch.manual_seed(0)
    model = FaceModel(recipe.model_config(ModelConfig("none", 12)))
    learn, valid = images(60, 0), images(31, 1)
    found: dict[str, np.ndarray] = {}
    with recorded(found):
        loop.train(model, recipe, learn, valid, draw_validation_sets(valid.labels.numpy()), seed=0)
    found["embeddings"] = loop.embed(model, valid)
    return found


if __name__ == "__main__":
    distributed.start()
    everything: dict[str, Any] = {
        f"{name}: {key}": value for name in TRAINED for key, value in gradients(name).items()
    }
    if distributed.rank() == 0:
        np.savez(sys.argv[1], **everything)
    distributed.stop()
