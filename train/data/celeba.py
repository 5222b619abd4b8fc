"""Where CelebA is on this machine, and the terms under which it may be had."""

import argparse
import os
from pathlib import Path

from facesearch.celeba import PLACES, VARIABLE
from facesearch.errors import InputError
from train.data.dataset import Dataset, find_list, read_dataset

TERMS = """\
CelebA (Liu, Luo, Wang and Tang, "Deep Learning Face Attributes in the Wild", ICCV 2015)
Terms, in short; the full text is at https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html

  - CelebA is for non-commercial research only.
  - Its images come from the Internet and are not the property of MMLAB, The Chinese University
    of Hong Kong, which is not responsible for their content or meaning.
  - You must not reproduce, copy, sell, trade or exploit any part of the images, or of data derived
    from them, for commercial purposes.
  - You must not copy, publish or distribute any part of it further; copies for internal use at one
    site of the same organisation are allowed.
  - MMLAB may end your access at any time.
"""


def add_data_argument(parser: argparse.ArgumentParser) -> None:
    """The option --data, for every command that reads the data set."""
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help=f"folder of CelebA; without it, the environment variable {VARIABLE}, then "
        f"{', '.join(map(str, PLACES))}, whichever is there first",
    )


def find_celeba(data: Path | None = None) -> Path | None:
    """The folder of CelebA, or None where there is none.

    `data` (the option --data) comes first, then the variable FACESEARCH_CELEBA: `InputError` where
    one of them is set but wrong. The usual places come last, and are passed over without a list.
    """
    variable = os.environ.get(VARIABLE)
    for origin, folder in (("--data", data), (VARIABLE, variable and Path(variable))):
        if folder:
            try:
                find_list(folder, "list_attr_celeba")
            except InputError as error:
                raise InputError(f"{origin}: {error}") from None
            return folder
    return next((place for place in PLACES if _has_list(place)), None)


def open_dataset(data: Path | None = None) -> Dataset:
    """Find CelebA as `find_celeba` does and read it; `InputError` says how to get it otherwise."""
    root = find_celeba(data)
    if root is None:
        raise InputError(
            f"There is no CelebA here: --data and {VARIABLE} are not set, and none of "
            f"{', '.join(map(str, PLACES))} holds list_attr_celeba. Say where it is with --data, "
            "or run `python -m train prepare --accept-celeba-terms` to fetch it."
        )
    return read_dataset(root)


def _has_list(place: Path) -> bool:
    try:
        find_list(place, "list_attr_celeba")
    except InputError:
        return False
    return True
