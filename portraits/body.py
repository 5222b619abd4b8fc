"""Neck, shoulders and clothes."""

from collections.abc import Sequence

from portraits.canvas import Canvas, Point, mirrored, smooth
from portraits.colour import CLOTHS, darker, lighter, luminance, mix, pick
from portraits.face import Face

OPEN = ("vneck", "scoop", "boat", "shirt", "blazer")  # leave room for a necklace
KINDS = ("crew", "turtleneck", "hoodie", *OPEN, "knit")


def clothes_kind(face: Face) -> str:
    """Which clothes are worn; a tie or a necklace narrows the choice."""
    traits = face.traits
    if traits.has("Wearing_Necktie"):
        return "tie"
    kinds = OPEN[:3] if traits.has("Wearing_Necklace") else KINDS
    return kinds[int(traits.clothes * len(kinds))]


def shoulders(face: Face, lift: float = 0) -> list[Point]:
    """The body's right outline from the neck down, as offsets from the middle."""
    n, s = face.neck, face.shoulder
    return [
        (n - 1 + lift, 180),
        (n + lift, 200 - lift),
        (n + 4 + lift, 211 - lift),
        (n + 16, 219 - lift),
        (s * 0.76, 228 - lift),
        (s, 241 - lift),
        (s + 11 + lift, 264),
    ]


def draw_body(canvas: Canvas, face: Face) -> None:
    """Neck and shoulders in skin, with the head's shadow on them, then the clothes."""
    skin = face.skin
    if clothes_kind(face) == "hoodie":
        n, cloth = face.neck, pick(CLOTHS, face.traits.clothes_colour)
        hood = [(0, 190), (n + 6, 191), (n + 24, 207), (n + 24, 226), (0, 240)]
        canvas.path(smooth(mirrored(hood)), darker(cloth, 0.35))
    outline = smooth(_bottomless([(min(dx, face.shoulder * 0.8), y) for dx, y in shoulders(face)]))
    lit, far = 128 + face.side * 50, 128 - face.side * 50
    fill = canvas.fade(
        (lit, 200), (far, 215), (0, skin.base, 1), (0.45, skin.base, 1), (0.8, skin.shade, 1)
    )
    canvas.path(outline, fill)
    with canvas.group(clip=outline):
        shadow = smooth(mirrored([(dx, y + 13) for dx, y in face.half(-3)], 128 - face.side * 3))
        canvas.path(shadow, skin.deep, 0.52)
        canvas.line(shadow, skin.deep, 1, 0.3, soft=2)
        canvas.line(
            f"M{128 - face.neck * 0.45:.1f} 204L{128 - 5} 226", skin.shade, 3, 0.55, soft=1.2
        )
        canvas.line(
            f"M{128 + face.neck * 0.45:.1f} 204L{128 + 5} 226", skin.shade, 3, 0.55, soft=1.2
        )
        canvas.line("M121 230Q104 224 84 229", skin.shade, 2.6, 0.7, soft=0.8)
        canvas.line("M135 230Q152 224 172 229", skin.shade, 2.6, 0.7, soft=0.8)
        if face.traits.has("Male"):
            canvas.glow(128 + face.side * 2, face.chin + 17, 6, 7, skin.light, 0.35)
        if not face.traits.has("Young"):
            for y in (face.chin + 13, face.chin + 20):
                canvas.line(
                    f"M{128 - face.neck + 5:.1f} {y:.1f}Q128 {y + 6:.1f} "
                    f"{128 + face.neck - 5:.1f} {y:.1f}",
                    skin.line,
                    1.1,
                    0.4,
                )
    _clothes(canvas, face, clothes_kind(face))


def _bottomless(right: Sequence[Point]) -> list[Point]:
    return mirrored([(0, 176), *right, (0, 270)])


def _garment(face: Face, neckline: Sequence[Point], lift: float = 2.5) -> str:
    """Everything below a neckline, whose points run from the right shoulder to the middle."""
    outer = [point for point in shoulders(face, lift) if point[0] > neckline[0][0] + 2]
    right = [*reversed(neckline), *outer]
    points = [(128 + dx, y) for dx, y in right]
    left = [(128 - dx, y) for dx, y in reversed(right) if dx]
    return "M" + "L".join(_rounded(left + points)) + "L262 275L-6 275Z"


def _rounded(points: Sequence[Point]) -> list[str]:
    """Many short steps along a smooth open curve."""
    steps = []
    last = len(points) - 1
    for i in range(last):
        a, b, c, d = points[max(i - 1, 0)], points[i], points[i + 1], points[min(i + 2, last)]
        for k in range(6):
            t = k / 6
            steps.append(
                " ".join(
                    f"{0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t * t + (3 * q - p - 3 * r + s) * t**3):.1f}"  # noqa: E501
                    for p, q, r, s in zip(a, b, c, d, strict=True)
                )
            )
    return [*steps, f"{points[-1][0]:.1f} {points[-1][1]:.1f}"]


