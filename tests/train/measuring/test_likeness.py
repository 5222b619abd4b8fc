"""Likeness against figures worked out by hand."""

import numpy as np
import pytest

from train.measuring import likeness
from train.measuring.likeness import measure_likeness


def test_agreement_and_the_place_of_a_copy_are_those_counted_by_hand(monkeypatch):
    monkeypatch.setattr(likeness, "NEAREST", 2)
    faces = np.array([[1.0, 0], [0.9, 0], [0.8, 0], [0.1, 0]])
    copies = np.array([[0.95, 0], [0, 0], [0, 0], [0.85, 0]])
    labels = np.array([[1, 1], [1, 0], [-1, 1], [0, 0]])
    found = measure_likeness(faces, faces, copies, labels, np.array([0, 3]))
    # the first asks, and finds the second and third: 2 of 3 known labels agree; the fourth finds
    # the first and the second: 1 of 4
    assert found.agreement == pytest.approx(3 / 7)
    assert found.first == 0.5  # of the first alone: its copy is above all
    assert found.recall == 0.5  # two faces are more like the fourth than its copy is


def test_a_face_never_finds_itself():
    faces = np.eye(30)
    labels = np.zeros((30, 40), np.int8)
    labels[0] = 1
    assert measure_likeness(faces, faces, faces, labels, np.array([0])).agreement == 0


def test_near_copies_are_counted_once_and_a_faces_own_not_at_all(monkeypatch):
    monkeypatch.setattr(likeness, "NEAREST", 2)
    labels = np.array([[1, 1], [1, 1], [0, 0], [0, 0], [1, 0], [1, -1]])
    copy_of = np.array(
        [0, 0, 2, 2, 4, 5]
    )  # the second is a copy of the first, the fourth of the third
    scores = np.array([[9.0, 8, 7, 6, 5, 4]])
    # the nearest others are the third, its copy passed over, and the fifth: 0 and 1 of 2 agree
    found = likeness.label_agreement(scores, labels, np.array([0]), copy_of)
    assert found == pytest.approx(1 / 4)
    # by the sixth, whose second label nobody knows: the first and the third
    assert likeness.label_agreement(scores, labels, np.array([5]), copy_of) == pytest.approx(1 / 2)
