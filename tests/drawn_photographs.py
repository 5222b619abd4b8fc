"""Photographs without a real person: the drawn portraits that ship, pasted into a made-up scene."""

from pathlib import Path

import numpy as np
from PIL import Image

PORTRAITS = sorted(
    (Path(__file__).resolve().parents[1] / "weights" / "portraits" / "images").glob("*.webp")
)


def scene(width: int = 480, height: int = 360, seed: int = 0) -> Image.Image:
    """Soft colours and no face."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(60, 200, (4, 5, 3), np.uint8))
    return small.resize((width, height), Image.Resampling.BICUBIC)


def photograph(
    *people: tuple[int, int, int], side: int = 180, size: tuple[int, int] = (480, 360)
) -> Image.Image:
    """A scene with portraits (number, x, y of the left upper corner), `side` pixels large."""
    image = scene(*size, seed=sum(number for number, _, _ in people))
    for number, x, y in people:
        portrait = Image.open(PORTRAITS[number]).convert("RGB").resize((side, side))
        image.paste(portrait, (x, y))
    return image


def holds(box: np.ndarray, x: int, y: int, side: int = 180) -> bool:
    """Whether a box lies where the face of a portrait pasted at (x, y) is."""
    centre = (box[:2] + box[2:]) / 2
    return bool(np.abs(centre - (x + side / 2, y + side / 2)).max() < side * 0.15)
