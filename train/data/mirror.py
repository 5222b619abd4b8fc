"""CelebA from its mirror on the Hugging Face Hub, shard by shard, into the official layout.

The mirror (flwrlabs/celeba) holds the aligned images as PNG or JPEG bytes in parquet shards. They
are written unchanged under CelebA's own names, NNNNNN.jpg: any reader goes by content.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tqdm import tqdm

from facesearch.attributes import ATTRIBUTES
from facesearch.errors import InputError
from train.data.dataset import SPLITS, write_lists, write_text

if TYPE_CHECKING:
    from huggingface_hub import HfFileSystem
    from huggingface_hub.hf_api import RepoFile

REPO = "flwrlabs/celeba"
CONFIG = "img_align+identity+attr"
NUMBERS = {"train": (1, 162_770), "valid": (162_771, 182_637), "test": (182_638, 202_599)}
# MD5 sums of the official lists: the lists made here have them when rows and numbers agree.
OFFICIAL = {
    "list_attr_celeba.txt": "75e246fa4810816ffd6ee81facbd244c",
    "identity_CelebA.txt": "32bd1bd63d3c78cd57e08160ec5ed1e2",
}
BLOCK = 16 << 20  # bytes a request; an interruption loses less than that

Rows = dict[str, np.ndarray]  # of a shard: names (n,), labels (n, 40) int8, identities (n,)


class Progress:
    """What is done of a download: a record a shard, written once its images are all in place."""

    def __init__(self, work: Path) -> None:
        self.result = work / "celeba"
        self.images = self.result / "img_align_celeba"
        self.shards = work / "shards"

    @property
    def started(self) -> bool:
        return any(self.shards.glob("*-*-of-*"))

    def record(self, stem: str) -> Rows | None:
        """The rows of a shard that is done."""
        path = self.shards / f"{stem}.npz"
        if not path.exists():
            return None
        with np.load(path, allow_pickle=False) as file:
            return dict(file)

    def save(self, stem: str, rows: Rows) -> None:
        part = self.shards / f"{stem}.part.npz"
        np.savez(part, **rows)  # type: ignore[arg-type]
        os.replace(part, self.shards / f"{stem}.npz")


def fetch_mirror(work: Path, *, endpoint: str | None = None) -> Path:
    """Fetch the mirror in the folder `work`; returns the one in it that `read_dataset` reads.

    One progress bar runs over all bytes. Called again after an interruption it goes on in the
    middle of a shard, at the same revision of the mirror. Raises `InputError` where the Hub or the
    disk fails, saying what to do.
    """
    from huggingface_hub import HfApi, HfFileSystem
    from huggingface_hub.hf_api import RepoFile

    progress = Progress(work)
    progress.images.mkdir(parents=True, exist_ok=True)
    progress.shards.mkdir(exist_ok=True)  # stays when done, until the result is in its place
    with _hub():
        api = HfApi(endpoint=endpoint)
        pin = progress.shards / "revision"  # shards of two revisions must never mix
        if not pin.exists():
            write_text(pin, api.dataset_info(REPO).sha or "main")
        revision = pin.read_text()
        tree = api.list_repo_tree(REPO, CONFIG, revision=revision, repo_type="dataset")
        shards = {Path(f.path).stem: f for f in tree if isinstance(f, RepoFile)}
        files = HfFileSystem(endpoint=endpoint, skip_instance_cache=True)
    order = [s for split in SPLITS for s in sorted(shards) if s.startswith(f"{split}-")]
    lacking = [split for split in SPLITS if not any(s.startswith(f"{split}-") for s in order)]
    if lacking:
        raise InputError(f"The mirror {REPO} has no shard of {', '.join(lacking)}: it has changed.")
    left = [shards[stem].size for stem in order if progress.record(stem) is None]
    check_space(work, int(1.05 * sum(left)) + max(left, default=0))

    everything: list[Rows] = []
    splits: list[int] = []
    total = sum(shards[stem].size for stem in order)
    with tqdm(total=total, unit="B", unit_scale=True, desc="CelebA from the mirror") as bar:
        for stem in order:
            split = stem.split("-")[0]
            rows = progress.record(stem)
            if rows is None:
                url = f"datasets/{REPO}@{revision}/{shards[stem].path}"
                path = progress.shards / f"{stem}.parquet"
                with _hub():
                    _fetch(files, url, shards[stem], path, bar)
                first = NUMBERS[split][0] + splits.count(SPLITS.index(split))
                rows = _unpack(path, split, first, progress.images)
                progress.save(stem, rows)
            else:
                bar.update(shards[stem].size)
            (progress.shards / f"{stem}.parquet").unlink(missing_ok=True)
            everything.append(rows)
            splits += [SPLITS.index(split)] * len(rows["names"])
    _write_annotations(progress.result, everything, np.array(splits, np.int8), revision)
    return progress.result


def check_space(folder: Path, needed: int) -> None:
    """`InputError` where the disk under `folder` has fewer than `needed` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise InputError(
            f"{folder}: CelebA needs {needed / 1e9:.1f} GB here and {free / 1e9:.1f} GB are free. "
            "Make room, or run this in a folder on another disk."
        )


