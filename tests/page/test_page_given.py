"""Asking by a picture of one's own: its faces found, one chosen, likes of it. Nobody is real."""

import http.client
import io
import json
import re
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import numpy as np
import pytest
from clicks import pictures, shown, tick
from drawn_photographs import photograph, scene
from PIL import Image

import facesearch
from facesearch.page.given import HELD, GivenPictures

NOTHING = "?k=24"


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A photograph of two people, the second one larger."""
    file = tmp_path_factory.mktemp("given") / "two.png"
    picture = photograph((30, 20, 60), side=140)
    second = photograph((400, 230, 60), side=230, size=(480, 360))
    picture.paste(second.crop((230, 60, 460, 290)), (230, 60))
    picture.save(file)
    return file


def post(address: str, content: bytes) -> tuple[int, dict]:
    request = urllib.request.Request(f"{address}pictures", content)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def encoded(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_picture_finds_faces_like_the_largest_in_it_or_another(
    portraits_app, portraits_bundle, two, browser_page, width
):
    page = browser_page(portraits_app.url + NOTHING, width=width).page
    page.locator(".fs-give-file").set_input_files(two)
    page.wait_for_selector(".fs-given .fs-photo-face")
    frames = page.locator(".fs-given .fs-photo-face")
    pressed = "all => all.map(f => f.getAttribute('aria-pressed'))"
    assert frames.evaluate_all(pressed) == ["true", "false"]
    found = portraits_bundle.find_faces(two)
    expected = portraits_bundle.terms(portraits_bundle.query(), [(1.0, found[0].vector)])
    rows = portraits_bundle.gallery.top(expected, 24)[0]
    assert shown(page) == [portraits_bundle.gallery.faces.names[int(row)] for row in rows]
    largest = frames.first.bounding_box()
    assert largest["width"] > frames.nth(1).bounding_box()["width"]
    first = shown(page)
    frames.nth(1).click()
    assert shown(page) != first
    assert frames.evaluate_all(pressed) == ["false", "true"]
    tick(page, "Smiling")
    assert len(shown(page)) == 24
    slider = page.get_by_role("slider", name="From like this face")
    assert slider.input_value() == "0.5"
    assert "picture" not in page.url
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    pictures(page)


def test_a_picture_may_be_dropped_and_what_it_shows_be_asked(
    portraits_app, portraits_bundle, two, browser_page
):
    page = browser_page(portraits_app.url + NOTHING).page
    data = page.evaluate_handle(
        """bytes => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "two.png", { type: "image/png" }));
            return data;
        }""",
        list(two.read_bytes()),
    )
    page.locator(".fs").dispatch_event("drop", {"dataTransfer": data})
    page.wait_for_selector(".fs-given .fs-photo-face")
    page.get_by_role("button", name="Start from what it shows").click()
    page.wait_for_selector(".fs-like", state="hidden")
    found = portraits_bundle.find_faces(two)[0]
    names = portraits_bundle.vocabulary.names
    has = {name for name, p in zip(names, found.predicted, strict=True) if p >= 0.5}
    ticked = page.eval_on_selector_all("input[name=wanted]:checked", "all => all.map(b => b.value)")
    assert set(ticked) == has - {"Attractive"}


def test_a_picture_that_shows_no_face_is_said_and_nothing_changes(
    portraits_app, browser_page, tmp_path
):
    visit = browser_page(portraits_app.url + "?wanted=Bald")
    visit.expected, page = ("422",), visit.page  # which the browser writes to its console
    before = shown(page)
    scene().save(tmp_path / "empty.png")
    (tmp_path / "text.png").write_text("no picture")
    for name, sentence in (("empty", "No face was found"), ("text", "This is no picture that")):
        page.locator(".fs-give-file").set_input_files(tmp_path / f"{name}.png")
        page.wait_for_function(
            "sentence => document.querySelector('.fs-error').textContent.includes(sentence)",
            arg=sentence,
        )
        assert shown(page) == before
        assert page.locator(".fs-like").is_hidden()


def test_programs_ask_by_picture_too(portraits_app, portraits_bundle, two):
    from gradio_client import Client

    status, answer = post(portraits_app.url, two.read_bytes())
    assert status == 200
    assert [set(face) for face in answer["faces"]] == [{"name", "box", "has"}] * 2
    client = Client(portraits_app.url, verbose=False)
    name = answer["faces"][0]["name"]
    hits = client.predict(face=name, k=5, api_name="/similar")
    assert [hit["name"] for hit in hits] == [h.name for h in portraits_bundle.similar(two, 5)]


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 422, "No picture came"),
        (b"GIF89a", 422, "This is no picture|can't be read"),
        (b"\xff\xd8\xff\xe0" + bytes(300), 422, "no picture|can't be read"),
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(portraits_app, content, status, sentence):
    found, answer = post(portraits_app.url, content)
    assert found == status
    assert re.search(sentence, answer["error"])


def test_a_picture_over_20_megabytes_is_refused_before_it_is_sent(portraits_app):
    host = urlsplit(portraits_app.url).netloc
    connection = http.client.HTTPConnection(host)
    connection.putrequest("POST", "/pictures")
    connection.putheader("Content-Length", str(20 * 1024 * 1024 + 1))
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == 413
    assert "longer than 20,480 KB" in json.load(answer)["error"]
    connection.close()


def test_a_decompression_bomb_is_refused_before_it_is_decoded(portraits_app):
    bomb = encoded(Image.new("1", (20_000, 20_000)))
    status, answer = post(portraits_app.url, bomb)
    assert status == 422
    assert "pixels" in answer["error"]


def test_only_the_last_pictures_are_held_and_of_them_numbers_alone(portraits_bundle):
    given = GivenPictures(portraits_bundle)
    for number in range(HELD + 1):
        given._vectors[f"p{number}"] = np.ones((1, 3), np.float32)
    picture = photograph((30, 150, 80))
    name = given.add(encoded(picture))["faces"][0]["name"]
    assert len(given._vectors) == HELD
    assert given.vector("p0#1") is None
    vector = given.vector(name)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)
    for other in ("", "#1", name[:-1], f"{name[:-1]}9", f"{name[:-1]}²", f"{name[:-1]}0"):
        assert given.vector(other) is None


def test_without_a_face_only_a_picture_in_celebas_frame_is_taken_whole(portraits_bundle):
    given = GivenPictures(portraits_bundle)
    with pytest.raises(facesearch.InputError, match="No face was found"):
        given.add(encoded(scene(480, 360)))
    answer = given.add(encoded(scene(178, 218)))
    assert [face["box"] for face in answer["faces"]] == [[0, 0, 1, 1]]
