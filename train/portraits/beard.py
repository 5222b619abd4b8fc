"""Facial hair: a shadow, a moustache, a goatee, a beard along the jaw."""

import random

from train.portraits.canvas import Canvas, lock, mirrored, smooth
from train.portraits.colour import Hair, luminance, mix
from train.portraits.face import Face
from train.portraits.traits import FACIAL_HAIR

BEARDED_MOUSTACHES = 0.4  # the share of moustaches without goatee that come with a beard


def draw_beard(canvas: Canvas, face: Face) -> None:
    """Whatever the labels ask for; a man with neither of them nor `No_Beard` has a jaw beard."""
    traits = face.traits
    if traits.has("No_Beard"):
        return
    dice = random.Random(traits.grain * 17 + 3)
    full = not traits.has(*FACIAL_HAIR)
    if traits.has("Mustache") and not traits.has("Goatee", "5_o_Clock_Shadow"):
        full = traits.beard < BEARDED_MOUSTACHES
    if traits.has("5_o_Clock_Shadow"):
        _stubble(canvas, face)
    if full:
        _jaw(canvas, face, dice)
    if traits.has("Goatee"):
        _goatee(canvas, face, dice)
    if traits.has("Mustache"):
        _moustache(canvas, face, dice)


def _around(face: Face, top: float, grow: float) -> list[tuple[float, float]]:
    return [(dx, y) for dx, y in face.half(grow) if y > top]


def _stubble(canvas: Canvas, face: Face) -> None:
    skin, x, y = face.skin, face.x, face.mouth_y
    tint = mix("#2b3038", face.hair.base, 0.2)
    area = smooth(
        mirrored(
            [(0, face.nose_y + 6), (13, face.nose_y + 7), (24, y - 3), (33, y - 11), (face.cheek - 7, 146),
             (face.cheekbone + 4, 136), (face.jaw + 12, 172), (30, face.chin + 8), (0, face.chin + 8)],
        )
    )  # fmt: skip
    clear = smooth(mirrored([(0, y - 5), (10, y - 6), (19, y - 1), (12, y + 8), (0, y + 10)], x))
    strength = 0.40 if luminance(skin.base) > 0.5 else 0.58
    with canvas.group(clip=face.outline):
        canvas.path(area + clear, tint, strength, blur=2.6)
        dice = random.Random(5)
        dots = "".join(
            f'<circle cx="{dice.uniform(0.4, 8.6):.1f}" cy="{dice.uniform(0.4, 8.6):.1f}" r="0.62" '
            f'fill="{"#16161a"}" fill-opacity="0.62"/>'
            for _ in range(17)
        )
        canvas.path(area, canvas.tile(9, 9, dots, "rotate(17)"))
    from train.portraits.mouth import draw_mouth

    draw_mouth(canvas, face)


def _hairs(
    canvas: Canvas, hair: Hair, spots: list[tuple[float, float, float, float]], dice: random.Random
) -> None:
    """Short locks at (x, y) pointing by (dx, dy)."""
    for x, y, dx, dy in spots:
        tint = dice.choice((hair.base, hair.base, hair.light, hair.shade, hair.shade, hair.deep))
        bend = dice.uniform(-1.5, 1.5)
        canvas.path(
            lock((x, y), (x + dx * 0.3 + bend, y + dy * 0.3), (x + dx * 0.7 + bend, y + dy * 0.7), (x + dx, y + dy), 3.2),
            tint, 0.9,
        )  # fmt: skip


def _jaw(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """A trimmed beard from ear to ear, leaving the mouth free."""
    hair, x, y = face.hair, face.x, face.mouth_y
    e = face.cheekbone
    drop = 3 + face.traits.beard * 6
    outer = [(e - 1, 116), (face.cheek + 1.5, 148), (face.jaw + 3, face.jaw_y + 1), (face.chin_width + 12, face.chin - 5 + drop * 0.7), (0, face.chin + drop)]
    inner = [(0, y + 13.5), (10, y + 14.5), (21, y + 10), (28, y + 1), (35, y - 9), (e - 13, 144), (e - 9, 116)]
    right = [(128 + dx, v) for dx, v in outer]
    left = [(128 - dx, v) for dx, v in reversed(outer[:-1])]
    in_right = [(x + (dx if dx < 30 else dx + (128 - x)), v) for dx, v in inner]
    in_left = [(x - dx if dx < 30 else 128 - dx, v) for dx, v in inner[1:]]
    d = smooth([*right, *left, *in_left[::-1], *in_right], tension=0.8)
    canvas.path(d, hair.base, 0.5, blur=1.8)
    canvas.path(d, canvas.fade((128 + face.side * 50, 140), (128 - face.side * 50, 190), (0, hair.base, 1), (1, hair.shade, 1)), 0.96)
    with canvas.group(clip=d):
        canvas.glow(128 - face.side * 40, 170, 24, 34, hair.deep, 0.5)
        spots = []
        for _ in range(95):
            t = dice.uniform(-1, 1)
            dx = t * (face.jaw + 2)
            v = dice.uniform(118, face.chin + 4)
            if abs(t) < 0.6:
                v = dice.uniform(y + 10, face.chin + 2)
            spots.append((128 + dx, v, dx * 0.05 - t * 2, dice.uniform(6, 10)))
        _hairs(canvas, hair, spots, dice)


def _goatee(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """A tuft on the chin."""
    hair, x, y = face.hair, face.x * 0.6 + 128 * 0.4, face.mouth_y
    drop = 5 + face.traits.beard * 6
    top = y + 13.5
    shape = [(0, top), (8, top + 1), (17, top + 4), (19.5, face.chin - 6), (12, face.chin + drop * 0.6), (0, face.chin + drop)]
    d = smooth(mirrored(shape, x))
    canvas.path(d, hair.base, 0.5, blur=1.5)
    canvas.path(d, canvas.fade((x + face.side * 16, top), (x - face.side * 18, face.chin), (0, hair.base, 1), (1, hair.shade, 1)))
    with canvas.group(clip=d):
        spots = [
            (x + (t := dice.uniform(-17, 17)), dice.uniform(top, face.chin), -t * 0.25, dice.uniform(7, 11))
            for _ in range(34)
        ]
        _hairs(canvas, hair, spots, dice)


def _moustache(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Two wings that sweep from under the nose past the mouth's corners."""
    hair, x = face.hair, face.x + face.turn * 1.4
    top, low = face.nose_y + 5.5, face.mouth_y - 2.5
    w = 25 + face.traits.beard * 3
    for s in (-1, 1):
        wing = [(0, top), (s * 9, top - 0.5), (s * w * 0.66, low - 3.5), (s * w, low + 6), (s * w * 0.7, low + 4.0), (s * 9, low + 1.0), (0, low)]
        d = smooth([(x + dx, v) for dx, v in wing], tension=0.9)
        canvas.path(d, face.skin.deep, 0.5, blur=1.2, transform="translate(0 1.6)")
        canvas.path(d, hair.base if s == face.side else hair.shade)
        with canvas.group(clip=d):
            for _ in range(13):
                a = dice.random()
                sx, sy = x + s * a * w * 0.7, top - 1 + a * 4
                tint = dice.choice((hair.light, hair.deep, hair.base, hair.shade))
                canvas.path(
                    lock((sx, sy), (sx + s * 4, sy + 2), (sx + s * 7, sy + 5), (sx + s * 9, sy + 10), 2.6), tint, 0.9
                )
