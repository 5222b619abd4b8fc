"""Imports run one way: read from the source of every room, the late ones inside functions too."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

# What each part of the repository may import of the others.
PARTS: dict[str, set[str]] = {
    "facesearch": set(),
    "portraits": {"facesearch"},
    "train": {"facesearch"},
    "benchmarks": {"facesearch", "train"},
    "app": {"facesearch"},
}
# From the bottom to the top: a room imports those before it, and never one after it.
ROOMS = {
    "facesearch": (
        "errors",
        "vocabulary",
        "celeba_words",
        "attributes",
        "words",
        "celeba",
        "tensors",
        "vision",
        "gallery",
        "photos",
        "bundle",
        "hub",
        "page",
        "commands",
        "__main__",
    ),
    "train": ("distributed", "data", "measuring", "learning", "commands", "__main__"),
}
# What is imported in one room of facesearch alone.
KEPT = {
    "torch": "vision",
    "torchvision": "vision",
    "timm": "vision",
    "gradio": "page",
    "starlette": "page",
    "fastapi": "page",
    "clickhouse_connect": "gallery",
    "s3fs": "bundle",
}


def commands(part: str) -> set[str]:
    """The modules that a `__main__` names: run, and never imported as a library."""
    tree = ast.parse((ROOT / part / "__main__.py").read_text("utf-8"))
    (names,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "COMMANDS"
    )
    folder = f"{part}.commands" if (ROOT / part / "commands").is_dir() else part
    return {f"{folder}.{name}" for name in ast.literal_eval(names)}


def modules() -> dict[str, Path]:
    """Every module of the project by its full name."""
    found = {}
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")) or [ROOT / f"{part}.py"]:
            names = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(names[:-1] if names[-1] == "__init__" else names)] = path
    return found


MODULES = modules()


def imports(source: str, known: frozenset[str] = frozenset(MODULES)) -> Iterator[str]:
    """What a module's source imports, but for types alone."""
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting.extend(node.orelse)
            continue
        waiting.extend(ast.iter_child_nodes(node))
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in known else str(node.module)


GRAPH = {name: set(imports(path.read_text("utf-8"))) for name, path in MODULES.items()}
EDGES = [(name, other) for name, others in GRAPH.items() for other in others if other in MODULES]


def room(name: str, part: str) -> str:
    """The room of a module; "" for the part's own `__init__`."""
    if part == "train" and name in commands(part):
        return "commands"
    return [*name.split("."), ""][1]


def test_parts_import_only_what_lies_below_them():
    wrong = [
        (name, other)
        for name, other in EDGES
        if (a := name.split(".")[0]) != (b := other.split(".")[0]) and b not in PARTS[a]
    ]
    assert wrong == []


@pytest.mark.parametrize("part", ROOMS)
def test_rooms_import_only_those_below_them(part):
    order = ROOMS[part]
    inside = [
        (name, other)
        for name, other in EDGES
        if name.startswith(f"{part}.") and other.startswith(f"{part}.")
    ]
    unplaced = {room(name, part) for name in MODULES if name.startswith(f"{part}.")} - {*order}
    assert unplaced == set(), "say in ROOMS where they belong"
    upwards = [
        (name, other)
        for name, other in inside
        if order.index(room(name, part)) < order.index(room(other, part))
    ]
    assert upwards == []


def test_no_imports_go_round_in_a_circle():
    known = {name: {o for o in others if o in MODULES} for name, others in GRAPH.items()}
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


@pytest.mark.parametrize("package", KEPT)
def test_what_is_heavy_is_imported_in_one_room(package):
    rooms = {
        room(name, "facesearch")
        for name, others in GRAPH.items()
        if name.startswith("facesearch") and package in {o.split(".")[0] for o in others}
    }
    assert rooms <= {KEPT[package]}


@pytest.mark.parametrize("part", ROOMS)
def test_a_command_is_never_imported_as_a_library(part):
    found = commands(part)
    assert found <= set(MODULES)
    allowed = {f"{part}.__main__", "app"}  # app.py runs one
    assert [(n, o) for n, o in EDGES if o in found and n not in allowed] == []


def test_late_imports_count_and_types_do_not():
    source = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import torch
else:
    import timm
def late():
    from facesearch.page import server
"""
    assert set(imports(source)) == {"typing", "timm", "facesearch.page.server"}


def test_no_two_files_of_tests_have_one_name():
    names = [path.name for path in (ROOT / "tests").rglob("*.py")]  # by which pytest imports them
    assert sorted(name for name in names if names.count(name) > 1) == []
