"""A vocabulary: the attributes that a model knows, and what is to be said of them."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from facesearch.errors import InputError, quoted

FEWEST, MOST = 2, 500  # attributes of a vocabulary
LONGEST = 100  # characters of a name, a label or a phrase


@dataclass(frozen=True)
class Vocabulary:
    """Attributes in the order of a model's outputs, with words for people.

    Attributes:
        names: A names, unique, as files and programs spell them.
        labels: a name to its plain words, as the page shows them; made from the name by default.
        groups: a heading of the panel to its names, each name in one group; one group by default.
        exclusive: sets of names of which a face has one at the most, such as colours of hair.
        impressions: names of what an annotator thought, more than anything that a picture shows.
        phrases: a name to further words that people say for it, in lower case.
        antonyms: a name to words that people say for its absence, in lower case.
        unions: words to the names of which they mean any ("dark hair"), or to none where they
            sound like an attribute but mean something else ("bow tie").

    Raises `InputError` for fewer than 2 or more than 500 names, a name that is empty, too long,
    given twice or not printable, and for a group, set or word of a name that is not among them.
    """

    names: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclusive: tuple[tuple[str, ...], ...] = ()
    impressions: frozenset[str] = frozenset()
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    antonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = self.names
        if not FEWEST <= len(names) <= MOST:
            raise InputError(
                f"A vocabulary of {len(names):,} attributes: give {FEWEST} to {MOST} names."
            )
        for name in names:
            check_name(name)
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(f"The attribute {twice!r} is named twice; give each name once.")
        labels = {name: self.labels.get(name) or plain_words(name) for name in names}
        groups = {heading: tuple(group) for heading, group in self.groups.items()}
        grouped = [name for group in groups.values() for name in group]
        rest = tuple(name for name in names if name not in set(grouped))
        if rest:
            groups["Other" if groups else "Attributes"] = rest
        mentioned: Iterable[str] = (
            *self.labels,
            *grouped,
            *(name for group in self.exclusive for name in group),
            *self.impressions,
            *self.phrases,
            *self.antonyms,
            *(name for names in self.unions.values() for name in names),
        )
        strange = [name for name in mentioned if name not in set(names)]
        if strange or len(set(grouped)) < len(grouped):
            raise InputError(
                f"The vocabulary speaks of {strange[0]!r}, which is not one of its attributes."
                if strange
                else "The vocabulary has an attribute in two groups; give each name one group."
            )
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "groups", groups)

    def __len__(self) -> int:
        return len(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self._columns

    def __hash__(self) -> int:
        return hash(self.names)

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {name: column for column, name in enumerate(self.names)}

    def index(self, name: object) -> int:
        """Column of an attribute, from 0; `InputError` with the nearest names for another one."""
        column = self._columns.get(name) if isinstance(name, str) else None
        if column is None:
            raise InputError(self._unknown(name))
        return column

    def excluded_by(self, names: Iterable[str]) -> tuple[str, ...]:
        """What a face can't have besides one of these names: the rest of the sets they are in."""
        given = set(names)
        sets = [group for group in self.exclusive if given.intersection(group)]
        return tuple(name for group in sets for name in group if name not in given)

    def extended(self, names: Sequence[str], heading: str) -> "Vocabulary":
        """This vocabulary with further attributes after its own, in a group of their own.
        `InputError` for one that is called as another is, in whatever letters."""
        called = {plain_words(text).casefold() for text in (*self.names, *self.labels.values())}
        for name in names:
            check_name(name)
            if plain_words(name).casefold() in called:
                raise InputError(f"There is an attribute {name!r} already; choose another name.")
            called.add(plain_words(name).casefold())
        grouped = {**self.groups, heading: (*self.groups.get(heading, ()), *names)}
        return replace(self, names=(*self.names, *names), groups=grouped)

    def as_json(self) -> dict[str, Any]:
        """Plain values for a bundle's config.json; `from_json` reads them back."""
        return {
            "names": list(self.names),
            "labels": dict(self.labels),
            "groups": {heading: list(group) for heading, group in self.groups.items()},
            "exclusive": [list(group) for group in self.exclusive],
            "impressions": sorted(self.impressions),
            "phrases": {name: list(words) for name, words in self.phrases.items()},
            "antonyms": {name: list(words) for name, words in self.antonyms.items()},
            "unions": {words: list(names) for words, names in self.unions.items()},
        }

    @classmethod
    def from_json(cls, values: Any) -> "Vocabulary":
        """A vocabulary from what `as_json` gave; `InputError` for anything else."""
        if not isinstance(values, dict) or "names" not in values:
            raise InputError(
                f"The vocabulary is {quoted(values)}: it must be an object with names."
            )
        kinds: dict[str, Any] = {
            "names": _texts,
            "labels": lambda value: {_text(k): _text(v) for k, v in _object(value).items()},
            "groups": _lists,
            "exclusive": lambda value: tuple(_texts(group) for group in _list(value)),
            "impressions": lambda value: frozenset(_texts(value)),
            "phrases": _lists,
            "antonyms": _lists,
            "unions": _lists,
        }
        return cls(**{key: read(values[key]) for key, read in kinds.items() if key in values})

    def _unknown(self, name: object) -> str:
        said = str(name)[:LONGEST] if isinstance(name, str | int | float) else ""
        near = difflib.get_close_matches(said, self.names, n=3, cutoff=0.4)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        return (
            f"Unknown attribute {quoted(name)}: use one of the {len(self)} names of this "
            f"vocabulary, such as {self.names[min(15, len(self) - 1)]}.{hint}"
        )


def plain_words(name: str) -> str:
    """A name as people would write it: "Wearing_Hat" to "Wearing hat"."""
    words = name.replace("_", " ").split()
    return " ".join([words[0][:1].upper() + words[0][1:], *(word.lower() for word in words[1:])])


def check_name(name: object) -> None:
    """`InputError` for an attribute's name that is not text, empty, too long or not printable."""
    if not isinstance(name, str):
        raise InputError(f"An attribute is named {quoted(name)}: a name is a text.")
    if not name.replace("_", " ").strip() or name != name.strip():
        raise InputError(f"An attribute is named {name[:LONGEST]!r}: it needs letters, no edges.")
    if len(name) > LONGEST or not name.isprintable():
        raise InputError(
            f"An attribute is named {quoted(name)}: give at most {LONGEST} printable characters."
        )


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise InputError(
            f"The vocabulary holds {quoted(value)} where a text of at most {LONGEST} characters "
            "is expected."
        )
    return value


def _list(value: object) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise InputError(f"The vocabulary holds {quoted(value)} where a list is expected.")
    return value


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"The vocabulary holds {quoted(value)} where an object is expected.")
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(each) for each in _list(value))


def _lists(value: object) -> dict[str, tuple[str, ...]]:
    return {_text(key): _texts(each) for key, each in _object(value).items()}
