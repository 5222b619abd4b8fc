"""The page over a bundle in a real browser, for the scripts here that take pictures of it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PORTRAITS = ROOT / "weights" / "portraits"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


@contextmanager
def shown(bundle: Path, *options: str | Path) -> Iterator[tuple[Browser, str]]:
    """A browser, and the address of the app over a bundle, which ends with the block."""
    command = [sys.executable, ROOT / "app.py", "--port", "0", "--bundle", bundle, *options]
    app = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert app.stdout is not None
    try:
        url = app.stdout.readline().split(" at ")[1].strip()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=FLAGS
            )
            yield browser, url
            browser.close()
    finally:
        app.terminate()
