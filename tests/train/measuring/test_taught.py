"""Attributes taught from a few examples: what can be found again, and what can't."""

import numpy as np

from facesearch.attributes import CELEBA
from facesearch.gallery.teaching import learn
from train.measuring.taught import measure_taught, taught_precision, teach, teach_as_shipped

NAME = "Eyeglasses"


def test_teaching_is_ridge_regression_as_a_plain_solution_of_it_gives():
    rng = np.random.default_rng(0)
    examples, others = rng.normal(size=(8, 3)), rng.normal(size=(5, 3))
    present = np.arange(8) < 4
    centred = examples - examples.mean(axis=0)
    penalty = 0.3 * (centred**2).sum() / 8
    slope = np.linalg.solve(
        centred.T @ centred + penalty * np.eye(3), centred.T @ np.where(present, 1.0, -1.0)
    )
    expected = (others - examples.mean(axis=0)) @ slope
    np.testing.assert_allclose(teach(examples, present, others), expected)


def test_an_attribute_is_found_by_what_is_left_of_it_and_not_by_its_own_columns():
    rng = np.random.default_rng(0)
    labels = (rng.random((400, len(CELEBA))) < 0.3).astype(np.int8)
    column = labels[:, CELEBA.index(NAME)].astype(float)
    vectors = rng.normal(size=(400, 6))
    vectors[:, 0] = 8 * column
    kept = taught_precision(vectors, labels, (NAME,), {NAME: [1]})
    taken = taught_precision(vectors, labels, (NAME,), {NAME: [0]})
    assert kept > 0.95
    assert taken < 0.4  # chance is 0.3


def test_an_attribute_is_taught_by_as_many_examples_as_there_are():
    rng = np.random.default_rng(0)
    labels = (rng.random((600, len(CELEBA))) < 0.2).astype(np.int8)
    vectors = rng.normal(size=(600, 90))
    vectors[:, 85] += 6 * labels[:, CELEBA.index(NAME)]
    rows = measure_taught(vectors, labels, (NAME,))
    assert list(rows) == ["5 with, 5 without", "10 with, 10 without", "20 with, 20 without"]
    for found in rows.values():
        assert min(found.values()) > 0.6  # chance is 0.2
    few = measure_taught(vectors[:60], labels[:60], (NAME,))
    assert "20 with, 20 without" not in few


def test_the_measured_teaching_is_that_of_a_bundle():
    rng = np.random.default_rng(1)
    examples, others = rng.normal(size=(6, 4)), rng.normal(size=(50, 4))
    lesson = learn(examples[:3], examples[3:], others)
    np.testing.assert_allclose(
        teach_as_shipped(examples, np.arange(6) < 3, others), others @ lesson.weight + lesson.bias
    )
