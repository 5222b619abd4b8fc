"""What cameras, files and alignment do to a picture of a face: to learn from, and to measure by.

Pillow and NumPy, not torchvision.transforms.v2: those draw from one global generator, so that no
run in threads could be repeated.
"""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageFilter

Damage = Callable[[Image.Image, np.random.Generator], Image.Image]
FACE_WIDTH = 178  # of CelebA's pictures, in whose pixels a blur is told

FILTERS = (
    Image.Resampling.BOX,
    Image.Resampling.BILINEAR,
    Image.Resampling.BICUBIC,
    Image.Resampling.LANCZOS,
)
BORDERS = ("black", "edge", "reflect")


def smaller(
    image: Image.Image, share: float, resampling: Image.Resampling = Image.Resampling.BICUBIC
) -> Image.Image:
    """The same picture with `share` of the pixels a side."""
    size = (max(round(image.width * share), 8), max(round(image.height * share), 8))
    return image.resize(size, resampling)


def jpeg(image: Image.Image, quality: int) -> Image.Image:
    """Through a JPEG file of this quality, 1 to 95."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def grey(image: Image.Image) -> Image.Image:
    """Without colour."""
    return image.convert("L").convert("RGB")


def gamma(image: Image.Image, exponent: float) -> Image.Image:
    """Values to this power: darker above 1, brighter below."""
    return image.point((np.linspace(0, 1, 256) ** exponent * 255).round().astype(int).tolist() * 3)


def light(image: Image.Image, warmth: float) -> Image.Image:
    """Red stronger and blue weaker by this share; below 0 the other way round."""
    gains = np.array([1 + warmth, 1, 1 - warmth])[:, None] * np.arange(256)
    return image.point(gains.clip(0, 255).round().astype(int).ravel().tolist())


def blur(image: Image.Image, radius: float) -> Image.Image:
    """A Gaussian of this standard deviation, in pixels of a picture as wide as CelebA's."""
    return image.filter(ImageFilter.GaussianBlur(radius * image.width / FACE_WIDTH))


def noise(image: Image.Image, sigma: float, rng: np.random.Generator) -> Image.Image:
    """Gaussian noise of this standard deviation, of 255, on each value apart."""
    pixels = np.asarray(image, np.float32)
    noisy = pixels + sigma * rng.standard_normal(pixels.shape, np.float32)
    return Image.fromarray(noisy.clip(0, 255).round().astype(np.uint8))


def framed(
    image: Image.Image,
    degrees: float = 0.0,
    scale: float = 1.0,
    shift: tuple[float, float] = (0.0, 0.0),
    border: str = "edge",
) -> Image.Image:
    """Turned to the left and scaled about the centre, then moved by shares of its sides, in a frame
    of the same size; what is beyond the picture is one of `BORDERS`."""
    pad = 0
    if border != "black":
        pad = round(0.3 * image.width)
        around = ((pad, pad), (pad, pad), (0, 0))
        mode = "edge" if border == "edge" else "reflect"
        image = Image.fromarray(np.pad(np.asarray(image), around, mode=mode))  # type: ignore[call-overload]
    width, height = image.width - 2 * pad, image.height - 2 * pad
    turn = np.deg2rad(degrees)
    back = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) / scale
    centre = np.array([width / 2, height / 2])
    start = centre + pad - back @ (centre + np.array(shift) * (width, height))
    rows = np.column_stack([back, start]).ravel().tolist()
    return image.transform((width, height), Image.Transform.AFFINE, rows, Image.Resampling.BILINEAR)


# The benchmark's rows: one damage each, of a strength that ordinary pictures have.
DAMAGES: dict[str, Damage] = {
    "half the size": lambda image, _: smaller(image, 1 / 2),
    "a third of the size": lambda image, _: smaller(image, 1 / 3),
    "JPEG of quality 15": lambda image, _: jpeg(image, 15),
    "grey": lambda image, _: grey(image),
    "dark (gamma 2.2)": lambda image, _: gamma(image, 2.2),
    "bright (gamma 1/1.6)": lambda image, _: gamma(image, 1 / 1.6),
    "warm light": lambda image, _: light(image, 0.2),
    "blur of 2 pixels": lambda image, _: blur(image, 2),
    "noise of sigma 20": lambda image, rng: noise(image, 20, rng),
    "turned by 10 degrees": lambda image, _: framed(image, degrees=10),
    "face at 0.8 of its size": lambda image, _: framed(image, scale=0.8),
}


def damage(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Damaged at random as a picture may be on its way, in the order of that way: how the face was
    framed, lens, light, colour, sensor, size, file. Each is there with its own probability, and
    at strengths on both sides of those in `DAMAGES`."""
    if rng.random() < 0.4:
        degrees, shift = rng.normal(0, 6), rng.uniform(-0.06, 0.06, 2)
        border = BORDERS[rng.integers(len(BORDERS))]
        image = framed(image, degrees, rng.uniform(0.72, 1.1), (shift[0], shift[1]), border)
    if rng.random() < 0.3:
        image = blur(image, rng.uniform(0.4, 2.6))
    if rng.random() < 0.3:
        image = gamma(image, np.exp(rng.uniform(-0.7, 0.95)))
    if rng.random() < 0.25:
        image = light(image, rng.uniform(-0.25, 0.3))
    if rng.random() < 0.2:
        image = grey(image)
    if rng.random() < 0.3:
        image = noise(image, rng.uniform(3, 28), rng)
    if rng.random() < 0.3:
        way = FILTERS[rng.integers(len(FILTERS))]
        image = smaller(image, np.exp(rng.uniform(np.log(0.25), np.log(0.85))), way)
    if rng.random() < 0.3:
        image = jpeg(image, int(rng.integers(8, 60)))
    return image
