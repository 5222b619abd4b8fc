"""Packed names: what went in comes out, and each is found again."""

import numpy as np
import pytest

from facesearch.errors import InputError
from facesearch.gallery.texts import Texts

ODD = [
    "b.jpg",
    "a.jpg",
    "",
    "a\nb.jpg",
    "ä/ö.jpg",
    "a\u0308.jpg",
    "\u2028",
    "日本.jpg",
    "a",
    "b" * 500,
]


def test_holds_texts_of_any_characters_in_order():
    texts = Texts.pack(ODD)
    assert list(texts) == ODD
    assert [texts[row] for row in range(len(ODD))] == ODD
    assert texts[-1] == ODD[-1]
    assert texts[2:4] == ODD[2:4]
    with pytest.raises(IndexError):
        texts[len(ODD)]


def test_finds_each_text_and_no_other():
    texts = Texts.pack(ODD)
    assert [texts.find(text) for text in ODD] == list(range(len(ODD)))
    for other in ("c", "a.jp", "a.jpg ", "\udcff", "b" * 501):
        assert texts.find(other) is None
    assert Texts.pack([]).find("") is None


def test_tells_of_a_text_that_is_there_twice():
    assert Texts.pack(ODD).repeated() is None
    assert Texts.pack([*ODD, "a.jpg"]).repeated() == "a.jpg"


def test_arrays_that_do_not_fit_together_are_refused():
    whole = Texts.pack(["a", "bc"])
    with pytest.raises(InputError, match="do not fit together"):
        Texts(whole.content[:2], whole.ends, whole.order)
    with pytest.raises(InputError, match="do not fit together"):
        Texts(whole.content, np.array([3, 1]), whole.order)
    with pytest.raises(InputError, match="order of the packed names"):
        Texts(whole.content, whole.ends, np.array([0, 2]))
