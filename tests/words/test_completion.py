"""How an unfinished text may go on."""

import pytest

from facesearch.attributes import CELEBA
from facesearch.words import Suggestion, complete, parse


def phrases(text, limit=8):
    return [each.phrase for each in complete(text, limit=limit)]


def test_the_last_word_is_completed_and_the_rest_of_the_text_stays():
    first = complete("Smiling woman, no gl")[0]
    assert first == Suggestion(
        "glasses", "Eyeglasses", "Smiling woman, no glasses", ("Eyeglasses",)
    )


def test_a_phrase_of_several_words_is_completed_from_its_first():
    assert phrases("man with black ")[0] == "black hair"
    assert phrases("bags un")[0] == "bags under eyes"
    assert complete("man with bags un")[0].text == "man with bags under eyes"
    assert phrases("gray h")[0] == "grey hair"


def test_phrases_with_such_a_word_come_after_those_that_begin_with_it():
    found = phrases("hair")
    assert found.index("hairless") < found.index("black hair")


def test_what_an_absence_or_a_word_for_several_asks_for_is_said_in_labels():
    assert {each.phrase: each.meaning for each in complete("wom")}["woman"] == "without Male"
    assert complete("dark hai")[0].meaning == "Black hair or Brown hair"


@pytest.mark.parametrize(
    "text", ["", "   ", "no", "hat", "man, bald", "hat,", "hat or", "xyz", "🧔", "a", "x" * 5000]
)
def test_there_is_nothing_to_suggest_where_no_phrase_begins(text):
    assert complete(text) == []


def test_no_more_are_suggested_than_asked_for_and_few_that_mean_the_same():
    assert len(phrases("b", limit=3)) == 3
    meanings = [each.meaning for each in complete("s", limit=40)]
    assert max(meanings.count(meaning) for meaning in meanings) <= 2


def test_each_label_is_suggested_from_its_beginning_and_what_is_suggested_is_understood():
    for name, label in CELEBA.labels.items():
        begun = label[:-1].lower()
        found = complete(begun, limit=40)
        if parse(begun).query.names != (name,):  # "bang" says as much as "bangs"
            assert label.lower() in [each.phrase for each in found]
        for each in found:
            parsed = parse(each.text)
            assert not parsed.ignored
            assert set(parsed.query.names) == set(each.names), name
