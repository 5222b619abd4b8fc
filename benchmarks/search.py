"""Exact top-k by columns beside NumPy's matrix product with argpartition, and faiss.IndexFlatIP."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facesearch.gallery import Columns
from facesearch.gallery.search import best, weighted_sum

ATTRIBUTES = 40
Method = Callable[[np.ndarray], np.ndarray]  # (D,) query to rows of the best


def main() -> None:
    """Time all over the same queries, alternating, for each size; print and write the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--rows",
        type=int,
        nargs="+",
        default=[202_599, 1_000_000, 10_000_000],
        help="gallery sizes (%(default)s)",
    )
    parser.add_argument(
        "--rivals",
        type=int,
        default=1_000_000,
        metavar="ROWS",
        help="largest gallery that NumPy and faiss search too; each takes its bytes once more",
    )
    parser.add_argument("--dim", type=int, default=128, help="length of an embedding")
    parser.add_argument("-k", type=int, default=24, help="how many results")
    parser.add_argument("--queries", type=int, default=200, help="queries of 1 to 5 attributes")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()

    figures = {}
    for rows in options.rows:
        figures[str(rows)] = measure(rows, options.dim, options.k, options.queries, options.rivals)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def measure(rows: int, dim: int, k: int, queries: int, rivals: int) -> dict[str, float]:
    """The figures of one gallery, in milliseconds and as ratios to ours."""
    rng = np.random.default_rng(0)
    matrix = np.empty((dim, rows), np.float32)
    for column in matrix:  # as scaled log-probabilities are: none positive, most near 0
        column[:] = -rng.standard_exponential(rows, np.float32) / dim
    columns = Columns(matrix)
    scratch = np.empty(rows, np.float32)  # as a gallery keeps it
    methods: dict[str, Method] = {
        "ours": lambda query: best(weighted_sum(columns, query, scratch), k)
    }
    if rows <= rivals:
        methods |= rival_methods(np.ascontiguousarray(matrix.T), k)

    asked = [attribute_query(rng, dim, 1 + number % 5) for number in range(queries)]
    alike = [dense_query(rng, dim) for _ in range(min(queries, 20))]
    found = time_all(methods, asked, check=True)
    dense = time_all(methods, alike, check=False)  # the order of its sums decides near ties
    print(f"{rows:,} x {dim}, k = {k}, {queries} queries of 1 to 5 attributes; more like this")
    figures: dict[str, float] = {}
    for name in methods:
        figures |= {f"{name}_ms": found[name], f"{name}_dense_ms": dense[name]}
        figures[f"{name}_over_ours"] = found[name] / found["ours"]
        figures[f"{name}_dense_over_ours"] = dense[name] / dense["ours"]
        print(
            f"  {name:6}{found[name]:9.2f} ms{found[name] / found['ours']:7.1f} of ours"
            f"{dense[name]:12.2f} ms{dense[name] / dense['ours']:7.1f} of ours"
        )
    return figures


def rival_methods(embeddings: np.ndarray, k: int) -> dict[str, Method]:
    """What a user would write instead, over (N, D) rows."""
    methods: dict[str, Method] = {
        "numpy": lambda query: np.argpartition(-(embeddings @ query), k)[:k]
    }
    try:
        import faiss
    except ImportError:
        print("faiss is not installed (pip install faiss-cpu); compared with NumPy alone")
    else:
        index = faiss.IndexFlatIP(embeddings.shape[1])
        index.add(embeddings)
        methods["faiss"] = lambda query: index.search(query[None], k)[1][0]
    return methods


def attribute_query(rng: np.random.Generator, dim: int, size: int) -> np.ndarray:
    """(D,) what the shipped query encoder makes of `size` attributes: equal numbers and zeros."""
    query = np.zeros(dim, np.float32)
    signs = rng.integers(0, 2, size) * ATTRIBUTES
    query[rng.choice(ATTRIBUTES, size, replace=False) + signs] = size**-0.5
    return query


def dense_query(rng: np.random.Generator, dim: int) -> np.ndarray:
    """(D,) a unit vector without zeros."""
    query = rng.normal(size=dim).astype(np.float32)
    return query / np.linalg.norm(query)


def time_all(
    methods: dict[str, Method], queries: list[np.ndarray], *, check: bool
) -> dict[str, float]:
    """The median of each method, in milliseconds; with `check`, all must find the same faces."""
    times: dict[str, list[float]] = {name: [] for name in methods}
    for query in queries:
        found = {}
        for name, method in methods.items():
            start = time.perf_counter()
            found[name] = method(query)
            times[name].append((time.perf_counter() - start) * 1000)
        if check and not all(set(rows) == set(found["ours"]) for rows in found.values()):
            raise AssertionError("the methods found different faces")
    return {name: float(np.median(taken)) for name, taken in times.items()}


if __name__ == "__main__":
    main()
