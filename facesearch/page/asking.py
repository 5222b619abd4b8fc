"""What a browser or a program asks, checked: every mistake in it is a sentence."""

from dataclasses import dataclass
from typing import Any

from facesearch.attributes import Query
from facesearch.errors import InputError, quoted
from facesearch.vocabulary import Vocabulary
from facesearch.words import parse_to_search

DEFAULT_K = 24
MOST_PICKED = 60  # faces of which there should be more, and as many fewer
MOST = 1000  # faces of one ranking that the page shows
FIELDS = frozenset(
    {
        *("gallery", "wanted", "unwanted", "like", "picture", "mix", "k", "after", "hidden"),
        *("more", "fewer"),
    }
)


@dataclass(frozen=True)
class Asked:
    """A question of the page.

    Attributes:
        query: attributes wanted and unwanted.
        like: name of a face whose likes are asked for, or None.
        picture: name of a face of a picture that was given, or None; it goes before `like`.
        mix: with one of these, from 0 (like this face) to 1 (what the query asks).
        k: how many faces.
        after: the rank after which they start.
        hidden: whether faces that are hidden by default are shown, too.
        more, fewer: names of faces of which there should be more, or fewer, like these.
        gallery: the version of the gallery that the page was opened on, or None.
    """

    query: Query
    like: str | None = None
    picture: str | None = None
    mix: float = 0.0
    k: int = DEFAULT_K
    after: int = 0
    gallery: str | None = None
    hidden: bool = False
    more: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()


def read_question(vocabulary: Vocabulary, asked: Any) -> Asked:
    """The question in a browser's JSON; `InputError` if it makes none."""
    if not isinstance(asked, dict) or not set(asked) <= FIELDS:
        raise InputError("The page sent a request that can't be read; reload it.")
    like, mix, gallery = asked.get("like"), asked.get("mix", 0.0), asked.get("gallery")
    if like is not None and not isinstance(like, str):
        raise InputError(f"like is {quoted(like)}: give the name of a face in this gallery.")
    picture = asked.get("picture")
    if picture is not None and not isinstance(picture, str):
        raise InputError(f"picture is {quoted(picture)}: give the name that its face was given.")
    if isinstance(mix, bool) or not isinstance(mix, int | float) or not 0 <= mix <= 1:
        raise InputError(
            f"mix is {quoted(mix)}: give a number from 0, like the face, to 1, what is ticked."
        )
    return Asked(
        read_query(vocabulary, asked.get("wanted"), asked.get("unwanted")),
        like,
        picture,
        float(mix),
        _whole("k", asked.get("k", DEFAULT_K), 1, MOST),
        _whole("after", asked.get("after", 0), 0, MOST),
        None if gallery is None else str(gallery),
        asked.get("hidden") is True,
        read_picked("more", asked.get("more")),
        read_picked("fewer", asked.get("fewer")),
    )


def read_picked(field: str, names: Any, most: int = MOST_PICKED) -> tuple[str, ...]:
    """Names of at most so many faces, each once; `InputError` for anything else."""
    names = [] if names is None else names
    if (
        not isinstance(names, list)
        or len(names) > most
        or not all(isinstance(name, str) for name in names)
    ):
        raise InputError(
            f"{field} is {quoted(names)}: give a list of at most {most} names of faces."
        )
    return tuple(dict.fromkeys(names))


def read_query(
    vocabulary: Vocabulary, wanted: Any = None, unwanted: Any = None, text: Any = None
) -> Query:
    """A query from lists of names as they came, lists of which any is wanted among those that are
    wanted, and from words besides; `InputError` if they make none."""
    said = parse_to_search(text, vocabulary).query if text else Query(vocabulary=vocabulary)
    return Query(
        [*_listed("wanted", wanted, nested=True), *said.wanted],
        [*_listed("unwanted", unwanted, nested=False), *said.unwanted],
        vocabulary=vocabulary,
    )


def read_k(k: Any) -> int:
    """How many faces a program asks for, by default for None; `InputError` outside 1 to `MOST`."""
    k = DEFAULT_K if k is None else _counted(k)
    if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= MOST:
        raise InputError(
            f"k is {quoted(k)}: ask for a whole number of results, at least 1 and at most {MOST:,}."
        )
    return k


def _counted(value: Any) -> Any:
    """An assistant's 2.0 is 2."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _whole(field: str, value: Any, least: int, most: int) -> int:
    value = _counted(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(f"{field} is {quoted(value)}: give a whole number, {least} to {most}.")
    return value


def _listed(field: str, names: Any, *, nested: bool) -> list[Any]:
    if names is None:
        return []
    kinds = (str, list, tuple) if nested else (str,)
    if not isinstance(names, list | tuple) or not all(isinstance(name, kinds) for name in names):
        raise InputError(
            f'{field} is {quoted(names)}: give a list of attribute names, such as ["Smiling"].'
        )
    return list(names)
