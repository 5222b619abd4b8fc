import numpy as np
import pytest
from PIL import Image

from facesearch.vision.warp import warp


def ramp(width: int = 200, height: int = 100) -> Image.Image:
    """Red is the column, green the row."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return Image.fromarray(np.stack([x, y, 0 * x], axis=-1).astype(np.uint8))


def test_a_shift_by_whole_pixels_is_a_crop():
    assert (warp(ramp(), 1, 30 + 20j, 50, 40) == np.asarray(ramp().crop((30, 20, 80, 60)))).all()


def test_a_quarter_turn_brings_columns_to_rows():
    out = warp(ramp(), 1j, 60 + 20j, 30, 20)  # frame (x, y) comes from image (60 - y, 20 + x)
    assert np.abs(out[5, 7].astype(int) - (60 - 6, 20 + 7, 0)).max() <= 1


def test_a_smaller_frame_averages_what_it_covers():
    noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
    out = warp(Image.fromarray(noise), 8, 0, 50, 50)
    assert out[5:-5, 5:-5].std() < 0.2 * noise.std()
    assert out.mean() == pytest.approx(127.5, abs=3)


def test_beyond_the_picture_its_edges_are_repeated():
    out = warp(ramp(), 1, -20 - 20j, 40, 40)
    assert (out[:20, :20] == 0).all()
    assert (out[25, :20] == out[25, 20]).all()


@pytest.mark.parametrize("place", [1000 + 1000j, -1000 - 1000j])
def test_a_frame_wholly_outside_shows_the_nearest_edge(place):
    assert len(np.unique(warp(ramp(), 1, place, 20, 20)[..., 0])) == 1
