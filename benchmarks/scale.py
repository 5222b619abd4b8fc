"""Large galleries: their size, the time to open and to the first answer, memory, and queries."""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facesearch import Bundle, Query, open_bundle
from facesearch.bundle import MODEL, write_bundle
from facesearch.gallery import Faces
from facesearch.tensors import read_tensors

ROWS = 1 << 18  # made at a time


def main() -> None:
    """Make a gallery of each size, measure it in a process of its own, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument(
        "--bundle", default="weights/celeba", help="bundle whose statistics the rows are drawn from"
    )
    parser.add_argument("--queries", type=int, default=100, help="of 1 to 5 attributes, each kind")
    parser.add_argument("--folder", type=Path, help="where the galleries are made for the time")
    parser.add_argument("--json", type=Path, help="file for the figures")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)  # a gallery that is there
    options = parser.parse_args()
    if options.measure is not None:
        print(json.dumps(measure(options.measure, options.queries)))
        return
    figures = {}
    for faces in options.faces:
        with TemporaryDirectory(dir=options.folder) as folder:
            start = time.perf_counter()
            make(open_bundle(options.bundle), faces, Path(folder) / "gallery")
            made = time.perf_counter() - start
            command = [sys.executable, __file__, "--queries", str(options.queries)]
            done = subprocess.run(
                [*command, "--measure", str(Path(folder) / "gallery")],
                capture_output=True,
                text=True,
                check=True,
            )
        found = json.loads(done.stdout) | {"made_s": made}
        figures[str(faces)] = found
        print(f"{faces:,} faces")
        for name, value in found.items():
            print(f"  {name:24}{value:10,.2f}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def make(bundle: Bundle, faces: int, path: Path) -> None:
    """A bundle with the model of another and this many faces, whose logits are drawn from a normal
    distribution with the mean and the covariance of that one's own."""
    rng = np.random.default_rng(0)
    predicted = bundle.gallery.predicted().clip(1e-6, 1 - 1e-6)  # (A, N)
    logits = np.log(predicted / (1 - predicted))
    mean = logits.mean(axis=1)
    root = np.linalg.cholesky(np.cov(logits) + 1e-4 * np.eye(len(mean)))
    a, dim = len(mean), bundle.config.model["dim"]
    scale = 1 / float(
        np.abs(read_tensors(bundle.path / MODEL, ["readout.weight"])["readout.weight"]).max()
    )
    matrix = np.zeros((dim, faces), np.float32)
    for start in range(0, faces, ROWS):
        stop = min(start + ROWS, faces)
        drawn = mean[:, None] + root @ rng.standard_normal((a, stop - start))
        piece = matrix[:, start:stop]
        piece[:a] = np.maximum(-np.logaddexp(0, -drawn), -12) * scale
        piece[a : 2 * a] = np.maximum(-np.logaddexp(0, drawn), -12) * scale
        piece[-1] = np.sqrt(1 - (piece[:-1] ** 2).sum(axis=0))
    names = Faces.named([f"{row // 1000:05}/{row % 1000:03}.jpg" for row in range(faces)])
    tensors = read_tensors(bundle.path / MODEL)
    write_bundle(path, bundle.config, tensors, names, matrix.T, "# Synthetic\n")


def measure(path: Path, queries: int) -> dict[str, float]:
    """Figures of one gallery, the process being fresh."""
    start = time.perf_counter()
    bundle = open_bundle(path)
    opened = time.perf_counter() - start
    bundle.search(Query(["Eyeglasses", "Smiling"], ["Male"]))
    first = time.perf_counter() - start
    bundle.counts(Query(["Eyeglasses"]))
    counted = time.perf_counter() - start
    rng = np.random.default_rng(0)
    asked = []
    for number in range(queries):
        names = rng.choice(bundle.vocabulary.names, 1 + number % 5, replace=False).tolist()
        cut = int(rng.integers(1, len(names) + 1))
        asked.append(Query(names[:cut], names[cut:]))
    either = [Query([("Black_Hair", "Brown_Hair"), *q.singles]) for q in asked if q.singles]
    figures = {
        "size_gb": sum(file.stat().st_size for file in path.iterdir()) / 1e9,
        "opened_s": opened,
        "first_answer_s": first,
        "first_counts_s": counted,
    }
    for name, run, each in (
        ("search", bundle.search, asked),
        ("any_of", bundle.search, either[: queries // 4]),
        ("counts", bundle.counts, asked[: queries // 4]),
    ):
        middle, high = timed(run, each)
        figures |= {f"{name}_p50_ms": middle, f"{name}_p95_ms": high}
    figures["memory_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return figures


def timed(run: Callable[[Query], object], queries: list[Query]) -> tuple[float, float]:
    """Median and 95th percentile, in milliseconds."""
    taken = []
    for query in queries:
        start = time.perf_counter()
        run(query)
        taken.append((time.perf_counter() - start) * 1000)
    return float(np.median(taken)), float(np.percentile(taken, 95))


if __name__ == "__main__":
    main()
