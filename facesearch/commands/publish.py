"""Send a bundle to the Hugging Face Hub, where open_bundle("owner/name") opens it."""

import argparse
from pathlib import Path

from facesearch.bundle import open_bundle
from facesearch.bundle.contents import CARD, CONFIG, FACES, GALLERY, IMAGES, MODEL, THUMBNAILS
from facesearch.bundle.version_1 import NAMES
from facesearch.errors import InputError
from facesearch.hub.outgoing import Files, outgoing, size, whose_faces
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


def add_sending(parser: argparse.ArgumentParser) -> None:
    """The options of whatever sends a bundle."""
    parser.add_argument(
        "--private",
        action=argparse.BooleanOptionalAction,
        help="whether only you can see it (default: yes for own photographs, else as your account "
        "has it)",
    )
    parser.add_argument(
        "--thumbnails",
        action="store_true",
        help="of own photographs, send the small pictures of faces too, not just what they look "
        "like in numbers",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what would be sent, file by file, and send nothing",
    )


def run(options: argparse.Namespace) -> None:
    """Check, say what goes, and send it."""
    check_name(options.repo)
    if not options.bundle.is_dir():
        raise InputError(f"{options.bundle}: no such folder; give the folder of a bundle.")
    bundle = open_bundle(options.bundle)
    files = outgoing(bundle, options.repo, thumbnails=options.thumbnails)
    people, private = whose_faces(bundle), options.private
    if people is not None:
        private = private is not False
        print(people, "Everybody will see them." if not private else "Only you will see them.")
    if options.dry_run:
        print(described(files))
        return
    pictures = (IMAGES, THUMBNAILS)
    to = Target(options.repo, "model", HOLDS, pictures, private, options.revision)
    print(f"{len(bundle):,} faces at {send(files, to)}")


def described(files: Files) -> str:
    """Every file with its size, and the front matter of the card among them."""
    lines = [f"{size(content):>12,}  {name}" for name, content in sorted(files.items())]
    total = sum(size(content) for content in files.values())
    card = files[CARD]
    assert isinstance(card, bytes)
    matter = card.decode().split("---\n")[1]
    return "\n".join([*lines, f"{total:>12,}  bytes in {len(files):,} files", "", matter.rstrip()])
