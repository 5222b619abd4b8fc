"""Approximate indexes of faiss beside exact columns: which of the best 24 faces they miss."""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import faiss
import numpy as np
from scale import drawn_queries, make

from facesearch import Bundle, open_bundle

K = 24
NEAR = 1e-6  # scores of single precision, added up in another order
LISTS, PROBES = 1024, (1, 8, 32, 128)  # of IVF: how many lists, and how many are looked through
LINKS, BUILT, BEAMS = 32, 40, (32, 128, 512)  # of HNSW: links, beam while built and when asked

Search = Callable[[np.ndarray], np.ndarray]  # (D,) to rows


def main() -> None:
    """Print, for queries of one to five attributes, the share of the best that each index finds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=int, default=1_000_000)
    parser.add_argument(
        "--bundle", default="weights/celeba", help="bundle whose statistics the rows are drawn from"
    )
    parser.add_argument("--queries", type=int, default=100, help="of 1 to 5 attributes")
    parser.add_argument("--only", choices=("ivf", "hnsw"), help="one index alone (both)")
    parser.add_argument("--folder", type=Path, help="where benchmarks/scale.py made its galleries")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    with TemporaryDirectory() as scratch:
        path = (options.folder or Path(scratch)) / f"faces-{options.faces}"
        if not path.is_dir():
            make(open_bundle(options.bundle), options.faces, path)
        bundle = open_bundle(path)
        figures = measure(bundle, options.queries, options.only)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def measure(bundle: Bundle, queries: int, only: str | None) -> dict[str, Any]:
    """Recall and milliseconds of each setting; each is printed as it comes."""
    rows = np.ascontiguousarray(bundle.gallery.columns.need().T)  # (N, D)
    asked = drawn_queries(bundle, queries)
    vectors = [bundle.encode_query(query) for query in asked]
    exact = [bundle.gallery.top(bundle.terms(query), K)[1] for query in asked]
    start = time.perf_counter()
    for query in asked:
        bundle.gallery.top(bundle.terms(query), K)
    taken = (time.perf_counter() - start) / queries * 1000
    print(f"{len(rows):,} faces, the best {K} of {queries} queries of 1 to 5 attributes")
    print(f"{'exact columns':34}recall 1.000{taken:10.2f} ms", flush=True)
    figures: dict[str, Any] = {"columns": {"recall": 1.0, "ms": taken}}
    faiss.omp_set_num_threads(2)  # to build
    for name, search in indexes(rows, only):
        faiss.omp_set_num_threads(1)
        start = time.perf_counter()
        found = [search(vector) for vector in vectors]
        taken = (time.perf_counter() - start) / queries * 1000
        faiss.omp_set_num_threads(2)
        hits = np.array(
            [
                (rows[each[each >= 0]] @ vector >= best[-1] - NEAR).sum() / len(best)
                for each, vector, best in zip(found, vectors, exact, strict=True)
            ]
        )
        figures[name] = {"recall": hits.mean(), "worst": hits.min(), "ms": taken}
        parts = " ".join(f"{hits[number::5].mean():.2f}" for number in range(5))
        print(
            f"{name:34}recall {hits.mean():.3f}{taken:10.2f} ms   by attributes {parts}   "
            f"worst {hits.min():.2f}",
            flush=True,
        )
    return figures


def indexes(rows: np.ndarray, only: str | None) -> Iterator[tuple[str, Search]]:
    """Each index with each setting, by name."""
    dim = rows.shape[1]
    if only != "hnsw":
        start = time.perf_counter()
        lists = faiss.IndexIVFFlat(faiss.IndexFlatIP(dim), dim, LISTS, faiss.METRIC_INNER_PRODUCT)
        lists.train(rows[:: max(1, len(rows) // (64 * LISTS))])
        lists.add(rows)
        print(f"IVF built in {time.perf_counter() - start:,.0f} s", flush=True)
        for probes in PROBES:
            lists.nprobe = probes
            yield f"IVF{LISTS}, {probes} looked through", lambda v: lists.search(v[None], K)[1][0]
    if only != "ivf":
        start = time.perf_counter()
        graph = faiss.IndexHNSWFlat(dim, LINKS, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = BUILT
        graph.add(rows)
        print(f"HNSW built in {time.perf_counter() - start:,.0f} s", flush=True)
        for beam in BEAMS:
            graph.hnsw.efSearch = beam
            yield f"HNSW{LINKS}, beam of {beam}", lambda v: graph.search(v[None], K)[1][0]


if __name__ == "__main__":
    main()
