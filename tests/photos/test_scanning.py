import os

import pytest

from facesearch.errors import InputError
from facesearch.photos.scanning import scan


def make(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def paths(folder):
    return [entry.path for entry in scan(folder).entries]


def test_photographs_are_found_below_in_order(tmp_path):
    make(tmp_path, "b.JPG", "a/c.png", "a/d.jfif", "z.jpe", "notes.txt")
    assert paths(tmp_path) == ["a/c.png", "a/d.jfif", "b.JPG", "z.jpe"]


def test_hidden_folders_and_those_of_storage_systems_are_passed_over(tmp_path):
    make(
        tmp_path, "a.jpg", ".Trash/b.jpg", "@eaDir/c.jpg", "#recycle/d.jpg", "x/.e/f.jpg", ".g.jpg"
    )
    assert paths(tmp_path) == ["a.jpg"]


def test_a_linked_folder_is_visited_once_and_a_loop_ends(tmp_path):
    make(tmp_path / "elsewhere", "a.jpg")
    make(tmp_path / "photos", "b.jpg")
    (tmp_path / "photos" / "album").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "photos" / "same").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "photos" / "loop").symlink_to(tmp_path / "photos")
    assert paths(tmp_path / "photos") == ["album/a.jpg", "b.jpg"]


def test_what_is_not_read_is_counted_and_named(tmp_path):
    make(tmp_path, "a.jpg", "b.mp4", "c.MOV", "d.NEF", r"e\f.jpg")
    make(tmp_path, os.fsdecode(b"na\xefve.jpg"))
    left_out = scan(tmp_path).left_out
    assert left_out.counts["videos"] == 2
    assert left_out.names["videos"] == ["b.mp4", "c.MOV"]
    assert left_out.names["raw files of cameras, which can't be read here"] == ["d.NEF"]
    odd = left_out.names["names that are not UTF-8 or hold a backslash"]
    assert sorted(odd) == [r"e\f.jpg", r"na\xefve.jpg"]


def test_without_its_package_heic_is_counted_and_with_it_read(tmp_path, monkeypatch):
    make(tmp_path, "a.heic")
    monkeypatch.setattr("facesearch.photos.scanning.can_read_heic", lambda: False)
    assert paths(tmp_path) == []
    assert scan(tmp_path).left_out.counts["HEIC files, which need: pip install pillow-heif"] == 1
    monkeypatch.setattr("facesearch.photos.scanning.can_read_heic", lambda: True)
    assert paths(tmp_path) == ["a.heic"]


def test_a_folder_that_cannot_be_listed_is_named_and_the_scan_not_complete(tmp_path, monkeypatch):
    make(tmp_path, "a.jpg", "private/b.jpg")
    listed = os.scandir

    def scandir(folder):
        if folder.name == "private":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr("facesearch.photos.scanning.os.scandir", scandir)
    found = scan(tmp_path)
    assert [entry.path for entry in found.entries] == ["a.jpg"]
    assert not found.complete
    assert found.left_out.names["folders that can't be listed"] == ["private/"]


def test_a_link_to_nothing_is_no_photograph(tmp_path):
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    assert paths(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.jpg")
    found = scan(tmp_path)
    assert found.entries == []
    assert found.left_out.counts["pipes and other things that are no files"] == 1


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="no such folder of photographs"):
        scan(tmp_path / "none")
