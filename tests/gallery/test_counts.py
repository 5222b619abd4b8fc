"""Expected counts against a plain loop over faces, and against labels."""

import numpy as np
import pytest

from facesearch import ATTRIBUTES, Query
from facesearch.attributes import CELEBA
from facesearch.gallery.counts import Counter


def drawn(n, seed=0):
    """(40, n) probabilities, half of them 0 or 1 as labels are."""
    rng = np.random.default_rng(seed)
    known = rng.integers(0, 2, (40, n))
    return np.where(rng.random((40, n)) < 0.5, known, rng.random((40, n))).astype(np.float32)


def random_query(rng, asked):
    columns = [int(column) for column in rng.choice(40, asked, replace=False)]
    cut = rng.integers(0, asked + 1)
    names = [ATTRIBUTES[column] for column in columns]
    wanted = names[:cut]
    if len(wanted) > 2:
        wanted = [tuple(wanted[:2]), *wanted[2:]]
    return Query(wanted, names[cut:])


def slow_chances(present, terms):
    """Face by face, part by part: the product of the chances of what is asked."""
    chances = []
    for face in range(present.shape[1]):
        product = 1.0
        for sign, names in terms:
            lacking = 1.0
            for name in names:
                lacking *= 1 - present[ATTRIBUTES.index(name), face]
            product *= 1 - lacking if sign > 0 else lacking
        chances.append(product)
    return chances


def added(query, name, sign):
    """The parts of a query with an attribute in a new state, out of where it was."""
    terms = []
    for each, names in query.terms:
        left = tuple(other for other in names if other != name)
        if left == names or (sign > 0 and each > 0 and name in names):
            terms.append((each, names))
        elif left:
            terms.append((each, left))
    if not (sign > 0 and any(each > 0 and name in names for each, names in terms)):
        terms.append((sign, (name,)))
    return terms


@pytest.mark.parametrize("n", [0, 1, 7, 64, 200])
@pytest.mark.parametrize("asked", [0, 1, 2, 4])
def test_agrees_with_a_plain_loop(n, asked):
    rng = np.random.default_rng(1000 * n + asked)
    present = drawn(n, seed=n)
    counter = Counter(present, CELEBA)
    for _ in range(2):
        query = random_query(rng, asked)
        np.testing.assert_allclose(
            counter.chance(query), slow_chances(present, query.terms), atol=1e-5
        )
        counts = counter.count(query)
        assert counts.matching == pytest.approx(sum(slow_chances(present, query.terms)), abs=1e-3)
        for column, name in enumerate(ATTRIBUTES):
            for found, sign in ((counts.wanted, +1), (counts.unwanted, -1)):
                slow = sum(slow_chances(present, added(query, name, sign)))
                assert found[column] == pytest.approx(slow, abs=1e-3), (query, name, sign)


def test_labels_are_counted_exactly():
    labels = np.random.default_rng(0).integers(0, 2, (40, 5000)).astype(np.float32)
    counts = Counter(labels, CELEBA).count(Query(["Smiling"], ["Male"]))
    smiling, male = labels[ATTRIBUTES.index("Smiling")], labels[ATTRIBUTES.index("Male")]
    assert counts.matching == int((smiling * (1 - male)).sum())
    assert counts.unwanted[ATTRIBUTES.index("Male")] == counts.matching


def test_any_of_is_counted_as_a_union():
    labels = np.random.default_rng(1).integers(0, 2, (40, 900)).astype(np.float32)
    black, brown = labels[ATTRIBUTES.index("Black_Hair")], labels[ATTRIBUTES.index("Brown_Hair")]
    counter = Counter(labels, CELEBA)
    union = counter.count(Query([("Black_Hair", "Brown_Hair")])).matching
    assert union == ((black + brown) > 0).sum()
    # Joined to what excludes it, an attribute widens the search, as ticking it would.
    query, column = Query(["Black_Hair"]), ATTRIBUTES.index("Brown_Hair")
    assert counter.count(query, joined=True).wanted[column] == union
    assert counter.count(query).wanted[column] == (black * brown).sum()


def test_where_hardly_any_face_matches_it_says_what_each_part_costs():
    labels = np.ones((40, 100), np.float32)
    labels[ATTRIBUTES.index("Bald")] = 0
    counter = Counter(labels, CELEBA)
    query = Query(["Bald", ("Black_Hair", "Brown_Hair")])
    assert counter.count(query).dropped == {
        (+1, ("Bald",)): 100,
        (+1, ("Black_Hair", "Brown_Hair")): 0,
    }
    assert counter.count(Query(["Black_Hair"])).dropped == {}


def test_what_nobody_knows_is_never_counted():
    present = np.ones((40, 100), np.float32)
    present[ATTRIBUTES.index("Male")] = np.nan
    counter = Counter(present, CELEBA)
    assert counter.count(Query()).matching == 100
    assert counter.count(Query(["Male"])).matching == 0
    assert counter.count(Query([], ["Male"])).matching == 0
    counts = counter.count(Query(["Young"]))
    male = ATTRIBUTES.index("Male")
    assert counts.wanted[male] == counts.unwanted[male] == 0


def test_a_sample_stands_for_all_faces():
    present = drawn(200)
    whole = Counter(present, CELEBA).count(Query(["Young"])).matching
    assert Counter(present, CELEBA, weight=50).count(Query(["Young"])).matching == 50 * whole
