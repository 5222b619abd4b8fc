"""The box of words: the query follows a text while it is typed, and says what it can't ask."""

import pytest
from clicks import NOTHING, chips, clear, expected, open_face, shown, tick
from conftest import BOTH_WIDTHS, ROOT

import facesearch

SAID = ".fs-ask-said"
# Answers to the box's questions come late: the first one last.
# The answer to the first words waits until `release` is called.
LATE = """
let first = true;
const fetched = window.fetch;
window.fetch = async (address, options) => {
  const late = first && String(options?.body ?? "").includes('"words"');
  if (late) first = false;
  const answer = await fetched(address, options);
  if (late) {
    await new Promise((resume) => { window.release = resume; });
    window.setTimeout(() => { window.told = true; }, 200);
  }
  return answer;
};
"""


def box(page):
    return page.get_by_role("combobox", name="Say who you look for")


def say(page, text):
    """Type a text into the box, and wait until it is read."""
    box(page).click()
    box(page).press_sequentially(text)
    read(page)


def read(page):
    """Wait until the app has said what the text means, and the faces are there."""
    page.wait_for_selector(".fs-ask[aria-busy=false]")
    shown(page)


def options(page):
    return page.get_by_role("option").locator("span:first-child").all_text_contents()


@BOTH_WIDTHS
def test_the_query_follows_each_word_as_it_is_typed(portraits, portraits_bundle):
    page = portraits()
    say(page, "smiling ")
    assert chips(page) == ["with Smiling"]  # the example that was shown gives way
    say(page, "woman, ")
    assert chips(page) == ["with Smiling", "without Male"]
    say(page, "black or brown hair and no hat")
    query = facesearch.parse("smiling woman, black or brown hair and no hat").query
    assert shown(page) == expected(portraits_bundle, query.wanted, query.unwanted)
    assert set(chips(page)) == {
        *("with Smiling", "with Black", "Brown hair", "without Male", "without Hat")
    }
    ticked = page.locator("input[name=wanted]:checked").evaluate_all("all => all.map(b => b.value)")
    assert sorted(ticked) == ["Black_Hair", "Brown_Hair", "Smiling"]
    page.wait_for_url("**/?wanted=Black_Hair|Brown_Hair,Smiling&**")  # written in good time
    for _ in range(len(" and no hat")):
        page.keyboard.press("Backspace")
    read(page)
    assert "without Hat" not in chips(page)


def test_what_is_not_understood_or_not_available_is_named(portraits):
    page = portraits(NOTHING)
    say(page, "pretty woman with a ponytail and a hat")
    note = page.locator(SAID)
    assert note.text_content() == "Not understood: ponytail. Not available here: Attractive."
    assert note.get_attribute("role") == "status"
    assert chips(page) == ["with Hat", "without Male"]
    box(page).fill("a hat but no hat")
    read(page)
    assert "“hat” is asked for and ruled out" in note.text_content()
    assert chips(page) == []
    box(page).fill("")
    read(page)
    assert note.is_hidden()


def test_a_last_word_is_called_not_understood_only_when_it_is_finished(portraits):
    page = portraits(NOTHING)
    say(page, "hat, glas")
    assert page.locator(SAID).is_hidden()
    page.keyboard.press("Space")
    page.wait_for_selector(f"{SAID}:not([hidden])")
    assert page.locator(SAID).text_content() == "Not understood: glas."


def test_completion_works_by_keyboard_and_is_said_to_screen_readers(portraits, portraits_bundle):
    page = portraits(NOTHING)
    say(page, "woman without gla")
    field = box(page)
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-controls") == page.get_by_role("listbox").get_attribute("id")
    assert options(page)[0] == "glasses"
    page.keyboard.press("ArrowDown")
    active = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    assert active.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowUp")  # back to the text
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")  # and round to the last
    assert page.get_by_role("option").last.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert field.input_value() == "woman without glasses "
    read(page)
    assert shown(page) == expected(portraits_bundle, [], ["Eyeglasses", "Male"])
    assert field.get_attribute("aria-expanded") == "false"
    say(page, "and ha")
    assert options(page)
    page.keyboard.press("Escape")
    assert options(page) == []
    assert field.input_value() == "woman without glasses and ha"
    page.keyboard.press("Escape")
    assert field.input_value() == ""


