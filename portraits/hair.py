"""Hair on the head: what hangs behind it, and what frames the face."""

import math
from itertools import pairwise

from portraits.canvas import Canvas, Point, mirrored, smooth
from portraits.colour import Hair
from portraits.face import Face
from portraits.hair_long import draw_braids, draw_hanging, draw_tied
from portraits.hair_short import (
    draw_buzz,
    draw_cloud,
    draw_coils,
    draw_fringe,
    draw_parted,
    draw_sideburns,
    draw_swept,
)
from portraits.hairline import dice_of, length_of, style_of, volume_of
from portraits.strands import Guide, comb


def draw_hair_behind(canvas: Canvas, face: Face) -> None:
    """What hangs or stands out behind neck and head."""
    style, hair, traits = style_of(face), face.hair, face.traits
    dice = dice_of(face, 1)
    v = volume_of(face)
    if style in ("long", "bob", "locs"):
        low = length_of(face, style)
        wavy = traits.has("Wavy_Hair")
        out = face.cheekbone + 13 + v + (4 if wavy else 0)
        shape = [
            (0, 40),
            (34, 44),
            (out - 6, 80),
            (out, 130),
            (out + 2, low - 24),
            (out - 8, low - 3),
            (0, low),
        ]
        half = mirrored(shape)
        if wavy:  # scalloped, from the temples down
            half = [
                (x + (0 if y < 70 else 3.6 * math.sin(y * 0.16) * (1 if x > 128 else -1)), y)
                for x, y in (point for a, b in pairwise([*half, half[0]]) for point in _steps(a, b))
            ]
        fill = canvas.fade((0, 60), (0, low), (0, hair.shade, 1), (1, hair.deep, 1))
        canvas.path(smooth(half), fill)
        guides: list[Guide] = [
            [(128 - out + 8, 120), (128 - out + 3, 160), (128 - out + 6, low)],
            [(128, 120), (128, 170), (128, low - 2)],
            [(128 + out - 8, 120), (128 + out - 3, 160), (128 + out - 6, low)],
        ]
        dark = Hair(hair.shade, hair.base, hair.light, hair.deep, hair.deep)
        comb(
            canvas, dark, guides, dice, count=13, width=10, wave=7 if wavy else 0, turns=1.7,
            base=wavy, lit=0.5 + 0.4 * face.side, blunt=style == "locs",
        )  # fmt: skip
    elif style == "afro":
        rx, ry = 70 + v * 2.2, 66 + v * 1.8
        if traits.has("Wearing_Hat"):
            rx, ry = 70, 50
        cx, cy = 128, 98
        draw_cloud(canvas, face, cx, cy, rx, ry, dice)
    elif style == "bun" and not traits.has("Wearing_Hat"):
        draw_cloud(canvas, face, 128 + face.turn * 3, 34, 22 + v * 0.5, 18 + v * 0.4, dice)
    elif style in ("lowbun", "bun"):
        for s in (-1, 1):
            draw_cloud(canvas, face, 128 + s * (face.neck + 12), 174, 20, 19, dice)


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
        "long": draw_hanging, "bob": draw_hanging, "locs": draw_hanging, "braids": draw_braids,
        "parted": draw_parted, "swept": draw_swept, "buzz": draw_buzz,
        "coils": draw_coils, "afro": draw_coils, "bun": draw_tied, "lowbun": draw_tied,
    }[style](canvas, face, dice_of(face, 2))  # fmt: skip
    if face.traits.has("Sideburns"):
        draw_sideburns(canvas, face)
    if face.traits.has("Bangs") and style not in ("coils", "afro"):
        draw_fringe(canvas, face, dice_of(face, 3))


def _steps(a: Point, b: Point) -> list[Point]:
    """Points every few units from one point on the way to another."""
    count = max(1, round(math.dist(a, b) / 6))
    return [
        (a[0] + (b[0] - a[0]) * k / count, a[1] + (b[1] - a[1]) * k / count) for k in range(count)
    ]
