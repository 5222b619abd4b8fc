"""CelebA's forty attributes as a vocabulary, and the query over a vocabulary."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from facesearch.celeba_words import ANTONYMS, PHRASES, UNIONS
from facesearch.errors import InputError, quoted
from facesearch.vocabulary import Vocabulary

ATTRIBUTES: tuple[str, ...] = (
    "5_o_Clock_Shadow",
    "Arched_Eyebrows",
    "Attractive",
    "Bags_Under_Eyes",
    "Bald",
    "Bangs",
    "Big_Lips",
    "Big_Nose",
    "Black_Hair",
    "Blond_Hair",
    "Blurry",
    "Brown_Hair",
    "Bushy_Eyebrows",
    "Chubby",
    "Double_Chin",
    "Eyeglasses",
    "Goatee",
    "Gray_Hair",
    "Heavy_Makeup",
    "High_Cheekbones",
    "Male",
    "Mouth_Slightly_Open",
    "Mustache",
    "Narrow_Eyes",
    "No_Beard",
    "Oval_Face",
    "Pale_Skin",
    "Pointy_Nose",
    "Receding_Hairline",
    "Rosy_Cheeks",
    "Sideburns",
    "Smiling",
    "Straight_Hair",
    "Wavy_Hair",
    "Wearing_Earrings",
    "Wearing_Hat",
    "Wearing_Lipstick",
    "Wearing_Necklace",
    "Wearing_Necktie",
    "Young",
)

_GROUPS: dict[str, dict[str, str]] = {
    "Hair": {
        "Black_Hair": "Black hair",
        "Blond_Hair": "Blond hair",
        "Brown_Hair": "Brown hair",
        "Gray_Hair": "Grey hair",
        "Straight_Hair": "Straight hair",
        "Wavy_Hair": "Wavy hair",
        "Bangs": "Bangs",
        "Receding_Hairline": "Receding hairline",
        "Bald": "Bald",
    },
    "Facial hair": {
        "No_Beard": "No beard",
        "5_o_Clock_Shadow": "Five o'clock shadow",
        "Goatee": "Goatee",
        "Mustache": "Moustache",
        "Sideburns": "Sideburns",
    },
    "Eyes and brows": {
        "Eyeglasses": "Eyeglasses",
        "Narrow_Eyes": "Narrow eyes",
        "Bags_Under_Eyes": "Bags under eyes",
        "Arched_Eyebrows": "Arched eyebrows",
        "Bushy_Eyebrows": "Bushy eyebrows",
    },
    "Nose and mouth": {
        "Smiling": "Smiling",
        "Mouth_Slightly_Open": "Mouth slightly open",
        "Big_Lips": "Big lips",
        "Big_Nose": "Big nose",
        "Pointy_Nose": "Pointy nose",
    },
    "Face and skin": {
        "Oval_Face": "Oval face",
        "Chubby": "Chubby",
        "Double_Chin": "Double chin",
        "High_Cheekbones": "High cheekbones",
        "Rosy_Cheeks": "Rosy cheeks",
        "Pale_Skin": "Pale skin",
    },
    "Make-up and jewellery": {
        "Heavy_Makeup": "Heavy make-up",
        "Wearing_Lipstick": "Lipstick",
        "Wearing_Earrings": "Earrings",
        "Wearing_Necklace": "Necklace",
    },
    "Clothes": {
        "Wearing_Hat": "Hat",
        "Wearing_Necktie": "Necktie",
    },
    "Whole person": {
        "Male": "Male",
        "Young": "Young",
        "Attractive": "Attractive",
    },
    "Picture": {
        "Blurry": "Blurry",
    },
}

CELEBA = Vocabulary(
    ATTRIBUTES,
    labels={name: label for group in _GROUPS.values() for name, label in group.items()},
    groups={heading: tuple(group) for heading, group in _GROUPS.items()},
    exclusive=(
        ("Black_Hair", "Blond_Hair", "Brown_Hair", "Gray_Hair"),
        ("Straight_Hair", "Wavy_Hair"),
    ),
    impressions=frozenset({"Attractive", "Big_Nose", "Chubby", "Male", "Young"}),
    phrases=PHRASES,
    antonyms=ANTONYMS,
    unions=UNIONS,
)

AnyOf = tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """What a person asks for: attributes wanted and unwanted; any other is unknown, not absent.

    Attributes:
        wanted: names, and tuples of two names or more, of which any one is wanted.
        unwanted: names.
        vocabulary: the one that the names are of; CelebA's by default.

    Names come in the vocabulary's order, each once. Raises `InputError` for an unknown name, for
    one that is both wanted and unwanted, and for more names than a vocabulary can have.
    """

    wanted: tuple[str | AnyOf, ...] = ()
    unwanted: tuple[str, ...] = ()
    vocabulary: Vocabulary = CELEBA

    def __init__(
        self,
        wanted: Iterable[str | Iterable[str]] = (),
        unwanted: Iterable[str] = (),
        *,
        vocabulary: Vocabulary = CELEBA,
    ) -> None:
        object.__setattr__(self, "vocabulary", vocabulary)
        single: set[int] = set()
        any_of: set[tuple[int, ...]] = set()
        for each in _bounded("wanted", wanted, vocabulary):
            if isinstance(each, str) or not isinstance(each, Iterable):
                single.add(vocabulary.index(each))
                continue
            columns = {vocabulary.index(name) for name in _bounded("wanted", each, vocabulary)}
            if not columns:
                raise InputError("wanted holds an empty list: name what may be any of these.")
            if len(columns) == 1:
                single |= columns
            else:
                any_of.add(tuple(sorted(columns)))
        without = {vocabulary.index(name) for name in _bounded("unwanted", unwanted, vocabulary)}
        both = without & single.union(*any_of)
        if both:
            names = ", ".join(vocabulary.names[column] for column in sorted(both))
            raise InputError(f"{names}: wanted and unwanted at once; choose one of the two.")
        together = [(column,) for column in single] + list(any_of)
        ordered = [tuple(vocabulary.names[i] for i in columns) for columns in sorted(together)]
        object.__setattr__(
            self, "wanted", tuple(names[0] if len(names) == 1 else names for names in ordered)
        )
        object.__setattr__(
            self, "unwanted", tuple(vocabulary.names[column] for column in sorted(without))
        )

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.wanted or self.unwanted)

    @property
    def singles(self) -> tuple[str, ...]:
        """The names that are wanted each on its own."""
        return tuple(each for each in self.wanted if isinstance(each, str))

    @property
    def any_of(self) -> tuple[AnyOf, ...]:
        """The sets of names of which any one is wanted."""
        return tuple(each for each in self.wanted if not isinstance(each, str))

    @property
    def names(self) -> tuple[str, ...]:
        """All names that are asked for in any way: wanted ones, in sets or not, then unwanted."""
        return tuple(dict.fromkeys(name for _, names in self.terms for name in names))

    @property
    def terms(self) -> tuple[tuple[int, AnyOf], ...]:
        """What is asked, part by part: (+1, names of which any is wanted), and (-1, (name,))."""
        wanted = ((each,) if isinstance(each, str) else each for each in self.wanted)
        return (
            *((+1, names) for names in wanted),
            *((-1, (name,)) for name in self.unwanted),
        )

    def without(self, term: tuple[int, AnyOf]) -> "Query":
        """The query less one of its terms."""
        rest = [each for each in self.terms if each != term]
        return Query(
            [names for sign, names in rest if sign > 0],
            [name for sign, names in rest if sign < 0 for name in names],
            vocabulary=self.vocabulary,
        )

    @property
    def vector(self) -> np.ndarray:
        """(A,) float32: +1 wanted, -1 unwanted, 0 unknown. `InputError` where any-of is asked for,
        which a vector of signs can't say."""
        if self.any_of:
            raise InputError(
                f"{' or '.join(self.any_of[0])}: any-of has no vector of signs; search with it, "
                "or ask for one of them."
            )
        vector = np.zeros(len(self.vocabulary), np.float32)
        for sign, (name,) in self.terms:
            vector[self.vocabulary.index(name)] = sign
        return vector


def _bounded(field: str, names: Iterable[Any], vocabulary: Vocabulary) -> list[Any]:
    """What is listed; `InputError` where it is no list, or longer than a query could need."""
    if isinstance(names, str):
        raise InputError(f"{field} is the text {quoted(names)}: give a list of attribute names.")
    if not isinstance(names, Iterable):
        raise InputError(f"{field} is {quoted(names)}: give a list of attribute names.")
    most = 4 * len(vocabulary)
    given = list(islice(names, most + 1))
    if len(given) > most:
        raise InputError(f"{field} lists more than {most} names: give each attribute once.")
    return given
