"""Answers on the page: how many match, marks, more of the same ranking, likes of a face, files."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from clicks import (
    NOTHING,
    expected,
    open_face,
    opened,
    pictures,
    shown,
    status,
    tick,
    without_panel,
)
from conftest import BOTH_WIDTHS, bundle_parts

from facesearch.attributes import ATTRIBUTES, Query
from facesearch.bundle import write_bundle
from facesearch.gallery import Faces
from facesearch.page.asking import MOST

# Sums up what moved without a click or a key, as browsers do (Cumulative Layout Shift).
LAYOUT_SHIFT = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def test_the_status_says_how_many_match_of_how_many_in_what_time(portraits, portraits_bundle):
    page = portraits("?wanted=Bald,Bangs")
    tick(page, "Wearing_Hat")
    page.get_by_role("button", name="Remove with Bald").click()
    query = Query(["Bangs", "Wearing_Hat"])
    gallery = portraits_bundle.gallery
    rows = np.array([gallery.find(name) for name in shown(page)])
    met = int((gallery.chances(query, rows) >= 0.5).sum())
    sentence = status(page)
    assert sentence.startswith(f"{met} of 24 match everything you asked, of 2,000 faces, in ")
    assert sentence.endswith(" ms.")


@BOTH_WIDTHS
def test_the_slider_says_how_many_faces_an_answer_starts_with(portraits, portraits_bundle):
    page = portraits("?wanted=Bald")
    without_panel(page)
    slider = page.get_by_role("slider", name="How many faces")
    assert slider.input_value() == "24"
    slider.fill("7")
    assert shown(page) == expected(portraits_bundle, ["Bald"], k=7)
    assert page.locator(".fs-k output").text_content() == "7"
    assert "k=7" in page.url
    tick(page, "Smiling")
    assert shown(page) == expected(portraits_bundle, ["Bald", "Smiling"], k=7)
    without_panel(page)
    page.locator(".fs-more").click()
    page.wait_for_function("document.querySelectorAll('.fs-tile').length > 7")
    assert shown(page) == expected(portraits_bundle, ["Bald", "Smiling"], k=31)
    assert slider.input_value() == "7"  # what an answer starts with, not what is loaded
    tick(page, "Bangs")
    assert len(shown(page)) == 7


@pytest.fixture(scope="module")
def partly_labelled(tmp_path_factory, drawn_bundle, start_app):
    """An app over a bundle of which every other label of "Bald" is unknown; its gallery beside."""
    config, tensors, gallery = bundle_parts()
    labels = gallery.labels.copy()
    labels[::2, ATTRIBUTES.index("Bald")] = -1
    partly = replace(gallery, labels=labels)
    folder = tmp_path_factory.mktemp("partly") / "bundle"
    write_bundle(folder, config, tensors, partly.faces, gallery.embeddings, "# Drawn\n")
    return start_app("--bundle", folder, "--images", drawn_bundle / "images"), partly


@pytest.mark.parametrize("width", [1280, 390])
def test_marks_tell_yes_from_no_and_labels_from_guesses(partly_labelled, browser_page, width):
    app, gallery = partly_labelled
    page = browser_page(app.url + "?wanted=Bald&unwanted=Male&k=60", width=width).page
    shown(page)
    tiles = page.eval_on_selector_all(
        ".fs-tile",
        "tiles => tiles.map(t => [t.dataset.name, [...t.querySelectorAll('.fs-mark')]"
        ".map(m => [m.title, m.className, m.textContent])])",
    )
    assert len(tiles) == 60
    for name, marks in tiles:
        row, said = gallery.names.index(name), {}
        for title, look, text in marks:
            assert text.startswith(title)  # screen readers get the same
            said[title] = ("is-met" in look, "is-guess" in look)
        for attribute in ("Bald", "Male"):
            column = ATTRIBUTES.index(attribute)
            label = gallery.labels[row, column]
            has = label == 1 if label >= 0 else gallery.probabilities[row, column] >= 0.5
            source = "by label" if label >= 0 else "the model's guess"
            title = f"{attribute}: {'yes' if has else 'no'}, {source}"
            assert said[title] == (has == (attribute == "Bald"), label < 0)
    borders = {
        page.locator(f".fs-tile .fs-mark{kind}").first.evaluate(
            "m => getComputedStyle(m, '::before').borderStyle"
        )
        for kind in (".is-guess", ":not(.is-guess)")
    }
    assert borders == {"dashed", "solid"}  # not by colour alone


@BOTH_WIDTHS
def test_tiles_can_be_plain(portraits):
    page = portraits()
    switch = page.get_by_role("button", name="Plain tiles")
    assert page.locator(".fs-marks").first.is_visible()
    switch.click()
    assert switch.get_attribute("aria-pressed") == "true"
    assert page.locator(".fs-marks").first.is_hidden()
    assert page.locator(".fs-caption").first.is_hidden()
    assert page.locator(".fs-tile img").first.is_visible()
    switch.click()
    assert page.locator(".fs-marks").first.is_visible()


@BOTH_WIDTHS
def test_more_come_from_the_same_ranking_without_repeats(portraits, portraits_bundle):
    page = portraits("?wanted=Smiling")
    more = page.get_by_role("button", name="Show 24 more")
    whole = expected(portraits_bundle, ["Smiling"], k=96)
    for count in (48, 72, 96):
        more.click()
        assert shown(page) == whole[:count]
        assert f"shown={count}" in page.url
    assert len(set(whole)) == 96
    assert " of 96 match" in status(page)
    page.reload()
    page.wait_for_selector(".fs-tile:nth-child(96)")
    assert shown(page) == whole
    tick(page, "Bald")
    assert len(shown(page)) == 24


def test_more_end_at_a_thousand(portraits, portraits_bundle):
    page = portraits(f"?wanted=Smiling&k={MOST - 8}")
    more = page.locator(".fs-more")
    assert more.text_content() == "Show 8 more"
    more.click()
    page.wait_for_selector(f".fs-tile:nth-child({MOST})")
    assert shown(page) == expected(portraits_bundle, ["Smiling"], k=MOST)
    assert more.is_hidden()


@BOTH_WIDTHS
def test_more_like_a_face_leave_it_out_and_mix_with_ticks(portraits, portraits_bundle):
    page = portraits("?wanted=Wearing_Hat")
    open_face(page, 3)
    face = opened(page)

    def alike(query=None, mix=0.0):
        return [hit.name for hit in portraits_bundle.similar(face, 24, query, mix)]

    page.get_by_role("button", name="More like this").click()
    assert shown(page) == alike(Query(["Wearing_Hat"]))
    assert page.evaluate("document.activeElement.textContent") == "Stop"
    assert face not in shown(page)
    assert f"More like {face}" in page.locator(".fs-like").text_content()
    slider = page.get_by_role("slider", name="From like this face to what I ticked")
    slider.fill("1")
    assert (
        shown(page)
        == [n for n in expected(portraits_bundle, ["Wearing_Hat"], k=25) if n != face][:24]
    )
    slider.fill("0.4")
    assert shown(page) == alike(Query(["Wearing_Hat"]), 0.4)
    assert slider.get_attribute("aria-valuetext") == "40 % what I ticked"
    page.get_by_role("button", name="Clear").click()
    assert shown(page) == alike()
    assert slider.is_disabled()  # nothing is ticked that could be mixed in
    assert f"The 24 most like {face}, of 2,000 faces" in status(page)
    tick(page, "Bald")  # and a tick counts at once
    assert shown(page) == alike(Query(["Bald"]), 0.5)
    without_panel(page)
    page.get_by_role("button", name="Stop").click()
    assert shown(page) == expected(portraits_bundle, ["Bald"])
    assert page.locator(".fs-like").is_hidden()


def saved(page, kind: str, folder) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=kind, exact=True).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file.read_text("utf-8")


def test_what_is_shown_can_be_saved(portraits, portraits_bundle, tmp_path):
    page = portraits("?wanted=Eyeglasses&unwanted=Male&k=30")
    hits = portraits_bundle.search(Query(["Eyeglasses"], ["Male"]), 30)
    version = page.evaluate("new URLSearchParams(location.search).get('gallery')")
    records = json.loads(saved(page, "JSON", tmp_path))
    assert list(records[0]) == ["rank", "name", "score", "query", "bundle", "version"]
    assert [(r["rank"], r["name"]) for r in records] == [(h.rank, h.name) for h in hits]
    assert [r["score"] for r in records] == pytest.approx([h.score for h in hits], abs=1e-6)
    assert records[0]["query"] == {"wanted": ["Eyeglasses"], "unwanted": ["Male"]}
    assert records[0]["bundle"] == "portraits"
    rows = list(csv.DictReader(saved(page, "CSV", tmp_path).splitlines()))
    assert [r["name"] for r in rows] == [h.name for h in hits]
    assert json.loads(rows[0]["query"]) == records[0]["query"]
    assert {r["version"] for r in rows} == {records[0]["version"]}
    assert version in (None, records[0]["version"])


def test_names_that_a_spreadsheet_would_run_are_kept_as_text(tmp_path, start_app, browser_page):
    config, tensors, gallery = bundle_parts(3)
    names = ("=1+1.png", '@a,"b".png', "c.png")
    faces = Faces.named(names, gallery.labels)
    write_bundle(tmp_path / "bundle", config, tensors, faces, gallery.embeddings, "# Drawn\n")
    app = start_app("--bundle", tmp_path / "bundle")
    page = browser_page(app.url + NOTHING).page
    rows = list(csv.DictReader(saved(page, "CSV", tmp_path).splitlines()))
    assert {row["name"] for row in rows} == {"'=1+1.png", '\'@a,"b".png', "c.png"}
    assert {row["name"] for row in json.loads(saved(page, "JSON", tmp_path))} == set(names)
    page.close()
    app.stop()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_pictures_load(portraits_url, browser_page, width):
    visit = browser_page(portraits_url, width=width, script=LAYOUT_SHIFT)
    page = visit.page
    pictures(page)
    page.evaluate("window.shifted = 0")
    visit.page.get_by_role("button", name="Blond waves").click()
    shown(page)
    assert pictures(page) == [256] * 24
    page.wait_for_timeout(700)  # past the time in which moves count as a click's
    assert page.evaluate("window.shifted") < 0.01


@pytest.mark.parametrize("width", [1280, 390])
def test_the_first_screen_stays_where_it_is(portraits_url, browser_page, width):
    page = browser_page(portraits_url, width=width, script=LAYOUT_SHIFT).page
    pictures(page)
    assert page.evaluate("window.shifted") < 0.1  # what browsers call good


def test_answers_are_small(portraits_app, browser_page):
    visit = browser_page(portraits_app.url + NOTHING)
    sizes = []

    def hear(response):
        if "component_server" in response.url:
            sizes.append(int(response.headers["content-length"]))

    visit.page.on("response", hear)
    tick(visit.page, "Smiling")
    shown(visit.page)
    visit.page.wait_for_timeout(100)
    visit.page.remove_listener("response", hear)
    assert 0 < sum(sizes) < 6_000
