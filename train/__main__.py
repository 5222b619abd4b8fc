"""Train face search offline: find or fetch CelebA, train, embed the gallery, measure.

With no command: prepare, fit, embed and evaluate in turn, with their defaults."""

import argparse
import importlib
import sys
from types import ModuleType

from facesearch.errors import InputError
from train import distributed

COMMANDS = ("prepare", "fit", "embed", "evaluate")
IN_TURN = ("prepare", "fit", "embed", "evaluate")


def build_parser() -> tuple[argparse.ArgumentParser, dict[str, ModuleType]]:
    """The parser, and the module of each command."""
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    modules = {name: importlib.import_module(f"train.{name}") for name in COMMANDS}
    for name, module in modules.items():
        line = (module.__doc__ or "").strip()
        module.add_arguments(commands.add_parser(name, help=line, description=line))
    return parser, modules


def main(argv: list[str] | None = None) -> int:
    """Run one command, or all in turn; 0, or 2 where the input was bad."""
    parser, modules = build_parser()
    args = parser.parse_args(argv)
    steps = [args] if args.command else [parser.parse_args([name]) for name in IN_TURN]
    try:
        distributed.start()
        for step in steps:
            modules[step.command].run(step)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped. What was finished is kept; train again with --resume.", file=sys.stderr)
        return 130
    finally:
        distributed.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
