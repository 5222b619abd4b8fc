"""A few drawn pictures in CelebA's layout, for tests: nothing of CelebA itself."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from facesearch.attributes import ATTRIBUTES


def picture(seed: int = 0, format: str = "JPEG") -> bytes:
    """A small picture of noise, 22 x 18."""
    pixels = np.random.default_rng(seed).integers(0, 256, (22, 18, 3), np.uint8)
    file = BytesIO()
    Image.fromarray(pixels).save(file, format)
    return file.getvalue()


def values(row: int) -> list[str]:
    """Forty values of 1 and -1, other ones for each row."""
    signs = np.random.default_rng(row).choice([-1, 1], len(ATTRIBUTES))
    return [str(sign) for sign in signs]


def write_celeba(root: Path, rows: int = 6) -> list[str]:
    """The official layout: `rows` images, two of each split in turn; returns their names."""
    names = [f"{row + 1:06d}.jpg" for row in range(rows)]
    images = root / "img_align_celeba"
    images.mkdir(parents=True)
    for row, name in enumerate(names):
        (images / name).write_bytes(picture(row))
    lines = [f"{name} {' '.join(values(row))}" for row, name in enumerate(names)]
    text = "\r\n".join([str(rows), " ".join(ATTRIBUTES) + " ", *lines, ""])
    (root / "list_attr_celeba.txt").write_text(text, newline="")
    lines = [f"{name} {row // 2 % 3}" for row, name in enumerate(names)]
    (root / "list_eval_partition.txt").write_text("\n".join(lines) + "\n")
    return names
