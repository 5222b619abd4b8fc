"""Which command a command line names: its module alone is imported, and its options read."""

import argparse
import importlib
from collections.abc import Mapping, Sequence
from types import ModuleType


def named_command(
    program: str,
    description: str | None,
    commands: Mapping[str, str],
    package: str,
    arguments: Sequence[str],
) -> ModuleType:
    """The module of the command that `arguments` name first.

    `commands` has a line of help for each name; the modules lie in `package`. Prints help, or what
    is wrong, and raises `SystemExit` where no command is named.
    """
    if not arguments or arguments[0] not in commands:
        overview = argparse.ArgumentParser(prog=program, description=description)
        choices = overview.add_subparsers(metavar="COMMAND", required=True)
        for name, line in commands.items():
            choices.add_parser(name, help=line)
        overview.parse_args(arguments)
    return importlib.import_module(f"{package}.{arguments[0]}")


def read_options(command: ModuleType, program: str, arguments: Sequence[str]) -> argparse.Namespace:
    """The options of a command, a module that has `add_arguments(parser)`.

    Prints help, or what is wrong, and raises `SystemExit` where they are not right.
    """
    parser = argparse.ArgumentParser(prog=program, description=command.__doc__)
    command.add_arguments(parser)
    return parser.parse_args(arguments)
