"""The nose: modelled by light and shade, wide or slim, round or pointed."""

from portraits.canvas import Canvas, curve
from portraits.face import Face


def draw_nose(canvas: Canvas, face: Face) -> None:
    """Bridge, tip, wings and nostrils."""
    traits, skin, side = face.traits, face.skin, face.side
    pointy, big = traits.has("Pointy_Nose"), traits.has("Big_Nose")
    w = (20.2 if big else 9.4) + (traits.nose_width - 0.5) * 1.6
    if pointy:
        w -= 1.8
    ball = 11.2 if big else 5.4
    x, y = face.x + face.turn * 2.4, face.nose_y
    bx, by = face.x + face.turn * 0.6, face.eye_y - 8  # the bridge's root
    bridge = 6.2 if big else 3.9
    far = -side
    plane = (
        f"M{bx + far * 6.5} {by - 2}C{bx + far * bridge} {by + 12} {x + far * bridge} "
        f"{y - 16} {x + far * ball * 0.8} {y - 7}"
        f"L{x + far * w} {y + 1}C{x + far * (w + 2)} {y - 8} {x + far * (bridge + 7)} "
        f"{y - 16} {bx + far * 10} {by + 6}Z"
    )
    canvas.soft(plane, skin.deep, 0.50)
    canvas.line(
        curve((bx, by + 4), (bx + side, by + 14), (x + side, y - 18), (x + side * 1.2, y - 7)),
        skin.light, bridge * 0.9, 0.8, soft=1.1,
    )  # fmt: skip
    canvas.glow(x, y + 6.5, w + 1, 4.5, skin.deep, 0.55)  # what the nose casts on the lip
    high = 10 if big else 7.5
    for s in (-1, 1):
        inner, outer = x + s * (w - 4.6), x + s * (w + 1.6)
        wing = (
            f"M{inner} {y - high}C{outer} {y - high + 0.5} {outer} {y + 3} "
            f"{inner + s * 1.2} {y + 2.6}"
        )
        canvas.path(wing + "Z", skin.base if s == side else skin.shade, 0.9)
        canvas.line(wing, skin.line, 1.35 if big else 1.15, 0.62 if s == side else 0.75)
    if pointy:
        tip = f"M{x - ball - 1} {y - 4}L{x} {y + 9.6}L{x + ball + 1} {y - 4}L{x} {y - 17}Z"
        canvas.path(tip, skin.base)
        canvas.path(
            f"M{x} {y - 36}L{x} {y + 9.6}L{x + far * (ball + 3.6)} {y - 3}Z", skin.deep, 0.85
        )
        canvas.path(
            f"M{x} {y - 34}L{x} {y + 8.8}L{x + side * (ball + 0.6)} {y - 3}Z", skin.light, 0.95
        )
        for s in (-1, 1):
            canvas.path(
                f"M{x + s * 2.4} {y + 3.8}L{x + s * (w - 2.6)} {y - 0.8}Q{x + s * (w - 3)} "
                f"{y + 2.6} {x + s * 2.4} {y + 3.8}Z",
                skin.line, 0.85,
            )  # fmt: skip
        canvas.line(
            f"M{x - ball * 0.8} {y + 0.5}L{x} {y + 9.4}L{x + ball * 0.8} {y + 0.5}",
            skin.line,
            1.5,
            0.85,
        )
    else:
        canvas.path(
            f"M{x - ball - 1} {y - 3}C{x - ball} {y - 12} {x + ball} {y - 12} "
            f"{x + ball + 1} {y - 3}"
            f"C{x + ball} {y + 4.6} {x - ball} {y + 4.6} {x - ball - 1} {y - 3}Z",
            canvas.radial(
                (x + side * 2, y - 5),
                ball + 4,
                (0, skin.light, 1),
                (0.5, skin.base, 1),
                (1, skin.shade, 0.9),
            ),
        )
        if big:
            for s in (-1, 1):
                canvas.glow(x + s * (ball + 1.5), y - 3.5, 4, 6.5, skin.deep, 0.75)
        canvas.glow(x + side * 1.8, y - 5, ball * 0.55, ball * 0.45, "#fff6ea", 0.6)
        for s in (-1, 1):
            n = x + s * (w * 0.52 + 0.6)
            canvas.path(
                f"M{n - s * 3.4} {y + 2.8}C{n - s * 2} {y - 0.6} {n + s * 2.6} {y - 1.4} "
                f"{n + s * 3.6} {y + 1.4}"
                f"C{n + s * 2} {y + 2.4} {n - s} {y + 2} {n - s * 3.4} {y + 2.8}Z",
                skin.line, 0.82,
            )  # fmt: skip
        canvas.line(
            f"M{x - ball * 0.7} {y + 2.6}Q{x} {y + 5} {x + ball * 0.7} {y + 2.6}",
            skin.line,
            1.1,
            0.5,
        )
