"""Attributes taught from a few examples: what can be found again, and what can't."""

import numpy as np

from facesearch.attributes import CELEBA
from train.measuring.taught import taught_precision, teach

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
