"""The panel's HTML: every attribute once, and how far each can be relied on."""

import re

import pytest

from facesearch.attributes import ATTRIBUTES, CELEBA
from facesearch.page.panel import panel_html


def row(html: str, name: str) -> str:
    return re.findall(rf'<div class="fs-row" data-name="{name}">.*?</div>', html)[0]


def test_the_panel_holds_every_attribute_once():
    html = panel_html(CELEBA)
    assert html.count('type="checkbox"') == 40
    assert all(html.count(f'value="{name}"') == 1 for name in ATTRIBUTES)


def test_an_unavailable_attribute_is_shown_but_disabled():
    html = panel_html(CELEBA, ["Male"])
    assert "not available here" in row(html, "Male")
    assert row(html, "Male").count(" disabled") == 2
    assert "disabled" not in row(html, "Young")


def test_subjective_attributes_are_noted():
    html = panel_html(CELEBA)
    assert {name for name in ATTRIBUTES if "impression" in row(html, name)} == CELEBA.impressions


@pytest.mark.parametrize(
    ("precision", "level"),
    [(1.0, "good"), (0.81, "good"), (0.79, "fair"), (0.61, "fair"), (0.59, "weak"), (0, "weak")],
)
def test_a_dot_shows_how_far_precision_goes_beyond_chance(precision, level):
    measured = {"wanted AP": precision, "wanted relevant": 400, "unwanted relevant": 1600}
    html = row(panel_html(CELEBA, (), {"Smiling": measured}), "Smiling")
    assert f"fs-dot-{level}" in html
    assert f"average precision {precision:.2f}, by chance 0.20, on 2,000 images" in html


@pytest.mark.parametrize(
    "measured",
    [
        {},
        {"Smiling": {}},
        {"Smiling": {"wanted AP": 0.9}},
        {"Smiling": {"wanted AP": "high", "wanted relevant": 1, "unwanted relevant": 1}},
        {"Smiling": {"wanted AP": 7, "wanted relevant": 1, "unwanted relevant": 1}},
        {"Smiling": {"wanted AP": 0.7, "wanted relevant": 0, "unwanted relevant": 1}},
    ],
)
def test_without_a_measurement_there_is_no_dot(measured):
    assert "fs-dot" not in panel_html(CELEBA, (), measured)


def test_a_checkbox_is_described_by_what_stands_beside_it():
    html = panel_html(
        CELEBA, (), {"Male": {"wanted AP": 0.9, "wanted relevant": 5, "unwanted relevant": 5}}
    )
    for described in re.findall('aria-describedby="(.*?)"', html):
        assert all(html.count(f'id="{each}"') == 1 for each in described.split())
    assert 'aria-describedby="fs-note-20 fs-dot-20 fs-count-20"' in html
