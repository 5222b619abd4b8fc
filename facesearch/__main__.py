"""Search faces by their attributes: opens the page over a bundle, and what goes before it."""

if __name__ == "__main__":  # Ctrl-C ends quietly, through the imports as well
    import _signal  # built in, where `signal` itself is an import that can be interrupted

    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import signal
import sys
from collections.abc import Sequence
from types import ModuleType

from facesearch.commands.naming import named_command, read_options
from facesearch.errors import InputError, printable

COMMANDS = {
    "serve": "Open a bundle, and serve the page over it.",
    "index": "Find every face in a folder of photographs, and keep a bundle of them up to date.",
    "search": "Search a bundle's faces in words.",
    "merge": "Put shards that several machines have embedded together into one bundle.",
    "load": "Load a bundle's faces into an engine, ClickHouse, and switch to them.",
    "teach": "Teach a bundle an attribute from faces that have it.",
    "publish": "Send a bundle to the Hugging Face Hub.",
    "static": "Write the page over a bundle as plain files, which need no server.",
    "space": "Make a Space of the Hugging Face Hub that shows the page over a bundle.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that is named: 0, or 2 where the input was bad."""
    arguments = sys.argv[1:] if arguments is None else arguments
    command = named_command("facesearch", __doc__, COMMANDS, "facesearch.commands", arguments)
    return run(command, f"facesearch {arguments[0]}", arguments[1:])


def run(command: ModuleType, program: str, arguments: Sequence[str]) -> int:
    """Run a command with its options: 0, 2 where the input was bad, 130 where it was stopped."""
    options = read_options(command, program, arguments)
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # set above, for the imports
            signal.signal(signal.SIGINT, signal.default_int_handler)
        command.run(options)
    except KeyboardInterrupt:
        return 130
    except (InputError, OSError) as error:
        print(f"error: {printable(str(error))}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
