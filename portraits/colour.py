"""Colours of skin, hair, lips and cloth, each mixed from a few hand-picked ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from portraits.traits import Traits

PALE = ("#fbeae3", "#fae6dc", "#f7e7e0")
SKINS = (
    "#eec3a4",
    "#e5b48f",
    "#dba57c",
    "#cd946a",
    "#b97f55",
    "#a46c47",
    "#8c5839",
    "#74452d",
    "#5d3624",
)
BLACK = ("#1d1a20", "#221c1d", "#1b1d26")
BROWN = ("#4f2f1e", "#633c25", "#764a2c", "#83552f")
BLOND = ("#d2a24c", "#dfb565", "#e8c778", "#efd790")
GREY = ("#8f9198", "#a9abb0", "#c3c5ca", "#d9dade")
RED = ("#8e2f16", "#b4471f", "#c9622f")  # red hair has no name among the forty
DYED = ("#8c1f3a", "#2f7f86", "#c87396", "#7566a8", "#4468a6")
LIPSTICKS = ("#c01f35", "#a3123f", "#d83a5c", "#8a1c4b", "#d9483a", "#b3275f", "#741a34")
EYESHADOWS = ("#6a4a86", "#2f6f7f", "#8a3a5e", "#4b5a9c", "#b0603a", "#3f7a5a", "#5b3a52")
IRISES = ("#3b2417", "#54341d", "#6b4626", "#7d6a35", "#5d7050", "#5a7f86", "#5f83a0", "#7c909c")
CLOTHS = (
    "#24384f", "#7a2f3a", "#2f5d50", "#c98f3d", "#e7ddcc", "#46465a", "#b55b46", "#8fa6b8",
    "#5a3f5e", "#d7a9a0", "#38424a", "#7d8a5b", "#f1ece2", "#a8433f", "#3f6d8c", "#caa77c",
)  # fmt: skip
BACKDROPS = (
    "#d8c6b2", "#b7c7c4", "#c9b7c4", "#e3c9a4", "#9fb3c4", "#b9c3a6", "#d6a793", "#8fa3a0",
    "#c7c3d6", "#e6d6c6", "#a9947f", "#7f93a8", "#d9b9ae", "#93a58a", "#bfa58f", "#8c8aa6",
)  # fmt: skip
METALS = ("#e2b54a", "#d9dde3", "#d99a77")


def rgb(colour: str) -> tuple[float, float, float]:
    """#rrggbb as three numbers in [0, 255]."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def hexed(r: float, g: float, b: float) -> str:
    """Three numbers as #rrggbb, clipped to what there is."""
    return "#" + "".join(f"{min(max(round(v), 0), 255):02x}" for v in (r, g, b))


def mix(a: str, b: str, share: float) -> str:
    """`a` with this share of `b`."""
    return hexed(*(x + (y - x) * share for x, y in zip(rgb(a), rgb(b), strict=True)))


def along(colours: Sequence[str], at: float) -> str:
    """The colour at a place, 0 to 1, along a row of them, mixing neighbours."""
    place = at * (len(colours) - 1)
    index = min(int(place), len(colours) - 2)
    return mix(colours[index], colours[index + 1], place - index)


def pick(colours: Sequence[str], at: float) -> str:
    """One of the colours."""
    return colours[int(at * len(colours))]


def darker(colour: str, amount: float) -> str:
    """In shadow: darker and a little cooler."""
    r, g, b = rgb(colour)
    return hexed(r * (1 - amount), g * (1 - amount * 1.03), b * (1 - amount * 0.9))


def lighter(colour: str, amount: float) -> str:
    """In light: lighter and a little warmer."""
    return mix(colour, "#fff3e0", amount)


def luminance(colour: str) -> float:
    """How light a colour looks, 0 to 1."""
    r, g, b = rgb(colour)
    return (0.3 * r + 0.59 * g + 0.11 * b) / 255


@dataclass(frozen=True)
class Skin:
    """One person's skin in light and shade."""

    base: str
    light: str
    shade: str  # the side away from the light
    deep: str  # folds, nostrils, under the chin
    line: str  # the finest, darkest lines
    blush: str
    lip: str


@dataclass(frozen=True)
class Hair:
    """One head of hair in light and shade."""

    base: str
    light: str
    glow: str
    shade: str
    deep: str


def skin_of(traits: Traits) -> Skin:
    """Skin from very pale to very dark; `Pale_Skin` has a range of its own."""
    if traits.has("Pale_Skin"):
        base = along(PALE, traits.skin)
    else:
        base = along(SKINS, traits.skin)
        base = mix(base, "#d98f52" if traits.undertone < 0.5 else "#b9787a", 0.10)
    r, g, b = rgb(base)
    dark = 1 - luminance(base)
    if traits.has("Pale_Skin"):
        shade = hexed(r * 0.87, g * 0.77, b * 0.77)
        deep = hexed(r * 0.72, g * 0.55, b * 0.55)
    else:
        shade = hexed(r * 0.80, g * 0.69, b * 0.67)
        deep = hexed(r * 0.62, g * 0.45, b * 0.43)
    line = hexed(r * 0.40, g * 0.25, b * 0.24)
    blush = mix("#e8566a", "#c4304a", dark)
    rose = 0.28 if traits.has("Male") else 0.48
    lip = mix(base, mix("#b9504f", "#a8524f", dark), rose)
    return Skin(base, mix(base, "#ffeedd", 0.42 - 0.2 * dark), shade, deep, line, blush, lip)


def hair_colour(traits: Traits) -> str:
    """The colour hair grows in, also for a beard under a bald head."""
    if traits.has("Black_Hair"):
        return along(BLACK, traits.hair_shade)
    if traits.has("Brown_Hair"):
        return along(BROWN, traits.hair_shade)
    if traits.has("Blond_Hair"):
        return along(BLOND, traits.hair_shade)
    if traits.has("Gray_Hair"):
        return along(GREY, traits.hair_shade)
    if traits.has("Bald"):
        return along(BROWN[:2], traits.hair_shade) if traits.hair_colour < 0.5 else BLACK[1]
    if traits.hair_colour < (0.90 if traits.has("Male") else 0.74):
        return along(RED, traits.hair_shade)
    return pick(DYED, traits.hair_shade)


def hair_of(traits: Traits) -> Hair:
    """The hair on a person's head."""
    return shaded(hair_colour(traits))


def beard_of(traits: Traits) -> Hair:
    """Beard and brows: hair's own colour, or the natural one under a dye."""
    base = hair_colour(traits)
    if base in DYED:
        base = BROWN[0]
    skin = luminance(skin_of(traits).base)
    if luminance(base) > 0.16 and abs(luminance(base) - skin) < 0.2:  # brown on brown isn't seen
        base = mix(base, "#4c4c54" if traits.has("Gray_Hair") else "#40200f", 0.85)
    return shaded(base)


def shaded(base: str) -> Hair:
    """Hair in five values; black hair shines cool, any other in its own colour."""
    black = luminance(base) < 0.16
    return Hair(
        base,
        mix(base, "#5d6478" if black else "#ffe2b8", 0.42 if black else 0.24),
        mix(base, "#98a3bd" if black else "#fff1d6", 0.55 if black else 0.48),
        darker(base, 0.30),
        darker(base, 0.55),
    )
