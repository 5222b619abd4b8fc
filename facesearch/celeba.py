"""Where CelebA is looked for, in order: one list for the app and for training."""

import os
from pathlib import Path

VARIABLE = "FACESEARCH_CELEBA"
DOWNLOADED = Path("data/celeba")  # below the current folder
PLACES = (
    Path("/kaggle/input/celeba"),
    Path("/kaggle/input/celeba-dataset"),
    Path("/kaggle/input/datasets/jessicali9530/celeba-dataset"),
    Path("/content/celeba"),
    DOWNLOADED,
)
IMAGE_FOLDERS = ("img_align_celeba/img_align_celeba", "img_align_celeba")


def find_celeba_images() -> Path | None:
    """The folder of CelebA's aligned images, or None where there is none.

    The folder that the variable FACESEARCH_CELEBA names goes before the usual places.
    """
    named = os.environ.get(VARIABLE)
    places = (Path(named), *PLACES) if named else PLACES
    folders = (place / folder for place in places for folder in IMAGE_FOLDERS)
    return next((folder for folder in folders if folder.is_dir()), None)
