import hashlib
import sys
import types
import zipfile
from pathlib import Path

import pytest
import torchvision
from small_celeba import write_celeba
from stand_in_hub import Hub
from test_mirror import check, mirror_files

from facesearch.errors import InputError
from train.data import download, mirror
from train.data.dataset import read_dataset
from train.data.download import fetch_celeba

QUOTA_PAGE = (
    b"<!DOCTYPE html><html><head><title>Google Drive - Quota exceeded</title></head><body>"
    b"<p>Too many users have viewed or downloaded this file recently.</p></body></html>"
)


class FileURLRetrievalError(Exception):
    """As gdown's."""


@pytest.fixture
def hub():
    server = Hub(mirror.REPO, mirror_files(named=True))
    yield server
    server.close()


@pytest.fixture
def target(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(download, "DRIVE_BYTES", 0)
    return tmp_path / "data" / "celeba"


def use_gdown(monkeypatch, fetch) -> list[str]:
    """Put a stand-in for gdown where torchvision imports it; returns the names that it fetches."""
    asked: list[str] = []

    def download(id: str, output: str, quiet: bool, user_agent: str) -> str:
        asked.append(Path(output).name)
        fetch(Path(output))
        return output

    module = types.ModuleType("gdown")
    module.__dict__["download"] = download
    monkeypatch.setitem(sys.modules, "gdown", module)
    return asked


def nothing_is_left(target: Path) -> bool:
    return [path.name for path in target.parent.iterdir()] == [target.name]


def drive_files(folder: Path, monkeypatch) -> dict[str, bytes]:
    """What Google Drive holds, drawn, with torchvision's checksums set to it."""
    names = write_celeba(folder)
    with zipfile.ZipFile(folder / "img_align_celeba.zip", "w") as archive:
        for name in names:
            archive.write(folder / "img_align_celeba" / name, f"img_align_celeba/{name}")
    (folder / "identity_CelebA.txt").write_text("".join(f"{name} 7\n" for name in names))
    for name, columns in (("bbox_celeba", 4), ("landmarks_align_celeba", 10)):
        rows = [f"{image} {' '.join(['5'] * columns)}" for image in names]
        (folder / f"list_{name}.txt").write_text("\n".join(["6", "x " * columns, *rows]) + "\n")
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    CelebA = torchvision.datasets.CelebA
    sums = [(i, hashlib.md5(files[name]).hexdigest(), name) for i, _, name in CelebA.file_list]
    monkeypatch.setattr(CelebA, "file_list", sums)
    return files


def test_what_google_drive_sends_is_taken(target, tmp_path, monkeypatch):
    files = drive_files(tmp_path / "drive", monkeypatch)
    asked = use_gdown(monkeypatch, lambda path: path.write_bytes(files[path.name]))
    assert fetch_celeba(target, endpoint="http://127.0.0.1:9") == target
    assert len(asked) == 6
    assert len(read_dataset(target)) == 6
    assert nothing_is_left(target)
    assert not (target / "img_align_celeba.zip").exists()


def test_an_interrupted_drive_download_keeps_what_is_whole(target, tmp_path, monkeypatch):
    files = drive_files(tmp_path / "drive", monkeypatch)

    def interrupted(path: Path) -> None:
        if path.name == "list_bbox_celeba.txt":
            raise KeyboardInterrupt
        path.write_bytes(files[path.name])

    use_gdown(monkeypatch, interrupted)
    with pytest.raises(KeyboardInterrupt):
        fetch_celeba(target)
    assert not target.exists()
    half_unpacked = target.with_name("celeba.part") / "drive" / "celeba" / "img_align_celeba"
    half_unpacked.mkdir()
    asked = use_gdown(monkeypatch, lambda path: path.write_bytes(files[path.name]))
    fetch_celeba(target)
    assert "img_align_celeba.zip" not in asked
    assert len(read_dataset(target)) == 6


def test_the_quota_page_is_recognised_removed_and_the_mirror_taken(
    hub, target, monkeypatch, capsys
):
    use_gdown(monkeypatch, lambda path: path.write_bytes(QUOTA_PAGE))

    def from_a_clean_folder(work: Path, *, endpoint: str) -> Path:
        assert not [path for path in work.parent.rglob("*") if path.is_file()]
        return mirror.fetch_mirror(work, endpoint=endpoint)

    monkeypatch.setattr(download, "fetch_mirror", from_a_clean_folder)
    fetch_celeba(target, endpoint=hub.endpoint)
    out = capsys.readouterr().out
    assert "a web page in place of img_align_celeba.zip (its download quota is used up)" in out
    check(target)
    assert nothing_is_left(target)


def test_the_quota_page_that_ends_as_a_bad_zip_file_is_recognised(hub, target, monkeypatch, capsys):
    def unchecked(self: torchvision.datasets.CelebA) -> None:  # as older releases do it
        folder = Path(self.root) / self.base_folder
        folder.mkdir()
        (folder / "img_align_celeba.zip").write_bytes(QUOTA_PAGE)
        (folder / "list_attr_celeba.txt").write_bytes(QUOTA_PAGE)
        zipfile.ZipFile(folder / "img_align_celeba.zip")

    monkeypatch.setattr(torchvision.datasets.CelebA, "download", unchecked)
    fetch_celeba(target, endpoint=hub.endpoint)
    assert "a web page in place of" in capsys.readouterr().out
    check(target)


def test_a_file_cut_off_on_the_way_has_a_wrong_checksum(hub, target, monkeypatch, capsys):
    use_gdown(monkeypatch, lambda path: path.write_bytes(b"PK\x03\x04 half an archive"))
    fetch_celeba(target, endpoint=hub.endpoint)
    assert "img_align_celeba.zip came with a wrong checksum" in capsys.readouterr().out
    check(target)


def test_gdowns_own_error_leads_to_the_mirror(hub, target, monkeypatch, capsys):
    def refuse(path: Path) -> None:
        raise FileURLRetrievalError("\n\n\tToo many users have viewed or downloaded this file")

    use_gdown(monkeypatch, refuse)
    fetch_celeba(target, endpoint=hub.endpoint)
    assert "no link to the file (its download quota is used up)" in capsys.readouterr().out
    check(target)


def test_without_a_network_the_reason_is_told(hub, target, monkeypatch, capsys):
    def offline(path: Path) -> None:
        raise ConnectionError("Name or service not known\nsecond line")

    use_gdown(monkeypatch, offline)
    fetch_celeba(target, endpoint=hub.endpoint)
    out = capsys.readouterr().out
    assert "the download failed (ConnectionError: Name or service not known)." in out


def test_without_gdown_the_mirror_is_taken(hub, target, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "gdown", None)
    fetch_celeba(target, endpoint=hub.endpoint)
    assert "needs the package gdown, which is not installed" in capsys.readouterr().out
    check(target)


def test_a_mirror_download_begun_is_finished_without_asking_google_drive(
    hub, target, monkeypatch, capsys
):
    use_gdown(monkeypatch, lambda path: path.write_bytes(QUOTA_PAGE))
    save = mirror.Progress.save

    def save_two(self: mirror.Progress, stem: str, rows: mirror.Rows) -> None:
        if stem.startswith("valid"):
            raise KeyboardInterrupt
        save(self, stem, rows)

    with monkeypatch.context() as patch:
        patch.setattr(mirror.Progress, "save", save_two)
        with pytest.raises(KeyboardInterrupt):
            fetch_celeba(target, endpoint=hub.endpoint)
    assert not target.exists()
    asked = use_gdown(monkeypatch, lambda path: None)
    fetch_celeba(target, endpoint=hub.endpoint)
    assert asked == []
    assert "Google Drive" not in capsys.readouterr().out.split("instead.")[1]
    check(target)
    assert nothing_is_left(target)


def test_where_neither_source_answers_nothing_is_written(target, monkeypatch):
    use_gdown(monkeypatch, lambda path: path.write_bytes(QUOTA_PAGE))
    server = Hub("someone/else", {})
    with pytest.raises(InputError, match="run this again: it goes on where it stopped"):
        fetch_celeba(target, endpoint=server.endpoint)
    server.close()
    assert not target.exists()


def test_a_folder_that_holds_something_else_is_left_alone(target):
    target.mkdir(parents=True)
    (target / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="is there but is not CelebA"):
        fetch_celeba(target)
    assert (target / "mine.txt").read_text() == "mine"


def test_a_small_disk_is_noticed_first(target, monkeypatch):
    monkeypatch.setattr(download, "DRIVE_BYTES", 10**18)
    asked = use_gdown(monkeypatch, lambda path: None)
    with pytest.raises(InputError, match=r"CelebA needs 1000000000.0 GB here"):
        fetch_celeba(target)
    assert asked == []
