"""Queries to start from: eight that read well, and random ones."""

import random
from typing import NamedTuple

from facesearch.attributes import Query
from facesearch.bundle import Bundle

ENOUGH = 12  # matches of a random query


class Example(NamedTuple):
    """A query by a name in plain words."""

    title: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...] = ()


EXAMPLES = (
    Example("Glasses and a smile", ("Eyeglasses", "Smiling"), ("Male", "Blurry")),
    Example("A beard and a smile", ("Smiling",), ("No_Beard",)),
    Example("Blond waves", ("Blond_Hair", "Wavy_Hair")),
    Example("Under a hat", ("Wearing_Hat", "Eyeglasses")),
    Example("Grey hair and a tie", ("Gray_Hair", "Wearing_Necktie")),
    Example("Bangs and rosy cheeks", ("Bangs", "Rosy_Cheeks")),
    Example("Bald with glasses", ("Bald", "Eyeglasses")),
    Example("A serious moustache", ("Mustache",), ("Smiling",)),
)


def examples(bundle: Bundle) -> list[Example]:
    """Those that can be asked of a bundle, whose model may not know every attribute; for a
    vocabulary that they are not of, its first attributes."""
    known = set(bundle.vocabulary.names) - set(bundle.unavailable)
    fitting = [each for each in EXAMPLES if known >= {*each.wanted, *each.unwanted}]
    if fitting:
        return fitting
    names = [name for name in bundle.vocabulary.names if name in known]
    return [Example(bundle.vocabulary.labels[name], (name,)) for name in names[: len(EXAMPLES)]]


def surprise(bundle: Bundle, rng: random.Random) -> Query:
    """A random query of two or three attributes with `ENOUGH` matches, or as many as can be had.

    Each attribute is drawn from those that leave enough faces and rule some out; three in four are
    wanted, as most faces lack most attributes. At most one is wanted of a set that excludes each
    other, so that each narrows the search.
    """
    vocabulary, query = bundle.vocabulary, bundle.query()
    for _ in range(rng.choice((2, 3))):
        asked = {*query.names, *bundle.unavailable, *vocabulary.excluded_by(query.singles)}
        counts = bundle.counts(query)
        free = [
            [
                name
                for name, faces in zip(vocabulary.names, added.tolist(), strict=True)
                if name not in asked and min(ENOUGH, len(bundle)) <= faces < counts.matching
            ]
            for added in (counts.wanted, counts.unwanted)
        ]
        wanted = free[0] if rng.random() < 0.75 or not free[1] else []
        if wanted:
            query = bundle.query((*query.wanted, rng.choice(wanted)), query.unwanted)
        elif free[1]:
            query = bundle.query(query.wanted, (*query.unwanted, rng.choice(free[1])))
    return query
