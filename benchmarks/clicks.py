"""From a click to the pictures, and at rest: the page beside a bare Gradio page, both in a real
browser."""

import argparse
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from serving import Server, app_command, crowd, synthetic_bundle

from facesearch.attributes import ATTRIBUTES, CELEBA

if TYPE_CHECKING:
    from playwright.sync_api import Page

SHOWN = 24  # pictures of a gallery, here and there
REST = 5  # seconds in which nobody touches a page, after as many in which it may come to rest

# "Next" shows a fixed gallery of pictures that are new to the browser, "Swap" one of two.
BARE = """
import itertools, sys
from pathlib import Path
import gradio as gr

folder, shown, port = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
files = sorted(str(file) for file in folder.iterdir())
galleries = [files[start : start + shown] for start in range(0, len(files) - shown, shown)]
fresh, kept = itertools.cycle(galleries[2:]), itertools.cycle(galleries[:2])
found = [{"rank": r, "name": Path(f).name, "score": 1 / r} for r, f in enumerate(galleries[0], 1)]
gr.set_static_paths([folder])

def search(wanted: list[str], unwanted: list[str], k: int) -> list[dict]:
    return found

with gr.Blocks(analytics_enabled=False) as page:
    buttons = {"Next": fresh, "Swap": kept}
    with gr.Row():
        buttons = {gr.Button(label): each for label, each in buttons.items()}
    gallery = gr.Gallery(galleries[0], columns=6)
    for button, each in buttons.items():
        button.click(lambda each=each: next(each), None, gallery, show_progress="hidden")
    gr.api(search, api_name="search", concurrency_limit=None)
page.launch(server_port=port, quiet=True)
"""

# From the next click until other pictures are there and every one in the window is painted.
WATCH = """
([pictures, ready]) => {
  const all = () => [...document.querySelectorAll(pictures)];
  const sources = () => all().map((picture) => picture.src).join();
  const inWindow = (picture) => {
    const box = picture.getBoundingClientRect();
    return box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0
      && box.left < innerWidth;
  };
  const there = (picture) =>
    picture.complete && picture.naturalWidth > 0 && getComputedStyle(picture).opacity === "1";
  const before = sources();
  window.painted = new Promise((resolve) => {
    const clicked = (click) => {
      const look = async () => {
        const seen = all().filter(inWindow);
        const done = document.querySelector(ready) && sources() !== before;
        if (!done || !seen.length || !seen.every(there)) return requestAnimationFrame(look);
        await Promise.all(seen.map((picture) => picture.decode()));
        requestAnimationFrame(() =>
          setTimeout(() => resolve([performance.now() - click.timeStamp, seen.length])));
      };
      look();
    };
    addEventListener("click", clicked, { capture: true, once: true });
  });
}
"""


