"""A newcomer's task, "find a bearded man without glasses who does not smile", in each way."""

import pytest
from clicks import NOTHING, chips, expected, opened, shown, with_panel, without_panel
from conftest import BOTH_WIDTHS

WANTED, UNWANTED = ["Male"], ["No_Beard", "Eyeglasses", "Smiling"]
SAID = "bearded man without glasses who does not smile"


def tabs_to(page, selector, most=30):
    """Press Tab until the focus is on an element; how often that took."""
    for count in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return count
    raise AssertionError(f"{selector} is further than {most} stops away")


@BOTH_WIDTHS
def test_in_words_by_keyboard_alone(portraits, portraits_bundle):
    page = portraits()
    assert tabs_to(page, ".fs-skip button") == 1
    page.keyboard.press("Enter")  # past the panel's stops
    page.keyboard.type(SAID)
    page.wait_for_url("**unwanted=Eyeglasses,No_Beard,Smiling**")
    assert shown(page) == expected(portraits_bundle, WANTED, UNWANTED)
    assert page.locator(".fs-ask-said").is_hidden()
    page.keyboard.press("Enter")
    tabs_to(page, ".fs-open")
    page.keyboard.press("Enter")
    page.wait_for_selector(".fs-face[open]")
    assert opened(page) == shown(page)[0]


def test_the_second_skip_leads_to_the_faces(portraits):
    page = portraits()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.get_by_role("button", name="To the faces").is_visible()
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.matches('.fs-open')")


@BOTH_WIDTHS
def test_in_the_panel_by_mouse(portraits, portraits_bundle):
    page = portraits(NOTHING)
    with_panel(page)
    page.get_by_role("searchbox", name="Find an attribute").fill("beard")
    lacking = page.locator(".fs-without:visible")
    assert lacking.get_attribute("title").startswith("With beard: ")  # no riddle of two negatives
    lacking.click()
    page.get_by_role("searchbox", name="Find an attribute").fill("")
    page.get_by_role("checkbox", name="Male", exact=True).check()
    page.get_by_role("button", name="Without Eyeglasses").click()
    page.get_by_role("button", name="Without Smiling").click()
    without_panel(page)
    assert shown(page) == expected(portraits_bundle, WANTED, UNWANTED)
    assert chips(page) == ["with Male", "with beard", "without Eyeglasses", "without Smiling"]


def test_a_screen_reader_hears_what_is_asked_what_was_found_and_what_each_face_has(portraits):
    page = portraits(f"?wanted=Male&unwanted={','.join(UNWANTED)}")
    shown(page)
    tree = page.locator(".fs").aria_snapshot()
    for line in (
        '- button "Remove with Male"',
        '- button "Remove with beard"',
        '- button "Remove without Smiling"',
        "- status: 24 of 24 match everything you asked, of 2,000 faces",
        '- list "Faces, best first":',
        '- button "Open face 1,',
        '- checkbox "Pick face 1,',
        "- 'listitem \"No beard: no, by label\"'",
        '- combobox "Say who you look for"',
    ):
        assert line in tree, (line, tree)


@pytest.mark.parametrize("wanted", ["wanted", "unwanted"])
def test_a_lack_that_is_not_met_is_no_double_negative_either(portraits, wanted):
    page = portraits(
        "?wanted=Goatee,No_Beard" if wanted == "wanted" else "?unwanted=Goatee,No_Beard"
    )
    shown(page)
    words = set(page.locator(".fs-mark-word").all_text_contents())
    assert not any("no No" in word for word in words)
    if wanted == "wanted":
        assert "beard" in words
