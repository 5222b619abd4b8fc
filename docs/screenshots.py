"""Take README's pictures of the page, from a real browser: python docs/screenshots.py"""

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

DOCS = Path(__file__).resolve().parent
SIZES = {"page": (1280, 860), "page-narrow": (390, 860)}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


def main() -> None:
    """Open the default gallery, ask for glasses and a smile but no man, and take both widths."""
    app = subprocess.Popen(
        [sys.executable, DOCS.parent / "app.py", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    assert app.stdout is not None
    try:
        url = app.stdout.readline().split(" at ")[1].strip()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=FLAGS
            )
            for name, (width, height) in SIZES.items():
                page = browser.new_page(
                    viewport={"width": width, "height": height}, device_scale_factor=1.5
                )
                page.goto(url)
                page.wait_for_selector(".fs-gallery > li")
                page.get_by_role("checkbox", name="Eyeglasses", exact=True).check()
                page.get_by_role("checkbox", name="Smiling", exact=True).check()
                page.get_by_role("button", name="Without Male", exact=True).click()
                page.wait_for_selector(".fs-gallery[aria-busy=false]")
                page.wait_for_load_state("networkidle")
                page.evaluate("scrollTo(0, 0)")
                page.screenshot(path=DOCS / f"{name}.png")
            browser.close()
    finally:
        app.terminate()


if __name__ == "__main__":
    main()
