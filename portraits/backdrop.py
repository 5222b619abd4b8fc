"""What is behind a person: a painted wall with light on it."""

import random

from portraits.canvas import Canvas
from portraits.colour import BACKDROPS, darker, lighter, mix, pick
from portraits.face import Face


def draw_backdrop(canvas: Canvas, face: Face) -> None:
    """A wall in one tint, lit from the person's lit side, with one of several quiet motifs."""
    traits = face.traits
    base = pick(BACKDROPS, traits.backdrop_colour)
    base = mix(base, darker(base, 0.45), traits.backdrop_shade * 0.75)
    light, shade = lighter(base, 0.28), darker(base, 0.22)
    x1, x2 = (0, 256) if face.side < 0 else (256, 0)
    wall = canvas.fade((x1, 0), (x2, 256), (0, light, 1), (0.5, base, 1), (1, shade, 1))
    canvas.path("M-5 -5H261V261H-5Z", wall)
    dice = random.Random(traits.grain)
    motif = int(traits.backdrop * 7)
    if motif == 1:  # a disc behind the head
        canvas.oval(128 + face.side * 14, 112, 106, 106, lighter(base, 0.22), 0.75)
    elif motif == 2:  # a window's light
        for column in range(2):
            left = 128 + face.side * 46 + column * 40 - 36
            canvas.path(f"M{left} -5h30l-26 190h-30Z", lighter(base, 0.5), 0.30)
    elif motif == 3:  # an arch
        canvas.path("M28 261V118A100 100 0 0 1 228 118V261Z", darker(base, 0.14), 0.8)
    elif motif == 4:  # leaves
        for _ in range(9):
            x = dice.choice((dice.uniform(-6, 54), dice.uniform(202, 262)))
            y, lean = dice.uniform(10, 220), dice.uniform(-55, 55)
            tint = mix(darker(base, 0.28), "#3f6a4f", 0.35)
            canvas.path(
                f"M{x:.1f} {y:.1f}q-13 -22 0 -52q13 30 0 52Z",
                tint,
                dice.uniform(0.35, 0.75),
                transform=f"rotate({lean:.0f} {x:.1f} {y:.1f})",
            )
    elif motif == 5:  # hills of colour
        canvas.path("M-5 150C60 110 120 190 261 120V261H-5Z", darker(base, 0.15), 0.75)
        canvas.path("M-5 200C80 160 160 225 261 180V261H-5Z", darker(base, 0.26), 0.7)
    elif motif == 6:  # panelling
        for x in range(10, 256, 34):
            canvas.line(f"M{x} -5V261", shade, 1.6, 0.5)
            canvas.line(f"M{x + 2} -5V261", light, 1.2, 0.5)
    canvas.glow(128 + face.side * 50, 60, 120, 110, lighter(base, 0.55), 0.35)
    canvas.glow(128 - face.side * 66, 190, 90, 100, darker(base, 0.5), 0.35)
