"""A vocabulary's names, phrases and antonyms as tables to look words up in."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from facesearch.vocabulary import Vocabulary
from facesearch.words.english import (
    DENYING,
    MODIFIERS,
    NOUNS,
    PERSONS,
    PRONOUNS,
    QUALITIES,
    ROLES,
    SPELLINGS,
)
from facesearch.words.meant import MEANT
from facesearch.words.spelling import Spelling
from facesearch.words.tokens import words

Kind = Literal["thing", "quality", "person"]
Term = tuple[int, str]  # 1 for presence or -1 for absence, and the name of an attribute
LONGEST_PHRASE = 7  # words of a phrase, little ones left out


@dataclass(frozen=True)
class Meaning:
    """What a phrase asks for.

    Attributes:
        terms: all of them hold, or any of them for a union.
        kind: what somebody has, what he or she is like, or is.
        union: whether any of the terms will do.
    """

    terms: tuple[Term, ...]
    kind: Kind
    union: bool = False


class Lexicon:
    """The tables of a vocabulary. A key is a phrase's words written together, but for little ones.

    Attributes:
        vocabulary: whose tables they are.
        phrases: a key to what it means.
        denied: a key to what its denial means, such as "hair" to baldness, for phrases with "no".
        adjectives: a key of all words of a phrase but the last, to that noun, to what both mean.
        nouns: those last words.
        whole: names and labels as they are; some are little words or signs alone, which only a
            text that says nothing else asks for.
        shown: for completion, phrases with spaces alone between their words, as written, and
            what they mean; labels first.
        spelling: corrects slips in words of these tables.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.phrases: dict[str, Meaning] = {}
        self.denied: dict[str, Meaning] = {}
        self.adjectives: dict[str, dict[str, Meaning]] = {}
        self.nouns: set[str] = set()
        self.whole: dict[str, str] = {}
        self.shown: list[tuple[str, str, Meaning]] = []
        self._words: set[str] = set()
        names = [(text, 1, name) for name in vocabulary.names for text in _named(vocabulary, name)]
        said = [(text, 1, name) for name, row in vocabulary.phrases.items() for text in row]
        said += [(text, -1, name) for name, row in vocabulary.antonyms.items() for text in row]
        self._add_all(names)
        for text, _, name in names:
            self.whole.setdefault(text.casefold(), name)
        self._add_opposites(vocabulary)
        self._add_all(said)
        for text, meant in vocabulary.unions.items():
            key = _content(text)
            if key and "".join(key) not in self.phrases:
                terms = tuple((1, name) for name in meant)
                self._add(key, Meaning(terms, _kind(key), union=True))
        self._add_forms(vocabulary)
        self._show([label.lower() for label in vocabulary.labels.values()])
        rows = (*vocabulary.phrases.values(), *vocabulary.antonyms.values(), vocabulary.unions)
        by_place = sorted((place, text) for row in rows for place, text in enumerate(row))
        self._show([text for _, text in by_place])
        alone = {word for word in self._words if word in self.phrases}
        named = {word for name in vocabulary.names for word in _content(name)}
        denials = {word for word, role in ROLES.items() if role in DENYING or role == "except"}
        self.spelling = Spelling(
            alone | named | denials,
            known=self._words
            | MODIFIERS
            | NOUNS
            | MEANT
            | QUALITIES
            | PERSONS
            | ROLES.keys()
            | SPELLINGS.keys(),
        )

    def _add_all(self, listed: Iterable[tuple[str, int, str]]) -> None:
        """Add phrases; those of one call that are alike mean all that they are listed for."""
        meant: dict[tuple[str, ...], list[Term]] = {}
        for text, sign, name in listed:
            key = _content(text)
            if key:
                terms = meant.setdefault(key, [])
                if (sign, name) not in terms and (-sign, name) not in terms:
                    terms.append((sign, name))
        for key, terms in meant.items():
            meaning = Meaning(tuple(terms), _kind(key))
            if ROLES.get(key[0]) in DENYING and len(key) > 1:
                self.denied.setdefault("".join(key[1:]), meaning)
                self._words.update(key[1:])
            elif "".join(key) not in self.phrases:
                self._add(key, meaning)

    def _add(self, key: tuple[str, ...], meaning: Meaning) -> None:
        self.phrases["".join(key)] = meaning
        self._words.update(key)
        if len(key) > 1:
            self.adjectives.setdefault("".join(key[:-1]), {})[key[-1]] = meaning
            self.nouns.add(key[-1])

    def _add_opposites(self, vocabulary: Vocabulary) -> None:
        """The plain word of an attribute such as "No_Beard" stands for its absence."""
        for name in vocabulary.names:
            key = _content(name)
            if (
                len(key) > 1
                and ROLES.get(key[0]) in DENYING
                and "".join(key[1:]) not in self.phrases
            ):
                self._add(key[1:], Meaning(((-1, name),), _kind(key)))

    def _add_forms(self, vocabulary: Vocabulary) -> None:
        """Plurals, what follows from a name in "-ing", and denials within a word."""
        for name in vocabulary.names:
            key = _content(name)
            if key and "".join(key) in self.phrases:
                for form in (*_singulars(key[-1]), *(_verbs(key[0]) if len(key) == 1 else ())):
                    self._also((*key[:-1], form), self.phrases["".join(key)])
        for adjective, nouns in list(self.adjectives.items()):
            for noun, meaning in list(nouns.items()):
                nouns.setdefault(_plural(noun), meaning)
                self.nouns.add(_plural(noun))
                self.phrases.setdefault(adjective + _plural(noun), meaning)
        for word in [word for word in self.phrases if word in self._words and word.isalpha()]:
            meaning = self.phrases[word]
            if meaning.kind != "quality":
                self._also((_plural(word),), meaning)
            if len(meaning.terms) == 1 and meaning.kind != "person" and word not in PRONOUNS:
                ((sign, name),) = meaning.terms
                denial = Meaning(((-sign, name),), "quality")
                denials = (
                    (f"{word}less",) if meaning.kind == "thing" else (f"un{word}", f"non{word}")
                )
                for form in denials:
                    self._also((form,), denial)

    def _show(self, phrases: Iterable[str]) -> None:
        shown = {key.replace(" ", "") for key, _, _ in self.shown}
        for phrase in phrases:
            key, content = " ".join(words(phrase)), _content(phrase)
            meaning = self.phrases.get("".join(content)) or self.denied.get("".join(content[1:]))
            if meaning and meaning.terms and key.replace(" ", "") not in shown and key[0].isalnum():
                self.shown.append((key, phrase, meaning))
                shown.add(key.replace(" ", ""))

    def _also(self, key: tuple[str, ...], meaning: Meaning) -> None:
        if "".join(key) not in self.phrases and not any(word in ROLES for word in key):
            self._add(key, meaning)


