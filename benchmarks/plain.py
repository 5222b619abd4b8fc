"""The page as plain files, in a real browser: what is fetched first, first answer, clicks."""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from serving import synthetic_bundle

from facesearch.attributes import ATTRIBUTES, CELEBA
from facesearch.bundle import open_bundle
from facesearch.hub.outgoing import size, stage
from facesearch.page.plain import plain_files

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

READY = ".fs-gallery[aria-busy=false] > .fs-tile"

# From the click on a checkbox until its answer is on the page, and until that is painted.
WATCH = """
(name) => new Promise((resolve) => {
  const gallery = document.querySelector(".fs-gallery");
  const start = performance.now();
  new MutationObserver((_, watching) => {
    if (gallery.getAttribute("aria-busy") === "true") return;
    watching.disconnect();
    const answered = performance.now() - start;
    requestAnimationFrame(() => setTimeout(() => resolve([answered, performance.now() - start])));
  }).observe(gallery, { attributes: true, attributeFilter: ["aria-busy"] });
  document.querySelector(`input[value="${name}"]`).click();
})
"""


def main() -> None:
    """Measure galleries of each size, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--faces", type=int, nargs="+", default=[2_000, 36_535], help="sizes of the galleries"
    )
    parser.add_argument("--loads", type=int, default=5, help="measured, each in a new window")
    parser.add_argument("--clicks", type=int, default=40, help="measured on one page")
    options = parser.parse_args()
    for faces in options.faces:
        with tempfile.TemporaryDirectory() as scratch:
            measure(Path(scratch), faces, options.loads, options.clicks)


def measure(scratch: Path, faces: int, loads: int, clicks: int) -> None:
    """Write the page over so many faces, serve it on loopback, and look at it."""
    from playwright.sync_api import sync_playwright

    bundle, images = synthetic_bundle(scratch, faces)
    files = plain_files(open_bundle(bundle, images), thumbnails=False)
    stage(files, scratch / "page")
    host = subprocess.Popen(
        [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"],
        cwd=scratch / "page",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert host.stdout is not None
    found = re.search(r"http://[\d.:]+/", host.stdout.readline())
    assert found is not None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        load(browser, found[0])  # the first one starts the browser's own processes
        times, fetched = zip(*(load(browser, found[0]) for _ in range(loads)), strict=True)
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        page.goto(f"{found[0]}?k=24")  # which the browser itself answers
        page.wait_for_selector(READY)
        taken = [click(page, name) for name in shuffled(clicks)]
        browser.close()
    host.kill()
    (columns,) = (size(files[name]) for name in files if name.endswith(".safetensors"))
    answered, painted = np.percentile(taken, 50, axis=0)
    print(
        f"{faces:,} faces: first answer in {np.median(times):.2f} s (at most {max(times):.2f}), "
        f"before the first picture {fetched[0] / 1e3:,.0f} KB are fetched; columns "
        f"{columns / 1e6:.2f} MB; a click is answered in {answered:.1f} ms (p95 "
        f"{np.percentile(taken, 95, axis=0)[0]:.1f}), painted in {painted:.1f} ms",
        flush=True,
    )


def load(browser: "Browser", url: str) -> tuple[float, int]:
    """Seconds from asking for the page to its faces, in a new window; bytes before a picture."""
    window = browser.new_context(viewport={"width": 1280, "height": 860})
    page, sizes = window.new_page(), list[tuple[str, int]]()

    def fetched(response: "Response") -> None:
        sizes.append((response.url, int(response.headers.get("content-length", 0))))

    page.on("response", fetched)
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_selector(READY)
    seconds = time.perf_counter() - start
    page.wait_for_function("document.querySelector('.fs-tile img').naturalWidth > 0")
    window.close()
    first = next(place for place, (address, _) in enumerate(sizes) if "/faces/" in address)
    return seconds, sum(size for _, size in sizes[:first])


def shuffled(clicks: int) -> list[str]:
    """Attributes to click on, one after another: on, and off again."""
    order = np.random.default_rng(0).permutation(ATTRIBUTES).tolist()
    apart = [name for names in CELEBA.exclusive for name in names]
    names = [name for name in order if name not in apart]
    return [names[place // 2 % len(names)] for place in range(clicks)]


def click(page: "Page", name: str) -> tuple[float, float]:
    """Milliseconds until a click's answer is there, and until it is painted."""
    answered, painted = page.evaluate(WATCH, name)
    return answered, painted


if __name__ == "__main__":
    main()
