"""A bundle that training goes on from: its model, and what it predicts as targets to learn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from facesearch.bundle import MODEL, open_bundle
from facesearch.errors import InputError
from facesearch.vision.backbones import Pretrained, fingerprint
from facesearch.vision.encoder import Encoder
from facesearch.vision.model import FaceModel
from train.data.dataset import Dataset
from train.learning.features import cached_features
from train.learning.loop import embed, probabilities
from train.learning.sources import CachedFeatures


@dataclass(frozen=True)
class Start:
    """Attributes:
    model: the bundle's model, with its backbone.
    backbone: the backbone by itself.
    facts: of the bundle's own training, for the card of what is trained from it.
    """

    model: FaceModel
    backbone: Pretrained
    facts: dict[str, Any]


def open_start(path: str) -> Start:
    """The bundle to go on from, a folder or a Hub repository.

    Raises `InputError` for one whose backbone didn't travel: there is nothing of its own to go on
    from.
    """
    bundle = open_bundle(path)
    model = Encoder.from_file(bundle.path / MODEL, bundle.config.model).model
    network, config, training = model.backbone, model.config, bundle.config.training
    if network is None or not training.get("finetuned"):
        raise InputError(
            f"--start {path}: its backbone was not trained. Train without --start, or give a "
            "bundle that was made with --finetune."
        )
    backbone = Pretrained(
        network,
        config.features,
        config.mean,
        config.std,
        training["backbone_weights"],
        fingerprint(network),
    )
    facts = {key: training.get(key) for key in ("command", "start") if training.get(key)}
    return Start(model, backbone, {"bundle": path, **facts})


@torch.no_grad()
def blend(model: FaceModel, before: Mapping[str, Tensor], share: float) -> None:
    """Move a model's weights back towards those it had, `share` of the way being kept: it loses
    little of what it learned, and gets back what it forgot (https://arxiv.org/abs/2109.01903)."""
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point():
            tensor.copy_(torch.lerp(before[name].to(tensor), tensor, share))


def predictions(start: Start, part: Dataset, cache: Path) -> Tensor:
    """(N, 40) probabilities that the bundle gives the undamaged images of `part`, all readable,
    from the mean of each image's features and its mirror image's."""
    config = replace(start.model.config, mirrored=True)
    found = cached_features(start.backbone.network, config, part.paths, cache, label="predictions")
    rows = embed(start.model, CachedFeatures(found.values, part.labels))
    return torch.from_numpy(probabilities(start.model, rows))
