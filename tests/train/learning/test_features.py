"""Cached features: whole after a kill, keyed by all that they depend on, aligned with images."""

import os
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
import torch
from conftest import ROOT
from PIL import Image

from facesearch.errors import InputError
from facesearch.vision.backbones import build_backbone
from facesearch.vision.model import ModelConfig
from train.learning import features
from train.learning.features import cached_features, extract_features

CONFIG = ModelConfig("resnet10t", 512, 64, 64)


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return build_backbone("resnet10t")[0].eval()


@pytest.fixture
def paths(tmp_path):
    files = [tmp_path / f"{i:03}.jpg" for i in range(40)]
    for i, file in enumerate(files):
        pixels = np.random.default_rng(i).integers(0, 255, (70, 60, 3), np.uint8)
        Image.fromarray(pixels).save(file)
    return files


def test_features_are_those_of_the_network_and_are_read_from_the_cache_afterwards(
    network, paths, tmp_path, monkeypatch
):
    found = cached_features(network, CONFIG, paths, tmp_path / "cache", label="x")
    assert found.values.shape == (40, 512)
    assert found.unreadable == {}
    one = cached_features(network, CONFIG, paths[7:8], tmp_path / "one", label="x").values[0]
    np.testing.assert_allclose(one, found.values[7], atol=0.05, rtol=0.05)
    monkeypatch.setattr(features, "load_batches", lambda *_, **__: iter(()))
    again = cached_features(network, CONFIG, paths, tmp_path / "cache", label="x")
    assert np.array_equal(again.values, found.values)


def test_the_cache_is_keyed_by_weights_preprocessing_and_images(network, paths, tmp_path):
    def folders(net, config, files):
        cached_features(net, config, files, tmp_path / "cache", label="x")
        return len(list((tmp_path / "cache").iterdir()))

    assert folders(network, CONFIG, paths[:4]) == 1
    assert folders(network, CONFIG, paths[:4]) == 1
    lists = replace(CONFIG, mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5])  # as JSON gives them back
    assert folders(network, lists, paths[:4]) == 1
    assert folders(network, replace(CONFIG, height=96), paths[:4]) == 2
    assert folders(network, replace(CONFIG, mean=(0.4, 0.5, 0.5)), paths[:4]) == 3
    assert folders(network, CONFIG, paths[:5]) == 4
    torch.manual_seed(1)
    assert folders(build_backbone("resnet10t")[0], CONFIG, paths[:4]) == 5


def test_unreadable_images_are_listed_with_their_reason_and_rows_stay_aligned(
    network, paths, tmp_path
):
    whole = cached_features(network, CONFIG, paths, tmp_path / "whole", label="x")
    paths[3].write_bytes(b"")
    paths[20].write_bytes(paths[20].read_bytes()[:300])
    found = cached_features(network, CONFIG, paths, tmp_path / "part", label="x")
    assert sorted(found.unreadable) == [3, 20]
    assert "empty file" in found.unreadable[3]
    assert found.rows.tolist() == [i for i in range(40) if i not in (3, 20)]
    np.testing.assert_allclose(found.readable, whole.values[found.rows], atol=0.05, rtol=0.05)
    for path in paths:
        path.write_bytes(b"no image")
    with pytest.raises(InputError, match="Not one of 40 images can be read"):
        cached_features(network, CONFIG, paths, tmp_path / "none", label="x")


KILLED = """
import sys, time
from pathlib import Path
import torch
from facesearch.vision.backbones import build_backbone
from facesearch.vision.model import ModelConfig
from train.learning.features import extract_features
torch.manual_seed(0)
network = build_backbone("resnet10t")[0].eval()
def slowly(network, inputs, outputs):
    if len(inputs[0]) == 8:  # not the look at how norms fold
        print("batch", flush=True)
        time.sleep(0.3)
network.register_forward_hook(slowly)
paths = sorted(Path(sys.argv[1]).glob("*.jpg"))
config = ModelConfig("resnet10t", 512, 64, 64)
extract_features(network, config, paths, Path(sys.argv[2]), batch_size=8)
"""


def test_a_killed_run_loses_one_batch_at_the_most_and_ends_the_same(network, paths, tmp_path):
    cache = tmp_path / "cache"
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path), str(cache)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(3):
        assert process.stdout.readline() == b"batch\n"
    process.kill()
    process.wait()
    time.sleep(0.1)
    done = int((np.fromfile(cache / "status.u8", np.uint8) == features.DONE).sum())
    assert done >= 16  # of the 24 that were begun
    seen = []
    hook = network.register_forward_hook(lambda _, inputs, __: seen.append(len(inputs[0])))
    resumed = extract_features(network, CONFIG, paths, cache, batch_size=8)
    hook.remove()
    assert seen.count(8) * 8 == 40 - done
    straight = extract_features(network, CONFIG, paths, tmp_path / "other", batch_size=8)
    np.testing.assert_allclose(resumed.values, straight.values, atol=0.02, rtol=0.02)
