"""Send a bundle to the Hugging Face Hub, where open_bundle("owner/name") opens it."""

import argparse
from pathlib import Path

from facesearch.bundle import open_bundle
from facesearch.bundle.contents import CARD, CONFIG, FACES, GALLERY, IMAGES, MODEL, THUMBNAILS
from facesearch.bundle.version_1 import NAMES
from facesearch.commands.sending import add_sending, described, private_or_not
from facesearch.errors import InputError
from facesearch.hub.outgoing import outgoing
from facesearch.hub.refusals import check_name
from facesearch.hub.sending import Target, send

HOLDS = (CONFIG, MODEL, GALLERY, FACES, CARD, NAMES, IMAGES, THUMBNAILS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="the bundle's folder")
    parser.add_argument("repo", metavar="OWNER/NAME", help="made if it is not there yet")
    add_sending(parser)
    parser.add_argument(
        "--revision",
        metavar="BRANCH",
        help="branch to send it to, made if it is not there (default: the main one)",
    )


def run(options: argparse.Namespace) -> None:
    """Check, say what goes, and send it."""
    check_name(options.repo)
    if not options.bundle.is_dir():
        raise InputError(f"{options.bundle}: no such folder; give the folder of a bundle.")
    bundle = open_bundle(options.bundle)
    files = outgoing(bundle, options.repo, thumbnails=options.thumbnails)
    private = private_or_not(bundle, options)
    if options.dry_run:
        print(described(files))
        return
    pictures = (IMAGES, THUMBNAILS)
    to = Target(options.repo, "model", HOLDS, pictures, private, options.revision)
    print(f"{len(bundle):,} faces at {send(files, to)}")
