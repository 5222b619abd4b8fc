"""How the unfinished end of a text may go on, from a vocabulary's labels and phrases."""

from collections.abc import Iterator
from dataclasses import dataclass

from facesearch.attributes import CELEBA
from facesearch.vocabulary import Vocabulary
from facesearch.words.english import DENYING, ROLES, Role
from facesearch.words.lexicon import Meaning, lexicon
from facesearch.words.tokens import Token, tokens

MOST_WORDS = 4  # of the end of a text that one phrase may continue
MOST_SHOWN = 2  # phrases that mean the same
SILENT: frozenset[Role | None] = DENYING | {"or", "and", "a", "comma", "break"}  # begin no phrase


@dataclass(frozen=True)
class Suggestion:
    """A phrase that a text may go on with.

    Attributes:
        phrase: the whole phrase, of which the text has the beginning.
        meaning: what it asks for, in the labels of the vocabulary: "without Male".
        text: the text with the phrase.
        names: the attributes that it speaks of.
    """

    phrase: str
    meaning: str
    text: str
    names: tuple[str, ...]


def complete(text: str, vocabulary: Vocabulary = CELEBA, limit: int = 8) -> list[Suggestion]:
    """Phrases that begin as a text ends, most likely first; then those with such a word in them.
    None where its last word is a phrase as it stands."""
    said = tokens(text)[-MOST_WORDS:]
    if not said:
        return []
    found: dict[str, Suggestion] = {}
    shown: dict[tuple[tuple[int, str], ...], int] = {}
    for start, phrase, meaning in _matches(text, said, vocabulary):
        times = shown.get(meaning.terms, 0)
        if phrase in found or times >= MOST_SHOWN:
            continue
        shown[meaning.terms] = times + 1
        names = tuple(name for _, name in meaning.terms)
        found[phrase] = Suggestion(
            phrase, _meaning(meaning, vocabulary), text[:start] + phrase, names
        )
        if len(found) == limit:
            break
    return list(found.values())


def _matches(
    text: str, said: list[Token], vocabulary: Vocabulary
) -> Iterator[tuple[int, str, Meaning]]:
    """Where a phrase would begin in the text, the phrase, and what it means."""
    shown = lexicon(vocabulary).shown
    space = " " if text[-1:].isspace() else ""
    for first in range(len(said)):
        # The last word may be half typed, so that its spelling is as it stands.
        begun = " ".join([*(token.word for token in said[first:-1]), said[-1].text.casefold()])
        if ROLES.get(begun) in SILENT or (not space and begun in lexicon(vocabulary).phrases):
            return
        found = [each for each in shown if each[0].startswith(begun + space) and each[0] != begun]
        yield from ((said[first].start, phrase, meaning) for _, phrase, meaning in found)
        if found and first < len(said) - 1:
            return
    if not space and len(begun) > 1:
        for key, phrase, meaning in shown:
            if f" {begun}" in key:
                yield said[-1].start, phrase, meaning


def _meaning(meaning: Meaning, vocabulary: Vocabulary) -> str:
    said = [("" if sign > 0 else "without ") + vocabulary.labels[n] for sign, n in meaning.terms]
    return (" or " if meaning.union else ", ").join(said)
