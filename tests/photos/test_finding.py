import subprocess
import sys

import numpy as np
import pytest
from drawn_photographs import PORTRAITS, holds, photograph, scene
from PIL import Image

from facesearch.errors import InputError
from facesearch.photos.finding import Finder
from facesearch.photos.measures import Measures, share_inside, why_hidden, why_not_stored, yaw

GOOD = Measures(score=0.99, eye_distance=40, inside=1, sharpness=500, yaw=0)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder()


def test_importing_the_room_loads_no_torch():
    code = "import sys, facesearch.photos.finding; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_faces_come_from_left_to_right(finder):
    faces = finder.find(photograph((3, 280, 20), (4, 30, 120))).faces
    assert [face.shown for face in faces] == [True, True]
    assert holds(faces[0].box, 30, 120)
    assert holds(faces[1].box, 280, 20)


@pytest.mark.parametrize("degrees", [-40, -20, 20, 40])
def test_a_tilted_head_is_aligned_as_an_upright_one(finder, degrees):
    upright = photograph((5, 150, 90))
    tilted = upright.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(120, 120, 120))
    seen, other = finder.find(upright), finder.find(tilted)
    expected = seen.cut(seen.faces[0], 109, 89)
    found = other.cut(other.faces[0], 109, 89)
    middle = np.s_[30:90, 20:70]
    difference = np.abs(expected[middle].astype(int) - found[middle]).mean()
    assert difference < 0.5 * np.abs(expected[middle].astype(int) - expected[middle][::-1]).mean()


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_photograph_on_its_side_is_searched_in_the_other_turns(finder, quarters):
    image = photograph((6, 250, 40))
    turned = Image.fromarray(np.rot90(np.asarray(image), quarters).copy())
    (face,) = (face for face in finder.find(turned).faces if face.shown)
    left, right = face.points[:2]
    angle = np.degrees(np.arctan2(*(right - left)[::-1]))  # clockwise, as y grows downwards
    assert (angle + 90 * quarters + 180) % 360 - 180 == pytest.approx(0, abs=12)
    assert finder.find(turned).cut(face, 218, 178).shape == (218, 178, 3)


def test_a_face_that_fills_the_picture_is_found(finder):
    portrait = Image.open(PORTRAITS[7]).convert("RGB")
    tight = portrait.crop((70, 60, 190, 210)).resize((960, 1200), Image.Resampling.BICUBIC)
    assert [face.shown for face in finder.find(tight).faces] == [True]


def test_boxes_are_in_the_whole_photographs_pixels(finder, tmp_path):
    large = photograph((8, 40, 100), (9, 260, 100)).resize((4800, 3600), Image.Resampling.BICUBIC)
    large.save(tmp_path / "large.jpg")
    seen = finder.find(tmp_path / "large.jpg")
    assert seen.photograph.image.width < 4800
    assert (seen.photograph.width, seen.photograph.height) == (4800, 3600)
    assert holds(seen.faces[0].box / 10, 40, 100)
    assert holds(seen.faces[1].box / 10, 260, 100)


def test_a_small_face_is_cut_from_the_original_pixels(finder, tmp_path):
    large = scene(3600, 2700)
    large.paste(Image.open(PORTRAITS[10]).convert("RGB"), (2000, 1500))
    large.save(tmp_path / "large.jpg", quality=95)
    seen = finder.find(tmp_path / "large.jpg")
    (face,) = (face for face in seen.faces if face.shown)
    assert holds(face.box, 2000, 1500, side=256)
    assert seen.photograph.scale == 1
    assert face.measures.eye_distance == pytest.approx(50, rel=0.25)


def test_a_thumbnail_is_never_enlarged(finder):
    seen = finder.find(photograph((11, 40, 60)))
    width, height = seen.thumbnail(seen.faces[0]).size
    assert width / height == pytest.approx(178 / 218, abs=0.02)
    assert width == pytest.approx(178 * seen.faces[0].measures.eye_distance / 39, abs=2)
    big = photograph((11, 0, 0), side=1200, size=(1200, 1200))
    seen = finder.find(big)
    assert seen.thumbnail(seen.faces[0]).size == (356, 436)


def test_a_picture_without_a_face_has_none_to_show(finder):
    assert not any(face.shown for face in finder.find(scene()).faces)


def test_another_detail_than_those_there_are_is_refused():
    with pytest.raises(InputError, match="detail is 1000: give 1280 or 640"):
        Finder(detail=1000)


def test_another_detector_than_those_there_are_is_refused():
    with pytest.raises(InputError, match="'haar' is not a detector: choose mtcnn or yunet"):
        Finder("haar")


@pytest.mark.parametrize(
    ("change", "hidden", "left_out"),
    [
        ({}, None, None),
        ({"score": 0.9}, "doubtful", None),
        ({"eye_distance": 10}, "small", None),
        ({"inside": 0.3}, "cut", None),
        ({"score": 0.5}, "doubtful", "not a face"),
        ({"eye_distance": 6}, "small", "too small"),
    ],
)
def test_what_is_shown_and_stored_follows_the_measures(change, hidden, left_out):
    measures = Measures(**(GOOD.as_dict() | change))
    assert why_hidden(measures) == hidden
    assert why_not_stored(measures) == left_out


def test_the_share_inside_is_that_of_the_face():
    assert share_inside((1 + 0j, 0j), 500, 500) == 1
    assert share_inside((1 + 0j, -88.5 + 0j), 500, 500) == pytest.approx(0.5, abs=0.04)
    assert share_inside((1 + 0j, 900 + 0j), 500, 500) == 0


def test_a_nose_below_an_eye_is_a_yaw_of_one():
    points = np.array([[0, 0], [40, 0], [20, 25], [5, 50], [35, 50]], np.float32)
    assert yaw(points) == 0
    points[2, 0] = 40
    assert yaw(points) == pytest.approx(1)
