"""The tables that sentences are read with, as plain values for a reader in another language.

`facesearch/page/static/words` is that reader: the page's own, where it has no server.
"""

from collections.abc import Mapping
from typing import Any

from facesearch.vocabulary import Vocabulary
from facesearch.words.english import (
    DENYING,
    LONGEST_ROLE,
    MODIFIERS,
    NOUNS,
    PRONOUNS,
    ROLES,
    SHADES,
    SPELLINGS,
)
from facesearch.words.lexicon import LONGEST_PHRASE, Meaning, Term, lexicon
from facesearch.words.parsing import LONGEST_TEXT


def tables(vocabulary: Vocabulary) -> dict[str, Any]:
    """English and a vocabulary's `Lexicon`, to be written as JSON.

    A meaning is written once, as its terms ("+Name", "-Name"), kind and whether it is a union, and
    named by its place among `meanings`. `nouns` are the lexicon's, `others` those of English.
    """
    read, meanings = lexicon(vocabulary), dict[Meaning, int]()

    def places(rows: Mapping[str, Meaning]) -> dict[str, int]:
        return {key: place(meaning) for key, meaning in rows.items()}

    def place(meaning: Meaning) -> int:
        return meanings.setdefault(meaning, len(meanings))

    return {
        "names": list(vocabulary.names),
        "labels": dict(vocabulary.labels),
        "exclusive": [list(names) for names in vocabulary.exclusive],
        "phrases": places(read.phrases),
        "denied": places(read.denied),
        "adjectives": {key: places(nouns) for key, nouns in read.adjectives.items()},
        "shown": [[key, phrase, place(meaning)] for key, phrase, meaning in read.shown],
        "whole": read.whole,
        "nouns": sorted(read.nouns),
        "mended": read.spelling.words,
        "known": sorted(read.spelling.known),
        "roles": ROLES,
        "denying": sorted(DENYING),
        "pronouns": sorted(PRONOUNS),
        "spellings": SPELLINGS,
        "shades": sorted(SHADES),
        "modifiers": sorted(MODIFIERS),
        "others": sorted(NOUNS),
        "longest_role": LONGEST_ROLE,
        "longest_phrase": LONGEST_PHRASE,
        "longest_text": LONGEST_TEXT,
        "meanings": [[_signed(each.terms), each.kind, each.union] for each in meanings],
    }


def _signed(terms: tuple[Term, ...]) -> list[str]:
    return [f"{'+' if sign > 0 else '-'}{name}" for sign, name in terms]
