"""Where hair grows on one head: its style, its outlines and the shadow it casts."""

import random
from collections.abc import Sequence

from portraits.canvas import Canvas, Point, smooth
from portraits.face import Face

LONG = ("long", "bob")
SHORT = ("parted", "swept")
NEITHER_SHORT = ("buzz", "coils", "afro")
NEITHER_FRINGED = ("coils", "afro")  # a combed fringe would look straight
NEITHER_LONG_MALE = ("afro", "locs", "coils")
NEITHER_LONG = ("bun", "afro", "braids", "locs", "lowbun", "coils")


def style_of(face: Face) -> str:
    """Which style: of the texture's, more often short on men and long on women."""
    traits = face.traits
    if traits.has("Bald"):
        return "bald"
    texture = traits.has("Straight_Hair", "Wavy_Hair")
    long = traits.hair_length < (0.14 if traits.has("Male") else 0.80)
    long |= texture and traits.has("Wearing_Hat")  # or it would not be seen
    at = traits.hair_style
    styles: tuple[str, ...]
    if texture:
        styles, at = (LONG, at**1.5) if long else (SHORT, at)
    elif long and traits.has("Receding_Hairline"):
        styles = ("locs",) if traits.has("Male") else ("lowbun", "locs")
    elif traits.has("Bangs"):
        styles = NEITHER_FRINGED
    elif long:
        styles = NEITHER_LONG_MALE if traits.has("Male") else NEITHER_LONG
    else:
        styles = NEITHER_SHORT
    return styles[int(at * len(styles))]


def dice_of(face: Face, salt: int) -> random.Random:
    """The same small irregularities each time this person is drawn."""
    return random.Random(face.traits.grain * 31 + salt)


def volume_of(face: Face) -> float:
    """How far hair stands off the head; a hat presses it flat."""
    return face.traits.hair_volume * (1 if face.traits.has("Wearing_Hat") else 6)


def length_of(face: Face, style: str) -> float:
    """How far down hanging hair reaches, as y."""
    length = face.traits.hair_length / (0.14 if face.traits.has("Male") else 0.80) % 1
    return 178 + 12 * length if style == "bob" else 226 + 24 * length


def hairline(face: Face) -> list[Point]:
    """From the middle of the brow to before the ear, as offsets from the middle."""
    edge = face.cheekbone
    if face.traits.has("Receding_Hairline"):
        return [
            (0, 66),
            (11, 63),
            (26, 52.5),
            (40, 58),
            (47.5, 82),
            (edge - 6, 100),
            (edge - 4.5, 116),
        ]
    return [(0, 73.5), (11, 73), (24, 74.5), (37, 80), (44, 90), (edge - 8, 102), (edge - 5, 117)]


def crown(face: Face, v: float) -> list[Point]:
    """The outer contour over the same stretch."""
    e = face.cheekbone
    return [
        (0, 37 - v), (15, 38.5 - v), (28, 43.5 - v * 0.85),
        (face.temple * 0.83 + v * 0.6, 55 - v * 0.5),
        (face.temple + 0.5 + v * 0.4, 77), (face.temple + 3.5 + v * 0.2, 98), (e + 1.5, 118),
    ]  # fmt: skip


def at_side(points: Sequence[Point], s: int, x: float = 128) -> list[Point]:
    """Offsets from the middle as points on the left (-1) or right (1)."""
    return [(x + s * dx, y) for dx, y in points]


def cap_of(face: Face, v: float) -> str:
    """All hair above the hairline, as one outline."""
    line, top = hairline(face), crown(face, v)
    shift = face.turn * 1.5
    inner = [(128 - dx + shift, y) for dx, y in reversed(line)] + [
        (128 + dx + shift, y) for dx, y in line[1:]
    ]
    outer = [(128 + dx, y) for dx, y in reversed(top)] + [(128 - dx, y) for dx, y in top[1:]]
    return smooth(inner + outer, tension=0.85)


def cast(canvas: Canvas, face: Face, d: str, opacity: float = 0.55) -> None:
    """The shadow of hair or hat on the face."""
    canvas.soft(d, face.skin.deep, opacity, f"translate({-face.side * 1.5:.1f} 4.5)")


def parting_of(face: Face) -> tuple[int, float]:
    """Which side hair is parted on, and where."""
    s = -1 if face.traits.parting < 0.5 else 1
    return s, 128 + s * (4 + abs(face.traits.parting - 0.5) * 34)
