"""Eyes, lids, lashes, brows, and what lies under or is painted on them."""

import math
import random

from portraits.canvas import Canvas, curve, lock
from portraits.colour import EYESHADOWS, IRISES, along, darker, lighter, luminance, mix, pick
from portraits.face import Face

HALF = 12.4  # half an eye's width


def draw_eyes(canvas: Canvas, face: Face) -> None:
    """Both eyes with everything around them but the brows."""
    for s in (-1, 1):
        _eye(canvas, face, s)


def _eye(canvas: Canvas, face: Face, s: int) -> None:
    traits, skin = face.traits, face.skin
    far = 1 - 0.05 * max(0.0, face.turn * -s)  # the eye that is turned away is narrower
    w = HALF * (0.97 + traits.eye_size * 0.08) * far
    x, y = face.x + s * face.eye_dx, face.eye_y
    narrow = traits.has("Narrow_Eyes")
    up, down = (2.4, 1.6) if narrow else (6.7 + traits.eye_size * 0.8, 4.2)
    if traits.has("Smiling"):
        down -= 0.8 if not narrow else 0.2
    if not traits.has("Male") and not narrow:
        up += 0.9
    lift = 1.2 + traits.eye_tilt * 2  # the outer corner is higher
    inner, outer = (x - s * w, y + 1.4), (x + s * w, y + 0.6 - lift * 0.6)

    def lid(rise: float, spread: float = 0) -> str:
        """The upper lid's curve, inner to outer corner, moved up and outward."""
        return (
            f"C{x - s * (w * 0.62 + spread)} {y - up * 1.12 - rise} "
            f"{x + s * (w * 0.42 + spread)} {y - up * 1.38 - rise - lift * 0.4} "
        )

    low = (
        f"C{x + s * w * 0.5} {y + down * 1.25} {x - s * w * 0.45} {y + down * 1.35} {inner[0]} "
        f"{inner[1]}Z"
    )
    almond = f"M{inner[0]} {inner[1]}{lid(0)}{outer[0]} {outer[1]}{low}"
    if traits.has("Heavy_Makeup"):
        _shadow(canvas, face, s, x, y, w, up)
    if traits.has("Bags_Under_Eyes"):
        _bags(canvas, face, s, x, y, w, down)
    white = mix("#f6f0ea", skin.base, 0.14)
    canvas.path(almond, white)
    with canvas.group(clip=almond):
        brown = 0.45 if luminance(skin.base) > 0.62 else 0.85
        iris = along(IRISES[:3], traits.iris / brown)
        if traits.iris >= brown:
            iris = along(IRISES[3:], (traits.iris - brown) / (1 - brown))
        gaze = x + (traits.gaze - 0.5) * 2.4 + face.turn * 0.6
        iy, r = y - 1.4, 6.1
        canvas.oval(gaze, iy, r, r, darker(iris, 0.55))
        canvas.oval(gaze, iy, r - 0.9, r - 0.9, iris)
        canvas.glow(gaze, iy + 3, 4.2, 3, lighter(iris, 0.45), 0.7)
        canvas.oval(gaze, iy, 2.7, 2.7, "#120c0c")
        canvas.path(
            f"M{x - 20} {y - 22}H{x + 20}V{y - up * 0.50:.2f}Q{x} {y - up * 0.88:.2f} "
            f"{x - 20} {y - up * 0.45:.2f}Z",
            darker(skin.deep, 0.3), 0.42,
        )  # fmt: skip
        canvas.oval(
            gaze + face.side * 2.4, iy - 2.6 + (1.6 if narrow else 0), 1.45, 1.45, "#ffffff", 0.95
        )
        canvas.oval(gaze - face.side * 2.6, iy + 2.6, 0.8, 0.8, "#ffffff", 0.35)
        canvas.oval(inner[0] + s * 1.2, inner[1], 1.7, 1.3, "#c98078", 0.6)
    ink = "#1d1310" if luminance(skin.base) < 0.75 else "#2c1a15"
    made_up = traits.has("Heavy_Makeup")
    thick = 2.9 if made_up else (2.0 if not traits.has("Male") else 1.1)
    lash = (
        f"M{inner[0]} {inner[1]}{lid(0)}{outer[0]} {outer[1]}"
        f"C{x + s * w * 0.40} {y - up * 1.30 - thick * 1.25 - lift * 0.4} "
        f"{x - s * w * 0.62} {y - up * 1.08 - thick * 0.75} {inner[0]} {inner[1]}Z"
    )
    canvas.path(lash, ink, 0.95)
    if made_up or not traits.has("Male"):
        reach = 6.2 if made_up else 4.2
        ox, oy = outer
        for k in range(3 if made_up else 1):
            canvas.path(
                lock(
                    (ox - s * (0.4 + k * 2.7), oy - 0.3 - k * 1.25),
                    (ox + s * (reach * 0.3 - k * 2.2), oy - 1 - k * 1.5),
                    (ox + s * (reach * 0.7 - k * 2.4), oy - reach * 0.35 - k * 1.7),
                    (ox + s * (reach - k * 2.6), oy - reach * 0.62 - k * 1.7),
                    2.2 if k == 0 else 1.3,
                ),
                ink,
            )
    low_line = f"M{x + s * w * 0.98} {outer[1] + 0.5}" + low[:-1]
    canvas.line(low_line, skin.line, 0.9 if not made_up else 1.5, 0.5 if not made_up else 0.8)
    if not narrow and traits.eye_tilt < 0.8:  # some lids have no crease
        crease = f"M{x - s * w * 0.92} {y - 2.5}{lid(3.2, 0)}{x + s * (w + 1.5)} {y - 3.2 - lift}"
        canvas.line(crease, skin.line, 1.15, 0.55)
    elif narrow:
        canvas.line(
            f"M{x - s * w * 0.8} {y - 4.5}Q{x} {y - 9} {x + s * (w + 1)} {y - 4 - lift}",
            skin.deep,
            1.2,
            0.6,
        )


