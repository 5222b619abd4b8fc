"""Where a model is right and where it is not: calibration, and groups of people side by side."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from train.measuring.benchmark import LEAST_RELEVANT, ScoreFunction

SHOWN = 24  # images on the page's first view
GENDERS = {"women": 0, "men": 1}  # the label Male
AGES = {"young": 1, "older": 0}  # the label Young
LEAST = 10  # images with and without an attribute that every group needs for its ROC AUC
MEASURED = ("accuracy", "ROC AUC", "calibration error")
DRAWS = 200  # of images with replacement, for an interval


def accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The share of the known labels that probabilities over a half agree with; both are (N, A)."""
    return float(((probabilities > 0.5) == (labels == 1))[labels >= 0].mean())


def prevalence_thresholds(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(A,) probabilities at and above which as many images lie as have the attribute.

    Args:
        probabilities, labels: (N, A) in [0, 1], and 1 present, 0 absent, -1 unknown.

    Of an attribute without labels, or that no image or every image has, it is a half.
    """
    found = np.full(labels.shape[1], 0.5)
    for column in range(labels.shape[1]):
        known = labels[:, column] >= 0
        ranked = np.sort(probabilities[known, column])[::-1]
        present = int((labels[known, column] == 1).sum())
        if 0 < present < len(ranked):
            found[column] = (ranked[present - 1] + ranked[present]) / 2
    return found


def each_attribute(
    probabilities: np.ndarray, labels: np.ndarray, names: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Accuracy and expected calibration error of each of the A attributes that has labels."""
    return {
        name: {
            "accuracy": accuracy(probabilities[:, [c]], labels[:, [c]]),
            "calibration error": float(calibration(probabilities[:, [c]], labels[:, [c]])["error"]),  # type: ignore[arg-type]
        }
        for c, name in enumerate(names)
        if (labels[:, c] >= 0).any()
    }


def calibration(probabilities: np.ndarray, labels: np.ndarray, bins: int = 10) -> dict[str, object]:
    """How often attributes are there, by the probability predicted of them.

    Args:
        probabilities, labels: (N, A) in [0, 1], and 1 present, 0 absent, -1 unknown.
        bins: of equal width.

    "error" is the expected calibration error (https://arxiv.org/abs/1706.04599): the difference
    between predicted and present, averaged over the predictions.
    """
    known = labels >= 0
    predicted, present = probabilities[known], labels[known]
    bin_of = np.minimum((predicted * bins).astype(int), bins - 1)
    found: list[dict[str, float]] = []
    error = 0.0
    for b in range(bins):
        chosen = bin_of == b
        if count := int(chosen.sum()):
            mean, share = float(predicted[chosen].mean()), float(present[chosen].mean())
            error += abs(mean - share) * count / len(predicted)
            edges = {"from": b / bins, "to": (b + 1) / bins}
            found.append({**edges, "count": count, "predicted": mean, "present": share})
    return {"error": error, "bins": found}


def compare_groups(
    probabilities: np.ndarray, labels: np.ndarray, names: Sequence[str], method: ScoreFunction
) -> dict[str, dict[str, float]]:
    """Accuracy, ROC AUC and calibration error in each group, how often it is shown, and the gaps.

    Args:
        probabilities, labels: as in `calibration`.
        names: of the A attributes.
        method: (Q, A) queries to (Q, N) scores, the greater the better.

    Beside the largest gaps are 95 % intervals of them, over images drawn from each group with
    replacement. Empty where a group has too few images to compare, or the attributes that make the
    groups are not known.
    """
    if not {"Male", "Young"} <= set(names):
        return {}
    male, young = labels[:, names.index("Male")], labels[:, names.index("Young")]
    groups = {name: male == label for name, label in GENDERS.items()}
    groups |= {name: young == label for name, label in AGES.items()}
    for (age, young_label), (gender, male_label) in product(AGES.items(), GENDERS.items()):
        groups[f"{age} {gender}"] = (male == male_label) & (young == young_label)
    shared = [
        column
        for column in range(len(names))
        if all(
            min((labels[rows, column] == 1).sum(), (labels[rows, column] == 0).sum()) >= LEAST
            for rows in groups.values()
        )
    ]
    if not shared:
        return {}
    fit, shown = _shares(list(groups.values()), labels, names, method)
    found: dict[str, dict[str, float]] = {}
    for i, (name, rows) in enumerate(groups.items()):
        found[name] = {
            "images": int(rows.sum()),
            **_measure(probabilities[rows], labels[rows], shared),
            "share that fits": fit[i],
            "share of first 24": shown[i],
        }
    found["largest gap"] = _gaps(list(found.values()))
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(DRAWS):
        again = [rng.choice(rows, len(rows)) for rows in map(np.flatnonzero, groups.values())]
        drawn.append(_gaps([_measure(probabilities[r], labels[r], shared) for r in again]))
    for name, share in (("its interval, from", 2.5), ("to", 97.5)):
        found[name] = {k: float(np.percentile([gap[k] for gap in drawn], share)) for k in MEASURED}
    return found


def _measure(probabilities: np.ndarray, labels: np.ndarray, shared: list[int]) -> dict[str, float]:
    areas = [roc_auc(probabilities[:, c], labels[:, c]) for c in shared]
    return {
        "accuracy": accuracy(probabilities, labels),
        "ROC AUC": float(np.nanmean(areas)),
        "calibration error": float(calibration(probabilities, labels)["error"]),  # type: ignore[arg-type]
    }


def _gaps(groups: list[dict[str, float]]) -> dict[str, float]:
    return {
        key: max(scores[key] for scores in groups) - min(scores[key] for scores in groups)
        for key in MEASURED
    }


def roc_auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """The chance that an image with the attribute scores above one without; ties count half.

    `scores` and `labels` are (N,); labels other than 1 and 0 are left out.
    """
    with_it, without = scores[labels == 1], np.sort(scores[labels == 0])
    below = np.searchsorted(without, with_it, "left") + np.searchsorted(without, with_it, "right")
    return float(below.mean() / 2 / len(without))


def _shares(
    groups: list[np.ndarray], labels: np.ndarray, names: Sequence[str], method: ScoreFunction
) -> tuple[list[float], list[float]]:
    """Each group's share of the images that fit one wanted attribute, and of the first shown, mean
    over the attributes that enough images have; but for Male and Young, which define the groups."""
    columns = [
        c
        for c, name in enumerate(names)
        if (labels[:, c] == 1).sum() >= LEAST_RELEVANT and name not in ("Male", "Young")
    ]
    scores = method(np.eye(len(names), dtype=np.int8)[columns])  # (Q, N)
    first = np.argsort(-scores, axis=1, kind="stable")[:, :SHOWN]
    fit = [float(np.mean([rows[labels[:, c] == 1].mean() for c in columns])) for rows in groups]
    shown = [float(rows[first].mean()) for rows in groups]
    return fit, shown
