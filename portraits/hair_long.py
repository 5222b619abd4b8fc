"""Long hair: hanging, plaited, or tied back."""

import random

from portraits.canvas import Canvas, smooth
from portraits.colour import Hair, mix
from portraits.face import Face
from portraits.hairline import (
    at_side,
    cap_of,
    cast,
    crown,
    hairline,
    length_of,
    parting_of,
    style_of,
    volume_of,
)
from portraits.strands import Guide, between, comb, mass, waved


def draw_hanging(canvas: Canvas, face: Face, dice: random.Random) -> None:
    traits, hair, v = face.traits, face.hair, volume_of(face)
    style = style_of(face)
    wavy = traits.has("Wavy_Hair")
    _, px = parting_of(face)
    low = length_of(face, style)
    back = traits.has("Receding_Hairline")
    dim = Hair(  # away from the light
        mix(hair.base, hair.shade, 0.3),
        mix(hair.light, hair.base, 0.5),
        mix(hair.glow, hair.base, 0.5),
        mix(hair.shade, hair.deep, 0.3),
        hair.deep,
    )
    y = 38 - v  # the crown, whole under the parting
    c = 128 + (px - 128) * 0.3
    top = [(c - 24, y + 9), (c - 12, y + 2), (c, y), (c + 12, y + 2), (c + 24, y + 9)]
    canvas.path(smooth([*top, (c, 64)]), hair.shade)
    for s in (-1, 1):
        e, j = face.cheekbone, face.jaw
        tuck = 4 if style == "bob" else 0
        inner: Guide = [
            (px, 62 if back else 69),
            (128 + s * (27 if back else 22), 54 if back else 73.5),
            (128 + s * (44 if back else 40), 72 if back else 84),
            (128 + s * (e - 3.5), 106),
            (128 + s * (e - 1), 130),
            (128 + s * (j + 5), 160),
            (128 + s * (j + 10 - tuck * 2), low - 6),
        ]
        outer: Guide = [
            (px, 38.5 - v),
            (128 + s * 19, 39 - v),
            (128 + s * (38 + v * 0.5), 50.5 - v * 0.7),
            (128 + s * (face.temple + 8 + v * 0.8), 82),
            (128 + s * (e + 13 + v), 122),
            (128 + s * (e + 16 + v), 168),
            (128 + s * (e + 12 + v - tuck), low),
        ]
        guides = [inner, between([inner, outer], 0.5), outer]
        cast(canvas, face, mass(guides))
        tone = hair if s == face.side else dim
        if style == "locs":
            _locs(canvas, tone, guides)
            continue
        comb(
            canvas, tone, guides, dice, count=15, width=7.5 if wavy else 6.6,
            wave=7.2 if wavy else 0, turns=3.0 if style == "long" else 2.2, lit=0.3,
        )  # fmt: skip
        if not wavy:
            for _ in range(3):
                line = between(guides, dice.uniform(0.1, 0.9))
                canvas.line(smooth(line, closed=False), hair.glow, 0.7, 0.35)
    canvas.line(f"M{px} {43 - v * 0.7}Q{px + 1} 56 {px} 67", hair.deep, 1.0, 0.4)


def _locs(canvas: Canvas, hair: Hair, guides: list[Guide]) -> None:
    """Ropes of hair side by side, each wound round itself."""
    for k in range(7):
        line = waved(between(guides, (k + 0.5) / 7), 1.6, 2.5, k * 1.9)
        rope = smooth(line, closed=False)
        canvas.line(rope, hair.deep, 9.6)
        canvas.line(rope, hair.base if k % 2 else mix(hair.base, hair.shade, 0.5), 7.4)
        turns = "".join(f"M{x - 3.4:.1f} {y - 1.6:.1f}q3.4 3.4 6.8 0.6" for x, y in line[1:])
        canvas.line(turns, hair.deep, 1.2, 0.75)
        gleam = "".join(f"M{x - 1.8:.1f} {y - 2.4:.1f}q1.8 1.5 3.4 0.4" for x, y in line[1:-1])
        canvas.line(gleam, hair.light, 1.2, 0.7)


