"""Open a bundle, and serve the page over it."""

import argparse
import gc
import os
import socket
from pathlib import Path

from facesearch.bundle import Bundle, open_bundle
from facesearch.celeba import find_celeba_images
from facesearch.errors import InputError

WEIGHTS = Path(__file__).resolve().parents[2] / "weights"  # of a checkout
DEFAULT_BUNDLES = (WEIGHTS / "portraits", WEIGHTS / "celeba")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options, with host and port from the environment where a Space sets them."""
    parser.add_argument(
        "--bundle",
        metavar="DIR_OR_REPO",
        help="bundle to search: a folder, or a Hugging Face Hub repository as owner/name "
        "(default: weights/portraits, else weights/celeba)",
    )
    parser.add_argument(
        "--images",
        metavar="DIR",
        help="folder of the gallery's images, for a bundle that has none of its own; for CelebA, "
        "the usual places are looked through",
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


def open_gallery(bundle: str | None, images: str | None) -> Bundle:
    """The bundle that the options name, with its images if they can be found."""
    if bundle is None:
        there = [path for path in DEFAULT_BUNDLES if path.is_dir()]
        if not there:
            raise InputError(
                f"There is no bundle in {WEIGHTS} yet. Train one with: python -m train "
                "(or name one with --bundle DIR_OR_REPO)."
            )
        bundle = str(there[0])
    opened = open_bundle(bundle, images)
    if opened.image_dir is None and opened.config.dataset.get("name") == "CelebA":
        opened.image_dir = find_celeba_images()
    return opened


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


def run(options: argparse.Namespace) -> None:
    """Open, serve, and wait until interrupted."""
    # After each request Gradio sums up the last 10,000 anew, for a dashboard that is off here: it
    # takes longer with every request, and ever more memory (benchmarks/soak.py).
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
    port = free_port(options.host, options.port)
    bundle = open_gallery(options.bundle, options.images)
    gc.disable()  # through 3 seconds of imports, whose objects stay anyway: saves 0.4 of them
    from facesearch.page import serve  # after the checks

    gc.freeze()
    gc.enable()
    page = serve(bundle, options.host, port)
    print(f"{len(bundle):,} faces at {page.local_url}", flush=True)
    page.block_thread()