def _neckline(face: Face, kind: str) -> list[Point]:
    n = face.neck
    lines: dict[str, list[Point]] = {
        "crew": [(n + 7, 211), (n * 0.75, 222), (0, 228)],
        "knit": [(n + 9, 212), (n * 0.8, 223), (0, 230)],
        "vneck": [(n + 9, 211), (n * 0.5, 231), (0, 252)],
        "scoop": [(n + 16, 215), (n * 0.92, 236), (0, 245)],
        "boat": [(n + 31, 219), (n * 0.95, 232), (0, 236)],
        "hoodie": [(n + 8, 210), (n * 0.8, 224), (0, 233)],
    }
    return lines[kind]


def _clothes(canvas: Canvas, face: Face, kind: str) -> None:
    traits = face.traits
    cloth = pick(CLOTHS, traits.clothes_colour)
    shade, light = darker(cloth, 0.30), lighter(cloth, 0.16)
    n = face.neck
    lit, far = 128 + face.side * 90, 128 - face.side * 100
    fill = canvas.fade((lit, 205), (far, 262), (0, light, 1), (0.4, cloth, 1), (1, shade, 1))
    if kind == "turtleneck":
        body = _garment(face, [(n + 6, 209), (0, 213)], 4)
        canvas.path(body, fill)
        _folds(canvas, face, body, shade)
        top = face.chin + 7
        collar = smooth(
            mirrored([(0, top + 3), (n + 1, top), (n + 4, 205), (n + 7, 217), (0, 225)])
        )
        canvas.path(collar, fill)
        with canvas.group(clip=collar):
            for dx in range(-60, 61, 5):
                canvas.line(f"M{128 + dx} {top - 4}L{128 + dx * 1.1:.1f} 228", shade, 1, 0.45)
            shadow = smooth(mirrored([(dx, y + 12) for dx, y in face.half(-2)]))
            canvas.path(shadow, shade, 0.75)
            canvas.line(shadow, shade, 1, 0.3, soft=2)
        canvas.line(
            f"M{128 - n - 6:.1f} 217Q128 233 {128 + n + 6:.1f} 217", darker(cloth, 0.5), 1.4, 0.5
        )
    elif kind in ("shirt", "blazer", "tie"):
        _tailored(canvas, face, kind, cloth)
    else:
        line = _neckline(face, kind)
        body = _garment(face, line)
        canvas.path(body, fill)
        _pattern(canvas, face, body, cloth)
        _folds(canvas, face, body, shade)
        edge = [(128 + dx, y) for dx, y in reversed(line)]
        edge = [(256 - x, y) for x, y in reversed(edge[1:])] + edge
        width = {"crew": 5.5, "knit": 8, "hoodie": 6}.get(kind, 2.6)
        canvas.line(smooth([(x, y + 1.5) for x, y in edge], closed=False), shade, width + 1, 0.5)
        canvas.line(
            smooth(edge, closed=False), darker(cloth, 0.12) if width > 5 else light, width, 1
        )
        if kind == "hoodie":
            for s in (-1, 1):
                canvas.line(
                    f"M{128 + s * n * 0.55:.1f} 230q{s * 2} 12 {-s * 1} 28", lighter(cloth, 0.6), 2
                )
        if kind == "knit":
            with canvas.group(clip=body):
                for x in range(0, 257, 6):
                    canvas.line(f"M{x} 205V262", shade, 1.2, 0.35)


def _folds(canvas: Canvas, face: Face, body: str, shade: str) -> None:
    s = face.shoulder
    with canvas.group(clip=body):
        for side in (-1, 1):
            canvas.line(
                f"M{128 + side * (s - 13)} 262Q{128 + side * (s - 17)} 250 "
                f"{128 + side * (s - 8)} 243",
                shade, 3, 0.32, soft=2.0,
            )  # fmt: skip
            canvas.line(
                f"M{128 + side * s * 0.5:.0f} 232Q{128 + side * s * 0.44:.0f} 246 "
                f"{128 + side * s * 0.52:.0f} 262",
                shade, 3, 0.5, soft=1.4,
            )  # fmt: skip


def _pattern(canvas: Canvas, face: Face, body: str, cloth: str) -> None:
    kind = int(face.traits.clothes_pattern * 6)
    ink = "#f6efe2" if luminance(cloth) < 0.5 else darker(cloth, 0.5)
    if kind == 0:
        canvas.path(body, canvas.tile(10, 11, f'<rect width="10" height="4.4" fill="{ink}"/>'), 0.8)
    elif kind == 1:
        dot = "".join(f'<circle cx="{c}" cy="{c}" r="1.7" fill="{ink}"/>' for c in (4, 9))
        canvas.path(body, canvas.tile(10, 10, dot), 0.75)


