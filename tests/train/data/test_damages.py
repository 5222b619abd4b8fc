"""Damages: what each does to a picture, against figures known beforehand."""

import numpy as np
import pytest
from PIL import Image

from train.data import damages
from train.data.damages import DAMAGES, damage


@pytest.fixture
def picture():
    """A picture in colour with fine texture, of CelebA's size."""
    rows, columns = np.mgrid[:218, :178]
    fine = 15 * ((rows + columns) % 2)
    channels = [columns + 20 + fine, rows + fine, 220 - columns // 2 - rows // 4 - fine]
    return Image.fromarray(np.stack(channels, axis=2).astype(np.uint8))


@pytest.fixture
def square():
    """A white square of 40 pixels in the middle of black."""
    pixels = np.zeros((200, 200, 3), np.uint8)
    pixels[80:120, 80:120] = 255
    return Image.fromarray(pixels)


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_leaves_a_picture_in_colour_values_that_is_another(picture, name):
    damaged = DAMAGES[name](picture, np.random.default_rng(0))
    assert damaged.mode == "RGB"
    before = np.asarray(picture.resize(damaged.size, Image.Resampling.NEAREST), float)
    assert 0.5 < np.abs(np.asarray(damaged, float) - before).mean() < 100


def test_sizes_and_values_are_those_that_the_names_say(picture):
    assert damages.smaller(picture, 1 / 2).size == (89, 109)
    dark = np.asarray(damages.gamma(picture, 2.2), float) / 255
    np.testing.assert_allclose(dark, (np.asarray(picture) / 255) ** 2.2, atol=0.003)
    grey = np.asarray(damages.grey(picture))
    assert (grey[:, :, 0] == grey[:, :, 2]).all()
    change = np.asarray(damages.light(picture, 0.2), float).mean(axis=(0, 1))
    ratio = change / np.asarray(picture, float).mean(axis=(0, 1))
    np.testing.assert_allclose(ratio, [1.2, 1, 0.8], atol=0.02)


def test_noise_has_the_spread_asked_for(square):
    middle = Image.fromarray(np.full((200, 200, 3), 128, np.uint8))
    noisy = np.asarray(damages.noise(middle, 20, np.random.default_rng(0)), float)
    assert noisy.std() == pytest.approx(20, rel=0.02)


def test_a_blur_is_as_wide_as_it_is_said_for_pictures_of_celebas_width():
    pixels = np.zeros((218, 178, 3), np.uint8)
    pixels[:, 89:] = 255
    edge = np.asarray(damages.blur(Image.fromarray(pixels), 2.0), float)[100, :, 0]
    slope = np.diff(edge) / 255
    centre = (slope * np.arange(len(slope))).sum()
    spread = np.sqrt((slope * (np.arange(len(slope)) - centre) ** 2).sum())
    assert spread == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("border", damages.BORDERS)
def test_a_frame_without_change_is_the_picture(picture, border):
    same = np.asarray(damages.framed(picture, border=border), int)
    assert np.abs(same - np.asarray(picture)).max() <= 1


def test_a_frame_scales_moves_and_turns_about_the_centre(square):
    def extent(image):
        rows, columns = np.nonzero(np.asarray(image)[:, :, 0] > 127)
        return rows.min(), rows.max() + 1, columns.min(), columns.max() + 1

    assert extent(damages.framed(square, scale=0.5)) == (90, 110, 90, 110)
    assert extent(damages.framed(square, shift=(0.1, -0.2))) == (40, 80, 100, 140)
    corner = np.asarray(damages.framed(square, degrees=45))[:, :, 0] > 127
    assert corner[100, 75]
    assert not corner[82, 82]
    left = Image.fromarray(np.pad(np.asarray(square)[:, 100:], ((0, 0), (100, 0), (0, 0))))
    rows, columns = np.nonzero(np.asarray(damages.framed(left, degrees=90))[:, :, 0] > 127)
    assert rows.mean() < 95  # what was on the right is above: turned to the left
    assert columns.mean() == pytest.approx(99.5, abs=1)


def test_random_damage_is_that_of_its_generator(picture):
    def damaged(seed):
        return damage(picture, np.random.default_rng(seed)).tobytes()

    assert damaged(3) == damaged(3)
    assert len({damaged(seed) for seed in range(20)}) > 15
