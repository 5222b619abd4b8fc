"""Write the page over a bundle as plain files, which need no server."""

import argparse
from pathlib import Path

from facesearch.bundle import open_bundle
from facesearch.bundle.replacing import fresh_folder, put_in_place
from facesearch.errors import InputError
from facesearch.hub.outgoing import size, stage, whose_faces
from facesearch.page.plain import PICTURES, ROOM, plain_files

INDEX = "index.html"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument(
        "bundle",
        metavar="BUNDLE_OR_REPO",
        help="a bundle's folder, or a repository on the Hub as owner/name",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder to write, for any web host; one that such a page is in already is replaced",
    )
    parser.add_argument(
        "--thumbnails",
        action="store_true",
        help="of own photographs, put the small pictures of faces in: whoever has the page has "
        "them",
    )


def run(options: argparse.Namespace) -> None:
    """Check, write, and say how to look at it."""
    out = options.out.absolute()
    check_out(out)
    bundle = open_bundle(options.bundle)
    files = plain_files(bundle, thumbnails=options.thumbnails)
    people = whose_faces(bundle)
    if people is not None:
        print(people, flush=True)
    with fresh_folder(out) as fresh:
        stage(files, fresh, links=False)
        fresh.chmod(0o755)
        put_in_place(fresh, out)
    total = sum(map(size, files.values())) / 1e6
    print(
        f"{len(bundle.names):,} faces in {out}: {total:,.1f} MB in {len(files):,} files. "
        f"Look at it with: python -m http.server --directory {out}"
    )


def check_out(out: Path) -> None:
    """`InputError` unless a folder is free, or holds such a page alone."""
    there = {each.name for each in out.iterdir()} if out.is_dir() else set()
    ours = not there or (INDEX in there and there <= {INDEX, ROOM, PICTURES})
    if out.exists() and not (out.is_dir() and ours):
        raise InputError(
            f"{out}: is there already, and not such a page alone. Name another folder with --out."
        )
