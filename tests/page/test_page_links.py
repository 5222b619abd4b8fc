"""The address holds what is shown: links, Back and Forward, and links that ask for what is gone."""

import pytest
from clicks import chips, clear, exclude, expected, open_face, opened, shown, tick
from conftest import BOTH_WIDTHS

from facesearch.attributes import Query


def error(page) -> str:
    shown(page)
    box = page.locator(".fs-error")
    return box.text_content() if box.is_visible() else ""


@BOTH_WIDTHS
def test_a_link_gives_the_same_faces_elsewhere(portraits_url, browser_page, portraits):
    page = portraits("?k=24")
    tick(page, "Wearing_Hat")
    exclude(page, "Young")
    shown(page)
    open_face(page, 2)
    liked = opened(page)
    page.get_by_role("button", name="More like this").click()
    shown(page)
    page.get_by_role("slider", name="From like this face").fill("0.35")
    page.get_by_role("button", name="Show 24 more").click()
    page.wait_for_selector(".fs-tile:nth-child(48)")
    names = shown(page)
    open_face(page, 30)
    face = opened(page)
    for part in ("wanted=Wearing_Hat", "unwanted=Young", "shown=48", f"like={liked}", "mix=0.35"):
        assert part in page.url
    assert f"face={face}" in page.url
    assert "gallery=" in page.url
    elsewhere = browser_page(page.url, width=1280).page  # a private window
    elsewhere.wait_for_selector(".fs-face[open]")
    assert opened(elsewhere) == face
    assert shown(elsewhere) == names
    assert elsewhere.locator("#fs-face-name").text_content().startswith("30. ")
    assert (
        elsewhere.get_by_role(
            "slider", name="From like this face", include_hidden=True
        ).input_value()
        == "0.35"
    )
    assert chips(elsewhere) == ["with Hat", "without Young"]
    assert error(elsewhere) == ""


def test_back_and_forward_go_through_what_was_shown(portraits, portraits_bundle):
    page = portraits()
    first = shown(page)
    clear(page)
    tick(page, "Bald")
    bald = shown(page)
    tick(page, "Smiling")
    both = shown(page)
    open_face(page, 3)
    page.go_back()
    page.wait_for_selector(".fs-face", state="hidden")
    assert shown(page) == both
    page.go_back()
    page.wait_for_function("document.querySelectorAll('.fs-chip').length === 1")
    assert shown(page) == bald == expected(portraits_bundle, ["Bald"])
    page.go_back()
    page.wait_for_function("!document.querySelector('.fs-chip')")
    assert shown(page) == expected(portraits_bundle)
    page.go_back()
    page.wait_for_function("document.querySelectorAll('.fs-chip').length === 4")
    assert shown(page) == first
    for _ in range(4):
        page.go_forward()
    page.wait_for_selector(".fs-face[open]")
    assert opened(page) == both[2]
    assert shown(page) == both
    assert chips(page) == ["with Bald", "with Smiling"]


@pytest.mark.parametrize(
    ("address", "sentence", "query"),
    [
        ("?wanted=Bald,Beard", "“Beard”, which is none of this gallery's", Query(["Bald"])),
        ("?wanted=Bald&unwanted=Attractive", "Attractive is not available here", Query(["Bald"])),
        ("?wanted=Bald&unwanted=Bald", "asks for Bald twice", Query(["Bald"])),
        ("?wanted=Bald&gallery=00000000", "made in another gallery", Query(["Bald"])),
        ("?wanted=Bald&k=many", "“many” faces; from 1 to 1000 can be shown", Query(["Bald"])),
        ("?wanted=Bald&k=5000", "“5000” faces", Query(["Bald"])),
        ("?wanted=Bald&mix=much&like=006001.webp", "mix is not a number", None),
        ("?wanted=%3Cimg%20src=x%20onerror=alert(1)%3E", "“<img src=x", Query()),
    ],
)
def test_what_a_link_asks_for_and_can_not_be_is_said(
    portraits_app, browser_page, portraits_bundle, address, sentence, query
):
    says(browser_page(portraits_app.url + address).page, sentence, query, portraits_bundle)


@pytest.mark.parametrize("asked", ["like", "face"])
def test_a_link_to_a_face_that_is_gone_says_so(
    portraits_url, browser_page, portraits_bundle, asked
):
    page = browser_page(f"{portraits_url}?wanted=Bald&{asked}=gone.png").page
    says(page, "no face 'gone.png' in this gallery", Query(["Bald"]), portraits_bundle)
    assert "gone.png" not in page.url


def says(page, sentence, query, bundle):
    """The page says what it could not do, does the rest, and forgets it at the next click."""
    page.wait_for_selector(".fs-error:not([hidden])")
    assert sentence in error(page)
    if query is not None:
        assert shown(page) == expected(bundle, query.wanted, query.unwanted)
    assert page.locator(".fs-face").is_hidden()
    tick(page, "Smiling")
    shown(page)
    assert error(page) == ""  # it was about the link
    assert "00000000" not in page.url


def test_what_others_put_into_the_address_stays(portraits_url, browser_page):
    page = browser_page(portraits_url + "?__theme=dark&lang=x%26y").page
    assert page.evaluate("document.body.classList.contains('dark')")
    tick(page, "Bald")
    shown(page)
    assert "__theme=dark" in page.url
    assert "lang=x%26y" in page.url
    light = browser_page(portraits_url + "?__theme=light", dark=True).page
    assert not light.evaluate("document.body.classList.contains('dark')")
