"""What is put on: glasses, hats, earrings and necklaces."""

import math

from portraits.canvas import Canvas, mirrored, smooth
from portraits.colour import CLOTHS, METALS, darker, lighter, luminance, mix, pick
from portraits.face import Face


def draw_glasses(canvas: Canvas, face: Face) -> None:
    """Two lenses with a faint tint and a glare, the bridge, and the arms."""
    traits = face.traits
    frame = pick(
        ("#1a1718", "#6b3b1f", "#8b1f2d", "#2a3c5f", "#c79a45", "#3c4a3c", "#20201f"),
        traits.glasses_colour,
    )
    kind = int(traits.glasses * 4)
    thick = (3.4, 3.0, 3.8, 2.2)[kind]
    x, y = face.x, face.eye_y + 2
    for s in (-1, 1):
        cx = x + s * (face.eye_dx + 0.8)
        if kind == 0:  # round
            d = f"M{cx - 18.5} {y}a18.5 17.5 0 1 1 37 0a18.5 17.5 0 1 1 -37 0Z"
        elif kind == 1:  # rounded oblong
            d = smooth(
                [
                    (cx - 19, y - 12),
                    (cx, y - 13.5),
                    (cx + 19, y - 12),
                    (cx + 19, y + 10),
                    (cx, y + 14),
                    (cx - 19, y + 10),
                ],
                tension=0.75,
            )
        elif kind == 2:  # raised outer corners
            d = smooth(
                [
                    (cx - s * 18, y - 8),
                    (cx, y - 12.5),
                    (cx + s * 23, y - 16),
                    (cx + s * 18, y + 9),
                    (cx, y + 14.5),
                    (cx - s * 16, y + 10),
                ],
                tension=0.8,
            )
        else:  # drop-shaped
            d = smooth(
                [
                    (cx - s * 18, y - 11),
                    (cx, y - 13),
                    (cx + s * 19, y - 11),
                    (cx + s * 17, y + 9),
                    (cx + s * 2, y + 18),
                    (cx - s * 14, y + 10),
                ],
                tension=0.9,
            )
        arm = f"M{cx + s * 18} {y - 7}L{128 + s * (face.cheekbone + 3)} {y - 9}"
        canvas.line(arm, darker(frame, 0.2), thick)
        canvas.line(d, face.skin.deep, thick + 1.5, 0.4, soft=1.1)
        canvas.path(d, "#cfe3ee", 0.16)
        with canvas.group(clip=d):
            canvas.path(f"M{cx - 4} {y - 24}h11l-20 50h-11Z", "#ffffff", 0.30)
            canvas.path(f"M{cx + 12} {y - 24}h4l-20 50h-4Z", "#ffffff", 0.24)
        canvas.line(d, frame, thick)
        canvas.line(d, lighter(frame, 0.45), thick * 0.25, 0.6)
    gap = face.eye_dx - 17.5
    canvas.line(f"M{x - gap} {y - 4}Q{x} {y - 10} {x + gap} {y - 4}", frame, thick)


def draw_earrings(canvas: Canvas, face: Face) -> None:
    """A pair, large enough to be seen: hoops, drops, pearls or discs."""
    traits = face.traits
    metal = pick(METALS, traits.metal)
    dark, bright = darker(metal, 0.45), lighter(metal, 0.65)
    stone = pick(("#1f8a7a", "#b3273f", "#2f5fa8", "#e8e2d5", "#d98a2b"), traits.earring * 7 % 1)
    kind = int(traits.earring * 4)
    for s in (-1, 1):
        x, y = 128 + s * (face.cheekbone + 4.5) - face.turn * 1.5, 149
        if kind == 0:
            canvas.line(f"M{x} {y - 2}a11 12.5 0 1 1 -0.1 0", dark, 4.4)
            canvas.line(f"M{x} {y - 2}a11 12.5 0 1 1 -0.1 0", metal, 3)
            canvas.line(f"M{x - 9.5} {y + 5}a11 12.5 0 0 0 3 13", bright, 1.3)
        elif kind == 1:
            canvas.line(f"M{x} {y - 3}v9", dark, 1.6)
            canvas.oval(x, y - 2, 2.6, 2.6, metal)
            canvas.path(
                f"M{x} {y + 4}C{x + 9} {y + 15} {x + 6} {y + 25} {x} {y + 25}C{x - 6} "
                f"{y + 25} {x - 9} {y + 15} {x} {y + 4}Z",
                dark,
            )
            canvas.path(
                f"M{x} {y + 7}C{x + 7} {y + 15} {x + 4.5} {y + 23} {x} {y + 23}C{x - 4.5} "
                f"{y + 23} {x - 7} {y + 15} {x} {y + 7}Z",
                stone,
            )
            canvas.oval(x - 1.8, y + 16, 1.4, 2.6, "#ffffff", 0.75)
        elif kind == 2:
            for dy, r in ((0, 4.0), (11, 6.2)):
                fill = canvas.radial(
                    (x - 1.5, y + dy - 2),
                    r * 1.7,
                    (0, "#ffffff", 1),
                    (0.5, "#f0e6dc", 1),
                    (1, "#a99a92", 1),
                )
                canvas.oval(x, y + dy, r, r, fill)
        else:
            canvas.oval(x, y - 1, 2.4, 2.4, metal)
            canvas.oval(x, y + 11, 9.4, 9.4, dark)
            canvas.oval(
                x,
                y + 11,
                8.4,
                8.4,
                canvas.fade(
                    (x - 8, y + 3), (x + 8, y + 20), (0, bright, 1), (0.5, metal, 1), (1, dark, 1)
                ),
            )
            canvas.oval(x, y + 11, 3.6, 3.6, stone)


