"""Large galleries: size, opening, memory, queries, requests and clicks, beside NumPy and faiss."""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from serving import Server, app_command, request_times

from facesearch import Bundle, Query, open_bundle
from facesearch.attributes import ATTRIBUTES, CELEBA
from facesearch.bundle import MODEL, write_bundle
from facesearch.gallery import Faces
from facesearch.tensors import read_tensors

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROWS = 1 << 18  # made at a time
PARTS = ("search", "page", "rivals")
AIMS = {  # of ten million faces
    "first_answer_s": 10,
    "page_start_s": 10,
    "page_memory_gb": 6,
    "request_1_p95_ms": 150,
    "click_p95_ms": 250,
}

# From the next click until the page has shown its answer, counts among it.
WATCH = """
() => {
  const status = () => document.querySelector(".fs-status").textContent;
  const before = status();
  window.answered = new Promise((resolve) => {
    addEventListener("click", (click) => {
      const look = () => {
        const done = document.querySelector(".fs-gallery[aria-busy=false]") && status() !== before;
        if (!done) return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - click.timeStamp)));
      };
      look();
    }, { capture: true, once: true });
  });
}
"""


def main() -> None:
    """Make a gallery of each size, measure each part in processes of its own, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faces", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument(
        "--bundle", default="weights/celeba", help="bundle whose statistics the rows are drawn from"
    )
    parser.add_argument("--queries", type=int, default=100, help="of 1 to 5 attributes, each kind")
    parser.add_argument("--requests", type=int, default=200, help="by all clients together")
    parser.add_argument("--clicks", type=int, default=40, help="in the browser")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=PARTS, help="what is measured (all)"
    )
    parser.add_argument(
        "--rivals",
        type=int,
        default=1_000_000,
        metavar="ROWS",
        help="largest gallery that NumPy and faiss search too; each takes its bytes once more",
    )
    parser.add_argument(
        "--folder", type=Path, help="where galleries are made, and stay; without it, for the time"
    )
    parser.add_argument("--json", type=Path, help="file for the figures")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)  # a gallery that is there
    options = parser.parse_args()
    if options.measure is not None:
        part = in_memory if options.only == ["search"] else beside_rivals
        print(json.dumps(part(options.measure, options.queries)))
        return
    figures = {}
    for faces in options.faces:
        with TemporaryDirectory() as scratch:
            folder = options.folder or Path(scratch)
            figures[str(faces)] = found = measure(options, faces, folder / f"faces-{faces}")
        print(f"{faces:,} faces")
        for name, value in found.items():
            aim = f"  aim: under {AIMS[name]}" if faces == 10_000_000 and name in AIMS else ""
            print(f"  {name:24}{value:10,.2f}{aim}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def measure(options: argparse.Namespace, faces: int, path: Path) -> dict[str, float]:
    """The figures of one gallery, which is made unless it is there."""
    found: dict[str, float] = {}
    if not path.is_dir():
        start = time.perf_counter()
        make(open_bundle(options.bundle), faces, path)
        found["made_s"] = time.perf_counter() - start
    found["size_gb"] = sum(file.stat().st_size for file in path.iterdir()) / 1e9
    for part in options.only:
        if part == "page":
            found |= over_the_page(path, options.requests, options.clicks)
        elif part == "search" or faces <= options.rivals:
            command = [sys.executable, __file__, "--queries", str(options.queries), "--only", part]
            done = subprocess.run(
                [*command, "--measure", str(path)], stdout=subprocess.PIPE, text=True, check=True
            )
            found |= json.loads(done.stdout)
    return found


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


def drawn_queries(bundle: Bundle, queries: int) -> list[Query]:
    """Queries of one to five attributes, the first of them wanted."""
    rng, asked = np.random.default_rng(0), []
    for number in range(queries):
        names = rng.choice(bundle.vocabulary.names, 1 + number % 5, replace=False).tolist()
        cut = int(rng.integers(1, len(names) + 1))
        asked.append(Query(names[:cut], names[cut:]))
    return asked


def in_memory(path: Path, queries: int) -> dict[str, float]:
    """Figures of one gallery, the process being fresh."""
    start = time.perf_counter()
    bundle = open_bundle(path)
    opened = time.perf_counter() - start
    bundle.search(Query(["Eyeglasses", "Smiling"], ["Male"]))
    first = time.perf_counter() - start
    bundle.counts(Query(["Eyeglasses"]))
    counted = time.perf_counter() - start
    asked = drawn_queries(bundle, queries)
    either = [Query([("Black_Hair", "Brown_Hair"), *q.singles]) for q in asked if q.singles]
    figures = {"opened_s": opened, "first_answer_s": first, "first_counts_s": counted}
    few = queries // 4
    figures |= timed("search", bundle.search, asked)
    figures |= timed("any_of", bundle.search, either[:few])
    figures |= timed("counts", bundle.counts, asked[:few])
    figures["memory_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    bundle.gallery.columns.need()  # like a face reads all columns
    figures |= timed("similar", lambda row: bundle.similar(row), [*range(7, 7 + few)])
    figures["memory_all_columns_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return figures


def beside_rivals(path: Path, queries: int) -> dict[str, float]:
    """The best 24 by columns, by NumPy's matrix product and by faiss' flat index: the same rows."""
    import faiss

    faiss.omp_set_num_threads(1)
    bundle = open_bundle(path)
    rows = np.ascontiguousarray(bundle.gallery.columns.need().T)
    index = faiss.IndexFlatIP(rows.shape[1])
    index.add(rows)

    def by_numpy(vector: np.ndarray) -> np.ndarray:
        scores = rows @ vector
        best = np.argpartition(-scores, 24)[:24]
        return best[np.argsort(-scores[best], kind="stable")]

    few = queries // 4
    asked = drawn_queries(bundle, few)
    vectors = [bundle.encode_query(query) for query in asked]
    found = timed("columns", lambda query: bundle.gallery.top(bundle.terms(query), 24), asked)
    found |= timed("numpy", by_numpy, vectors)
    found |= timed("faiss_flat", lambda vector: index.search(vector[None], 24), vectors)
    for query, vector in zip(asked, vectors, strict=True):
        ours, scores = bundle.gallery.top(bundle.terms(query), 24)
        np.testing.assert_allclose(rows[by_numpy(vector)] @ vector, scores, atol=1e-6)
        np.testing.assert_allclose(index.search(vector[None], 24)[0][0], scores, atol=1e-6)
        assert len(ours) == 24
    return found


def over_the_page(path: Path, requests: int, clicks: int) -> dict[str, float]:
    """Figures of the page in a process of its own: its start, `/search`, and clicks in a browser
    until faces and counts are there. Tiles have names, as so many pictures do not exist."""
    with TemporaryDirectory() as scratch:
        server = Server(app_command(path), Path(scratch))
        found = {"page_start_s": server.seconds}
        try:
            for clients in (1, 20):
                times = np.array(request_times(server.url, clients, requests)) * 1000
                p50, p95 = np.percentile(times, (50, 95)).tolist()
                found |= {f"request_{clients}_p50_ms": p50, f"request_{clients}_p95_ms": p95}
            found |= in_the_browser(server.url, clicks)
            found["page_memory_gb"] = server.memory_mb() / 1024
        finally:
            server.stop()
    return found


def in_the_browser(url: str, clicks: int) -> dict[str, float]:
    """Milliseconds of clicks that each change what is asked."""
    from playwright.sync_api import sync_playwright

    labels = [CELEBA.labels[name] for name in np.random.default_rng(0).permutation(ATTRIBUTES)]

    def click(page: "Page", number: int) -> float:
        turn, untick = divmod(number, 2)
        box = page.get_by_role("checkbox", name=labels[(turn - untick + 1) % 40], exact=True)
        page.evaluate(WATCH)
        box.click()
        return float(page.evaluate("window.answered"))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.set_default_timeout(120_000)
        page.goto(url)
        page.wait_for_selector(".fs-gallery > li")
        click(page, 0)
        taken = [click(page, number) for number in range(1, clicks + 1)]
        browser.close()
    return {
        "click_p50_ms": np.median(taken).item(),
        "click_p95_ms": np.percentile(taken, 95).item(),
    }


def timed(name: str, run: Callable[..., object], asked: Sequence[object]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    taken = []
    for each in asked:
        start = time.perf_counter()
        run(each)
        taken.append((time.perf_counter() - start) * 1000)
    return {
        f"{name}_p50_ms": float(np.median(taken)),
        f"{name}_p95_ms": float(np.percentile(taken, 95)),
    }


if __name__ == "__main__":
    main()
