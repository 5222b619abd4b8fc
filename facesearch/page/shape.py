"""The shape of tiles: that of the gallery's pictures, which one odd picture does not decide."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.ExifTags import Base

SAMPLE = 48  # pictures that are looked at
NARROWEST, WIDEST = 0.6, 1.4  # width by height: beyond these a face can't be seen in a tile
SIDEWAYS = range(5, 9)  # EXIF's orientations that swap width and height


def tile_aspect(pictures: Sequence[Path]) -> float:
    """Width by height of the pictures, turned upright: their median, within bounds.

    1 where none can be read. Only headers are read.
    """
    step = max(1, len(pictures) // SAMPLE)
    shapes = []
    for picture in pictures[::step][:SAMPLE]:
        try:
            with Image.open(picture) as image:
                width, height = image.size
                if image.getexif().get(Base.Orientation) in SIDEWAYS:
                    width, height = height, width
                shapes.append(width / height)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            continue  # others are there; the page shows the name of one that can't be shown
    return min(max(float(np.median(shapes)), NARROWEST), WIDEST) if shapes else 1.0
