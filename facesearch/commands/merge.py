"""Put shards of a gallery, which several machines have embedded, together into one bundle.

The bundle is the one that a single run over all images would have written."""

import argparse
import shlex
from pathlib import Path

from facesearch.bundle.merging import merge


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument(
        "shards",
        metavar="SHARD",
        nargs="+",
        help="folder that python -m train embed --shard N/OF has written; all of them, in any "
        "order",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="BUNDLE",
        required=True,
        help="folder of the bundle; a bundle that is there is replaced once the new one is whole",
    )


def run(options: argparse.Namespace) -> None:
    """Merge, and say what is there."""
    faces = merge(options.shards, options.out)
    command = shlex.join(["python", "app.py", "--bundle", str(options.out)])
    print(f"Wrote {options.out} with {faces:,} faces. Search it with: {command}")
