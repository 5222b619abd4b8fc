"""When something goes wrong around the page: pictures vanish, the app stops or starts anew."""

import json
import shutil
import socket
import urllib.request

import numpy as np
import pytest
from clicks import NOTHING, expected, pictures, shown, tick
from conftest import bundle_parts
from PIL import Image

import facesearch
from facesearch.bundle import write_bundle
from facesearch.gallery import Faces

# What the browser and Gradio say when the app is gone.
GONE = ("ERR_CONNECTION", "ERR_INCOMPLETE", "Failed to fetch", "component server", "ERR_EMPTY")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_vanished_picture_gives_way_to_the_next_rank_and_the_log_names_it(
    drawn_bundle, tmp_path, start_app, browser_page, width
):
    bundle = facesearch.open_bundle(drawn_bundle)
    shutil.copytree(drawn_bundle / "images", tmp_path / "images")
    ranked = expected(bundle, k=60)
    for gone in (ranked[2], ranked[30]):
        (tmp_path / "images" / gone).unlink()
    app = start_app("--bundle", drawn_bundle, "--images", tmp_path / "images")
    page = browser_page(app.url + NOTHING, width=width).page
    there = [name for name in ranked if name not in (ranked[2], ranked[30])]
    assert shown(page) == there[:24]
    assert page.locator(".fs-rank").all_text_contents() == [
        str(ranked.index(name) + 1) for name in there[:24]
    ]
    page.locator(".fs-more").click()
    page.wait_for_selector(".fs-tile:nth-child(48)")
    assert shown(page) == there[:48]
    page.close()
    errors = app.stop()
    assert errors.count(ranked[2]) == 1
    assert errors.count(ranked[30]) == 1
    assert "Traceback" not in errors


def test_where_every_picture_vanished_the_page_says_so(
    drawn_bundle, tmp_path, start_app, browser_page
):
    shutil.copytree(drawn_bundle / "images", tmp_path / "images")
    app = start_app("--bundle", drawn_bundle, "--images", tmp_path / "images")
    page = browser_page(app.url).page
    pictures(page)
    for image in (tmp_path / "images").iterdir():
        image.unlink()
    tick(page, "Bald")
    assert shown(page) == []
    assert "the app's log names them" in page.locator(".fs-status").text_content()
    page.close()
    app.stop()


def test_a_picture_that_can_not_be_read_leaves_its_name(
    drawn_bundle, tmp_path, start_app, browser_page
):
    broken = expected(facesearch.open_bundle(drawn_bundle))[2]
    shutil.copytree(drawn_bundle / "images", tmp_path / "images")
    (tmp_path / "images" / broken).write_bytes(b"not a picture")
    app = start_app("--bundle", drawn_bundle, "--images", tmp_path / "images")
    page = browser_page(app.url + NOTHING).page
    page.wait_for_selector(".fs-missing")
    assert page.locator(".fs-missing").all_text_contents() == [broken]
    page.close()
    app.stop()


def test_a_page_outlives_a_restart_of_the_app(drawn_bundle, start_app, browser_page, port):
    options = ("--bundle", drawn_bundle, "--port", str(port))
    app = start_app(*options)
    visit = browser_page(app.url + NOTHING)
    pictures(visit.page)
    visit.expected = GONE
    app.stop()
    tick(visit.page, "Bald")
    visit.page.wait_for_selector(".fs-error:not([hidden])")
    assert "does not answer" in visit.page.locator(".fs-error").text_content()
    tick(visit.page, "Smiling")
    app = start_app(*options)
    bundle = facesearch.open_bundle(drawn_bundle)
    assert shown(visit.page) == expected(bundle, ["Bald", "Smiling"])  # by itself
    assert visit.page.locator(".fs-error").is_hidden()
    visit.page.close()
    app.stop()


def test_a_page_of_a_gallery_that_was_replaced_loads_again(
    drawn_bundle, tmp_path, start_app, browser_page, port
):
    config, tensors, gallery = bundle_parts(40, seed=1)
    names = tuple(f"other-{row}.png" for row in range(40))
    other = Faces.named(names, gallery.labels)
    images = {name: tmp_path / name for name in names}
    for file in images.values():
        Image.fromarray(np.full((60, 48, 3), 90, np.uint8)).save(file)
    write_bundle(
        tmp_path / "other", config, tensors, other, gallery.embeddings, "# Other\n", images
    )
    app = start_app("--bundle", drawn_bundle, "--port", str(port))
    visit = browser_page(app.url + NOTHING)
    pictures(visit.page)
    visit.expected = GONE
    app.stop()
    app = start_app("--bundle", tmp_path / "other", "--port", str(port))
    tick(visit.page, "Bald")
    visit.page.wait_for_selector(".fs-error:not([hidden])")
    assert "another gallery" in visit.page.locator(".fs-error").text_content()
    bundle = facesearch.open_bundle(tmp_path / "other")
    assert shown(visit.page) == expected(bundle, ["Bald"])
    visit.page.close()
    app.stop()


def test_no_answer_of_the_app_is_a_traceback(drawn_app):
    """What the page can't send, a program can."""
    config = json.load(urllib.request.urlopen(f"{drawn_app.url}config"))
    part = next(c["id"] for c in config["components"] if c["props"].get("server_fns"))
    for function, data in [("answer", {"k": "x"}), ("answer", [[]]), ("face", {"a": 1})]:
        body = {"data": data, "component_id": part, "fn_name": function, "session_hash": "x"}
        request = urllib.request.Request(
            f"{drawn_app.url}gradio_api/component_server/",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as reply:
            assert json.load(reply)["error"].endswith(".")
