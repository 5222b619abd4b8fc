"""Make a Space of the Hugging Face Hub that shows the page over a bundle."""

import argparse
from pathlib import Path

from facesearch.bundle import open_bundle
from facesearch.bundle.contents import IMAGES, THUMBNAILS
from facesearch.commands.sending import add_sending, described, private_or_not
from facesearch.errors import InputError
from facesearch.hub.refusals import check_name
from facesearch.hub.sending import Target, is_private, send
from facesearch.hub.space import (
    BUNDLE,
    FREE,
    READS_PICTURES,
    THUMBNAIL,
    Page,
    plain_space,
    space_files,
)
from facesearch.page.plain import PICTURES, ROOM, plain_files

CARD = ("README.md", THUMBNAIL)
HOLDS = ("app.py", "facesearch", "requirements.txt", BUNDLE, READS_PICTURES.parts[0], *CARD)
HOLDS_STATIC = ("index.html", ROOM, PICTURES, *CARD)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument(
        "bundle",
        metavar="BUNDLE_OR_REPO",
        help="a bundle's folder, which travels in the Space, or a repository on the Hub as "
        "owner/name, which the Space fetches when it starts",
    )
    parser.add_argument("repo", metavar="OWNER/NAME", help="the Space, made if it is not there yet")
    parser.add_argument(
        "--hardware",
        default=FREE,
        help="what a new Space runs on, as the Hub names it: free accounts have zero-a10g alone, "
        "where what reads pictures is installed too; cpu-basic is enough for ticking (default: "
        "%(default)s)",
    )
    parser.add_argument(
        "--static",
        action="store_true",
        help="make it of plain files, which need no hardware and are free for everyone: the "
        "browser searches, and can't be asked by a picture",
    )
    add_sending(parser)


def run(options: argparse.Namespace) -> None:
    """Check, say what goes, and send it."""
    from huggingface_hub import SpaceHardware

    check_name(options.repo)
    known = [each.value for each in SpaceHardware]
    if options.hardware not in known:
        raise InputError(f"--hardware {options.hardware}: give one of {', '.join(known)}.")
    source = None if Path(options.bundle).is_dir() else options.bundle
    bundle = open_bundle(options.bundle)
    page = Page(options.repo, bundle, source, options.hardware, options.thumbnails)
    files = (
        plain_space(page, plain_files(bundle, thumbnails=options.thumbnails))
        if options.static
        else space_files(page)
    )
    private = private_or_not(bundle, options)
    if options.dry_run:
        print(described(files))
        return
    if source is not None and is_private(source):
        private = private is not False
        if not options.static:
            print(f"{source} is private: give the Space a secret HF_TOKEN that may read it.")
    if options.static:
        to = Target(options.repo, "space", HOLDS_STATIC, (PICTURES,), private, sdk="static")
        print(f"{len(bundle.names):,} faces at {send(files, to)}")
        return
    pictures = tuple(f"{BUNDLE}/{each}" for each in (IMAGES, THUMBNAILS))
    to = Target(options.repo, "space", HOLDS, pictures, private, hardware=options.hardware)
    print(f"The Hub builds the page at {send(files, to)} now, which takes minutes.")
