"""Fixtures: bundles made from drawn pictures, the app in a process of its own, a real browser."""

import copy
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from apps import GUARD, ROOT, Forked, Forks, RunningApp, address, by_command, environment
from browsing import FLAGS, Tabs, Visit
from gradio_client import Client
from PIL import Image
from plain_pages import PlainPage, rounded, serve_page, write_page
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from stand_in_repositories import Repositories

from facesearch.attributes import ATTRIBUTES, Query
from facesearch.bundle import Bundle, BundleConfig, open_bundle, write_bundle
from facesearch.gallery import Faces, Gallery

if "PYTEST_XDIST_WORKER" in os.environ:  # before torch loads: a worker a core
    os.environ["OMP_NUM_THREADS"] = "1"


@dataclass(frozen=True)
class Drawn:
    """The faces of a drawn bundle: names, (N, 81) embeddings, (N, 40) probabilities and labels."""

    names: tuple[str, ...]
    embeddings: np.ndarray
    probabilities: np.ndarray
    labels: np.ndarray

    @property
    def faces(self) -> Faces:
        return Faces.named(self.names, self.labels)


def bundle_parts(n: int = 60, seed: int = 0) -> tuple[BundleConfig, dict, Drawn]:
    """Config, tensors and faces of a bundle that finds attributes by construction.

    Row i holds log p and log (1 - p) of its forty attributes; a query adds up those it names.
    """
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, (n, 40)).astype(np.int8)
    logits = (labels * 2.0 - 1) * rng.uniform(1, 5, labels.shape)
    predicted = 1 / (1 + np.exp(-logits))
    scale = 1 / 80
    rows = np.concatenate([np.log(predicted), np.log(1 - predicted)], axis=1) * scale  # (n, 80)
    rest = np.sqrt(1 - (rows**2).sum(axis=1, keepdims=True))
    embeddings = np.concatenate([rows, rest], axis=1).astype(np.float32)  # (n, 81)
    eye = np.eye(40, dtype=np.float32)
    tensors = {
        "attributes.0.weight": np.concatenate([eye, -eye]),
        "attributes.0.bias": np.zeros(80, np.float32),
        "attributes.2.weight": np.eye(81, 80, dtype=np.float32),
        "attributes.2.bias": np.zeros(81, np.float32),
        "readout.weight": np.concatenate([eye, -eye, 0 * eye[:, :1]], axis=1) / scale,
        "readout.bias": np.zeros(40, np.float32),
    }
    config = BundleConfig(
        model={
            "backbone": "tf_efficientnet_lite0",
            "dim": 81,
            "query_hidden": 80,
            "signed_queries": True,
        },
        dataset={"name": "Drawn"},
    )
    names = tuple(f"{row:03}.png" for row in range(n))
    return config, tensors, Drawn(names, embeddings, predicted.astype(np.float32), labels)


def has(drawn: Drawn, name: str) -> np.ndarray:
    """(N,) bool: which images of a drawn gallery have an attribute."""
    return drawn.labels[:, ATTRIBUTES.index(name)] == 1


def matching(bundle: Bundle, query: Query) -> int:
    """How many faces match a query."""
    return round(bundle.counts(query).matching)


def with_labels(bundle: Bundle, labels: np.ndarray | None) -> Bundle:
    """The bundle with other (N, 40) labels, or none."""
    old = bundle.gallery
    faces = Faces.named(tuple(old.faces.names), labels)
    changed = copy.copy(bundle)
    changed.gallery = Gallery(faces, old.columns, bundle._readout, old.vocabulary, old.unavailable)
    return changed


