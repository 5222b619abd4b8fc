"""A sheet to draw on: SVG fragments in order, with the gradients, blurs and clips that they use."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

Point = tuple[float, float]
Stop = tuple[float, str, float]  # offset, colour, opacity


class Canvas:
    """Collects shapes from back to front; every length is in the picture's 256 units."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # of each definition
        self._parts: list[str | list[str]] = []
        self._soft: list[str] = []

    def path(self, d: str, fill: str, opacity: float = 1, *, transform: str = "") -> None:
        """A filled shape."""
        extra = f' fill-opacity="{opacity:.3g}"' if opacity < 1 else ""
        extra += f' transform="{transform}"' if transform else ""
        self._parts.append(f'<path d="{d}" fill="{fill}"{extra}/>')

    def soft(self, d: str, fill: str, opacity: float, transform: str = "") -> None:
        """A shape with blurred edges, drawn where `soft_layer` was called, however much later."""
        extra = f' transform="{transform}"' if transform else ""
        self._soft.append(f'<path d="{d}" fill="{fill}" fill-opacity="{opacity:.3g}"{extra}/>')

    def soft_layer(self, clip: str, sigma: float, box: tuple[float, float, float, float]) -> None:
        """The place of all soft shapes: blurred at one go, for a blur's price hardly depends on
        what is in it; clipped to a path; none reaches out of the box (x, y, width, height).
        """
        x, y, width, height = box
        place = f'filterUnits="userSpaceOnUse" x="{x}" y="{y}" width="{width}" height="{height}"'
        blur = self._define(
            "filter",
            f'{place} color-interpolation-filters="sRGB"',
            f'<feGaussianBlur stdDeviation="{sigma}"/>',
        )
        with self.group(clip=clip):
            self._parts.append(f'<g filter="{blur}">')
            self._parts.append(self._soft)
            self._parts.append("</g>")

    def line(
        self, d: str, stroke: str, width: float, opacity: float = 1, *, soft: float = 0
    ) -> None:
        """A line with round ends; `soft` edges are that wide, and far cheaper than a blur."""
        widths = [width] if not soft else [width + soft * grow for grow in (2.4, 0.9, -0.6)]
        share = 1 - (1 - opacity) ** (1 / len(widths))
        extra = f' stroke-opacity="{share:.3g}"' if share < 1 else ""
        for w in widths:
            self._parts.append(
                f'<path d="{d}" fill="none" stroke="{stroke}" stroke-width="{max(w, 0.5):.2f}" '
                f'stroke-linecap="round" stroke-linejoin="round"{extra}/>'
            )

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str, opacity: float = 1) -> None:
        """A filled ellipse."""
        extra = f' fill-opacity="{opacity:.3g}"' if opacity < 1 else ""
        self._parts.append(
            f'<ellipse cx="{x:.2f}" cy="{y:.2f}" rx="{rx:.2f}" ry="{ry:.2f}" fill="{fill}"{extra}/>'
        )

    def glow(
        self, x: float, y: float, rx: float, ry: float, colour: str, opacity: float, turn: float = 0
    ) -> None:
        """A soft spot: full at its middle, gone at its rim; `turn` in degrees."""
        stops = [(0, colour, opacity), (0.45, colour, opacity * 0.62), (1, colour, 0)]
        fill = self._gradient("radialGradient", 'r="0.5"', stops)
        spin = f' transform="rotate({turn:.1f} {x:.1f} {y:.1f})"' if turn else ""
        self._parts.append(
            f'<ellipse cx="{x:.2f}" cy="{y:.2f}" rx="{rx:.2f}" ry="{ry:.2f}" fill="{fill}"{spin}/>'
        )

    def fade(self, start: Point, end: Point, *stops: Stop) -> str:
        """A linear gradient between two points, to fill with."""
        (x1, y1), (x2, y2) = start, end
        place = (
            f'gradientUnits="userSpaceOnUse" x1="{x1:.1f}" y1="{y1:.1f}" '
            f'x2="{x2:.1f}" y2="{y2:.1f}"'
        )
        return self._gradient("linearGradient", place, stops)

    def radial(self, centre: Point, radius: float, *stops: Stop) -> str:
        """A radial gradient around a point, to fill with."""
        place = (
            f'gradientUnits="userSpaceOnUse" cx="{centre[0]:.1f}" cy="{centre[1]:.1f}" '
            f'r="{radius:.1f}"'
        )
        return self._gradient("radialGradient", place, stops)

    def tile(self, width: float, height: float, content: str, transform: str = "") -> str:
        """A repeating pattern of raw SVG, to fill with."""
        turn = f' patternTransform="{transform}"' if transform else ""
        return self._define(
            "pattern",
            f'patternUnits="userSpaceOnUse" width="{width:.2f}" height="{height:.2f}"{turn}',
            content,
        )

    @contextmanager
    def group(
        self, *, clip: str = "", blur: float = 0, transform: str = "", opacity: float = 1
    ) -> Iterator[None]:
        """Shapes drawn inside are clipped to a path, blurred or moved together."""
        extra = f' transform="{transform}"' if transform else ""
        if clip:
            extra += f' clip-path="{self._define("clipPath", "", f"<path d={clip!r}/>")}"'
        if opacity < 1:
            extra += f' opacity="{opacity:.3g}"'
        if blur:
            whole = 'filterUnits="userSpaceOnUse" x="0" y="0" width="256" height="256"'
            content = f'<feGaussianBlur stdDeviation="{blur:.2f}"/>'
            extra += f' filter="{self._define("filter", whole, content)}"'
        self._parts.append(f"<g{extra}>")
        yield
        self._parts.append("</g>")

    @property
    def svg(self) -> str:
        """The whole drawing."""
        defs = (
            "<" + shape.replace(" ", f' id="{name}" ', 1) for shape, name in self._names.items()
        )
        parts = (part if isinstance(part, str) else "".join(part) for part in self._parts)
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" width="256" '
            f'height="256"><defs>{"".join(defs)}</defs>{"".join(parts)}</svg>'
        )

    def _gradient(self, kind: str, place: str, stops: Sequence[Stop]) -> str:
        content = "".join(
            f'<stop offset="{at:.3g}" stop-color="{colour}" stop-opacity="{opacity:.3g}"/>'
            for at, colour, opacity in stops
        )
        return self._define(kind, place, content)

    def _define(self, tag: str, attributes: str, content: str) -> str:
        shape = f"{tag} {attributes}>{content}</{tag}>"
        name = self._names.setdefault(shape, f"d{len(self._names)}")
        return f"url(#{name})"


