"""Tiles have the shape of upright pictures, whatever lies among them."""

import pytest
from PIL import Image

from facesearch.page.shape import NARROWEST, WIDEST, tile_aspect


def saved(folder, name, size, orientation=None):
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    Image.new("RGB", size).save(folder / name, exif=exif)
    return folder / name


def test_pictures_that_telephones_store_sideways_count_upright(tmp_path):
    pictures = [saved(tmp_path, f"{turn}.jpg", (80, 60), turn) for turn in (5, 6, 7, 8)]
    assert tile_aspect(pictures) == pytest.approx(60 / 80)
    assert tile_aspect([saved(tmp_path, "3.jpg", (80, 60), 3)]) == pytest.approx(80 / 60)


def test_a_panorama_that_sorts_first_does_not_decide(tmp_path):
    faces = [saved(tmp_path, f"{row}.png", (178, 218)) for row in range(3)]
    assert tile_aspect([saved(tmp_path, "first.png", (3000, 400)), *faces]) == pytest.approx(
        178 / 218
    )


def test_it_stays_within_bounds_and_needs_no_picture_that_can_be_read(tmp_path):
    assert tile_aspect([saved(tmp_path, "wide.png", (900, 30))]) == WIDEST
    assert tile_aspect([saved(tmp_path, "tall.png", (1, 6000))]) == NARROWEST
    (tmp_path / "broken.png").write_bytes(b"not a picture")
    assert tile_aspect([tmp_path / "broken.png", tmp_path / "gone.png"]) == 1
    assert tile_aspect([]) == 1


def test_of_many_pictures_a_sample_is_read(tmp_path, monkeypatch):
    one = saved(tmp_path, "a.png", (178, 218))
    read, opened = [], Image.open
    monkeypatch.setattr(Image, "open", lambda file: read.append(file) or opened(file))
    assert tile_aspect([one] * 100_000) == pytest.approx(178 / 218)
    assert len(read) < 100
