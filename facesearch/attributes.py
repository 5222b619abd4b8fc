"""The forty CelebA attributes, their plain-word names, and the query over them."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from facesearch.errors import InputError

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

GROUPS: dict[str, dict[str, str]] = {
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

# Annotators' impressions more than anything that a picture shows.
SUBJECTIVE = frozenset({"Attractive", "Big_Nose", "Chubby", "Male", "Young"})

LABELS: dict[str, str] = {name: label for group in GROUPS.values() for name, label in group.items()}


def attribute_index(name: str) -> int:
    """Column of an attribute, 0 to 39; `InputError` with the nearest names for an unknown one."""
    try:
        return ATTRIBUTES.index(name)
    except ValueError:
        near = difflib.get_close_matches(str(name), ATTRIBUTES, n=3, cutoff=0.4)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise InputError(
            f"Unknown attribute {name!r}: use one of the forty CelebA names, "
            f"such as {ATTRIBUTES[15]} (facesearch.ATTRIBUTES lists them).{hint}"
        ) from None


@dataclass(frozen=True)
class Query:
    """What a person asks for: attributes wanted and unwanted; any other is unknown, not absent.

    Raises `InputError` for an unknown name or one that is both wanted and unwanted.
    """

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    def __init__(self, wanted: Iterable[str] = (), unwanted: Iterable[str] = ()) -> None:
        for field, names in (("wanted", wanted), ("unwanted", unwanted)):
            if isinstance(names, str):
                raise InputError(f"{field} is the text {names!r}: give a list of attribute names.")
            columns = sorted({attribute_index(name) for name in names})
            object.__setattr__(self, field, tuple(ATTRIBUTES[column] for column in columns))
        both = sorted(set(self.wanted) & set(self.unwanted))
        if both:
            raise InputError(
                f"{', '.join(both)}: wanted and unwanted at once; choose one of the two."
            )

    @property
    def vector(self) -> np.ndarray:
        """(40,) float32: +1 wanted, -1 unwanted, 0 unknown."""
        vector = np.zeros(len(ATTRIBUTES), np.float32)
        for sign, names in ((1, self.wanted), (-1, self.unwanted)):
            for name in names:
                vector[attribute_index(name)] = sign
        return vector
