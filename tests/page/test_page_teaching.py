"""Teaching on the page: from picked faces to an attribute that works like any other."""

import json
import shutil

import numpy as np
import pytest
from apps import ROOT
from clicks import chips, shown, with_panel, without_panel

import facesearch
from facesearch.__main__ import main
from facesearch.gallery.taught import GROUP, read_file

NAME = "party look"
START = "?wanted=Wearing_Earrings,Heavy_Makeup&unwanted=Wearing_Hat"


@pytest.fixture
def page(request, portraits_app, browser_page):
    """The portraits' page, whose browser forgets what it is taught when the test ends."""
    page = browser_page(portraits_app.url + START, width=getattr(request, "param", 1280)).page
    yield page
    page.evaluate("localStorage.clear()")


BOTH = pytest.mark.parametrize("page", [1280, 390], ids=["wide", "narrow"], indirect=True)


def pick(page, count):
    """Pick the first faces that are shown; their names."""
    without_panel(page)
    names = shown(page)[:count]
    for place in range(count):
        page.locator(".fs-tile .fs-pick input").nth(place).check(force=True)
    return names


def teach(page, name=NAME, count=4):
    """Teach an attribute by the first faces; their names, once a face is asked about."""
    names = pick(page, count)
    page.get_by_role("button", name="Teach an attribute").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.keyboard.press("Enter")
    page.wait_for_selector(".fs-lesson:not([hidden])")
    return names


def learned(bundle, like, unlike=(), name=NAME):
    """The portraits with what Python learns from the same faces."""
    return bundle.with_taught([bundle.learn(name, like, unlike)])


def found(bundle, wanted=(), unwanted=(), k=24):
    return [hit.name for hit in bundle.search(bundle.query(wanted, unwanted), k)]


def again(page):
    page.reload()
    page.wait_for_selector(".fs-gallery > li")


def asked_about(page):
    return (
        page.locator(".fs-lesson-question").text_content().removeprefix("Does this face have it? ")
    )


def answer(page, key):
    """Press a key of the lesson, and wait until it is learned from."""
    with page.expect_response(
        lambda r: "component_server" in r.url and "teach" in r.request.post_data
    ):
        page.keyboard.press(key)
    page.wait_for_selector(".fs-lesson[aria-busy=false]")


def taught_row(page, label="Party look"):
    with_panel(page)
    return page.locator(".fs-row.is-taught").filter(has_text=label)


@BOTH
def test_the_page_ranks_by_what_it_learned_at_once(page, shipped_portraits):
    like = teach(page)
    taught = learned(shipped_portraits, like)
    assert shown(page) == found(taught, [NAME])
    assert chips(page) == ["with Party look"]
    assert page.locator(".fs-tile .fs-pick input:checked").count() == 0
    row = taught_row(page)
    group = row.locator("xpath=ancestor::fieldset")
    assert group.locator("legend").text_content() == GROUP
    matching = taught.counts(taught.query([NAME])).matching
    count = int(row.locator(".fs-count span").first.text_content().replace(",", ""))
    assert count == pytest.approx(matching, rel=0.06)  # two digits of an estimate
    dot = row.locator(".fs-dot").get_attribute("aria-label")
    assert f"4 faces with it and 0 without, of which {taught.taught[0].told_apart:.0%}" in dot


def test_it_asks_about_useful_faces_until_done(page, shipped_portraits):
    like = teach(page)
    unlike = []
    for key in "ynnysnyn":
        face = asked_about(page)
        {"y": like, "n": unlike, "s": []}[key].append(face)
        answer(page, key)
        assert asked_about(page) not in [*like, *unlike, face]
    taught = learned(shipped_portraits, like, unlike)
    page.wait_for_function("document.querySelector('.fs-gallery').ariaBusy === 'false'")
    assert (
        f"{len(like)} faces with it, {len(unlike)} without"
        in page.locator(".fs-lesson-marks").text_content()
    )
    assert shown(page) == found(taught, [NAME])
    page.get_by_role("button", name="Done").click()
    assert page.locator(".fs-lesson").is_hidden()
    assert page.evaluate("document.activeElement.value") == NAME  # the keyboard goes on there


