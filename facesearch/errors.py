"""The one error that a caller's mistake raises, and how it quotes what came."""

import reprlib

_brief = reprlib.Repr()
_brief.maxstring = _brief.maxother = _brief.maxlong = 100


class InputError(ValueError):
    """Bad input; the message says what came, what is allowed and what to do."""


def quoted(value: object) -> str:
    """A value as Python writes it, cut in the middle to 100 characters where it is longer."""
    return _brief.repr(value)
