"""The head: ears, skin in light and shade, cheeks and the marks of age."""

import random

from portraits.canvas import Canvas, curve, mirrored, smooth
from portraits.colour import luminance, mix
from portraits.face import Face


def draw_ears(canvas: Canvas, face: Face) -> None:
    """Both ears, half behind the head."""
    skin = face.skin
    for s in (-1, 1):
        x = 128 + s * (face.cheekbone - 3.5) - face.turn * 1.5
        out = 10.5 + (face.traits.ear - 0.5) * 3 + s * face.turn * -1.5
        fill = skin.base if s == face.side else skin.shade
        d = (
            f"M{x} 116C{x + s * out * 0.5} 104 {x + s * out * 1.25} 110 {x + s * out * 1.12} 124"
            f"C{x + s * out} 136 {x + s * out * 0.55} 150 {x - s * 1} 148Z"
        )
        canvas.path(d, fill)
        canvas.line(
            f"M{x + s * 1.5} 119C{x + s * out * 0.6} 110 {x + s * out} 117 {x + s * out * 0.78} 127"
            f"C{x + s * out * 0.6} 134 {x + s * 4} 132 {x + s * 3.5} 139",
            skin.deep, 1.8, 0.75,
        )  # fmt: skip
        canvas.glow(x + s * 3, 130, 5, 9, skin.deep, 0.8)
        canvas.line(
            f"M{x + s * out * 0.5} 109.5C{x + s * out * 1.1} 112 {x + s * out * 1.08} 122 "
            f"{x + s * out * 0.95} 129",
            skin.light, 1.3, 0.7,
        )  # fmt: skip


def draw_head(canvas: Canvas, face: Face) -> None:
    """The head's form, by light from one side."""
    skin, side, x = face.skin, face.side, face.x
    outline = face.outline
    if face.traits.has("Double_Chin"):
        _double_chin(canvas, face)
    lit, far = 128 + side * face.cheekbone, 128 - side * face.cheekbone
    canvas.path(
        outline,
        canvas.fade(
            (lit, 105), (far, 140),
            (0, skin.base, 1), (0.28, skin.light, 1), (0.62, skin.base, 1), (1, skin.shade, 1),
        ),
    )  # fmt: skip
    with canvas.group(clip=outline):
        canvas.glow(far - side * 2, 140, 26, 72, skin.deep, 0.42)
        canvas.glow(lit + side * 5, 150, 14, 60, skin.shade, 0.55)
        bottom = canvas.fade(
            (0, face.chin - 24), (0, face.chin + 2), (0, skin.shade, 0), (1, skin.deep, 0.65)
        )
        canvas.path("M60 150H196V210H60Z", bottom)
        canvas.glow(x + side * 12, 82, 34, 22, skin.light, 0.75)
        for s in (-1, 1):
            canvas.glow(x + s * face.eye_dx, face.eye_y - 8, 21, 13, skin.shade, 0.62)
            canvas.glow(
                x + s * (face.eye_dx + 5), 142, 17, 12, skin.light, 0.55 if s == side else 0.25
            )
            canvas.glow(x + s * 34, 150, 20, 15, skin.blush, 0.16)
        canvas.glow(x + side * 2, face.chin - 10, 12, 8, skin.light, 0.5)
        canvas.glow(x, face.mouth_y + 14, 14, 5, skin.deep, 0.42)
        _cheeks(canvas, face)
        if face.traits.freckles < 0.12:
            _freckles(canvas, face)
        if not face.traits.has("Young"):
            _age(canvas, face)
        if face.traits.has("Double_Chin"):
            w, y = face.chin_width + 10, face.chin
            canvas.line(
                f"M{128 - w} {y - 9}Q128 {y + 7.5} {128 + w} {y - 9}", skin.deep, 4, 0.5, soft=1
            )
    canvas.soft_layer(outline, 2.2, (40, 20, 176, 200))


