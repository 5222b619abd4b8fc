"""Principal components in an embedding: what they are, and what they leave as it was."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from facesearch.vision.model import FaceModel, ModelConfig
from train.learning.recipes import RECIPES
from train.learning.residual import SPREAD, principal_components, with_residual


@pytest.fixture
def features():
    rng = np.random.default_rng(0)
    mixed = rng.normal(size=(5000, 12)) @ rng.normal(size=(12, 12))
    return (mixed + rng.normal(size=12)).astype(np.float16)


def test_components_are_those_of_a_singular_value_decomposition(features):
    mean, components = principal_components(features, 4)
    plain = features.astype(np.float64)
    centred = plain - plain.mean(axis=0)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    expected = axes[:4] / (sizes[:4, None] / np.sqrt(len(plain)))
    np.testing.assert_allclose(mean, plain.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(components.abs().numpy(), np.abs(expected), atol=1e-4)


def test_a_feature_that_never_varies_gives_no_component(features):
    flat = np.concatenate([features, np.ones((len(features), 3), np.float16)], axis=1)
    _, components = principal_components(flat, 15)
    assert (components[12:] == 0).all()
    assert torch.isfinite(components).all()


@pytest.mark.parametrize("hidden", [0, 7])
def test_a_model_says_the_same_of_attributes_and_has_numbers_of_one_spread_beside(features, hidden):
    torch.manual_seed(0)
    recipe = replace(RECIPES["partial"], hidden=hidden)
    model = FaceModel(recipe.model_config(ModelConfig("none", 12)))
    longer = with_residual(model, features, 5)
    inputs = torch.from_numpy(features).float()
    with torch.inference_mode():
        before, after = model.image_head(inputs), longer.image_head(inputs)
        torch.testing.assert_close(longer.readout(after), model.readout(before), rtol=0, atol=1e-3)
        query = torch.eye(40)[:3]
        order = (model.attributes(query) @ before.T).argsort(stable=True)
        again = (longer.attributes(query) @ after.T).argsort(stable=True)
    assert (order == again).float().mean() > 0.99
    assert before.shape[1] == 81
    assert after.shape[1] == 86
    np.testing.assert_allclose(after.norm(dim=1), 1, atol=1e-5)
    numbers = after[:, 80:85] / longer.image_head.scale
    np.testing.assert_allclose(numbers.std(dim=0), SPREAD, rtol=0.1)
    correlation = np.corrcoef(numbers.T.numpy())
    assert np.abs(correlation - np.eye(5)).max() < 0.05


def test_numbers_that_a_model_had_give_way(features):
    model = FaceModel(RECIPES["partial"].model_config(ModelConfig("none", 12)))
    once = with_residual(model, features, 7)
    again = with_residual(once, features, 5)
    straight = with_residual(model, features, 5)
    for name, tensor in again.image_head.state_dict().items():
        assert torch.equal(tensor, straight.image_head.state_dict()[name])


def test_a_projection_head_stays_as_it_is(features):
    model = FaceModel(RECIPES["reference"].model_config(ModelConfig("none", 12)))
    assert with_residual(model, features, 5) is model
