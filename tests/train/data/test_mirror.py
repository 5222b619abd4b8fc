import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_celeba import picture, values
from stand_in_hub import Hub

from facesearch.attributes import ATTRIBUTES
from facesearch.errors import InputError
from train.data import mirror
from train.data.dataset import read_dataset
from train.data.mirror import CONFIG, REPO, Progress, fetch_mirror

SHARDS = {  # rows of each
    "train-00000-of-00002": 5,
    "train-00001-of-00002": 4,
    "valid-00000-of-00001": 3,
    "test-00000-of-00001": 2,
}
FIRST = [1, 6, 162_771, 182_638]  # the official number of each shard's first row
NAMES = [
    f"{first + row:06d}.jpg"
    for first, count in zip(FIRST, SHARDS.values(), strict=True)
    for row in range(count)
]
SPLITS = [0] * 9 + [1] * 3 + [2] * 2


def parquet(first_row: int, count: int, names: Sequence[str | None], **other: pa.Array) -> bytes:
    """A shard as the mirror has it, its columns in an order of its own."""
    rows = range(first_row, first_row + count)
    images = [
        {"bytes": picture(row, "PNG"), "path": name} for row, name in zip(rows, names, strict=True)
    ]
    type_ = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    columns = {"celeb_id": pa.array([1000 + row for row in rows])}
    for column, name in reversed(list(enumerate(ATTRIBUTES))):
        columns[name] = pa.array([values(row)[column] == "1" for row in rows])
    columns |= {"image": pa.array(images, type_)} | other
    file = BytesIO()
    pq.write_table(pa.table(columns), file, row_group_size=2)
    return file.getvalue()


def mirror_files(*, named: bool) -> dict[str, bytes]:
    files = {"README.md": b"# CelebA\n"}
    row = 0
    for stem, count in SHARDS.items():
        names = NAMES[row : row + count] if named else [None] * count
        files[f"{CONFIG}/{stem}.parquet"] = parquet(row, count, names)
        row += count
    return files


@pytest.fixture
def hub():
    server = Hub(REPO, mirror_files(named=False))
    yield server
    server.close()


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(mirror, "BLOCK", 1500)


def check(folder: Path) -> None:
    """The result is the whole data set, every byte of every image unchanged."""
    dataset = read_dataset(folder)
    assert dataset.names == tuple(NAMES)
    assert dataset.splits.tolist() == SPLITS
    expected = [[int(value == "1") for value in values(row)] for row in range(14)]
    assert (dataset.labels == np.array(expected)).all()
    assert [p.read_bytes() for p in dataset.paths] == [picture(row, "PNG") for row in range(14)]
    assert dataset.unlisted == 0
    people = (folder / "identity_CelebA.txt").read_text().splitlines()
    assert people == [f"{name} {1000 + row}" for row, name in enumerate(NAMES)]


def total(hub: Hub) -> int:
    return sum(len(content) for path, content in hub.files.items() if path.endswith("parquet"))


def test_the_mirror_becomes_the_official_layout(hub, tmp_path, capsys):
    folder = fetch_mirror(tmp_path, endpoint=hub.endpoint)
    check(folder)
    assert hub.sent == total(hub)
    assert '"official_lists": false' in (folder / "source.json").read_text()
    captured = capsys.readouterr()
    assert "numbers of the images may not be the official ones" in captured.out
    assert captured.err.count("\n") == 1  # one progress bar


def test_official_names_that_the_mirror_gives_are_kept(hub, tmp_path):
    names = ["000012.jpg", "000010.jpg", "000011.jpg", "000014.jpg", "000013.jpg"]
    path = f"{CONFIG}/train-00000-of-00002.parquet"
    server = Hub(REPO, hub.files | {path: parquet(0, 5, names)})
    dataset = read_dataset(fetch_mirror(tmp_path, endpoint=server.endpoint))
    server.close()
    assert (dataset.image_dir / "000012.jpg").read_bytes() == picture(0, "PNG")
    assert (dataset.image_dir / "000013.jpg").read_bytes() == picture(4, "PNG")
    assert dataset.names[4:9] == (
        "000010.jpg",
        "000011.jpg",
        "000012.jpg",
        "000013.jpg",
        "000014.jpg",
    )


def test_names_that_count_from_one_in_each_shard_are_not_taken_for_official(hub, tmp_path):
    path = f"{CONFIG}/valid-00000-of-00001.parquet"
    names = ["000001.jpg", "000002.jpg", "000003.jpg"]
    server = Hub(REPO, hub.files | {path: parquet(9, 3, names)})
    check(fetch_mirror(tmp_path, endpoint=server.endpoint))
    server.close()


def test_lists_equal_to_the_official_ones_are_recognised(hub, tmp_path, monkeypatch, capsys):
    folder = fetch_mirror(tmp_path / "a", endpoint=hub.endpoint)
    sums = {n: hashlib.md5((folder / n).read_bytes()).hexdigest() for n in mirror.OFFICIAL}
    monkeypatch.setattr(mirror, "OFFICIAL", sums)
    capsys.readouterr()
    folder = fetch_mirror(tmp_path / "b", endpoint=hub.endpoint)
    assert '"official_lists": true' in (folder / "source.json").read_text()
    assert "Note" not in capsys.readouterr().out