def _tailored(canvas: Canvas, face: Face, kind: str, cloth: str) -> None:
    """A shirt, alone or under a jacket, open or with a tie."""
    traits, n = face.traits, face.neck
    jacket = kind == "blazer" or (kind == "tie" and traits.clothes < 0.72)
    shirt = pick(("#f4efe6", "#dfe7ee", "#e9d9cf", "#c9d6e2"), traits.clothes_pattern)
    if not jacket and kind == "shirt":
        shirt = cloth
    if jacket and luminance(cloth) > 0.72:
        cloth = mix(cloth, "#3a4250", 0.6)
    shade, light = darker(shirt, 0.22), lighter(shirt, 0.3)
    opening = 221 if kind == "tie" else 246
    base = [(n + 6, 209), (n * 0.5, (209 + opening) / 2 + 2), (0, opening)]
    body = _garment(face, base)
    lit, far = 128 + face.side * 90, 128 - face.side * 100
    canvas.path(
        body, canvas.fade((lit, 205), (far, 262), (0, light, 1), (0.4, shirt, 1), (1, shade, 1))
    )
    _folds(canvas, face, body, shade)
    if kind != "tie":
        canvas.line(f"M128 {opening}V262", shade, 1.5, 0.9)
        canvas.oval(131, opening + 8, 1.6, 1.6, shade)
    if jacket:
        _jacket(canvas, face, cloth)
    if kind == "tie":
        _tie(canvas, face)
    for s in (-1, 1):  # the collar's two leaves
        if kind == "tie":
            leaf = [(n + 5, 200), (n + 9, 212), (n * 0.62, 236), (3, 221), (n * 0.62, 214)]
        else:
            leaf = [(n + 4, 199), (n + 11, 211), (n * 0.72, 239), (n * 0.30, 231), (n * 0.66, 214)]
        d = "M" + "L".join(f"{128 + s * dx:.1f} {y:.1f}" for dx, y in leaf) + "Z"
        canvas.line(d, shade, 2, 0.35, soft=1.6)
        canvas.path(d, light if s == face.side else mix(shirt, shade, 0.35))
        canvas.line(d, shade, 0.8, 0.7)


def _jacket(canvas: Canvas, face: Face, cloth: str) -> None:
    n = face.neck
    body = _garment(face, [(n + 11, 211), (n * 0.62, 240), (4, 270)], 4)
    shade, light = darker(cloth, 0.32), lighter(cloth, 0.13)
    lit, far = 128 + face.side * 90, 128 - face.side * 100
    canvas.path(
        body, canvas.fade((lit, 205), (far, 262), (0, light, 1), (0.4, cloth, 1), (1, shade, 1))
    )
    _folds(canvas, face, body, shade)
    for s in (-1, 1):
        lapel = [
            (n + 9, 208),
            (n + 23, 222),
            (n + 15, 231),
            (n + 20, 236),
            (14, 268),
            (4, 268),
            (n * 0.6, 238),
        ]
        d = "M" + "L".join(f"{128 + s * dx:.1f} {y:.1f}" for dx, y in lapel) + "Z"
        canvas.line(d, shade, 2, 0.45, soft=1.6)
        canvas.path(d, light if s == face.side else cloth)
        canvas.line(d, shade, 0.9, 0.8)


def _tie(canvas: Canvas, face: Face) -> None:
    tint = pick(
        ("#a3283a", "#1f3f73", "#2d6b4f", "#c4862b", "#5d2f6b", "#b8502f", "#22303c"),
        face.traits.tie,
    )
    dark, light = darker(tint, 0.35), lighter(tint, 0.22)
    blade = "M121.5 232L134.5 232L143 270H113Z"
    canvas.path(
        blade,
        canvas.fade(
            (112, 0), (144, 0), (0, dark, 1), (0.45, tint, 1), (0.6, light, 1), (1, dark, 1)
        ),
    )
    if face.traits.clothes_pattern < 0.6:
        with canvas.group(clip=blade):
            for y in range(230, 290, 9):
                canvas.line(f"M106 {y + 12}L150 {y - 12}", lighter(tint, 0.55), 2.2, 0.8)
    canvas.path("M116.5 219.5L139.5 219.5L135 234.5L121 234.5Z", tint)
    canvas.path("M116.5 219.5L139.5 219.5L136 229Q127 225 117 222Z", light, 0.45)
    canvas.line("M121 234.8L135 234.8", dark, 1.6, 0.8)
