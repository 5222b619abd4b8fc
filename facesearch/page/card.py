"""A bundle's model card as HTML that is safe to show, whoever wrote it."""

from pathlib import Path

from markdown_it import MarkdownIt

from facesearch.bundle.contents import CARD

# HTML in the text is shown as text, links that run scripts are dropped, and no picture is fetched.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def card_html(bundle: Path) -> str:
    """The model card in a bundle's folder, rendered; "" where it has none."""
    file = bundle / CARD
    if not file.is_file():
        return ""
    return str(MARKDOWN.render(file.read_text("utf-8", errors="replace")))
