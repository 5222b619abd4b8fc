"""Exact top-k beside NumPy's matrix product with argpartition, and beside faiss.IndexFlatIP."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facesearch.gallery.search import top_k


def main() -> None:
    """Time the three over the same queries, alternating, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=202_599, help="gallery size (CelebA's)")
    parser.add_argument("--dim", type=int, default=128, help="length of an embedding")
    parser.add_argument("-k", type=int, default=24, help="how many results")
    parser.add_argument("--queries", type=int, default=200, help="queries of each method")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()

    rng = np.random.default_rng(0)
    embeddings = rng.normal(size=(options.rows, options.dim)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    queries = rng.normal(size=(options.queries, options.dim)).astype(np.float32)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)

    def numpy_search(query: np.ndarray) -> np.ndarray:
        return np.argpartition(-(embeddings @ query), options.k)[: options.k]

    methods: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "facesearch, ranked": lambda query: top_k(embeddings, query, options.k)[0],
        "NumPy, a set": numpy_search,
    }
    try:
        import faiss
    except ImportError:
        print("faiss is not installed (pip install faiss-cpu); compared with NumPy alone")
    else:
        index = faiss.IndexFlatIP(options.dim)
        index.add(embeddings)
        methods["faiss, ranked"] = lambda query: index.search(query[None], options.k)[1][0]

    times: dict[str, list[float]] = {name: [] for name in methods}
    for query in queries:
        found = {}
        for name, method in methods.items():
            start = time.perf_counter()
            found[name] = method(query)
            times[name].append((time.perf_counter() - start) * 1000)
        assert all(set(rows) == set(found["NumPy, a set"]) for rows in found.values())
    medians = {name: float(np.median(taken)) for name, taken in times.items()}
    ours = medians["facesearch, ranked"]
    print(f"{options.rows:,} x {options.dim}, k = {options.k}, {options.queries} queries")
    for name, milliseconds in medians.items():
        print(f"{name:20}{milliseconds:8.2f} ms{ours / milliseconds:8.2f} ours by this")
    if options.json:
        options.json.write_text(json.dumps({"median_ms": medians}, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
