"""Images that can't be read: found before a long run, and told of."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from tqdm import tqdm

from facesearch.errors import InputError
from facesearch.vision.images import load_image
from train import distributed
from train.data.dataset import Dataset

LISTED = 50  # reasons told, the first ones


def find_unreadable(dataset: Dataset) -> dict[str, str]:
    """Decode every image, in threads with a progress bar: reasons, by the names that failed."""

    def reason(path: os.PathLike[str]) -> str | None:
        try:
            load_image(path, size=(1, 1))  # an eighth of a JPEG's size, but all of its bytes
        except InputError as error:
            return str(error)
        return None

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        reasons = list(
            tqdm(
                threads.map(reason, dataset.paths),
                total=len(dataset),
                desc="Checking images",
                unit="image",
                disable=distributed.rank() > 0,
            )
        )
    return {name: why for name, why in zip(dataset.names, reasons, strict=True) if why}


def print_unreadable(reasons: Mapping[str, str]) -> None:
    """How many images were skipped, and why the first of them."""
    if reasons and distributed.rank() == 0:
        print(f"Skipped {len(reasons):,} unreadable images:")
        print_reasons(reasons)


def print_reasons(reasons: Mapping[str, str]) -> None:
    """The first reasons, a line each, and how many more there are."""
    for reason in list(reasons.values())[:LISTED]:
        print(f"  {reason}")
    if len(reasons) > LISTED:
        print(f"  and {len(reasons) - LISTED:,} more")
