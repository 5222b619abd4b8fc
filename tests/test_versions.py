"""A version that several files name is one version."""

import json
import re
import tomllib

from conftest import ROOT


def test_biome_is_pinned_to_one_version_for_make_lint_and_before_a_commit():
    found = {
        version
        for name in ("Makefile", ".pre-commit-config.yaml")
        for version in re.findall(r"@biomejs/biome@([\d.]+)", (ROOT / name).read_text("utf-8"))
    }
    schema = json.loads((ROOT / "biome.json").read_text("utf-8"))["$schema"]
    assert schema == f"https://biomejs.dev/schemas/{found.pop()}/schema.json"
    assert not found


def test_a_citation_names_the_version_of_the_package():
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.findall(r"^version: (.*)$", citation, re.MULTILINE) == [package]
    assert f"\n## {package}\n" in (ROOT / "CHANGELOG.md").read_text("utf-8")
