"""The one error that a caller's mistake raises, and how it quotes what came."""

import reprlib

_brief = reprlib.Repr()
_brief.maxstring = _brief.maxother = _brief.maxlong = 100


class InputError(ValueError):
    """Bad input; the message says what came, what is allowed and what to do."""


class EngineError(InputError):
    """What an engine that holds a gallery did not answer, as a sentence."""


class EngineSlow(EngineError):
    """An answer that an engine takes too long for."""


def quoted(value: object) -> str:
    """A value as Python writes it, cut in the middle to 100 characters where it is longer."""
    return _brief.repr(value)


def printable(text: str) -> str:
    """A text without what a terminal would obey: control characters are escaped."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
