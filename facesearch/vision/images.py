"""Reading photographs: any file that Pillow opens becomes upright RGB of the wanted size."""

from os import PathLike
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from PIL.ExifTags import Base

from facesearch.errors import InputError

EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif"})
MAX_PIXELS = 150_000_000

ImageSource = str | PathLike[str] | Image.Image


def load_image(source: ImageSource, size: tuple[int, int] | None = None) -> Image.Image:
    """Open a path or PIL image as upright RGB; `size` (height, width) allows a cheaper JPEG decode.

    Raises `InputError`, naming the file and the reason, for one that can't be read: missing, empty,
    truncated, not an image, or over `MAX_PIXELS` (a guard against decompression bombs).
    """
    name = "the given image" if isinstance(source, Image.Image) else str(source)
    try:
        if isinstance(source, Image.Image):
            return _upright_rgb(source)
        with Image.open(source) as image:
            if image.width * image.height > MAX_PIXELS:
                raise InputError(
                    f"{name}: {image.width} x {image.height} pixels; "
                    f"at most {MAX_PIXELS // 1_000_000} megapixels are read. Make it smaller."
                )
            if size is not None:  # JPEG decodes straight to 1/2, 1/4 or 1/8 where that is enough
                image.draft("RGB", (2 * max(size), 2 * max(size)))
            return _upright_rgb(image)
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{name}: no such file.") from None
    except Image.UnidentifiedImageError:
        kind = "not an image that can be read" if Path(name).stat().st_size else "an empty file"
        raise InputError(f"{name}: {kind}.") from None
    except Exception as error:  # a damaged file makes decoders raise nearly any kind
        raise InputError(f"{name}: can't be read as an image ({error}).") from None


def _upright_rgb(image: Image.Image) -> Image.Image:
    if image.getexif().get(Base.Orientation, 1) != 1:
        image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        backdrop = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(backdrop, image)
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    image.load()
    return image if image.mode == "RGB" else image.convert("RGB")


def find_images(folder: str | PathLike[str]) -> list[str]:
    """Names of the image files in a folder and below, relative to it, sorted."""
    root = Path(folder)
    if not root.is_dir():
        raise InputError(f"{root}: no such folder of images.")
    return sorted(
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.suffix.lower() in EXTENSIONS and not path.name.startswith(".")
    )
