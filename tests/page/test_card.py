"""A model card, which anyone may have written, as HTML."""

import pytest
from conftest import ROOT

from facesearch.page.card import card_html


def card(tmp_path, text: str) -> str:
    (tmp_path / "README.md").write_text(text, "utf-8")
    return card_html(tmp_path)


def test_the_card_that_ships_becomes_headings_and_tables():
    html = card_html(ROOT / "weights" / "portraits")
    assert "<h1>portraits</h1>" in html
    assert "<td>random order</td>" in html


def test_a_bundle_without_a_card_has_none(tmp_path):
    assert card_html(tmp_path) == ""


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick=alert(1)>b</b>",
        "![x](https://example.org/pixel.png)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](data:text/html,hello)",
        "<javascript:alert(1)>",
        '[x](https://example.org "\\" onclick=\\"alert(1)")',
        "| a |\n| --- |\n| <iframe src=x> |",
    ],
)
def test_nothing_in_it_runs_or_loads(tmp_path, text):
    html = card(tmp_path, text)
    for bad in ("<script", "<img", "<iframe", "<b ", 'href="javascript', 'href="data', '" onclick'):
        assert bad not in html, html


def test_links_to_pages_stay_links(tmp_path):
    assert 'href="https://example.org/"' in card(tmp_path, "[x](https://example.org/)")
