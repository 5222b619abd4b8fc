"""Why the Hub refuses what is sent to it, as sentences that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from facesearch.errors import InputError

AGAIN = "What arrived stays; the same command goes on from there."


def check_name(repo: str) -> None:
    """`InputError` unless a repository can have that name."""
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils import validate_repo_id

    try:
        validate_repo_id(repo)
        whole = repo.count("/") == 1
    except HFValidationError:
        whole = False
    if not whole:
        raise InputError(
            f"{repo!r} is no name that a repository on the Hub can have: give owner/name, of "
            "letters, digits, '-', '_' and '.', 96 at most."
        )


def check_logged_in() -> None:
    """`InputError` where there is no token to send with."""
    from huggingface_hub import get_token

    if get_token() is None:
        raise InputError(
            "Nobody is logged in to the Hugging Face Hub here. Log in with: hf auth login (or set "
            "HF_TOKEN), with a token that may write, from https://huggingface.co/settings/tokens"
        )


@contextmanager
def told(repo: str, kind: str) -> Iterator[None]:
    """Raise an `InputError` in place of whatever the Hub or the network answers."""
    from huggingface_hub.errors import HfHubHTTPError, HTTPError

    try:
        yield
    except InputError:
        raise
    except (HTTPError, RuntimeError, OSError, ValueError) as error:
        cause: BaseException = error
        while not isinstance(cause, HTTPError) and cause.__cause__ is not None:
            cause = cause.__cause__  # of an upload in a thread of its own
        if isinstance(cause, HfHubHTTPError):
            said = _status(repo, kind, cause.response.status_code, cause.server_message)
        elif isinstance(cause, HTTPError | ConnectionError):
            said = f"the Hub can't be reached ({type(cause).__name__}). Check the network. {AGAIN}"
        else:
            said = f"it could not be sent ({str(cause).splitlines()[0]}). {AGAIN}"
        raise InputError(f"{repo}: {said}") from error


def _status(repo: str, kind: str, status: int, message: str | None) -> str:
    owner = repo.split("/")[0]
    if status == 401:
        return (
            "the Hub does not know your token. Log in again with: hf auth login, with a token "
            "that may write, from https://huggingface.co/settings/tokens"
        )
    if status == 402 and kind == "space":
        return (
            "the Hub asks to be paid for that hardware (402). A free account can have a page like "
            "this on --hardware zero-a10g; for other hardware, subscribe to PRO or add a card: "
            "https://huggingface.co/settings/billing"
        )
    if status == 402:
        return (
            "the Hub asks to be paid for that much private storage (402). Make room, publish it "
            "with --no-private, or see https://huggingface.co/settings/billing"
        )
    if status == 403:
        return (
            f"your token may not write there (403). Give a name of your own in place of {owner}, "
            "or log in with a token that may write: hf auth login"
        )
    if status == 409:
        return "that name is taken, or somebody else is changing it (409). Choose another name."
    reason = f": {message.splitlines()[0]}" if message else ""
    return f"the Hub answers HTTP {status}{reason}. Try again later. {AGAIN}"
