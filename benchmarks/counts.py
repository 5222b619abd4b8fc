"""All live counts of a click: ours beside counting NumPy booleans, over galleries of two sizes."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facesearch.attributes import ATTRIBUTES, CELEBA, Query
from facesearch.gallery.counts import Counter

AIMS = {36_535: 5, 1_000_000: 50}  # milliseconds


def main() -> None:
    """Time both over the same random queries, alternating, and print medians and worst.

    Ours adds up probabilities, and so works where nothing is labelled; booleans only count labels.
    Over labels, as here, both must give the same numbers.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=int, nargs="+", default=list(AIMS), help="gallery sizes")
    parser.add_argument("--queries", type=int, default=50, help="queries of each (%(default)s)")
    parser.add_argument("--asked", type=int, default=3, help="attributes of one (%(default)s)")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()

    rng = np.random.default_rng(0)
    figures = {}
    for faces in options.faces:
        present = rng.integers(0, 2, (len(ATTRIBUTES), faces)).astype(bool)
        counter, absent = Counter(present.astype(np.float32), CELEBA), ~present

        def ours(query: Query, counter: Counter = counter) -> tuple[np.ndarray, np.ndarray]:
            counts = counter.count(query)
            return counts.wanted, counts.unwanted

        def plain(
            query: Query, present: np.ndarray = present, absent: np.ndarray = absent
        ) -> tuple[np.ndarray, np.ndarray]:
            return added_by_booleans(present, absent, query)

        methods: dict[str, Callable[[Query], tuple[np.ndarray, np.ndarray]]] = {
            "ours": ours,
            "NumPy booleans": plain,
        }
        times: dict[str, list[float]] = {name: [] for name in methods}
        for _ in range(options.queries):
            names = rng.choice(ATTRIBUTES, options.asked, replace=False).tolist()
            query, found = Query(names[:-1], names[-1:]), []
            for name, method in methods.items():
                start = time.perf_counter()
                found.append(method(query))
                times[name].append((time.perf_counter() - start) * 1000)
            if not all(map(np.array_equal, *found)):
                raise AssertionError("the methods counted differently")
        print(f"{faces:,} faces, {options.asked} attributes asked", end="")
        print(f"; aim: under {AIMS[faces]} ms" if faces in AIMS else "")
        for name, taken in times.items():
            print(f"{name:16}{np.median(taken):9.2f} ms in the middle{max(taken):9.2f} ms at most")
        figures[str(faces)] = {name: float(np.median(taken)) for name, taken in times.items()}
    if options.json:
        options.json.write_text(json.dumps({"median_ms": figures}, indent=2) + "\n", "utf-8")


def added_by_booleans(
    present: np.ndarray, absent: np.ndarray, query: Query
) -> tuple[np.ndarray, np.ndarray]:
    """Counts with each attribute added, wanted and unwanted, from (40, N) booleans."""
    asked = [(present, name) for name in query.singles] + [(absent, n) for n in query.unwanted]

    def agreeing(without: str | None = None) -> np.ndarray:
        rows = [side[ATTRIBUTES.index(name)] for side, name in asked if name != without]
        return np.logical_and.reduce(rows) if rows else np.ones(present.shape[1], bool)

    everyone = agreeing()
    wanted, unwanted = (np.count_nonzero(side & everyone, axis=1) for side in (present, absent))
    for _, name in asked:
        column, others = ATTRIBUTES.index(name), agreeing(without=name)
        wanted[column] = np.count_nonzero(present[column] & others)
        unwanted[column] = np.count_nonzero(absent[column] & others)
    return wanted, unwanted


if __name__ == "__main__":
    main()