def draw_necklace(canvas: Canvas, face: Face) -> None:
    """Pearls, beads, or a chain with a pendant, lying on the collar bones."""
    traits, n = face.traits, face.neck
    metal = pick(METALS, traits.metal)
    dark, bright = darker(metal, 0.45), lighter(metal, 0.6)
    kind = int(traits.necklace * 3)
    half, top, low = n + 6, 208, 237
    curve = [
        (128 + half * t, top + (low - top) * (1 - abs(t) ** 2.1))
        for t in (math.sin(k / 11 * 1.35) / math.sin(1.35) for k in range(-11, 12))
    ]
    if kind == 2:
        d = smooth(curve, closed=False)
        canvas.line(d, face.skin.deep, 3.4, 0.5)
        canvas.line(d, dark, 2.8)
        canvas.line(d, metal, 2.0)
        canvas.line(d, bright, 0.8, 0.9)
        stone = pick(("#1f8a7a", "#b3273f", "#2f5fa8", "#e8e2d5"), traits.necklace * 9 % 1)
        canvas.oval(128, low + 6, 7.2, 8, dark)
        canvas.oval(128, low + 6, 6, 6.8, metal)
        canvas.oval(128, low + 6, 4.2, 5, stone)
        canvas.oval(126.6, low + 4, 1.3, 1.8, "#ffffff", 0.8)
        return
    bead = (
        "#f3ebe2"
        if kind == 0
        else pick(("#2e8f8a", "#c2402f", "#e0a032", "#34548f", "#7c3b62"), traits.necklace * 9 % 1)
    )
    r = 3.3 if kind == 0 else 4.2
    for x, y in curve:
        canvas.oval(x + 0.6, y + 1.6, r, r, face.skin.deep, 0.55)
    for x, y in curve:
        fill = canvas.radial(
            (x - 1, y - 1.2), r * 1.7, (0, "#ffffff", 1), (0.4, bead, 1), (1, darker(bead, 0.45), 1)
        )
        canvas.oval(x, y, r, r, fill)


def shade_hat(canvas: Canvas, face: Face) -> None:
    """The shadow of the hat on the brow."""
    low = 108 if int(face.traits.hat * 5) in (1, 4) else 103
    canvas.soft(f"M40 60L216 60L216 96Q128 {low} 40 96Z", face.skin.deep, 0.62)


