"""Attribute queries: which images fail them, and drawing them from labels to train on."""

import torch
from torch import Tensor


def fails(labels: Tensor, queries: Tensor) -> Tensor:
    """(B, Q) bool: whether image b is known to lack something that query q asks.

    Args:
        labels: (B, A), 1 present, 0 absent, -1 unknown.
        queries: (Q, A), +1 wanted, -1 unwanted, 0 unknown.
    """
    have, lack = (labels == 1).float(), (labels == 0).float()
    wanted, unwanted = (queries > 0).float(), (queries < 0).float()
    return (lack @ wanted.T + have @ unwanted.T) > 0


def signs(labels: Tensor) -> Tensor:
    """Labels (1, 0, -1 unknown) as whole queries (+1, -1, 0 unknown), float32."""
    return (labels == 1).float() - (labels == 0).float()


def draw_partial(labels: Tensor, generator: torch.Generator, most: int = 5) -> Tensor:
    """One query for each image that the image satisfies: (B, A) labels to (B, A) float32.

    Half of them ask for 1 to `most` of the attributes that the image has, half for 1 to `most` of
    all that are known of it, with its signs. Unknown labels are never asked for.
    """
    whole = signs(labels)
    b = len(labels)
    mixed = torch.rand(b, 1, generator=generator) < 0.5
    number = torch.randint(1, most + 1, (b, 1), generator=generator)
    keys = torch.rand(labels.shape, generator=generator)
    allowed = torch.where(mixed, whole != 0, whole > 0)
    keys = keys.masked_fill(~allowed, -1.0)
    order = keys.argsort(dim=1, descending=True).argsort(dim=1)  # rank of each attribute
    return whole * (allowed & (order < number))