def _cheeks(canvas: Canvas, face: Face) -> None:
    traits, skin, x = face.traits, face.skin, face.x
    if traits.has("High_Cheekbones"):
        for s in (-1, 1):
            hollow = (
                f"M{128 + s * (face.cheekbone + 4)} 134C{x + s * 44} 146 {x + s * 34} 150 "
                f"{x + s * 25} 163"
                f"C{x + s * 32} 170 {x + s * 44} 172 {128 + s * (face.jaw + 8)} 168Z"
            )
            canvas.soft(hollow, skin.deep, 0.46 if face.traits.has("Pale_Skin") else 0.60)
            bone = (
                f"M{x + s * 22} 145C{x + s * 32} 143 {x + s * 43} 136 "
                f"{128 + s * (face.cheekbone - 2)} 122"
                f"C{x + s * 50} 139 {x + s * 38} 149 {x + s * 22} 145Z"
            )
            canvas.soft(bone, mix(skin.light, "#fff0e0", 0.26), 0.95)
    if traits.has("Rosy_Cheeks"):
        for s in (-1, 1):
            canvas.glow(
                x + s * 34,
                149,
                23,
                18,
                skin.blush,
                0.66 if luminance(skin.base) > 0.5 else 0.56,
                s * -14,
            )
    if traits.has("Chubby"):
        for s in (-1, 1):
            canvas.glow(x + s * 37, 157, 21, 19, skin.light, 0.5)
            fold = curve((x + s * 17, 149), (x + s * 24, 155), (x + s * 26, 166), (x + s * 22, 175))
            canvas.line(fold, skin.deep, 2.6, 0.55, soft=0.9)


def _double_chin(canvas: Canvas, face: Face) -> None:
    """A second, softer chin that hangs from the jaw, seen below the first."""
    skin, y, w = face.skin, face.chin, face.chin_width
    roll = [
        (0, y - 30),
        (face.jaw - 3, face.jaw_y),
        (max(w + 15, 33), y + 3),
        (w * 0.5 + 9, y + 13.5),
        (0, y + 16),
    ]
    d = smooth(mirrored(roll))
    canvas.path(d, skin.deep, 0.55, transform="translate(5.1 3) scale(0.96 1)")
    canvas.path(
        d,
        canvas.fade(
            (0, y - 4),
            (0, y + 17),
            (0, skin.shade, 1),
            (0.45, skin.base, 1),
            (0.8, mix(skin.base, skin.light, 0.4), 1),
            (1, skin.shade, 1),
        ),
    )
    canvas.line(
        f"M{128 - w - 12} {y - 6}Q128 {y + 8.5} {128 + w + 12} {y - 6}",
        skin.line,
        2.6,
        0.65,
        soft=0.7,
    )
    canvas.glow(128 + face.side * 6, y + 9.5, 24, 5, skin.light, 0.9)


def _freckles(canvas: Canvas, face: Face) -> None:
    dice = random.Random(face.traits.grain)
    for _ in range(34):
        x, y = face.x + dice.gauss(0, 21), 142 + dice.gauss(0, 6)
        canvas.oval(x, y, 0.9, 0.8, face.skin.deep, dice.uniform(0.3, 0.6))


def _age(canvas: Canvas, face: Face) -> None:
    """Lines that decades draw: brow, eyes' corners, nose to mouth, mouth to jaw."""
    skin, x, ink = face.skin, face.x, face.skin.line
    for i, y in enumerate((78, 85.5, 93)):
        w = 25 - i * 2
        canvas.line(
            curve((x - w, y + 1.5), (x - w * 0.4, y - 2.2), (x + w * 0.3, y + 2), (x + w, y)),
            ink, 1.4, 0.46,
        )  # fmt: skip
    for s in (-1, 1):
        corner = x + s * (face.eye_dx + 16)
        for k, dy in enumerate((-5, 0, 5)):
            canvas.line(
                f"M{corner} {face.eye_y + 1 + dy * 0.5}q{s * 4} {dy * 0.3} {s * (9 - k)} "
                f"{dy * 1.1}",
                ink, 1.2, 0.5,
            )  # fmt: skip
        fold = curve(
            (x + s * 13, face.nose_y - 3),
            (x + s * 21, face.nose_y + 3),
            (x + s * 27, face.mouth_y - 4),
            (x + s * 26, face.mouth_y + 6),
        )
        canvas.line(fold, skin.deep, 4.5, 0.5, soft=1.3)
        canvas.line(fold, ink, 1.5, 0.55)
        jowl = curve(
            (x + s * 24, face.mouth_y + 10),
            (x + s * 25, face.mouth_y + 15),
            (x + s * 27, face.mouth_y + 20),
            (x + s * 24, face.chin - 8),
        )
        canvas.line(jowl, skin.deep, 2.4, 0.5, soft=0.8)
        canvas.glow(x + s * 42, 160, 13, 16, skin.deep, 0.28)
    for s in (-1, 1):
        canvas.line(f"M{x + s * 4} {face.brow_y - 1}q{-s * 1.5} 5 {-s * 0.5} 10", ink, 1.3, 0.42)
