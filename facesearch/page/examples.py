"""Queries to start from: eight that read well, and random ones."""

import random
from typing import NamedTuple

from facesearch.attributes import ATTRIBUTES, Query
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
    """Those that can be asked of a bundle, whose model may not know every attribute."""
    missing = set(bundle.unavailable)
    return [each for each in EXAMPLES if not missing & {*each.wanted, *each.unwanted}]


def surprise(bundle: Bundle, rng: random.Random) -> Query:
    """A random query of two or three attributes with `ENOUGH` matches, or as many as can be had.

    Each attribute is drawn from those that leave enough faces and rule some out; three in four are
    wanted, as most faces lack most attributes.
    """
    counts, query = bundle.attribute_counts, Query()
    for _ in range(rng.choice((2, 3))):
        asked = {*query.wanted, *query.unwanted, *bundle.unavailable}
        most = counts.count(query)
        free = [
            [
                name
                for name, faces in zip(ATTRIBUTES, added, strict=True)
                if name not in asked and min(ENOUGH, len(bundle)) <= faces < most
            ]
            for added in counts.added(query)
        ]
        wanted = free[0] if rng.random() < 0.75 or not free[1] else []
        if wanted:
            query = Query((*query.wanted, rng.choice(wanted)), query.unwanted)
        elif free[1]:
            query = Query(query.wanted, (*query.unwanted, rng.choice(free[1])))
    return query
