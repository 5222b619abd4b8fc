"""Draw the embedded default's gallery: portraits of people who don't exist, with true labels."""

import argparse
from pathlib import Path

from portraits.dataset import write_dataset

__all__ = ["add_arguments", "run", "write_dataset"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m portraits`."""
    parser.add_argument("--count", type=int, default=2000, help="how many portraits to draw")
    parser.add_argument(
        "--seed", type=int, default=0, help="another number draws other people; the same, the same"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="new folder, laid out like CelebA's"
    )
    parser.add_argument(
        "--valid", type=int, default=0, help="how many of them are for validation, after the rest"
    )
    parser.add_argument(
        "--test", type=int, default=0, help="how many of them are for testing, the last ones"
    )
    parser.add_argument(
        "--workers", type=int, default=0, help="processes that draw; 0 means one a processor"
    )


def run(args: argparse.Namespace) -> None:
    """Draw the portraits and say where they are."""
    write_dataset(
        args.out,
        args.count,
        args.seed,
        valid=args.valid,
        test=args.test,
        workers=args.workers,
        progress=True,
    )
    print(f"{args.count} portraits, their labels and their split are in {args.out}.")
