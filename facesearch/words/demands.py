"""What the phrases of a sentence ask for together, and what of it a query can't say."""

from collections.abc import Sequence

from facesearch.attributes import Query
from facesearch.vocabulary import Vocabulary
from facesearch.words.anyof import Group
from facesearch.words.lexicon import Term
from facesearch.words.reading import Part
from facesearch.words.tokens import Token


class Demands:
    """Takes phrases that have their signs, and makes a query of them.

    Attributes:
        pronouns: those that say something that no other word does.
        problem: a sentence about the last thing that is left out of the query, or None.
    """

    def __init__(self, vocabulary: Vocabulary, text: str, said: Sequence[Token]) -> None:
        self.pronouns: list[Part] = []
        self.problem: str | None = None
        self._vocabulary, self._text, self._said = vocabulary, text, said
        self._terms: dict[Term, Part] = {}  # to the phrase that asks first
        self._loose: set[str] = set()  # ruled out by a word for several, such as "jewellery"
        self._any_of: list[tuple[str, ...]] = []

    def take(self, phrases: Sequence[Part], groups: Sequence[Group]) -> list[Part]:
        """Take what is asked for; the phrases that any-of can't say."""
        joined = [part for group in groups for side in group for part in side]
        for part in phrases:
            if part not in joined:
                self._ask(part)
        missed: list[Part] = []
        for group in groups:
            if not self._ask_any(group):
                parts = [part for side in group for part in side]
                missed += parts
                self.problem = self._unsayable(parts)
        return missed

    def take_pronouns(self, pronouns: Sequence[Part]) -> None:
        """Take what "he" or "she" says of somebody, where nothing else says it or the contrary."""
        said = {name for _, name in self._terms} | {n for names in self._any_of for n in names}
        terms = {term for part in pronouns for term in part.terms if term[1] not in said}
        for part in pronouns:
            if all((-sign, name) not in terms and name not in said for sign, name in part.terms):
                self.pronouns.append(part)
                self._terms |= dict.fromkeys(part.terms, part)

    def query(self) -> Query:
        """All of it as a query, less what contradicts itself."""
        wanted = {name for sign, name in self._terms if sign > 0}
        unwanted = {name for sign, name in self._terms if sign < 0}
        for name in sorted(wanted & unwanted, key=self._vocabulary.index):
            self.problem = self._contradiction(name)
        wanted, unwanted = wanted - unwanted, (unwanted - wanted) | (self._loose - wanted)
        sets: list[str | tuple[str, ...]] = []
        for names in self._any_of:
            left = tuple(name for name in names if name not in unwanted)
            if not left:
                labels = " or ".join(self._vocabulary.labels[name] for name in names)
                self.problem = f"{labels} is asked for, but all of it is ruled out."
            elif wanted.isdisjoint(names):
                sets.append(left)
        return Query([*wanted, *dict.fromkeys(sets)], unwanted, vocabulary=self._vocabulary)

    def _ask(self, part: Part) -> None:
        if part.meaning and part.meaning.union and part.sign > 0:
            self._any_of.append(tuple(name for _, name in part.terms))
        elif part.meaning and part.meaning.union:
            self._loose.update(name for _, name in part.terms)
        else:
            for term in part.terms:
                self._terms.setdefault(term, part)

    def _ask_any(self, group: Group) -> bool:
        """Ask for any of a group's sides; whether a query can say it. It can where all that the
        sides don't share is one attribute each, which is wanted; "man or woman" asks for nothing,
        and "women or girls" for women."""
        if any(part.sign == 0 for side in group for part in side):
            return True
        sides: list[set[Term]] = []
        for side in group:
            unions = [part for part in side if part.meaning and part.meaning.union]
            if unions and len(side) > 1:
                return False
            terms = {term for part in side for term in part.terms}
            sides += [{term} for term in terms] if unions else [terms]
        shared = set.intersection(*sides)
        rests = [side - shared - self._terms.keys() for side in sides]
        opposites = [{(-sign, name) for sign, name in rest} for rest in rests]
        if all(rests) and not any(rest in opposites for rest in rests if len(rest) == 1):
            if not all(len(rest) == 1 and min(rest)[0] > 0 for rest in rests):
                return False
            self._any_of.append(tuple(dict.fromkeys(name for rest in rests for _, name in rest)))
        for term in shared:
            self._terms.setdefault(term, group[0][0])
        return True

    def _unsayable(self, parts: Sequence[Part]) -> str:
        places = [place for part in parts for place in part.tokens]
        typed = self._text[self._said[min(places)].start : self._said[max(places)].end]
        reason = "“or” joins single attributes"
        for part in parts:
            absent = [self._vocabulary.labels[name] for sign, name in part.terms if sign < 0]
            if absent:
                reason = "“or” joins only what is wanted"
            if absent and part.sign > 0:
                reason = f"“{self._typed(part)}” means without “{absent[0]}”, and {reason}"
        return f"“{typed}” can't be asked for, as {reason}; it is left out."

    def _contradiction(self, name: str) -> str:
        one, other = (self._typed(self._terms[sign, name]) for sign in (1, -1))
        if one == other:
            return f"“{one}” is asked for and ruled out, so it does not count: say one of the two."
        return (
            f"“{one}” and “{other}” contradict each other, so neither counts: say one of the two."
        )

    def _typed(self, part: Part) -> str:
        return part.typed(self._text, self._said)
