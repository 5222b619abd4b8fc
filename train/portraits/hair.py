"""Hair on the head: a style for each texture, its back, its front, and a fringe."""

import math
import random
from itertools import pairwise

from train.portraits.canvas import Canvas, Point, lock, mirrored, smooth
from train.portraits.face import Face
from train.portraits.strands import Guide, between, comb, curls, mass, ribbon, waved

LONG = ("long", "bob")
SHORT = ("parted", "swept")
NEITHER_SHORT = ("buzz", "coils", "afro")
NEITHER_LONG = ("bun", "afro", "braids", "locs", "lowbun", "coils")


def style_of(face: Face) -> str:
    """Which style: of the texture's, more often short on men and long on women."""
    traits = face.traits
    if traits.has("Bald"):
        return "bald"
    long = traits.hair_length < (0.14 if traits.has("Male") else 0.80)
    if traits.has("Straight_Hair", "Wavy_Hair"):
        styles = LONG if long else SHORT
        at = traits.hair_style**1.5 if long else traits.hair_style
        return styles[int(at * len(styles))]
    if long:
        styles = NEITHER_LONG
    elif traits.has("Bangs"):
        styles = ("coils", "afro", "caesar")
    else:
        styles = NEITHER_SHORT
    if traits.has("Male"):
        styles = tuple(s for s in styles if s not in ("bun", "lowbun", "braids")) or ("locs",)
    if traits.has("Receding_Hairline") and long:
        styles = ("lowbun", "locs") if not traits.has("Male") else ("locs",)
    return styles[int(traits.hair_style * len(styles))]


def dice_of(face: Face, salt: int) -> random.Random:
    """The same small irregularities each time this person is drawn."""
    return random.Random(face.traits.grain * 31 + salt)


def draw_hair_behind(canvas: Canvas, face: Face) -> None:
    """What hangs or stands out behind neck and head."""
    style, hair, traits = style_of(face), face.hair, face.traits
    dice = dice_of(face, 1)
    v = _volume(face)
    if style in ("long", "bob", "locs"):
        low = _length(face, style)
        wavy = traits.has("Wavy_Hair")
        out = face.cheekbone + 13 + v + (4 if wavy else 0)
        shape = [(0, 40), (34, 44), (out - 6, 80), (out, 130), (out + 2, low - 24), (out - 8, low - 3), (0, low)]
        half = mirrored(shape)
        if wavy:  # scalloped, from the temples down
            half = [
                (x + (0 if y < 70 else 3.6 * math.sin(y * 0.16) * (1 if x > 128 else -1)), y)
                for x, y in (point for a, b in pairwise([*half, half[0]]) for point in _steps(a, b))
            ]
        fill = canvas.fade((0, 60), (0, low), (0, hair.shade, 1), (1, hair.deep, 1))
        canvas.path(smooth(half), fill)
        guides = [
            [(128 - out + 8, 120), (128 - out + 3, 160), (128 - out + 6, low)],
            [(128, 120), (128, 170), (128, low - 2)],
            [(128 + out - 8, 120), (128 + out - 3, 160), (128 + out - 6, low)],
        ]
        dark = type(hair)(hair.shade, hair.base, hair.light, hair.deep, hair.deep)
        comb(
            canvas, dark, guides, dice, count=13, width=10, wave=7 if wavy else 0, turns=1.7,
            base=wavy, lit=0.5 + 0.4 * face.side, blunt=style == "locs",
        )  # fmt: skip
    elif style == "afro":
        rx, ry = 70 + v * 2.2, 66 + v * 1.8
        if traits.has("Wearing_Hat"):
            rx, ry = 70, 50
        cx, cy = 128, 98
        _cloud(canvas, face, cx, cy, rx, ry, dice)
    elif style == "bun" and not traits.has("Wearing_Hat"):
        x, y, r = 128 + face.turn * 3, 31, 19 + v * 0.6
        canvas.oval(x, y, r + 2, r, hair.shade)
        for k in range(11):
            a = k * 0.57 + dice.uniform(-0.1, 0.1)
            line = [
                (x + math.cos(a + q * 1.0) * r * (0.25 + 0.72 * q), y + math.sin(a + q) * r * (0.25 + 0.68 * q))
                for q in (0, 0.3, 0.6, 0.85, 1)
            ]
            tint = (hair.base, hair.light, hair.base, hair.shade)[k % 4]
            canvas.path(ribbon(line, 7.5), tint)
        canvas.glow(x + face.side * 7, y - 7, 9, 6, hair.glow, 0.5)
    elif style in ("lowbun", "bun"):
        for s in (-1, 1):
            canvas.oval(128 + s * (face.neck + 8), 178, 17, 17, hair.shade if s != face.side else hair.base)
            for k in range(4):
                canvas.line(
                    f"M{128 + s * (face.neck + 4 + k * 5)} {163 + k}q{s * 9} {12 + k * 2} {s * 2} {28 - k * 3}",
                    hair.light if s == face.side else hair.deep, 1.2, 0.6,
                )  # fmt: skip


