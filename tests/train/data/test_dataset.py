import os
from pathlib import Path

import numpy as np
import pytest
from small_celeba import picture, values, write_celeba

from facesearch.attributes import ATTRIBUTES
from facesearch.errors import InputError
from facesearch.vocabulary import Vocabulary
from train.data.dataset import read_dataset, write_lists

ATTR, PARTITION = "list_attr_celeba", "list_eval_partition"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_celeba(tmp_path / "celeba")
    return tmp_path / "celeba"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def edit_row(root: Path, row: int, cells: list[str]) -> None:
    """Put other cells in place of a row of the attribute list."""
    path = root / f"{ATTR}.txt"
    lines = path.read_text().splitlines()
    lines[row + 2] = " ".join(cells)
    path.write_text("\n".join(lines) + "\n")


def write_csv(root: Path, *, order: list[str], absent: str = "-1") -> None:
    """Kaggle's layout: CSV lists, columns in the given order, a nested folder of images."""
    names = sorted(path.name for path in (root / "img_align_celeba").iterdir())
    lines = [",".join(order)]
    for row, name in enumerate(names):
        cells = dict(zip(ATTRIBUTES, values(row), strict=True)) | {"image_id": name}
        lines.append(",".join(absent if cells[c] == "-1" else cells[c] for c in order))
    (root / f"{ATTR}.csv").write_text("\n".join(lines) + "\n")
    lines = [f"{row // 2 % 3},{name}" for row, name in enumerate(names)]
    (root / f"{PARTITION}.csv").write_text("\n".join(["partition,image_id", *lines]) + "\n")
    (root / f"{ATTR}.txt").unlink()
    (root / f"{PARTITION}.txt").unlink()
    (root / "img_align_celeba").rename(root / "nested")
    (root / "img_align_celeba").mkdir()
    (root / "nested").rename(root / "img_align_celeba" / "img_align_celeba")


def expected_labels(rows: int) -> np.ndarray:
    return np.array([[int(value == "1") for value in values(row)] for row in range(rows)])


def test_the_official_layout_is_read(root):
    dataset = read_dataset(root)
    assert dataset.names == tuple(f"{i:06d}.jpg" for i in range(1, 7))
    assert dataset.labels.dtype == np.int8
    assert (dataset.labels == expected_labels(6)).all()
    assert dataset.splits.tolist() == [0, 0, 1, 1, 2, 2]
    assert dataset.splits.dtype == np.int8
    assert all(path.is_file() for path in dataset.paths)
    assert len(dataset) == 6


def test_the_layout_of_the_authors_folders_is_read(root):
    for folder, name in (
        ("Anno", f"{ATTR}.txt"),
        ("Eval", f"{PARTITION}.txt"),
        ("Img", "img_align_celeba"),
    ):
        (root / folder).mkdir()
        (root / name).rename(root / folder / name)
    assert len(read_dataset(root)) == 6


def test_kaggles_layout_is_read_by_column_name(root):
    write_csv(root, order=[*reversed(ATTRIBUTES), "image_id"])
    dataset = read_dataset(root)
    assert dataset.image_dir == root / "img_align_celeba" / "img_align_celeba"
    assert (dataset.labels == expected_labels(6)).all()
    assert dataset.splits.tolist() == [0, 0, 1, 1, 2, 2]


def test_zero_is_absent_in_a_list_of_zeros_and_ones(root):
    write_csv(root, order=["image_id", *ATTRIBUTES], absent="0")
    assert (read_dataset(root).labels == expected_labels(6)).all()


def test_zero_is_unknown_in_a_list_with_minus_ones(root):
    edit_row(root, 0, ["000001.jpg", "0", "1", *["-1"] * 38])
    assert read_dataset(root).labels[0].tolist() == [-1, 1, *[0] * 38]


def test_names_in_another_order_are_accepted(root):
    order = np.random.default_rng(0).permutation(40)
    path = root / f"{ATTR}.txt"
    lines = path.read_text().splitlines()
    shuffled = [lines[0], " ".join(ATTRIBUTES[i] for i in order)]
    for line in lines[2:]:
        name, *cells = line.split()
        shuffled.append(" ".join([name, *(cells[i] for i in order)]))
    path.write_text("\n".join(shuffled))
    assert (read_dataset(root).labels == expected_labels(6)).all()


def test_a_folder_called_images_serves_as_well(root):
    (root / "img_align_celeba").rename(root / "images")
    assert len(read_dataset(root)) == 6


