"""A disk without room: a sentence before the work where it can be known, and nothing lost."""

import os

import numpy as np
import pytest
import torch
from safetensors import SafetensorError

from facesearch.errors import InputError
from train.learning import checkpoint, features


def test_the_room_of_a_cache_is_taken_before_anything_is_computed(tmp_path):
    values, status = features._open_cache(tmp_path / "cache", 4000, 64)
    assert values.shape == (4000, 64)
    assert not values.any()
    assert not status.any()
    for file in (tmp_path / "cache").iterdir():
        assert file.stat().st_blocks * 512 >= file.stat().st_size


def test_a_cache_that_is_there_keeps_what_it_holds(tmp_path):
    values, status = features._open_cache(tmp_path / "cache", 10, 4)
    values[3], status[3] = 7, features.DONE
    again, known = features._open_cache(tmp_path / "cache", 10, 4)
    assert np.array_equal(again, values)
    assert known[3] == features.DONE


def test_a_cache_for_which_there_is_no_room_is_a_sentence_and_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(InputError, match=r"can't be had \(No space left on device\).*--cache"):
        features._open_cache(tmp_path / "cache", 10, 4)
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_checkpoint_for_which_there_is_no_room_leaves_the_one_before(tmp_path, monkeypatch):
    module = torch.nn.Linear(2, 2)
    optimiser = torch.optim.SGD(module.parameters(), 0.1)
    file = tmp_path / "checkpoint.safetensors"
    checkpoint.save(file, {}, checkpoint.Progress(), {"m": module}, optimiser)
    before = file.read_bytes()

    def full(_, fresh, __):
        fresh.write_bytes(b"half")
        raise SafetensorError("No space left on device")

    monkeypatch.setattr(checkpoint, "save_file", full)
    with pytest.raises(InputError, match=r"No space left on device.*--resume"):
        checkpoint.save(file, {}, checkpoint.Progress(), {"m": module}, optimiser)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]
