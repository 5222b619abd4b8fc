"""Every command that is printed, written or recorded anywhere is one that its program reads."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from apps import ROOT
from command_lines import commands_in, options_of

PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("weights/*/README.md")]
SOURCES = [
    path
    for part in ("facesearch", "train", "portraits", "benchmarks")
    for path in sorted((ROOT / part).rglob("*.py"))
]


def texts(path: Path) -> Iterator[str]:
    """The texts in a module's source that a person may see: whole ones, and the ends of those that
    something is filled into; no docstrings of functions."""
    unseen: set[int] = set()
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            unseen.update(map(id, node.values[:-1]))
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            unseen.update(map(id, ast.walk(node.body[0])))
        seen = id(node) not in unseen  # a part comes after what it is a part of
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and seen:
            yield node.value


def recorded(value: object) -> Iterator[str]:
    """What is recorded under "command", at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from [inner] if key == "command" else recorded(inner)


def everywhere() -> dict[str, list[str]]:
    """Each command, and where it stands; not those that stand for several."""
    found: dict[str, list[str]] = {}
    for path in [*PAGES, *SOURCES, *ROOT.glob("weights/*/config.json")]:
        text = path.read_text("utf-8")
        if path.suffix == ".md":
            commands = commands_in(text)
        elif path.suffix == ".json":
            commands = list(recorded(json.loads(text)))
        else:
            commands = [command for each in texts(path) for command in commands_in(each)]
        for command in commands:
            if not re.search(r" COMMAND|/\.\.\.", command):
                found.setdefault(command, []).append(path.relative_to(ROOT).as_posix())
    return found


EVERYWHERE = everywhere()


def test_commands_are_found_in_every_kind_of_place():
    places = {place for places in EVERYWHERE.values() for place in places}
    for place in ("README.md", "weights/celeba/README.md", "weights/celeba/config.json"):
        assert place in places
    assert any(place.startswith("facesearch/") for place in places)
    assert any(place.startswith("train/") for place in places)


@pytest.mark.parametrize("command", EVERYWHERE)
def test_a_command_is_read_by_the_program_that_it_names(command):
    if command.endswith(" --help"):
        with pytest.raises(SystemExit, match="0"):
            options_of(command)
    else:
        options_of(command)


@pytest.mark.parametrize("command", ["python app.py --bundel x", "python -m train fit --epoch few"])
def test_a_command_with_a_mistake_is_refused(command):
    with pytest.raises(SystemExit, match="2"):
        options_of(command)
