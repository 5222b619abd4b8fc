"""Running a network over images: rows stay aligned, whatever the batch or the number format."""

import contextlib
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from facesearch.errors import InputError
from facesearch.vision import encoder
from facesearch.vision.backbones import build_backbone
from facesearch.vision.encoder import Encoder, normalise
from facesearch.vision.loading import load_batches
from facesearch.vision.model import FaceModel, ModelConfig


@pytest.fixture(scope="module")
def ready() -> Encoder:
    torch.manual_seed(0)
    network, features = build_backbone("test_resnet")
    config = ModelConfig("test_resnet", features, 48, 40, head="projection", hidden=0)
    return Encoder(FaceModel(config, network))


@pytest.fixture
def paths(tmp_path):
    files = [tmp_path / f"{i:02}.png" for i in range(9)]
    for i, file in enumerate(files):
        pixels = np.random.default_rng(i).integers(0, 256, (60, 50, 3), np.uint8)
        Image.fromarray(pixels // (i + 1)).save(file)
    return files


def test_each_row_is_its_images_and_does_not_depend_on_the_others(ready, paths):
    rows = ready.encode(paths)
    assert rows.shape == (9, 128)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for path, row in zip(paths, rows, strict=True):
        np.testing.assert_allclose(ready.encode([path])[0], row, atol=3e-3)
    np.testing.assert_allclose(ready.encode(paths[::-1]), rows[::-1], atol=3e-3)
    assert np.abs(rows[0] - rows[8]).max() > 0.01  # the images differ by more than rounding


def test_an_opened_image_counts_as_its_file(ready, paths):
    mixed = [str(paths[0]), Image.open(paths[1]), paths[2]]
    np.testing.assert_allclose(ready.encode(mixed), ready.encode(paths[:3]), atol=1e-6)


def test_a_mirrored_model_sees_no_difference_between_an_image_and_its_mirror_image(ready, paths):
    images = [Image.open(path) for path in paths]
    mirrors = [ImageOps.mirror(image) for image in images]
    model = FaceModel(replace(ready.model.config, mirrored=True), ready.model.backbone)
    model.load_state_dict(ready.model.state_dict())
    mirrored = Encoder(model)
    np.testing.assert_allclose(mirrored.encode(images), mirrored.encode(mirrors), atol=3e-3)
    assert np.abs(ready.encode(images) - ready.encode(mirrors)).max() > 0.01


def test_no_images_give_no_rows(ready):
    assert ready.encode([]).shape == (0, 128)


def test_an_image_that_can_not_be_read_is_named(ready, paths):
    paths[4].write_bytes(b"no image")
    with pytest.raises(InputError, match=r"04\.png: not an image that can be read"):
        ready.encode(paths)


def test_half_precision_gives_the_same_rows_within_rounding(ready, paths, monkeypatch):
    rows = ready.encode(paths)
    monkeypatch.setattr(encoder, "mixed_precision", lambda device: contextlib.nullcontext())
    np.testing.assert_allclose(ready.encode(paths), rows, atol=5e-3)


def test_pixels_are_normalised_channel_by_channel():
    pixels = np.array([[[[0, 51, 255]]]], np.uint8)  # (1, 1, 1, 3)
    out = normalise(torch.from_numpy(pixels), (0.5, 0.2, 0.0), (0.5, 0.1, 2.0))
    assert out.shape == (1, 3, 1, 1)
    torch.testing.assert_close(out.flatten(), torch.tensor([-1.0, 0.0, 0.5]))


def test_batches_come_in_order_with_rows_and_reasons(paths):
    paths[3].write_bytes(b"")
    batches = list(load_batches(paths, 8, 8, batch_size=2, rows=[8, 3, 0, 1, 5]))
    assert [batch.rows.tolist() for batch in batches] == [[8], [0, 1], [5]]
    assert [list(batch.unreadable) for batch in batches] == [[3], [], []]
    assert "03.png: an empty file" in batches[0].unreadable[3]
    assert batches[1].pixels.shape == (2, 8, 8, 3)
    alone = next(iter(load_batches([paths[1]], 8, 8)))
    assert np.array_equal(batches[1].pixels[1], alone.pixels[0])
    assert list(load_batches([], 8, 8)) == []
