"""What a browser or a program asks, checked: every mistake in it is a sentence."""

from dataclasses import dataclass
from typing import Any

from facesearch.attributes import Query
from facesearch.errors import InputError

DEFAULT_K = 24
MOST = 1000  # faces of one ranking that the page shows
FIELDS = frozenset({"gallery", "wanted", "unwanted", "like", "mix", "k", "after"})


@dataclass(frozen=True)
class Asked:
    """A question of the page.

    Attributes:
        query: attributes wanted and unwanted.
        like: name of a face whose likes are asked for, or None.
        mix: with `like`, from 0 (like this face) to 1 (what the query asks).
        k: how many faces.
        after: the rank after which they start.
        gallery: the version of the gallery that the page was opened on, or None.
    """

    query: Query
    like: str | None = None
    mix: float = 0.0
    k: int = DEFAULT_K
    after: int = 0
    gallery: str | None = None


def read_question(asked: Any) -> Asked:
    """The question in a browser's JSON; `InputError` if it makes none."""
    if not isinstance(asked, dict) or not set(asked) <= FIELDS:
        raise InputError("The page sent a request that can't be read; reload it.")
    like, mix, gallery = asked.get("like"), asked.get("mix", 0.0), asked.get("gallery")
    if like is not None and not isinstance(like, str):
        raise InputError(f"like is {str(like)[:80]!r}: give the name of a face in this gallery.")
    if isinstance(mix, bool) or not isinstance(mix, int | float) or not 0 <= mix <= 1:
        raise InputError(
            f"mix is {str(mix)[:80]!r}: give a number from 0, like the face, to 1, what is ticked."
        )
    return Asked(
        read_query(asked.get("wanted"), asked.get("unwanted")),
        like,
        float(mix),
        _whole("k", asked.get("k", DEFAULT_K), 1, MOST),
        _whole("after", asked.get("after", 0), 0, MOST),
        None if gallery is None else str(gallery),
    )


def read_query(wanted: Any = None, unwanted: Any = None) -> Query:
    """A query from lists of names as they came; `InputError` if they make none."""
    return Query(_names("wanted", wanted), _names("unwanted", unwanted))


def _whole(field: str, value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(f"{field} is {str(value)[:80]!r}: give a whole number, {least} to {most}.")
    return value


def _names(field: str, names: Any) -> list[str]:
    if names is None:
        return []
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise InputError(
            f'{field} is {str(names)[:80]!r}: give a list of attribute names, such as ["Smiling"].'
        )
    return list(names)