def smooth(points: Sequence[Point], *, closed: bool = True, tension: float = 1) -> str:
    """A path through the points without corners (Catmull-Rom as cubic curves)."""
    count = len(points)
    at = (lambda i: points[i % count]) if closed else (lambda i: points[min(max(i, 0), count - 1)])
    parts = [f"M{points[0][0]:.2f} {points[0][1]:.2f}"]
    for i in range(count if closed else count - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = at(i - 1), at(i), at(i + 1), at(i + 2)
        k = tension / 6
        parts.append(
            f"C{bx + (cx - ax) * k:.2f} {by + (cy - ay) * k:.2f} "
            f"{cx - (dx - bx) * k:.2f} {cy - (dy - by) * k:.2f} {cx:.2f} {cy:.2f}"
        )
    return "".join(parts) + ("Z" if closed else "")


def mirrored(right: Sequence[Point], x: float = 128) -> list[Point]:
    """Close a half outline, given top to bottom as offsets from `x`, with its mirror image."""
    left = [(x - dx, y) for dx, y in reversed(right) if dx]
    return [(x + dx, y) for dx, y in right] + left


def lock(start: Point, bend: Point, bend2: Point, tip: Point, width: float, end: float = 0) -> str:
    """A lock of hair: a curve that is `width` thick near its start and `end` at its tip."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = start, bend, bend2, tip
    dx, dy = x3 - x0, y3 - y0
    length = math.hypot(dx, dy) or 1
    nx, ny = -dy / length, dx / length
    a, b, c, e = width * 0.3, width * 0.62, width * 0.5, end / 2
    return (
        f"M{x0 + nx * a:.2f} {y0 + ny * a:.2f}"
        f"C{x1 + nx * b:.2f} {y1 + ny * b:.2f} {x2 + nx * c:.2f} {y2 + ny * c:.2f} "
        f"{x3 + nx * e:.2f} {y3 + ny * e:.2f}"
        f"L{x3 - nx * e:.2f} {y3 - ny * e:.2f}"
        f"C{x2 - nx * c:.2f} {y2 - ny * c:.2f} {x1 - nx * b:.2f} {y1 - ny * b:.2f} "
        f"{x0 - nx * a:.2f} {y0 - ny * a:.2f}Z"
    )


def curve(*points: Point) -> str:
    """A cubic curve through its four control points, to stroke."""
    (a, b), *rest = points
    return f"M{a:.2f} {b:.2f}C" + " ".join(f"{x:.2f} {y:.2f}" for x, y in rest)
