"""One resampling from a picture's own pixels straight to a small upright frame."""

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F


def warp(
    image: Image.Image, a: complex, b: complex, width: int, height: int, *, smooth: bool = True
) -> np.ndarray:
    """The part of an RGB image that a similarity places in a frame: (height, width, 3) uint8.

    Args:
        a, b: take a point x + iy of the frame to a (x + iy) + b in the image.
        smooth: bicubic; else bilinear, which is enough for a detector.

    Beyond the image its edges are repeated. Where the frame shrinks the image, the part is first
    averaged down by a whole number.
    """
    corners = [a * complex(x, y) + b for x in (0, width) for y in (0, height)]
    margin = 4 * max(abs(a), 1)
    left, right = (int(f(c.real for c in corners)) for f in (min, max))
    top, bottom = (int(f(c.imag for c in corners)) for f in (min, max))
    box = (
        min(max(int(left - margin), 0), image.width - 1),
        min(max(int(top - margin), 0), image.height - 1),
        max(min(int(right + margin) + 1, image.width), 1),
        max(min(int(bottom + margin) + 1, image.height), 1),
    )
    box = (box[0], box[1], max(box[2], box[0] + 1), max(box[3], box[1] + 1))
    factor = max(int(abs(a)), 1)
    part = image.reduce(factor, box) if factor > 1 else image.crop(box)
    pixels = torch.from_numpy(np.asarray(part).copy()).permute(2, 0, 1)[None].float()

    y, x = torch.meshgrid(
        torch.arange(height, dtype=torch.float64) + 0.5,
        torch.arange(width, dtype=torch.float64) + 0.5,
        indexing="ij",
    )
    u = (a.real * x - a.imag * y + b.real - box[0]) / factor
    v = (a.imag * x + a.real * y + b.imag - box[1]) / factor
    grid = torch.stack([u / part.width * 2 - 1, v / part.height * 2 - 1], dim=2)[None].float()
    mode = "bicubic" if smooth else "bilinear"
    out = F.grid_sample(pixels, grid, mode=mode, padding_mode="border", align_corners=False)
    return out[0].permute(1, 2, 0).round().clamp(0, 255).byte().numpy()
