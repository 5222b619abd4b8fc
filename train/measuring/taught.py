"""How well an attribute can be taught from a few examples: a known one, as if it were new.

Its own two columns are taken away from the embeddings. The backbone has learned it all the same, so
these figures are an upper bound for attributes that are new to the backbone too.
"""

import numpy as np

from facesearch.attributes import CELEBA
from train.measuring.benchmark import average_precision, rank_relevance

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


def taught_precision(
    vectors: np.ndarray,
    labels: np.ndarray,
    names: tuple[str, ...],
    own: dict[str, list[int]],
    examples: int = EXAMPLES,
) -> float:
    """Mean average precision of attributes taught from `examples` random faces with and as many
    without, over the other faces, `DRAWS` times each.

    Args:
        vectors, labels: (N, D) and (N, A), 1 present, 0 absent.
        own: the columns of `vectors` to take away for each of `names`.
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