@functools.lru_cache(maxsize=16)
def lexicon(vocabulary: Vocabulary) -> Lexicon:
    """The tables of a vocabulary, made once."""
    return Lexicon(vocabulary)


def exclusive_set(vocabulary: Vocabulary, name: str) -> tuple[str, ...]:
    """The names of which a face has one at the most, this one among them; none without such."""
    return next((group for group in vocabulary.exclusive if name in group), ())


def _named(vocabulary: Vocabulary, name: str) -> tuple[str, str]:
    return name, vocabulary.labels[name]


def _content(text: str) -> tuple[str, ...]:
    """The words of a phrase that count; all of them where they are a subject's, such as "he"."""
    said = words(text)
    if len(said) == 1 and said[0] in PRONOUNS:
        return (said[0],)
    denied = said[:1] if ROLES.get(said[0] if said else "") in DENYING else []
    rest = said[len(denied) :]
    while rest and rest[0] in ROLES:
        rest = rest[1:]
    content = [word for word in rest if word not in ROLES or word == "and"]
    # "nice looking" keeps its little word: without it "nice" would mean as much.
    return tuple(denied + (content if len(content) > 1 else rest))[:LONGEST_PHRASE] if rest else ()


def _kind(key: tuple[str, ...]) -> Kind:
    last = key[-1]
    if last in PERSONS:
        return "person"
    if last in QUALITIES or (last.endswith(("ing", "ed", "less")) and not last.endswith("ring")):
        return "quality"
    return "thing"


def _plural(word: str) -> str:
    if word.endswith("s"):
        return word
    if word.endswith(("x", "z", "ch", "sh")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"


def _singulars(word: str) -> tuple[str, ...]:
    if word.endswith("ies"):
        return (f"{word[:-3]}y", word[:-1])
    return (word[:-1],) if word.endswith("s") and not word.endswith(("ss", "sses")) else ()


def _verbs(word: str) -> tuple[str, ...]:
    if not word.endswith("ing") or len(word) < 6:
        return ()
    stem = word[:-3]
    return stem, f"{stem}s", f"{stem}e", f"{stem}es"
