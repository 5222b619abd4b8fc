"""A bundle's model card as HTML that is safe to show, whoever wrote it."""

from pathlib import Path

from markdown_it import MarkdownIt

from facesearch.bundle.contents import CARD

# HTML in the text is shown as text, links that run scripts are dropped, and no picture is fetched.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")

LONGEST = 50_000  # bytes of a card that are shown, many times what those here have


def card_html(bundle: Path) -> str:
    """The model card in a bundle's folder, rendered; "" where it has none."""
    file = bundle / CARD
    if not file.is_file():
        return ""
    with file.open("rb") as stream:
        content = stream.read(LONGEST + 1)
    text = content[:LONGEST].decode("utf-8", errors="replace")
    rest = "" if len(content) <= LONGEST else "<p>The rest of this card is not shown.</p>"
    return str(MARKDOWN.render(text)) + rest
