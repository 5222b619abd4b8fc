"""The batch-all triplet loss against a loop over every triplet."""

import math

import pytest
import torch
from torch.nn import functional as F

from train.learning.batch_all_triplet import batch_all_triplet


def batch(b: int = 7, seed: int = 0):
    generator = torch.Generator().manual_seed(seed)
    anchors = F.normalize(torch.randn(b, 5, generator=generator), dim=1).requires_grad_()
    others = F.normalize(torch.randn(b, 5, generator=generator), dim=1)
    negatives = torch.rand(b, b, generator=generator) < 0.6
    return anchors, others, negatives


def excesses(anchors, others, negatives, margin):
    """For each anchor the excess of each of its triplets, by plain loops."""
    return [
        [
            margin + (anchors[i] @ others[j] - anchors[i] @ others[i]).item()
            for j in range(len(anchors))
            if j != i and negatives[i, j]
        ]
        for i in range(len(anchors))
    ]


def test_the_hinge_is_the_mean_over_the_triplets_that_violate_the_margin():
    anchors, others, negatives = batch()
    found = batch_all_triplet(anchors, others, negatives, margin=0.2)
    every = [e for row in excesses(anchors, others, negatives, 0.2) for e in row]
    violating = [e for e in every if e > 0]
    assert 0 < len(violating) < len(every)
    assert found.loss.item() == pytest.approx(sum(violating) / len(violating), rel=1e-5)
    assert found.active == pytest.approx(len(violating) / len(every))


def test_softplus_is_the_mean_over_all_triplets():
    anchors, others, negatives = batch(seed=1)
    found = batch_all_triplet(anchors, others, negatives, 0.1, "softplus", 0.3)
    every = [e for row in excesses(anchors, others, negatives, 0.1) for e in row]
    slow = sum(0.3 * math.log1p(math.exp(e / 0.3)) for e in every) / len(every)
    assert found.loss.item() == pytest.approx(slow, rel=1e-5)


def test_softmax_takes_an_anchors_negatives_in_one_logarithm():
    anchors, others, negatives = batch(seed=2)
    found = batch_all_triplet(anchors, others, negatives, 0.1, "softmax", 0.3)
    rows = [row for row in excesses(anchors, others, negatives, 0.1) if row]
    slow = [0.3 * math.log(1 + sum(math.exp(e / 0.3) for e in row)) for row in rows]
    assert found.loss.item() == pytest.approx(sum(slow) / len(slow), rel=1e-5)


def test_an_embedding_that_is_no_ones_negative_is_not_pushed():
    anchors, others, negatives = batch(seed=3)
    others = others.clone().requires_grad_()
    negatives[:, 4] = False  # every image satisfies query 4
    negatives[4] = False  # nor is it a positive in any triplet
    batch_all_triplet(anchors, others, negatives, margin=2.0).loss.backward()
    assert not others.grad[4].any()
    assert others.grad.abs().sum(dim=1).count_nonzero() == 6


@pytest.mark.parametrize("form", ["hinge", "softplus", "softmax"])
def test_a_batch_without_a_triplet_gives_a_differentiable_zero(form):
    anchors, others, negatives = batch()
    found = batch_all_triplet(anchors, others, negatives & False, 0.2, form)
    assert found.loss.item() == 0
    assert found.active == 0
    found.loss.backward()
    assert torch.equal(anchors.grad, torch.zeros_like(anchors))


@pytest.mark.parametrize("form", ["hinge", "softplus", "softmax"])
def test_gradients_are_finite_where_some_anchors_have_no_negative(form):
    anchors, others, negatives = batch()
    negatives[2] = False
    batch_all_triplet(anchors, others, negatives, 0.2, form, 0.05).loss.backward()
    assert torch.isfinite(anchors.grad).all()
    assert anchors.grad.abs().sum() > 0


def test_shapes_and_forms_that_do_not_fit_are_refused():
    anchors, others, negatives = batch()
    with pytest.raises(ValueError, match=r"negatives \(6, 7\) must be \(B, B\)"):
        batch_all_triplet(anchors, others, negatives[:6])
    with pytest.raises(ValueError, match="must both be"):
        batch_all_triplet(anchors, others[:3], negatives)
    with pytest.raises(ValueError, match="use hinge, softplus or softmax"):
        batch_all_triplet(anchors, others, negatives, form="cubic")
