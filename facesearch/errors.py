"""The one error that a caller's mistake raises."""


class InputError(ValueError):
    """Bad input; the message says what came, what is allowed and what to do."""
