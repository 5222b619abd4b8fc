"""Take README's picture of own photographs, walls of drawn portraits: docs/photographs.py"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from showing import PORTRAITS, ROOT, shown

SIZE = (1600, 1067)


def wall(rng: np.random.Generator, people: int) -> Image.Image:
    """A photograph of a wall on which portraits hang, a little askew."""
    light = (
        np.linspace(1.05, 0.75, SIZE[0])[None, :, None]
        * np.linspace(1, 0.85, SIZE[1])[:, None, None]
    )
    colour = rng.integers(120, 220, 3)
    image = Image.fromarray((light * colour).clip(0, 255).astype(np.uint8))
    files = sorted((PORTRAITS / "images").glob("*.webp"))
    place = SIZE[0] // people
    for number in range(people):
        portrait = Image.open(files[rng.integers(len(files))]).convert("RGB")
        side = int(rng.uniform(0.55, 0.8) * min(place, SIZE[1]))
        framed = ImageOps.expand(portrait.resize((side, side)), side // 14, (246, 241, 230))
        framed = ImageOps.expand(framed, side // 24, (70, 48, 34)).convert("RGBA")
        hung = framed.rotate(rng.uniform(-6, 6), Image.Resampling.BICUBIC, expand=True)
        left = number * place + (place - hung.width) // 2
        image.paste(hung, (left, int(rng.uniform(0.2, 0.8) * (SIZE[1] - hung.height))), hung)
    return image


def main() -> None:
    """Make the photographs, index them, open the page over them, and a face on it."""
    with tempfile.TemporaryDirectory() as name:
        photos, out = Path(name) / "walls", Path(name) / "faces"
        photos.mkdir()
        rng = np.random.default_rng(5)
        for number in range(24):
            wall(rng, 1 + number % 4).save(photos / f"wall {number + 1}.jpg", quality=92)
        index = ["index", photos, "--out", out, "--bundle", PORTRAITS]
        subprocess.run([sys.executable, "-m", "facesearch", *index], cwd=ROOT, check=True)
        with shown(out, "--images", photos) as (browser, url):
            page = browser.new_page(
                viewport={"width": 1280, "height": 860}, device_scale_factor=1.5
            )
            page.goto(f"{url}?wanted=Eyeglasses")
            page.locator(".fs-open").nth(1).click()
            page.wait_for_selector(".fs-photo-face")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=ROOT / "docs" / "page-photographs.png")


if __name__ == "__main__":
    main()
