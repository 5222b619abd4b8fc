"""Load a bundle's faces into an engine, ClickHouse, and switch to them at once when all are there.

The same command goes on where it was stopped, and changes nothing where all is there already."""

import argparse
import time

from facesearch.bundle.on_engine import load_into_engine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument(
        "bundle",
        metavar="BUNDLE",
        help="bundle whose faces are loaded: a folder, or a Hugging Face Hub repository as "
        "owner/name; the page opens its model from there",
    )
    parser.add_argument(
        "--engine",
        metavar="URL",
        required=True,
        help="as clickhouse://USER@HOST:8443/DATABASE?table=faces&cluster=NAME; with a cluster, "
        "tables are replicated and distributed. The password comes from "
        "FACESEARCH_ENGINE_PASSWORD, or a file that FACESEARCH_ENGINE_PASSWORD_FILE names",
    )


def run(options: argparse.Namespace) -> None:
    """Load, with a bar, and say what is there."""
    start = time.perf_counter()
    with Bar() as bar:
        version, changed = load_into_engine(options.bundle, options.engine, bar.add)
    did = f"Loaded in {time.perf_counter() - start:,.1f} s" if changed else "Nothing to do"
    print(f"{did}: {version.faces:,} faces of {options.bundle}, counted and compared.")
    print("Search them with: python app.py --engine URL")


class Bar:
    """How many faces are there, on the terminal."""

    def __enter__(self) -> "Bar":
        from tqdm import tqdm

        self._bar = tqdm(unit="face", unit_scale=True, leave=False)
        return self

    def add(self, rows: int, total: int) -> None:
        """So many more are there, of so many in all."""
        self._bar.total = total
        self._bar.update(rows)

    def __exit__(self, *_: object) -> None:
        self._bar.close()
