import os
import sys
from pathlib import Path

import numpy as np
import pytest
from drawn_photographs import holds, photograph

from facesearch.errors import InputError
from facesearch.vision.yunet import STRIDES, Yunet, check, decode

FILE = os.environ.get("FACESEARCH_YUNET")


def outputs(height: int = 64, width: int = 96) -> dict[str, np.ndarray]:
    """Nothing found anywhere."""
    found = {}
    for stride in STRIDES:
        cells = (height // stride) * (width // stride)
        for name, depth in (("cls", 1), ("obj", 1), ("bbox", 4), ("kps", 10)):
            found[f"{name}_{stride}"] = np.zeros((1, cells, depth), np.float32)
    return found


def test_a_cell_without_a_score_is_no_candidate():
    assert len(decode(outputs(), 64, 96)) == 0


def test_a_cell_gives_a_box_and_points_relative_to_it():
    made = outputs()
    cell = 1 * 6 + 2  # row 1, column 2 of the 4 x 6 cells of 16 pixels
    made["cls_16"][0, cell], made["obj_16"][0, cell] = 0.9, 0.8
    made["bbox_16"][0, cell] = (0.5, 0.25, np.log(2), np.log(3))
    made["kps_16"][0, cell] = np.arange(10) / 10
    found = decode(made, 64, 96)
    assert found.scores == pytest.approx([np.sqrt(0.72)])
    x, y = (2 + 0.5) * 16, (1 + 0.25) * 16
    assert found.boxes[0] == pytest.approx([x - 16, y - 24, x + 16, y + 24])
    assert found.points[0, 0] == pytest.approx([2 * 16, 1.1 * 16])
    assert found.points[0, 4] == pytest.approx([2.8 * 16, 1.9 * 16])


def test_another_file_than_the_known_one_is_refused(tmp_path):
    (tmp_path / "yunet.onnx").write_bytes(b"another")
    with pytest.raises(InputError, match="not the YuNet that is known here"):
        check(tmp_path / "yunet.onnx")


def test_without_onnxruntime_a_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(InputError, match="pip install onnxruntime"):
        Yunet()


@pytest.mark.skipif(not FILE, reason="FACESEARCH_YUNET names no file of YuNet")
@pytest.mark.parametrize("scale", [1, 2])
def test_faces_are_found_by_the_real_network_whatever_their_size(scale):
    pytest.importorskip("onnxruntime")
    image = photograph((0, 20, 30), (1, 260, 150)).resize((480 * scale, 360 * scale))
    found = Yunet(Path(FILE)).detect(np.array(image))
    for x, y in ((20, 30), (260, 150)):
        assert sum(holds(box / scale, x, y) for box in found.boxes) == 1