def test_a_connection_cut_off_is_taken_up_in_the_same_run(hub, tmp_path):
    hub.cut_at = total(hub) // 2
    check(fetch_mirror(tmp_path, endpoint=hub.endpoint))
    assert hub.sent < total(hub) + mirror.BLOCK


def test_a_killed_download_fetches_only_what_is_missing(hub, tmp_path):
    hub.stall_at = total(hub) // 2
    code = (
        "import sys; from pathlib import Path; from train.data import mirror; mirror.BLOCK = 1500;"
        "mirror.fetch_mirror(Path(sys.argv[1]))"
    )
    env = os.environ | {"HF_ENDPOINT": hub.endpoint, "PYTHONPATH": os.getcwd()}
    process = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], env=env, stderr=subprocess.DEVNULL
    )
    assert hub.stalled.wait(60)
    process.kill()
    process.wait()
    progress = Progress(tmp_path)
    done = [stem for stem in SHARDS if progress.record(stem) is not None]
    begun = list(progress.shards.glob("*.part"))
    assert done == ["train-00000-of-00002"]
    assert [path.stem for path in begun] == ["train-00001-of-00002"]
    kept = begun[0].stat().st_size
    assert kept > 0
    whole = len(hub.files[f"{CONFIG}/{done[0]}.parquet"])
    assert whole + kept > hub.sent - mirror.BLOCK  # less than a block is lost

    hub.stall_at = None
    hub.log.clear()
    check(fetch_mirror(tmp_path, endpoint=hub.endpoint))
    assert hub.sent == total(hub) - whole - kept
    assert hub.log[0][1] == kept


@pytest.mark.parametrize("moment", ["record", "annotations"])
def test_a_shard_whose_record_is_not_written_is_unpacked_again(hub, tmp_path, monkeypatch, moment):
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if moment == "record":
            patch.setattr(Progress, "save", interrupt)
        else:
            patch.setattr(mirror, "write_lists", interrupt)
        with pytest.raises(KeyboardInterrupt):
            fetch_mirror(tmp_path, endpoint=hub.endpoint)
    assert Progress(tmp_path).started
    check(fetch_mirror(tmp_path, endpoint=hub.endpoint))
    assert hub.sent == total(hub)


def test_a_shard_damaged_on_the_way_is_removed(hub, tmp_path):
    digest = hashlib.sha256(hub.files[f"{CONFIG}/train-00000-of-00002.parquet"]).hexdigest()
    whole = hub.blobs[digest]
    hub.blobs[digest] = whole[:1000] + b"x" + whole[1001:]
    with pytest.raises(InputError, match=r"train-00000-of-00002.parquet came damaged and is remov"):
        fetch_mirror(tmp_path, endpoint=hub.endpoint)
    assert not list(tmp_path.rglob("train-00000*"))
    hub.blobs[digest] = whole
    check(fetch_mirror(tmp_path, endpoint=hub.endpoint))


def test_a_mirror_that_is_not_there_is_named(tmp_path):
    server = Hub("someone/else", {})
    with pytest.raises(
        InputError, match=r"mirror flwrlabs/celeba can't be read .RepositoryNotFound"
    ):
        fetch_mirror(tmp_path, endpoint=server.endpoint)
    server.close()


def test_a_mirror_without_a_split_is_refused(hub, tmp_path):
    files = {path: content for path, content in hub.files.items() if "test-" not in path}
    server = Hub(REPO, files)
    with pytest.raises(InputError, match="has no shard of test: it has changed"):
        fetch_mirror(tmp_path, endpoint=server.endpoint)
    server.close()


def test_a_mirror_without_a_column_is_refused(hub, tmp_path):
    path = f"{CONFIG}/train-00000-of-00002.parquet"
    table = pq.read_table(BytesIO(hub.files[path])).drop_columns(["Eyeglasses"])
    file = BytesIO()
    pq.write_table(table, file)
    server = Hub(REPO, hub.files | {path: file.getvalue()})
    with pytest.raises(InputError, match="has no column Eyeglasses: it has changed"):
        fetch_mirror(tmp_path, endpoint=server.endpoint)
    server.close()


def test_more_images_than_a_split_has_are_refused(hub, tmp_path, monkeypatch):
    monkeypatch.setitem(mirror.NUMBERS, "train", (1, 8))
    with pytest.raises(InputError, match="too many images of the train split"):
        fetch_mirror(tmp_path, endpoint=hub.endpoint)


def test_a_full_disk_is_noticed_before_the_download(hub, tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(mirror.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(InputError, match=r"GB here and 0.0 GB are free"):
        fetch_mirror(tmp_path, endpoint=hub.endpoint)
    assert hub.sent == 0
