"""Faces picked on the page: by boxes, ranges and keys; more and fewer like them."""

import csv
import io
import json

import pytest
from clicks import NOTHING, chips, clear, expected, shown, tick
from conftest import BOTH_WIDTHS

from facesearch.attributes import Query


def picked(page):
    """The names of the picked faces that are shown."""
    return page.eval_on_selector_all(
        ".fs-tile:has(.fs-pick input:checked)", "tiles => tiles.map(t => t.dataset.name)"
    )


def pick(page, place, *, shift=False):
    """Click the box of the face at a place from 1."""
    tile = page.locator(".fs-tile").nth(place - 1)
    tile.hover()
    tile.locator(".fs-pick").click(modifiers=["Shift"] if shift else [])


def bar(page):
    return page.get_by_role("group", name="Picked faces")


def moved(bundle, wanted=(), more=(), fewer=()):
    """The 24 that a moved search finds."""
    rows = [[bundle.gallery.find(name) for name in names] for names in (more, fewer)]
    terms = bundle.terms(Query(wanted), (), 0.0, None, *rows)
    return [bundle.gallery.faces.names[row] for row in bundle.gallery.top(terms, 24)[0]]


def in_chips(page, side):
    """The faces that stand as chips on one side."""
    labels = page.eval_on_selector_all(
        f".fs-moved-{side} .fs-moved-face", "all => all.map(b => b.getAttribute('aria-label'))"
    )
    return [label.removeprefix(f"Remove {side} like ") for label in labels]


@BOTH_WIDTHS
def test_boxes_ranges_and_the_bar(portraits):
    page = portraits("?wanted=Smiling")
    names = shown(page)
    assert bar(page).is_hidden()
    pick(page, 2)
    assert picked(page) == [names[1]]
    assert "1 face picked" in bar(page).text_content()
    pick(page, 5, shift=True)
    assert picked(page) == names[1:5]
    assert "4 faces picked" in bar(page).text_content()
    pick(page, 3)  # and goes again
    assert picked(page) == [names[1], *names[3:5]]
    box = bar(page).bounding_box()
    assert box["y"] + box["height"] <= 860  # in sight, wherever one has scrolled
    assert box["x"] >= 0
    bar(page).get_by_role("button", name="Clear").click()
    assert picked(page) == []
    assert bar(page).is_hidden()


def test_a_picture_opens_a_face_but_picks_it_with_shift_or_control(portraits):
    page = portraits("?wanted=Smiling")
    names = shown(page)
    opener = page.locator(".fs-open")
    opener.nth(0).click(modifiers=["Control"])
    opener.nth(2).click(modifiers=["Shift"])
    assert picked(page) == names[:3]
    assert page.locator(".fs-face[open]").count() == 0
    opener.nth(0).click(modifiers=["Control"])
    assert picked(page) == names[1:3]
    opener.nth(0).click()
    page.wait_for_selector(".fs-face[open]")


def test_by_keys_alone(portraits, portraits_bundle):
    page = portraits("?wanted=Smiling")
    names = shown(page)
    page.locator(".fs-open").nth(1).focus()
    page.keyboard.press("x")
    page.keyboard.press("Tab")  # to its box
    assert page.evaluate("document.activeElement.matches('.fs-pick input')")
    page.keyboard.press("Space")
    assert picked(page) == []
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+X")
    assert picked(page) == names[1:4]
    page.keyboard.press("Escape")
    assert picked(page) == []
    assert page.evaluate("document.activeElement.closest('.fs-tile').dataset.name") == names[3]
    page.keyboard.press("x")
    page.keyboard.press("m")
    assert shown(page) == moved(portraits_bundle, ["Smiling"], [names[3]])
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == f"Remove more like {names[3]}"