def draw_hair_before(canvas: Canvas, face: Face) -> None:
    """What frames the face, with the shadow that it casts."""
    style = style_of(face)
    if style == "bald":
        skin = face.skin
        with canvas.group(clip=face.outline):
            canvas.glow(face.x + face.side * 17, 65, 24, 12, skin.light, 0.85, face.side * 18)
            canvas.glow(face.x + face.side * 20, 61, 11, 5, "#fff8ee", 0.6, face.side * 20)
        return
    {
        "long": _hanging, "bob": _hanging, "locs": _hanging, "braids": _braids,
        "parted": _parted, "swept": _swept, "buzz": _buzz, "caesar": _buzz,
        "coils": _coils, "afro": _coils, "bun": _tied, "lowbun": _tied,
    }[style](canvas, face, dice_of(face, 2))  # fmt: skip
    if face.traits.has("Sideburns"):
        _sideburns(canvas, face)
    if face.traits.has("Bangs") and style not in ("coils", "afro"):
        _fringe(canvas, face, dice_of(face, 3))


def _volume(face: Face) -> float:
    return face.traits.hair_volume * (1 if face.traits.has("Wearing_Hat") else 6)


def _length(face: Face, style: str) -> float:
    length = face.traits.hair_length / (0.14 if face.traits.has("Male") else 0.80) % 1
    return 178 + 12 * length if style == "bob" else 226 + 24 * length


def _hairline(face: Face) -> list[Point]:
    """From the middle of the brow to before the ear, as offsets from the middle."""
    edge = face.cheekbone
    if face.traits.has("Receding_Hairline"):
        return [(0, 66), (11, 63), (26, 52.5), (40, 58), (47.5, 82), (edge - 6, 100), (edge - 4.5, 116)]
    return [(0, 73.5), (11, 73), (24, 74.5), (37, 80), (44, 90), (edge - 8, 102), (edge - 5, 117)]


def _crown(face: Face, v: float) -> list[Point]:
    """The outer contour over the same stretch."""
    e = face.cheekbone
    return [
        (0, 37 - v), (15, 38.5 - v), (28, 43.5 - v * 0.85), (face.temple * 0.83 + v * 0.6, 55 - v * 0.5),
        (face.temple + 0.5 + v * 0.4, 77), (face.temple + 3.5 + v * 0.2, 98), (e + 1.5, 118),
    ]  # fmt: skip


def _at(points: list[Point], s: int, x: float = 128) -> list[Point]:
    return [(x + s * dx, y) for dx, y in points]


def _cap(face: Face, v: float) -> str:
    """All hair above the hairline, as one outline."""
    line, crown = _hairline(face), _crown(face, v)
    shift = face.turn * 1.5
    inner = [(128 - dx + shift, y) for dx, y in reversed(line)] + [(128 + dx + shift, y) for dx, y in line[1:]]
    outer = [(128 + dx, y) for dx, y in reversed(crown)] + [(128 - dx, y) for dx, y in crown[1:]]
    return smooth(inner + outer, tension=0.85)


def _cast(canvas: Canvas, face: Face, d: str, opacity: float = 0.55) -> None:
    """The shadow of hair or hat on the face."""
    canvas.soft(d, face.skin.deep, opacity, f"translate({-face.side * 1.5:.1f} 4.5)")