def test_only_images_that_exist_are_taken_and_the_others_counted(root):
    for name in ("000002.jpg", "000005.jpg", "000006.jpg"):
        (root / "img_align_celeba" / name).unlink()
    (root / "img_align_celeba" / "stray.jpg").write_bytes(picture())
    dataset = read_dataset(root)
    assert dataset.names == ("000001.jpg", "000003.jpg", "000004.jpg")
    assert (dataset.labels == expected_labels(6)[[0, 2, 3]]).all()
    assert dataset.counts == {"train": 1, "valid": 2, "test": 0}
    assert dataset.missing == (1, 0, 2)
    assert dataset.unlisted == 1


def test_a_subset_has_the_rows_of_its_split(root):
    valid = read_dataset(root).subset("valid")
    assert valid.names == ("000003.jpg", "000004.jpg")
    assert (valid.labels == expected_labels(6)[2:4]).all()
    assert valid.splits.tolist() == [1, 1]


def test_a_subset_without_an_image_names_what_there_is(root):
    for name in ("000005.jpg", "000006.jpg"):
        (root / "img_align_celeba" / name).unlink()
    with pytest.raises(InputError, match="no image of the test split, only 2 train, 2 valid"):
        read_dataset(root).subset("test")


def test_a_subset_of_no_known_split_is_refused(root):
    with pytest.raises(InputError, match="No split is called 'dev': use train, valid, test"):
        read_dataset(root).subset("dev")


def test_no_such_folder(tmp_path):
    with pytest.raises(InputError, match="nowhere: no such folder"):
        read_dataset(tmp_path / "nowhere")


def test_a_folder_without_annotations(root):
    (root / f"{ATTR}.txt").unlink()
    with pytest.raises(InputError, match=r"has no annotations \(list_attr_celeba.txt or"):
        read_dataset(root)


def test_a_folder_without_the_official_split(root):
    (root / f"{PARTITION}.txt").unlink()
    with pytest.raises(InputError, match=r"has no annotations \(list_eval_partition.txt or"):
        read_dataset(root)


def test_the_folder_above_is_refused_with_a_hint(root):
    with pytest.raises(InputError, match=r"did you mean .*celeba"):
        read_dataset(root.parent)


def test_annotations_without_a_folder_of_images(root):
    (root / "img_align_celeba").rename(root / "elsewhere")
    with pytest.raises(InputError, match="has annotations but no folder of images"):
        read_dataset(root)


def test_annotations_without_any_of_their_images(root):
    for path in (root / "img_align_celeba").iterdir():
        path.unlink()
    with pytest.raises(InputError, match=r"has none of the 6 annotated images, such as 000001.jpg"):
        read_dataset(root)


@pytest.mark.parametrize("stem", [ATTR, PARTITION])
def test_a_web_page_in_place_of_a_list(root, stem):
    page = "<!DOCTYPE html><html><head><title>Google Drive - Quota exceeded</title></head></html>"
    (root / f"{stem}.txt").write_text(page)
    with pytest.raises(InputError, match=f"{stem}.txt is a web page, not a list"):
        read_dataset(root)


def test_a_row_with_39_values(root):
    edit_row(root, 3, ["000004.jpg", *["1"] * 39])
    with pytest.raises(InputError, match="line 6: 39 values where 40 are needed"):
        read_dataset(root)


@pytest.mark.parametrize("value", ["2", "yes", "1.0"])
def test_a_value_other_than_1_minus_1_and_0(root, value):
    edit_row(root, 1, ["000002.jpg", value, *["1"] * 39])
    with pytest.raises(InputError, match=f"line 4: '{value}' is no label"):
        read_dataset(root)


def test_a_list_of_other_names_is_a_vocabulary_of_its_own(root):
    edit(root / f"{ATTR}.txt", "Eyeglasses", "Spectacles")
    found = read_dataset(root).vocabulary
    assert found.names == tuple("Spectacles" if n == "Eyeglasses" else n for n in ATTRIBUTES)
    assert found.labels["Wearing_Hat"] == "Hat"
    assert found.labels["Spectacles"] == "Spectacles"


def test_labels_can_be_taken_for_a_vocabulary_that_the_list_holds(root):
    whole = read_dataset(root)
    chosen = whole.labelled_as(Vocabulary(("Young", "Bald")))
    assert (chosen.labels == whole.labels[:, [39, 4]]).all()
    with pytest.raises(InputError, match="has no labels of Scarf, which this bundle's model knows"):
        whole.labelled_as(Vocabulary(("Young", "Scarf")))


def test_a_line_of_names_that_makes_no_vocabulary(root):
    edit(root / f"{ATTR}.txt", "Eyeglasses", "Bald")
    with pytest.raises(InputError, match="line of names: The attribute 'Bald' is named twice"):
        read_dataset(root)


def test_a_duplicate_row(root):
    edit_row(root, 4, ["000002.jpg", *["1"] * 40])
    with pytest.raises(InputError, match=r"line 7: 000002.jpg is there already, on line 4"):
        read_dataset(root)


