"""What `publish` and `space` have in common: options, the question of privacy, what would go."""

import argparse

from facesearch.bundle import Bundle
from facesearch.bundle.contents import CARD
from facesearch.hub.outgoing import Files, size, whose_faces


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


def private_or_not(bundle: Bundle, options: argparse.Namespace) -> bool | None:
    """Whether only its owner may see what is sent; None leaves that to the owner's settings. Says
    whose faces go, where they are of own photographs."""
    people = whose_faces(bundle)
    if people is None:
        return options.private
    private = options.private is not False
    print(people, "Only you will see them." if private else "Everybody will see them.", flush=True)
    return private


def described(files: Files) -> str:
    """Every file with its size, and the front matter of the card among them."""
    lines = [f"{size(content):>12,}  {name}" for name, content in sorted(files.items())]
    total = sum(size(content) for content in files.values())
    card = files[CARD]
    assert isinstance(card, bytes)
    matter = card.decode().split("---\n")[1]
    return "\n".join([*lines, f"{total:>12,}  bytes in {len(files):,} files", "", matter.rstrip()])
