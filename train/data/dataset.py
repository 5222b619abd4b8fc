"""Reading a labelled set of face photographs: CelebA's own layout, or Kaggle's copy of it."""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path

import numpy as np

from facesearch.attributes import ATTRIBUTES, CELEBA
from facesearch.errors import InputError
from facesearch.vocabulary import Vocabulary

SPLITS = ("train", "valid", "test")
# Where the lists and images lie, below the data set's folder: as CelebA is unpacked by most tools,
# as its authors pack it, and (images alone) as Kaggle and our own drawn portraits have them.
LIST_FOLDERS = {"list_attr_celeba": ("", "Anno"), "list_eval_partition": ("", "Eval")}
IMAGE_FOLDERS = (
    "img_align_celeba/img_align_celeba",
    "img_align_celeba",
    "Img/img_align_celeba",
    "images",
)
_VALUES = {"-1": 0, "0": 1, "1": 2}  # a byte for each value a list may hold


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images that exist, with their labels; rows stay in the order of the attribute list."""

    root: Path
    image_dir: Path
    names: tuple[str, ...]
    labels: np.ndarray  # (N, A) int8: 1 present, 0 absent, -1 unknown
    splits: np.ndarray  # (N,) int8: an index into SPLITS
    missing: tuple[int, int, int] = (0, 0, 0)  # annotated images of each split that aren't there
    unlisted: int = 0  # files beside the images that no row of the list names
    vocabulary: Vocabulary = CELEBA  # of the A attributes

    def __len__(self) -> int:
        return len(self.names)

    @property
    def paths(self) -> list[Path]:
        """Where each image lies, in row order."""
        return [self.image_dir / name for name in self.names]

    @property
    def counts(self) -> dict[str, int]:
        """How many images there are of each split."""
        return {split: int((self.splits == i).sum()) for i, split in enumerate(SPLITS)}

    def subset(self, split: str) -> "Dataset":
        """The rows of one split; `InputError` if it is no split's name, or has no image."""
        if split not in SPLITS:
            raise InputError(f"No split is called {split!r}: use {', '.join(SPLITS)}.")
        rows = np.flatnonzero(self.splits == SPLITS.index(split))
        if len(rows) == 0:
            there = ", ".join(f"{count:,} {name}" for name, count in self.counts.items() if count)
            raise InputError(
                f"{self.root} has no image of the {split} split, only {there or 'none at all'}: "
                "choose another split, or point --data at a fuller copy."
            )
        return self.select(rows)

    def select(self, rows: np.ndarray) -> "Dataset":
        """Those rows, in that order."""
        names = tuple(self.names[row] for row in rows)
        labels, splits = self.labels[rows], self.splits[rows]
        return replace(
            self, names=names, labels=labels, splits=splits, missing=(0, 0, 0), unlisted=0
        )

    def labelled_as(self, vocabulary: Vocabulary) -> "Dataset":
        """With labels for another vocabulary's attributes, in its order; `InputError` for one that
        this list has no column of."""
        if vocabulary.names == self.vocabulary.names:
            return self
        absent = [name for name in vocabulary.names if name not in self.vocabulary]
        if absent:
            raise InputError(
                f"{self.root} has no labels of {', '.join(absent[:3])}"
                f"{' and others' if len(absent) > 3 else ''}, which this bundle's model knows: "
                "give the data set that it was trained on, or one labelled alike."
            )
        columns = [self.vocabulary.index(name) for name in vocabulary.names]
        return replace(self, labels=self.labels[:, columns], vocabulary=vocabulary)


