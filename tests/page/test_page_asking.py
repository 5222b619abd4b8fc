"""Asking on the page: three states, counts, the filter, chips, examples, and no match at all."""

import pytest
from clicks import (
    NOTHING,
    chips,
    clear,
    exclude,
    expected,
    shown,
    status,
    tick,
    with_panel,
    without_panel,
)
from conftest import BOTH_WIDTHS, bundle_parts, matching

from facesearch.attributes import ATTRIBUTES, CELEBA, Query
from facesearch.bundle import BundleConfig, write_bundle
from facesearch.gallery import Faces
from facesearch.page.examples import ENOUGH, EXAMPLES


def counts(page) -> dict[str, int]:
    """The number beside each attribute that has one."""
    found = page.eval_on_selector_all(
        ".fs-row:has(.fs-count)",
        "rows => rows.map(r => [r.dataset.name, r.querySelector('.fs-count span').textContent])",
    )
    return {name: int(count.replace(",", "")) for name, count in found}


def asked(page) -> Query:
    """What the panel's controls say."""
    return Query(
        page.eval_on_selector_all("input[name=wanted]:checked", "all => all.map(b => b.value)"),
        page.eval_on_selector_all(
            ".fs-without[aria-pressed=true]", "all => all.map(b => b.parentElement.dataset.name)"
        ),
    )


@BOTH_WIDTHS
def test_the_first_view_shows_an_example_and_eight_to_choose_from(portraits, portraits_bundle):
    page = portraits()
    first = EXAMPLES[0]
    assert shown(page) == expected(portraits_bundle, first.wanted, first.unwanted)
    assert chips(page) == ["with Eyeglasses", "with Smiling", "without Male", "without Blurry"]
    examples = page.get_by_role("group", name="Queries to start from").get_by_role("button")
    assert examples.all_text_contents() == [*(e.title for e in EXAMPLES), "Surprise me"]
    assert examples.first.get_attribute("aria-pressed") == "true"
    box = page.locator(".fs-tile").first.bounding_box()
    assert box["y"] + box["height"] < 860 / 2 + 50  # faces are in sight at once
    examples.nth(4).click()
    fifth = EXAMPLES[4]
    assert shown(page) == expected(portraits_bundle, fifth.wanted, fifth.unwanted)
    assert asked(page) == Query(fifth.wanted, fifth.unwanted)
    assert examples.first.get_attribute("aria-pressed") == "false"


def test_a_surprise_is_a_query_with_matches(portraits, portraits_bundle):
    page = portraits()
    seen = set()
    for _ in range(3):
        before = page.url
        page.get_by_role("button", name="Surprise me").click()
        page.wait_for_function("before => location.href !== before", arg=before)
        query = asked(page)
        assert shown(page) == expected(portraits_bundle, query.wanted, query.unwanted)
        assert matching(portraits_bundle, query) >= ENOUGH
        seen.add(query)
    assert len(seen) > 1


@BOTH_WIDTHS
def test_each_state_is_one_click_away_and_said_to_screen_readers(portraits):
    page = portraits(NOTHING)
    with_panel(page)
    box = page.get_by_role("checkbox", name="Bald", exact=True)
    without = page.get_by_role("button", name="Without Bald", exact=True)

    def states():
        return box.is_checked(), without.get_attribute("aria-pressed") == "true"

    box.click()
    assert states() == (True, False)
    without.click()
    assert states() == (False, True)
    without.click()
    assert states() == (False, False)
    without.click()
    box.click()
    assert states() == (True, False)
    box.click()
    assert states() == (False, False)


@BOTH_WIDTHS
def test_each_state_is_one_key_away(portraits, portraits_bundle):
    page = portraits(NOTHING)
    with_panel(page)
    page.get_by_role("checkbox", name="Bald", exact=True).focus()
    page.keyboard.press("Space")
    assert shown(page) == expected(portraits_bundle, ["Bald"])
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert shown(page) == expected(portraits_bundle, [], ["Bald"])
    page.keyboard.press("Space")
    assert shown(page) == expected(portraits_bundle)


def test_counts_follow_every_click(portraits, portraits_bundle):
    page = portraits(NOTHING)
    for step in (lambda: tick(page, "Smiling"), lambda: exclude(page, "Male"), lambda: None):
        step()
        shown(page)
        query = asked(page)
        live = portraits_bundle.counts(query)
        assert counts(page) == {
            name: round((live.unwanted if name in query.unwanted else live.wanted)[column])
            for column, name in enumerate(ATTRIBUTES)
            if name != "Attractive"
        }
    with_panel(page)
    box = page.get_by_role("checkbox", name="Eyeglasses", exact=True)
    described = box.evaluate(
        "b => b.getAttribute('aria-describedby').split(' ').map("
        "id => document.getElementById(id).textContent).join(' ')"
    )
    column = ATTRIBUTES.index("Eyeglasses")
    assert described.strip() == f"{round(live.wanted[column])} faces"
    title = page.get_by_role("button", name="Without Eyeglasses").get_attribute("title")
    assert title == f"Without Eyeglasses: {round(live.unwanted[column])} faces"
    assert "by the gallery's labels" in page.locator(".fs-hint").text_content()


