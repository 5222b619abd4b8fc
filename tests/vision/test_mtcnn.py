import numpy as np
import pytest
import torch
from drawn_photographs import holds, photograph, scene
from PIL import Image
from safetensors.numpy import load_file, save_file

from facesearch.errors import InputError
from facesearch.vision.candidates import Candidates, suppress_contained
from facesearch.vision.mtcnn import SIDES, WEIGHTS, Mtcnn, Pyramid

PLACES = ((0, 20, 30), (1, 260, 150))


@pytest.fixture(scope="module")
def mtcnn() -> Mtcnn:
    return Mtcnn()


def test_faces_are_found_where_they_are(mtcnn):
    found = mtcnn.detect(np.array(photograph(*PLACES)))
    for _, x, y in PLACES:
        assert sum(holds(box, x, y) for box in found.boxes[found.scores > 0.9]) == 1


def test_points_are_eyes_nose_and_mouth_left_before_right(mtcnn):
    found = mtcnn.detect(np.array(photograph(PLACES[0])))
    left, right, nose, mouth_left, mouth_right = found.points[0]
    assert left[0] < nose[0] < right[0]
    assert mouth_left[0] < mouth_right[0]
    assert left[1] < nose[1] < mouth_left[1]


@pytest.mark.parametrize("size", [(480, 360), (1280, 14), (5, 5), (1, 1)])
def test_a_picture_without_a_face_has_none(mtcnn, size):
    found = mtcnn.detect(np.array(scene(*size)))
    assert (found.scores < 0.9).all()
    assert found.points.shape == (len(found), 5, 2)


def test_a_second_look_at_a_mirror_image_sees_the_mirror_image(mtcnn):
    window = np.array(photograph((2, 0, 0), size=(180, 180)).resize((SIDES[1], SIDES[1])))
    logits, boxes, points = mtcnn.look(np.stack([window, window[:, ::-1]]))
    assert logits[0] == pytest.approx(logits[1], abs=1e-4)
    assert boxes[0] == pytest.approx([1 - boxes[1][2], boxes[1][1], 1 - boxes[1][0], boxes[1][3]])
    back = points[1] * (-1, 1) + (1, 0)
    assert points[0] == pytest.approx(back[[1, 0, 2, 4, 3]], abs=1e-5)


def test_windows_are_cut_as_pillow_cuts_them():
    image = photograph(*PLACES)
    cells = Pyramid(np.array(image)).cut(torch.tensor([[20.0, 30.0, 68.0, 78.0]]), 48)
    expected = (np.asarray(image.crop((20, 30, 68, 78)), np.float32) - 127.5) / 128
    assert cells[0].permute(1, 2, 0).numpy() == pytest.approx(expected, abs=1e-4)


def test_a_window_beyond_the_picture_is_grey_there():
    white = np.full((40, 40, 3), 255, np.uint8)
    cells = Pyramid(white).cut(torch.tensor([[-24.0, -24.0, 24.0, 24.0]]), 24)
    assert (cells[0, :, :11, :11] == 0).all()
    assert cells[0, :, 13:, 13:].numpy() == pytest.approx(127.5 / 128)


def test_of_two_boxes_that_share_most_of_the_smaller_the_better_stays():
    boxes = np.array([[0, 0, 10, 10], [1, 1, 9, 9], [8, 8, 18, 18]], np.float32)
    found = Candidates(boxes, np.array([0.8, 0.9, 0.7], np.float32), np.zeros((3, 5, 2)))
    assert suppress_contained(found).scores.tolist() == pytest.approx([0.9, 0.7])


def test_weights_of_another_shape_are_refused(tmp_path):
    tensors = load_file(WEIGHTS)
    tensors["output.14.bias"] = tensors["output.14.bias"][:5]
    save_file(tensors, tmp_path / "weights.safetensors")
    with pytest.raises(InputError, match=r"output.14.bias has shape"):
        Mtcnn(tmp_path / "weights.safetensors")


def test_a_grey_picture_of_one_value_is_no_crowd(mtcnn):
    assert len(mtcnn.detect(np.array(Image.new("RGB", (300, 200), (127, 127, 127))))) == 0
