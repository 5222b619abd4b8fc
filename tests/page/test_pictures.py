"""Files of pictures as they are sent: whole, in parts, small and large."""

import os

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from facesearch.page.pictures import SMALL, picture_response

CONTENTS = {"small": os.urandom(3000), "large": os.urandom(SMALL + 5000)}


@pytest.fixture(params=CONTENTS)
def file(request, tmp_path):
    file = tmp_path / "picture.jpg"
    file.write_bytes(CONTENTS[request.param])
    return file


def ask(file, headers=None):
    def answer(request):
        return picture_response(request, file) or PlainTextResponse("none", 404)

    return TestClient(Starlette(routes=[Route("/", answer)])).get("/", headers=headers)


def test_a_picture_comes_whole_with_what_caches_go_by(file):
    answer = ask(file)
    assert answer.content == file.read_bytes()
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-length"] == str(file.stat().st_size)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, max-age=86400"
    os.utime(file, (1, 1))
    assert ask(file).headers["etag"] != answer.headers["etag"]


def test_a_part_of_a_picture_can_be_asked_for(file):
    answer = ask(file, {"Range": "bytes=100-199"})
    assert answer.status_code == 206
    assert answer.content == file.read_bytes()[100:200]


@pytest.mark.parametrize("name", ["gone.jpg", "folder.jpg", "text.txt", "null\0.jpg"])
def test_what_is_no_picture_or_not_there_is_none(tmp_path, name):
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "text.txt").write_text("text")
    assert ask(tmp_path / name).status_code == 404