def main() -> None:
    """Measure galleries of each size, alone and in a crowd, and print a table (and JSON)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--faces", type=int, nargs="+", default=[2_000, 36_535], help="sizes of the galleries"
    )
    parser.add_argument("--clicks", type=int, default=50, help="measured on each page")
    parser.add_argument("--clients", type=int, default=20, help="others that search meanwhile")
    parser.add_argument(
        "--pause", type=float, default=0.0, help="seconds between an answer and their next search"
    )
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    figures = {}
    for faces in options.faces:
        with tempfile.TemporaryDirectory() as scratch:
            figures[str(faces)] = measure(options, faces, Path(scratch))
        report(faces, figures[str(faces)], options.clients)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def measure(options: argparse.Namespace, faces: int, scratch: Path) -> dict[str, Any]:
    """Milliseconds of each page, alone and in a crowd: p50, p95, and pictures in the window."""
    from playwright.sync_api import sync_playwright

    bundle, images = synthetic_bundle(scratch, faces)
    (scratch / "bare.py").write_text(BARE)
    servers = {
        "page": Server(app_command(bundle, images), scratch),
        "bare": Server(
            lambda port: [str(scratch / "bare.py"), str(images), str(SHOWN), str(port)], scratch
        ),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        pages = {}
        for name, server in servers.items():
            pages[name] = browser.new_page(viewport={"width": 1280, "height": 860})
            pages[name].goto(server.url)
        pages["page"].wait_for_selector(".fs-gallery > li")
        pages["bare"].get_by_role("button", name="Next").wait_for()
        click: dict[str, Callable[[], tuple[float, float]]] = {
            "page": Ticks(pages["page"]),
            "bare, new pictures": Button(pages["bare"], "Next"),
            "bare, kept pictures": Button(pages["bare"], "Swap"),
        }
        for each in click.values():
            each()  # the first click warms both sides up
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in click}
        for _ in range(options.clicks):
            for name, each in click.items():
                times[name].append(each())
        crowded = dict(times)
        for name, each in click.items():
            server = servers["page" if name == "page" else "bare"]
            with crowd(server.url, options.clients, options.pause):
                crowded[name] = [each() for _ in range(options.clicks)]
        frames = {name: frames_at_rest(page) for name, page in pages.items()}
        browser.close()
    for server in servers.values():
        server.stop()
    return {"alone": summary(times), "crowd": summary(crowded), "frames at rest": frames}


class Ticks:
    """Ticks one attribute of the page, unticks the one before, and so on: every click changes what
    is asked. A call is one click; it gives its milliseconds and the pictures in the window."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        order = np.random.default_rng(0).permutation(ATTRIBUTES)
        self.labels = [CELEBA.labels[name] for name in order]
        self.clicks = 0

    def __call__(self) -> tuple[float, float]:
        turn, untick = divmod(self.clicks, 2)
        self.clicks += 1
        label = self.labels[(turn - untick + 1) % len(self.labels)]
        box = self.page.get_by_role("checkbox", name=label, exact=True)
        return watched(self.page, box.click, ".fs-tile img", ".fs-gallery[aria-busy=false]")


class Button:
    """Clicks one button of the bare page; otherwise as `Ticks`."""

    def __init__(self, page: "Page", label: str) -> None:
        self.page = page
        self.button = page.get_by_role("button", name=label)

    def __call__(self) -> tuple[float, float]:
        return watched(self.page, self.button.click, ".grid-container img", "body")


def watched(
    page: "Page", click: Callable[[], None], pictures: str, ready: str
) -> tuple[float, float]:
    """Milliseconds from a click until the pictures in the window are painted, and their count."""
    page.bring_to_front()
    page.evaluate(WATCH, [pictures, ready])
    click()
    milliseconds, count = page.evaluate("window.painted")
    return milliseconds, count


def frames_at_rest(page: "Page") -> float:
    """How many frames a page that nobody touches asks for in a second."""
    asked = "requestAnimationFrame(() => {})"  # the numbers of its answers count requests
    page.bring_to_front()
    page.wait_for_timeout(1000 * REST)
    before: int = page.evaluate(asked)
    page.wait_for_timeout(1000 * REST)
    return (page.evaluate(asked) - before - 1) / REST


def summary(times: dict[str, list[tuple[float, float]]]) -> dict[str, dict[str, float]]:
    """p50 and p95 of the milliseconds, and the mean number of pictures in the window."""
    figures = {}
    for name, clicks in times.items():
        milliseconds, pictures = zip(*clicks, strict=True)
        p50, p95 = np.percentile(milliseconds, (50, 95))
        figures[name] = {"p50": float(p50), "p95": float(p95), "pictures": np.mean(pictures).item()}
    return figures


def report(faces: int, figures: dict[str, Any], clients: int) -> None:
    """A gallery's tables: milliseconds, and the page's as multiples of each bare page's."""
    for state in ("alone", "crowd"):
        methods = figures[state]
        around = "alone" if state == "alone" else f"with {clients} other clients searching"
        aim = "at most 1.5 times" if state == "alone" else "p95 at most 2.5 times"
        print(f"\n{faces:,} faces, {around}; aim: {aim} the bare page")
        print(f"{'':22}{'p50, ms':>10}{'ratio':>8}{'p95, ms':>10}{'ratio':>8}{'in window':>12}")
        page = methods["page"]
        for name, own in methods.items():
            cells = "".join(f"{own[p]:10.1f}{page[p] / own[p]:8.2f}" for p in ("p50", "p95"))
            print(f"{name:22}{cells}{own['pictures']:12.0f}", flush=True)
    rest = ", ".join(f"{name} {frames:.0f}" for name, frames in figures["frames at rest"].items())
    print(f"\nframes a second that an untouched page asks for: {rest}")


if __name__ == "__main__":
    main()
