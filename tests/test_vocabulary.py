"""Vocabularies: what they hold, what they make of bare names, and what they refuse."""

import pytest

from facesearch import InputError, Query, Vocabulary
from facesearch.attributes import CELEBA

SEVEN = Vocabulary(("Red hat", "scarf", "Wearing_Gloves", "smiles", "Blue_Eyes", "green eyes", "x"))


def test_bare_names_get_plain_words_and_one_group():
    assert SEVEN.labels["Wearing_Gloves"] == "Wearing gloves"
    assert SEVEN.labels["scarf"] == "Scarf"
    assert SEVEN.labels["Red hat"] == "Red hat"
    assert SEVEN.groups == {"Attributes": SEVEN.names}


def test_names_that_no_group_has_come_last():
    vocabulary = Vocabulary(("a", "b", "c"), groups={"First": ("c",)})
    assert vocabulary.groups == {"First": ("c",), "Other": ("a", "b")}


@pytest.mark.parametrize("vocabulary", [CELEBA, SEVEN])
def test_comes_back_from_json(vocabulary):
    assert Vocabulary.from_json(vocabulary.as_json()) == vocabulary


def test_queries_follow_its_order_and_names():
    query = Query(["x", "Red hat"], ["scarf"], vocabulary=SEVEN)
    assert query.wanted == ("Red hat", "x")
    assert query.vector.tolist() == [1, -1, 0, 0, 0, 0, 1]
    with pytest.raises(InputError, match=r"Unknown attribute 'Male': use one of the 7 names"):
        Query(["Male"], vocabulary=SEVEN)


def test_what_excludes_each_other_is_told():
    assert CELEBA.excluded_by(["Black_Hair"]) == ("Blond_Hair", "Brown_Hair", "Gray_Hair")
    assert CELEBA.excluded_by(["Smiling"]) == ()


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"names": ("one",)}, "of 1 attributes: give 2 to 500"),
        ({"names": tuple(map(str, range(501)))}, "of 501 attributes"),
        ({"names": ("a", "a")}, "'a' is named twice"),
        ({"names": ("a", " b")}, "needs letters, no edges"),
        ({"names": ("a", "_")}, "needs letters"),
        ({"names": ("a", "b" * 101)}, "at most 100 printable"),
        ({"names": ("a", "b\n")}, "no edges"),
        ({"names": ("a", "b\x1b[2J")}, "at most 100 printable"),
        ({"names": ("a", 7)}, "a name is a text"),
        ({"names": ("a", "b"), "groups": {"G": ("c",)}}, "'c', which is not one"),
        ({"names": ("a", "b"), "groups": {"G": ("a",), "H": ("a",)}}, "in two groups"),
        ({"names": ("a", "b"), "exclusive": (("a", "c"),)}, "'c', which is not one"),
    ],
)
def test_what_makes_no_vocabulary_is_refused(parts, message):
    with pytest.raises(InputError, match=message):
        Vocabulary(**parts)


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        {"names": "ab"},
        {"names": {"a": 1}},
        {"names": ["a", "b"], "labels": ["a"]},
        {"names": ["a", "b"], "labels": {"a": "x" * 10**6}},
        {"names": ["a", "b"], "exclusive": [["a"], "b"]},
        {"names": ["a", "b"], "phrases": {"a": [7]}},
    ],
)
def test_json_that_is_none_is_refused_in_a_short_sentence(values):
    with pytest.raises(InputError) as caught:
        Vocabulary.from_json(values)
    assert len(str(caught.value)) < 300


class TestQueries:
    def test_a_tuple_in_wanted_means_any_of_these(self):
        query = Query(["Smiling", ("Brown_Hair", "Black_Hair", "Brown_Hair"), ["Male"]], ["Bald"])
        assert query.wanted == (("Black_Hair", "Brown_Hair"), "Male", "Smiling")
        assert query.singles == ("Male", "Smiling")
        assert query.any_of == (("Black_Hair", "Brown_Hair"),)
        assert query.names == ("Black_Hair", "Brown_Hair", "Male", "Smiling", "Bald")
        assert query == Query([["Black_Hair", "Brown_Hair"], "Male", "Smiling"], ["Bald"])
        with pytest.raises(InputError, match="Black_Hair or Brown_Hair: any-of has no vector"):
            query.vector  # noqa: B018, it raises

    def test_a_part_can_be_left_out(self):
        query = Query([("Brown_Hair", "Black_Hair"), "Young"], ["Bald"])
        assert query.without((+1, ("Black_Hair", "Brown_Hair"))) == Query(["Young"], ["Bald"])
        assert query.without((-1, ("Bald",))).unwanted == ()

    @pytest.mark.parametrize(
        ("wanted", "unwanted", "message"),
        [
            ([("Bald", "Young")], ["Bald"], "Bald: wanted and unwanted at once"),
            ([[]], [], "an empty list"),
            ([], [("Bald",)], r"Unknown attribute \('Bald',\)"),
            ([("Bald", "Hairless")], [], "Unknown attribute 'Hairless'"),
            (["Young"] * 161, [], "more than 160 names"),
            ([["Young"] * 161], [], "more than 160 names"),
        ],
    )
    def test_what_makes_no_query_is_refused(self, wanted, unwanted, message):
        with pytest.raises(InputError, match=message):
            Query(wanted, unwanted)

    def test_a_name_of_any_length_is_answered_at_once_and_briefly(self):
        with pytest.raises(InputError) as caught:
            Query(["x" * 10**8])
        assert len(str(caught.value)) < 400


def test_further_attributes_come_after_its_own_in_a_group_of_theirs():
    more = CELEBA.extended(["in profile"], "Taught here")
    assert more.names == (*CELEBA.names, "in profile")
    assert more.labels["in profile"] == "In profile"
    assert list(more.groups.items()) == [*CELEBA.groups.items(), ("Taught here", ("in profile",))]
    again = more.extended(["black and white"], "Taught here")
    assert again.groups["Taught here"] == ("in profile", "black and white")
    for taken in ("Wearing hat", "hat", "IN PROFILE", "grey_hair"):
        with pytest.raises(InputError, match="already"):
            more.extended([taken], "Taught here")
    with pytest.raises(InputError, match="already"):
        CELEBA.extended(["a b", "A_B"], "Taught here")
