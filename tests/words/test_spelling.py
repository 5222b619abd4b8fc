"""Small slips are mended, short words and everyday words are not."""

import pytest

from facesearch.attributes import CELEBA
from facesearch.words.lexicon import lexicon
from facesearch.words.spelling import Spelling, distance


@pytest.mark.parametrize(
    ("a", "b", "slips"),
    [
        *(
            ("beard", "beard", 0),
            ("beard", "beared", 1),
            ("beard", "bread", 2),
            ("abcd", "abdc", 1),
        ),
        *(("glasses", "galsses", 1), ("kitten", "sitting", 3), ("", "ab", 2), ("ca", "abc", 3)),
    ],
)
def test_the_distance_counts_letters_added_dropped_changed_or_swapped(a, b, slips):
    assert distance(a, b, 9) == distance(b, a, 9) == slips


def test_one_slip_is_mended_from_five_letters_and_two_from_eight():
    spelling = Spelling(["smile", "moustache", "hat"], known=set())
    assert spelling.mended("smlie") == ("smile",)
    assert spelling.mended("smlei") == ()
    assert spelling.mended("mustashe") == ("moustache",)
    assert spelling.mended("hatt") == ()


def test_the_nearest_words_count_and_known_ones_are_meant():
    spelling = Spelling(["blond", "bland", "blonds"], known={"bloods"})
    assert spelling.mended("blnod") == ("blond",)
    assert spelling.mended("blend") == ("bland", "blond")
    assert spelling.mended("bloods") == spelling.mended("blond") == ()


def test_no_slip_makes_a_word_of_its_opposite():
    spelling = Spelling(["smiling", "bearded"], known=set())
    assert spelling.mended("unsmiling") == spelling.mended("beardles") == ()
    mended = lexicon(CELEBA).spelling.mended
    assert mended("beardles") == ("beardless",)
    assert mended("unsmilling") == ("unsmiling",)


@pytest.mark.parametrize(
    "word", ["heard", "blind", "black", "board", "bread", "party", "building", "month"]
)
def test_everyday_words_are_left_alone(word):
    assert lexicon(CELEBA).spelling.mended(word) == ()
