"""Hair as locks: ribbons that run between guide lines, in the lights and darks of one head."""

import math
import random
from collections.abc import Sequence

from portraits.canvas import Canvas, Point, smooth
from portraits.colour import Hair, mix

Guide = Sequence[Point]


def between(guides: Sequence[Guide], t: float) -> list[Point]:
    """The line at a share 0 to 1 of the way from the first guide to the last."""
    place = t * (len(guides) - 1)
    index = min(int(place), len(guides) - 2)
    share = place - index
    pairs = zip(guides[index], guides[index + 1], strict=True)
    return [(ax + (bx - ax) * share, ay + (by - ay) * share) for (ax, ay), (bx, by) in pairs]


def waved(line: Sequence[Point], depth: float, turns: float, phase: float) -> list[Point]:
    """The line swinging sideways ever more: `depth` units at its end, `turns` times in all."""
    fine = _refine(line, 4)
    last = len(fine) - 1
    points = []
    for i, (x, y) in enumerate(fine):
        (ax, ay), (bx, by) = fine[max(i - 1, 0)], fine[min(i + 1, last)]
        length = math.hypot(bx - ax, by - ay) or 1
        s = i / last
        swing = depth * min(1, s * 1.9) ** 1.6 * math.sin(phase + s * turns * 2 * math.pi)
        points.append((x - (by - ay) / length * swing, y + (bx - ax) / length * swing))
    return points


def ribbon(line: Sequence[Point], width: float, *, blunt: bool = False) -> str:
    """A lock along a line: rounding up to its width, then tapering to a point, or `blunt`."""
    last = len(line) - 1
    left, right = [], []
    for i, (x, y) in enumerate(line):
        (ax, ay), (bx, by) = line[max(i - 1, 0)], line[min(i + 1, last)]
        length = math.hypot(bx - ax, by - ay) or 1
        s = i / last
        half = (
            width / 2 * (min(1, 0.45 + s * 2.2) if blunt else min(0.5 + s * 2.4, 1) * (1 - s**2.6))
        )
        nx, ny = -(by - ay) / length * half, (bx - ax) / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return smooth([*left, *reversed(right)])


def mass(guides: Sequence[Guide]) -> str:
    """The outline of all that lies between the first and the last guide."""
    ends = [guide[-1] for guide in guides[1:-1]]
    starts = [guide[0] for guide in guides[1:-1]]
    return smooth([*guides[0], *ends, *reversed(guides[-1]), *reversed(starts)], tension=0.9)


def comb(
    canvas: Canvas,
    hair: Hair,
    guides: Sequence[Guide],
    dice: random.Random,
    *,
    count: int,
    width: float,
    wave: float = 0,
    turns: float = 1.6,
    lit: float = 0.35,
    blunt: bool = False,
    base: bool = True,
    shine: tuple[float, float] = (0.12, 0.5),
) -> None:
    """Lay `count` locks between guides; `lit` is the share of the way that the light falls on.

    `wave` is how far locks swing, `shine` the stretch of a lock's length that gleams.
    """
    phase = dice.uniform(0, 6)
    if base:
        swung = guides
        if wave:
            shares = [k / 6 for k in range(7)]
            swung = [waved(between(guides, t), wave, turns, phase + t * 1.5) for t in shares]
        canvas.path(mass(swung), hair.shade)
    order = [(k + 0.5) / count for k in range(count)]
    dice.shuffle(order)
    for t in order:
        t = min(max(t + dice.uniform(-0.4, 0.4) / count, 0), 1)
        line = between(guides, t)
        if wave:
            line = waved(line, wave * dice.uniform(0.8, 1.2), turns, phase + t * 1.5)
        else:
            line = _refine(line, 2)
        value = 1 - abs(t - lit) * 1.9 + dice.uniform(-0.42, 0.42)
        if value > 0.72:
            tint = mix(hair.base, hair.light, 0.75)
        elif value > 0.35:
            tint = hair.base
        else:
            tint = mix(hair.base, hair.shade, 0.8)
        canvas.path(ribbon(line, width * dice.uniform(0.75, 1.25), blunt=blunt), tint)
        if dice.random() < 0.55:
            edge = [(x + width * 0.32, y) for x, y in line]
            canvas.line(smooth(edge[:-1], closed=False), hair.deep, 0.8, 0.45)
        if value > 0.3 and dice.random() < 0.75:
            first, last = (round(share * (len(line) - 1)) for share in shine)
            part = line[first : max(last, first + 3)]
            if len(part) > 2:
                canvas.path(
                    ribbon(part, width * 0.30), hair.glow, 0.30 + 0.35 * max(value - 0.4, 0)
                )


def curls(
    canvas: Canvas, hair: Hair, spots: Sequence[tuple[float, float, float]], light: Point
) -> None:
    """Small coils at (x, y, radius), lighter the nearer they are to the light."""
    batches: dict[str, list[str]] = {}
    for k, (x, y, r) in enumerate(spots):
        near = 1 - math.hypot(x - light[0], y - light[1]) / 120 + math.sin(k * 12.9898) * 0.22
        tint = hair.glow if near > 0.78 else hair.light if near > 0.5 else hair.base
        if near < 0.2:
            tint = hair.shade
        batches.setdefault(tint, []).append(
            f"M{x - r:.1f} {y + r * 0.3:.1f}c0 {-r * 1.5:.1f} {r * 2:.1f} {-r * 1.5:.1f} "
            f"{r * 1.8:.1f} "
            f"{r * 0.1:.1f}c0 {r * 1.1:.1f} {-r * 1.2:.1f} {r * 1.1:.1f} {-r * 1.1:.1f} "
            f"{r * 0.1:.1f}"
        )
    for tint, parts in batches.items():
        canvas.line("".join(parts), tint, 1.25, 0.5 if tint == hair.glow else 0.6)


def _refine(line: Sequence[Point], steps: int) -> list[Point]:
    """More points along the same smooth line."""
    fine = []
    last = len(line) - 1
    for i in range(last):
        a, b, c, d = line[max(i - 1, 0)], line[i], line[i + 1], line[min(i + 2, last)]
        for k in range(steps):
            t = k / steps
            fine.append(
                (
                    _spline(a[0], b[0], c[0], d[0], t),
                    _spline(a[1], b[1], c[1], d[1], t),
                )
            )
    return [*fine, line[-1]]


def _spline(p: float, q: float, r: float, s: float, t: float) -> float:
    return 0.5 * (
        2 * q
        + (r - p) * t
        + (2 * p - 5 * q + 4 * r - s) * t * t
        + (3 * q - p - 3 * r + s) * t * t * t
    )
