"""The forty checkboxes as HTML: a group is a fieldset, an attribute a row: with and without."""

from collections.abc import Collection, Mapping
from html import escape

from facesearch.attributes import GROUPS


def panel_html(unavailable: Collection[str] = ()) -> str:
    """A fieldset for each group of `GROUPS`; the checkbox asks with, the button without.

    `unavailable` attributes are shown, but can't be asked for.
    """

    def rows(attributes: Mapping[str, str]) -> str:
        return "".join(
            _row(name, label, available=name not in unavailable)
            for name, label in attributes.items()
        )

    return "".join(
        f'<fieldset class="fs-group"><legend>{escape(group)}</legend>{rows(attributes)}</fieldset>'
        for group, attributes in GROUPS.items()
    )


def _row(name: str, label: str, *, available: bool) -> str:
    name, label = escape(name), escape(label)
    off, note = ("", "") if available else (" disabled", " <small>not available here</small>")
    return (
        f'<div class="fs-row" data-name="{name}">'
        f'<label><input type="checkbox" name="wanted" value="{name}"{off}>'
        f"<span>{label}{note}</span></label>"
        f'<button type="button" class="fs-without" aria-pressed="false"{off} '
        f'aria-label="Without {label}" title="Without: {label}"></button></div>'
    )