def test_answers_faster_than_the_app_learns_all_count(page, shipped_portraits):
    like = teach(page)
    queue = []
    for _ in range(4):  # while the app holds back nothing is lost, nor asked twice
        queue.append(asked_about(page))
        page.keyboard.press("y")
    page.wait_for_selector(".fs-lesson[aria-busy=false]")
    assert page.locator(".fs-lesson-marks").text_content().startswith("8 faces with it")
    assert len({*like, *queue}) == 8
    assert shown(page) == found(learned(shipped_portraits, like + queue), [NAME])


@BOTH
def test_it_works_like_any_other_attribute(page, shipped_portraits):
    taught = learned(shipped_portraits, teach(page))
    page.get_by_role("button", name="Done").click()
    with_panel(page)
    page.get_by_role("checkbox", name="Smiling", exact=True).check()
    without_panel(page)
    assert shown(page) == found(taught, [NAME, "Smiling"])
    page.get_by_role("button", name="All of these: make it or").click()
    assert shown(page) == found(taught, [(NAME, "Smiling")])
    assert chips(page) == ["with Party look", "Smiling"]
    again(page)
    assert shown(page) == found(taught, [(NAME, "Smiling")])
    taught_row(page).get_by_role("button", name="Without Party look").click()
    assert shown(page) == found(taught, ["Smiling"], [NAME])
    page.go_back()
    assert shown(page) == found(taught, [(NAME, "Smiling")])
    without_panel(page)
    page.get_by_role("combobox").fill("party look and no hat")
    page.wait_for_function("location.search.includes('unwanted=Wearing_Hat')")
    assert page.locator(".fs-ask-said").is_hidden()
    assert chips(page) == ["with Smiling", "with Party look", "without Hat"]
    page.locator(".fs-open").first.click()
    page.wait_for_selector(".fs-face[open]")
    face = taught.face(shown(page)[0])
    said = page.locator(".fs-guess", has_text="Party look").locator(".fs-aloud").text_content()
    assert said.endswith(f"predicted {face.predicted[NAME]:.0%}".replace("%", " %"))


def test_too_few_faces_and_names_that_are_taken_are_refused_in_a_sentence(page):
    pick(page, 2)
    page.get_by_role("button", name="Teach an attribute").click()
    dialog = page.locator(".fs-naming")
    assert "Pick 1 more face that has it" in dialog.text_content()
    assert page.get_by_role("button", name="Teach", exact=True).is_disabled()
    page.keyboard.press("Escape")
    pick(page, 3)
    page.get_by_role("button", name="Teach an attribute").click()
    assert "This finds looks, not people" in dialog.text_content()
    for name, sentence in [
        (" ", "Name the look that these faces share."),
        ("wearing hat", "There is an attribute “Wearing hat” already"),
        ("GREY  hair", "There is an attribute “GREY hair” already"),
    ]:
        page.get_by_role("textbox", name="Name").fill(name)
        page.keyboard.press("Enter")
        assert sentence in page.locator(".fs-naming-error").text_content()
    assert page.evaluate("localStorage.length") == 0


def test_it_is_renamed_taught_further_and_removed(page, shipped_portraits):
    like = teach(page)
    page.get_by_role("button", name="Done").click()

    def change():
        row = page.locator(".fs-row.is-taught")
        row.hover()
        row.get_by_role("button", name="Change").click()

    change()
    page.get_by_role("textbox", name="Name").fill("dressed up")
    page.keyboard.press("Enter")
    taught = learned(shipped_portraits, like, name="dressed up")
    page.wait_for_function("location.search.includes('dressed%20up')")
    assert shown(page) == found(taught, ["dressed up"])
    again(page)
    assert shown(page) == found(taught, ["dressed up"])
    change()
    page.get_by_role("button", name="Teach further").click()
    page.wait_for_selector(".fs-lesson:not([hidden])")
    face = asked_about(page)
    assert face not in like
    answer(page, "n")
    page.wait_for_function("document.querySelector('.fs-gallery').ariaBusy === 'false'")
    assert shown(page) == found(
        learned(shipped_portraits, like, [face], "dressed up"), ["dressed up"]
    )
    change()
    page.get_by_role("button", name="Remove", exact=True).click()
    assert page.locator(".fs-row.is-taught").count() == 0
    assert page.locator(".fs-lesson").is_hidden()
    assert chips(page) == []
    assert page.evaluate("localStorage.length") == 0
    again(page)
    shown(page)
    assert page.locator(".fs-row.is-taught").count() == 0


