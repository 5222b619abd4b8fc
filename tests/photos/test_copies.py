import io

import numpy as np
import pytest
from drawn_photographs import PORTRAITS
from PIL import Image

from facesearch.photos.copies import LOOK, group_copies, look_of


def looks(*images: Image.Image) -> np.ndarray:
    return np.stack([look_of(np.asarray(image.convert("RGB"))) for image in images])


def resaved(image: Image.Image) -> Image.Image:
    content = io.BytesIO()
    image.convert("RGB").resize((120, 120)).save(content, "JPEG", quality=40)
    return Image.open(content).resize(image.size)


@pytest.fixture(scope="module")
def portraits() -> list[Image.Image]:
    return [Image.open(path).convert("RGB") for path in PORTRAITS[:40]]


def test_a_look_is_small_and_grey(portraits):
    assert looks(portraits[0]).shape == (1, LOOK[0] * LOOK[1])


def test_a_picture_saved_again_is_a_near_copy_and_another_person_is_not(portraits):
    pictures = [*portraits, resaved(portraits[3]), resaved(portraits[3]).rotate(1)]
    same = np.tile([1.0, 0, 0], (len(pictures), 1)).astype(np.float32)  # by vector all are alike
    group = group_copies(same, looks(*pictures), np.arange(len(pictures), dtype=float))
    assert group[[3, 40, 41]].tolist() == [41, 41, 41]  # the highest rank stands for all
    others = np.delete(np.arange(40), 3)
    assert (group[others] == others).all()


def test_faces_whose_vectors_differ_are_no_copies(portraits):
    vectors = np.eye(2, dtype=np.float32)
    alike = looks(portraits[0], portraits[0])
    assert group_copies(vectors, alike, np.zeros(2)).tolist() == [0, 1]


def test_groups_are_those_of_comparing_all_with_all():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(300, 16))
    vectors = np.repeat(centres, 3, axis=0) + rng.normal(size=(900, 16)) * 0.02
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    pictures = np.repeat(rng.integers(0, 256, (300, 320)), 3, axis=0).astype(np.uint8)
    order = rng.permutation(900)
    group = group_copies(vectors[order], pictures[order], np.zeros(900))
    of = order // 3
    expected = np.array([np.flatnonzero(of == each)[0] for each in of])
    assert (group == expected).all()


def test_no_face_and_one_face_are_groups_of_their_own():
    nothing = np.empty((0, 4), np.float32)
    assert group_copies(nothing, np.empty((0, 320), np.uint8), np.empty(0)).tolist() == []
    one = np.ones((1, 4), np.float32) / 2
    assert group_copies(one, np.zeros((1, 320), np.uint8), np.zeros(1)).tolist() == [0]
