"""How well an attribute can be taught from a few examples: a known one, as if it were new.

Its own two columns are taken away from the embeddings. The backbone has learned it all the same, so
these figures are an upper bound for attributes that are new to the backbone too.
"""

from collections.abc import Callable

import numpy as np

from facesearch.attributes import CELEBA
from facesearch.gallery.teaching import OTHERS, learn
from train.measuring.benchmark import LEAST_RELEVANT, average_precision, rank_relevance

# Scores (n,) of others (n, D), from examples (m, D) and whether each has it (m,)
Teach = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]

EXAMPLES = 10  # faces with the attribute, and as many without
DRAWS = 8
PENALTY = 0.3  # of ridge regression, as a share of the examples' mean square


def teach(examples: np.ndarray, present: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Scores (n,) of `others` (n, D), by ridge regression on `examples` (m, D), `present` (m,)."""
    mean = examples.mean(axis=0)
    centred = examples - mean  # (m, D)
    gram = centred @ centred.T  # (m, m)
    ridge = PENALTY * np.trace(gram) / len(gram) * np.eye(len(gram))
    return (others - mean) @ (centred.T @ np.linalg.solve(gram + ridge, 2.0 * present - 1))


def teach_as_shipped(examples: np.ndarray, present: np.ndarray, others: np.ndarray) -> np.ndarray:
    """As `teach`, by what `Bundle.teach` does: faces that nobody marked are weak negatives."""
    unmarked = others[:: -(-len(others) // OTHERS)]
    lesson = learn(examples[present], examples[~present], unmarked)
    return others @ lesson.weight + lesson.bias


def taught_precision(
    vectors: np.ndarray,
    labels: np.ndarray,
    names: tuple[str, ...],
    own: dict[str, list[int]],
    examples: int = EXAMPLES,
    teach: Teach = teach,
) -> float:
    """Mean average precision of attributes taught from `examples` random faces with and as many
    without, over the other faces, `DRAWS` times each.

    Args:
        vectors, labels: (N, D) and (N, A), 1 present, 0 absent.
        own: the columns of `vectors` to take away for each of `names`.
        teach: what learns from the examples and scores the others.
    """
    found = []
    for name in names:
        column = CELEBA.index(name)
        kept = np.delete(vectors, own[name], axis=1)
        sides = [np.flatnonzero(labels[:, column] == label) for label in (1, 0)]
        for draw in range(DRAWS):
            rng = np.random.default_rng([draw, column])
            shown = np.concatenate([rng.choice(rows, examples, replace=False) for rows in sides])
            rest = np.setdiff1d(np.concatenate(sides), shown)
            scores = teach(kept[shown], labels[shown, column] == 1, kept[rest])
            ranked = rank_relevance(scores[None], labels[rest, column][None] == 1)
            found.append(average_precision(ranked)[0])
    return float(np.mean(found))


def measure_taught(
    vectors: np.ndarray, labels: np.ndarray, names: tuple[str, ...]
) -> dict[str, dict[str, float]]:
    """Mean average precision after 5, 10 and 20 examples with and as many without, of plain ridge
    regression and as `Bundle.teach` teaches.

    Args:
        vectors: (N, D) embeddings of an evidence head over CelebA's attributes, whose own columns
            are those of log p and log (1 - p).
        labels: (N, A), 1 present, 0 absent.
        names: of the attributes; those that too few images have, or lack, are left out.
    """
    known = len(CELEBA)
    own = {name: [CELEBA.index(name), known + CELEBA.index(name)] for name in names}
    found = {}
    for examples in (5, 10, 20):
        enough = tuple(
            name
            for name in names
            if all(
                (labels[:, CELEBA.index(name)] == label).sum() >= examples + LEAST_RELEVANT
                for label in (1, 0)
            )
        )
        if enough:
            found[f"{examples} with, {examples} without"] = {
                "plain ridge": taught_precision(vectors, labels, enough, own, examples),
                "as taught here": taught_precision(
                    vectors, labels, enough, own, examples, teach_as_shipped
                ),
            }
    return found
