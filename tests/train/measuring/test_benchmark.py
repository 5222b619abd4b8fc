"""The retrieval benchmark against tables made by hand and plain loops."""

import numpy as np
import pytest

from facesearch.attributes import ATTRIBUTES
from facesearch.errors import InputError
from train.measuring.benchmark import (
    average_precision,
    draw_query_sets,
    mean_alone,
    rank_relevance,
    score_alone,
    score_sets,
)


def labels_of(n=400, seed=0):
    return (np.random.default_rng(seed).random((n, 40)) < 0.4).astype(np.int8)


def test_average_precision_is_that_of_a_table_made_by_hand():
    scores = np.array([[0.9, 0.8, 0.7, 0.6, 0.5]])
    relevant = np.array([[True, False, True, False, True]])
    ranked = rank_relevance(scores, relevant)
    assert average_precision(ranked)[0] == pytest.approx((1 / 1 + 2 / 3 + 3 / 5) / 3)
    backwards = rank_relevance(-scores, ~relevant)
    assert average_precision(backwards)[0] == pytest.approx((1 / 2 + 2 / 4) / 2)


def test_equal_scores_rank_by_row():
    ranked = rank_relevance(np.zeros((1, 4)), np.array([[True, False, False, True]]))
    assert ranked.tolist() == [[True, False, False, True]]


def test_queries_are_distinct_of_their_size_and_have_five_relevant_images():
    labels = labels_of()
    labels[:, 3] = -1
    sets = draw_query_sets(labels, per_size=50, seed=1)
    assert {(s.mode, s.size) for s in sets} == {
        (mode, size) for mode in ("wanted", "mixed") for size in range(1, 6)
    }
    for s in sets:
        assert len({query.tobytes() for query in s.queries}) == len(s.queries) <= 50
        assert (np.count_nonzero(s.queries, axis=1) == s.size).all()
        assert (s.relevant.sum(axis=1) >= 5).all()
        assert not s.queries[:, 3].any()
        if s.mode == "wanted":
            assert (s.queries >= 0).all()
        for query, relevant in zip(s.queries[:5], s.relevant, strict=False):
            slow = [
                all(labels[n][a] == (1 if query[a] > 0 else 0) for a in np.flatnonzero(query))
                for n in range(len(labels))
            ]
            assert relevant.tolist() == slow
    assert any((s.queries < 0).any() for s in sets if s.mode == "mixed")


def test_perfect_scores_are_one_and_the_means_are_over_sizes():
    labels = labels_of()
    sets = draw_query_sets(labels, per_size=20)
    signs = 2.0 * labels - 1
    row = score_sets(sets, lambda queries: queries @ signs.T)
    assert row["wanted mAP"] == pytest.approx(1)
    assert row["mixed mAP"] == pytest.approx(1)
    wrong = score_sets(sets, lambda queries: -(queries @ signs.T))
    sizes = [wrong[f"wanted mAP k={size}"] for size in range(1, 6)]
    assert wrong["wanted mAP"] == pytest.approx(np.mean(sizes))
    assert wrong["wanted P@10"] == 0


def test_attributes_alone_are_measured_wanted_and_unwanted_where_enough_images_fit():
    labels = labels_of()
    labels[:, 0] = -1
    labels[:, 1] = 0
    labels[:4, 1] = 1  # too few to want, enough to leave out
    signs = (labels == 1) * 1.0 - (labels == 0)
    right = score_alone(labels, ATTRIBUTES, lambda queries: queries @ signs.T)
    assert list(right) == list(ATTRIBUTES[1:])
    assert right[ATTRIBUTES[1]] == {
        "unwanted AP": pytest.approx(1),
        "unwanted P@10": 1,
        "unwanted relevant": 396,
    }
    assert right[ATTRIBUTES[5]]["wanted relevant"] == (labels[:, 5] == 1).sum()
    assert mean_alone(right)["wanted AP"] == pytest.approx(1)
    wrong = score_alone(labels, ATTRIBUTES, lambda queries: -(queries @ signs.T))
    assert wrong[ATTRIBUTES[5]]["unwanted P@10"] == 0


def test_too_few_images_are_told_in_a_sentence():
    with pytest.raises(InputError, match=r"too few for the benchmark.*Use a larger split"):
        draw_query_sets(labels_of(4))
