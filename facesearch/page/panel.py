"""The attributes as HTML: a group is a fieldset, an attribute a row: with and without."""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any

from facesearch.gallery import Taught
from facesearch.vocabulary import Vocabulary

# How far average precision goes from chance to perfect, where a dot is full, and half full. On
# CelebA the first ten pictures are right for nearly every attribute; this tells them apart.
GOOD, FAIR = 0.75, 0.5

Reliability = Mapping[str, Mapping[str, Any]]


def panel_html(
    vocabulary: Vocabulary,
    unavailable: Collection[str] = (),
    reliability: Reliability | None = None,
    taught: Sequence[Taught] = (),
) -> str:
    """A fieldset for each group of the vocabulary; the checkbox asks with, the button without.

    Args:
        vocabulary: the attributes, their plain words and groups.
        unavailable: attributes that are shown, but can't be asked for.
        reliability: a bundle's measured results by attribute, for the dots; none without them.
        taught: attributes that were taught by example, whose dots tell of their own marks.
    """
    given = reliability if isinstance(reliability, Mapping) else {}  # out of a bundle's config
    measured = {name: each for name, each in given.items() if isinstance(each, Mapping)}
    lessons = {each.name: each for each in taught}

    def row(name: str) -> str:
        number = vocabulary.index(name)
        lesson = lessons.get(name)
        dot = _taught_dot(number, lesson) if lesson else _dot(number, measured.get(name, {}))
        return _row(vocabulary, name, name not in unavailable, dot)

    return "".join(
        f'<fieldset class="fs-group"><legend>{escape(heading)}</legend>'
        f"{''.join(map(row, names))}</fieldset>"
        for heading, names in vocabulary.groups.items()
    )


def _row(vocabulary: Vocabulary, name: str, available: bool, dot: str) -> str:
    label, number = escape(vocabulary.labels[name]), vocabulary.index(name)
    lacking = f"With {label[3:].lower()}" if label.startswith("No ") else f"Without {label}"
    off, note, extras, described = "", "", "", ""
    if available:
        parts = {
            "note": _impression(number) if name in vocabulary.impressions else "",
            "dot": dot,
            "count": f'<span class="fs-count" id="fs-count-{number}"><span></span>'
            '<span class="fs-aloud"></span></span>',
        }
        extras = "".join(parts.values())
        ids = " ".join(f"fs-{part}-{number}" for part, html in parts.items() if html)
        described = f' aria-describedby="{ids}"'
    else:
        off, note = " disabled", " <small>not available here</small>"
    return (
        f'<div class="fs-row" data-name="{escape(name)}">'
        f'<label><input type="checkbox" name="wanted" value="{escape(name)}"{off}{described}>'
        f"<span>{label}{note}</span></label>{extras}"
        f'<button type="button" class="fs-without" aria-pressed="false"{off} '
        f'aria-label="{lacking}" title="{lacking}"></button></div>'
    )


def _impression(number: int) -> str:
    return (
        f'<small class="fs-note" id="fs-note-{number}" title="What an annotator thought of one '
        'picture; nothing true about a person.">impression</small>'
    )


def _dot(number: int, measured: Mapping[str, Any]) -> str:
    """How far the attribute can be relied on; "" where nothing usable was measured."""
    precision = measured.get("wanted AP")
    having, lacking = measured.get("wanted relevant"), measured.get("unwanted relevant")
    if not isinstance(precision, int | float) or not 0 <= precision <= 1:
        return ""
    if not isinstance(having, int) or not isinstance(lacking, int) or min(having, lacking) <= 0:
        return ""
    chance = having / (having + lacking)
    reach = (precision - chance) / (1 - chance)
    said = (
        f"average precision {precision:.2f}, by chance {chance:.2f}, "
        f"on {having + lacking:,} images it never saw"
    )
    return _dot_html(number, reach, said)


def _taught_dot(number: int, taught: Taught) -> str:
    """How far an attribute that was taught can be relied on, by its own marks."""
    said = (
        f"taught by {taught.like} faces with it and {taught.unlike} without, of which "
        f"{taught.told_apart:.0%} are told apart (by chance 50%)"
    )
    return _dot_html(number, 2 * taught.told_apart - 1, said)


def _dot_html(number: int, reach: float, said: str) -> str:
    level = "good" if reach >= GOOD else "fair" if reach >= FAIR else "weak"
    words = {"good": "Reliable", "fair": "Fair", "weak": "Unreliable"}[level]
    return (
        f'<span class="fs-dot fs-dot-{level}" id="fs-dot-{number}" role="img" '
        f'aria-label="{words}: {said}" title="{words}: {said}"></span>'
    )
