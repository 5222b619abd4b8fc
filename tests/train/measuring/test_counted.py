"""Counts without labels against true ones, as worked out by hand."""

import numpy as np
import pytest

from facesearch.vocabulary import Vocabulary
from train.measuring.benchmark import QuerySet
from train.measuring.counted import measure_counts


def test_ratios_and_the_share_of_close_ones_are_those_worked_out_by_hand():
    vocabulary = Vocabulary(("Hat", "Scarf"))
    probabilities = np.array([[0.9, 0.5], [0.6, 0.5], [0.4, 0.0], [0.1, 1.0]], np.float32)
    hat = np.array([True, True, False, False])
    scarf = np.array([True, False, False, True])
    sets = [
        # of hats, 2.0 are expected and 2 counted; of scarfs 2.0 and 3, where there are 2 and 2
        QuerySet("wanted", 1, np.array([[1, 0], [0, 1]], np.int8), np.stack([hat, scarf])),
        # with hat and without scarf: 0.45 + 0.3 + 0.4 + 0 expected, none counted, one is there
        QuerySet("mixed", 2, np.array([[1, -1]], np.int8), (hat & ~scarf)[None]),
    ]
    found = measure_counts(probabilities, sets, vocabulary)
    assert found["wanted, expected count"] == pytest.approx(
        {"lower quartile": 1, "median": 1, "upper quartile": 1, "close": 1}
    )
    assert found["wanted, counted at a half"] == pytest.approx(
        {"lower quartile": 1.125, "median": 1.25, "upper quartile": 1.375, "close": 0.5}
    )
    assert found["mixed, expected count"]["median"] == pytest.approx(1.15)
    assert found["mixed, counted at a half"]["median"] == 0
