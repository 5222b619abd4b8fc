"""What axe-core finds on the page in each of its states: nothing serious, nothing critical."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from clicks import open_face, shown, with_panel, without_panel

QUERY = "?wanted=Eyeglasses,Smiling&unwanted=Male"
UNMET = "?wanted=Bald,Bangs,Blond_Hair,Goatee"


COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
ALL_BUT_COLOURS = {"rules": {rule: {"enabled": False} for rule in COLOURS["runOnly"]}}


def grave(page, options=None):
    """Serious and critical violations, with the elements that each concerns.

    Where a test doesn't say, all rules on a wide light page, those of colours on a dark one, and
    all others on a narrow one: the rest would be the same there, and colours take the most time.
    """
    if options is None:
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        narrow = page.viewport_size["width"] < 1280
        options = COLOURS if dark else ALL_BUT_COLOURS if narrow else {}
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate(
        "options => axe.run(options).then(results => results.violations)",
        {"resultTypes": ["violations"], **options},
    )
    return {
        violation["id"]: [(node["html"], node["failureSummary"]) for node in violation["nodes"]]
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    }


WIDE = {
    "1280": ("portraits_app", 1280, False),
    "1280 dark": ("portraits_app", 1280, True),
}
LOOKS = {**WIDE, "390 plain": ("plain_portraits", 390, False)}
FROM_APP = {**WIDE, "390": ("portraits_app", 390, False)}


@pytest.fixture(params=LOOKS.values(), ids=list(LOOKS))
def look(request, browser_page):
    """Open an address of the portraits from a server or from plain files, wide or narrow, light or
    dark."""
    served, width, dark = request.param
    url = request.getfixturevalue(served).url
    return lambda query: browser_page(url + query, width=width, dark=dark).page


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


def test_picked_faces_and_those_that_move_a_search(look):
    page = look(QUERY + "&more=006013.webp&fewer=006101.webp")
    shown(page)
    for place in (0, 2):
        page.locator(".fs-pick input").nth(place).check(force=True)
    assert grave(page) == {}


@pytest.mark.parametrize("look", FROM_APP.values(), ids=FROM_APP, indirect=True)
def test_naming_a_look_and_a_lesson(look):
    page = look(QUERY)
    for place in range(3):
        page.locator(".fs-pick input").nth(place).check(force=True)
    page.get_by_role("button", name="Teach an attribute").click()
    page.keyboard.press("Enter")
    page.wait_for_selector(".fs-naming-error:not([hidden])")
    assert grave(page) == {}
    page.keyboard.type("party look")
    page.keyboard.press("Enter")
    page.wait_for_selector(".fs-lesson:not([hidden])")
    assert grave(page) == {}
    with_panel(page)
    assert grave(page) == {}
    page.evaluate("localStorage.clear()")


def test_the_opened_card(look):
    page = look(QUERY)
    without_panel(page)
    page.get_by_role("button", name="About").click()
    page.wait_for_selector(".fs-about[open]")
    assert grave(page) == {}


def test_colours_on_a_narrow_page(portraits_app, browser_page):
    page = browser_page(portraits_app.url + QUERY, width=390).page
    assert grave(page, COLOURS) == {}
    with_panel(page)
    assert grave(page, COLOURS) == {}


def test_the_check_finds_a_button_without_a_name_and_pale_words_in_the_dark(
    portraits_app, browser_page
):
    page = browser_page(portraits_app.url + QUERY, width=390).page
    page.evaluate("document.querySelector('.fs').append(document.createElement('button'))")
    assert list(grave(page)) == ["button-name"]
    page = browser_page(portraits_app.url + QUERY, dark=True).page
    page.add_style_tag(content=".fs-count { color: #333 !important }")
    assert list(grave(page)) == ["color-contrast"]
