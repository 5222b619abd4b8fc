"""A bundle takes another one's place whole or not at all, whatever stops it, and leaves nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, bundle_parts
from safetensors import SafetensorError

from facesearch.bundle import check_target, open_bundle, replacing, write_bundle, writing
from facesearch.errors import InputError


def write(path, faces=4):
    config, tensors, drawn = bundle_parts(faces)
    write_bundle(path, config, tensors, drawn.faces, drawn.embeddings, "")


def names(folder):
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.parametrize("how", ["exchanged", "renamed"])
def test_killed_before_any_file_operation_there_is_a_whole_bundle_and_nothing_piles_up(
    tmp_path, how
):
    killed = Path(__file__).with_name("killed.py")
    done = subprocess.run(
        [sys.executable, killed, tmp_path, how],
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests")))},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) > 15


def test_a_bundle_that_was_taken_away_and_not_replaced_is_brought_back(tmp_path):
    write(tmp_path / "b")
    old = tmp_path / ".b-old-x"
    old.mkdir()
    (tmp_path / "b").rename(old / "b")
    assert len(open_bundle(tmp_path / "b")) == 4
    assert names(tmp_path) == ["b"]


def test_folders_of_dead_runs_are_swept_and_those_of_living_ones_are_not(tmp_path):
    (tmp_path / ".b-new-dead").mkdir()
    (tmp_path / ".b-new-dead" / "model.safetensors").write_bytes(b"half")
    (tmp_path / ".other-new-x").mkdir()
    with replacing.fresh_folder(tmp_path / "b") as living:
        for folder in tmp_path.iterdir():
            os.utime(folder, (0, 0))
        write(tmp_path / "b")
        assert names(tmp_path) == [living.name, ".other-new-x", "b"]
    assert names(tmp_path) == [".other-new-x", "b"]


def test_everything_is_on_the_disk_before_a_name_changes(tmp_path, monkeypatch):
    write(tmp_path / "b")
    order, fsync, rename = [], os.fsync, os.rename
    monkeypatch.setattr(replacing, "_exchange", lambda *_: False)
    monkeypatch.setattr(os, "fsync", lambda number: order.append("fsync") or fsync(number))
    monkeypatch.setattr(os, "rename", lambda *names: order.append("rename") or rename(*names))
    write(tmp_path / "b")
    first = order.index("rename")
    assert order[:first].count("fsync") >= 6  # five files and their folder
    assert order[-1] == "fsync"  # the folder in which the name changed


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), SafetensorError("No space left on device")]
)
def test_a_full_disk_is_a_sentence_and_the_old_bundle_stays(tmp_path, monkeypatch, error):
    write(tmp_path / "b")

    def full(*_):
        raise error

    monkeypatch.setattr(writing, "save_file", full)
    with pytest.raises(InputError, match=r"can't be written .*No space left on device"):
        write(tmp_path / "b", 6)
    assert len(open_bundle(tmp_path / "b")) == 4
    assert names(tmp_path) == ["b"]


def test_a_second_rename_that_fails_brings_the_old_bundle_back(tmp_path, monkeypatch):
    write(tmp_path / "b")
    renames, rename = [], os.rename
    monkeypatch.setattr(replacing, "_exchange", lambda *_: False)

    def failing(*given):
        renames.append(given)
        if len(renames) == 2:
            raise OSError(5, "Input/output error")
        rename(*given)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(InputError, match="Input/output error"):
        write(tmp_path / "b", 6)
    monkeypatch.undo()
    assert len(open_bundle(tmp_path / "b")) == 4
    assert names(tmp_path) == ["b"]


def test_where_nothing_can_be_written_is_said_before_the_work(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="can't be written"):
        check_target(tmp_path / "file" / "bundle")
    monkeypatch.setattr(Path, "is_mount", lambda path: path.name == "volume")
    (tmp_path / "volume").mkdir()
    with pytest.raises(InputError, match="is a mount point; choose a folder below it"):
        check_target(tmp_path / "volume")
    check_target(tmp_path / "new" / "deep" / "bundle")
    assert names(tmp_path) == ["file", "volume"]