def _shadow(canvas: Canvas, face: Face, s: int, x: float, y: float, w: float, up: float) -> None:
    """Colour painted from the lashes to the brow, winged outward."""
    tint = pick(EYESHADOWS, face.traits.shadow_colour)
    top = min(up, 8) + 11
    d = (
        f"M{x - s * (w + 1)} {y + 2}C{x - s * w * 0.7} {y - top * 0.95} {x + s * w * 0.5} "
        f"{y - top * 1.22} "
        f"{x + s * (w + 8.5)} {y - 8.5}C{x + s * (w + 4)} {y + 1} {x + s * w * 0.4} "
        f"{y + 8.5} {x - s * (w + 1)} {y + 2}Z"
    )
    strength = 0.72 if luminance(face.skin.base) > 0.45 else 0.9
    if luminance(face.skin.base) < 0.45:
        tint = lighter(tint, 0.28)
    canvas.soft(d, tint, min(1, strength * 1.25))
    canvas.glow(x, y - up - 2.5, w * 0.7, 3.6, lighter(tint, 0.65), 0.75)


def _bags(canvas: Canvas, face: Face, s: int, x: float, y: float, w: float, down: float) -> None:
    """A puffy crescent with a shadow in it and a crease under it."""
    skin = face.skin
    tired = mix(skin.deep, "#5a3a5e", 0.42)
    y0 = y + down
    d = (
        f"M{x - s * (w - 1)} {y + 3.5}C{x - s * w * 0.4} {y0 + 3.5} {x + s * w * 0.5} "
        f"{y0 + 3} {x + s * (w - 1)} {y + 2}"
        f"C{x + s * w * 0.7} {y0 + 12} {x - s * w * 0.5} {y0 + 15} {x - s * (w - 1)} {y + 3.5}Z"
    )
    canvas.soft(d, tired, 0.75)
    canvas.line(
        curve(
            (x - s * (w - 1), y + 5), (x - s * w * 0.5, y0 + 12.5),
            (x + s * w * 0.35, y0 + 11.5), (x + s * w * 0.85, y + 7),
        ),
        darker(tired, 0.35), 1.7, 0.75,
    )  # fmt: skip
    canvas.line(
        curve(
            (x - s * (w - 5), y + 6), (x - s * w * 0.4, y0 + 7.5),
            (x + s * w * 0.3, y0 + 7), (x + s * w * 0.7, y + 5),
        ),
        skin.light, 1.8, 0.55, soft=0.6,
    )  # fmt: skip


def draw_brows(canvas: Canvas, face: Face) -> None:
    """Brows of tapering hairs: flat or arched, fine or bushy."""
    traits, hair = face.traits, face.beard
    if traits.has("Gray_Hair") and not traits.has("Young"):
        ink = mix(hair.base, "#4a4a50", 0.45)
    elif luminance(hair.base) > 0.42:
        ink = mix(hair.base, "#5a3a20", 0.62)
    else:
        ink = mix(hair.base, "#1c1512", 0.55)
    if abs(luminance(ink) - luminance(face.skin.base)) < 0.18:
        ink = darker(ink, 0.5)
    bushy, arched = traits.has("Bushy_Eyebrows"), traits.has("Arched_Eyebrows")
    thick = 9.0 if bushy else 3.9 + traits.brow_weight * 0.9 + (1.1 if traits.has("Male") else -0.3)
    dice = random.Random(traits.grain + 7)
    for s in (-1, 1):
        x, y = face.x + s * face.eye_dx, face.brow_y
        if arched:
            spine = [(-13.5, -2.2), (-6, -7.0), (7, -13.0), (18.5, 0.6)]
        else:
            spine = [(-14, 1.6), (-6, 0.2), (7, -1.2), (18, 2.0)]
        p = [(x + s * dx, y + dy) for dx, dy in spine]
        t2, t1 = thick * 0.5, thick * 0.62
        top = (
            f"M{p[0][0]} {p[0][1] - t2}C{p[1][0]} {p[1][1] - t1} {p[2][0]} {p[2][1] - t1 * 0.9} "
            f"{p[3][0]} {p[3][1]}"
        )
        d = (
            f"{top}C{p[2][0]} {p[2][1] + t1 * 0.7} {p[1][0]} {p[1][1] + t1} {p[0][0]} "
            f"{p[0][1] + t2}Z"
        )
        canvas.path(d, ink, 0.72 if bushy else 0.86)
        count = 15 if bushy else 6
        for k in range(count):
            t = k / (count - 0.5) * (0.92 if bushy else 0.62)
            bx, by = _bezier(p, t)
            grow = thick * (0.62 if bushy else 0.42) * (1 - 0.5 * t)
            lean = 0.4 + 1.6 * t
            canvas.line(
                f"M{bx - s * 1.5:.1f} {by + grow * 0.75:.1f}q{s * lean:.1f} {-grow * 0.9:.1f} "
                f"{s * (lean * 2.4 + dice.random() * 1.2):.1f} "
                f"{-grow * (1.15 + 0.15 * dice.random()):.1f}",
                darker(ink, 0.25) if k % 2 else ink, 1.15 if bushy else 0.8, 0.8,
            )  # fmt: skip


def _bezier(p: list[tuple[float, float]], t: float) -> tuple[float, float]:
    weights = [math.comb(3, k) * (1 - t) ** (3 - k) * t**k for k in range(4)]
    return (
        sum(w * q[0] for w, q in zip(weights, p, strict=True)),
        sum(w * q[1] for w, q in zip(weights, p, strict=True)),
    )