def read_dataset(root: Path) -> Dataset:
    """Read the lists and take the images that exist.

    The line of names says which attributes there are: CelebA's forty, found by name wherever they
    stand, or 2 to 500 others, which make a vocabulary of their own. A list with any -1 in it has 0
    for unknown; in one of 0 and 1 alone, as some copies on Kaggle are, 0 is absent. Raises
    `InputError` for anything missing or wrong.
    """
    root = Path(root)
    vocabulary, names, labels = _read_attributes(find_list(root, "list_attr_celeba"))
    split_of = _read_partition(find_list(root, "list_eval_partition"))
    orphan = next((name for name in names if name not in split_of), None)
    if orphan is not None:
        raise InputError(
            f"{root}: {orphan} has attributes but no split in list_eval_partition; "
            "take both lists from the same copy of the data set."
        )
    splits = np.array([split_of[name] for name in names], np.int8)
    image_dir = next((root / f for f in IMAGE_FOLDERS if (root / f).is_dir()), None)
    if image_dir is None:
        raise InputError(
            f"{root} has annotations but no folder of images: unpack the aligned images "
            "into img_align_celeba (or images) there."
        )
    with os.scandir(image_dir) as entries:
        there = {entry.name for entry in entries}
    found = np.array([name in there for name in names])
    if not found.any():
        raise InputError(
            f"{image_dir} has none of the {len(names):,} annotated images, such as {names[0]}: "
            "unpack the aligned images there."
        )
    return Dataset(
        root=root,
        image_dir=image_dir,
        names=tuple(name for name, here in zip(names, found, strict=True) if here),
        labels=labels[found],
        splits=splits[found],
        missing=tuple(int((splits[~found] == i).sum()) for i in range(3)),  # type: ignore[arg-type]
        unlisted=len(there) - int(found.sum()),
        vocabulary=vocabulary,
    )


def write_lists(root: Path, names: tuple[str, ...], labels: np.ndarray, splits: np.ndarray) -> None:
    """Write both lists into `root`, byte for byte as CelebA's authors do, for `read_dataset`.

    `labels` is (N, 40) in {1, 0, -1} and `splits` (N,), as in `Dataset`.
    """
    cells = np.array([" -1", "  1", "  0"])[labels]  # 0, 1 and -1 (the last) index their text
    rows = [
        f"{name} {''.join(row).lstrip()}" for name, row in zip(names, cells.tolist(), strict=True)
    ]
    header = " ".join(ATTRIBUTES) + " "
    write_text(root / "list_attr_celeba.txt", "\r\n".join([str(len(rows)), header, *rows, ""]))
    lines = [f"{name} {split}\n" for name, split in zip(names, splits.tolist(), strict=True)]
    write_text(root / "list_eval_partition.txt", "".join(lines))


def write_text(path: Path, text: str) -> None:
    """Write an ASCII text file, line ends as given, so that it is there whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="ascii", newline="")
    os.replace(part, path)


def find_list(root: Path, stem: str) -> Path:
    """The annotation list `stem` (.txt or .csv) of a data set; `InputError` if it isn't there."""
    if not root.is_dir():
        raise InputError(f"{root}: no such folder. Give the folder that holds CelebA.")
    for folder in LIST_FOLDERS[stem]:
        for suffix in (".txt", ".csv"):
            path = root / folder / (stem + suffix)
            if path.is_file():
                return path
    below = sorted(path.parent for path in root.glob(f"*/{stem}.*"))
    hint = f"did you mean {below[0]}?" if below else "copy it there, or give another folder."
    raise InputError(f"{root} has no annotations ({stem}.txt or {stem}.csv): {hint}")


def vocabulary_of(names: list[str]) -> Vocabulary:
    """The vocabulary of a list's attributes: CelebA's where all forty are among them, else those
    names, with CelebA's words for those that are CelebA's."""
    if set(ATTRIBUTES) <= set(names):
        return CELEBA
    return Vocabulary(
        tuple(names),
        labels={name: CELEBA.labels[name] for name in names if name in CELEBA},
        impressions=CELEBA.impressions.intersection(names),
    )


