"""A sentence to a query, by rules and a vocabulary's tables; what is not understood is named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facesearch.attributes import CELEBA, Query
from facesearch.errors import InputError, quoted
from facesearch.vocabulary import Vocabulary
from facesearch.words.anyof import any_of_groups
from facesearch.words.demands import Demands
from facesearch.words.denial import set_signs
from facesearch.words.english import ROLES
from facesearch.words.lexicon import lexicon
from facesearch.words.reading import Part, Reader
from facesearch.words.tokens import Token, tokens

LONGEST_TEXT = 1000  # characters


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
    demands = Demands(vocabulary, text, reader.tokens)
    missed = demands.take(phrases, any_of_groups(phrases, vocabulary))
    demands.take_pronouns(reader.pronouns)
    query = demands.query()
    understood = tuple(
        _understood(part, text, reader.tokens)
        for part in sorted([*phrases, *demands.pronouns], key=lambda part: part.tokens)
        if part not in missed
    )
    unread = [part for part in parts if part.role == "?" and part.meaning is None]
    ignored = _ignored([*unread, *missed], parts, text, reader.tokens)
    return Parsed(query, understood, ignored, demands.problem)


def parse_to_search(text: str, vocabulary: Vocabulary = CELEBA) -> Parsed:
    """As `parse`, but `InputError` also for what contradicts itself or can't be asked for, and for
    words of which none is understood: a search by the rest would mislead where nobody sees it."""
    parsed = parse(text, vocabulary)
    if parsed.problem:
        raise InputError(parsed.problem)
    if parsed.ignored and not parsed.understood:
        raise InputError(
            f"Nothing is understood of {quoted(text)}: say what a face looks like, in words such "
            f"as “{next(iter(vocabulary.labels.values())).lower()}”."
        )
    return parsed


def _understood(part: Part, text: str, said: Sequence[Token]) -> Understood:
    terms = part.terms
    return Understood(
        part.typed(text, said),
        said[part.tokens[0]].start,
        said[part.tokens[-1]].end,
        tuple(name for sign, name in terms if sign > 0),
        tuple(name for sign, name in terms if sign < 0),
    )


def _ignored(
    unread: Iterable[Part], parts: Sequence[Part], text: str, said: Sequence[Token]
) -> tuple[str, ...]:
    """The words of parts as typed, those with hyphens in one piece."""
    places = {place for part in unread for place in part.tokens}
    prefixes = {place for part in parts if part.role == "non" for place in part.tokens}
    found: list[tuple[int, int]] = []
    last = -2
    for place in sorted(places | {place for place in prefixes if place + 1 in places}):
        token = said[place]
        if token.text in "-_" or (token.word in ROLES and place not in prefixes):
            continue
        if place == last + 1 and token.glued and found:
            found[-1] = found[-1][0], token.end
        else:
            found.append((token.start, token.end))
        last = place
    return tuple(text[start:end] for start, end in found)
