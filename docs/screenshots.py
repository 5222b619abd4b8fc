"""Take README's pictures of the page, from a real browser: python docs/screenshots.py"""

from pathlib import Path

from playwright.sync_api import Page
from showing import PORTRAITS, shown

DOCS = Path(__file__).resolve().parent
WIDTHS = {"page": 1280, "page-narrow": 390}


def teach(page: Page) -> None:
    """Close the face, pick three others, and teach a look by them."""
    page.keyboard.press("Escape")
    for place in (1, 2, 5):
        page.locator(".fs-pick input").nth(place).check(force=True)
    page.get_by_role("button", name="Teach an attribute").click()
    page.keyboard.type("dressed up")
    page.keyboard.press("Enter")
    page.wait_for_selector(".fs-lesson:not([hidden])")
    page.wait_for_load_state("networkidle")


def main() -> None:
    """Open the default gallery, which asks for glasses and a smile, and its first face: the page at
    both widths, light and dark, the face, and a lesson."""
    with shown(PORTRAITS) as (browser, url):
        for name, width in WIDTHS.items():
            for suffix, scheme in (("", "light"), ("-dark", "dark")):
                page = browser.new_page(
                    viewport={"width": width, "height": 860},
                    color_scheme=scheme,
                    device_scale_factor=1.5,
                )
                page.goto(url)
                page.wait_for_selector(".fs-gallery > li")
                page.wait_for_load_state("networkidle")
                page.screenshot(path=DOCS / f"{name}{suffix}.png")
                if (name, scheme) == ("page", "light"):
                    page.locator(".fs-open").first.click()
                    page.wait_for_selector(".fs-face[open]")
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=DOCS / "page-face.png")
                    teach(page)
                    page.screenshot(path=DOCS / "page-teaching.png")


if __name__ == "__main__":
    main()
