"""Calibration: as many faces are expected to have an attribute as have it."""

import numpy as np
import pytest
import torch

from facesearch.vision.model import FaceModel, ModelConfig
from train.learning.publish import calibrate
from train.learning.recipes import RECIPES


def test_expected_counts_become_those_of_the_labels_and_embeddings_stay():
    torch.manual_seed(0)
    model = FaceModel(RECIPES["linear"].model_config(ModelConfig("none", 12)))
    rng = np.random.default_rng(0)
    with torch.inference_mode():
        rows = model.image_head(torch.from_numpy(rng.normal(size=(500, 12))).float()).numpy()
    labels = (rng.random((500, 40)) < rng.uniform(0.05, 0.95, 40)).astype(np.int8)
    labels[:100, 1], labels[:, 2], labels[:, 3] = -1, -1, 1
    before = model.readout.bias.clone()
    calibrate(model, rows, labels)
    with torch.inference_mode():
        expected = model.readout(torch.from_numpy(rows)).sigmoid().numpy()
    for column in (0, 1, *range(4, 40)):
        known = labels[:, column] >= 0
        assert expected[known, column].mean() == pytest.approx(
            labels[known, column].mean(), abs=1e-4
        )
    assert (model.readout.bias[2:4] == before[2:4]).all()  # nothing is known of these
