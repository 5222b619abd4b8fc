"""What git does to files on the way: a clone with Windows' settings holds the same bytes."""

import shutil
import subprocess

from conftest import ROOT


def git(folder, *arguments):
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_clone_by_git_for_windows_holds_the_bundles_and_scripts_byte_for_byte(tmp_path):
    files = {
        "weights/portraits/names.txt": b"a.webp\nb.webp\n",
        "weights/portraits/config.json": b'{\n  "format_version": 2\n}\n',
        ".ci/run": b"#!/usr/bin/env bash\nmake test\n",
    }
    origin = tmp_path / "origin"
    for name, content in files.items():
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        (origin / name).write_bytes(content)
    shutil.copyfile(ROOT / ".gitattributes", origin / ".gitattributes")
    git(origin, "init", "-q")
    git(origin, "add", "--all")
    git(origin, "commit", "-q", "-m", "Files")
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(origin), "clone")
    for name, content in files.items():
        assert (tmp_path / "clone" / name).read_bytes() == content, name
