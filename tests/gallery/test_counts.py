"""Counts of matching faces against a plain loop over labels."""

import numpy as np
import pytest

from facesearch import ATTRIBUTES, InputError, Query
from facesearch.gallery.counts import AttributeCounts


def random_labels(n, seed=0):
    return np.random.default_rng(seed).choice([-1, 0, 1], (n, 40), p=[0.1, 0.4, 0.5]).astype("i1")


def random_query(rng, asked):
    columns = rng.choice(40, asked, replace=False)
    cut = rng.integers(0, asked + 1)
    names = [ATTRIBUTES[column] for column in columns]
    return Query(names[:cut], names[cut:])


def slow_matches(labels, query):
    """Face by face, attribute by attribute."""
    signs = query.vector
    return [
        all(
            label == (1 if sign > 0 else 0)
            for label, sign in zip(row, signs, strict=True)
            if sign != 0
        )
        for row in labels.tolist()
    ]


def changed(query, name, state):
    wanted = [other for other in query.wanted if other != name]
    unwanted = [other for other in query.unwanted if other != name]
    if state:
        (wanted if state == "wanted" else unwanted).append(name)
    return Query(wanted, unwanted)


@pytest.mark.parametrize("n", [0, 1, 7, 63, 64, 65, 200])
@pytest.mark.parametrize("asked", [0, 1, 2, 4])
def test_agrees_with_a_plain_loop(n, asked):
    rng = np.random.default_rng(1000 * n + asked)
    labels = random_labels(n, seed=n)
    counts = AttributeCounts(labels)
    for _ in range(3):
        query = random_query(rng, asked)
        assert counts.matches(query).tolist() == slow_matches(labels, query)
        assert counts.count(query) == sum(slow_matches(labels, query))
        wanted, unwanted = counts.added(query)
        for column, name in enumerate(ATTRIBUTES):
            for found, state in ((wanted, "wanted"), (unwanted, "unwanted")):
                slow = slow_matches(labels, changed(query, name, state))
                assert found[column] == sum(slow), (name, state)
        assert counts.removed(query) == {
            name: sum(slow_matches(labels, changed(query, name, None)))
            for name in (*query.wanted, *query.unwanted)
        }


def test_adding_what_is_asked_already_changes_nothing():
    counts = AttributeCounts(random_labels(500))
    query = Query(["Smiling"], ["Male"])
    wanted, unwanted = counts.added(query)
    assert wanted[ATTRIBUTES.index("Smiling")] == counts.count(query)
    assert unwanted[ATTRIBUTES.index("Male")] == counts.count(query)


def test_a_query_over_all_forty_finds_the_face_that_has_them():
    labels = random_labels(300)
    labels[labels == -1] = 0
    row = labels[123]
    query = Query(
        [name for name, label in zip(ATTRIBUTES, row, strict=True) if label],
        [name for name, label in zip(ATTRIBUTES, row, strict=True) if not label],
    )
    assert np.flatnonzero(AttributeCounts(labels).matches(query)).tolist() == [123]


def test_what_is_unknown_of_a_face_is_never_counted():
    counts = AttributeCounts(np.full((100, 40), -1, np.int8))
    assert counts.count(Query()) == 100
    assert counts.count(Query(["Male"])) == counts.count(Query([], ["Male"])) == 0
    wanted, unwanted = counts.added(Query())
    assert wanted.sum() == unwanted.sum() == 0


def test_leaves_query_and_labels_as_they_were():
    labels = random_labels(130)
    counts, before = AttributeCounts(labels), labels.copy()
    first = counts.count(Query(["Young"]))
    counts.added(Query(["Young"], ["Bald"]))
    assert counts.count(Query(["Young"])) == first
    assert (labels == before).all()


def test_labels_of_another_shape_are_refused():
    with pytest.raises(InputError, match=r"shape \(5, 39\): give \(N, 40\)"):
        AttributeCounts(np.zeros((5, 39), np.int8))
