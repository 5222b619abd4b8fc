"""A folder of drawn portraits in CelebA's layout: images, labels and split."""

import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tqdm import tqdm

from facesearch.attributes import ATTRIBUTES
from facesearch.errors import InputError
from portraits.drawing import draw
from portraits.render import encode, render
from portraits.traits import Traits, sample

CELEBA_VALUE = {1: "1", 0: "-1", -1: "0"}  # the list file's way to write present, absent, unknown
MAX_COUNT = 999_999  # names have six digits


def write_dataset(
    out: str | os.PathLike[str],
    count: int,
    seed: int,
    *,
    valid: int = 0,
    test: int = 0,
    workers: int = 1,
    progress: bool = False,
) -> None:
    """Draw `count` portraits into the new folder `out`; the last ones are the valid and test split.

    Portrait i depends on the seed and i alone, whatever the number of `workers` (0: one a
    processor). The folder appears complete or not at all. Raises `InputError` for a count, split,
    seed or number of workers that makes no sense and for a folder that has something in it.
    """
    out = Path(out)
    _check(out, count, seed, valid, test, workers)
    names = [f"{number:06d}.webp" for number in range(1, count + 1)]
    splits = [0] * (count - valid - test) + [1] * valid + [2] * test
    with _new_folder(out) as folder:
        (folder / "images").mkdir()
        rows = [" ".join(ATTRIBUTES)]
        portraits = _portraits(count, seed, workers or os.cpu_count() or 1)
        for name, (image, traits) in zip(
            names, tqdm(portraits, total=count, unit="portrait", disable=not progress), strict=True
        ):
            (folder / "images" / name).write_bytes(image)
            rows.append(" ".join([name, *(CELEBA_VALUE[v] for v in traits.labels.values())]))
        (folder / "list_attr_celeba.txt").write_text("\n".join([str(count), *rows]) + "\n")
        (folder / "list_eval_partition.txt").write_text(
            "".join(f"{name} {split}\n" for name, split in zip(names, splits, strict=True))
        )


def portrait(seed: int, index: int) -> tuple[bytes, Traits]:
    """One WebP file's bytes and whom it shows."""
    traits = sample(seed, index)
    return encode(render(draw(traits))), traits


def _portraits(count: int, seed: int, workers: int) -> Iterator[tuple[bytes, Traits]]:
    if min(workers, count) == 1:
        yield from map(partial(portrait, seed), range(count))
        return
    # Spawned, not forked: the renderer has threads of its own, which a fork would lose.
    with multiprocessing.get_context("spawn").Pool(min(workers, count)) as pool:
        yield from pool.imap(partial(portrait, seed), range(count), chunksize=8)


def _check(out: Path, count: int, seed: int, valid: int, test: int, workers: int) -> None:
    if not 1 <= count <= MAX_COUNT:
        raise InputError(f"count is {count}: ask for 1 to {MAX_COUNT} portraits.")
    if valid < 0 or test < 0 or valid + test > count:
        raise InputError(
            f"valid {valid} and test {test} don't fit into {count} portraits: "
            "each is 0 or more, and together they are at most the count."
        )
    if seed < 0:
        raise InputError(f"seed is {seed}: use a whole number that is 0 or more.")
    if workers < 0:
        raise InputError(f"workers is {workers}: use 1 or more, or 0 for one a processor.")
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file: name a new folder.")
    if out.is_dir() and any(out.iterdir()):
        raise InputError(f"{out} has files in it: name a new or empty folder, or remove it first.")


@contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """A temporary sibling, renamed to `out` if all went well and removed if not."""
    out.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        yield folder
        folder.chmod(0o755)
        os.replace(folder, out)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
