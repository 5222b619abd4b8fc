"""Short hair: combed, clipped or curled; whiskers before the ears, and fringes."""

import math
import random

from portraits.canvas import Canvas, Point, lock, smooth
from portraits.face import Face
from portraits.hairline import (
    at_side,
    cap_of,
    cast,
    crown,
    dice_of,
    hairline,
    parting_of,
    style_of,
    volume_of,
)
from portraits.strands import Guide, between, comb, curls, mass


def draw_parted(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Short, with a side parting: combed over the top to the other side."""
    traits, hair, v = face.traits, face.hair, volume_of(face) * 0.8 + 2
    wavy = traits.has("Wavy_Hair")
    s, _ = parting_of(face)
    cap = cap_of(face, v * 0.7)
    cast(canvas, face, cap)
    canvas.path(cap, hair.shade)
    _sides(canvas, face, dice)
    line = hairline(face)
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
        wave=6.4 if wavy else 0, turns=2.6, lit=0.4,
    )  # fmt: skip
    side: list[Guide] = [
        [(start, near[1] + 1), (128 + s * 42, 84), (128 + s * (face.cheekbone - 5), 106)],
        [(128 + s * 36, 50 - v * 0.5), (128 + s * 50, 68), (128 + s * (face.temple + 4), 98)],
    ]
    comb(canvas, hair, side, dice, count=6, width=5.5, wave=3.2 if wavy else 0, lit=0.4)


def draw_swept(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Short, brushed up and back from the brow."""
    traits, hair, v = face.traits, face.hair, volume_of(face) + 4
    wavy = traits.has("Wavy_Hair")
    cap = cap_of(face, v * 0.6)
    cast(canvas, face, cap)
    canvas.path(cap, hair.shade)
    _sides(canvas, face, dice)
    line = hairline(face)
    lean = face.traits.parting * 14 - 7
    guides: list[Guide] = []
    for dx in (-4, -3, -2, -1, 0, 1, 2, 3, 4):
        s = -1 if dx < 0 else 1
        x, y = line[abs(dx)]
        top = crown(face, v)[abs(dx)]
        bx, by = top[0] * 0.94, top[1]
        guides.append([
            (128 + s * x, y + 1), (128 + s * (x + bx) / 2 + lean * 0.5, (y + by) / 2 - 4),
            (128 + s * bx + lean, by + 1), (128 + s * bx * 0.86 + lean * 1.7, by + 8),
        ])  # fmt: skip
    comb(
        canvas, hair, guides, dice, count=24, width=8, wave=6.0 if wavy else 0, turns=1.6,
        lit=0.5 + 0.25 * face.side, shine=(0.25, 0.7),
    )  # fmt: skip


def _sides(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Cropped hair from the temple to the ear's top."""
    e, hair = face.cheekbone, face.hair
    for s in (-1, 1):
        patch = [
            (e - 13, 88),
            (e - 8, 102),
            (e - 5, 117),
            (e + 1, 118),
            (face.temple + 3.5, 98),
            (face.temple + 2, 80),
        ]
        canvas.path(smooth(at_side(patch, s)), hair.base if s == face.side else hair.shade)
        for _ in range(16):
            x, y = 128 + s * (e - 4 + dice.uniform(-6, 4)), dice.uniform(82, 112)
            canvas.line(
                f"M{x:.1f} {y:.1f}q{s * 1.2} 3 {s * 0.6} 6.5",
                hair.light if dice.random() < 0.5 else hair.deep,
                0.8,
                0.5,
            )


def draw_sideburns(canvas: Canvas, face: Face) -> None:
    """Whiskers before the ears, down to the level of the mouth."""
    e, c, hair = face.cheekbone, face.cheek, face.beard
    dice = dice_of(face, 5)
    for s in (-1, 1):
        strip = [
            (e - 7, 104),
            (e - 10, 130),
            (c - 13, 149),
            (c - 10, 157),
            (c - 2, 154),
            (e - 0.5, 138),
            (e + 1, 112),
        ]
        canvas.path(smooth(at_side(strip, s)), hair.shade if s != face.side else hair.base, 0.95)
        for _ in range(34):
            y = dice.uniform(106, 150)
            x = 128 + s * (e - 5 - (y - 106) * 0.07 + dice.uniform(-5, 4.5))
            tint = dice.choice((hair.light, hair.base, hair.shade, hair.deep))
            canvas.path(
                lock((x, y), (x - s * 0.5, y + 3), (x - s, y + 5), (x - s * 2.6, y + 8), 2.4),
                tint,
                0.85,
            )


def draw_fringe(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Hair combed down over the brow: blunt, or swept to one side."""
    traits, hair, v = face.traits, face.hair, volume_of(face)
    wavy = traits.has("Wavy_Hair")
    low = 97
    s, _ = parting_of(face)
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
                (x0, 44 - v * 0.6), (x0 + (x1 - x0) * 0.35, 60 - 10 * t),
                (x0 + (x1 - x0) * 0.8, 82 - 8 * t),
                (x1, low - 3 + 9 * t * t),
            ])  # fmt: skip
    cast(canvas, face, mass(guides), 0.6)
    comb(
        canvas, hair, guides, dice, count=18, width=7.6, wave=3.6 if wavy else 0, turns=1.6,
        lit=0.5 + 0.2 * face.side, shine=(0.3, 0.75),
    )  # fmt: skip


def draw_buzz(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Clipped short: the scalp's form shows through."""
    hair = face.hair
    cap = cap_of(face, -3.5)
    lit, far = 128 + face.side * 40, 128 - face.side * 56
    fill = canvas.fade(
        (lit, 40), (far, 110), (0, hair.light, 1), (0.35, hair.base, 1), (1, hair.shade, 1)
    )
    with canvas.group(clip=face.outline):
        canvas.line(cap, hair.base, 1, 0.45, soft=1.3)
    canvas.path(cap, fill, 0.93)
    dots = "".join(
        f'<circle cx="{dice.uniform(0.5, 6.5):.1f}" cy="{dice.uniform(0.5, 6.5):.1f}" r="0.55" '
        f'fill="{hair.glow if k % 3 == 0 else hair.deep}" fill-opacity="0.6"/>'
        for k in range(9)
    )
    canvas.path(cap, canvas.tile(7, 7, dots, "rotate(24)"))
    canvas.glow(face.x + face.side * 18, 55, 26, 12, hair.glow, 0.4, face.side * 18)


def draw_coils(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Tight curls: cropped, or the front of a round cloud."""
    hair, traits = face.hair, face.traits
    afro = style_of(face) == "afro"
    v = (8 if afro else 3.5 + volume_of(face) * 0.5) if not traits.has("Wearing_Hat") else 2
    line = hairline(face)
    if traits.has("Bangs"):
        line = [(dx, y + (20 - dx * 0.32 if dx < 42 else 2)) for dx, y in line]
    inner = [(128 - dx, y) for dx, y in reversed(line)] + [(128 + dx, y) for dx, y in line[1:]]
    top = crown(face, v)
    outer = [(128 + dx, y) for dx, y in reversed(top)] + [(128 - dx, y) for dx, y in top[1:]]
    edge = _bumpy(inner, 2.2, dice)
    d = smooth([*edge, *(_bumpy(outer, 2.8, dice) if not afro else outer)])
    cast(canvas, face, d)
    canvas.path(
        d,
        canvas.fade(
            (128 + face.side * 50, 40),
            (128 - face.side * 60, 120),
            (0, hair.base, 1),
            (1, hair.shade, 1),
        ),
    )
    spots = []
    for _ in range(150):
        k = dice.random() * 12 - 6
        i, s = min(int(abs(k)), 5), -1 if k < 0 else 1
        f, t = abs(k) - i, dice.random()
        ix, iy = (
            line[i][0] + (line[i + 1][0] - line[i][0]) * f,
            line[i][1] + (line[i + 1][1] - line[i][1]) * f,
        )
        ox, oy = (
            top[i][0] + (top[i + 1][0] - top[i][0]) * f,
            top[i][1] + (top[i + 1][1] - top[i][1]) * f,
        )
        spots.append((128 + s * (ix + (ox - ix) * t), iy + (oy - iy) * t, dice.uniform(1.6, 2.8)))
    curls(canvas, hair, spots, (128 + face.side * 34, 48))


def draw_cloud(
    canvas: Canvas, face: Face, cx: float, cy: float, rx: float, ry: float, dice: random.Random
) -> None:
    hair = face.hair
    ring = []
    bumps = 2 * round(rx * 0.3)
    for k in range(bumps):
        a = k / bumps * 2 * math.pi
        bump = 1 + (0.028 if k % 2 else -0.012) + dice.uniform(-0.012, 0.012)
        ring.append(
            (
                cx + math.cos(a) * rx * bump,
                cy + math.sin(a) * ry * bump * (1.0 if math.sin(a) < 0 else 0.92),
            )
        )
    canvas.path(
        smooth(ring),
        canvas.radial((cx + face.side * 30, cy - 40), 120, (0, hair.base, 1), (1, hair.deep, 1)),
    )
    spots = []
    for _ in range(round(rx * ry * 0.085)):
        a, r = dice.uniform(0, 6.283), math.sqrt(dice.random()) * 0.97
        spots.append(
            (cx + math.cos(a) * rx * r, cy + math.sin(a) * ry * r * 0.95, dice.uniform(1.8, 3.2))
        )
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
            result.append(
                (
                    ax + (bx - ax) * t - (by - ay) / length * swing,
                    ay + (by - ay) * t + (bx - ax) / length * swing,
                )
            )
    return [*result, points[-1]]
