"""What the benchmarks of the running page share: servers, a synthetic bundle, other clients."""

import argparse
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facesearch.attributes import ATTRIBUTES
from facesearch.bundle import BundleConfig, write_bundle
from facesearch.gallery import Faces

ROOT = Path(__file__).resolve().parent.parent
PICTURES = 500  # drawn for a synthetic gallery; its names share them


class Server:
    """A page in a process of its own; `seconds` is the time from start to the first answer.

    Args:
        command: from a port to the arguments of Python that serve a page there.
        folder: where it runs.
    """

    def __init__(self, command: Callable[[int], list[str]], folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/"
        start = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, *command(port)],
            cwd=folder,
            env={**os.environ, "GRADIO_ANALYTICS_ENABLED": "False"},
            stdout=subprocess.DEVNULL,
        )
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() - start > 120:
                raise SystemExit(f"{command(port)[0]} did not start")
            time.sleep(0.01)
        self.seconds = time.perf_counter() - start

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=5) as response:
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def memory_mb(self) -> float:
        """Resident memory."""
        import psutil

        return psutil.Process(self.process.pid).memory_info().rss / 2**20

    def processor_seconds(self) -> float:
        """Processor time that it has taken so far."""
        import psutil

        taken = psutil.Process(self.process.pid).cpu_times()
        return float(taken.user + taken.system)

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        self.process.wait(timeout=20)


def app_command(bundle: Path, images: Path | None = None) -> Callable[[int], list[str]]:
    """The command of a `Server` of the page over a bundle."""
    with_images = ["--images", str(images.resolve())] if images else []
    app = [str(ROOT / "app.py"), "--bundle", str(bundle.resolve()), *with_images]
    return lambda port: [*app, "--port", str(port)]


