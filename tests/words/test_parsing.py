"""What `parse` says of a text besides its query, and what it does with any text at all."""

import random

import pytest

from facesearch import InputError
from facesearch.attributes import CELEBA, Query
from facesearch.words import Parsed, Understood, parse


def test_understood_phrases_have_their_places_and_what_they_ask_for():
    assert parse("A Smiling woman, no  hat").understood == (
        Understood("Smiling", 2, 9, ("Smiling",), ()),
        Understood("woman", 10, 15, (), ("Male",)),
        Understood("hat", 21, 24, (), ("Wearing_Hat",)),
    )


def test_a_text_between_the_places_of_a_phrase_is_the_phrase():
    text = "👩🏽 with bags under her eyes, black or brown-haired, she isn't smiling"
    understood = parse(text).understood
    assert [each.text for each in understood] == [text[e.start : e.end] for e in understood]
    assert [each.text for each in understood] == [
        *("👩", "bags under her eyes", "black", "brown-haired", "smiling")
    ]


def test_what_is_left_open_is_understood_and_asks_for_nothing():
    parsed = parse("with or without glasses")
    assert parsed.query == Query()
    assert parsed.understood == (Understood("glasses", 16, 23),)
    assert (parsed.ignored, parsed.problem) == ((), None)


def test_no_text_asks_for_nothing():
    assert parse("") == parse("  \n ") == Parsed(Query())


@pytest.mark.parametrize(
    ("text", "query", "problem"),
    [
        (
            "bald man with a hat, no hat",
            Query(["Bald", "Male"]),
            "“hat” is asked for and ruled out, so it does not count: say one of the two.",
        ),
        (
            "smiling, young and old",
            Query(["Smiling"]),
            "“young” and “old” contradict each other, so neither counts: say one of the two.",
        ),
        (
            "smiling man with a beard or a moustache",
            Query(["Smiling", "Male"]),
            "“beard or a moustache” can't be asked for, as “beard” means without “No beard”, and "
            "“or” joins only what is wanted; it is left out.",
        ),
        (
            "smiling or no hat",
            Query(),
            "“smiling or no hat” can't be asked for, as “or” joins only what is wanted; it is "
            "left out.",
        ),
        (
            "man or young woman",
            Query(),
            "“man or young woman” can't be asked for, as “woman” means without “Male”, and “or” "
            "joins only what is wanted; it is left out.",
        ),
    ],
)
def test_what_contradicts_itself_or_can_not_be_said_is_left_out_with_a_sentence(
    text, query, problem
):
    parsed = parse(text)
    assert parsed.query == query
    assert parsed.problem == problem


def test_a_word_for_several_gives_way_to_one_of_them():
    assert parse("no jewellery except a necklace").query == Query(
        ["Wearing_Necklace"], ["Wearing_Earrings"]
    )
    assert parse("dark hair, not black").query == Query(["Brown_Hair"], ["Black_Hair"])


@pytest.mark.parametrize("text", [None, 7, ["hat"], b"hat"])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(InputError, match=r"^The text is .*: say in words who is to be found\.$"):
        parse(text)


def test_a_text_may_have_1000_characters_and_no_more():
    assert parse("hat " * 250).query == Query(["Wearing_Hat"])
    with pytest.raises(InputError, match=r"^The text has 100,000,000 characters: say it in 1,000"):
        parse("hat " * 25_000_000)


def test_any_characters_make_a_query():
    random.seed(7)
    pieces = [
        *("no", "not", "or", "and", ",", "-", "black", "hair", "hat", "woman", "with", "without"),
        *("\x00", "\ud800", "é", "帽子", "🧔", "\u200d", "'", "n't", "either", "but", "beard", "_"),
    ]
    for _ in range(2000):
        text = random.choice(["", " "]).join(random.choices(pieces, k=random.randrange(12)))
        parsed = parse(text)
        assert isinstance(parsed.query, Query)
        assert set(parsed.query.names) <= set(CELEBA.names)
        assert all(text[each.start : each.end] == each.text for each in parsed.understood)