@pytest.fixture(scope="session")
def drawn_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of sixty drawn pictures with its images beside it; tests must not change it."""
    folder = tmp_path_factory.mktemp("drawn")
    config, tensors, drawn = bundle_parts()
    images = {}
    for row, name in enumerate(drawn.names):
        picture = np.full((60, 48, 3), (row * 4, 255 - row * 4, 128), np.uint8)
        picture[20:40, 12:36] = 255 - picture[20:40, 12:36]
        Image.fromarray(picture).save(folder / name)
        images[name] = folder / name
    write_bundle(
        folder / "bundle", config, tensors, drawn.faces, drawn.embeddings, "# Drawn\n", images
    )
    return folder / "bundle"


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """A process that has imported Gradio."""
    forks = Forks()
    yield forks
    forks.close()


@pytest.fixture(scope="session")
def start_app(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[..., RunningApp]]:
    """Start the app with the given arguments on a free port and wait until it answers.

    `fresh` starts `python app.py`, as a person does; else, where it can be, a process that has
    imported Gradio is forked. `installed` is a folder with the package, whose `facesearch serve`
    is started. Packages that are `absent` can't be imported, as where they are not installed.
    """
    with ExitStack() as stack:

        def start(
            *arguments: str | Path,
            fresh: bool = False,
            installed: Path | None = None,
            absent: Sequence[str] = (),
        ) -> RunningApp:
            folder = tmp_path_factory.mktemp("app")
            (folder / "sitecustomize.py").write_text(GUARD)
            variables = environment(folder, installed, absent)
            options = ["--port", "0", *map(str, arguments)]
            process: subprocess.Popen | Forked
            if fresh or installed or absent or not hasattr(os, "fork"):
                program = ["-m", "facesearch", "serve"] if installed else [str(ROOT / "app.py")]
                process = by_command(folder, program, options, variables)
            else:
                process = request.getfixturevalue("forks").start(folder, options, variables)
            stack.callback(process.kill)
            return RunningApp(address(folder, process), process, folder)

        yield start


@pytest.fixture(scope="session")
def drawn_app(drawn_bundle: Path, start_app: Callable[..., RunningApp]) -> RunningApp:
    """The app over `drawn_bundle`, shared by all tests."""
    return start_app("--bundle", drawn_bundle)


@pytest.fixture(scope="session")
def bundle(drawn_bundle: Path) -> Bundle:
    """`drawn_bundle`, opened; tests must not change it."""
    return open_bundle(drawn_bundle)


@pytest.fixture(scope="session")
def client(drawn_app: RunningApp) -> Client:
    """A program that asks `drawn_app`."""
    return Client(drawn_app.url, verbose=False)


@pytest.fixture(scope="session")
def portraits_app(start_app: Callable[..., RunningApp]) -> RunningApp:
    """The app over the portraits that ship, shared by all tests."""
    return start_app("--bundle", ROOT / "weights" / "portraits")


@pytest.fixture(scope="session")
def plain_portraits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlainPage]:
    """The page over the portraits that ship, as plain files below a path of a web host."""
    folder = tmp_path_factory.mktemp("host") / "faces"
    page = serve_page(write_page(ROOT / "weights" / "portraits", folder))
    yield page
    page.stop()


@pytest.fixture(params=["app", "plain"])
def answerer(request: pytest.FixtureRequest) -> str:
    """Who answers the page: a server, or, where it is plain files, the browser."""
    return request.param


@pytest.fixture
def portraits_url(answerer: str, request: pytest.FixtureRequest) -> str:
    """The address of the portraits' page, from either."""
    page = "portraits_app" if answerer == "app" else "plain_portraits"
    return request.getfixturevalue(page).url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium: the system's, at best the one without a desktop's windows, which takes
    two thirds of the time; where there is none, Playwright's own."""
    system = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=system, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def window(browser: Browser) -> Callable[[int, bool], BrowserContext]:
    """The private window of a width, light or dark: its pages share what Gradio has loaded."""

    @cache
    def window(width: int, dark: bool) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": 860},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(90_000)  # ms: a busy machine is slow, not wrong
        return context

    return window


@pytest.fixture(scope="session")
def tabs(window: Callable[[int, bool], BrowserContext]) -> Tabs:
    """The pages that tests share."""
    return Tabs(window)


@pytest.fixture
def browser_page(tabs: Tabs) -> Iterator[Callable[..., Visit]]:
    """Open an address in a page that no other visit of the test is in: `browser_page(url,
    width=1280)` gives a `Visit`. A `script` runs before those of the page."""
    visits: list[Visit] = []
    with ExitStack() as stack:

        def visit(
            url: str,
            *,
            width: int = 1280,
            dark: bool = False,
            script: str = "",
            wait: str = ".fs-gallery > li",
            hears_requests: bool = False,
        ) -> Visit:
            page = tabs.window(width, dark).new_page() if script else tabs.take(width, dark)
            seen = Visit(page, hears_requests)
            visits.append(seen)

            def leave() -> None:
                if script:  # which would run in every page to come
                    page.close()
                elif not page.is_closed():
                    seen.end()
                    tabs.give_back(page, width, dark)

            stack.callback(leave)
            if script:
                page.add_init_script(script)
            page.goto(url)
            page.wait_for_selector(wait)
            return seen

        yield visit
    for seen in visits:
        assert [p for p in seen.problems if not any(e in p for e in seen.expected)] == []


# On a test whose outcome may depend on the layout: `portraits` at either width. The layout is the
# same whoever answers, and each answers once; other tests see the plain files' page wide.
BOTH_WIDTHS = pytest.mark.parametrize(
    ("answerer", "portraits"),
    [("app", 1280), ("plain", 390)],
    ids=["wide", "narrow"],
    indirect=True,
)


@pytest.fixture
def portraits(
    request: pytest.FixtureRequest, portraits_url: str, browser_page: Callable[..., Visit]
) -> Callable[..., Page]:
    """Open the portraits' page at a query string, as wide as a desk's unless the test says."""

    def visit(address: str = "") -> Page:
        width = getattr(request, "param", 1280)
        return browser_page(portraits_url + address, width=width).page

    return visit


@pytest.fixture(scope="session")
def shipped_portraits() -> Bundle:
    """The portraits that ship, opened; tests must not change it."""
    return open_bundle(ROOT / "weights" / "portraits")


@pytest.fixture(scope="session")
def rounded_portraits(shipped_portraits: Bundle) -> Bundle:
    """The portraits as their page without a server holds them; tests must not change it."""
    return rounded(shipped_portraits)


@pytest.fixture
def portraits_bundle(request: pytest.FixtureRequest) -> Bundle:
    """What a test's page of the portraits is over: the portraits that ship, unless it is plain."""
    asked = "answerer" in request.fixturenames and request.getfixturevalue("answerer")
    return request.getfixturevalue(f"{'rounded' if asked == 'plain' else 'shipped'}_portraits")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repositories]:
    """A Hugging Face Hub of its own, with an empty cache and nobody logged in."""
    from huggingface_hub import constants

    hub = Repositories()
    monkeypatch.setattr(constants, "ENDPOINT", hub.endpoint)
    monkeypatch.setattr(
        constants,
        "HUGGINGFACE_CO_URL_TEMPLATE",
        hub.endpoint + "/{repo_id}/resolve/{revision}/{filename}",
    )
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    yield hub
    hub.close()