@BOTH_WIDTHS
def test_more_and_fewer_move_the_search_mix_with_ticks_and_are_in_the_address(
    portraits, portraits_bundle
):
    page = portraits(NOTHING)
    names = shown(page)
    pick(page, 1)
    pick(page, 3)
    page.get_by_role("button", name="More like these").click()
    more = [names[0], names[2]]
    assert shown(page) == moved(portraits_bundle, more=more)
    assert picked(page) == []
    tick(page, "Smiling")
    assert shown(page) == moved(portraits_bundle, ["Smiling"], more)
    page.evaluate("document.querySelector('.fs-panel').hidePopover?.()")
    pick(page, 6)
    less = shown(page)[5]
    page.get_by_role("button", name="Fewer like these").click()
    both = moved(portraits_bundle, ["Smiling"], more, [less])
    assert shown(page) == both
    assert in_chips(page, "more") == more
    assert in_chips(page, "fewer") == [less]
    page.reload()
    page.wait_for_selector(".fs-gallery > li")
    assert shown(page) == both
    assert (in_chips(page, "more"), in_chips(page, "fewer")) == (more, [less])
    page.get_by_role("button", name=f"Remove more like {more[0]}").click()
    assert shown(page) == moved(portraits_bundle, ["Smiling"], more[1:], [less])
    page.get_by_role("button", name="Remove all of fewer like").click()
    assert shown(page) == moved(portraits_bundle, ["Smiling"], more[1:])
    page.go_back()
    page.go_back()
    assert shown(page) == both
    page.go_forward()
    assert shown(page) == moved(portraits_bundle, ["Smiling"], more[1:], [less])
    clear(page)
    assert chips(page) == in_chips(page, "more") == in_chips(page, "fewer") == []
    assert shown(page) == expected(portraits_bundle)


def test_exports_and_the_program_say_what_moves_the_search(portraits, portraits_app):
    page = portraits("?wanted=Smiling&more=006013.webp&fewer=006101.webp&fewer=006240.webp")
    query = {
        "wanted": ["Smiling"],
        "unwanted": [],
        "more": ["006013.webp"],
        "fewer": ["006101.webp", "006240.webp"],
    }
    names = shown(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="JSON").click()
    rows = json.loads(saved.value.path().read_text())
    assert [row["name"] for row in rows] == names
    assert rows[0]["query"] == query
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    [first, *_] = csv.DictReader(io.StringIO(saved.value.path().read_text()))
    assert json.loads(first["query"]) == query
    program = page.locator(".fs-program pre").text_content()
    assert 'more=["006013.webp"], fewer=["006101.webp","006240.webp"]' in program


def test_the_program_finds_the_same(portraits_app, browser_page):
    page = browser_page(
        portraits_app.url + "?wanted=Smiling&more=006013.webp&like=006240.webp"
    ).page
    scope = {}
    exec(page.locator(".fs-program pre").text_content(), scope)
    assert [face["name"] for face in scope["faces"]] == shown(page)


@pytest.mark.parametrize("like", ["", "&like=006240.webp&mix=0.5"])
def test_a_face_that_is_gone_is_named_and_leaves_the_rest(portraits, portraits_bundle, like):
    page = portraits(f"?wanted=Smiling&more=gone.png&more=006013.webp{like}")
    shown(page)
    assert "There is no face 'gone.png'" in page.locator(".fs-error").text_content()
    assert in_chips(page, "more") == ["006013.webp"]
    page.wait_for_url(lambda url: "gone" not in url)
    assert ("like=006240.webp" in page.url) == bool(like)
    if not like:
        assert shown(page) == moved(portraits_bundle, ["Smiling"], ["006013.webp"])


def test_what_is_picked_stays_picked_while_the_query_changes(portraits):
    page = portraits("?wanted=Smiling")
    pick(page, 1)
    name = picked(page)[0]
    tick(page, "Bald")
    shown(page)
    pick(page, 1)
    assert "2 faces picked" in bar(page).text_content()
    assert name not in picked(page)
    page.go_back()
    shown(page)
    assert name in picked(page)
