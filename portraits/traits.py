"""A person's traits: which attributes are drawn, and every unlabelled variation beside them."""

from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np

from facesearch.attributes import ATTRIBUTES
from portraits.frequencies import latent_model, normal_quantile

DRAWN = tuple(name for name in ATTRIBUTES if name != "Attractive")
HAIR_COLOURS = ("Black_Hair", "Blond_Hair", "Brown_Hair", "Gray_Hair")
FACIAL_HAIR = ("5_o_Clock_Shadow", "Goatee", "Mustache", "Sideburns")

# CelebA's shares, raised where they are too rare to learn or where the rules below take some away.
RAISED = {
    "5_o_Clock_Shadow": 0.16,
    "Bald": 0.10,
    "Bangs": 0.20,
    "Blurry": 0.07,
    "Chubby": 0.12,
    "Double_Chin": 0.12,
    "Eyeglasses": 0.16,
    "Goatee": 0.13,
    "Gray_Hair": 0.13,
    "Mustache": 0.13,
    "Narrow_Eyes": 0.15,
    "No_Beard": 0.74,
    "Pale_Skin": 0.12,
    "Receding_Hairline": 0.14,
    "Rosy_Cheeks": 0.13,
    "Sideburns": 0.14,
    "Straight_Hair": 0.28,
    "Wearing_Hat": 0.11,
    "Wearing_Necklace": 0.18,
    "Wearing_Necktie": 0.12,
    "Young": 0.70,
}


@dataclass(frozen=True)
class Traits:
    """`on` names the attributes drawn; each other field is a free variation in [0, 1).

    No variation depends on an attribute, so the same person can be drawn with and without one.
    """

    on: frozenset[str]
    grain: int  # seeds the small irregularities of locks and folds
    skin: float
    undertone: float
    light: float  # below a half it comes from the left
    size: float
    place: float
    turn: float
    tilt: float
    head_width: float
    head_length: float
    head_kind: float
    cheek: float
    ear: float
    eye_size: float
    eye_gap: float
    eye_tilt: float
    iris: float
    gaze: float
    brow_height: float
    brow_weight: float
    nose_length: float
    nose_width: float
    mouth_width: float
    mouth_height: float
    lip: float
    lipstick: float
    shadow_colour: float
    hair_style: float
    hair_length: float
    hair_volume: float
    hair_colour: float
    hair_shade: float
    parting: float
    fringe: float
    beard: float
    age: float
    freckles: float
    glasses: float
    glasses_colour: float
    earring: float
    necklace: float
    metal: float
    hat: float
    hat_colour: float
    clothes: float
    clothes_colour: float
    clothes_pattern: float
    tie: float
    backdrop: float
    backdrop_colour: float
    backdrop_shade: float

    def has(self, *names: str) -> bool:
        """Whether any of these attributes is drawn."""
        return any(name in self.on for name in names)

    def toggled(self, name: str) -> "Traits":
        """The same person with one attribute the other way, all else untouched."""
        return replace(self, on=self.on ^ {name})

    @property
    def labels(self) -> dict[str, int]:
        """All forty names: 1 drawn, 0 not drawn, -1 unknown (beauty isn't drawn)."""
        return {name: int(name in self.on) if name in DRAWN else -1 for name in ATTRIBUTES}


def sample(seed: int, index: int) -> Traits:
    """The person with this number in the series of a seed: a pure function of the two."""
    rng = np.random.default_rng([seed, index])
    cut, root = _latent()
    wanted = root @ rng.standard_normal(len(ATTRIBUTES)) < cut
    on = {name for name, flag in zip(ATTRIBUTES, wanted, strict=True) if flag}
    on = settle(on, rng)
    rng = np.random.default_rng([seed, index, 1])  # looks don't change with the rules above
    names = [field.name for field in fields(Traits) if field.name not in ("on", "grain")]
    free = dict(zip(names, rng.random(len(names)).tolist(), strict=True))
    return Traits(on=frozenset(on), grain=int(rng.integers(1 << 31)), **free)


def settle(on: set[str], rng: np.random.Generator) -> set[str]:
    """Take away what can't be together; what stays is what is drawn, so it is also the labels."""
    on = set(on) - {"Attractive"}

    def one_of(*names: str) -> None:
        present = [name for name in names if name in on]
        if len(present) > 1:
            on.difference_update(set(present) - {present[rng.integers(len(present))]})

    if "Wearing_Hat" in on:
        on -= {"Bald", "Bangs", "Receding_Hairline"}
        if "Male" in on and rng.random() < 0.6:  # short hair, whose texture the hat hides
            on -= {"Straight_Hair", "Wavy_Hair"}
    if "Bald" in on:
        on -= {*HAIR_COLOURS, "Bangs", "Receding_Hairline", "Straight_Hair", "Wavy_Hair"}
        on -= {"Sideburns"}
    if "Receding_Hairline" in on:
        on -= {"Bangs"}
    one_of(*HAIR_COLOURS)
    # CelebA leaves four heads in ten without a colour, mostly for want of agreement; here a colour
    # without a name is a real one, and rarer.
    if not on & {*HAIR_COLOURS, "Bald"} and rng.random() < 0.55:
        named = ("Black_Hair", "Brown_Hair", "Blond_Hair" if "Young" in on else "Gray_Hair")
        on.add(named[rng.integers(3)])
    one_of("Straight_Hair", "Wavy_Hair")
    if "Male" not in on:
        on -= set(FACIAL_HAIR)
        on |= {"No_Beard"}
    if "No_Beard" in on and on & set(FACIAL_HAIR):
        if rng.random() < 0.75:
            on -= {"No_Beard"}
        else:
            on -= set(FACIAL_HAIR)
    if "No_Beard" not in on and rng.random() < 0.9:  # all but never together in CelebA
        on -= {"Heavy_Makeup", "Wearing_Lipstick"}
    if "Chubby" in on:
        on -= {"Oval_Face"}
        if rng.random() < 0.5:
            on -= {"High_Cheekbones"}
    if "Wearing_Necktie" in on:
        on -= {"Wearing_Necklace"}
    return on


def contradictions(on: frozenset[str]) -> list[str]:
    """What is wrong with a set of attributes, in words; empty where it can be drawn."""
    pairs = [
        *(("Bald", name) for name in (*HAIR_COLOURS, "Bangs", "Receding_Hairline", "Wearing_Hat")),
        *(("Bald", name) for name in ("Straight_Hair", "Wavy_Hair", "Sideburns")),
        *(("No_Beard", name) for name in FACIAL_HAIR),
        *(("Wearing_Hat", name) for name in ("Bangs", "Receding_Hairline")),
        ("Receding_Hairline", "Bangs"),
        ("Straight_Hair", "Wavy_Hair"),
        ("Chubby", "Oval_Face"),
        ("Wearing_Necktie", "Wearing_Necklace"),
    ]
    found = [f"{a} with {b}" for a, b in pairs if a in on and b in on]
    colours = [name for name in HAIR_COLOURS if name in on]
    if len(colours) > 1:
        found.append(" with ".join(colours))
    if "Male" not in on and on & {*FACIAL_HAIR}:
        found.append("facial hair without Male")
    if "Male" not in on and "No_Beard" not in on:
        found.append("a beard without Male")
    return found


@cache
def _latent() -> tuple[np.ndarray, np.ndarray]:
    marginals, root = latent_model()
    shares = [RAISED.get(name, share) for name, share in zip(ATTRIBUTES, marginals, strict=True)]
    return normal_quantile(np.array(shares)), root
