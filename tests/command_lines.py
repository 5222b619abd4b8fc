"""Commands as people read them, taken apart by the very programs that they name."""

import argparse
import re
import runpy
import shlex
import sys
from importlib import import_module
from pathlib import Path

import pytest
from apps import ROOT

PROGRAM = r"(?:[A-Z_]+=\S+ +)*(?:python (?:-m |\w+\.py|\w+/\w+\.py)|facesearch \w|make \w)"
INLINE = re.compile(rf"`({PROGRAM}[^`]*)`")
INDENTED = re.compile(rf"^    ({PROGRAM}.*)$", re.MULTILINE)
AFTER_COLON = re.compile(rf": ({PROGRAM}[^\n(;]*)")


class Parsed(BaseException):
    """Options were read, and nothing else is to happen."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options


def commands_in(text: str) -> list[str]:
    """The commands of a Markdown text, or of a sentence that ends in one."""
    found = [m for pattern in (INLINE, INDENTED, AFTER_COLON) for m in pattern.findall(text)]
    return [" ".join(command.split("  #")[0].split()).rstrip(".") for command in found]


def options_of(command: str) -> argparse.Namespace | None:
    """The options of a command as the program that it names reads them; None where it has none.

    Raises `SystemExit` where the program refuses them, `AssertionError` where there is no such one.
    """
    words = [word for word in shlex.split(command) if not re.fullmatch("[A-Z_]+=.*", word)]
    if words[0] == "make":
        targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        assert words[1] in targets, command
        return None
    words = ["-m", *words] if words[0] == "facesearch" else words[1:]
    if words[0] == "-m" and words[1].split(".")[0] in sys.stdlib_module_names:
        return None  # Python's own
    file = program(words)
    if file.name not in ("app.py", "__main__.py") and "ArgumentParser(" not in file.read_text(
        "utf-8"
    ):
        return None
    read = argparse.ArgumentParser.parse_args

    def parse_args(parser: argparse.ArgumentParser, arguments: list[str] | None = None) -> None:
        raise Parsed(read(parser, arguments))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", parse_args)
        try:
            start(words, patch)
        except Parsed as parsed:
            return parsed.options
    raise AssertionError(f"{command} read no options")


def program(words: list[str]) -> Path:
    """The file that runs."""
    if words[0] != "-m":
        return ROOT / words[0]
    place = ROOT.joinpath(*words[1].split("."))
    return place / "__main__.py" if place.is_dir() else place.with_suffix(".py")


def start(words: list[str], patch: pytest.MonkeyPatch) -> None:
    """Start a program, as far as it reads its options."""
    if words[0] == "-m":
        import_module(f"{words[1]}.__main__").main(words[2:])
    elif words[0] == "app.py":
        app = import_module("app")
        app.run(app.serve, "app.py", words[1:])
    else:
        script = ROOT / words[0]
        patch.syspath_prepend(str(Path(script).parent))
        patch.setattr(sys, "argv", words)
        runpy.run_path(str(script), run_name="__main__")
