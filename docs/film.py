"""Record README's moving picture of the page, from a real browser: python docs/film.py"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page
from showing import PORTRAITS, shown

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facesearch.bundle import Bundle, open_bundle

FILM = Path(__file__).resolve().parent / "page.webp"
SIZE = {"width": 1280, "height": 800}
LARGEST = 2 * 1024 * 1024  # bytes
WORDS = "smiling woman with glasses, no hat"
LOOK, SHOWN = "dressed up", ("Wearing_Hat", "Wearing_Necktie")  # and what it is made of

# A screenshot shows no pointer, so that one is drawn.
POINTER = """
const pointer = document.createElement("div");
pointer.style.cssText = "position:fixed;z-index:99;width:22px;height:22px;margin:-11px;" +
  "left:-50px;" +
  "border-radius:50%;background:rgb(11 106 99 / 35%);border:2px solid #0b6a63;pointer-events:none";
document.body.append(pointer);
addEventListener("mousemove", ({ clientX, clientY }) =>
  Object.assign(pointer.style, { left: `${clientX}px`, top: `${clientY}px` }), true);
"""


class Film:
    """Frames of a page, and how long each is shown, in milliseconds."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frames: list[Image.Image] = []
        self.durations: list[int] = []

    def show(self, milliseconds: int) -> None:
        """Take a frame once the page rests."""
        self.page.wait_for_selector(".fs-gallery[aria-busy=false]")
        self.page.wait_for_load_state("networkidle")
        content = self.page.screenshot(animations="disabled")
        self.frames.append(Image.open(io.BytesIO(content)).convert("RGB"))
        self.durations.append(milliseconds)

    def click(self, target: Locator, milliseconds: int) -> None:
        """Point at something, click it, and show what follows."""
        target.hover(force=True)
        self.show(350)
        target.click(force=True)
        self.page.wait_for_timeout(250)
        self.show(milliseconds)

    def type(self, text: str, step: int) -> None:
        """Type a text, so many letters a frame."""
        for start in range(0, len(text), step):
            self.page.keyboard.type(text[start : start + step])
            self.page.wait_for_timeout(250)  # for the query to follow
            self.show(180)

    def save(self, file: Path) -> None:
        """Write all frames, as small as they must be."""
        for quality in (80, 70, 60, 50, 40):
            self.frames[0].save(
                file,
                save_all=True,
                append_images=self.frames[1:],
                duration=self.durations,
                loop=0,
                quality=quality,
                method=6,
                minimize_size=True,
            )
            if file.stat().st_size <= LARGEST:
                return
        raise SystemExit(f"{file}: is larger than {LARGEST:,} bytes; take fewer frames.")


def play(page: Page, portraits: Bundle) -> Film:
    """In words, more like these, and taught: what README says first."""
    film = Film(page)
    film.show(1200)
    film.click(page.locator(".fs-ask-input"), 300)
    film.type(WORDS, 3)
    page.keyboard.press("Enter")
    film.show(1800)
    boxes = page.locator(".fs-pick input")
    for place in (1, 2, 5):
        film.click(boxes.nth(place), 350)
    film.click(page.get_by_role("button", name="More like these"), 2000)
    film.click(page.get_by_role("button", name="Clear", exact=True), 400)
    film.click(page.locator(".fs-ask-input"), 200)
    film.type("hat and tie", 4)
    page.keyboard.press("Enter")
    film.show(900)
    for place in (0, 1, 2):
        film.click(boxes.nth(place), 300)
    film.click(page.get_by_role("button", name="Teach an attribute"), 700)
    film.type(LOOK, 5)
    page.keyboard.press("Enter")
    page.wait_for_selector(".fs-lesson:not([hidden])")
    film.show(1300)
    for _ in range(4):
        face = page.locator(".fs-lesson-question").text_content()
        assert face is not None
        labels = portraits.face(face.split()[-1]).labels
        answer = "yes" if all(labels[name] for name in SHOWN) else "no"
        film.click(page.locator(f".fs-lesson-{answer}"), 800)
    film.click(page.locator(".fs-lesson-done"), 1500)
    film.click(page.get_by_role("checkbox", name="Smiling", exact=True), 2500)
    return film


def main() -> None:
    """Record the page over the portraits that ship."""
    with shown(PORTRAITS) as (browser, url):
        page = browser.new_page(viewport=SIZE)
        page.goto(url)
        page.wait_for_selector(".fs-gallery > li")
        page.evaluate(POINTER)
        film = play(page, open_bundle(PORTRAITS))
    film.save(FILM)
    print(f"{FILM}: {len(film.frames)} frames, {sum(film.durations) / 1000:.0f} s")


if __name__ == "__main__":
    main()