def draw_tied(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Smoothed back from the brow into a bun."""
    hair, v = face.hair, volume_of(face) * 0.3
    cap = cap_of(face, v)
    cast(canvas, face, cap, 0.4)
    canvas.path(cap, hair.shade)
    line = hairline(face)
    high = style_of(face) == "bun" and not face.traits.has("Wearing_Hat")
    guides: list[Guide] = []
    for k in (-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6):
        s = -1 if k < 0 else 1
        x, y = line[abs(k)]
        cx, cy = crown(face, v)[abs(k)]
        if high:
            tip = (128 + s * abs(k) * 2.2, 39 - v)
            mid = (128 + s * (x * 0.4 + cx * 0.5), (y + cy) / 2 - 3)
        else:
            tip, mid = (128 + s * cx, cy + 0.5), (128 + s * (x + cx) / 2, (y + cy) / 2)
        guides.append(
            [(128 + s * x, y + 0.5), mid, ((mid[0] + tip[0]) / 2, (mid[1] + tip[1]) / 2), tip]
        )
    comb(
        canvas,
        hair,
        guides,
        dice,
        count=30,
        width=5.6,
        wave=1.7,
        turns=4.5,
        lit=0.5 + 0.25 * face.side,
        shine=(0.2, 0.75),
    )


def draw_braids(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Parted in the middle, in two plaits before the shoulders."""
    hair, v = face.hair, volume_of(face) * 0.4
    cap = cap_of(face, v)
    cast(canvas, face, cap, 0.45)
    canvas.path(cap, hair.shade)
    line, top = hairline(face), crown(face, v)
    for s in (-1, 1):
        inner: Guide = [(128, 69), *at_side([line[2], line[4], line[6]], s)]
        outer: Guide = [(128, 37 - v), *at_side([top[2], top[4], top[6]], s)]
        comb(canvas, hair, [inner, outer], dice, count=11, width=5.5, lit=0.4)
        _plait(canvas, face, s)
    canvas.line(f"M128 {38 - v}V69", face.skin.base, 1.6, 0.9)


def _plait(canvas: Canvas, face: Face, s: int) -> None:
    hair = face.hair
    x, y, k = 128 + s * (face.cheekbone + 1), 128.0, 0
    while y < 246:
        r = 9.4 - max(0, y - 200) * 0.05
        q = 1 if k % 2 else -1  # strands cross by turns from either side
        tint = (hair.base, hair.shade)[q != face.side]
        d = (
            f"M{x - q * r * 0.9:.1f} {y - r * 0.35:.1f}C{x - q * r * 0.2:.1f} "
            f"{y - r * 1.0:.1f} {x + q * r * 1.0:.1f} {y - r * 0.8:.1f} "
            f"{x + q * r * 1.02:.1f} {y + r * 0.05:.1f}C{x + q * r * 0.95:.1f} "
            f"{y + r * 0.8:.1f} {x + q * r * 0.1:.1f} {y + r * 1.15:.1f} "
            f"{x - q * r * 0.55:.1f} {y + r * 1.1:.1f}C{x - q * r * 0.1:.1f} "
            f"{y + r * 0.4:.1f} {x - q * r * 0.3:.1f} {y:.1f} {x - q * r * 0.9:.1f} "
            f"{y - r * 0.35:.1f}Z"
        )
        canvas.path(d, tint)
        canvas.line(
            f"M{x - q * r * 0.35:.1f} {y - r * 0.3:.1f}Q{x + q * r * 0.55:.1f} "
            f"{y - r * 0.35:.1f} {x + q * r * 0.35:.1f} {y + r * 0.55:.1f}",
            hair.light, 1.3, 0.55,
        )  # fmt: skip
        canvas.line(
            f"M{x + q * r * 0.95:.1f} {y + r * 0.3:.1f}Q{x + q * r * 0.5:.1f} "
            f"{y + r * 1.0:.1f} {x - q * r * 0.5:.1f} {y + r * 1.1:.1f}",
            hair.deep, 1, 0.6,
        )  # fmt: skip
        out = 0.9 if y < 178 else 0.2
        x, y, k = x + s * (out if y > 150 else -0.3), y + r * 0.92, k + 1
    canvas.path(
        smooth([(x - 5, y - 5), (x + 5, y - 5), (x + 6, y + 10), (x, y + 18), (x - 6, y + 10)]),
        hair.base,
    )
    canvas.line(f"M{x - 5:.1f} {y - 3:.1f}h10", face.hair.deep, 3)
