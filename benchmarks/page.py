"""The page beside a bare Gradio page with a fixed gallery: start, requests, rest, memory."""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from serving import Server, add_bundle_arguments, app_command, choose_bundle, request_times

from facesearch.bundle import open_bundle

REST = 20  # seconds in which nobody asks

BARE = """
import sys
from pathlib import Path
import gradio as gr

folder, names, port = sys.argv[1], sys.argv[2].split(","), int(sys.argv[3])
gr.set_static_paths([folder])
images = [(str(Path(folder) / name), str(rank)) for rank, name in enumerate(names, 1)]
found = [{"rank": r, "name": n, "score": 1 / r} for r, n in enumerate(names, 1)]

def search(wanted: list[str], unwanted: list[str], k: int) -> list[dict]:
    return found

with gr.Blocks(analytics_enabled=False) as page:
    gr.Gallery(images, columns=6)
    gr.api(search, api_name="search", concurrency_limit=None)
page.launch(server_port=port, quiet=True)
"""


TORCH = """
import psutil
before = psutil.Process().memory_info().rss
import torch
print((psutil.Process().memory_info().rss - before) / 2**20)
"""


def main() -> None:
    """Measure both, alternating, and print a table (and JSON)."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_bundle_arguments(parser)
    parser.add_argument("--starts", type=int, default=5, help="starts of each page")
    parser.add_argument("--requests", type=int, default=100, help="requests, all clients together")
    parser.add_argument("--rounds", type=int, default=3, help="rounds that alternate the pages")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bundle, images = choose_bundle(options, Path(scratch))
        figures = measure(options, bundle, images, Path(scratch))
    report(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def measure(
    options: argparse.Namespace, bundle: Path, images: Path | None, scratch: Path
) -> dict[str, Any]:
    """Both pages' figures; each ends up with the same keys."""
    opened = open_bundle(bundle, images)
    folder, names = opened.image_dir, opened.names[:24]
    asked = [name for name in opened.vocabulary.names if name not in opened.unavailable]
    (scratch / "bare.py").write_text(BARE)

    def bare(port: int) -> list[str]:
        return [str(scratch / "bare.py"), str(folder), ",".join(names), str(port)]

    commands: dict[str, Callable[[int], list[str]]] = {
        "page": app_command(bundle, images),
        "bare": bare,
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for name in [*commands] * (options.starts + 1):  # the first of each warms the disk's cache
        server = Server(commands[name], scratch)
        seconds[name].append(server.seconds)
        server.stop()
    torch = subprocess.run([sys.executable, "-c", TORCH], capture_output=True, check=True)
    figures: dict[str, Any] = {
        "matrix_mb": opened.gallery.columns.need().nbytes / 2**20,
        "torch_mb": float(torch.stdout),
    }
    for name in commands:
        figures[name] = {"start_s": float(np.median(seconds[name][1:])), "latency_ms": {}}
    servers = {name: Server(command, scratch) for name, command in commands.items()}
    for clients in (1, 20):
        taken: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(options.rounds):
            for name, server in servers.items():
                taken[name] += request_times(server.url, clients, options.requests, asked)
        for name, times in taken.items():
            p50, p95 = np.percentile(times, (50, 95)) * 1000
            figures[name]["latency_ms"][str(clients)] = {"p50": p50, "p95": p95}
    time.sleep(2)  # until both are at rest
    before = {name: server.processor_seconds() for name, server in servers.items()}
    time.sleep(REST)
    for name, server in servers.items():
        figures[name]["rest"] = (server.processor_seconds() - before[name]) / REST
        figures[name]["memory_mb"] = server.memory_mb()
        server.stop()
    return figures


def report(figures: dict[str, Any]) -> None:
    """A table: page, bare page, and how they compare with what is aimed at."""
    page, bare = figures["page"], figures["bare"]
    most = bare["memory_mb"] + 1.3 * figures["matrix_mb"] + figures["torch_mb"]
    print(f"{'':28}{'page':>10}{'bare':>10}{'ratio':>8}  aim")
    rows = [("start to first answer, s", page["start_s"], bare["start_s"], "at most 1.5")]
    for clients in ("1", "20"):
        for part in ("p50", "p95"):
            aim = "at most 2" if (clients, part) == ("20", "p95") else ""
            pair = (side["latency_ms"][clients][part] for side in (page, bare))
            rows.append((f"/search, {clients} clients, {part}, ms", *pair, aim))
    rows.append(("at rest, % of a core", 100 * page["rest"], 100 * bare["rest"], ""))
    aim = f"at most {most:.0f} MB: bare, 1.3 times the matrix, and torch"
    rows.append(("resident memory, MB", page["memory_mb"], bare["memory_mb"], aim))
    for label, ours, theirs, aim in rows:
        print(f"{label:28}{ours:10.2f}{theirs:10.2f}{ours / theirs:8.2f}  {aim}")


if __name__ == "__main__":
    main()
