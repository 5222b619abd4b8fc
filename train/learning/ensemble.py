"""Evidence heads trained apart on the same features, and averaged into one."""

from dataclasses import replace
from typing import Any

import torch

from facesearch.vision.model import FaceModel, ModelConfig
from train.learning.loop import train
from train.learning.recipes import Recipe
from train.learning.sources import Source
from train.measuring.benchmark import QuerySet

# Hidden units of each member: matrices alone, and the same with a layer beside them.
MEMBERS = (0, 0, 0, 256, 256, 256)


def train_ensemble(
    sizes: ModelConfig,
    recipe: Recipe,
    source: Source,
    valid: Source,
    valid_sets: list[QuerySet],
    seed: int,
) -> FaceModel:
    """Train `MEMBERS`, each from its own seed, and average them.

    Args:
        sizes: describes the backbone that gave the features.
        recipe: with an evidence head and an attribute encoder that stays as it starts.
        source, valid, valid_sets: as in `loop.train`.
    """
    models = []
    for number, hidden in enumerate(MEMBERS, start=seed * len(MEMBERS)):
        torch.manual_seed(number)
        member = replace(recipe, hidden=hidden)
        models.append(FaceModel(member.model_config(sizes)))
        train(models[-1], member, source, valid, valid_sets, seed=number)
    return average(models)


@torch.no_grad()
def average(models: list[FaceModel]) -> FaceModel:
    """One model whose logits are the mean of the others'; its hidden layers lie side by side."""
    heads: list[Any] = [model.image_head for model in models]
    width = models[0].config.features
    averaged = FaceModel(
        replace(models[0].config, hidden=sum(model.config.hidden for model in models))
    )
    head = averaged.image_head.state_dict()
    weights = [each.logits.weight for each in heads]  # (A, F + hidden)
    shared = torch.stack([weight[:, :width] for weight in weights]).mean(dim=0)
    own = [weight[:, width:] / len(heads) for weight in weights]
    head["logits.weight"].copy_(torch.cat([shared, *own], dim=1))
    head["logits.bias"].copy_(torch.stack([each.logits.bias for each in heads]).mean(dim=0))
    hidden = [model.image_head.state_dict() for model in models if model.config.hidden]
    for name in ("hidden.weight", "hidden.bias"):
        if hidden:
            head[name].copy_(torch.cat([each[name] for each in hidden]))
    return averaged
