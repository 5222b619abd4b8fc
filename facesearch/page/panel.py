"""The forty attributes as HTML: a group is a fieldset, an attribute a row: with and without."""

from collections.abc import Collection, Mapping
from html import escape
from typing import Any

from facesearch.attributes import GROUPS, SUBJECTIVE

# Held-out precision@10 from which a dot is full, and half full.
GOOD, FAIR = 0.8, 0.5

Reliability = Mapping[str, Mapping[str, Any]]


def panel_html(unavailable: Collection[str] = (), reliability: Reliability | None = None) -> str:
    """A fieldset for each group of `GROUPS`; the checkbox asks with, the button without.

    Args:
        unavailable: attributes that are shown, but can't be asked for.
        reliability: a bundle's measured results by attribute, for the dots; none without them.
    """
    measured = reliability or {}

    def rows(attributes: Mapping[str, str]) -> str:
        return "".join(
            _row(name, label, name not in unavailable, measured.get(name, {}))
            for name, label in attributes.items()
        )

    return "".join(
        f'<fieldset class="fs-group"><legend>{escape(group)}</legend>{rows(attributes)}</fieldset>'
        for group, attributes in GROUPS.items()
    )


def _row(name: str, label: str, available: bool, measured: Mapping[str, Any]) -> str:
    name, label = escape(name), escape(label)
    off, note, extras, described = "", "", "", ""
    if available:
        parts = {
            "note": _impression(name),
            "dot": _dot(name, measured),
            "count": f'<span class="fs-count" id="fs-count-{name}"><span></span>'
            '<span class="fs-aloud"></span></span>',
        }
        extras = "".join(parts.values())
        ids = " ".join(f"fs-{part}-{name}" for part, html in parts.items() if html)
        described = f' aria-describedby="{ids}"'
    else:
        off, note = " disabled", " <small>not available here</small>"
    return (
        f'<div class="fs-row" data-name="{name}">'
        f'<label><input type="checkbox" name="wanted" value="{name}"{off}{described}>'
        f"<span>{label}{note}</span></label>{extras}"
        f'<button type="button" class="fs-without" aria-pressed="false"{off} '
        f'aria-label="Without {label}" title="Without: {label}"></button></div>'
    )


def _impression(name: str) -> str:
    if name not in SUBJECTIVE:
        return ""
    return (
        f'<small class="fs-note" id="fs-note-{name}" title="What an annotator thought of one '
        'picture; nothing true about a person.">impression</small>'
    )


def _dot(name: str, measured: Mapping[str, Any]) -> str:
    """How far the attribute can be relied on; "" where nothing usable was measured."""
    wanted, unwanted = measured.get("wanted P@10"), measured.get("unwanted P@10")
    if not isinstance(wanted, int | float) or not 0 <= wanted <= 1:
        return ""
    level = "good" if wanted >= GOOD else "fair" if wanted >= FAIR else "weak"
    words = {"good": "Reliable", "fair": "Fair", "weak": "Unreliable"}[level]
    said = f"{words}: precision@10 on images it never saw is {wanted:.2f}"
    if isinstance(unwanted, int | float) and 0 <= unwanted <= 1:
        said += f" with it, {unwanted:.2f} without"
    relevant = measured.get("wanted relevant")
    if isinstance(relevant, int):
        said += f" ({relevant:,} of them have it)"
    return (
        f'<span class="fs-dot fs-dot-{level}" id="fs-dot-{name}" role="img" '
        f'aria-label="{said}" title="{said}"></span>'
    )