def _read_attributes(path: Path) -> tuple[Vocabulary, list[str], np.ndarray]:
    """The attributes, image names, and labels (N, A) in the file's order."""
    header, count, rows = _open_table(path)
    try:
        vocabulary = vocabulary_of([name for name in header if name != "image_id"])
    except InputError as error:
        raise InputError(f"{path}, its line of names: {error}") from None
    pick = itemgetter(*(header.index(name) for name in vocabulary.names))
    codes = bytearray()
    seen: dict[str, int] = {}
    name_at = header.index("image_id")
    for line, row in rows:
        if len(row) != len(header):
            raise InputError(
                f"{path}, line {line}: {len(row) - 1} values where {len(header) - 1} are needed. "
                "The list is damaged; fetch it again."
            )
        _add_once(path, seen, row[name_at], line)
        try:
            codes += bytes(map(_VALUES.__getitem__, pick(row)))
        except KeyError as error:
            raise InputError(
                f"{path}, line {line}: {error.args[0]!r} is no label; "
                "1 is present, -1 absent, 0 unknown."
            ) from None
    if not seen:
        raise InputError(f"{path} has no row: it is an empty list. Fetch it again.")
    if count not in (None, len(seen)):
        raise InputError(
            f"{path} announces {count:,} rows and has {len(seen):,}: it is cut off. Fetch it again."
        )
    labels = np.frombuffer(codes, np.int8).reshape(len(seen), len(vocabulary))  # (N, A)
    meaning = [0, -1, 1] if (labels == 0).any() else [0, 0, 1]  # of -1, 0 and 1 in the file
    return vocabulary, list(seen), np.array(meaning, np.int8)[labels]


def _read_partition(path: Path) -> dict[str, int]:
    """Split (an index into SPLITS) of each image."""
    header, _, rows = _open_table(path)
    if "partition" not in header:
        raise InputError(f"{path}: no column is called 'partition'; its names are {header}.")
    name_at, split_at = header.index("image_id"), header.index("partition")
    lines: dict[str, int] = {}
    split_of: dict[str, int] = {}
    for line, row in rows:
        if len(row) != len(header) or row[split_at] not in ("0", "1", "2"):
            raise InputError(
                f"{path}, line {line}: {' '.join(row)[:60]!r} is not an image name and its split "
                "(0 train, 1 valid, 2 test). Fetch the list again."
            )
        _add_once(path, lines, row[name_at], line)
        split_of[row[name_at]] = int(row[split_at])
    return split_of


def _add_once(path: Path, seen: dict[str, int], name: str, line: int) -> None:
    if name in seen:
        raise InputError(
            f"{path}, line {line}: {name} is there already, on line {seen[name]}; "
            "each image has one row. Delete one of the two."
        )
    seen[name] = line


def _open_table(path: Path) -> tuple[list[str], int | None, Iterator[tuple[int, list[str]]]]:
    """Column names, the number of rows if the file announces it, and (line number, cells) rows."""
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if text.lstrip()[:9].lower().startswith(("<!doctype", "<html")):
        raise InputError(
            f"{path} is a web page, not a list; Google Drive sends one when too many people "
            "download. Delete it and fetch the list again."
        )
    lines = text.splitlines()
    if path.suffix == ".csv":
        table = ([cell.strip() for cell in row] for row in csv.reader(lines))
        header = next(table, [])
        if "image_id" not in header:
            raise InputError(f"{path}: no column is called 'image_id'; its names are {header[:5]}.")
        return header, None, ((i, row) for i, row in enumerate(table, 2) if row)
    if path.stem == "list_eval_partition":  # the one official list without a line of names
        return ["image_id", "partition"], None, _split_lines(lines, 0)
    count = int(lines[0]) if lines and lines[0].strip().isdecimal() else None
    first = 0 if count is None else 1
    header = lines[first].split() if len(lines) > first else []
    if "image_id" not in header:  # the official list names its forty values, not the image
        header.insert(0, "image_id")
    return header, count, _split_lines(lines, first + 1)


def _split_lines(lines: list[str], first: int) -> Iterator[tuple[int, list[str]]]:
    return ((i + 1, lines[i].split()) for i in range(first, len(lines)) if lines[i].strip())