def add_bundle_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `choose_bundle`."""
    parser.add_argument("--bundle", type=Path, help="bundle to serve (default: a synthetic one)")
    parser.add_argument("--images", type=Path, help="folder of its images")
    parser.add_argument("--faces", type=int, default=36_535, help="size of a synthetic gallery")


def choose_bundle(options: argparse.Namespace, scratch: Path) -> tuple[Path, Path | None]:
    """The bundle that the options name and its images; a synthetic one in `scratch` without."""
    if options.bundle is None:
        return synthetic_bundle(scratch, options.faces)
    return options.bundle, options.images


def synthetic_bundle(folder: Path, faces: int) -> tuple[Path, Path]:
    """A bundle of random unit rows and its folder of images, of CelebA's size, 178x218."""
    rng = np.random.default_rng(0)
    embeddings = rng.normal(size=(faces, 128)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    shapes = {
        "attributes.0.weight": (64, 40),
        "attributes.0.bias": (64,),
        "attributes.2.weight": (128, 64),
        "attributes.2.bias": (128,),
        "readout.weight": (40, 128),
        "readout.bias": (40,),
    }
    tensors = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    names = tuple(f"{row:06}.jpg" for row in range(faces))
    model = {
        "backbone": "none",
        "head": "projection",
        "dim": 128,
        "query_hidden": 64,
        "signed_queries": True,
    }
    config = BundleConfig(model, {"name": "Synthetic"})
    write_bundle(folder / "bundle", config, tensors, Faces.named(names), embeddings, "")
    images = folder / "images"
    images.mkdir()
    for row, name in enumerate(names):
        if row < PICTURES:
            coarse = Image.fromarray(rng.integers(0, 256, (28, 23, 3), np.uint8))
            coarse.resize((178, 218), Image.Resampling.BICUBIC).save(images / name)
        else:
            os.link(images / names[row % PICTURES], images / name)
    return folder / "bundle", images


def request_times(
    url: str, clients: int, requests: int, names: Sequence[str] = ATTRIBUTES
) -> list[float]:
    """Seconds of each `/search` request when `clients` ask at once, `requests` in all, for
    attributes of these names."""
    from gradio_client import Client

    rng = np.random.default_rng(0)
    connected = [Client(url, verbose=False) for _ in range(clients)]
    queries = [random_query(rng, names) for _ in range(requests)]
    times: list[float] = []

    def ask(client: Client, share: list[dict[str, Any]]) -> None:
        for query in share:
            start = time.perf_counter()
            found = client.predict(**query, k=24, api_name="/search")
            times.append(time.perf_counter() - start)
            assert len(found) == 24

    for client in connected:
        ask(client, queries[:1])
    times.clear()
    with ThreadPoolExecutor(clients) as threads:
        shares = [queries[i::clients] for i in range(clients)]
        list(threads.map(ask, connected, shares))  # raises what one of them raised
    for client in connected:
        client.close()
    return times


def random_query(
    rng: np.random.Generator, names: Sequence[str] = ATTRIBUTES
) -> dict[str, list[str]]:
    """Two attributes wanted and one unwanted, of these."""
    first, second, third = rng.choice(names, 3, replace=False).tolist()
    return {"wanted": [first, second], "unwanted": [third]}


@dataclass
class Crowd:
    """Clients that search, and pages that are looked at, until they are told to stop."""

    answered: Any  # shared counters
    failed: Any
    times: Any  # shared, seconds of each answer

    def note(self, seconds: float, *, right: bool) -> None:
        """Count an answer."""
        counter = self.answered if right else self.failed
        with counter.get_lock():
            if right and counter.value < len(self.times):
                self.times[counter.value] = seconds
            counter.value += 1

    def percentile(self, share: float) -> float:
        """The seconds within which a share (percent) of all answers came."""
        return float(np.percentile(self.times[: max(self.answered.value, 1)], share))


@contextmanager
def crowd(url: str, clients: int, pause: float = 0.0, pages: int = 0) -> Iterator[Crowd]:
    """As many clients searching at once, from a process of their own.

    Args:
        pause: seconds that each waits between an answer and its next search.
        pages: how many pages, besides, ask as a browser's do, a click and its pictures a second.
    """
    spawn = multiprocessing.get_context("spawn")
    seen = Crowd(spawn.Value("i", 0), spawn.Value("i", 0), spawn.Array("d", 1_000_000))
    ready, done = spawn.Event(), spawn.Event()
    arguments = (url, clients, pause, pages, seen, ready, done)
    process = spawn.Process(target=_search_on, args=arguments)
    process.start()
    try:
        if not ready.wait(timeout=120):
            raise SystemExit("the other clients did not start")
        yield seen
    finally:
        done.set()
        process.join(timeout=60)
        process.kill()


def _search_on(
    url: str, clients: int, pause: float, pages: int, seen: Crowd, ready: Any, done: Any
) -> None:
    from gradio_client import Client

    def timed(name: str, ask: Callable[[], bool]) -> None:
        start, right = time.perf_counter(), False
        try:
            right = ask()
        except Exception as error:
            print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        seen.note(time.perf_counter() - start, right=right)

    def search_on(number: int, client: Client) -> None:
        rng = np.random.default_rng(number)
        while not done.is_set():
            query = random_query(rng)
            timed(
                f"client {number}",
                lambda: len(client.predict(**query, k=24, api_name="/search")) == 24,  # noqa: B023
            )
            done.wait(pause)

    def look_on(number: int) -> None:
        rng, session = np.random.default_rng(number), f"page{number}"
        config = json.loads(_fetch(f"{url}config"))
        part = next(each["id"] for each in config["components"] if each["props"].get("server_fns"))
        while not done.is_set():
            asked = {"data": random_query(rng), "session_hash": session}
            asked |= {"component_id": part, "fn_name": "answer"}

            def click(asked: dict[str, Any] = asked) -> bool:
                hits = json.loads(_fetch(f"{url}gradio_api/component_server/", asked))["hits"]
                pictures = [_fetch(url + hit["image"]) for hit in hits if hit["image"]]
                return len(hits) == 24 and all(pictures)

            timed(f"page {number}", click)
            done.wait(1)

    # A slow answer is no failure: by default a client gives up after five seconds.
    patient = {"timeout": 60}
    connected = [Client(url, verbose=False, httpx_kwargs=patient) for _ in range(clients)]
    threads = [threading.Thread(target=search_on, args=each) for each in enumerate(connected)]
    threads += [threading.Thread(target=look_on, args=(number,)) for number in range(pages)]
    for thread in threads:
        thread.start()
    ready.set()
    for thread in threads:
        thread.join()
    for client in connected:
        client.close()


def _fetch(address: str, asked: dict[str, Any] | None = None) -> bytes:
    """What an address gives; `asked` is sent as JSON."""
    body = None if asked is None else json.dumps(asked).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return bytes(reply.read())
