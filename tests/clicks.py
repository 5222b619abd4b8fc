"""What a person does on the page and sees there, for browser tests."""

import time

import facesearch
from facesearch.attributes import CELEBA

NOTHING = "?k=24"  # an address that asks for nothing, where "" shows the first example


def shown(page):
    page.wait_for_selector(".fs-gallery[aria-busy=false]", state="attached")
    return page.eval_on_selector_all(".fs-tile", "tiles => tiles.map(t => t.dataset.name)")


def pictures(page):
    """The widths of the tiles' pictures, once all of them are there."""
    return page.locator(".fs-tile img").evaluate_all(
        "async all => { await Promise.all(all.map(i => i.decode())); "
        "return all.map(i => i.naturalWidth) }"
    )


def expected(bundle, wanted=(), unwanted=(), k=24):
    return [hit.name for hit in bundle.search(facesearch.Query(wanted, unwanted), k)]


def tick(page, name):
    with_panel(page)
    page.get_by_role("checkbox", name=CELEBA.labels[name], exact=True).check()


def exclude(page, name):
    with_panel(page)
    page.get_by_role("button", name=f"Without {CELEBA.labels[name]}", exact=True).click()


def clear(page):
    page.get_by_role("button", name="Clear", exact=True).click()


def with_panel(page):
    """On a narrow page, pull the panel up."""
    opener = page.locator(".fs-sheet-open")
    if opener.is_visible() and not page.locator(".fs-panel").is_visible():
        opener.click()


def without_panel(page):
    """On a narrow page, push the panel down."""
    closer = page.locator(".fs-sheet-close")
    if closer.is_visible():
        closer.click()


def frames_at_rest(evaluate):
    """How many frames a page asks for in a second that nobody touches, once it has come to rest, or
    after ten seconds; `evaluate` gives the value of an expression on it."""
    asked = "requestAnimationFrame(() => {})"  # the numbers of its answers count requests
    for _ in range(10):  # Gradio's sign of loading ends its last round after it is gone
        before = evaluate(asked)
        time.sleep(1)
        frames = evaluate(asked) - before - 1
        if not frames:
            break
    assert before > 10  # they do count
    return frames


def chips(page):
    """What the chips above the faces say."""
    return [text.strip() for text in page.locator(".fs-chip").all_text_contents()]


def status(page):
    shown(page)
    return page.locator(".fs-status").text_content()


def open_face(page, place):
    """Open the face at a place from 1, and wait for it."""
    without_panel(page)
    page.locator(".fs-tile").nth(place - 1).locator(".fs-open").click()
    page.wait_for_selector(".fs-face[open]")


def close_face(page):
    """Close the opened face, and wait until the page has gone back from it."""
    page.keyboard.press("Escape")
    page.wait_for_selector(".fs-face", state="hidden")
    page.wait_for_function("!location.search.includes('face=')")


def opened(page):
    """The name of the opened face."""
    return page.locator("#fs-face-name").text_content().split(". ", 1)[-1]
