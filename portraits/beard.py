"""Facial hair: a shadow, a moustache, a goatee, a beard along the jaw."""

import random

from portraits.canvas import Canvas, lock, mirrored, smooth
from portraits.colour import Hair, luminance, mix
from portraits.face import Face
from portraits.traits import FACIAL_HAIR

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
    if full:
        _jaw(canvas, face, dice)
    if traits.has("Goatee"):
        _goatee(canvas, face, dice)
    if traits.has("Mustache"):
        _moustache(canvas, face, dice)


def draw_stubble(canvas: Canvas, face: Face) -> None:
    """A five o'clock shadow, to be drawn before the mouth."""
    skin, y = face.skin, face.mouth_y
    tint = mix("#2b3038", face.beard.base, 0.2)
    area = smooth(
        mirrored(
            [(0, face.nose_y + 6), (13, face.nose_y + 7), (24, y - 3), (33, y - 11),
             (face.cheek - 7, 146),
             (face.cheekbone + 4, 136), (face.jaw + 12, 172), (30, face.chin + 8),
             (0, face.chin + 8)],
        )
    )  # fmt: skip
    strength = 0.40 if luminance(skin.base) > 0.5 else 0.58
    canvas.soft(area, tint, strength)
    with canvas.group(clip=face.outline):
        dice = random.Random(5)
        dots = "".join(
            f'<circle cx="{dice.uniform(0.4, 18.6):.1f}" cy="{dice.uniform(0.4, 18.6):.1f}" '
            'r="0.45" fill="#16161a" fill-opacity="0.55"/>'
            for _ in range(95)
        )
        canvas.path(area, canvas.tile(19, 19, dots, "rotate(17)"))


def _hairs(
    canvas: Canvas, hair: Hair, spots: list[tuple[float, float, float, float]], dice: random.Random
) -> None:
    """Short locks at (x, y) pointing by (dx, dy)."""
    for x, y, dx, dy in spots:
        tint = dice.choice(
            (
                hair.base,
                hair.base,
                mix(hair.base, hair.light, 0.5),
                hair.shade,
                mix(hair.shade, hair.base, 0.5),
                mix(hair.shade, hair.deep, 0.4),
            )
        )
        bend = dice.uniform(-1.5, 1.5)
        canvas.path(
            lock(
                (x, y), (x + dx * 0.3 + bend, y + dy * 0.3),
                (x + dx * 0.7 + bend, y + dy * 0.7), (x + dx, y + dy), 3.2,
            ),
            tint, 0.9,
        )  # fmt: skip


def _tuft(
    canvas: Canvas,
    face: Face,
    d: str,
    spots: list[tuple[float, float, float, float]],
    dice: random.Random,
) -> None:
    """A shape of hair whose edges are hairs."""
    hair = face.beard
    canvas.line(d, hair.base, 1, 0.5, soft=1.4)
    lit, far = (128 + face.side * 44, 150), (128 - face.side * 44, 195)
    canvas.path(
        d,
        canvas.fade(
            lit,
            far,
            (0, mix(hair.base, hair.light, 0.25), 1),
            (0.5, hair.base, 1),
            (1, hair.shade, 1),
        ),
        0.93,
    )
    _hairs(canvas, hair, spots, dice)


def _jaw(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """A trimmed beard from ear to ear, leaving the mouth free."""
    x, y, e = face.x, face.mouth_y, face.cheekbone
    drop = 3 + face.traits.beard * 6
    outer = [
        (e - 0.5, 116),
        (face.cheek + 1, 148),
        (face.jaw + 2, face.jaw_y + 1),
        (face.chin_width + 12, face.chin - 5 + drop * 0.7),
        (0, face.chin + drop),
    ]
    inner = [
        (e - 8, 116),
        (e - 12, 142),
        (36, y - 7),
        (29, y + 2),
        (21, y + 11),
        (10, y + 14),
        (0, y + 13.5),
    ]
    right = [(128 + dx, v) for dx, v in outer]
    left = [(128 - dx, v) for dx, v in reversed(outer[:-1])]
    in_left = [((x if dx < 30 else 128) - dx, v) for dx, v in inner]
    in_right = [((x if dx < 30 else 128) + dx, v) for dx, v in reversed(inner[:-1])]
    d = smooth([*right, *left, *in_left, *in_right], tension=0.8)
    spots = []
    for _ in range(120):
        s, t, k = dice.choice((-1, 1)), dice.random(), dice.uniform(0, 5.99)
        i, f = int(k * 4 / 6), k * 4 / 6 % 1
        ox, oy = (outer[i][q] + (outer[i + 1][q] - outer[i][q]) * f for q in (0, 1))
        i, f = int(k), k % 1
        ix, iy = (inner[i][q] + (inner[i + 1][q] - inner[i][q]) * f for q in (0, 1))
        px, py = ix + (ox - ix) * t * 0.92, iy + (oy - iy) * t * 0.92 - 3
        spots.append((128 + s * px, py, -s * (1 + 2 * (1 - px / 60)), dice.uniform(5, 8)))
    spots.sort(key=lambda spot: spot[1])
    _tuft(canvas, face, d, spots, dice)


def _goatee(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """A tuft on the chin, up to the lip."""
    x, y = face.x * 0.6 + 128 * 0.4, face.mouth_y
    drop = 4 + face.traits.beard * 6
    top = y + 13
    shape = [
        (0, top),
        (8, top + 0.5),
        (13, top + 5),
        (16.5, face.chin - 8),
        (14, face.chin),
        (7, face.chin + drop * 0.85),
        (0, face.chin + drop),
    ]
    spots = []
    for _ in range(46):
        v = dice.uniform(top - 1, face.chin + drop * 0.3)
        w = 8 + 7 * min(1, max(0, (v - top) / 9))
        t = dice.uniform(-w, w)
        spots.append((x + t, v, -t * 0.22, dice.uniform(6, 9)))
    spots.sort(key=lambda spot: spot[1])
    _tuft(canvas, face, smooth(mirrored(shape, x)), spots, dice)


def _moustache(canvas: Canvas, face: Face, dice: random.Random) -> None:
    """Two wings that sweep from under the nose past the mouth's corners."""
    hair, x = face.beard, face.x + face.turn * 1.4
    top, low = face.nose_y + 5.5, face.mouth_y - 2.5
    w = 25 + face.traits.beard * 3
    for s in (-1, 1):
        wing = [
            (0, top),
            (s * 9, top - 0.5),
            (s * w * 0.66, low - 3.5),
            (s * w, low + 6),
            (s * w * 0.7, low + 4.0),
            (s * 9, low + 1.0),
            (0, low),
        ]
        d = smooth([(x + dx, v) for dx, v in wing], tension=0.9)
        canvas.line(d, face.skin.deep, 2, 0.4, soft=1.2)
        canvas.path(d, hair.base if s == face.side else hair.shade)
        with canvas.group(clip=d):
            for _ in range(13):
                a = dice.random()
                sx, sy = x + s * a * w * 0.7, top - 1 + a * 4
                tint = dice.choice((hair.light, hair.deep, hair.base, hair.shade))
                canvas.path(
                    lock(
                        (sx, sy),
                        (sx + s * 4, sy + 2),
                        (sx + s * 7, sy + 5),
                        (sx + s * 9, sy + 10),
                        2.6,
                    ),
                    tint,
                    0.9,
                )
