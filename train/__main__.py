"""Train face search offline: find or fetch CelebA, train, embed the gallery, measure.

With no command: prepare, fit and evaluate in turn, with their defaults."""

if __name__ == "__main__":  # Ctrl-C ends quietly, through the imports as well
    import _signal  # built in, where `signal` itself is an import that can be interrupted

    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import signal
import sys
from collections.abc import Sequence

from facesearch.commands.naming import named_command, read_options
from facesearch.errors import InputError

COMMANDS = {
    "prepare": "Find CelebA, or fetch it; check every image, and say what is there.",
    "fit": "Train a model, and write its bundle with the gallery of one split.",
    "embed": "Build a bundle's gallery anew: from a folder of images, or from a split of CelebA.",
    "evaluate": "The retrieval benchmark: every method over the same queries, side by side.",
}
IN_TURN = ("prepare", "fit", "evaluate")  # fit embeds its gallery


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, or all in turn; 0, or 2 where the input was bad."""
    argv = sys.argv[1:] if argv is None else argv
    steps = []
    for command_line in [argv] if argv else [[name] for name in IN_TURN]:
        command = named_command("python -m train", __doc__, COMMANDS, "train", command_line)
        program = f"python -m train {command_line[0]}"
        steps.append((command, read_options(command, program, command_line[1:])))
    from train import distributed  # torch, once a command is named and its options are right

    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    command, options = steps[0]
    try:
        distributed.start()
        for command, options in steps:
            command.run(options)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        name = command.__name__.removeprefix("train.")
        again = "the same command" if argv else f"python -m train {name}"
        again += " with --resume" if hasattr(options, "resume") else ""
        print(f"Stopped. What was finished is kept; {again} goes on from there.", file=sys.stderr)
        return 130
    finally:
        distributed.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
