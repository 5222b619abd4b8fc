"""Calibration and groups against figures worked out by hand or by plain loops."""

import numpy as np
import pytest

from facesearch.attributes import ATTRIBUTES
from train.measuring.breakdown import (
    calibration,
    compare_groups,
    each_attribute,
    prevalence_thresholds,
    roc_auc,
)

MALE, YOUNG = ATTRIBUTES.index("Male"), ATTRIBUTES.index("Young")


def test_calibration_is_that_of_a_table_made_by_hand_and_leaves_out_unknown_labels():
    probabilities = np.array([[0.05, 0.05, 0.95, 0.95, 0.55, 1.0]])
    labels = np.array([[0, 1, 1, 1, -1, 0]])
    found = calibration(probabilities, labels)
    assert [(b["count"], b["present"]) for b in found["bins"]] == [(2, 0.5), (3, 2 / 3)]
    last = abs((0.95 + 0.95 + 1) / 3 - 2 / 3)
    assert found["error"] == pytest.approx((2 * 0.45 + 3 * last) / 5)


def test_roc_auc_is_that_of_a_plain_loop_over_pairs():
    rng = np.random.default_rng(0)
    scores, labels = rng.integers(0, 9, 60) / 9, rng.integers(-1, 2, 60)
    pairs = [(a > b) + (a == b) / 2 for a in scores[labels == 1] for b in scores[labels == 0]]
    assert roc_auc(scores, labels) == pytest.approx(np.mean(pairs))


def test_a_group_that_is_read_worse_and_shown_less_is_seen():
    rng = np.random.default_rng(1)
    labels = (rng.random((1000, 40)) < 0.5).astype(np.int8)
    probabilities = np.where(labels == 1, 0.9, 0.1)
    worse = labels[:, MALE] == 0
    probabilities[worse] = rng.random((worse.sum(), 40))
    signs = 2 * probabilities - 1 - 0.5 * worse[:, None]
    found = compare_groups(probabilities, labels, ATTRIBUTES, lambda queries: queries @ signs.T)
    assert found["men"]["accuracy"] == 1
    assert found["women"]["accuracy"] == pytest.approx(0.5, abs=0.02)
    assert found["women"]["ROC AUC"] == pytest.approx(0.5, abs=0.02)
    assert found["men"]["calibration error"] == pytest.approx(0.1)
    assert found["women"]["share that fits"] == pytest.approx(0.5, abs=0.02)
    assert found["women"]["share of first 24"] < 0.1
    assert (
        found["young women"]["images"] == ((labels[:, MALE] == 0) & (labels[:, YOUNG] == 1)).sum()
    )
    assert found["largest gap"]["accuracy"] == pytest.approx(0.5, abs=0.03)


def test_groups_too_small_to_compare_give_nothing():
    labels = np.zeros((50, 40), np.int8)
    assert (
        compare_groups(
            np.full((50, 40), 0.5), labels, ATTRIBUTES, lambda queries: queries @ labels.T
        )
        == {}
    )


def test_thresholds_give_each_attribute_as_many_faces_as_have_it():
    rng = np.random.default_rng(2)
    labels = rng.integers(-1, 2, (300, 5))
    labels[:, 3], labels[:, 4] = -1, 0
    probabilities = rng.random((300, 5))
    found = prevalence_thresholds(probabilities, labels)
    for column in range(3):
        known = labels[:, column] >= 0
        above = (probabilities[known, column] >= found[column]).sum()
        assert above == (labels[known, column] == 1).sum()
    assert found[3:].tolist() == [0.5, 0.5]


def test_each_attribute_that_has_labels_has_an_accuracy_and_a_calibration_error():
    labels = np.array([[1, -1], [0, -1], [1, -1], [1, -1]])
    found = each_attribute(np.full((4, 2), 0.75), labels, ("Bald", "Bangs"))
    assert found == {"Bald": {"accuracy": 0.75, "calibration error": 0}}


def test_the_interval_of_a_gap_that_is_there_keeps_off_zero_and_holds_it():
    rng = np.random.default_rng(3)
    labels = (rng.random((2000, 40)) < 0.5).astype(np.int8)
    right = rng.random(labels.shape) < np.where(labels[:, [MALE]] == 1, 0.95, 0.85)
    probabilities = np.where(right, 0.1 + 0.8 * labels, 0.9 - 0.8 * labels)
    found = compare_groups(probabilities, labels, ATTRIBUTES, lambda queries: queries @ labels.T)
    low, high = (found[name]["accuracy"] for name in ("its interval, from", "to"))
    assert 0.08 < low <= found["largest gap"]["accuracy"] <= high < 0.14
