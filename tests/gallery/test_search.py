"""Exact top-k against a slow sort, and what it does at the edges."""

import numpy as np
import pytest

from facesearch.errors import InputError
from facesearch.gallery.search import top_k


def slow_top_k(embeddings, query, k):
    """Python's sort of pairs: by score, then by row."""
    scores = embeddings @ query
    order = sorted(range(len(scores)), key=lambda row: (-scores[row], row))[:k]
    return order, scores[order]


def unit_rows(rng, n, dim=16):
    rows = rng.normal(size=(n, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("n", [1, 2, 7, 100, 5000])
@pytest.mark.parametrize("k", [1, 5, 24, 100])
def test_agrees_with_a_full_sort(n, k):
    rng = np.random.default_rng(n * 1000 + k)
    embeddings, query = unit_rows(rng, n), unit_rows(rng, 1)[0]
    rows, scores = top_k(embeddings, query, k)
    slow_rows, slow_scores = slow_top_k(embeddings, query, k)
    assert rows.tolist() == slow_rows
    assert scores.tolist() == slow_scores.tolist()


@pytest.mark.parametrize("k", [1, 3, 10, 37, 64])
def test_equal_scores_rank_by_row_also_across_the_cut(k):
    rng = np.random.default_rng(0)
    angles = rng.integers(0, 3, 64) * 0.5  # three distinct scores among 64 rows
    embeddings = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    query = np.array([1, 0], np.float32)
    rows, _ = top_k(embeddings, query, k)
    assert rows.tolist() == slow_top_k(embeddings, query, k)[0]


def test_a_score_is_the_cosine_of_a_known_angle():
    angles = np.radians([90, 0, 60, 180])
    embeddings = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    rows, scores = top_k(embeddings, np.array([1, 0], np.float32), 4)
    assert rows.tolist() == [1, 2, 0, 3]
    assert scores == pytest.approx([1, 0.5, 0, -1], abs=1e-6)


@pytest.mark.parametrize("k", [1, 10, 99, 100])
def test_a_row_left_out_leaves_the_others_in_order(k):
    rng = np.random.default_rng(k)
    embeddings, query = unit_rows(rng, 100), unit_rows(rng, 1)[0]
    everyone, scores = slow_top_k(embeddings, query, 100)
    best = everyone[0]
    rows, found = top_k(embeddings, query, k, without=best)
    assert rows.tolist() == everyone[1 : k + 1]
    assert found.tolist() == scores[1 : k + 1].tolist()


def test_k_is_clipped_to_the_gallery_even_an_empty_one():
    embeddings = unit_rows(np.random.default_rng(0), 3)
    assert len(top_k(embeddings, embeddings[0], 10)[0]) == 3
    rows, scores = top_k(embeddings[:0], embeddings[0], 10)
    assert len(rows) == len(scores) == 0
    assert len(top_k(embeddings[:1], embeddings[0], 10, without=0)[0]) == 0


@pytest.mark.parametrize("k", [0, -1, 1.5, "3", None, True])
def test_k_below_one_or_not_a_whole_number_is_refused(k):
    embeddings = unit_rows(np.random.default_rng(0), 3)
    with pytest.raises(InputError, match="ask for a whole number of results, at least 1"):
        top_k(embeddings, embeddings[0], k)


def test_a_numpy_integer_is_a_whole_number():
    embeddings = unit_rows(np.random.default_rng(0), 3)
    assert len(top_k(embeddings, embeddings[0], np.int64(2))[0]) == 2