def test_an_attribute_that_the_model_does_not_know_can_not_be_asked_for(portraits):
    page = portraits(NOTHING)
    with_panel(page)
    assert page.get_by_role("checkbox", name="Attractive not available here").is_disabled()
    assert page.get_by_role("button", name="Without Attractive").is_disabled()


@BOTH_WIDTHS
def test_a_box_filters_the_list_as_one_types(portraits):
    page = portraits(NOTHING)
    with_panel(page)
    box = page.get_by_role("searchbox", name="Find an attribute")
    box.press_sequentially("hair b")
    rows = page.locator(".fs-row:visible label")
    assert rows.all_text_contents() == ["Black hair", "Blond hair", "Brown hair"]
    assert page.locator("legend:visible").all_text_contents() == ["Hair"]
    box.fill("mouth")
    assert rows.all_text_contents() == ["Mouth slightly open"]
    box.fill("gray")  # CelebA's name counts too
    assert rows.all_text_contents() == ["Grey hair"]
    box.fill("crown")
    assert "is called “crown”" in page.locator(".fs-unfound").text_content()
    box.press("Enter")  # sends nothing
    box.fill("")
    assert rows.count() == 40


def test_chips_take_away_one_or_all(portraits, portraits_bundle):
    page = portraits("?wanted=Smiling,Bald&unwanted=Male")
    assert chips(page) == ["with Smiling", "with Bald", "without Male"]
    page.get_by_role("button", name="Remove with Smiling").click()
    assert shown(page) == expected(portraits_bundle, ["Bald"], ["Male"])
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == "with Bald"  # the keyboard goes on from there
    page.get_by_role("button", name="Remove without Male").click()
    assert shown(page) == expected(portraits_bundle, ["Bald"])
    clear(page)
    assert shown(page) == expected(portraits_bundle)
    assert chips(page) == []
    assert page.evaluate("document.activeElement.className") == "fs-example"


@BOTH_WIDTHS
def test_where_none_matches_the_nearest_are_shown_and_a_way_out(portraits, portraits_bundle):
    page = portraits("?wanted=Bald,Goatee,Rosy_Cheeks&unwanted=Male")
    query = Query(["Bald", "Goatee", "Rosy_Cheeks"], ["Male"])
    without_each = portraits_bundle.counts(query).dropped
    dropped = {names[0]: round(count) for (_, names), count in without_each.items()}
    assert matching(portraits_bundle, query) == 0
    assert "0 of 24 match everything you asked" in status(page)
    assert "No face here matches everything" in page.locator(".fs-nearest").text_content()
    assert shown(page) == expected(portraits_bundle, query.wanted, query.unwanted)
    offers = page.locator(".fs-drop").all_text_contents()
    helping = sorted((n for n in dropped if dropped[n]), key=lambda n: -dropped[n])
    assert helping
    assert [int(offer.split(": ")[1].split()[0]) for offer in offers] == [
        dropped[name] for name in helping
    ]
    for name in helping:
        way = "with or without" if name in query.unwanted else "without"
        faces = "1 face" if dropped[name] == 1 else f"{dropped[name]} faces"
        assert f"{way} {CELEBA.labels[name]}: {faces}" in offers
    page.locator(".fs-drop").first.click()
    assert page.evaluate("document.activeElement.className").startswith("fs-chip")
    assert f"{min(24, dropped[helping[0]])} of 24 match" in status(page)
    assert page.locator(".fs-nearest").is_hidden()


def test_on_a_narrow_page_the_panel_is_a_sheet_over_the_faces(portraits_url, browser_page):
    page = browser_page(portraits_url, width=390).page
    panel = page.locator(".fs-panel")
    assert panel.is_hidden()
    opener = page.get_by_role("button", name="Attributes")
    assert opener.text_content() == "Attributes4"
    opener.click()
    top = panel.bounding_box()["y"]
    visible = page.locator(".fs-tile").first.bounding_box()
    assert 0 <= visible["y"] < visible["y"] + visible["height"] < top  # faces can be seen above it
    tick(page, "Wearing_Hat")
    shown(page)
    matching = page.locator(".fs-sheet-close").text_content()
    assert matching == f"Show faces ({counts(page)['Wearing_Hat']} match)"
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert page.evaluate("document.activeElement.className") == "fs-sheet-open"
    opener.click()
    without_panel(page)
    assert panel.is_hidden()


