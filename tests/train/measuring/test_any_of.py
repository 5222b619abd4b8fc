"""Any-of queries against their definition, and the ways to ask them against rankings by hand."""

import numpy as np

from facesearch.attributes import Query
from facesearch.vocabulary import Vocabulary
from train.measuring.any_of import draw_pairs, measure_any_of, relevant

HAIR = Vocabulary(("black", "brown", "hat", "tie", "smile"), exclusive=(("black", "brown"),))


def labels_of(n=300):
    return (np.random.default_rng(0).random((n, 5)) < 0.5).astype(np.int8)


def test_a_query_is_a_pair_that_excludes_itself_and_one_or_two_more_with_five_relevant_images():
    labels = labels_of()
    queries = draw_pairs(labels, HAIR, 12, seed=3)
    assert len({(frozenset(query[:2]), query[2]) for query in queries}) == len(queries) == 6
    assert {len(rest) for _, _, rest in queries} == {1, 2}
    for one, other, rest in queries:
        assert {one, other} == {"black", "brown"}
        assert not {one, other} & set(rest)
        plain = [
            i
            for i, image in enumerate(labels)
            if (image[0] or image[1]) and all(image[HAIR.index(name)] for name in rest)
        ]
        found = relevant(labels, HAIR, (one, other, rest))
        assert np.flatnonzero(found).tolist() == plain
        assert len(plain) >= 5


def test_a_vocabulary_without_attributes_that_exclude_each_other_has_no_such_queries():
    assert draw_pairs(labels_of(), Vocabulary(HAIR.names), 12) == []


def test_each_way_is_ranked_by_its_own_query():
    labels = np.array([[1, 0, 1, 0, 0], [0, 1, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]])
    asked = []

    def rank(query: Query) -> np.ndarray:
        asked.append(query.wanted)
        return np.arange(4) if query.any_of else np.array([2, 3, 0, 1])

    found = measure_any_of(labels, HAIR, [("black", "brown", ("hat",))], rank)
    assert asked == [
        (("black", "brown"), "hat"),
        ("black", "brown", "hat"),
        ("black", "hat"),
        ("hat",),
    ]
    assert found["any of the two"] == {"mAP": 1.0, "P@10": 0.5}
    assert found["both"]["mAP"] == (1 / 3 + 2 / 4) / 2
