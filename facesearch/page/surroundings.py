"""What Gradio takes from the environment, set so that the page starts wherever it is started."""

import functools
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from facesearch.errors import InputError

# After each request Gradio sums up the last 10,000 anew, for a dashboard that is off here: it takes
# longer with every request, and ever more memory (benchmarks/soak.py).
SETTINGS = {
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
}
SPARE = "/dev/shm"  # can be written in a container whose disk can't
LOCAL = ("localhost", "127.0.0.1", "::1")


@functools.cache
def prepare() -> Path | None:
    """Set what Gradio reads while it is imported and built.

    Returns the folder for temporary files that Gradio will make: its own default, /tmp/gradio, may
    be another user's. This page writes no such file, so the folder can go once Gradio has started.
    None where `GRADIO_TEMP_DIR` names one. `InputError` where no folder can be written.
    """
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    if os.environ.get("GRADIO_TEMP_DIR"):
        return None
    folder = Path(_writable()) / f"facesearch-{secrets.token_hex(8)}"
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    return folder


def clean_up() -> None:
    """Remove Gradio's folder for temporary files, if it is this page's own."""
    folder = prepare()
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def _writable() -> str:
    try:
        return tempfile.gettempdir()
    except FileNotFoundError:
        if os.path.isdir(SPARE) and os.access(SPARE, os.W_OK):
            return SPARE
        raise InputError(
            "No folder for temporary files can be written, and Gradio, which serves the page, "
            "needs one to start: name one with the environment variable TMPDIR."
        ) from None


@contextmanager
def own_port_without_proxy(host: str) -> Iterator[None]:
    """While Gradio is imported and starts, the environment's proxies do not count: it asks its own
    port, which no proxy can reach, and its import fails for a kind of proxy that it can't speak to.

    Afterwards they hold again, but for `host` and this machine's own names:
    the server of MCP asks its own port for as long as it runs.
    """
    names = ("no_proxy", "NO_PROXY")  # programs differ in which they read
    before = {name: os.environ.get(name) for name in names}
    behind_proxy = any(name.lower().endswith("_proxy") for name in os.environ)
    os.environ.update(dict.fromkeys(names, "*"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if behind_proxy:
                os.environ[name] = ",".join(filter(None, (value, *LOCAL, host.strip("[]"))))
            elif value is not None:
                os.environ[name] = value
