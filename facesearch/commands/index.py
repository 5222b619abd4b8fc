"""Find every face in a folder of photographs, and keep a bundle of them up to date."""

import argparse

from facesearch.commands.indexing import add_arguments, index

__all__ = ["add_arguments", "run"]


def run(options: argparse.Namespace) -> None:
    """Index, write the bundle, and report."""
    index(options)
