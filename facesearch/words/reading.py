"""From the words of a text to its parts: phrases of a vocabulary, and what joins or denies them."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from facesearch.words.english import (
    DENYING,
    LONGEST_ROLE,
    MODIFIERS,
    NOUNS,
    PRONOUNS,
    ROLES,
    SHADES,
    Role,
)
from facesearch.words.lexicon import LONGEST_PHRASE, Kind, Lexicon, Meaning, Term, exclusive_set
from facesearch.words.tokens import Token

COPULAS = frozenset({"is", "are", "was", "were"})
PUNCTUATION = frozenset({"comma", "break"})
JOINING = frozenset({"and", "or", "nor", "comma", "a", "little", *DENYING})


@dataclass
class Part:
    """A step of a sentence.

    Attributes:
        role: what a little word does; None for a phrase, "?" for what is not understood.
        tokens: places of its words.
        meaning: of a phrase.
        noun: place of the noun that an adjective shares with others, or has.
        denied: what a denial of it means, for a word that means nothing else.
        sign: 1 asked for, -1 ruled out, 0 left open; found by `denial`.
        before: roles between it and the phrase before it; likewise.
        attached: whether nothing at all is between it and the phrase before it; likewise.
    """

    role: str | None
    tokens: list[int]
    meaning: Meaning | None = None
    noun: int | None = None
    denied: Meaning | None = None
    sign: int = 1
    before: frozenset[str] = frozenset()
    attached: bool = False

    @property
    def kind(self) -> Kind:
        """Of what it means; a word that means something only where it is denied is a thing."""
        return self.meaning.kind if self.meaning else "thing"

    @property
    def terms(self) -> tuple[Term, ...]:
        """What it asks for; ruled out, a phrase of several asks for the contrary of its first."""
        if self.meaning is None or self.sign == 0:
            return ()
        all_of_them = self.sign > 0 or self.meaning.union
        terms = self.meaning.terms if all_of_them else self.meaning.terms[:1]
        return tuple((self.sign * sign, name) for sign, name in terms)

    def typed(self, text: str, said: Sequence[Token]) -> str:
        """Its words as typed."""
        return text[said[self.tokens[0]].start : said[self.tokens[-1]].end]


@dataclass
class Reader:
    """Reads the tokens of a text with the tables of a vocabulary, from left to right."""

    lexicon: Lexicon
    tokens: list[Token]
    parts: list[Part] = field(default_factory=list)
    pronouns: list[Part] = field(default_factory=list)

    def read(self) -> list[Part]:
        """The parts, in the order of the text; `pronouns` are kept apart from them."""
        self._taken: set[int] = set()  # nouns that an adjective before them has
        self._noun: Part | None = None  # the last one, which an adjective may follow
        place = 0
        while place < len(self.tokens):
            place = self._step(place)
        return self.parts

    def _step(self, place: int) -> int:
        """Read one part at a place; the place after it."""
        token = self.tokens[place]
        if place in self._taken:
            return place + 1
        if token.word in PRONOUNS and token.word in self.lexicon.phrases:
            self.pronouns.append(Part(None, [place], self.lexicon.phrases[token.word]))
            return place + 1
        phrase = self._phrase(place)
        role = self._role(place)
        adjective = self._adjective(place)
        if adjective and (not phrase or phrase[1] <= adjective[1]):
            meaning, after, noun = adjective
            if meaning is None or not meaning.terms:
                return self._unknown(place, after)
            self.parts.append(Part(None, list(range(place, after)), meaning, noun))
            self._found_noun(noun)
            return after
        if role and (not phrase or role[1] > phrase[1]):
            self.parts.append(Part(role[0], list(range(place, role[1]))))
            if role[0] == "break" and not token.word.isalpha():
                self._noun = None
            return role[1]
        if phrase:
            found, after = phrase
            if not found.terms:
                return self._unknown(place, after)
            self.parts.append(Part(None, list(range(place, after)), found))
            self._noun = None
            return after
        mended = self.lexicon.spelling.mended(token.word)
        for word in mended:
            self.tokens[place] = token._replace(word=word)
            if len(mended) == 1 or self._alike(mended):
                return self._step(place)
        self.tokens[place] = token
        return self._unknown(place, place + 1)

    def _alike(self, words: tuple[str, ...]) -> bool:
        meanings = [self.lexicon.phrases.get(word) for word in words]
        return meanings[0] is not None and all(
            each is not None and each.terms == meanings[0].terms for each in meanings
        )

    def _unknown(self, place: int, after: int) -> int:
        part = Part("?", list(range(place, after)), denied=None)
        word = self.tokens[after - 1].word
        if after == place + 1:
            part.denied = self.lexicon.denied.get(word)
        self.parts.append(part)
        self._noun = part if word in self.lexicon.nouns else None
        return after

    def _phrase(self, place: int) -> tuple[Meaning, int] | None:
        """The longest phrase that starts at a place, and the place after it."""
        key, found, length = "", None, 0
        for at in range(place, len(self.tokens)):
            word = self.tokens[at].word
            role = ROLES.get(word)
            if role in PUNCTUATION or length >= LONGEST_PHRASE:
                break
            meaning = self.lexicon.phrases.get(key + word)
            if not role or word == "and":
                key, length = key + word, length + 1
            elif at == place or (
                role not in ("a", "little")
                and word not in COPULAS
                and (meaning is None or not self.tokens[at].glued)  # "hat-less" is a word
            ):
                break
            if meaning is not None:
                found = meaning, at + 1
        return found

    def _role(self, place: int) -> tuple[Role, int] | None:
        key, found = "", None
        for at in range(place, min(place + LONGEST_ROLE, len(self.tokens))):
            key += self.tokens[at].word
            if key in ROLES:
                found = ROLES[key], at + 1
        return found

    def _adjective(self, place: int) -> tuple[Meaning | None, int, int | None] | None:
        """What an adjective with its noun means; the place after the adjective, or after the noun
        where that is next; the noun's place, None where it was said before. No meaning where the
        noun is of something else."""
        key = ""
        found: tuple[Meaning | None, int, int | None] | None = None
        for at in range(place, min(place + 4, len(self.tokens))):
            word = self.tokens[at].word
            if at > place and word in ROLES:
                break
            key += word
            nouns = self.lexicon.adjectives.get(key)
            if not nouns:
                continue
            noun = self._noun_ahead(at + 1, nouns)
            if noun is not None:
                found = nouns[self.tokens[noun].word], at + 1 + (noun == at + 1), noun
            elif self._of_another(at + 1) and any(each in NOUNS for each in nouns):
                found = found or (None, at + 1, None)
            elif self._noun and self._ends(at + 1):
                word = self.tokens[self._noun.tokens[-1]].word
                found = (nouns[word], at + 1, None) if word in nouns else found
            found = found or self._sibling(place, at + 1, nouns)
        return found

    def _sibling(
        self, place: int, after: int, nouns: dict[str, Meaning]
    ) -> tuple[Meaning, int, None] | None:
        """What an adjective without a noun means in a list of others: "blonde or black"."""
        if not self._ends(after):
            return None
        small = {"a", "little", *DENYING}
        before = [part for part in self.parts[-5:] if part.role not in small]
        lists = {"or", "comma", "and"}
        near = before[-2:-1] if before and before[-1].role in lists else []
        ahead = next((at for at in range(after, len(self.tokens)) if not self._joins(at)), after)
        follows = self._phrase(ahead) if ahead > after and ahead < len(self.tokens) else None
        meanings = [part.meaning for part in near] + [follows[0] if follows else None]
        for sets in (self._sets(meaning) for meaning in meanings if meaning):
            for meaning in nouns.values():
                if sets and self._sets(meaning) == sets:
                    return meaning, after, None
        return None

    def _joins(self, at: int) -> bool:
        return ROLES.get(self.tokens[at].word) in ("or", "comma", "and", "a", "little")

    def _sets(self, meaning: Meaning) -> frozenset[str]:
        """The names that exclude each other which all that a meaning asks for is of."""
        sets = {exclusive_set(self.lexicon.vocabulary, name) for _, name in meaning.terms}
        return frozenset(*sets) if len(sets) == 1 else frozenset()

    def _found_noun(self, place: int | None) -> None:
        """An adjective has its noun, at a place, or the last one that was said."""
        if place is not None:
            self._taken.add(place)
            self._noun = Part("?", [place])
        elif self._noun in self.parts:
            self.parts.remove(self._noun)

    def _noun_ahead(self, at: int, nouns: Container[str]) -> int | None:
        """The place of one of the nouns, if adjectives up to it share it: "black or brown hair"."""
        after_adjective = True
        while at < len(self.tokens):
            word = self.tokens[at].word
            if word in nouns and after_adjective:
                return at
            if word in NOUNS:
                return None
            if word in self.lexicon.adjectives or word in MODIFIERS:
                after_adjective = True
            elif ROLES.get(word) in JOINING or word == "but":
                after_adjective = False
            else:
                return None
            at += 1
        return None

    def _of_another(self, at: int) -> bool:
        """Whether a noun that is no face's follows, or a shade: "pale blue", "blonde moustache"."""
        while at < len(self.tokens) and self.tokens[at].word in MODIFIERS:
            if self.tokens[at].word in SHADES:
                return True
            at += 1
        return at < len(self.tokens) and self.tokens[at].word in NOUNS

    def _ends(self, at: int) -> bool:
        """Whether nothing follows that an adjective could belong to."""
        return at >= len(self.tokens) or self.tokens[at].word in ROLES
