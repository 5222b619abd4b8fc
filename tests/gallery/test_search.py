"""Exact top-k against a slow sort, and what it does at the edges."""

import numpy as np
import pytest

from facesearch.attributes import CELEBA
from facesearch.errors import InputError
from facesearch.gallery import AnyOf, Columns, Faces, Gallery, Terms
from facesearch.gallery.search import BLOCK, ROWS, best, weighted_sum


def slow_best(scores, k):
    """Python's sort of pairs: by score, then by row."""
    return sorted(range(len(scores)), key=lambda row: (-scores[row], row))[:k]


def unit_rows(rng, n, dim=16):
    rows = rng.normal(size=(n, dim)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("n", [1, 2, 7, 100, 5 * BLOCK, 100 * BLOCK + 13])
@pytest.mark.parametrize("k", [1, 5, 24, 100])
def test_agrees_with_a_full_sort(n, k):
    rng = np.random.default_rng(n * 1000 + k)
    scores = rng.integers(0, 50_000, n).astype(np.float32)
    assert best(scores, k).tolist() == slow_best(scores, k)


@pytest.mark.parametrize("k", [1, 3, 10, 37, 64])
@pytest.mark.parametrize("n", [64, 300 * BLOCK])
def test_equal_scores_rank_by_row_also_across_the_cut(k, n):
    scores = np.random.default_rng(0).integers(0, 3, n).astype(np.float32)
    assert best(scores, k).tolist() == slow_best(scores, k)


@pytest.mark.parametrize("used", [0, 1, 3, 8, 16])
@pytest.mark.parametrize("equal", [True, False])
def test_a_weighted_sum_is_the_matrix_product(used, equal):
    rng = np.random.default_rng(used)
    rows = unit_rows(rng, 2 * ROWS + 5)
    vector = np.zeros(16, np.float32)
    vector[rng.choice(16, used, replace=False)] = 0.5 if equal else rng.normal(size=used)
    found = weighted_sum(Columns.of_rows(rows), vector)
    np.testing.assert_allclose(found, rows @ vector, atol=1e-5)


def test_only_the_columns_that_a_vector_holds_are_read():
    read = []
    columns = Columns(np.zeros((16, 10), np.float32), lambda column, _: read.append(column))
    vector = np.zeros(16, np.float32)
    vector[[3, 9]] = 1
    weighted_sum(columns, vector)
    weighted_sum(columns, vector)
    assert sorted(read) == [3, 9]
    columns.need()
    assert sorted(read) == list(range(16))


@pytest.mark.parametrize("k", [0, -1, 1.5, "24", True, None, "9" * 10**6])
def test_a_k_that_is_none_is_refused(k):
    with pytest.raises(InputError, match=r"k is .{1,110}: ask for a whole number"):
        best(np.zeros(3, np.float32), k)


@pytest.fixture(scope="module")
def gallery():
    """300 faces; two coordinates an attribute, of which any-of reads the probabilities back."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(300, 40)) * 3
    parts = [-np.logaddexp(0, -logits), -np.logaddexp(0, logits)]
    rows = np.concatenate(parts, axis=1) / 200
    rest = np.sqrt(1 - (rows**2).sum(axis=1, keepdims=True))
    eye = np.eye(40, dtype=np.float32)
    readout = np.concatenate([eye, -eye, 0 * eye[:, :1]], axis=1) * 200
    return Gallery(
        Faces.named([f"{row:03}" for row in range(300)]),
        Columns.of_rows(np.concatenate([rows, rest], axis=1)),
        (readout.astype(np.float32), np.zeros(40, np.float32)),
        CELEBA,
    )


def test_any_of_adds_the_log_probability_that_one_holds(gallery):
    vector = np.zeros(81, np.float32)
    vector[15] = 1
    terms = Terms(vector, (AnyOf(0.5, ((8, True), (11, True), (20, False))),))
    rows, scores = gallery.top(terms, 300)
    p = gallery.predicted()
    holds = 1 - (1 - p[8]) * (1 - p[11]) * p[20]
    expected = gallery.columns.need()[15] + 0.5 * np.log(np.maximum(holds, 1e-12))
    np.testing.assert_allclose(scores, expected[rows], atol=1e-4)
    assert (np.diff(scores) <= 0).all()


def test_pages_of_a_ranking_follow_each_other(gallery):
    terms = Terms(np.eye(81, dtype=np.float32)[7])
    whole = gallery.top(terms, 300)[0].tolist()
    pages = [gallery.top(terms, 70, after)[0].tolist() for after in range(0, 300, 70)]
    assert [row for page in pages for row in page] == whole
    assert gallery.top(terms, 5, 300)[0].tolist() == []


def test_a_row_may_be_left_out(gallery):
    terms = Terms(np.eye(81, dtype=np.float32)[7])
    first = int(gallery.top(terms, 1)[0][0])
    left = gallery.top(Terms(terms.vector, without=first), 300)[0]
    assert len(left) == 299
    assert first not in left


def test_an_empty_gallery_has_no_result():
    empty = Gallery(
        Faces.named([]),
        Columns(np.zeros((81, 0), np.float32)),
        (np.zeros((40, 81), np.float32), np.zeros(40, np.float32)),
        CELEBA,
    )
    assert empty.top(Terms(np.ones(81, np.float32)), 24)[0].tolist() == []
    assert empty.shown_names == ()
    with pytest.raises(InputError, match="no face 'x' in this gallery of 0"):
        empty.find("x")
