"""Teach a bundle an attribute from faces that have it, such as "sunglasses" or "in profile"."""

import argparse
from pathlib import Path

from facesearch.bundle import Bundle, open_bundle
from facesearch.bundle.teaching import FaceSource
from facesearch.errors import InputError
from facesearch.gallery.taught import read_file
from facesearch.gallery.teaching import FEWEST


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument(
        "--bundle", type=Path, metavar="DIR", required=True, help="bundle to write it into"
    )
    parser.add_argument("--name", help="what to call it: a look, never a person")
    faces = "a face of the bundle, or the path of a picture, in each line"
    parser.add_argument(
        "--like", type=Path, metavar="FILE", help=f"faces that have it, {FEWEST} or more: {faces}"
    )
    parser.add_argument(
        "--unlike",
        type=Path,
        metavar="FILE",
        help="faces that lack it, likewise; faces that nobody names count as lacking it, weakly",
    )
    parser.add_argument(
        "--load",
        type=Path,
        metavar="FILE",
        help="attributes that somebody taught on the page, and saved, in place of all that",
    )


def run(options: argparse.Namespace) -> None:
    """Learn, write, and say how well it does on its own marks."""
    if not options.bundle.is_dir():
        raise InputError(f"{options.bundle}: no such folder; give the folder of a bundle.")
    bundle = open_bundle(options.bundle)
    if options.load is not None:
        if options.name or options.like or options.unlike:
            raise InputError("--load brings attributes with their names: leave the others out.")
        try:
            bundle.add_taught(read_file(_text(options.load)))
        except InputError as error:
            raise InputError(f"{options.load}: {error}") from None
    elif not options.name or options.like is None:
        raise InputError("Give --name and --like, or --load: what is to be taught?")
    else:
        unlike = [] if options.unlike is None else _faces(bundle, options.unlike)
        bundle.teach(options.name, _faces(bundle, options.like), unlike)
    for each in bundle.taught:
        marks = f"{each.like} faces with it, {each.unlike} without"
        print(f"{each.name}: taught by {marks}; {each.told_apart:.0%} of its marks are told apart")


def _faces(bundle: Bundle, file: Path) -> list[FaceSource]:
    """The faces that a file lists: by name where the gallery has such a face, else by path."""
    found: list[FaceSource] = []
    for line in filter(None, map(str.strip, _text(file).splitlines())):
        is_name = bundle.gallery.faces.names.find(line) is not None
        picture = file.parent / line
        if not is_name and not picture.is_file():
            raise InputError(f"{file}: {line!r} is neither a face of this bundle nor a picture.")
        found.append(line if is_name else picture)
    return found


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"{file}: is no text.") from None
    except OSError as error:
        raise InputError(f"{file}: can't be read ({error.strerror}).") from None
