"""Average precision and ROC AUC against scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from train.measuring.benchmark import average_precision, rank_relevance
from train.measuring.breakdown import roc_auc


@pytest.mark.parametrize("seed", range(5))
def test_average_precision_is_scikit_learns(seed):
    rng = np.random.default_rng(seed)
    scores = rng.permuted(np.linspace(-1, 1, 12 * 300)).reshape(12, 300)  # no two are equal
    relevant = rng.random((12, 300)) < rng.uniform(0.02, 0.9, (12, 1))
    relevant[:, :5] = True
    found = average_precision(rank_relevance(scores, relevant))
    theirs = [average_precision_score(*row) for row in zip(relevant, scores, strict=True)]
    assert found == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_roc_auc_is_scikit_learns_with_ties_and_unknown_labels(seed):
    rng = np.random.default_rng(seed)
    scores, labels = rng.integers(0, 30, 500) / 30, rng.integers(-1, 2, 500)
    known = labels >= 0
    theirs = roc_auc_score(labels[known], scores[known])
    assert roc_auc(scores, labels) == pytest.approx(theirs, abs=1e-12)
