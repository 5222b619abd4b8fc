"""A sentence to a query, by rules and a vocabulary's tables; what is not understood is named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facesearch.attributes import CELEBA, Query
from facesearch.errors import InputError, quoted
from facesearch.vocabulary import Vocabulary
from facesearch.words.english import ROLES
from facesearch.words.lexicon import lexicon
from facesearch.words.reading import Part, Reader
from facesearch.words.scope import Group, any_of_groups, set_signs
from facesearch.words.tokens import Token, tokens

LONGEST_TEXT = 1000  # characters

Term = tuple[int, str]


@dataclass(frozen=True)
class Understood:
    """A phrase of a text and what it asks for.

    Attributes:
        text: as typed.
        start, end: its place in the text, in characters.
        wanted, unwanted: names that it asks for and rules out; none where it leaves them open, as
            in "with or without glasses".
    """

    text: str
    start: int
    end: int
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parsed:
    """What a text asks for.

    Attributes:
        query: of all that is understood and does not contradict itself.
        understood: its phrases, in the order of the text.
        ignored: the words that are not understood, as typed; little words such as "with" are not
            among them.
        problem: a sentence about words that are understood but can't be asked for, because they
            contradict each other or need any-of with an absence; they are left out of the query.
    """

    query: Query
    understood: tuple[Understood, ...] = ()
    ignored: tuple[str, ...] = ()
    problem: str | None = None


def parse(text: str, vocabulary: Vocabulary = CELEBA) -> Parsed:
    """The query that a text asks for, in the words of a vocabulary.

    Raises `InputError` for what is no text, or longer than 1,000 characters; any other text has a
    query, if an empty one.
    """
    if not isinstance(text, str):
        raise InputError(f"The text is {quoted(text)}: say in words who is to be found.")
    if len(text) > LONGEST_TEXT:
        raise InputError(
            f"The text has {len(text):,} characters: say it in {LONGEST_TEXT:,} at the most."
        )
    tables = lexicon(vocabulary)
    name = tables.whole.get(text.strip().casefold())
    if name:
        start = len(text) - len(text.lstrip())
        said = Understood(text.strip(), start, start + len(text.strip()), (name,))
        return Parsed(Query([name], vocabulary=vocabulary), (said,))
    reader = Reader(tables, tokens(text))
    parts = reader.read()
    phrases = set_signs(parts, vocabulary)
    demands = _Demands(vocabulary)
    missed = demands.take(phrases, any_of_groups(phrases, vocabulary), text, reader.tokens)
    demands.take_pronouns(reader.pronouns)
    query = demands.query(text, reader.tokens)
    understood = tuple(
        _understood(part, text, reader.tokens)
        for part in sorted([*phrases, *demands.pronouns], key=lambda part: part.tokens)
        if part not in missed
    )
    unread = [part for part in parts if part.role == "?" and part.meaning is None]
    ignored = _ignored([*unread, *missed], parts, reader.tokens)
    return Parsed(query, understood, ignored, demands.problem)


class _Demands:
    """What phrases ask for together."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.signs: dict[Term, Part] = {}  # to the phrase that asks first
        self.loose: dict[Term, Part] = {}  # ruled out by a word for several, such as "jewellery"
        self.any_of: list[tuple[str, ...]] = []
        self.pronouns: list[Part] = []
        self.problem: str | None = None

    def take(
        self, phrases: Sequence[Part], groups: Sequence[Group], text: str, said: Sequence[Token]
    ) -> list[Part]:
        """Take what is asked for; the phrases that any-of can't say."""
        joined = [part for group in groups for side in group for part in side]
        for part in phrases:
            if part not in joined and part.sign:
                self._ask(part)
        missed: list[Part] = []
        for group in groups:
            if not self._ask_any(group):
                parts = [part for side in group for part in side]
                missed += parts
                self.problem = self._unsayable(parts, text, said)
        return missed

    def _unsayable(self, parts: Sequence[Part], text: str, said: Sequence[Token]) -> str:
        places = [place for part in parts for place in part.tokens]
        typed = text[said[min(places)].start : said[max(places)].end]
        reason = "“or” joins single attributes"
        for part in parts:
            for sign, name in _terms(part):
                if part.sign < 0:
                    reason = "“or” joins only what is wanted"
                elif sign < 0:
                    label = self.vocabulary.labels[name]
                    reason = (
                        f"“{_typed(part, text, said)}” means without “{label}”, and “or” joins "
                        "only what is wanted"
                    )
        return f"“{typed}” can't be asked for, as {reason}; it is left out."

    def take_pronouns(self, pronouns: Sequence[Part]) -> None:
        """Take what "he" or "she" says of somebody, where nothing else says it."""
        for part in pronouns:
            ((_, name),) = _terms(part) if len(_terms(part)) == 1 else ((0, ""),)
            said = {each for _, each in (*self.signs, *self.loose)}
            if name and (name not in said or part.meaning in [p.meaning for p in self.pronouns]):
                self.pronouns.append(part)
                self.signs.setdefault(_terms(part)[0], part)

    def query(self, text: str, said: Sequence[Token]) -> Query:
        """All of it as a query, less what contradicts itself."""
        wanted = {name for sign, name in self.signs if sign > 0}
        unwanted = {name for sign, name in self.signs if sign < 0}
        unwanted |= {name for _, name in self.loose} - wanted
        for name in self.vocabulary.names:
            if name in wanted and name in unwanted:
                wanted.discard(name)
                unwanted.discard(name)
                typed = [_typed(self.signs[sign, name], text, said) for sign in (1, -1)]
                self.problem = (
                    f"“{typed[0]}” and “{typed[1]}” contradict each other, so neither counts: "
                    "say one of the two."
                    if typed[0] != typed[1]
                    else f"“{typed[0]}” is asked for and ruled out, so it does not count: say one "
                    "of the two."
                )
        sets: list[str | tuple[str, ...]] = []
        for names in self.any_of:
            if wanted.isdisjoint(names):
                left = tuple(name for name in names if name not in unwanted)
                sets += [left] if left else []
        return Query([*wanted, *dict.fromkeys(sets)], unwanted, vocabulary=self.vocabulary)

    def _ask(self, part: Part) -> None:
        assert part.meaning is not None
        if part.meaning.union and part.sign > 0:
            self.any_of.append(tuple(name for _, name in part.meaning.terms))
        elif part.meaning.union:
            self.loose.update(dict.fromkeys(_terms(part), part))
        else:
            for term in _terms(part):
                self.signs.setdefault(term, part)

    def _ask_any(self, group: Group) -> bool:
        """Ask for any of a group's sides; whether a query can say it."""
        sides: list[set[Term]] = []
        for side in group:
            parts = [part for part in side if part.meaning is not None]
            if any(part.sign == 0 for part in parts):
                return True
            unions = [part for part in parts if part.meaning and part.meaning.union]
            if unions and len(parts) > 1:
                return False
            if unions:
                sides += [{term} for term in _terms(unions[0])]
            else:
                sides.append({term for part in parts for term in _terms(part)})
        common = set.intersection(*sides)
        rests = [side - common - self.signs.keys() for side in sides]
        part = group[0][0]
        opposite = [{(-sign, name) for sign, name in rest} for rest in rests]
        if all(rests) and not any(rest in opposite for rest in rests if len(rest) == 1):
            if not all(len(rest) == 1 and min(rest)[0] > 0 for rest in rests):
                return False
            names = dict.fromkeys(name for rest in rests for _, name in rest)
            self.any_of.append(tuple(names))
        for term in common:
            self.signs.setdefault(term, part)
        return True


