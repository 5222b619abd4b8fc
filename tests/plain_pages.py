"""Pages without a server: written by the command, and served by `python -m http.server`."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright._impl._driver import compute_driver_executable

from facesearch.__main__ import main
from facesearch.bundle import Bundle
from facesearch.gallery import Columns
from facesearch.page.plain import halved

ANSWERS = Path(__file__).with_name("page") / "plain_answers.mjs"


@dataclass
class PlainPage:
    """A page in a folder, served below a path of a web host."""

    folder: Path
    url: str
    process: subprocess.Popen

    def stop(self) -> None:
        """End the web host."""
        self.process.kill()
        self.process.wait()


def write_page(bundle: Path, folder: Path, *options: str) -> Path:
    """The folder of a page, as the command writes it."""
    assert main(["static", str(bundle), "--out", str(folder), *options]) == 0
    return folder


def serve_page(folder: Path) -> PlainPage:
    """Serve a page's folder as one of several that its host has."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"],
        cwd=folder.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://[\d.:]+/", process.stdout.readline())
    assert found is not None
    return PlainPage(folder, f"{found[0]}{folder.name}/", process)


def rounded(bundle: Bundle) -> Bundle:
    """The bundle over the numbers that its page without a server holds."""
    halves, unit = halved(bundle)
    return bundle.over(Columns(halves.astype(np.float32) * np.float32(unit)))


def browser_answers(folder: Path, calls: Sequence[tuple[str, object]]) -> list[Any]:
    """What a page without a server answers to calls of its functions, under Node."""
    done = subprocess.run(
        [compute_driver_executable()[0], ANSWERS, folder],
        input="\n".join(map(json.dumps, calls)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