def _part(face: Face) -> tuple[int, float]:
    """Which side hair is parted on, and where."""
    s = -1 if face.traits.parting < 0.5 else 1
    return s, 128 + s * (4 + abs(face.traits.parting - 0.5) * 34)


def _hanging(canvas: Canvas, face: Face, dice: random.Random) -> None:
    traits, hair, v = face.traits, face.hair, _volume(face)
    style = style_of(face)
    wavy = traits.has("Wavy_Hair")
    _, px = _part(face)
    low = _length(face, style)
    back = traits.has("Receding_Hairline")
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
        _cast(canvas, face, mass(guides))
        comb(
            canvas, hair, guides, dice,
            count=7 if style == "locs" else 15,
            width=9 if style == "locs" else 7.5 if wavy else 6.6,
            wave=7.2 if wavy else 0.7 if style == "locs" else 0,
            turns=(3.0 if style == "long" else 2.2) if wavy else 1, blunt=style == "locs",
            lit=0.35 if s == face.side else 0.1,
        )  # fmt: skip
        if style == "locs":
            for k in range(8):
                line = between(guides, (k + 0.5) / 8)
                canvas.line(smooth(line, closed=False), hair.deep, 1.5, 0.8)
                canvas.line(smooth([(x + 2.2, y) for x, y in line], closed=False), hair.light, 1.1, 0.4)
        elif not wavy:
            for k in range(3):
                line = between(guides, dice.uniform(0.1, 0.9))
                canvas.line(smooth(line, closed=False), hair.glow, 0.7, 0.35)
    canvas.line(f"M{px} {43 - v * 0.7}Q{px + 1} 56 {px} 67", hair.deep, 1.1, 0.5)


