"""Fixtures: bundles made from drawn pictures, the app in a process of its own, a real browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client
from PIL import Image

from facesearch.attributes import ATTRIBUTES
from facesearch.bundle import Bundle, BundleConfig, Gallery, open_bundle, write_bundle

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def bundle_parts(n: int = 60, seed: int = 0) -> tuple[BundleConfig, dict, Gallery]:
    """Config, tensors and gallery of a bundle that finds attributes by construction.

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
    return config, tensors, Gallery(names, embeddings, predicted.astype(np.float32), labels)


def has(gallery: Gallery, name: str) -> np.ndarray:
    """(N,) bool: which images of a drawn gallery have an attribute."""
    assert gallery.labels is not None
    return gallery.labels[:, ATTRIBUTES.index(name)] == 1


@pytest.fixture(scope="session")
def drawn_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of sixty drawn pictures with its images beside it; tests must not change it."""
    folder = tmp_path_factory.mktemp("drawn")
    config, tensors, gallery = bundle_parts()
    images = {}
    for row, name in enumerate(gallery.names):
        picture = np.full((60, 48, 3), (row * 4, 255 - row * 4, 128), np.uint8)
        picture[20:40, 12:36] = 255 - picture[20:40, 12:36]
        Image.fromarray(picture).save(folder / name)
        images[name] = folder / name
    write_bundle(folder / "bundle", config, tensors, gallery, "# Drawn\n", images)
    return folder / "bundle"


@dataclass
class RunningApp:
    """An app in a process of its own."""

    url: str
    process: subprocess.Popen
    cache: Path
    outside: Path  # written if the process looks beyond this machine

    def stop(self) -> str:
        """End the process and return what it wrote to stderr."""
        self.process.terminate()
        _, errors = self.process.communicate(timeout=20)
        return errors


GUARD = """
import os, sys
def watch(event, details):
    if event not in ("socket.connect", "socket.getaddrinfo"):
        return
    host = details[0] if event == "socket.getaddrinfo" else details[1]
    host = host[0] if isinstance(host, tuple) else host
    if str(host).startswith(("127.", "localhost", "::1", "/")):
        return
    with open(os.environ["OUTSIDE"], "a") as log:
        log.write(f"{event} {details}\\n")
sys.addaudithook(watch)
sys.modules.update(dict.fromkeys(os.environ["ABSENT"].split()))
"""


@pytest.fixture(scope="session")
def start_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., RunningApp]]:
    """Start `app.py` with the given arguments on a free port and wait until it answers.

    Or `facesearch serve`, of the package in the folder `installed`. Packages that are `absent`
    can't be imported, as where they are not installed.
    """
    with ExitStack() as stack:

        def start(
            *arguments: str | Path, installed: Path | None = None, absent: Sequence[str] = ()
        ) -> RunningApp:
            folder = tmp_path_factory.mktemp("app")
            (folder / "sitecustomize.py").write_text(GUARD)
            environment = {k: v for k, v in os.environ.items() if k != "FACESEARCH_CELEBA"}
            environment |= {
                "ABSENT": " ".join(absent),
                "GRADIO_TEMP_DIR": str(folder / "cache"),
                "OUTSIDE": str(folder / "outside.log"),
                "PYTHONPATH": os.pathsep.join(map(str, filter(None, (folder, installed)))),
            }
            program = ["-m", "facesearch", "serve"] if installed else [str(ROOT / "app.py")]
            process = subprocess.Popen(
                [sys.executable, *program, "--port", "0", *map(str, arguments)],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.callback(process.kill)
            assert process.stdout is not None
            # "60 faces at http://127.0.0.1:40123/"
            line = next((line for line in process.stdout if " at http" in line), "")
            if not line:
                _, errors = process.communicate(timeout=20)
                raise AssertionError(f"the app did not start: {errors}")
            url = line.split(" at ")[1].strip()
            return RunningApp(url, process, folder / "cache", folder / "outside.log")

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


@dataclass
class Visit:
    """A page in the browser, and what it did. A problem that is not `expected` fails the test."""

    page: object
    problems: list[str] = field(default_factory=list)  # console errors, warnings, exceptions
    requests: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()  # parts of problems that the test brings about


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Headless Chromium: the system's where there is one, else Playwright's own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS)
        )
        yield chromium
        chromium.close()


@pytest.fixture
def browser_page(browser: object) -> Iterator[Callable[..., Visit]]:
    """Open an address in a private window: `browser_page(url, width=1280)` gives a `Visit`."""
    visits: list[Visit] = []
    with ExitStack() as stack:

        def visit(
            url: str,
            *,
            width: int = 1280,
            dark: bool = False,
            script: str = "",
            wait: str = ".fs-gallery > li",
        ) -> Visit:
            context = browser.new_context(
                viewport={"width": width, "height": 860},
                color_scheme="dark" if dark else "light",
            )
            stack.callback(context.close)
            context.set_default_timeout(90_000)  # ms: a busy machine is slow, not wrong
            if script:
                context.add_init_script(script)
            seen = Visit(context.new_page())
            visits.append(seen)
            seen.page.on(
                "console",
                lambda message: (
                    message.type in ("error", "warning")
                    and seen.problems.append(f"{message.type}: {message.text}")
                ),
            )
            seen.page.on("pageerror", lambda error: seen.problems.append(f"exception: {error}"))
            seen.page.on("request", lambda request: seen.requests.append(request.url))
            seen.page.goto(url)
            seen.page.wait_for_selector(wait)
            return seen

        yield visit
    for seen in visits:
        assert [p for p in seen.problems if not any(e in p for e in seen.expected)] == []


@pytest.fixture(params=[1280, 390], ids=["wide", "narrow"])
def portraits(
    request: pytest.FixtureRequest, portraits_app: RunningApp, browser_page: Callable[..., Visit]
) -> Callable[..., object]:
    """Open the portraits' page, at a query string, in a private window of either width."""

    def visit(address: str = "") -> object:
        return browser_page(portraits_app.url + address, width=request.param).page

    return visit


@pytest.fixture(scope="session")
def portraits_bundle() -> Bundle:
    """The portraits that ship, opened; tests must not change it."""
    return open_bundle(ROOT / "weights" / "portraits")
