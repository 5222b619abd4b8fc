"""What of a bundle may go to the Hub, and what of it does: nothing but a bundle's own files."""

import hashlib
import json
import re
import shutil
from pathlib import Path

from safetensors.numpy import save

from facesearch.bundle import Bundle
from facesearch.bundle.contents import (
    CARD,
    CONFIG,
    FACES,
    GALLERY,
    HASHED,
    IMAGES,
    THUMBNAILS,
)
from facesearch.bundle.version_1 import HASHED_1
from facesearch.errors import InputError
from facesearch.hub.card import CELEBA, card, of_celeba
from facesearch.tensors import read_tensors

Files = dict[str, Path | bytes]  # path in the repository to a file, or to what it will hold

CELEBA_NAME = re.compile(r"\d{6}\.(jpg|png)")  # as CelebA names its images


def outgoing(bundle: Bundle, repo: str, *, thumbnails: bool) -> Files:
    """The files of a bundle as they go to `repo`.

    Args:
        thumbnails: whether those of own photographs go along.

    Raises `InputError` for what may not be passed on: CelebA's images, and its labels.
    """
    check_may_go(bundle, thumbnails=thumbnails)
    config = json.loads((bundle.path / CONFIG).read_text("utf-8"))
    hashed = HASHED_1 if config["format_version"] == 1 else HASHED
    files: Files = {name: bundle.path / name for name in (CONFIG, GALLERY, *hashed)}
    files[CARD] = card(bundle, repo).encode()
    found = bundle.gallery.faces.detections
    if found is None:
        photos = {bundle.gallery.faces.photo(row) for row in range(len(bundle))}
        files |= _present(bundle.path, IMAGES, photos)
    elif found.thumbnails and thumbnails:
        files |= _present(bundle.path, THUMBNAILS, set(found.thumbnails))
    elif found.thumbnails:
        files |= _without_thumbnails(bundle.path, config)
    return files


def check_may_go(bundle: Bundle, *, thumbnails: bool) -> None:
    """`InputError` for CelebA's images, thumbnails of them if these go along, and its labels."""
    faces, found = bundle.gallery.faces, bundle.gallery.faces.detections
    photos = faces.names if found is None else found.photos
    named = str(bundle.config.dataset.get("name", "")).lower() == CELEBA.lower()
    if not named and not (of_celeba(bundle) and all(map(_celebas, photos))):
        return  # pictures of another set, read by a model of CelebA perhaps
    if thumbnails if found else (bundle.path / IMAGES).is_dir():
        what = "images"
    elif faces.labels is not None:
        what = "labels"
    else:
        return
    raise InputError(
        f"{bundle.path}: would pass on {what} of CelebA, which may not be passed on. Leave them "
        "out: --thumbnails here, --ship where the bundle is made."
    )


def whose_faces(bundle: Bundle) -> str | None:
    """A sentence on the people of a gallery of own photographs; None for other galleries."""
    found = bundle.gallery.faces.detections
    if found is None:
        return None
    return (
        f"These are {len(bundle):,} faces in {len(found.photos):,} of your own photographs, with "
        "the photographs' names and what each face looks like: people who may not know of it. "
        "Pass them on only with their consent."
    )


def size(content: Path | bytes) -> int:
    """Bytes that a file of `Files` has."""
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def stage(files: Files, folder: Path, *, links: bool = True) -> None:
    """Lay files out below a folder, those that are there as `links` where the system allows it."""
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            target.write_bytes(content)
            continue
        try:
            if links:
                target.symlink_to(content.resolve())
                continue
        except OSError:  # Windows, without the right to
            pass
        shutil.copyfile(content, target)


def _celebas(photo: str) -> bool:
    """Whether a file is named as CelebA names its images."""
    return CELEBA_NAME.fullmatch(photo.rpartition("/")[2]) is not None


def _present(path: Path, folder: str, names: set[str]) -> Files:
    files = ((f"{folder}/{name}", path / folder / name) for name in sorted(names))
    return {name: file for name, file in files if file.is_file()}


def _without_thumbnails(path: Path, config: dict[str, object]) -> Files:
    """Faces that name no thumbnail, and the checksum of that."""
    tensors = read_tensors(path / FACES)
    content = save({n: t for n, t in tensors.items() if not n.startswith("thumbnails.")})
    checksum = hashlib.sha256(content).hexdigest()
    sums = {**config["sha256"], FACES: checksum}  # type: ignore[dict-item]
    return {
        FACES: content,
        CONFIG: (json.dumps(config | {"sha256": sums}, indent=2) + "\n").encode(),
    }
