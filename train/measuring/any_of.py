"""Any-of: queries with a pair that excludes itself, asked in each way that a person could ask."""

from collections.abc import Callable
from itertools import combinations

import numpy as np

from facesearch.attributes import Query
from facesearch.vocabulary import Vocabulary
from train.measuring.benchmark import (
    FRUITLESS,
    LEAST_RELEVANT,
    PER_SIZE,
    average_precision,
)

Rank = Callable[[Query], np.ndarray]  # rows of all N images, best first

WAYS = {
    "any of the two": lambda one, other: [(one, other)],
    "both": lambda one, other: [one, other],
    "one of the two": lambda one, _: [one],
    "neither": lambda *_: [],
}


def draw_pairs(
    labels: np.ndarray, vocabulary: Vocabulary, count: int = PER_SIZE, seed: int = 0
) -> list[tuple[str, str, tuple[str, ...]]]:
    """Distinct queries: two attributes that exclude each other, and one or two more, of a random
    image that has all of these and one of the two; fewer where there are not so many.

    Args:
        labels: (N, A) int8, 1 present, 0 absent, -1 unknown.

    At least `LEAST_RELEVANT` images are relevant to each: they have one of the two, and the others.
    """
    rng = np.random.default_rng(seed)
    pairs = [(pair, group) for group in vocabulary.exclusive for pair in combinations(group, 2)]
    seen: dict[tuple[str, str, tuple[str, ...]], bool] = {}
    fruitless = 0
    while pairs and sum(seen.values()) < count and fruitless < FRUITLESS:
        fruitless += 1
        pair, group = pairs[rng.integers(len(pairs))]
        one, other = rng.permutation(pair).tolist()
        image = labels[rng.integers(len(labels))]
        if 1 not in (image[vocabulary.index(one)], image[vocabulary.index(other)]):
            continue
        free = [name for i, name in enumerate(vocabulary.names) if image[i] == 1]
        free = [name for name in free if name not in group]
        size = int(rng.integers(1, 3))
        if len(free) < size:
            continue
        chosen = rng.choice(len(free), size, replace=False)
        query = one, other, tuple(sorted(free[i] for i in chosen))
        if query not in seen and (other, one, query[2]) not in seen:
            seen[query] = relevant(labels, vocabulary, query).sum() >= LEAST_RELEVANT
            fruitless = 0 if seen[query] else fruitless
    return [query for query, enough in seen.items() if enough]


def relevant(
    labels: np.ndarray, vocabulary: Vocabulary, query: tuple[str, str, tuple[str, ...]]
) -> np.ndarray:
    """(N,) bool: the images that have one of the two attributes, and all of the others."""
    one, other, rest = query
    has = {name: labels[:, vocabulary.index(name)] == 1 for name in (one, other, *rest)}
    return (has[one] | has[other]) & np.logical_and.reduce([has[name] for name in rest])


def measure_any_of(
    labels: np.ndarray,
    vocabulary: Vocabulary,
    queries: list[tuple[str, str, tuple[str, ...]]],
    rank: Rank,
) -> dict[str, dict[str, float]]:
    """Mean average precision and precision@10 of each way to ask the queries of `draw_pairs`."""
    found = {}
    for way, parts in WAYS.items():
        ranked = np.stack(
            [
                relevant(labels, vocabulary, (one, other, rest))[
                    rank(Query([*parts(one, other), *rest], vocabulary=vocabulary))
                ]
                for one, other, rest in queries
            ]
        )
        found[way] = {
            "mAP": float(average_precision(ranked).mean()),
            "P@10": float(ranked[:, :10].mean()),
        }
    return found