@contextmanager
def _hub() -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except Exception as error:  # each layer below has its own kinds, and one remedy fits them all
        raise InputError(
            f"The mirror {REPO} can't be read ({type(error).__name__}: {error}). Check the network "
            "and run this again: it goes on where it stopped. Or give a copy of CelebA as --data."
        ) from error


def _fetch(files: "HfFileSystem", url: str, shard: "RepoFile", path: Path, bar: tqdm) -> None:
    """One shard to `path`, from where an earlier run stopped, checked against its SHA-256."""
    part = path.with_suffix(".part")
    if not path.exists():
        if part.exists() and part.stat().st_size > shard.size:
            part.unlink()
        with (
            files.open(url, block_size=BLOCK, cache_type="none") as remote,
            part.open("ab") as file,
        ):
            bar.update(file.tell())
            remote.seek(file.tell())
            while block := remote.read(BLOCK):
                file.write(block)
                file.flush()
                bar.update(len(block))
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if part.stat().st_size != shard.size or (shard.lfs and digest != shard.lfs.sha256):
            part.unlink()
            raise InputError(f"{path.name} came damaged and is removed; run this again.")
        os.replace(part, path)
    else:
        bar.update(shard.size)


def _unpack(path: Path, split: str, first: int, images: Path) -> Rows:
    """Write a shard's images, and return its rows; the first one's number is `first`.

    Names that the shard gives itself are kept where they are official ones of that split.
    """
    import pyarrow.parquet as pq

    shard = pq.ParquetFile(path)
    columns = ("image", "celeb_id", *ATTRIBUTES)
    absent = [name for name in columns if name not in shard.schema_arrow.names]
    if absent:
        raise InputError(
            f"The mirror {REPO} has no column {', '.join(absent[:3])}: it has changed."
        )
    low, high = NUMBERS[split]
    count = shard.metadata.num_rows
    if first + count - 1 > high:
        raise InputError(f"The mirror {REPO} has too many images of the {split} split for CelebA.")
    given = [row["path"] for row in shard.read(["image.path"])["image"].to_pylist()]
    official = [re.fullmatch(r"(\d{6})\.jpg", Path(name or "").name) for name in given]
    if all(match and low <= int(match[1]) <= high for match in official):
        names = [Path(name).name for name in given]
    else:
        names = [f"{first + row:06d}.jpg" for row in range(count)]

    labels, identities, row = [], [], 0
    for batch in shard.iter_batches(256, columns=columns):
        for content in batch["image"].field("bytes").to_pylist():
            (images / names[row]).write_bytes(content)
            row += 1
        values = [batch[name].to_numpy(zero_copy_only=False) > 0 for name in ATTRIBUTES]
        labels.append(np.stack(values, axis=1).astype(np.int8))  # (batch, 40)
        identities.append(batch["celeb_id"].to_numpy())
    return {
        "names": np.array(names),
        "labels": np.concatenate(labels),
        "identities": np.concatenate(identities),
    }


def _write_annotations(folder: Path, shards: list[Rows], splits: np.ndarray, revision: str) -> None:
    """The lists as CelebA's authors write them, and where all this came from."""
    names, labels, identities = (
        np.concatenate([rows[key] for rows in shards]) for key in ("names", "labels", "identities")
    )
    order = np.argsort(names)
    names, identities = names[order], identities[order]
    people = (f"{name} {person}\r\n" for name, person in zip(names, identities, strict=True))
    write_text(folder / "identity_CelebA.txt", "".join(people))
    write_lists(folder, tuple(names.tolist()), labels[order], splits[order])
    same = all(
        hashlib.md5((folder / f).read_bytes()).hexdigest() == md5 for f, md5 in OFFICIAL.items()
    )
    if not same:
        print(
            f"Note: the lists of the mirror {REPO} differ from CelebA's official ones. Images and "
            "labels fit each other, but the numbers of the images may not be the official ones."
        )
    source = {"from": REPO, "revision": revision, "official_lists": same, "images": len(names)}
    write_text(folder / "source.json", json.dumps(source, indent=2) + "\n")
