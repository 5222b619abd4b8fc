"""All that a person does on the page, in the two other engines: Firefox's, and Safari's."""

import json
import os
from collections.abc import Callable, Iterator

import pytest
from clicks import NOTHING, expected, frames_at_rest
from engine import Engine
from firefox import Firefox, find_firefox
from webkit import WebKit, find_webkit

import facesearch
from facesearch import Query

TILES = "[...document.querySelectorAll('.fs-tile')].map(tile => tile.dataset.name)"
CHIPS = "[...document.querySelectorAll('.fs-chip')].map(chip => chip.textContent.trim())"
SHOWN_FACE = "document.querySelector('#fs-face-name').textContent"
ADDRESS = "Object.fromEntries(new URLSearchParams(location.search))"
MIX = ".fs-like input"
COUNT = ".fs-k input"


@pytest.fixture(scope="module")
def firefox(tmp_path_factory) -> Iterator[Engine]:
    yield from started(
        find_firefox(), "firefox-esr", lambda: Firefox(tmp_path_factory.mktemp("profile"))
    )


@pytest.fixture(scope="module")
def webkit() -> Iterator[Engine]:
    yield from started(find_webkit(), "webkit2gtk-driver xvfb", WebKit)


def started(found: str | None, packages: str, start: Callable[[], Engine]) -> Iterator[Engine]:
    """The engine, where it is installed; in continuous integration it has to be."""
    if found is None and "CI" not in os.environ:
        pytest.skip(f"not looked at in another engine: apt-get install {packages}")
    assert found is not None, f"apt-get install {packages}"
    engine = start()
    yield engine
    engine.close()


@pytest.fixture(params=["firefox", "webkit"])
def engine(request) -> Engine:
    return request.getfixturevalue(request.param)


def visible(engine, selector):
    return engine.value(f"!!document.querySelector({selector!r})?.getClientRects().length")


def shown(engine):
    engine.wait("document.querySelector('.fs-gallery').getAttribute('aria-busy') === 'false'")
    return engine.value(TILES)


def with_panel(engine):
    """On a narrow page, pull the panel up."""
    if not visible(engine, ".fs-panel"):
        engine.click(".fs-sheet-open")


def without_panel(engine):
    """On a narrow page, push the panel down."""
    if visible(engine, ".fs-sheet-close"):
        engine.click(".fs-sheet-close")


def tick(engine, name):
    with_panel(engine)
    engine.click(f'input[value="{name}"]')


def exclude(engine, name):
    with_panel(engine)
    engine.click(f'.fs-row[data-name="{name}"] .fs-without')


