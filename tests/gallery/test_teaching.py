"""Teaching an attribute: against a plain solution, with chances that mean something."""

import numpy as np
import pytest

from facesearch.errors import InputError
from facesearch.gallery.taught import MOST, Taught, read_file, read_list
from facesearch.gallery.teaching import PENALTY, learn, worth_asking


def world(n=3000, share=0.1, seed=0):
    """(n, 12) faces, of which a share has what two coordinates tell, and (n,) which."""
    rng = np.random.default_rng(seed)
    has = rng.random(n) < share
    faces = rng.normal(size=(n, 12))
    faces[:, 3] += 2.5 * has
    faces[:, 7] -= 2.5 * has
    return faces, has


def chances(lesson, faces):
    return 1 / (1 + np.exp(-(faces @ lesson.weight + lesson.bias)))


def test_the_direction_is_that_of_weighed_ridge_regression():
    rng = np.random.default_rng(0)
    like, unlike, others = (rng.normal(size=(n, 4)) for n in (5, 3, 40))
    share = np.concatenate([np.full(5, 1 / 5), np.full(3, 1 / 3), np.full(40, 2 / 40)])
    design = np.concatenate([like, unlike, others])
    sides = np.concatenate([np.ones(5), -np.ones(43)])
    centred = design - np.average(design, axis=0, weights=share)
    gram = sum(s * np.outer(row, row) for s, row in zip(share, centred, strict=True))
    penalty = PENALTY * np.trace(gram) / 4
    expected = np.linalg.solve(
        gram + penalty * np.eye(4), (share * (sides - np.average(sides, weights=share))) @ centred
    )
    found = learn(like, unlike, others).weight
    np.testing.assert_allclose(
        found / np.linalg.norm(found), expected / np.linalg.norm(expected), rtol=1e-4
    )


@pytest.mark.parametrize("unlike", [0, 10])
def test_what_was_learned_tells_faces_apart_and_its_chances_add_up_to_how_many_have_it(unlike):
    for seed in range(4):
        faces, has = world(seed=seed)
        with_it, without = np.flatnonzero(has)[:10], np.flatnonzero(~has)[:unlike]
        lesson = learn(faces[with_it], faces[without], faces[::3])
        rest = np.setdiff1d(np.arange(len(faces)), [*with_it, *without])
        chance = chances(lesson, faces[rest])
        assert (chance[has[rest]].mean() - chance[~has[rest]].mean()) > 0.4
        assert 0.5 < chance.sum() / has[rest].sum() < 2
        assert lesson.told_apart > 0.85


def test_few_marks_never_look_reliable_and_marks_by_chance_look_like_chance():
    faces, has = world()
    three = learn(faces[has][:3], faces[~has][:3], faces[::3])
    many = learn(faces[has][:30], faces[~has][:30], faces[::3])
    assert three.told_apart <= 0.8 < many.told_apart
    rng = np.random.default_rng(1)
    guesses = [
        learn(*(faces[rng.permutation(3000)[:12]] for _ in range(2)), faces[::3]).told_apart
        for _ in range(12)
    ]
    assert abs(np.mean(guesses) - 0.5) < 0.1


def test_marks_that_tell_nothing_give_finite_numbers():
    same = np.ones((3, 5))
    lesson = learn(same, same[:0], np.ones((20, 5)))
    assert np.isfinite(lesson.weight).all()
    assert np.isfinite([lesson.bias, lesson.told_apart]).all()


def taught(**changes):
    return Taught(
        "sunglasses", "m" * 16, np.ones(3, np.float32) / 3, -1.5, 5, 2, 0.75
    ).as_json() | (changes)


def test_an_attribute_comes_back_from_its_json():
    again = Taught.from_json(taught())
    assert again.as_json() == taught()
    np.testing.assert_allclose(again.weight, 1 / 3, rtol=1e-5)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (None, "no taught attribute"),
        ({"name": "x"}, "no taught attribute"),
        (taught(more=1), "no taught attribute"),
        (taught(name=""), "needs letters"),
        (taught(name=3), "a name is a text"),
        (taught(weight=["1"]), "no numbers"),
        (taught(weight=3), "no numbers"),
        (taught(weight=[1e300]), "too large"),
        (taught(weight=[float("nan")]), "no numbers"),
        (taught(bias=True), "no numbers"),
        (taught(like=-1), "no counts"),
        (taught(unlike=1.5), "no counts"),
        (taught(model=None), "names no model"),
    ],
)
def test_what_is_no_attribute_is_said_in_a_sentence(values, sentence):
    with pytest.raises(InputError, match=sentence):
        Taught.from_json(values)


def test_a_file_holds_a_list_of_them():
    assert [each.name for each in read_list([taught()])] == ["sunglasses"]
    for text in ("", "[]", '{"taught": []}', '{"taught": {}}', "[" * 100_000):
        with pytest.raises(InputError, match=r"no JSON|no list"):
            read_file(text)
    with pytest.raises(InputError, match="no list"):
        read_list([taught()] * (MOST + 1))


def test_faces_worth_asking_about_are_doubtful_and_likely_by_turns():
    chances = np.array([0.9, 0.5, np.nan, 0.99, 0.45, 0.01, 0.7], np.float32)
    assert worth_asking(chances, 4) == [1, 3, 4, 0]
    assert worth_asking(chances, 20) == [1, 3, 4, 0, 6, 5]
    assert worth_asking(np.full(3, np.nan), 2) == []
