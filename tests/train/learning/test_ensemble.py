"""Averaged heads: one model that says what its members say on the mean."""

import torch

from facesearch.vision.model import FaceModel, ModelConfig
from train.learning.ensemble import average

SIZES = (0, 0, 16, 8)


def test_the_average_has_the_mean_of_its_members_logits():
    torch.manual_seed(0)
    models = [FaceModel(ModelConfig("any", 24, hidden=hidden)) for hidden in SIZES]
    averaged = average(models)
    features = torch.randn(30, 24)
    with torch.no_grad():
        logits = [m.image_head.logits(m.image_head.widen(features)) for m in models]
        found = averaged.readout(averaged.image_head(features))
    assert averaged.config.hidden == 24
    torch.testing.assert_close(found, torch.stack(logits).mean(dim=0), atol=2e-3, rtol=1e-3)


def test_matrices_alone_average_to_a_matrix():
    models = [FaceModel(ModelConfig("any", 24, hidden=0)) for _ in range(3)]
    assert average(models).image_head.hidden is None
