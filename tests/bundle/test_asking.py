"""What a face asks for: its predicted attributes, and its numbers beyond them where it has any."""

import numpy as np
import pytest

from facesearch.attributes import CELEBA, Query
from facesearch.bundle.asking import BEYOND, TermMaker

SCALE = 1 / 76


def maker(numbers, *, beyond):
    """A term maker of an evidence head with so many numbers, and the embedding of a random face."""
    width = 80 + numbers + 1
    weight = np.zeros((40, width), np.float32)
    weight[:, :40], weight[:, 40:80] = np.eye(40) / SCALE, -np.eye(40) / SCALE
    rng = np.random.default_rng(0)
    logits = rng.normal(size=40)
    vector = np.zeros(width, np.float32)
    vector[:40], vector[40:80] = -np.logaddexp(0, -logits), -np.logaddexp(0, logits)
    vector[80:-1] = rng.normal(size=numbers)
    vector *= SCALE
    vector[-1] = np.sqrt(1 - vector @ vector)

    class Sum:
        def encode(self, signs):
            row = np.concatenate([signs.clip(0), (-signs).clip(0), np.zeros(numbers + 1)])
            return (row / np.linalg.norm(row)).astype(np.float32)

    terms = TermMaker(
        Sum(), (weight, np.zeros(40)), np.ones(width), [], evidence=True, beyond=beyond
    )
    return terms, vector, logits


@pytest.mark.parametrize("beyond", [True, False])
def test_a_face_asks_for_its_attributes_and_for_its_further_numbers_where_they_mean_something(
    beyond,
):
    terms, vector, logits = maker(5, beyond=beyond)
    asked = terms(Query(vocabulary=CELEBA), [(1.0, vector)], 0.0, None).vector
    signs = np.tanh(logits / 2)
    both = np.concatenate([signs.clip(0), (-signs).clip(0)])
    expected = np.concatenate([both / np.linalg.norm(both), np.zeros(6)])
    if beyond:
        expected[80:85] = BEYOND * vector[80:85] / SCALE
    np.testing.assert_allclose(asked, expected / np.linalg.norm(expected), atol=1e-5)


def test_completion_is_never_asked_for():
    terms, vector, _ = maker(0, beyond=True)
    assert terms(Query(vocabulary=CELEBA), [(1.0, vector)], 0.0, None).vector[-1] == 0


def test_more_and_fewer_move_a_search_and_leave_what_is_asked_true(portraits_bundle):
    query = portraits_bundle.query(["Smiling"])
    gallery = portraits_bundle.gallery
    smiling, male = (CELEBA.index(name) for name in ("Smiling", "Male"))

    def found(**moves):
        rows, _ = gallery.top(portraits_bundle.terms(query, **moves), 24)
        shares = gallery.predicted(rows) >= 0.5
        return rows, int(shares[male].sum()), int(shares[smiling].sum())

    rows, men, _ = found()
    picked = rows[gallery.predicted(rows)[male] >= 0.5][:3].tolist()
    assert 3 <= men <= 12
    moved, more_men, still = found(more=picked)
    assert more_men >= 20
    assert still >= 20
    _, fewer_men, still = found(fewer=picked)
    assert fewer_men < men
    assert still >= 20
    assert np.linalg.norm(portraits_bundle.terms(query, more=picked).vector) == pytest.approx(1)
    assert np.array_equal(moved, found(more=picked)[0])
