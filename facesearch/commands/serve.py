"""Open a bundle, and serve the page over it."""

import argparse
import gc
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from facesearch.bundle import Bundle, open_bundle
from facesearch.commands.opening import Galleries, open_galleries
from facesearch.errors import InputError
from facesearch.hub.zero_gpu import lend_gpu
from facesearch.page import serve
from facesearch.page.surroundings import clean_up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options, with host and port from the environment where a Space sets them."""
    parser.add_argument(
        "--bundle",
        metavar="DIR_OR_REPO",
        action="append",
        default=[],
        help="bundle to search: a folder, or a Hugging Face Hub repository as owner/name; given "
        "more than once, the page has a choice between them (default: weights/portraits, and what "
        "else is in weights and has its pictures)",
    )
    parser.add_argument(
        "--images",
        metavar="DIR",
        help="folder of the gallery's images, for a bundle that has none of its own; or their "
        "addresses in an object store, as https://HOST/{name} or s3://BUCKET/{name} (which needs "
        'pip install "facesearch[s3]"), where they are read when they are looked at; for CelebA, '
        "the usual places are looked through",
    )
    parser.add_argument(
        "--engine",
        metavar="URL",
        help="an engine that a gallery was loaded into, as clickhouse://USER@HOST:8443/DATABASE?"
        "table=faces: it is searched there; --bundle then names the model's bundle (default: the "
        "one that was loaded). Its password comes from FACESEARCH_ENGINE_PASSWORD, or a file that "
        "FACESEARCH_ENGINE_PASSWORD_FILE names",
    )
    parser.add_argument(
        "--photos",
        type=Path,
        metavar="DIR",
        help="folder of your own photographs: its faces are found first, in which only what is new "
        "is read, and then searched",
    )
    parser.add_argument(
        "--originals",
        action=argparse.BooleanOptionalAction,
        help="let the page open photographs as they are, with all that a camera wrote into them "
        "(default: only where nobody but this machine can ask)",
    )
    parser.add_argument(
        "--host",
        default=os.environ.get("GRADIO_SERVER_NAME")
        or ("0.0.0.0" if "SPACE_ID" in os.environ else "127.0.0.1"),
        help="address to listen on; 0.0.0.0 lets other machines in (default: %(default)s)",
    )
    parser.add_argument(
        "--port",
        default=os.environ.get("GRADIO_SERVER_PORT") or "7860",
        help="port to listen on; 0 takes any free one (default: %(default)s)",
    )
    parser.add_argument(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        help="a name that the page is asked by besides this machine's own, as behind a proxy; once "
        "for each. '*' allows any name, and pages of any other site to ask",
    )
    parser.add_argument(
        "--no-browser",
        dest="browser",
        action="store_false",
        help="open no browser (one is opened only where a person sits at the terminal)",
    )


def open_photographs(folder: Path, models: Sequence[str]) -> Bundle:
    """The bundle of a folder's faces, brought up to date; `InputError` where it has none."""
    if len(models) > 1:
        raise InputError("--photos is searched with one model: give --bundle once, or not at all.")
    from facesearch.commands.indexing import as_usual, index  # what reads pictures, where asked

    out = index(as_usual(folder, models[0] if models else None))
    if not out.is_dir():
        raise InputError(f"{folder}: no face was found there, so there is nothing to search.")
    return open_bundle(out, folder)


def free_port(host: str, port: str) -> int:
    """The port as a number, checked to be free on the host."""
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise InputError(f"--port {port}: give a whole number from 0 to 65535.")
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
        family, *_, address = found[0]
        with socket.socket(family) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            return int(listener.getsockname()[1])
    except OSError as error:
        raise InputError(
            f"Can't listen on {host}, port {port} ({error.strerror}). "
            "Choose others with --host and --port."
        ) from None


def has_browser() -> bool:
    """Whether a person sits at this terminal, with a window for a browser."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    if sys.platform in ("win32", "darwin"):
        return "SSH_CONNECTION" not in os.environ
    return any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))


@contextmanager
def ended_quietly() -> Iterator[None]:
    """Meanwhile Ctrl-C ends the process at once, with nothing said and nothing left behind."""

    def end(*_: object) -> None:
        clean_up()
        os._exit(130)

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def run(options: argparse.Namespace) -> None:
    """Open, serve, show the page, and wait until interrupted."""
    with ended_quietly():
        port = free_port(options.host, options.port)
        galleries: Galleries = (
            {"photographs": open_photographs(options.photos, options.bundle)}
            if options.photos is not None
            else open_galleries(options.bundle, options.images, options.engine)
        )
        first = next(iter(galleries.values()))
        assert isinstance(first, Bundle)
        lend_gpu(first)
        gc.disable()  # through 3 seconds of imports, whose objects stay anyway: saves 0.4 of them
        try:
            page = serve(galleries, options.host, port, options.allow_host, options.originals)
            gc.freeze()
        finally:
            gc.enable()
        print(f"{len(first.names):,} faces at {page.local_url}", flush=True)
        if options.browser and has_browser():
            threading.Thread(target=webbrowser.open, args=(page.local_url,), daemon=True).start()
        page.block_thread()