def test_pages_of_one_browser_know_what_the_others_taught(page, portraits_app, browser_page):
    other = browser_page(portraits_app.url + "?wanted=Smiling").page
    teach(page)
    page.get_by_role("button", name="Done").click()
    other.locator(".fs-row.is-taught input").check()
    assert shown(other)
    page.locator(".fs-row.is-taught").get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    other.locator(".fs-row.is-taught").wait_for(state="detached")
    assert chips(other) == ["with Smiling"]


def saved(page, folder):
    """The file that the page saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Save those taught here").click()
    download.value.save_as(folder / "taught.json")
    return folder / "taught.json"


def test_a_file_goes_to_another_browser_and_into_a_bundle(
    page, shipped_portraits, tmp_path, capsys
):
    like = teach(page)
    file = saved(page, tmp_path)
    [one] = read_file(file.read_text())
    expected = shipped_portraits.learn(NAME, like)
    assert (one.name, one.model, one.like, one.unlike) == (NAME, shipped_portraits.model, 4, 0)
    np.testing.assert_allclose(one.weight, expected.weight, rtol=1e-5)
    shutil.copytree(ROOT / "weights" / "portraits", tmp_path / "bundle")
    assert main(["teach", "--bundle", str(tmp_path / "bundle"), "--load", str(file)]) == 0
    loaded = facesearch.open_bundle(tmp_path / "bundle")
    assert shown(page) == found(loaded, [NAME])
    page.evaluate("localStorage.clear()")  # another browser
    page.goto(page.url.split("?")[0] + "?k=24")
    shown(page)
    assert page.locator(".fs-row.is-taught").count() == 0
    page.locator(".fs-taught-file").set_input_files(file)
    page.locator(".fs-row.is-taught input").check()
    assert shown(page) == found(loaded, [NAME])


def test_a_file_of_another_model_or_of_anything_else_is_refused(
    page, drawn_app, browser_page, tmp_path
):
    teach(page)
    file = saved(page, tmp_path)
    other = browser_page(drawn_app.url).page
    other.locator(".fs-taught-file").set_input_files(file)
    error = other.locator(".fs-error")
    error.wait_for()
    assert "taught.json: 'party look' was taught to another model" in error.text_content()
    assert other.locator(".fs-row.is-taught").count() == 0
    for content, sentence in [
        ("{}", "holds no taught attributes"),
        ("no JSON", "holds no taught attributes"),
        (json.dumps({"taught": [{"name": "x"}]}), "is no taught attribute"),
        (json.dumps({"taught": [7] * 50}), "at most 20"),
    ]:
        (tmp_path / "odd.json").write_text(content)
        other.locator(".fs-taught-file").set_input_files(tmp_path / "odd.json")
        other.wait_for_function(
            "text => document.querySelector('.fs-error').textContent.includes(text)", arg=sentence
        )
    assert other.evaluate("localStorage.length") == 0


def test_a_link_to_what_another_browser_was_taught_says_so(portraits_app, browser_page):
    page = browser_page(portraits_app.url + "?wanted=Smiling,party%20look").page
    shown(page)
    assert (
        "“party look”, which is none of this gallery's attributes"
        in page.locator(".fs-error").text_content()
    )
    assert chips(page) == ["with Smiling"]


def test_what_a_browser_kept_and_the_app_refuses_is_left_out_with_a_sentence(
    portraits_app, browser_page, shipped_portraits
):
    model = shipped_portraits.model
    broken = [{"taught": {"name": "odd", "model": model, "weight": "x"}, "rate": 0}]
    script = f"localStorage.setItem('facesearch.taught.{model}', '{json.dumps(broken)}')"
    page = browser_page(portraits_app.url + "?wanted=Smiling", script=script).page
    assert shown(page) == found(shipped_portraits, ["Smiling"])
    assert "What was taught here before can't be used" in page.locator(".fs-error").text_content()
    page.evaluate("localStorage.clear()")


def test_without_a_server_faces_are_picked_but_nothing_is_taught(plain_portraits, browser_page):
    page = browser_page(plain_portraits.url + START).page
    pick(page, 3)
    bar = page.get_by_role("group", name="Picked faces")
    assert bar.get_by_role("button", name="More like these").is_visible()
    assert bar.get_by_role("button", name="Teach").count() == 0
    assert page.locator(".fs-taught").is_hidden()
    assert "or taught an attribute" in page.locator(".fs-serverless").text_content()
