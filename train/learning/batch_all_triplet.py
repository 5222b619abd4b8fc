"""Batch-all triplet loss between two branches, with false negatives left out."""

from typing import Literal, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

Form = Literal["hinge", "softplus", "softmax"]


class TripletLoss(NamedTuple):
    """The loss, a scalar, and the share of the triplets that violate the margin, 0 to 1."""

    loss: Tensor
    active: float


def batch_all_triplet(
    anchors: Tensor,
    others: Tensor,
    negatives: Tensor,
    margin: float = 0.2,
    form: Form = "hinge",
    temperature: float = 0.1,
) -> TripletLoss:
    """Anchor a_i against its own positive o_i and every negative o_j, i.e. every (i, i, j).

    The hinge max(0, margin + a_i o_j - a_i o_i) on cosines is averaged over the triplets that
    violate it, as the batch-all form of https://arxiv.org/abs/1703.07737 (section 2) with the zero
    terms left out; "softplus" is its smooth form and "softmax" takes an anchor's negatives in one
    logarithm (https://arxiv.org/abs/1807.03748), both at `temperature`.

    Args:
        anchors: (B, D) unit rows.
        others: (B, D) unit rows; row i is the positive of anchor i.
        negatives: (B, B) bool; [i, j] says that o_j is a true negative of a_i.

    A batch without a triplet gives a zero that can be differentiated.
    """
    if anchors.shape != others.shape or negatives.shape != (len(anchors), len(anchors)):
        raise ValueError(
            f"anchors {tuple(anchors.shape)} and others {tuple(others.shape)} must both be (B, D), "
            f"negatives {tuple(negatives.shape)} must be (B, B)"
        )
    negatives = negatives & ~torch.eye(len(anchors), dtype=torch.bool, device=negatives.device)
    cosines = anchors @ others.T  # (B, B)
    excess = margin + cosines - cosines.diagonal()[:, None]  # (B, B): of triplet (i, i, j)
    count = negatives.sum()
    violations = negatives & (excess > 0)
    active = float(violations.sum() / count.clamp(min=1))
    if form == "hinge":
        total = (excess * violations).sum()
        return TripletLoss(total / violations.sum().clamp(min=1), active)
    scaled = excess / temperature
    if form == "softplus":
        total = (F.softplus(scaled) * negatives).sum() * temperature
        return TripletLoss(total / count.clamp(min=1), active)
    if form == "softmax":
        zero = torch.zeros_like(scaled[:, :1])
        masked = scaled.masked_fill(~negatives, -torch.inf)
        each = torch.logsumexp(torch.cat([zero, masked], dim=1), dim=1) * temperature  # (B,)
        return TripletLoss(each.sum() / negatives.any(dim=1).sum().clamp(min=1), active)
    raise ValueError(f"form {form!r}: use hinge, softplus or softmax")