def open_face(engine, place):
    without_panel(engine)
    engine.click(f".fs-tile:nth-child({place}) .fs-open")
    engine.wait("document.querySelector('.fs-face').open")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_person_types_ticks_drags_opens_goes_back_saves_and_passes_a_link_on(
    engine, width, portraits_app, portraits_bundle
):
    bundle = portraits_bundle
    engine.resize(width, 900)
    engine.open(portraits_app.url + NOTHING)
    assert visible(engine, ".fs-panel") == (width > 760)

    engine.click(".fs-ask-input")
    engine.press(*"smiling man, no hat")
    query = facesearch.parse("smiling man, no hat").query
    engine.until(TILES, expected(bundle, query.wanted, query.unwanted))
    engine.click(".fs-ask-clear")
    engine.press("Escape")
    engine.until(TILES, expected(bundle))

    tick(engine, "Eyeglasses")
    engine.until(TILES, expected(bundle, ["Eyeglasses"]))
    exclude(engine, "Male")
    engine.until(TILES, expected(bundle, ["Eyeglasses"], ["Male"]))
    assert engine.value(CHIPS) == ["with Eyeglasses", "without Male"]

    without_panel(engine)
    engine.drag(COUNT, 0.25, 0.9, 0.1, 0.5)
    count = int(engine.value(f"document.querySelector('{COUNT}').value"))
    assert 30 < count < 70
    engine.until(TILES, expected(bundle, ["Eyeglasses"], ["Male"], k=count))
    engine.until(f"({ADDRESS}).k", str(count))

    open_face(engine, 3)
    names = expected(bundle, ["Eyeglasses"], ["Male"], k=count)
    engine.until(SHOWN_FACE, f"3. {names[2]}")
    engine.press("ArrowRight")
    engine.until(SHOWN_FACE, f"4. {names[3]}")
    engine.click(".fs-more-like")
    query = Query(["Eyeglasses"], ["Male"])
    engine.wait("!document.querySelector('.fs-face').open")
    engine.until(TILES, [hit.name for hit in bundle.similar(names[3], count, query)])

    engine.drag(MIX, 0.0, 1.0, 0.2, 0.6)
    mix = float(engine.value(f"document.querySelector('{MIX}').value"))
    assert 0.4 < mix < 0.8
    engine.until(TILES, [hit.name for hit in bundle.similar(names[3], count, query, mix)])
    engine.until(f"({ADDRESS}).mix", engine.value(f"document.querySelector('{MIX}').value"))

    engine.click('.fs-download[data-kind="json"]')
    engine.wait("saved.length === 1")
    records = json.loads(engine.value("saved[0]"))
    assert [record["name"] for record in records] == shown(engine)
    assert records[0]["query"]["wanted"] == ["Eyeglasses"]

    address, faces = engine.value("location.href"), shown(engine)
    engine.value("history.back()")
    engine.until(SHOWN_FACE, f"4. {names[3]}")
    engine.wait("document.querySelector('.fs-face').open")
    engine.press("Escape")
    engine.wait("!document.querySelector('.fs-face').open")
    engine.until(TILES, names)
    assert engine.value("problems") == []

    engine.open(address)
    engine.until(TILES, faces)
    assert engine.value(CHIPS) == ["with Eyeglasses", "without Male"]
    assert engine.value("document.querySelector('.fs-like-name').textContent").count(names[3])
    tick(engine, "Smiling")
    query = Query(["Eyeglasses", "Smiling"], ["Male"])
    first = [hit.name for hit in bundle.similar(names[3], 24, query, mix)]
    engine.until(f"{TILES}.slice(0, 24)", first)
    assert engine.value("problems") == []


def test_a_person_picks_faces_for_more_like_them_and_teaches_a_look_by_them(
    engine, portraits_app, portraits_bundle
):
    bundle = portraits_bundle
    engine.resize(1280, 900)
    engine.open(portraits_app.url + "?wanted=Smiling")
    names = expected(bundle, ["Smiling"])
    engine.until(TILES, names)
    pick(engine, 1, 3)
    engine.click(".fs-picked-more")
    rows = [bundle.gallery.find(name) for name in (names[0], names[2])]
    terms = bundle.terms(Query(["Smiling"]), (), 0.0, None, rows, [])
    best = bundle.gallery.top(terms, 24)[0]
    engine.until(TILES, [bundle.gallery.faces.names[row] for row in best])
    engine.value("history.back()")
    engine.until(TILES, names)

    pick(engine, 1, 2, 3)
    engine.click(".fs-picked-teach")
    engine.press(*"party look", "Enter")
    engine.wait("!document.querySelector('.fs-lesson').hidden")
    engine.until(CHIPS, ["with Party look"])
    engine.press("y", "n")
    engine.wait("document.querySelector('.fs-lesson').textContent.includes('4 faces with it')")
    engine.click(".fs-lesson-done")
    engine.wait("document.querySelector('.fs-lesson').hidden")
    taught = engine.value("Object.values(localStorage).join()")
    assert "party look" in taught.lower()
    engine.value("localStorage.clear()")
    assert engine.value("problems") == []


def test_a_page_that_nobody_touches_draws_no_frames(engine, portraits_app):
    engine.open(portraits_app.url)
    assert frames_at_rest(engine.value) == 0


def pick(engine, *places):
    """Tick the boxes of the faces at these places, from 1."""
    for place in places:
        engine.click(f".fs-tile:nth-child({place}) .fs-pick")
