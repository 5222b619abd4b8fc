"""The opened face: its attributes, where one can go from it, keys and focus."""

import pytest
from clicks import chips, expected, open_face, opened, shown
from conftest import BOTH_WIDTHS

from facesearch.attributes import ATTRIBUTES, CELEBA


def dialog(page):
    return page.locator(".fs-face")


def focused_inside(page) -> bool:
    return page.evaluate("document.querySelector('.fs-face').contains(document.activeElement)")


@BOTH_WIDTHS
def test_a_click_opens_the_face_with_its_labels_and_predictions(portraits, portraits_bundle):
    page = portraits()
    name = shown(page)[4]
    open_face(page, 5)
    assert page.get_by_role("dialog").is_visible()
    assert page.locator("#fs-face-name").text_content() == f"5. {name}"
    face = portraits_bundle.face(name)
    grouped = [name for group in CELEBA.groups.values() for name in group]
    order = [name for name in grouped if name != "Attractive"]  # which the model does not know
    guesses = [100 * face.predicted[name] for name in order]
    said = page.locator(".fs-guess > .fs-aloud").all_text_contents()
    assert [text.split(", predicted ")[0] for text in said] == [
        f"{CELEBA.labels[name]}: labelled {'yes' if face.labels[name] else 'no'}" for name in order
    ]
    percents = [float(text.split("predicted ")[1].rstrip(" %")) for text in said]
    assert percents == pytest.approx(guesses, abs=0.51)
    bars = page.eval_on_selector_all(
        ".fs-guess-fill", "all => all.map(b => 100 * b.clientWidth / b.parentElement.clientWidth)"
    )
    assert bars == pytest.approx(guesses, abs=2.5)
    picture = dialog(page).locator(".fs-face-picture img")
    picture.evaluate("p => p.decode()")
    assert (
        picture.bounding_box()["width"] > page.locator(".fs-tile img").first.bounding_box()["width"]
    )


def test_arrow_keys_go_to_the_face_before_and_after(portraits):
    page = portraits()
    names = shown(page)
    open_face(page, 1)
    previous = page.get_by_role("button", name="Previous face")
    assert previous.is_disabled()
    for place in (1, 2):
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "name => document.querySelector('#fs-face-name').textContent.endsWith(name)",
            arg=names[place],
        )
    page.keyboard.press("ArrowLeft")
    page.get_by_text(f"2. {names[1]}").wait_for()
    previous.click()
    page.get_by_text(f"1. {names[0]}").wait_for()
    assert focused_inside(page)  # though the button that was pressed is disabled now
    page.keyboard.press("ArrowRight")
    page.get_by_text(f"2. {names[1]}").wait_for()
    page.keyboard.press("Escape")
    assert dialog(page).is_hidden()


def test_past_the_last_face_more_are_fetched(portraits, portraits_bundle):
    page = portraits("?wanted=Smiling")
    open_face(page, 24)
    page.keyboard.press("ArrowRight")
    following = expected(portraits_bundle, ["Smiling"], k=25)[-1]
    page.get_by_text(f"25. {following}").wait_for()
    page.keyboard.press("Escape")
    assert len(shown(page)) == 48


@BOTH_WIDTHS
def test_focus_stays_inside_and_goes_back(portraits):
    page = portraits()
    name = shown(page)[1]
    page.locator(".fs-tile").nth(1).locator(".fs-open").focus()
    page.keyboard.press("Enter")
    dialog(page).wait_for()
    assert focused_inside(page)
    for key in ["Tab"] * 8 + ["Shift+Tab"] * 8:
        page.keyboard.press(key)
        assert focused_inside(page)
    page.keyboard.press("Escape")
    assert dialog(page).is_hidden()
    assert page.evaluate("document.activeElement.parentElement.dataset.name") == name


def test_start_from_a_face_asks_for_the_few_attributes_that_set_it_apart(
    portraits, portraits_bundle
):
    page = portraits()
    open_face(page, 1)
    labels = portraits_bundle.face(opened(page)).labels
    page.get_by_role("button", name="Start from what sets it apart").click()
    dialog(page).wait_for(state="hidden")
    common = portraits_bundle.counts(portraits_bundle.query()).wanted
    has = [attribute for attribute in ATTRIBUTES if labels.get(attribute)]
    assert len(has) > 4
    few = sorted(has, key=lambda attribute: common[CELEBA.index(attribute)])[:4]
    assert sorted(chips(page)) == sorted(f"with {CELEBA.labels[attribute]}" for attribute in few)
    assert shown(page) == expected(portraits_bundle, few)


def test_start_from_all_that_a_face_has_fills_the_panel_with_its_attributes(
    portraits, portraits_bundle
):
    page = portraits()
    open_face(page, 1)
    name = opened(page)
    page.get_by_role("button", name="Start from all that it has").click()
    dialog(page).wait_for(state="hidden")
    labels = portraits_bundle.face(name).labels
    has = [attribute for attribute in ATTRIBUTES if labels.get(attribute)]
    assert sorted(chips(page)) == sorted(f"with {CELEBA.labels[attribute]}" for attribute in has)
    assert shown(page) == expected(portraits_bundle, has)
    assert name in shown(page)
    page.get_by_role("button", name=f"Remove with {CELEBA.labels[has[0]]}").click()
    assert shown(page) == expected(portraits_bundle, has[1:])


def test_a_click_beside_the_face_closes_it(portraits_url, browser_page):
    page = browser_page(portraits_url).page
    open_face(page, 2)
    page.mouse.click(5, 400)
    assert dialog(page).is_hidden()
    open_face(page, 2)
    dialog(page).get_by_role("button", name="Close").click()
    assert dialog(page).is_hidden()


@BOTH_WIDTHS
def test_about_shows_the_model_card(portraits):
    page = portraits()
    page.get_by_role("button", name="About").click()
    card = page.get_by_role("dialog", name="About this gallery")
    assert card.get_by_role("heading", name="portraits").is_visible()
    assert "What it must not be used for" in card.text_content()
    page.keyboard.press("Escape")
    assert card.is_hidden()
