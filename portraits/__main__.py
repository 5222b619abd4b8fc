"""Draw a data set of portraits: python -m portraits --out DIR."""

import argparse
import sys

import portraits
from facesearch.errors import InputError


def main(argv: list[str] | None = None) -> int:
    """Draw what the options say; 0, 2 where the input was bad, 130 where it was interrupted."""
    parser = argparse.ArgumentParser(prog="python -m portraits", description=portraits.__doc__)
    portraits.add_arguments(parser)
    try:
        portraits.run(parser.parse_args(argv))
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
