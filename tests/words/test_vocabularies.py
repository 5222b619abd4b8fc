"""Words of other vocabularies: their own phrases, and what follows from their names alone."""

import pytest

from facesearch.attributes import Query
from facesearch.vocabulary import Vocabulary
from facesearch.words import complete, parse

PLAIN = Vocabulary(
    (
        *("Wearing_Hat", "Curly_Hair", "Red_Hair", "Has_Freckles", "Is_Happy", "Frowning"),
        *("No_Glasses", "Sunglasses", "Earrings", "In_Profile", "Black_And_White"),
    ),
    labels={"Is_Happy": "Happy"},
    exclusive=(("Curly_Hair", "Red_Hair"),),
)


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("wearing a hat", ["Wearing_Hat"], []),
        ("hats, no freckles", ["Wearing_Hat"], ["Has_Freckles"]),
        ("red or curly hair", [("Curly_Hair", "Red_Hair")], []),
        ("red-haired", ["Red_Hair"], []),
        ("happy and frowns", ["Is_Happy", "Frowning"], []),
        ("not frowning", [], ["Frowning"]),
        ("unhappy", [], ["Is_Happy"]),
        ("hatless", [], ["Wearing_Hat"]),
        ("glasses", [], ["No_Glasses"]),
        ("no glasses", ["No_Glasses"], []),
        ("an earring", ["Earrings"], []),
        ("in profile", ["In_Profile"], []),
        ("black and white", ["Black_And_White"], []),
        ("SUNGLASES", ["Sunglasses"], []),
        ("Has_Freckles", ["Has_Freckles"], []),
    ],
)
def test_plain_words_of_names_are_enough(text, wanted, unwanted):
    parsed = parse(text, PLAIN)
    assert parsed.query == Query(wanted, unwanted, vocabulary=PLAIN)
    assert parsed.ignored == ()


def test_words_of_another_vocabulary_are_not_known():
    parsed = parse("bearded woman with a hat", PLAIN)
    assert parsed.query == Query(["Wearing_Hat"], vocabulary=PLAIN)
    assert parsed.ignored == ("bearded", "woman")


def test_a_vocabulary_brings_phrases_antonyms_and_words_for_several():
    vocabulary = Vocabulary(
        ("Grin", "Cap", "Scarf"),
        phrases={"Cap": ("lid", "something on top")},
        antonyms={"Grin": ("glum",)},
        unions={"woollens": ("Cap", "Scarf"), "cap gun": ()},
    )
    again = Vocabulary.from_json(vocabulary.as_json())
    assert again == vocabulary

    def query(text):
        return parse(text, again).query

    assert query("glum, a lid") == Query(["Cap"], ["Grin"], vocabulary=again)
    assert query("something on top") == Query(["Cap"], vocabulary=again)
    assert query("woollens") == Query([("Cap", "Scarf")], vocabulary=again)
    assert query("no woollens") == Query([], ["Cap", "Scarf"], vocabulary=again)
    assert parse("a cap gun", again).ignored == ("cap", "gun")


def test_a_name_of_an_attribute_comes_before_a_phrase_of_another():
    vocabulary = Vocabulary(("Eyeglasses", "sunglasses"), phrases={"Eyeglasses": ("sunglasses",)})
    assert parse("sunglasses", vocabulary).query == Query(["sunglasses"], vocabulary=vocabulary)


@pytest.mark.parametrize(
    "name",
    [
        *("with", "no", "No", "or", "★", "!!!", "-", "_x_", "C++", "帽子", "नमस्ते", "🤡 nose"),
        *("it's", "x", "Äpfel & Öl", "he", "the hat", "not happy", "x" * 100, "1", "and and and"),
        *("🧔🏽", "a_b-c d", "Smiling Or Not"),
    ],
)
def test_any_printable_name_can_be_said_as_it_is(name):
    vocabulary = Vocabulary((name, "Other"))
    assert parse(name, vocabulary).query == Query([name], vocabulary=vocabulary)
    assert parse(f"  {name.upper()} ", vocabulary).query == Query([name], vocabulary=vocabulary)
    assert parse("smiling", vocabulary).query == Query(vocabulary=vocabulary)
    complete(name[:2], vocabulary)


def test_a_name_with_signs_can_be_said_among_others():
    vocabulary = Vocabulary(("Äpfel & Öl", "it's_a-wrap", "Hat"))
    parsed = parse("hats, äpfel & öl, no it's a wrap", vocabulary)
    assert parsed.query == Query(["Äpfel & Öl", "Hat"], ["it's_a-wrap"], vocabulary=vocabulary)


def test_completion_knows_a_vocabulary_from_its_names():
    assert [each.phrase for each in complete("woman with ha", PLAIN)] == [
        *("has freckles", "happy", "wearing hat", "curly hair", "red hair")
    ]
