"""How close counts without labels come to the true ones."""

from collections.abc import Sequence

import numpy as np

from facesearch.attributes import Query
from facesearch.gallery.counts import Counter
from facesearch.vocabulary import Vocabulary
from train.measuring.benchmark import MODES, QuerySet

CLOSE = (0.8, 1.25)  # of a true count


def measure_counts(
    probabilities: np.ndarray, sets: Sequence[QuerySet], vocabulary: Vocabulary
) -> dict[str, dict[str, float]]:
    """For the page's expected counts, and for faces counted where all is likelier than not: the
    quartiles of counted over true count, and the share of queries for which that is within `CLOSE`.

    Args:
        probabilities: (N, A) of each attribute on each image.
        sets: of the benchmark, over the same images.
        vocabulary: of the A attributes.
    """
    counter, names = Counter(probabilities.T, vocabulary), vocabulary.names
    likely = probabilities >= 0.5  # (N, A)
    found = {}
    for mode in MODES:
        expected, cut = [], []
        for each in (each for each in sets if each.mode == mode):
            for query, relevant in zip(each.queries, each.relevant, strict=True):
                asked = np.flatnonzero(query)
                wanted, unwanted = ([names[i] for i in asked if query[i] == s] for s in (1, -1))
                counts = counter.count(Query(wanted, unwanted, vocabulary=vocabulary))
                expected.append(counts.matching / relevant.sum())
                alike = (likely[:, asked] == (query[asked] > 0)).all(axis=1)
                cut.append(alike.sum() / relevant.sum())
        found[f"{mode}, expected count"] = _spread(expected)
        found[f"{mode}, counted at a half"] = _spread(cut)
    return found


def _spread(ratios: Sequence[float]) -> dict[str, float]:
    low, median, high = np.percentile(ratios, (25, 50, 75)).tolist()
    close = float(np.mean([CLOSE[0] <= ratio <= CLOSE[1] for ratio in ratios]))
    return {"lower quartile": low, "median": median, "upper quartile": high, "close": close}