@BOTH_WIDTHS
def test_completion_works_by_mouse_and_keeps_the_keyboard_in_the_box(portraits):
    page = portraits(NOTHING)
    say(page, "no necklace, ear")
    page.get_by_role("option", name="earrings").first.click()
    assert box(page).input_value() == "no necklace, earrings "
    assert page.evaluate("document.activeElement.className") == "fs-ask-input"
    read(page)
    assert chips(page) == ["with Earrings", "without Necklace"]
    page.get_by_role("button", name="Clear the words").click()
    read(page)
    assert box(page).input_value() == ""
    assert chips(page) == []


def test_ticks_stay_beside_words_and_words_beside_ticks(portraits, portraits_bundle):
    page = portraits(NOTHING)
    tick(page, "Smiling")
    say(page, "a man in a hat")
    assert set(chips(page)) == {"with Smiling", "with Male", "with Hat"}
    tick(page, "Bald")
    assert box(page).input_value() == "a man in a hat"
    say(page, ", glasses")
    assert set(chips(page)) == {
        *("with Smiling", "with Male", "with Hat", "with Bald", "with Eyeglasses")
    }
    box(page).fill("")
    read(page)
    assert set(chips(page)) == {"with Smiling", "with Bald"}


@BOTH_WIDTHS
def test_a_text_that_no_longer_says_what_is_asked_goes(portraits):
    page = portraits(NOTHING)
    say(page, "bald man with a zebra")
    page.get_by_role("button", name="Remove with Bald").click()
    assert box(page).input_value() == ""
    assert page.locator(SAID).is_hidden()
    assert chips(page) == ["with Male"]
    say(page, "bald")
    clear(page)
    assert box(page).input_value() == ""
    say(page, "bald")
    page.get_by_role("group", name="Queries to start from").get_by_role("button").nth(2).click()
    shown(page)
    assert box(page).input_value() == ""
    assert chips(page) == ["with Blond hair", "with Wavy hair"]


def test_back_leads_before_the_words_at_once(portraits):
    page = portraits("?wanted=Bald")
    shown(page)
    say(page, "smiling man with glasses")
    assert len(chips(page)) == 4
    page.go_back()
    page.wait_for_function("document.querySelectorAll('.fs-chip').length === 1")
    assert chips(page) == ["with Bald"]
    assert box(page).input_value() == ""


def test_a_late_answer_to_an_earlier_text_changes_nothing(portraits_app, browser_page):
    page = browser_page(portraits_app.url + NOTHING, script=LATE).page
    shown(page)
    box(page).fill("bald")
    page.wait_for_function("'release' in window")  # it is asked, and its answer is late
    box(page).fill("a hat")
    page.wait_for_function("document.querySelectorAll('.fs-chip').length === 1")
    assert chips(page) == ["with Hat"]
    page.evaluate("window.release()")
    page.wait_for_function("window.told")
    assert chips(page) == ["with Hat"]


def test_the_app_is_asked_once_typing_rests(portraits_app, browser_page):
    visit = browser_page(portraits_app.url + NOTHING, hears_requests=True)
    shown(visit.page)
    visit.requests.clear()
    box(visit.page).press_sequentially("smiling woman with glasses", delay=5)
    read(visit.page)
    assert len([url for url in visit.requests if "component_server" in url]) <= 12
    assert set(chips(visit.page)) == {"with Smiling", "with Eyeglasses", "without Male"}


@pytest.mark.parametrize("text", ["<b>hat</b>", "“hat”", "hat\u202e", "hat " * 250])
def test_any_text_can_be_typed(portraits, text):
    page = portraits(NOTHING)
    box(page).fill(text)
    read(page)
    assert "with Hat" in chips(page)
    assert page.locator(".fs-error").is_hidden()


def test_an_opened_face_leaves_the_words(portraits):
    page = portraits(NOTHING)
    say(page, "bald man")
    open_face(page, 1)
    page.keyboard.press("Escape")
    page.wait_for_selector(".fs-face", state="hidden")
    assert box(page).input_value() == "bald man"
    assert chips(page) == ["with Bald", "with Male"]


def test_the_words_of_the_first_bundle_are_in_the_placeholder():
    html = (ROOT / "facesearch/page/page.html").read_text("utf-8")
    example = html.split('placeholder="Say who you look for: ')[1].split('"')[0]
    parsed = facesearch.parse(example)
    assert len(parsed.query.names) == 4
    assert parsed.ignored == ()
