"""Find CelebA, or fetch it; check every image, and say what is there."""

import argparse

from facesearch.celeba import DOWNLOADED
from facesearch.errors import InputError
from train import distributed
from train.data.celeba import TERMS, add_data_argument, find_celeba
from train.data.dataset import SPLITS, Dataset, read_dataset
from train.data.download import fetch_celeba
from train.data.unreadable import find_unreadable, print_reasons


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m train prepare`."""
    add_data_argument(parser)
    parser.add_argument(
        "--accept-celeba-terms",
        action="store_true",
        help=f"agree to CelebA's terms, and let it be fetched into {DOWNLOADED} if it is nowhere "
        "(1.4 GB, or 12 GB from the mirror)",
    )
    parser.add_argument(
        "--skip-image-check",
        action="store_true",
        help="don't decode every image (15 seconds for 36,000); training skips what it can't read",
    )


def run(args: argparse.Namespace) -> None:
    """`prepare`, in one process where there are several."""
    if distributed.rank() == 0:
        prepare(args)
    distributed.barrier()


def prepare(args: argparse.Namespace) -> None:
    """Print what there is of each split and which images can't be read.

    Raises `InputError` where there is no CelebA and its terms are not accepted, and for a data set
    that can't be used.
    """
    root = find_celeba(args.data)
    if root is None:
        print(TERMS)
        if not args.accept_celeba_terms:
            raise InputError(
                "There is no CelebA here. If you agree to the terms above, run "
                "`python -m train prepare --accept-celeba-terms` to fetch it; if you have a copy, "
                "give its folder as --data."
            )
        root = fetch_celeba()
    dataset = read_dataset(root)
    print(describe(dataset))
    if not args.skip_image_check:
        unreadable = find_unreadable(dataset)
        print_reasons(unreadable)
        if len(unreadable) == len(dataset):
            raise InputError(f"{dataset.image_dir}: not one image can be read. Fetch them again.")
        print(
            f"{len(unreadable):,} of {len(dataset):,} images can't be read; training skips them."
            if unreadable
            else f"All {len(dataset):,} images can be read."
        )


def describe(dataset: Dataset) -> str:
    """How many images of each split are there, and how many are only annotated: lines of text."""
    lines = [f"{dataset.root}, images in {dataset.image_dir}"]
    for split, missing in zip(SPLITS, dataset.missing, strict=True):
        note = f"   ({missing:,} more are annotated, but not there)" if missing else ""
        lines.append(f"  {split:5} {dataset.counts[split]:>8,} images{note}")
    if dataset.unlisted:
        lines.append(f"  {dataset.unlisted:,} other files beside them, without annotation: ignored")
    return "\n".join(lines)