def draw_hat(canvas: Canvas, face: Face) -> None:
    """A hat that hides the top of the head and leaves hair to be seen below."""
    traits, side = face.traits, face.side
    cloth = pick(CLOTHS, traits.hat_colour)
    if luminance(cloth) > 0.8:
        cloth = mix(cloth, "#b08a5a", 0.45)
    dark, light = darker(cloth, 0.34), lighter(cloth, 0.22)
    w = face.temple + 7
    kind = int(traits.hat * 5)
    lit, far = 128 + side * w, 128 - side * w
    fill = canvas.fade((lit, 20), (far, 95), (0, light, 1), (0.45, cloth, 1), (1, dark, 1))
    if kind == 0:  # a knitted cap
        dome = smooth(mirrored([(0, 12), (30, 16), (w - 6, 40), (w + 1, 70), (w - 3, 88), (0, 92)]))
        canvas.path(dome, fill)
        with canvas.group(clip=dome):
            for k in range(-8, 9):
                canvas.line(
                    f"M{128 + k * 5} 10Q{128 + k * 9.5} 40 {128 + k * 9} 92", dark, 1.5, 0.4
                )
        cuff = smooth(
            mirrored([(0, 66), (w * 0.6, 65), (w + 3, 62), (w + 4, 86), (w * 0.6, 90), (0, 92)]),
            tension=0.7,
        )
        canvas.path(
            cuff,
            canvas.fade(
                (lit, 60), (far, 95), (0, light, 1), (0.5, lighter(cloth, 0.08), 1), (1, dark, 1)
            ),
        )
        with canvas.group(clip=cuff):
            for k in range(-14, 15):
                canvas.line(
                    f"M{128 + k * 5.2} 60Q{128 + k * 5} 78 {128 + k * 5.2} 96", dark, 1.5, 0.55
                )
    elif kind == 1:  # a felt hat with a band
        crown = smooth(
            mirrored([(0, 20), (14, 14), (38, 18), (w - 9, 44), (w - 5, 72), (0, 80)]), tension=0.85
        )
        brim = smooth(
            mirrored([(0, 70), (w * 0.7, 66), (w + 30, 60), (w + 34, 68), (w * 0.8, 84), (0, 92)])
        )
        canvas.path(brim, darker(cloth, 0.2))
        canvas.path(crown, fill)
        with canvas.group(clip=crown):
            canvas.path("M40 58Q128 72 216 58V80Q128 92 40 80Z", darker(cloth, 0.55))
            canvas.glow(128, 20, 12, 24, dark, 0.8)
        canvas.path(
            smooth(
                mirrored(
                    [(0, 79), (w * 0.7, 74), (w + 30, 61.5), (w + 34, 67), (w * 0.8, 85), (0, 92)]
                )
            ),
            fill,
        )
    elif kind == 2:  # a cap with a peak
        crown = smooth(mirrored([(0, 18), (32, 22), (w - 4, 46), (w, 78), (0, 84)]))
        canvas.path(crown, fill)
        canvas.line(f"M128 18Q{128 + side * 3} 50 128 78", dark, 1.3, 0.6)
        for s in (-1, 1):
            canvas.line(f"M{128 + s * 8} 20Q{128 + s * 40} 44 {128 + s * 42} 80", dark, 1.1, 0.5)
        canvas.oval(128, 18.5, 5, 2.6, dark)
        peak = smooth(mirrored([(0, 70), (34, 73), (w - 3, 80), (w - 8, 90), (30, 87), (0, 86)]))
        canvas.path(peak, darker(cloth, 0.15))
        canvas.path(
            smooth(mirrored([(0, 70), (34, 73), (w - 5, 80), (32, 79), (0, 76)])), light, 0.6
        )
    elif kind == 3:  # a beret
        body = smooth(
            [
                (128 - w - 3, 74),
                (128 - w - 14 * (side < 0) - 4, 48),
                (104, 18),
                (150, 16),
                (128 + w + 14 * (side > 0) + 4, 46),
                (128 + w + 3, 74),
                (128, 84),
            ]
        )
        canvas.path(body, fill)
        canvas.line(f"M{128 + 4 * side} 17l{2 * side} -7", dark, 3)
        canvas.line(f"M{128 - w - 1} 76Q128 92 {128 + w + 1} 76", dark, 6.5)
        canvas.line(f"M{128 - w + 8} 50Q128 70 {128 + w - 8} 44", dark, 2, 0.4, soft=1)
        canvas.glow(128 + side * 28, 34, 30, 13, light, 0.7, side * 18)
    else:  # a straw or cloth sun hat
        if traits.hat_colour > 0.5:
            cloth = "#dcb877"
            dark, light = darker(cloth, 0.34), lighter(cloth, 0.3)
            fill = canvas.fade((lit, 20), (far, 95), (0, light, 1), (0.45, cloth, 1), (1, dark, 1))
        canvas.path(
            smooth(
                mirrored([(0, 64), (w, 62), (w + 36, 72), (w + 38, 80), (w * 0.8, 90), (0, 95)])
            ),
            darker(cloth, 0.28),
        )
        crown = smooth(mirrored([(0, 15), (34, 19), (w - 6, 44), (w - 2, 76), (0, 84)]))
        canvas.path(crown, fill)
        with canvas.group(clip=crown):
            canvas.path(
                "M40 60Q128 73 216 60V76Q128 90 40 76Z", pick(CLOTHS, (traits.hat_colour * 5) % 1)
            )
            for k in range(6):
                canvas.line(f"M40 {22 + k * 7}Q128 {32 + k * 7} 216 {22 + k * 7}", dark, 0.8, 0.35)
        brim = smooth(
            mirrored([(0, 80), (w * 0.8, 75), (w + 36, 72), (w + 38, 80), (w * 0.8, 91), (0, 96)])
        )
        canvas.path(brim, fill)
        canvas.line(f"M{128 - w - 34} 80Q128 102 {128 + w + 34} 80", dark, 0.9, 0.5)
