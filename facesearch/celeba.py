"""Where CelebA is looked for, in order: one list for the app and for training."""

import os
from pathlib import Path

PLACES = ("/kaggle/input/celeba", "/kaggle/input/celeba-dataset", "/content/celeba", "data/celeba")
IMAGE_FOLDERS = ("img_align_celeba/img_align_celeba", "img_align_celeba")


def celeba_places() -> list[Path]:
    """Folders that may hold CelebA, best first; `FACESEARCH_CELEBA` goes before the usual ones."""
    named = os.environ.get("FACESEARCH_CELEBA")
    return [Path(place) for place in ((named,) if named else ()) + PLACES]


def find_celeba_images() -> Path | None:
    """The folder of CelebA's aligned images, or None where there is none."""
    for place in celeba_places():
        for folder in IMAGE_FOLDERS:
            if (place / folder).is_dir():
                return place / folder
    return None
