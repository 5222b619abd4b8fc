"""An attribute taught by example: what is learned from a few faces, and how sure it is."""

from dataclasses import dataclass

import numpy as np

FEWEST = 3  # faces that have it
OTHERS = 1000  # faces of the gallery that stand for all of those that nobody marked
PENALTY = 1.0  # of ridge regression, as a share of the mean square of a coordinate
FOLDS = 5
COMMON = 0.1, 20.0  # share of faces that a new attribute has, as far as so many faces would tell
SHARES = 0.002, 0.9  # least and greatest share that is believed


@dataclass(frozen=True)
class Lesson:
    """What was learned: the chance that a face has the attribute is
    `1 / (1 + exp(-(embedding @ weight + bias)))`.

    Attributes:
        weight: (D,) float32.
        bias: a number.
        told_apart: of pairs of a face with and one without, the share that is ranked rightly by
            what was learned without either, from 0 to 1; 0.5 is chance. With few marks it is drawn
            towards that: two pairs, one right and one wrong, are counted besides.
    """

    weight: np.ndarray
    bias: float
    told_apart: float


def learn(like: np.ndarray, unlike: np.ndarray, others: np.ndarray) -> Lesson:
    """Learn an attribute from a few embeddings, in milliseconds.

    A ridge regression between the faces with it and the faces without. The others, taken as faces
    without, count as much as all marks of one side together: most of them lack a new attribute, and
    they tell what faces are like in general. Its scores become chances by two normal distributions,
    whose shares are found by expectation maximisation over the others.

    Args:
        like: (m, D) of faces with the attribute, `FEWEST` or more.
        unlike: (u, D) of faces without it, possibly none.
        others: (n, D) of the gallery.
    """
    marks = np.concatenate([like, unlike]).astype(np.float64)
    present = np.arange(len(marks)) < len(like)
    others = others.astype(np.float64)
    fold = np.where(present, present.cumsum(), (~present).cumsum()) % FOLDS
    held_out = np.zeros(len(marks))
    for part in np.unique(fold):
        left_out = fold == part
        direction, bias = _regress(marks[~left_out], present[~left_out], others)
        held_out[left_out] = marks[left_out] @ direction + bias
    direction, bias = _regress(marks, present, others)
    rest = others @ direction + bias
    slope, offset = _calibrate(held_out[present], rest)
    return Lesson(
        (slope * direction).astype(np.float32),
        slope * bias + offset,
        _told_apart(held_out[present], held_out[~present] if len(unlike) >= FEWEST else rest),
    )


def worth_asking(chances: np.ndarray, n: int) -> list[int]:
    """Rows of up to n faces whose marks would teach the most: by turns one of which it is least
    sure, and one that is likeliest to have the attribute.

    Args:
        chances: (N,) that each face has it; NaN for faces that are not to be asked about.
        n: how many.
    """
    open_rows = np.flatnonzero(~np.isnan(chances))
    chances = chances[open_rows]
    doubtful = open_rows[np.argsort(np.abs(chances - 0.5), kind="stable")[:n]]
    likely = open_rows[np.argsort(-chances, kind="stable")[:n]]
    by_turns = np.stack([doubtful, likely], axis=1).ravel().tolist()
    return list(dict.fromkeys(by_turns))[:n]


def _regress(
    marks: np.ndarray, present: np.ndarray, others: np.ndarray
) -> tuple[np.ndarray, float]:
    """Direction (D,) and bias of a score, whose mean over the others is 0 and its spread 1."""
    have, lack = max(1, int(present.sum())), max(1, int((~present).sum()))
    share = np.concatenate(
        [np.where(present, 1 / have, 1 / lack), np.full(len(others), 2 / max(1, len(others)))]
    )
    rows = np.concatenate([marks, others])
    sides = np.concatenate([np.where(present, 1.0, -1.0), np.full(len(others), -1.0)])
    middle = share @ rows / share.sum()
    rows, sides = rows - middle, sides - share @ sides / share.sum()
    weighed = rows * share[:, None]
    gram = weighed.T @ rows  # (D, D)
    gram += (PENALTY * np.trace(gram) / len(gram) or 1.0) * np.eye(len(gram))
    direction = np.linalg.solve(gram, weighed.T @ sides)
    scores = others @ direction
    direction /= scores.std() or 1.0
    return direction, -float(others.mean(axis=0) @ direction)


def _calibrate(have: np.ndarray, others: np.ndarray) -> tuple[float, float]:
    """Slope and offset of the logarithm of the odds, over scores.

    Scores of faces with the attribute, and of those without, are taken to be normally distributed.
    The former have the mean and, with four faces of spread 1 counted besides, the spread of the
    marks; the others are a mixture of both.
    """
    with_mean = have.mean()
    with_spread = ((have - with_mean) ** 2).sum() + 4
    with_spread = np.sqrt(with_spread / (len(have) + 3))
    share, without_mean, without_spread = COMMON[0], float(np.median(others)), 1.0
    slope = offset = 0.0
    for _ in range(50):
        variance = (with_spread**2 + without_spread**2) / 2
        slope = max(with_mean - without_mean, 0.1) / variance
        offset = np.log(share / (1 - share)) - slope * (with_mean + without_mean) / 2
        chance = 1 / (1 + np.exp(-(slope * others + offset)))
        found = (chance.sum() + COMMON[0] * COMMON[1]) / (len(others) + COMMON[1])
        share = float(np.clip(found, *SHARES))
        lacking = 1 - chance
        without_mean = lacking @ others / lacking.sum()
        without_spread = np.sqrt(lacking @ (others - without_mean) ** 2 / lacking.sum())
    return float(slope), float(offset)


def _told_apart(have: np.ndarray, lack: np.ndarray) -> float:
    right = (have[:, None] > lack).mean() + (have[:, None] == lack).mean() / 2
    marks = min(len(have), len(lack))
    return float((right * marks + 1) / (marks + 2))
