"""A bundle's folder, from a place here or from the Hugging Face Hub."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from os import PathLike
from pathlib import Path

from facesearch.bundle.contents import CARD, CONFIG, FACES, GALLERY, IMAGES, MODEL, THUMBNAILS
from facesearch.bundle.version_1 import NAMES
from facesearch.errors import InputError

OPENING = (CONFIG, MODEL, FACES, GALLERY, CARD, NAMES)  # what opening a bundle reads
MODEL_ALONE = (CONFIG, MODEL, CARD)  # what a gallery in an engine needs of one
PICTURES = (f"{IMAGES}/*", f"{THUMBNAILS}/*")  # what only looking at its faces does

log = logging.getLogger(__name__)


def locate(
    source: str | PathLike[str], opening: tuple[str, ...] = OPENING
) -> tuple[Path, Callable[[], Path | None]]:
    """A bundle's folder, and a function that gives the folder of its images, or None.

    Of a repository on the Hub, `owner/name` or `owner/name@revision`, only what `opening` names is
    fetched; the rest when the function is called. Without a network what was fetched before is
    used.

    Raises `InputError` where there is neither such a folder nor such a repository.
    """
    path = Path(source)
    if path.is_dir():
        return path, partial(_images, path)
    repo, revision = split_name(source)
    path = _fetch(repo, revision, opening)
    if not (path / CONFIG).is_file():
        raise InputError(f"{source}: a repository on the Hub, but without {CONFIG}: no bundle.")
    return path, partial(_fetch_images, repo, revision, path, opening)


def split_name(source: str | PathLike[str]) -> tuple[str, str | None]:
    """Repository and revision of `owner/name` or `owner/name@revision`; `InputError` otherwise."""
    repo, at, revision = str(source).partition("@")
    parts = repo.split("/")
    if (
        Path(source).exists()
        or len(parts) != 2
        or not all(parts)
        or repo.startswith((".", "~"))
        or (at and not revision)
    ):
        raise InputError(
            f"{source}: no such bundle; give a bundle's folder, or a Hugging Face Hub repository "
            "as owner/name or owner/name@revision."
        )
    return repo, revision or None


def _images(path: Path) -> Path | None:
    folder = path / IMAGES
    return folder if folder.is_dir() else None


def _fetch_images(
    repo: str, revision: str | None, path: Path, opening: tuple[str, ...]
) -> Path | None:
    try:
        if _fetch(repo, revision, opening + PICTURES) != path:  # it has changed since
            _fetch(repo, path.name, opening + PICTURES)  # a folder is named as its commit
    except InputError as error:
        log.warning("Pictures that are not here yet can't be shown: %s", error)
    return _images(path)


def _fetch(repo: str, revision: str | None, patterns: tuple[str, ...]) -> Path:
    from huggingface_hub import snapshot_download

    with _told(repo, revision):
        return Path(snapshot_download(repo, revision=revision, allow_patterns=list(patterns)))


@contextmanager
def _told(repo: str, revision: str | None) -> Iterator[None]:
    """Whatever keeps a repository from being fetched, as an `InputError` that says what to do."""
    from huggingface_hub import errors

    try:
        yield
    except errors.HFValidationError:
        raise InputError(
            f"{repo}: no such folder, and no name that a repository on the Hub can have: letters, "
            "digits, '-', '_' and '.', as owner/name."
        ) from None
    except errors.RevisionNotFoundError as error:
        raise InputError(
            f"{repo}: has no revision {revision!r}; give a branch, a tag or a commit of it, or "
            "leave @revision out."
        ) from error
    except errors.GatedRepoError as error:
        raise InputError(
            f"{repo}: its owner gives it to those who ask. Ask for access on "
            f"https://huggingface.co/{repo}, then log in here with: hf auth login"
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise InputError(
            f"{repo}: neither a folder here nor a repository that the Hugging Face Hub shows you. "
            "Check the name; if it is private, log in with: hf auth login"
        ) from error
    except (errors.LocalEntryNotFoundError, errors.HTTPError, OSError) as error:
        cause = error.__cause__ or error
        if isinstance(cause, errors.HfHubHTTPError):
            status = cause.response.status_code
            why = (
                "your token may not read it (403). Log in as someone who may: hf auth login"
                if status == 403
                else f"the Hub answers HTTP {status}. Try again later."
            )
        elif isinstance(cause, errors.LocalEntryNotFoundError | errors.HTTPError):
            why = (
                f"the Hub can't be reached ({type(cause).__name__}), and it was not fetched before."
                " Check the network."
            )
        else:
            why = f"it can't be fetched ({cause})."
        raise InputError(f"{repo}: no folder here, and {why}") from error