def _parted(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Short, with a side parting: combed over the top to the other side."""
    traits, hair, v = face.traits, face.hair, _volume(face) * 0.8 + 2
    wavy = traits.has("Wavy_Hair")
    s, _ = _part(face)
    cap = _cap(face, v * 0.7)
    _cast(canvas, face, cap)
    canvas.path(cap, hair.shade)
    _sides(canvas, face, dice)
    line = _hairline(face)
    near, over = line[2], -s
    start = 128 + s * (near[0] + 4)
    front: Guide = [
        (start, near[1] + 1), (128 + s * 8, line[0][1] - 5), (128 + over * 20, line[2][1] + 1),
        (128 + over * 38, line[3][1] + 2), (128 + over * (face.cheekbone - 5), 106),
    ]  # fmt: skip
    back: Guide = [
        (128 + s * 36, 50 - v * 0.5), (128 + s * 12, 38 - v * 1.2), (128 + over * 18, 36 - v * 1.2),
        (128 + over * 42, 52 - v), (128 + over * (face.temple + 4), 86),
    ]  # fmt: skip
    comb(
        canvas, hair, [front, between([front, back], 0.55), back], dice, count=15, width=7.4,
        wave=5.6 if wavy else 0, turns=2.6, lit=0.4,
    )  # fmt: skip
    side: list[Guide] = [
        [(start, near[1] + 1), (128 + s * 42, 84), (128 + s * (face.cheekbone - 5), 106)],
        [(128 + s * 36, 50 - v * 0.5), (128 + s * 50, 68), (128 + s * (face.temple + 4), 98)],
    ]
    comb(canvas, hair, side, dice, count=6, width=5.5, wave=3.2 if wavy else 0, lit=0.4)


def _swept(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Short, brushed up and back from the brow."""
    traits, hair, v = face.traits, face.hair, _volume(face) + 4
    wavy = traits.has("Wavy_Hair")
    cap = _cap(face, v * 0.6)
    _cast(canvas, face, cap)
    canvas.path(cap, hair.shade)
    _sides(canvas, face, dice)
    line = _hairline(face)
    lean = face.traits.parting * 14 - 7
    guides: list[Guide] = []
    for dx in (-4, -3, -2, -1, 0, 1, 2, 3, 4):
        s = -1 if dx < 0 else 1
        x, y = line[abs(dx)]
        crown = _crown(face, v)[abs(dx)]
        bx, by = crown[0] * 0.94, crown[1]
        guides.append([
            (128 + s * x, y + 1), (128 + s * (x + bx) / 2 + lean * 0.5, (y + by) / 2 - 4),
            (128 + s * bx + lean, by + 1), (128 + s * bx * 0.86 + lean * 1.7, by + 8),
        ])  # fmt: skip
    comb(
        canvas, hair, guides, dice, count=24, width=8, wave=5.0 if wavy else 0, turns=1.6,
        lit=0.5 + 0.25 * face.side, shine=(0.25, 0.7),
    )  # fmt: skip


def _sides(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Cropped hair from the temple to the ear's top."""
    e, hair = face.cheekbone, face.hair
    for s in (-1, 1):
        patch = [(e - 13, 88), (e - 8, 102), (e - 5, 117), (e + 1, 118), (face.temple + 3.5, 98), (face.temple + 2, 80)]
        canvas.path(smooth(_at(patch, s)), hair.base if s == face.side else hair.shade)
        for _ in range(16):
            x, y = 128 + s * (e - 4 + dice.uniform(-6, 4)), dice.uniform(82, 112)
            canvas.line(f"M{x:.1f} {y:.1f}q{s * 1.2} 3 {s * 0.6} 6.5", hair.light if dice.random() < 0.5 else hair.deep, 0.8, 0.5)


def _sideburns(canvas: Canvas, face: Face) -> None:
    """Whiskers before the ears, down to the level of the mouth."""
    e, c, hair = face.cheekbone, face.cheek, face.beard
    dice = dice_of(face, 5)
    for s in (-1, 1):
        strip = [(e - 7, 104), (e - 10, 130), (c - 13, 149), (c - 10, 157), (c - 2, 154), (e - 0.5, 138), (e + 1, 112)]
        canvas.path(smooth(_at(strip, s)), hair.shade if s != face.side else hair.base, 0.95)
        for _ in range(34):
            y = dice.uniform(106, 150)
            x = 128 + s * (e - 5 - (y - 106) * 0.07 + dice.uniform(-5, 4.5))
            tint = dice.choice((hair.light, hair.base, hair.shade, hair.deep))
            canvas.path(lock((x, y), (x - s * 0.5, y + 3), (x - s, y + 5), (x - s * 2.6, y + 8), 2.4), tint, 0.85)


def _fringe(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Hair combed down over the brow: blunt, or swept to one side."""
    traits, hair, v = face.traits, face.hair, _volume(face)
    wavy = traits.has("Wavy_Hair")
    low = 97
    s, _ = _part(face)
    guides: list[Guide] = []
    if traits.fringe < 0.55:
        for dx in (-43, -30, -15, 0, 15, 30, 43):
            drop = abs(dx) / 43
            guides.append([
                (128 + dx * 0.45, 42 - v * 0.7 + drop * 6), (128 + dx * 0.85, 62 + drop * 6),
                (128 + dx * 1.02, 84), (128 + dx * 1.03, low + drop * 5 + dice.uniform(-1.5, 1.5)),
            ])  # fmt: skip
    else:
        for k in range(6):
            t = k / 5
            x0 = 128 + s * (24 - 6 * t)
            x1 = 128 + s * (36 - 82 * t)
            guides.append([
                (x0, 44 - v * 0.6), (x0 + (x1 - x0) * 0.35, 60 - 10 * t), (x0 + (x1 - x0) * 0.8, 82 - 8 * t),
                (x1, low - 3 + 9 * t * t),
            ])  # fmt: skip
    _cast(canvas, face, mass(guides), 0.6)
    comb(
        canvas, hair, guides, dice, count=18, width=7.6, wave=3.6 if wavy else 0, turns=1.6,
        lit=0.5 + 0.2 * face.side, shine=(0.3, 0.75),
    )  # fmt: skip


def _tied(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Smoothed back from the brow into a bun."""
    hair, v = face.hair, _volume(face) * 0.3
    cap = _cap(face, v)
    _cast(canvas, face, cap, 0.4)
    canvas.path(cap, hair.shade)
    line = _hairline(face)
    high = style_of(face) == "bun" and not face.traits.has("Wearing_Hat")
    guides: list[Guide] = []
    for k in (-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6):
        s = -1 if k < 0 else 1
        x, y = line[abs(k)]
        cx, cy = _crown(face, v)[abs(k)]
        if high:
            tip = (128 + s * abs(k) * 2.2, 39 - v)
            mid = (128 + s * (x * 0.4 + cx * 0.5), (y + cy) / 2 - 3)
        else:
            tip, mid = (128 + s * cx, cy + 0.5), (128 + s * (x + cx) / 2, (y + cy) / 2)
        guides.append([(128 + s * x, y + 0.5), mid, ((mid[0] + tip[0]) / 2, (mid[1] + tip[1]) / 2), tip])
    comb(
        canvas, hair, guides, dice, count=30, width=5.6, lit=0.5 + 0.25 * face.side, shine=(0.2, 0.75)
    )


def _braids(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Parted in the middle, in two plaits before the shoulders."""
    hair, v = face.hair, _volume(face) * 0.4
    cap = _cap(face, v)
    _cast(canvas, face, cap, 0.45)
    canvas.path(cap, hair.shade)
    line, crown = _hairline(face), _crown(face, v)
    for s in (-1, 1):
        inner: Guide = [(128, 69), *_at([line[2], line[4], line[6]], s)]
        outer: Guide = [(128, 37 - v), *_at([crown[2], crown[4], crown[6]], s)]
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
            f"M{x - q * r * 0.9:.1f} {y - r * 0.35:.1f}C{x - q * r * 0.2:.1f} {y - r * 1.0:.1f} {x + q * r * 1.0:.1f} {y - r * 0.8:.1f} "
            f"{x + q * r * 1.02:.1f} {y + r * 0.05:.1f}C{x + q * r * 0.95:.1f} {y + r * 0.8:.1f} {x + q * r * 0.1:.1f} {y + r * 1.15:.1f} "
            f"{x - q * r * 0.55:.1f} {y + r * 1.1:.1f}C{x - q * r * 0.1:.1f} {y + r * 0.4:.1f} {x - q * r * 0.3:.1f} {y:.1f} {x - q * r * 0.9:.1f} {y - r * 0.35:.1f}Z"
        )
        canvas.path(d, tint)
        canvas.line(
            f"M{x - q * r * 0.35:.1f} {y - r * 0.3:.1f}Q{x + q * r * 0.55:.1f} {y - r * 0.35:.1f} {x + q * r * 0.35:.1f} {y + r * 0.55:.1f}",
            hair.light, 1.3, 0.55,
        )  # fmt: skip
        canvas.line(
            f"M{x + q * r * 0.95:.1f} {y + r * 0.3:.1f}Q{x + q * r * 0.5:.1f} {y + r * 1.0:.1f} {x - q * r * 0.5:.1f} {y + r * 1.1:.1f}",
            hair.deep, 1, 0.6,
        )  # fmt: skip
        out = 0.9 if y < 178 else 0.2
        x, y, k = x + s * (out if y > 150 else -0.3), y + r * 0.92, k + 1
    canvas.path(smooth([(x - 5, y - 5), (x + 5, y - 5), (x + 6, y + 10), (x, y + 18), (x - 6, y + 10)]), hair.base)
    canvas.line(f"M{x - 5:.1f} {y - 3:.1f}h10", face.hair.deep, 3)


def _buzz(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Clipped short: the scalp's form shows through."""
    hair = face.hair
    cap = _cap(face, -3.5)
    lit, far = 128 + face.side * 40, 128 - face.side * 56
    fill = canvas.fade((lit, 40), (far, 110), (0, hair.light, 1), (0.35, hair.base, 1), (1, hair.shade, 1))
    canvas.line(cap, hair.base, 1, 0.45, soft=1.3)
    canvas.path(cap, fill, 0.93)
    dots = "".join(
        f'<circle cx="{dice.uniform(0.5, 6.5):.1f}" cy="{dice.uniform(0.5, 6.5):.1f}" r="0.55" '
        f'fill="{hair.glow if k % 3 == 0 else hair.deep}" fill-opacity="0.6"/>'
        for k in range(9)
    )
    canvas.path(cap, canvas.tile(7, 7, dots, "rotate(24)"))
    canvas.glow(face.x + face.side * 18, 55, 26, 12, hair.glow, 0.4, face.side * 18)


def _coils(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Tight curls: cropped, or the front of a round cloud."""
    hair, traits = face.hair, face.traits
    afro = style_of(face) == "afro"
    v = (8 if afro else 3.5 + _volume(face) * 0.5) if not traits.has("Wearing_Hat") else 2
    line = _hairline(face)
    if traits.has("Bangs"):
        line = [(dx, y + (20 - dx * 0.32 if dx < 42 else 2)) for dx, y in line]
    inner = [(128 - dx, y) for dx, y in reversed(line)] + [(128 + dx, y) for dx, y in line[1:]]
    crown = _crown(face, v)
    outer = [(128 + dx, y) for dx, y in reversed(crown)] + [(128 - dx, y) for dx, y in crown[1:]]
    edge = _bumpy(inner, 2.2, dice)
    d = smooth([*edge, *(_bumpy(outer, 2.8, dice) if not afro else outer)])
    _cast(canvas, face, d)
    canvas.path(d, canvas.fade((128 + face.side * 50, 40), (128 - face.side * 60, 120), (0, hair.base, 1), (1, hair.shade, 1)))
    spots = []
    for _ in range(150):
        k = dice.random() * 12 - 6
        i, s = min(int(abs(k)), 5), -1 if k < 0 else 1
        f, t = abs(k) - i, dice.random()
        ix, iy = (line[i][0] + (line[i + 1][0] - line[i][0]) * f, line[i][1] + (line[i + 1][1] - line[i][1]) * f)
        ox, oy = (crown[i][0] + (crown[i + 1][0] - crown[i][0]) * f, crown[i][1] + (crown[i + 1][1] - crown[i][1]) * f)
        spots.append((128 + s * (ix + (ox - ix) * t), iy + (oy - iy) * t, dice.uniform(1.6, 2.8)))
    curls(canvas, hair, spots, (128 + face.side * 34, 48))


def _cloud(
    canvas: Canvas, face: Face, cx: float, cy: float, rx: float, ry: float, dice: random.Random
) -> None:
    hair = face.hair
    ring = []
    for k in range(44):
        a = k / 44 * 2 * math.pi
        bump = 1 + (0.028 if k % 2 else -0.012) + dice.uniform(-0.012, 0.012)
        ring.append((cx + math.cos(a) * rx * bump, cy + math.sin(a) * ry * bump * (1.0 if math.sin(a) < 0 else 0.92)))
    canvas.path(smooth(ring), canvas.radial((cx + face.side * 30, cy - 40), 120, (0, hair.base, 1), (1, hair.deep, 1)))
    spots = []
    for _ in range(420):
        a, r = dice.uniform(0, 6.283), math.sqrt(dice.random()) * 0.97
        spots.append((cx + math.cos(a) * rx * r, cy + math.sin(a) * ry * r * 0.95, dice.uniform(1.8, 3.2)))
    curls(canvas, hair, spots, (cx + face.side * 40, cy - 52))


def _bumpy(points: list[Point], size: float, dice: random.Random) -> list[Point]:
    """A scalloped version of a line, for the edge of curls."""
    result = []
    for i in range(len(points) - 1):
        (ax, ay), (bx, by) = points[i], points[i + 1]
        length = math.hypot(bx - ax, by - ay) or 1
        steps = max(2, round(length / 4.5))
        for k in range(steps):
            t = k / steps
            swing = size * (0.5 if k % 2 else -0.5) * dice.uniform(0.6, 1.3)
            result.append((ax + (bx - ax) * t - (by - ay) / length * swing, ay + (by - ay) * t + (bx - ax) / length * swing))
    return [*result, points[-1]]


def _steps(a: Point, b: Point) -> list[Point]:
    """Points every few units from one point on the way to another."""
    count = max(1, round(math.dist(a, b) / 6))
    return [(a[0] + (b[0] - a[0]) * k / count, a[1] + (b[1] - a[1]) * k / count) for k in range(count)]
