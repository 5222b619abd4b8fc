"""Which galleries the page is over: those that options name, or what ships with its pictures."""

import functools
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from facesearch.bundle import CONFIG, IMAGES, Bundle, open_bundle
from facesearch.bundle.contents import THUMBNAILS
from facesearch.bundle.store import PictureStore
from facesearch.celeba import find_celeba_images
from facesearch.errors import InputError

WEIGHTS = Path(__file__).resolve().parents[2] / "weights"  # of a checkout
DEFAULT_BUNDLES = (WEIGHTS / "portraits", WEIGHTS / "celeba")

Galleries = dict[str, Bundle | Callable[[], Bundle]]


def open_galleries(
    bundles: Sequence[str], images: str | None, engine: str | None = None
) -> Galleries:
    """The galleries that the page is over, by name; the first is opened.

    They are those that the options name, all opened, so that a mistake is said at once. Without
    any, it is the first that ships, and the others beside it that have their pictures. With an
    engine it is the one that was loaded there.
    """
    if engine is not None:
        if len(bundles) > 1:
            raise InputError(
                "--engine is searched with one model: give --bundle once, or not at all."
            )
        from facesearch.bundle.on_engine import open_on_engine

        model = bundles[0] if bundles else None
        in_engine = _with_images(lambda folder: open_on_engine(engine, model, folder), images)
        return {in_engine.path.name: in_engine}
    if len(bundles) == 1:
        return {_names(bundles)[0]: open_gallery(bundles[0], images)}
    if images is not None and "://" not in images and not Path(images).is_dir():
        raise InputError(f"{images}: no such folder of images.")

    def opened(bundle: str) -> Bundle:
        return open_gallery(bundle, None if _has_own(Path(bundle)) else images)

    if bundles:
        return dict(zip(_names(bundles), map(opened, bundles), strict=True))
    there = [path for path in DEFAULT_BUNDLES if path.is_dir()]
    if not there:
        raise InputError(
            f"There is no bundle in {WEIGHTS} yet. Train one with: python -m train "
            "(or name one with --bundle DIR_OR_REPO)."
        )
    found: Galleries = {there[0].name: opened(str(there[0]))}
    for config in sorted(WEIGHTS.glob(f"*/{CONFIG}")):
        if config.parent != there[0] and _has_pictures(config, images):
            found[config.parent.name] = functools.partial(opened, str(config.parent))
    return found


def open_gallery(bundle: str, images: str | None) -> Bundle:
    """A bundle, with the images of a folder or of a store, or its own, or CelebA's where they can
    be found."""
    opened = _with_images(lambda folder: open_bundle(bundle, folder), images)
    if (
        opened.store is None
        and opened.image_dir is None
        and opened.config.dataset.get("name") == "CelebA"
    ):
        opened.image_dir = find_celeba_images()
    return opened


def _with_images(opened: Callable[[str | None], Bundle], images: str | None) -> Bundle:
    """A bundle opened with a folder of images, or with a store of them."""
    if images is None or "://" not in images:
        return opened(images)
    store = PictureStore(images)  # refused before the gallery is opened
    bundle = opened(None)
    bundle.store, bundle.image_dir = store, None
    return bundle


def _has_own(bundle: Path) -> bool:
    return (bundle / IMAGES).is_dir() or (bundle / THUMBNAILS).is_dir()


def _has_pictures(config: Path, images: str | None) -> bool:
    """Whether a bundle, which is not opened yet, has its pictures; not for one that is damaged."""
    if _has_own(config.parent):
        return True
    try:
        of_celeba = json.loads(config.read_text("utf-8"))["dataset"]["name"] == "CelebA"
    except (OSError, ValueError, RecursionError, LookupError, TypeError):
        return False
    return of_celeba and (images is not None or find_celeba_images() is not None)


def _names(bundles: Sequence[str]) -> list[str]:
    """What the galleries are called: the last part of each, with a number where that is taken."""
    names: list[str] = []
    for bundle in bundles:
        path = Path(bundle)
        last = (path.resolve() if path.is_dir() else Path(bundle.partition("@")[0])).name
        name, number = last or "gallery", 2
        while name in names:
            name, number = f"{last}-{number}", number + 1
        names.append(name)
    return names
