"""The retrieval benchmark: queries as people ask them, mean average precision and precision@10."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from facesearch.errors import InputError

# (Q, A) queries to (Q, N) scores, the greater the better
ScoreFunction = Callable[[np.ndarray], np.ndarray]

MODES = ("wanted", "mixed")
SIZES = (1, 2, 3, 4, 5)
PER_SIZE = 300
LEAST_RELEVANT = 5
VALIDATION = 100  # for choosing an epoch: fewer, and other ones
FRUITLESS = 1000  # tries without a new query, after which there are taken to be no more

# On which two annotators agree about 95 % of images (https://arxiv.org/abs/2210.07356, table 1).
AGREED = (
    "Bald",
    "Eyeglasses",
    "Goatee",
    "Gray_Hair",
    "Male",
    "Mouth_Slightly_Open",
    "Mustache",
    "No_Beard",
    "Wearing_Earrings",
    "Wearing_Hat",
    "Wearing_Necklace",
    "Wearing_Necktie",
)
AGREED_AP = "wanted AP, agreed"


@dataclass(frozen=True)
class QuerySet:
    """Queries of one mode and one size k.

    Attributes:
        queries: (Q, A) int8, +1 wanted, -1 unwanted, 0 unknown, k of them not 0.
        relevant: (Q, N) bool, whether image n agrees with all k.
    """

    mode: str
    size: int
    queries: np.ndarray
    relevant: np.ndarray


def draw_query_sets(labels: np.ndarray, per_size: int = PER_SIZE, seed: int = 0) -> list[QuerySet]:
    """Distinct queries for each mode and size, each with `LEAST_RELEVANT` images or more.

    Args:
        labels: (N, A) int8, 1 present, 0 absent, -1 unknown.
        per_size: queries for each mode and k; fewer where there are not so many.

    A query is k attributes of a random image: of those it has ("wanted"), or of all that are known
    with its signs ("mixed"). Raises `InputError` where no query of a mode has enough images.
    """
    rng = np.random.default_rng(seed)
    signs = (labels == 1).astype(np.int8) - (labels == 0).astype(np.int8)
    sets = []
    for mode in MODES:
        for size in SIZES:
            found = _draw(signs, mode, size, per_size, rng)
            if found:
                relevant = np.stack([_agree(signs, np.array(query)) for query in found])
                sets.append(QuerySet(mode, size, np.array(found, np.int8), relevant))
    for mode in MODES:
        if all(s.mode != mode for s in sets):
            raise InputError(
                f"{len(labels)} labelled images are too few for the benchmark: no {mode!r} query "
                f"of 1 to 5 attributes has {LEAST_RELEVANT} relevant ones. Use a larger split."
            )
    return sets


def draw_validation_sets(labels: np.ndarray) -> list[QuerySet]:
    """The queries by which training chooses its best epoch, from (N, A) labels."""
    return draw_query_sets(labels, VALIDATION, seed=1)


def _draw(
    signs: np.ndarray, mode: str, size: int, count: int, rng: np.random.Generator
) -> list[tuple[int, ...]]:
    seen: dict[tuple[int, ...], bool] = {}
    kept = fruitless = 0
    while kept < count and fruitless < FRUITLESS:
        fruitless += 1
        image = signs[rng.integers(len(signs))]
        choices = np.flatnonzero(image > 0 if mode == "wanted" else image != 0)
        if len(choices) < size:
            continue
        query = np.zeros_like(image)
        chosen = rng.choice(choices, size, replace=False)
        query[chosen] = image[chosen]
        key = tuple(query.tolist())
        if key not in seen:
            seen[key] = int(_agree(signs, query).sum()) >= LEAST_RELEVANT
            if seen[key]:
                kept, fruitless = kept + 1, 0
    return [query for query, enough in seen.items() if enough]


def _agree(signs: np.ndarray, query: np.ndarray) -> np.ndarray:
    asked = np.flatnonzero(query)
    return (signs[:, asked] == query[asked]).all(axis=1)


def average_precision(ranked: np.ndarray) -> np.ndarray:
    """(Q,) mean of the precisions at each relevant image, from `rank_relevance`'s (Q, N)."""
    precision = ranked.cumsum(axis=1) / np.arange(1, ranked.shape[1] + 1)
    return (precision * ranked).sum(axis=1) / ranked.sum(axis=1)


def rank_relevance(scores: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """(Q, N) bool relevance, best score first; equal scores rank by column."""
    order = np.argsort(-scores, axis=1, kind="stable")
    return np.take_along_axis(relevant, order, axis=1)


def score_sets(sets: list[QuerySet], method: ScoreFunction) -> dict[str, float]:
    """One row of the benchmark's table: for each mode the mean over k, and each k by itself.

    Args:
        method: (Q, A) queries to (Q, N) scores, the greater the better.
    """
    row: dict[str, float] = {}
    for mode in MODES:
        members = [s for s in sets if s.mode == mode]
        for s in members:
            scores = method(s.queries)
            ranked = rank_relevance(scores, s.relevant)
            row[f"{mode} mAP k={s.size}"] = float(average_precision(ranked).mean())
            row[f"{mode} P@10 k={s.size}"] = float(ranked[:, :10].mean())
        for metric in ("mAP", "P@10"):
            row[f"{mode} {metric}"] = float(
                np.mean([row[f"{mode} {metric} k={s.size}"] for s in members])
            )
    return row


def score_alone(
    labels: np.ndarray, names: Sequence[str], method: ScoreFunction
) -> dict[str, dict[str, float]]:
    """Each attribute asked for alone: average precision, P@10 and how many images are relevant.

    Args:
        labels: (N, A) int8, 1 present, 0 absent, -1 unknown.
        names: of the A attributes.
        method: (Q, A) queries to (Q, N) scores, the greater the better.

    Attributes with fewer than `LEAST_RELEVANT` relevant images either way are left out.
    """
    found: dict[str, dict[str, float]] = {}
    queries = np.eye(len(names), dtype=np.int8)
    for kind, sign, label in (("wanted", 1, 1), ("unwanted", -1, 0)):
        relevant = (labels == label).T  # (40, N)
        columns = np.flatnonzero(relevant.sum(axis=1) >= LEAST_RELEVANT)
        ranked = rank_relevance(method(sign * queries[columns]), relevant[columns])
        for column, precision, row in zip(columns, average_precision(ranked), ranked, strict=True):
            found.setdefault(names[int(column)], {}).update(
                {
                    f"{kind} AP": float(precision),
                    f"{kind} P@10": float(row[:10].mean()),
                    f"{kind} relevant": int(relevant[column].sum()),
                }
            )
    return {name: found[name] for name in names if name in found}


def mean_alone(scores: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The means over the attributes of what `score_alone` found; `AGREED_AP` is over the attributes
    that annotators agree on, where any of them is there."""
    keys = ("wanted AP", "wanted P@10", "unwanted AP", "unwanted P@10")
    means = {key: float(np.mean([s[key] for s in scores.values() if key in s])) for key in keys}
    agreed = [s["wanted AP"] for name, s in scores.items() if name in AGREED and "wanted AP" in s]
    return {**means, AGREED_AP: float(np.mean(agreed))} if agreed else means
