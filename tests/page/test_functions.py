"""What scripts may call, with attributes that a page brings along, and what nobody in their senses
brings."""

import json

import numpy as np
import pytest

from facesearch.page.answer import Answers
from facesearch.page.functions import Functions
from facesearch.page.guard import BODY
from facesearch.page.teaching import ASKED_ABOUT, MOST_MARKED, MOST_TAUGHT

LIKE = ["000.png", "001.png", "002.png"]
LESSON = {"name": "odd", "like": LIKE, "unlike": [], "skipped": []}


@pytest.fixture(scope="module")
def functions(bundle):
    return Functions(Answers(bundle))


@pytest.fixture(scope="module")
def taught(functions):
    return json.loads(json.dumps(functions.teach(LESSON)["taught"]))


def test_a_lesson_is_what_the_bundle_learns_and_the_share_of_faces_that_has_it(functions, bundle):
    answer = functions.teach({**LESSON, "unlike": ["005.png"], "skipped": ["007.png"]})
    learned = bundle.learn("odd", LIKE, ["005.png"])
    assert answer["taught"] == learned.as_json()
    vectors = bundle.gallery.vectors(range(len(bundle)))
    chances = 1 / (1 + np.exp(-(vectors @ learned.weight + learned.bias)))
    assert answer["rate"] == pytest.approx(chances.mean(), abs=1e-3)
    names = [face["name"] for face in answer["ask"]]
    assert len(set(names)) == ASKED_ABOUT
    assert not {*names} & {*LIKE, "005.png", "007.png"}
    rest = [row for row in range(60) if row not in (0, 1, 2, 5, 7)]
    doubtful = min(rest, key=lambda row: abs(chances[row] - 0.5))
    likely = max(rest, key=lambda row: chances[row])
    assert names[0] == bundle.gallery.faces.names[doubtful]
    assert bundle.gallery.faces.names[likely] in names[:2]
    assert answer["ask"][0]["image"].startswith("faces/")


def test_questions_faces_and_words_know_what_the_page_brings(functions, bundle, taught):
    more = bundle.with_taught([bundle.learn("odd", LIKE)])
    asked = {"wanted": ["odd"], "k": 5, "taught": [taught], "gallery": bundle.fingerprint}
    answer = functions.answer(asked)
    hits = more.search(more.query(["odd"]), 5)
    assert [hit["name"] for hit in answer["hits"]] == [hit.name for hit in hits]
    assert len(answer["with"]) == 41
    guess = int(more.face(hits[0].name).predicted["odd"] >= 0.5)
    assert answer["hits"][0]["marks"] == [[2 + guess]]
    assert len(functions.face({"name": "000.png", "taught": [taught]})["predicted"]) == 41
    assert functions.words({"text": "odd", "taught": [taught]})["wanted"] == ["odd"]
    assert functions.words({"text": "odd"})["ignored"] == ("odd",)
    assert "Unknown attribute 'odd'" in functions.answer({"wanted": ["odd"]})["error"]
    assert functions.bring({"taught": [taught]})["taught"] == [taught]


@pytest.mark.parametrize(
    ("lesson", "message"),
    [
        ({"like": LIKE[:2]}, "show 3 or more"),
        ({"unlike": LIKE[:1]}, "shown as a face with 'odd', and as one without"),
        ({"like": ["gone.png", *LIKE]}, "There is no face 'gone.png'"),
        ({"skipped": ["gone.png"]}, "There is no face 'gone.png'"),
        ({"like": "000.png"}, f"at most {MOST_MARKED} names"),
        ({"like": [7, *LIKE]}, f"at most {MOST_MARKED} names"),
        ({"unlike": ["000.png"] * (MOST_MARKED + 1)}, f"at most {MOST_MARKED} names"),
        ({"name": "Wearing hat"}, "already"),
        ({"name": ""}, "needs letters"),
        ({"name": "x" * 101}, "at most 100"),
        ({"name": "a\x00b"}, "printable"),
        ({"name": 7}, "a name is a text"),
        ({"name": None}, "a name is a text"),
    ],
)
def test_a_lesson_that_teaches_nothing_is_refused_in_a_sentence(functions, lesson, message):
    assert message in functions.teach(LESSON | lesson)["error"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": "0" * 16}, "taught to another model"),
        ({"weight": [0.0] * 3}, "taught to another model"),
        ({"weight": [None] * 81}, "no numbers"),
        ({"weight": [10**400] * 81}, "too large"),
        ({"weight": [float("nan")] * 81}, "no numbers"),
        ({"bias": float("inf")}, "no numbers"),
        ({"bias": True}, "no numbers"),
        ({"like": -1}, "counts of its marks"),
        ({"like": 2.5}, "counts of its marks"),
        ({"name": "Smiling"}, "already"),
        ({"name": "\u202e"}, "printable"),
        ({"other": 1}, "no taught attribute"),
    ],
)
def test_what_is_no_taught_attribute_is_refused_in_a_sentence(functions, taught, change, message):
    for call in (functions.answer, functions.face, functions.words, functions.bring):
        asked = {"taught": [taught | change], "text": "hat", "name": "000.png"}
        if call is functions.answer:
            asked = {"taught": asked["taught"]}
        assert message in call(asked)["error"]


def test_nobody_brings_more_than_twenty_or_anything_but_a_list(functions, taught):
    many = [taught | {"name": f"odd {place}"} for place in range(MOST_TAUGHT + 1)]
    assert len(functions.bring({"taught": many[1:]})["rates"]) == MOST_TAUGHT
    assert len(json.dumps(many)) * 512 / 81 < BODY  # those of a larger model, too
    for brought in (many, {"a": 1}, "odd", 7):
        assert "at most 20" in functions.answer({"taught": brought})["error"]
    assert "already" in functions.answer({"taught": [taught, taught]})["error"]
    for call in (functions.face, functions.words, functions.teach, functions.bring):
        for asked in (None, [], 7, "x"):
            assert set(call(asked)) in ({"error"}, {"taught", "rates"})


def test_bundles_of_a_few_pages_are_kept_and_not_of_all(functions, taught):
    for place in range(40):
        functions.answer({"taught": [taught | {"bias": float(place)}]})
    assert functions.lessons._with.cache_info().currsize <= 16
