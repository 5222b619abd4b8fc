"""The forty checkboxes as HTML: a group is a fieldset, an attribute a row: with and without."""

from html import escape

from facesearch.attributes import GROUPS


def panel_html() -> str:
    """A fieldset for each group of `GROUPS`; the checkbox asks with, the button without."""
    return "".join(
        f'<fieldset class="fs-group"><legend>{escape(group)}</legend>'
        + "".join(_row(name, label) for name, label in attributes.items())
        + "</fieldset>"
        for group, attributes in GROUPS.items()
    )


def _row(name: str, label: str) -> str:
    name, label = escape(name), escape(label)
    return (
        f'<div class="fs-row" data-name="{name}">'
        f'<label><input type="checkbox" name="wanted" value="{name}"><span>{label}</span></label>'
        f'<button type="button" class="fs-without" aria-pressed="false" '
        f'aria-label="Without {label}" title="Without: {label}"></button></div>'
    )
