"""Near ties are ranked by scores of double precision, beside a loop over faces."""

import math

import numpy as np
import pytest

from facesearch.gallery import AnyOf, Columns, Faces, Gallery, Terms, precise
from facesearch.gallery.search import weighted_sum
from facesearch.vocabulary import Vocabulary

NAMES = ("Red", "Green", "Blue")
DIM = 16


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    """2,000 faces in near ties: each of twenty is there a hundred times, moved by single bits."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(20, DIM)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    rows = np.repeat(rows, 100, axis=0)
    rows = np.nextafter(rows, rng.choice([-1.0, 0.0, 1.0], rows.shape).astype(np.float32))
    rows = np.where(rng.random((2000, 1)) < 0.1, rows[0], rows)  # and some are equal
    weight = np.zeros((3, DIM), np.float32)
    weight[0, [0, 3]], weight[1, [1, 4]] = (9, -7), (11, -8)
    weight[2] = rng.normal(size=DIM)  # as of a taught attribute
    readout = weight, np.array([0.5, -1, 0.25], np.float32)
    names = Faces.named([f"{row}.jpg" for row in range(len(rows))])
    return Gallery(names, Columns.of_rows(rows), readout, Vocabulary(NAMES))


def all_terms() -> dict[str, Terms]:
    rng = np.random.default_rng(1)
    dense = rng.normal(size=DIM).astype(np.float32)
    dense /= np.linalg.norm(dense)
    sparse = np.zeros(DIM, np.float32)
    sparse[[2, 5]] = 0.7
    sets = (AnyOf(0.3, ((0, True), (1, True))), AnyOf(0.2, ((2, False),)))
    return {
        "dense": Terms(dense),
        "any-of": Terms(sparse, sets),
        "all": Terms(dense, sets, without=7),
        "certain": Terms(sparse, (AnyOf(40.0, ((0, False), (2, True))),)),
    }


def one_score(terms: Terms, readout, row: np.ndarray) -> float:
    """A face's score by Python's own numbers, which are of double precision."""
    total = 0.0
    for weight, value in zip(terms.vector.tolist(), row.tolist(), strict=True):
        total += weight * value
    for term in terms.any_of:
        holds = 0.0
        for column, present in term.wanted:
            logit = float(readout[1][column])
            for weight, value in zip(readout[0][column].tolist(), row.tolist(), strict=True):
                logit += weight * value
            p = 1 / (1 + math.exp(-logit if present else logit))
            holds += p - holds * p
        total += float(term.weight) * math.log(max(holds, 1e-12))
    return total


@pytest.mark.parametrize("kind", all_terms())
def test_near_ties_are_in_the_order_of_a_loop_in_double_precision(gallery, kind):
    terms = all_terms()[kind]
    rows = gallery.vectors(range(len(gallery)))
    scores = {row: one_score(terms, gallery.readout, each) for row, each in enumerate(rows)}
    scores.pop(7 if terms.without == 7 else -1, None)
    found, told = gallery.top(terms, 300)
    assert sorted(scores.values(), reverse=True)[:300] == pytest.approx(
        [scores[row] for row in found.tolist()], rel=1e-14
    )
    assert told.tolist() == pytest.approx([scores[row] for row in found.tolist()], rel=1e-6)
    alike = np.diff(found)[np.diff([scores[row] for row in found.tolist()]) == 0]
    assert len(alike) or kind == "certain"
    assert (alike > 0).all()  # equal scores rank by row
    single = weighted_sum(gallery.columns, terms.vector)
    if kind == "dense":  # by which the order would be another one
        assert np.argsort(-single, kind="stable")[:300].tolist() != found.tolist()


@pytest.mark.parametrize("faces", [1, 2, 3, 8, 100, 1999, 2000])
def test_a_score_does_not_depend_on_what_is_scored_with_it(gallery, faces):
    dense = all_terms()["dense"]
    rows = gallery.vectors(range(2000)).T
    pieces = [rows[:, start : start + faces] for start in range(0, 2000, faces)]
    found = precise.score(dense, gallery.readout, np.arange(DIM), pieces)
    assert found.tolist() == [one_score(dense, gallery.readout, row) for row in rows.T]


@pytest.mark.parametrize("kind", all_terms())
def test_what_follows_is_what_a_longer_list_goes_on_with(gallery, kind):
    whole = gallery.top(all_terms()[kind], 200)[0].tolist()
    parts = [gallery.top(all_terms()[kind], 20, after)[0].tolist() for after in range(0, 200, 20)]
    assert [row for part in parts for row in part] == whole


@pytest.mark.parametrize("kind", all_terms())
def test_single_precision_is_off_by_less_than_is_allowed_for(gallery, kind):
    terms, readout = all_terms()[kind], gallery.readout
    single = weighted_sum(gallery.columns, terms.vector)
    for term in terms.any_of:
        single += term.weight * gallery._log_any(term)
    columns = precise.needed(terms, readout)
    double = precise.score(terms, readout, columns, [gallery.columns.need(columns)[columns]])
    off = np.abs(single - double).max()
    assert 0 < off < precise.error(terms, readout, precise.SINGLE) < 1e-2


def test_few_columns_are_left_to_single_precision(gallery):
    vector = np.zeros(DIM, np.float32)
    vector[[2, 5, 6]] = 0.5
    assert precise.is_plain(Terms(vector))
    single = weighted_sum(gallery.columns, vector)
    found, scores = gallery.top(Terms(vector), 100)
    assert found.tolist() == np.argsort(-single, kind="stable")[:100].tolist()
    assert scores.tolist() == single[found].tolist()
