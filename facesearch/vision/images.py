"""Reading photographs: any file that Pillow opens becomes upright RGB of the wanted size."""

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from os import PathLike
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.ExifTags import Base

from facesearch.errors import InputError

EXTENSIONS = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif"}
)
HEIC = frozenset({".heic", ".heif"})  # read where pillow-heif is installed
MAX_PIXELS = 150_000_000
HELD_PIXELS = 40_000_000  # of which there are more, a photograph is halved while it is read
MAX_BYTES = 360_000_000  # of a photograph of a kind that can only be read whole
BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}  # a pixel; others take 4
STRIP = 256  # rows

TURNS = {  # EXIF orientation to what makes the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

ImageSource = str | PathLike[str] | Image.Image


@dataclass(frozen=True)
class Photograph:
    """An upright photograph, perhaps read smaller than it is.

    Attributes:
        image: its pixels, RGB.
        width, height: of the whole photograph, upright.
        smaller: whether more of its pixels can be had.
    """

    image: Image.Image
    width: int
    height: int
    smaller: bool = False

    @property
    def scale(self) -> float:
        """Pixels of `image` for each of the whole photograph."""
        return max(self.image.size) / max(self.width, self.height)


def load_image(source: ImageSource, size: tuple[int, int] | None = None) -> Image.Image:
    """Open a path or PIL image as upright RGB; `size` (height, width) allows a cheaper JPEG decode.

    Raises `InputError`, naming the file and the reason, for one that can't be read: missing, empty,
    truncated, not an image, or over `MAX_PIXELS` (a guard against decompression bombs).
    """
    # JPEG decodes straight to 1/2, 1/4 or 1/8 where that is enough
    return _load(source, None if size is None else (2 * max(size), 2 * max(size)), None).image


def load_photograph(source: ImageSource, long_side: int | None = None) -> Photograph:
    """A photograph of `long_side` pixels or a little more, where its kind can be read smaller, or
    whole; one of more than `HELD_PIXELS` is halved. Raises `InputError` as `load_image` does."""
    return _load(source, long_side, HELD_PIXELS)


def _load(source: ImageSource, draft: int | tuple[int, int] | None, held: int | None) -> Photograph:
    name = "the given image" if isinstance(source, Image.Image) else str(source)
    try:
        if isinstance(source, Image.Image):
            return _upright(source, source.size, held)
        if Path(source).suffix.lower() in HEIC:
            _read_heic()
        with Image.open(source) as image:
            size = image.size
            if image.width * image.height > MAX_PIXELS:
                raise InputError(
                    f"{name}: {image.width} x {image.height} pixels; "
                    f"at most {MAX_PIXELS // 1_000_000} megapixels are read. Make it smaller."
                )
            if isinstance(draft, int):
                share = draft / max(size)
                draft = (math.ceil(size[0] * share), math.ceil(size[1] * share))
            if draft is not None:
                image.draft("RGB", draft)
            elif held is not None and image.width * image.height > held:
                image.draft("RGB", (image.width // 2, image.height // 2))
            whole = image.width * image.height * BYTES.get(image.mode, 4)
            if held is not None and whole > MAX_BYTES:
                raise InputError(
                    f"{name}: {image.width} x {image.height} pixels take {whole // 1_000_000} MB, "
                    f"and at most {MAX_BYTES // 1_000_000} are read. Save it as JPEG."
                )
            smaller = draft is not None and image.size != size
            return _upright(image, size, held, smaller=smaller)
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{name}: no such file.") from None
    except Image.UnidentifiedImageError:
        kind = "not an image that can be read" if Path(name).stat().st_size else "an empty file"
        raise InputError(f"{name}: {kind}.") from None
    except Exception as error:  # a damaged file makes decoders raise nearly any kind
        raise InputError(f"{name}: can't be read as an image ({error}).") from None


def _upright(
    image: Image.Image, size: tuple[int, int], held: int | None, *, smaller: bool = False
) -> Photograph:
    turn = image.getexif().get(Base.Orientation, 1)
    image.load()
    white = _white(image)
    if held is not None and image.width * image.height > held:
        image = _halved(image, white)
    else:
        image = _rgb(image, white)
    if turn in TURNS:
        image = image.transpose(TURNS[turn])
    width, height = size if turn not in (5, 6, 7, 8) else size[::-1]
    return Photograph(image, width, height, smaller)


def _strips(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """`STRIP` rows at a time, with the first one's number: what is made of them takes little."""
    for top in range(0, image.height, STRIP):
        yield top, image.crop((0, top, image.width, min(top + STRIP, image.height)))


def _numbers(strip: Image.Image) -> np.ndarray:
    return np.nan_to_num(np.asarray(strip, np.float32))


def _white(image: Image.Image) -> int:
    """The number that is white in an image of numbers, which doesn't say."""
    if image.mode not in ("I", "F"):
        return 255
    brightest = max(_numbers(strip).max() for _, strip in _strips(image))
    return 1 if brightest <= 1 else 255 if brightest <= 255 else 65535


def _rgb(image: Image.Image, white: int) -> Image.Image:
    """8-bit RGB, on white paper where it is transparent; `white` is that of numbers."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        backdrop = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(backdrop, image)
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    elif image.mode in ("I", "F"):  # Pillow would clip at 255
        grey = Image.new("L", image.size)
        for top, strip in _strips(image):
            values = _numbers(strip) / white * 255
            grey.paste(Image.fromarray(values.clip(0, 255).astype(np.uint8)), (0, top))
        image = grey
    return image if image.mode == "RGB" else image.convert("RGB")


def _halved(image: Image.Image, white: int) -> Image.Image:
    """RGB of half the sides, made strip by strip, so that no second copy of the whole is held."""
    half = Image.new("RGB", (math.ceil(image.width / 2), math.ceil(image.height / 2)))
    for top, strip in _strips(image):
        half.paste(_rgb(strip, white).reduce(2), (0, top // 2))
    return half


@cache
def _read_heic() -> None:
    """Have Pillow open HEIC; pillow-heif turns what it reads, and says so in the orientation."""
    with contextlib.suppress(ImportError):
        import pillow_heif

        pillow_heif.register_heif_opener()


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
