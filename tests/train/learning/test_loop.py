"""The training loop: what is kept, what a checkpoint holds, what fine-tuning may change."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from facesearch.errors import InputError
from facesearch.vision.backbones import build_backbone
from facesearch.vision.model import FaceModel, ModelConfig
from train.learning import loop
from train.learning.checkpoint import CHECKPOINT
from train.learning.recipes import RECIPES
from train.learning.sources import CachedFeatures, Photographs, depthwise_in_float32
from train.measuring.benchmark import draw_query_sets

RECIPE = replace(RECIPES["partial"], epochs=3, batch_size=8, hidden=0, dim=90)
CONFIG = RECIPE.model_config(ModelConfig("none", 12))


def features(n: int, seed: int) -> CachedFeatures:
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, (n, 40)).astype(np.int8)
    mix = np.random.default_rng(9).normal(size=(40, 12))
    return CachedFeatures((labels @ mix).astype(np.float16), labels)


def train(folder=None, *, recipe=RECIPE, model=None, valid=None, **options):
    if model is None:
        torch.manual_seed(0)
        model = FaceModel(CONFIG)
    valid = valid or features(20, 1)
    sets = draw_query_sets(valid.labels.numpy(), 5, seed=1)
    learn = options.pop("learn", None) or features(40, 0)
    history = loop.train(model, recipe, learn, valid, sets, seed=0, folder=folder, **options)
    return model, history


def test_the_best_epoch_is_kept_and_not_the_last(monkeypatch):
    quality, states = iter([0.1, 0.9, 0.2]), []

    def judge(sets, method):
        return dict.fromkeys(loop.HEADLINE, next(quality))

    def remember(row):
        states.append(copy.deepcopy(model.state_dict()))

    monkeypatch.setattr(loop, "score_sets", judge)
    torch.manual_seed(0)
    model = FaceModel(CONFIG)
    train(model=model, report=remember)
    assert len(states) == 3
    weight = "image_head.logits.weight"
    assert torch.equal(model.state_dict()[weight], states[1][weight])
    assert not torch.equal(model.state_dict()[weight], states[2][weight])


@pytest.mark.parametrize("save_every", [1, 5, 7])
def test_a_run_that_dies_while_an_epoch_is_validated_resumes_to_the_same_result(
    tmp_path, monkeypatch, save_every
):
    straight, history = train()
    real, calls = loop.score_sets, []

    def dies_at_the_second(sets, method):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(sets, method)

    monkeypatch.setattr(loop, "score_sets", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, save_every=save_every)
    monkeypatch.setattr(loop, "score_sets", real)
    resumed, again = train(tmp_path, save_every=save_every, resume=True)
    assert again == history
    for name, tensor in straight.state_dict().items():
        assert torch.equal(tensor, resumed.state_dict()[name]), name


def test_a_finished_run_resumes_to_what_it_was(tmp_path):
    first, history = train(tmp_path)
    second, again = train(tmp_path, resume=True)
    assert again == history
    for name, tensor in first.state_dict().items():
        assert torch.equal(tensor, second.state_dict()[name])


def test_a_damaged_checkpoint_and_a_file_that_is_none_are_refused(tmp_path):
    train(tmp_path, recipe=replace(RECIPE, epochs=1))
    file = tmp_path / CHECKPOINT
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(InputError, match=r"damaged .*train without --resume"):
        train(tmp_path, resume=True)
    save_file({"a": torch.zeros(1)}, file)
    with pytest.raises(InputError, match="not a checkpoint"):
        train(tmp_path, resume=True)


def test_the_learning_rate_rises_and_falls_to_nothing():
    rates = [loop.one_cycle(step / 1000) for step in range(1001)]
    assert np.argmax(rates) == 200
    assert rates[200] == pytest.approx(1)
    assert rates[0] == pytest.approx(0.04)
    assert rates[-1] == pytest.approx(0)


@pytest.fixture
def photographs(tmp_path):
    """Sixteen pictures whose colour says the first attribute."""
    labels = np.random.default_rng(0).integers(0, 2, (16, 40)).astype(np.int8)
    paths = [tmp_path / f"{i}.png" for i in range(16)]
    for path, row in zip(paths, labels, strict=True):
        pixels = np.full((40, 36, 3), 60 + 120 * int(row[0]), np.uint8)
        pixels[10:20, 10:20] = 255 - pixels[10:20, 10:20]
        Image.fromarray(pixels).save(path)
    return paths, labels


def test_fine_tuning_changes_the_backbone_and_averages_a_copy_of_it(photographs):
    paths, labels = photographs
    torch.manual_seed(0)
    network, width = build_backbone("test_efficientnet")  # has depthwise convolutions
    source = Photographs(network, paths, labels, (32, 32))
    copied = copy.deepcopy(network)
    for one, other in zip(network.modules(), copied.modules(), strict=True):
        if "forward" in vars(one):  # a depthwise convolution
            assert vars(one)["forward"].__self__ is one
            assert vars(other)["forward"].__self__ is other
    before = copy.deepcopy(network.state_dict())
    recipe = replace(RECIPE, epochs=2, ema=0.9)
    model = FaceModel(recipe.model_config(ModelConfig("test_efficientnet", width, 32, 32)), network)
    train(recipe=recipe, model=model, learn=source, valid=source)
    after = network.state_dict()
    assert any(not torch.equal(before[name], after[name]) for name in before)
    assert all(torch.isfinite(tensor.float()).all() for tensor in after.values())


def test_depthwise_convolutions_give_the_same_in_float32():
    torch.manual_seed(0)
    network, _ = build_backbone("test_efficientnet")
    network.eval()
    images = torch.randn(2, 3, 32, 32)
    with torch.no_grad():
        expected = network(images)
        depthwise_in_float32(network)
        torch.testing.assert_close(network(images), expected)
        with torch.autocast("cpu", torch.bfloat16):
            torch.testing.assert_close(network(images).float(), expected, atol=0.05, rtol=0.1)


def test_augmentation_is_drawn_from_the_seed_the_epoch_and_the_row(photographs):
    paths, labels = photographs
    source = Photographs(torch.nn.Identity(), paths, labels, (32, 32))
    chunks = [np.array([3, 5]), np.array([7, 9])]
    first, again, other = (
        torch.cat(list(source.stream(chunks, seed))) for seed in ((0, 1), (0, 1), (0, 2))
    )
    assert first.shape == (4, 32, 32, 3)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    plain = torch.cat(list(source.stream(chunks, None)))
    reordered = torch.cat(list(source.stream([np.array([5, 7])], None)))
    assert torch.equal(plain[1:3], reordered)


def test_the_first_epochs_may_see_smaller_images(photographs):
    paths, labels = photographs
    source = Photographs(torch.nn.Identity(), paths, labels, (192, 160), small_epochs=2)
    chunks = [np.array([3, 5])]
    shapes = [next(source.stream(chunks, (0, epoch))).shape[1:3] for epoch in range(3)]
    assert shapes == [(128, 112), (128, 112), (192, 160)]
    assert next(source.stream(chunks, None)).shape[1:3] == (192, 160)


def test_a_photograph_that_vanishes_in_training_is_named(photographs):
    paths, labels = photographs
    source = Photographs(torch.nn.Identity(), paths, labels, (32, 32))
    paths[2].unlink()
    with pytest.raises(InputError, match=r"2\.png: no such file\. It could be read when training"):
        list(source.stream([np.arange(4)], None))