@BOTH_WIDTHS
def test_colours_of_hair_are_any_of_and_an_or_becomes_an_and(portraits, portraits_bundle):
    page = portraits(NOTHING)
    tick(page, "Black_Hair")
    shown(page)
    union = counts(page)["Brown_Hair"]  # what a tick would give
    tick(page, "Brown_Hair")
    hair = ("Black_Hair", "Brown_Hair")
    assert shown(page) == expected(portraits_bundle, [hair])
    assert matching(portraits_bundle, Query([hair])) == union
    without_panel(page)
    assert "wanted=Black_Hair|Brown_Hair&" in page.url
    joints = page.locator(".fs-joint")
    line = page.locator(".fs-chips").text_content()
    assert line == "with BlackorBrown hairClear"
    joints.first.click()
    assert shown(page) == expected(portraits_bundle, list(hair))
    assert joints.all_text_contents() == ["and"]
    assert page.evaluate("document.activeElement.className") == "fs-joint"
    page.keyboard.press("Enter")
    assert shown(page) == expected(portraits_bundle, [hair])
    mark = page.locator(".fs-mark").first
    assert mark.get_attribute("title").startswith("Black or brown hair: yes, ")
    assert page.locator(".fs-tile").first.locator(".fs-mark").count() == 1
    page.reload()
    page.wait_for_selector(".fs-tile")
    assert shown(page) == expected(portraits_bundle, [hair])
    page.get_by_role("button", name="Remove with Black hair").click()
    assert shown(page) == expected(portraits_bundle, ["Brown_Hair"])
    page.go_back()
    assert shown(page) == expected(portraits_bundle, [hair])


@pytest.fixture(scope="module")
def measured_app(tmp_path_factory, drawn_bundle, start_app):
    """An app over a bundle with measured attributes and without labels."""
    config, tensors, gallery = bundle_parts()
    results = {
        "attributes": {
            "Smiling": {"wanted AP": 0.97, "wanted relevant": 480, "unwanted relevant": 480},
            "Male": {"wanted AP": 0.8, "wanted relevant": 500, "unwanted relevant": 500},
            "Blurry": {"wanted AP": 0.1, "wanted relevant": 12, "unwanted relevant": 988},
        }
    }
    folder = tmp_path_factory.mktemp("measured") / "bundle"
    unlabelled = Faces.named(gallery.names)
    config = BundleConfig(config.model, config.dataset, {}, results)
    write_bundle(folder, config, tensors, unlabelled, gallery.embeddings, "# Drawn\n")
    return start_app("--bundle", folder, "--images", drawn_bundle / "images")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_dot_says_how_reliable_an_attribute_is(measured_app, browser_page, width):
    page = browser_page(measured_app.url, width=width).page
    with_panel(page)
    dots = page.locator(".fs-row .fs-dot")
    assert dots.count() == 3
    assert "average precision 0.97, by chance 0.50, on 960 images it never saw" in (
        page.locator("[data-name=Smiling] .fs-dot").get_attribute("title")
    )
    fills = [
        page.locator(f"[data-name={name}] .fs-dot").evaluate("d => getComputedStyle(d).background")
        for name in ("Smiling", "Male", "Blurry")
    ]
    assert len(set(fills)) == 3  # told apart by how full they are
    assert page.get_by_role("checkbox", name="Male", exact=True).is_enabled()
    assert page.locator("[data-name=Male] .fs-note").text_content() == "impression"
    assert "reliable" in page.locator(".fs-dots").text_content()


def test_without_labels_counts_are_predictions_and_the_page_says_so(measured_app, browser_page):
    page = browser_page(measured_app.url + NOTHING).page
    assert "estimated from the model's predictions" in page.locator(".fs-hint").text_content()
    bald = bundle_parts()[2].probabilities[:, ATTRIBUTES.index("Bald")].sum()
    assert counts(page)["Bald"] == round(bald)
    row = page.locator("[data-name=Bald]")
    assert f"With: about {round(bald)} faces" in row.locator(".fs-count").get_attribute("title")
    tick(page, "Bald")
    assert f"; about {round(bald)} have everything you asked, as the model" in status(page)


def test_where_matches_end_a_line_says_so_and_tiles_say_how_likely(measured_app, browser_page):
    page = browser_page(measured_app.url + "?wanted=Bald&k=40").page
    probabilities = bundle_parts()[2].probabilities[:, ATTRIBUTES.index("Bald")]
    likely = int((probabilities >= 0.5).sum())
    assert 0 < likely < 40
    around = page.locator(".fs-divider").evaluate(
        "line => [[...line.parentElement.children].indexOf(line), line.textContent]"
    )
    assert around == [likely, "From here on, each is more likely to lack something."]
    said = page.locator(".fs-score").all_text_contents()
    first = max(probabilities)
    assert said[0] == (f"{100 * first:.0f} %" if first <= 0.99 else "over 99 %")
    assert page.locator(".fs-gallery > li").count() == 41
