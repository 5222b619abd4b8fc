"""The model: an image encoder and an attribute encoder that end in one space of unit vectors."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class ModelConfig:
    """Sizes and preprocessing; whatever is needed to build the model again and feed it.

    Attributes:
        backbone: a name that `backbones.build_backbone` knows.
        features: the width of the backbone's output, F.
        height, width: of the images it reads, in pixels.
        mean, std: of their RGB channels, for values in 0 to 1.
        head: "projection", a plain MLP to the embedding, or "evidence", log-probabilities.
        dim: the width of the embedding, D.
        hidden: hidden units of the image head; 0 for none.
        query_hidden: hidden units of the attribute encoder.
        signed_queries: whether queries hold -1 for unwanted; else an unticked box reads as absent.
        mirrored: whether an image's features are averaged with those of its mirror image.
        bound: of each number of an evidence head's residual, before all are scaled.
        attributes: how many there are, A.
    """

    backbone: str
    features: int
    height: int = 224
    width: int = 192
    mean: tuple[float, ...] = (0.5, 0.5, 0.5)
    std: tuple[float, ...] = (0.5, 0.5, 0.5)
    head: Literal["projection", "evidence"] = "evidence"
    dim: int = 128
    hidden: int = 512
    query_hidden: int = 128
    signed_queries: bool = True
    mirrored: bool = False
    bound: float = 1.0
    attributes: int = 40


class ProjectionHead(nn.Module):
    """Features to unit vectors by an MLP with one hidden layer, or by a matrix alone."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.layers: nn.Module = nn.Linear(config.features, config.dim)
        if config.hidden:
            self.layers = nn.Sequential(
                nn.Linear(config.features, config.hidden),
                nn.ReLU(),
                nn.Linear(config.hidden, config.dim),
            )

    def forward(self, features: Tensor) -> Tensor:
        return F.normalize(self.layers(features), dim=1)  # (B, D)


class EvidenceHead(nn.Module):
    """Features to unit vectors of scaled log-probabilities, so that cosine weighs evidence.

    Logits are a matrix over the features and, beside them, one hidden layer where there is one.
    A row is [log p, log(1 - p), residual] * scale and one coordinate that completes it to unit
    length. A query with zero there ranks by its weighted sum of log-probabilities: normalising
    costs nothing, as no row is ever rescaled. `FLOOR` bounds a log-probability, and with it the
    scale. The residual is for what a sum over attributes can't express: what else makes two faces
    alike, and attributes that are taught later from a few examples.
    """

    FLOOR = -12.0

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        a = config.attributes
        residual = config.dim - 2 * a - 1
        self.hidden = nn.Linear(config.features, config.hidden) if config.hidden else None
        self.logits = nn.Linear(config.features + config.hidden, a)
        self.residual = nn.Linear(config.features + config.hidden, residual) if residual else None
        self.scale = (a * (self.FLOOR**2 + 1) + residual * config.bound**2) ** -0.5
        self.bound = config.bound

    def forward(self, features: Tensor) -> Tensor:
        hidden = self.widen(features)
        logits = self.logits(hidden)  # (B, A)
        parts = [F.logsigmoid(logits), F.logsigmoid(-logits)]
        parts = [part.clamp(min=self.FLOOR) for part in parts]
        if self.residual is not None:
            parts.append(self.bound * torch.tanh(self.residual(hidden) / self.bound))
        rows = torch.cat(parts, dim=1) * self.scale
        rest = (1 - rows.square().sum(dim=1, keepdim=True)).sqrt()
        return torch.cat([rows, rest], dim=1)  # (B, D)

    def widen(self, features: Tensor) -> Tensor:
        """(B, F) features to (B, F + hidden), the hidden units after them."""
        if self.hidden is None:
            return features
        return torch.cat([features, F.relu(self.hidden(features))], dim=1)


class AttributeEncoder(nn.Sequential):
    """Attribute vectors (+1, -1, 0) to unit vectors by an MLP with one hidden layer."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(
            nn.Linear(config.attributes, config.query_hidden),
            nn.ReLU(),
            nn.Linear(config.query_hidden, config.dim),
        )
        self.signed = config.signed_queries

    def forward(self, queries: Tensor) -> Tensor:
        return F.normalize(super().forward(queries if self.signed else queries.clamp(min=0)), dim=1)

    @torch.no_grad()
    def start_from_sum(self) -> None:
        """Start as the plain sum of log-probabilities; training goes on from there."""
        first, second = self[0], self[2]
        assert isinstance(first, nn.Linear)
        assert isinstance(second, nn.Linear)
        a = first.in_features
        first.weight[:a], first.weight[a : 2 * a] = torch.eye(a), -torch.eye(a)
        first.bias.zero_()
        second.weight.zero_()
        second.weight[: 2 * a, : 2 * a] = torch.eye(2 * a)
        second.bias.zero_()


class FaceModel(nn.Module):
    """Both encoders and the readout of attribute probabilities from an image embedding.

    `image_head` maps (B, F) backbone features to (B, D); `attributes` maps (B, A) queries to
    (B, D); `readout` maps (B, D) embeddings to (B, A) logits. `backbone` maps (B, 3, H, W) images
    to features; it is None where features come ready.
    """

    def __init__(self, config: ModelConfig, backbone: nn.Module | None = None) -> None:
        super().__init__()
        self.config = config
        self.backbone = backbone
        heads = {"projection": ProjectionHead, "evidence": EvidenceHead}
        self.image_head = heads[config.head](config)
        self.attributes = AttributeEncoder(config)
        self.readout = nn.Linear(config.dim, config.attributes)
        if isinstance(self.image_head, EvidenceHead):
            self._read_evidence(self.image_head.scale)

    @torch.no_grad()
    def _read_evidence(self, scale: float) -> None:
        self.attributes.start_from_sum()
        self.readout.bias.zero_()
        self.readout.weight.zero_()
        a = self.config.attributes
        each = torch.eye(a) / scale
        self.readout.weight[:, :a], self.readout.weight[:, a : 2 * a] = each, -each
        self.readout.requires_grad_(requires_grad=False)

    def encode_images(self, images: Tensor) -> Tensor:
        """(B, 3, H, W) normalised images to (B, D) unit rows."""
        if self.backbone is None:
            raise RuntimeError("this model was built without a backbone")
        return self.image_head(self.backbone(images).float())
