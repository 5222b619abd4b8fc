"""What axe-core finds on the page in each of its states: nothing serious, nothing critical."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from clicks import open_face, shown, with_panel, without_panel

QUERY = "?wanted=Eyeglasses,Smiling&unwanted=Male"
UNMET = "?wanted=Bald,Bangs,Blond_Hair,Goatee"


def grave(page):
    """Serious and critical violations, with the elements that each concerns."""
    found = Axe().run(page).response["violations"]
    return {
        violation["id"]: [(node["html"], node["failureSummary"]) for node in violation["nodes"]]
        for violation in found
        if violation["impact"] in ("serious", "critical")
    }


@pytest.fixture(
    params=[(1280, False), (1280, True), (390, False), (390, True)],
    ids=["1280 light", "1280 dark", "390 light", "390 dark"],
)
def look(request, portraits_url, browser_page):
    """Open an address of the portraits at one of the widths, light or dark."""
    width, dark = request.param
    return lambda query: browser_page(portraits_url + query, width=width, dark=dark).page


def test_a_query_and_its_faces(look):
    page = look(QUERY)
    assert len(shown(page)) == 24
    assert grave(page) == {}
    with_panel(page)
    assert grave(page) == {}


def test_a_query_that_no_face_meets(look):
    page = look(UNMET)
    shown(page)
    page.wait_for_selector(".fs-nearest:not([hidden])")
    assert grave(page) == {}


def test_words_with_suggestions_and_what_is_not_understood(look):
    page = look(QUERY)
    box = page.get_by_role("combobox", name="Say who you look for")
    box.press_sequentially("old man with a ponytail, no gla")
    page.wait_for_selector(".fs-ask-said:not([hidden])")
    page.wait_for_selector(".fs-ask-option")
    page.keyboard.press("ArrowDown")
    assert grave(page) == {}


def test_an_opened_face_and_more_like_it(look):
    page = look(QUERY)
    open_face(page, 2)
    assert grave(page) == {}
    page.get_by_role("button", name="More like this").click()
    page.wait_for_selector(".fs-like:not([hidden])")
    shown(page)
    assert grave(page) == {}


def test_the_opened_card(look):
    page = look(QUERY)
    without_panel(page)
    page.get_by_role("button", name="About").click()
    page.wait_for_selector(".fs-about[open]")
    assert grave(page) == {}


def test_the_check_finds_a_button_without_a_name(portraits_app, browser_page):
    page = browser_page(portraits_app.url + QUERY).page
    page.evaluate("document.querySelector('.fs').append(document.createElement('button'))")
    assert list(grave(page)) == ["button-name"]