def _terms(part: Part) -> tuple[Term, ...]:
    """What a phrase asks for; ruled out, a phrase of several asks for the contrary of its first."""
    if part.meaning is None or part.sign == 0:
        return ()
    terms = part.meaning.terms
    if part.sign < 0 and not part.meaning.union:
        terms = terms[:1]
    return tuple((part.sign * sign, name) for sign, name in terms)


def _typed(part: Part, text: str, said: Sequence[Token]) -> str:
    return text[said[part.tokens[0]].start : said[part.tokens[-1]].end]


def _understood(part: Part, text: str, said: Sequence[Token]) -> Understood:
    terms = _terms(part)
    return Understood(
        _typed(part, text, said),
        said[part.tokens[0]].start,
        said[part.tokens[-1]].end,
        tuple(name for sign, name in terms if sign > 0),
        tuple(name for sign, name in terms if sign < 0),
    )


def _ignored(
    unread: Iterable[Part], parts: Sequence[Part], said: Sequence[Token]
) -> tuple[str, ...]:
    """The words of parts as typed, those with hyphens in one piece."""
    places = {place for part in unread for place in part.tokens}
    prefixes = {place for part in parts if part.role == "non" for place in part.tokens}
    found: list[str] = []
    last = -2
    for place in sorted(places | {place for place in prefixes if place + 1 in places}):
        token = said[place]
        if token.text in "-_" or (token.word in ROLES and place not in prefixes):
            continue
        if place == last + 1 and token.glued and found:
            found[-1] += f"-{token.text}"
        else:
            found.append(token.text)
        last = place
    return tuple(found)
