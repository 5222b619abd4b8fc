"""From SVG to pixels to WebP."""

import io

import numpy as np
import pyvips
from PIL import Image

SIZE = 256
QUALITY = 82


def render(svg: str, size: int = SIZE) -> Image.Image:
    """Draw a square SVG without transparent parts as an RGB image of size x size pixels."""
    picture = pyvips.Image.svgload_buffer(svg.encode(), scale=size / SIZE)
    pixels = picture.numpy()  # (size, size, 4) uint8
    return Image.fromarray(np.ascontiguousarray(pixels[..., :3]))


def encode(image: Image.Image) -> bytes:
    """WebP bytes, about 5 kB for a portrait of 256 x 256."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=QUALITY, method=4)
    return buffer.getvalue()
