"""The mouth: two lips in two tones, closed or open, at rest or smiling."""

from portraits.canvas import Canvas, curve
from portraits.colour import LIPSTICKS, darker, lighter, luminance, mix, pick
from portraits.face import Face


def draw_mouth(canvas: Canvas, face: Face) -> None:
    """Lips, teeth and the creases that a smile makes."""
    traits, skin, x = face.traits, face.skin, face.x + face.turn * 1.2
    smiling, parted, big = (
        traits.has("Smiling"),
        traits.has("Mouth_Slightly_Open"),
        traits.has("Big_Lips"),
    )
    w = 17 + (traits.mouth_width - 0.5) * 3 + (6.8 if smiling else 0)
    rise = 7.0 if smiling else 0.4  # how far the corners are above the middle
    full = 0 if traits.has("Male") else 0.8
    upper, lower = (
        (9.0, 11.8) if big else (3.4 + traits.lip * 0.8 + full, 5.0 + traits.lip * 0.8 + full)
    )
    if smiling and not big:
        upper, lower = upper * 0.9, lower * 0.9
    gap = (7.6 if smiling else 6.2) if parted else 0
    y = face.mouth_y + (1.5 if smiling else 0) - gap * 0.25
    painted = traits.has("Wearing_Lipstick")
    tint = pick(LIPSTICKS, traits.lipstick) if painted else skin.lip
    top_tint, low_tint = darker(tint, 0.2), lighter(tint, 0.05)
    left, right = (x - w, y - rise), (x + w, y - rise)
    canvas.glow(x, y + gap + lower + 4, w * 0.7, 4.5, skin.deep, 0.5)
    if smiling:
        for s in (-1, 1):
            crease = curve(
                (x + s * 15.5, face.nose_y - 1),
                (x + s * 23, face.nose_y + 4),
                (x + s * (w + 5), y - 9),
                (x + s * (w + 4.5), y + 1),
            )
            canvas.line(crease, skin.deep, 2.2, 0.62, soft=0.7)
            canvas.glow(x + s * (w + 1), y - rise, 5, 5, skin.deep, 0.5)
            canvas.glow(x + s * 31, 145, 14, 10, skin.light, 0.6)
    seam = (
        f"C{x + w * 0.55} {y + rise * 0.32} {x + w * 0.3} {y} {x} {y + 0.6}C{x - w * 0.3} {y} "
        f"{x - w * 0.55} {y + rise * 0.32} {left[0]} {left[1]}"
    )
    under = (
        f"C{x + w * 0.62} {y + gap * 1.05 + rise * 0.1} {x + w * 0.35} {y + gap * 1.25} {x} "
        f"{y + gap * 1.25}C{x - w * 0.35} {y + gap * 1.25} {x - w * 0.62} "
        f"{y + gap * 1.05 + rise * 0.1} {left[0]} {left[1]}"
    )
    if parted:
        hole = (
            f"M{right[0]} {right[1]}{under}C{x - w * 0.5} {y - 1} {x + w * 0.5} {y - 1} "
            f"{right[0]} {right[1]}Z"
        )
        canvas.path(hole, "#3a1114")
        with canvas.group(clip=hole):
            teeth = gap * (1.05 if smiling else 0.5)
            canvas.path(
                f"M{left[0]} {left[1] - 3}H{right[0]}L{right[0] - 3} {right[1] + 2}"
                f"C{x + w * 0.5} {y + teeth} "
                f"{x - w * 0.5} {y + teeth} {left[0] + 3} {left[1] + 2}Z",
                "#f7f1e8",
            )
            canvas.oval(x, y + gap * 1.5, w * 0.5, gap * 0.42, "#b5525a", 0.8)
            canvas.path(
                f"M{left[0]} {y - 12}H{right[0]}V{y - rise * 0.2 + 0.6}Q{x} {y + 2.2} "
                f"{left[0]} {y - rise * 0.2 + 0.6}Z",
                "#3a1114",
                0.22,
            )
    lower_lip = (
        f"M{right[0]} {right[1]}{under}"
        f"C{x - w * 0.80} {y + gap * 0.8 + lower * 0.62 - rise * 0.2} {x - w * 0.50} "
        f"{y + gap + lower * 1.1} {x} {y + gap + lower * 1.1}"
        f"C{x + w * 0.50} {y + gap + lower * 1.1} {x + w * 0.80} "
        f"{y + gap * 0.8 + lower * 0.62 - rise * 0.2} {right[0]} {right[1]}Z"
    )
    canvas.path(
        lower_lip,
        canvas.fade(
            (0, y + gap),
            (0, y + gap + lower * 1.2),
            (0, darker(low_tint, 0.12), 1),
            (0.45, low_tint, 1),
            (1, darker(low_tint, 0.14), 1),
        ),
    )
    upper_lip = (
        f"M{right[0]} {right[1]}{seam}"
        f"C{x - w * 0.62} {y - upper * 0.7 - rise * 0.25} {x - w * 0.3} {y - upper * 1.3} "
        f"{x - w * 0.17} {y - upper * 1.18}"
        f"Q{x} {y - upper * 0.78} {x + w * 0.17} {y - upper * 1.18}"
        f"C{x + w * 0.3} {y - upper * 1.3} {x + w * 0.62} {y - upper * 0.7 - rise * 0.25} "
        f"{right[0]} {right[1]}Z"
    )
    canvas.path(upper_lip, top_tint)
    if not parted:
        canvas.line(
            f"M{right[0]} {right[1]}{seam}", mix(skin.line, darker(tint, 0.6), 0.5), 1.5, 0.85
        )
    for s in (-1, 1):
        canvas.oval(x + s * w, y - rise, 1.1, 1.0, skin.line, 0.45)
    shine = 0.75 if painted else 0.35
    canvas.glow(
        x + face.side * 4, y + gap + lower * 0.55, w * 0.32, lower * 0.22, lighter(tint, 0.8), shine
    )
    if luminance(skin.base) > 0.2:
        for s in (-1, 1):  # the groove between nose and lip
            canvas.line(
                f"M{x + s * 2.4} {face.nose_y + 8}L{x + s * 3} {y - upper * 1.3 - 1}",
                skin.deep,
                1.3,
                0.28,
            )