def test_a_duplicate_row_of_the_split(root):
    edit(root / f"{PARTITION}.txt", "000003.jpg", "000001.jpg")
    with pytest.raises(InputError, match=r"line 3: 000001.jpg is there already, on line 1"):
        read_dataset(root)


def test_a_list_that_is_cut_off(root):
    path = root / f"{ATTR}.txt"
    path.write_text("\n".join(path.read_text().splitlines()[:-2]))
    with pytest.raises(InputError, match="announces 6 rows and has 4: it is cut off"):
        read_dataset(root)


def test_an_empty_list(root):
    (root / f"{ATTR}.txt").write_text("")
    with pytest.raises(InputError, match="line of names: A vocabulary of 0 attributes"):
        read_dataset(root)


def test_a_list_of_names_alone(root):
    (root / f"{ATTR}.txt").write_text("0\n" + " ".join(ATTRIBUTES) + "\n")
    with pytest.raises(InputError, match="has no row"):
        read_dataset(root)


def test_a_split_other_than_0_1_and_2(root):
    edit(root / f"{PARTITION}.txt", "000002.jpg 0", "000002.jpg 3")
    with pytest.raises(
        InputError, match=r"line 2: '000002.jpg 3' is not an image name and its spl"
    ):
        read_dataset(root)


def test_an_image_with_attributes_but_no_split(root):
    edit(root / f"{PARTITION}.txt", "000002.jpg 0\n", "")
    with pytest.raises(InputError, match=r"000002.jpg has attributes but no split"):
        read_dataset(root)


@pytest.mark.parametrize(("stem", "column"), [(ATTR, "image_id"), (PARTITION, "partition")])
def test_a_csv_list_without_a_column(root, stem, column):
    write_csv(root, order=["image_id", *ATTRIBUTES])
    edit(root / f"{stem}.csv", column, "other")
    with pytest.raises(InputError, match=f"{stem}.csv: no column is called '{column}'"):
        read_dataset(root)


def test_written_lists_read_back_with_unknowns(tmp_path, root):
    rng = np.random.default_rng(1)
    labels = rng.integers(-1, 2, (6, 40)).astype(np.int8)
    splits = rng.integers(0, 3, 6).astype(np.int8)
    names = read_dataset(root).names
    write_lists(root, names, labels, splits)
    dataset = read_dataset(root)
    assert dataset.names == names
    assert (dataset.labels == labels).all()
    assert (dataset.splits == splits).all()
    assert not list(root.glob("*.part"))


def slow_reading(root: Path) -> dict[str, tuple[int, list[int]]]:
    """Split and labels by image, read one line at a time."""
    with open(root / f"{PARTITION}.txt") as file:
        split = {name: int(number) for name, number in map(str.split, file)}
    with open(root / f"{ATTR}.txt") as file:
        next(file)
        columns = next(file).split()
        rows = {}
        for line in file:
            name, *cells = line.split()
            by_column = dict(zip(columns, cells, strict=True))
            rows[name] = (split[name], [int(by_column[a] == "1") for a in ATTRIBUTES])
    return rows


@pytest.mark.skipif(
    not os.environ.get("FACESEARCH_CELEBA"), reason="FACESEARCH_CELEBA names no CelebA"
)
def test_the_real_celeba_reads_as_a_slow_reading_does():
    root = Path(os.environ["FACESEARCH_CELEBA"])
    dataset = read_dataset(root)
    rows = slow_reading(root)
    there = {path.name for path in (root / "img_align_celeba").iterdir()}
    assert dataset.names == tuple(name for name in rows if name in there)
    assert [rows[name][0] for name in dataset.names] == dataset.splits.tolist()
    assert (np.array([rows[name][1] for name in dataset.names]) == dataset.labels).all()
    assert sum(dataset.missing) + len(dataset) == len(rows)
    if len(dataset) == 36_535:  # the part that this project is measured on
        assert dataset.counts == {"train": 32_000, "valid": 4_535, "test": 0}


@pytest.mark.skipif(
    not os.environ.get("FACESEARCH_CELEBA"), reason="FACESEARCH_CELEBA names no CelebA"
)
def test_written_lists_are_celebas_own_byte_for_byte(tmp_path):
    root = Path(os.environ["FACESEARCH_CELEBA"])
    rows = slow_reading(root)
    splits = np.array([split for split, _ in rows.values()], np.int8)
    labels = np.array([labels for _, labels in rows.values()], np.int8)
    write_lists(tmp_path, tuple(rows), labels, splits)
    name = f"{ATTR}.txt"
    assert (tmp_path / name).read_bytes() == (root / name).read_bytes()
