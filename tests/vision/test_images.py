from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facesearch.errors import InputError
from facesearch.vision.images import MAX_PIXELS, find_images, load_image, load_photograph
from facesearch.vision.loading import fit_image

ORIENTATION = 0x0112


def gradient(width: int = 48, height: int = 64) -> Image.Image:
    """Red grows to the right, green downwards: a wrong turn shows."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.linspace(0, 255, width)
    pixels[..., 1] = np.linspace(0, 255, height)[:, None]
    pixels[..., 2] = 128
    return Image.fromarray(pixels)


def difference(a: Image.Image, b: Image.Image) -> float:
    return float(np.abs(np.asarray(a, np.int16) - np.asarray(b, np.int16)).mean())


def test_a_photograph_comes_as_rgb(tmp_path):
    gradient().save(tmp_path / "a.jpg", quality=95)
    image = load_image(tmp_path / "a.jpg")
    assert (image.mode, image.size) == ("RGB", (48, 64))
    assert difference(image, gradient()) < 3


def test_a_path_may_be_text_and_an_image_its_own(tmp_path):
    gradient().save(tmp_path / "a.png")
    assert difference(load_image(str(tmp_path / "a.png")), gradient()) == 0
    assert difference(load_image(gradient()), gradient()) == 0


def test_png_content_under_a_jpg_name_is_read(tmp_path):
    gradient().save(tmp_path / "a.jpg", "PNG")
    assert difference(load_image(tmp_path / "a.jpg"), gradient()) == 0


@pytest.mark.parametrize("mode", ["L", "1", "LA", "I;16"])
def test_a_greyscale_image_comes_as_rgb(tmp_path, mode):
    ramp = Image.linear_gradient("L")
    image = (
        Image.fromarray(np.asarray(ramp).astype(np.uint16) * 257)
        if mode == "I;16"
        else ramp.convert(mode)
    )
    assert image.mode == mode
    image.save(tmp_path / "grey.png")
    loaded = load_image(tmp_path / "grey.png")
    assert loaded.mode == "RGB"
    assert difference(loaded, image.convert("RGB") if mode == "1" else ramp.convert("RGB")) <= 1


def test_what_is_transparent_turns_white(tmp_path):
    image = gradient().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size).point(lambda a: 255 * (a > 127)))
    image.save(tmp_path / "a.png")
    pixels = np.asarray(load_image(tmp_path / "a.png"))
    assert (pixels[0] == 255).all()
    assert (pixels[-1] == np.asarray(gradient())[-1]).all()


def test_a_palette_with_transparency_turns_white_there(tmp_path):
    image = Image.new("P", (4, 2), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((3, 1), 1)
    image.save(tmp_path / "a.png", transparency=0)
    loaded = load_image(tmp_path / "a.png")
    assert loaded.getpixel((0, 0)) == (255, 255, 255)
    assert loaded.getpixel((3, 1)) == (0, 0, 255)


def test_a_cmyk_photograph_comes_as_rgb(tmp_path):
    gradient().convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    image = load_image(tmp_path / "a.jpg")
    assert image.mode == "RGB"
    assert difference(image, gradient()) < 5


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_turned_by_exif_comes_upright(tmp_path, orientation):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = gradient().transpose(undo[orientation]) if orientation > 1 else gradient()
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored.save(tmp_path / "a.jpg", exif=exif, quality=95)
    image = load_image(tmp_path / "a.jpg")
    assert image.size == (48, 64)
    assert difference(image, gradient()) < 4


def test_a_wanted_size_decodes_less_but_never_too_little(tmp_path):
    gradient(1600, 1200).save(tmp_path / "a.jpg", quality=95)
    image = load_image(tmp_path / "a.jpg", size=(150, 200))
    assert image.width < 1600
    assert image.width >= 200
    assert image.height >= 150
    exact = gradient(1600, 1200).resize((200, 150))
    assert difference(Image.fromarray(fit_image(image, 150, 200)), exact) < 3


def test_a_photograph_of_60_megapixels_is_read(tmp_path):
    Image.new("RGB", (10_000, 6_000), (10, 200, 30)).save(tmp_path / "large.jpg")
    image = load_image(tmp_path / "large.jpg", size=(224, 192))
    assert image.width >= 224
    assert difference(image.resize((1, 1)), Image.new("RGB", (1, 1), (10, 200, 30))) < 3


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_an_image_of_too_many_pixels_is_refused(tmp_path):
    side = int(MAX_PIXELS**0.5) + 10
    Image.new("1", (side, side)).save(tmp_path / "bomb.png")
    with pytest.raises(InputError, match=f"{side} x {side} pixels; at most 150 megapixels"):
        load_image(tmp_path / "bomb.png")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none.jpg: no such file"):
        load_image(tmp_path / "none.jpg")


def test_a_folder_is_no_image(tmp_path):
    with pytest.raises(InputError, match="can't be read as an image"):
        load_image(tmp_path)


def test_an_empty_file_is_named(tmp_path):
    (tmp_path / "empty.jpg").touch()
    with pytest.raises(InputError, match=r"empty.jpg: an empty file"):
        load_image(tmp_path / "empty.jpg")


def test_a_file_that_is_no_image_is_named(tmp_path):
    (tmp_path / "page.jpg").write_text("<!DOCTYPE html><html>Quota exceeded</html>")
    with pytest.raises(InputError, match=r"page.jpg: not an image that can be read"):
        load_image(tmp_path / "page.jpg")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF"])
@pytest.mark.parametrize("share", [0.9, 0.5, 0.02])
@pytest.mark.parametrize("size", [None, (1, 1)])
def test_a_truncated_image_is_refused(tmp_path, format, share, size):
    file = BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (200, 150, 3), np.uint8)
    Image.fromarray(noise).save(file, format)
    content = file.getvalue()
    path = tmp_path / "cut.img"
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(InputError, match=r"cut.img: (can't be read as|not) an image"):
        load_image(path, size=size)


def test_a_damaged_avif_is_refused(tmp_path):
    file = BytesIO()
    gradient().save(file, "AVIF")
    content = bytearray(file.getvalue())
    start = content.index(b"mdat") + 4
    content[start:] = b"\xff" * (len(content) - start)
    (tmp_path / "a.avif").write_bytes(content)
    with pytest.raises(InputError, match=r"a.avif: can't be read as an image"):
        load_image(tmp_path / "a.avif")


def test_a_truncated_image_already_opened_is_refused(tmp_path):
    gradient(480, 640).save(tmp_path / "a.jpg")
    content = (tmp_path / "a.jpg").read_bytes()
    opened = Image.open(BytesIO(content[: len(content) // 2]))
    with pytest.raises(InputError, match="the given image: can't be read as an image"):
        load_image(opened)


def test_fitting_covers_and_crops_the_centre():
    wide = Image.new("RGB", (300, 100), "red")
    wide.paste("blue", (100, 0, 200, 100))
    pixels = fit_image(wide, 50, 50)
    assert pixels.shape == (50, 50, 3)
    assert pixels.dtype == np.uint8
    assert (pixels[5:45, 5:45] == [0, 0, 255]).all()


def test_an_image_of_the_wanted_size_is_left_as_it_is():
    assert (fit_image(gradient(), 64, 48) == np.asarray(gradient())).all()


def test_images_are_found_below_a_folder_in_order(tmp_path: Path):
    for name in ("b.JPG", "a.png", "sub/c.webp", ".hidden.jpg", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert find_images(tmp_path) == ["a.png", "b.JPG", "sub/c.webp"]


def test_a_missing_folder_of_images_is_named(tmp_path):
    with pytest.raises(InputError, match="no such folder of images"):
        find_images(tmp_path / "nowhere")


def test_a_photograph_is_read_smaller_where_its_kind_can_be(tmp_path):
    gradient(1600, 1200).save(tmp_path / "a.jpg", quality=95)
    photograph = load_photograph(tmp_path / "a.jpg", 640)
    assert (photograph.width, photograph.height) == (1600, 1200)
    assert photograph.image.size == (800, 600)
    assert photograph.smaller
    assert photograph.scale == 0.5
    whole = load_photograph(tmp_path / "a.jpg")
    assert (whole.image.size, whole.smaller) == ((1600, 1200), False)


def test_a_large_photograph_is_halved_while_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("facesearch.vision.images.HELD_PIXELS", 1000)
    image = gradient(301, 701)
    image.putalpha(Image.new("L", image.size, 255))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    image.save(tmp_path / "a.png", exif=exif)
    photograph = load_photograph(tmp_path / "a.png")
    assert (photograph.width, photograph.height) == (701, 301)
    assert photograph.image.size == (351, 151)
    expected = gradient(301, 701).transpose(Image.Transpose.ROTATE_270).reduce(2)
    assert difference(photograph.image, expected) < 1


def test_what_can_only_be_read_whole_and_takes_too_much_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("facesearch.vision.images.MAX_BYTES", 10_000)
    gradient().save(tmp_path / "a.png")
    with pytest.raises(InputError, match=r"a.png: 48 x 64 pixels .* Save it as JPEG"):
        load_photograph(tmp_path / "a.png")
    assert load_image(tmp_path / "a.png").size == (48, 64)


def test_numbers_keep_their_tones_where_a_photograph_is_halved_strip_by_strip(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("facesearch.vision.images.HELD_PIXELS", 10_000)
    ramp = np.linspace(0, 65535, 1024, dtype=np.float32)[:, None].repeat(16, axis=1)
    Image.fromarray(ramp).save(tmp_path / "a.tif")
    loaded = np.asarray(load_photograph(tmp_path / "a.tif").image)
    assert loaded.shape == (512, 8, 3)
    assert np.abs(loaded[:, 0, 0] - np.linspace(0, 255, 512)).max() <= 1.5


def test_numbers_of_four_bytes_count_as_four(tmp_path, monkeypatch):
    monkeypatch.setattr("facesearch.vision.images.MAX_BYTES", 10_000)
    Image.new("F", (60, 60)).save(tmp_path / "a.tif")
    with pytest.raises(InputError, match="60 x 60 pixels take"):
        load_photograph(tmp_path / "a.tif")


@pytest.mark.parametrize(("mode", "white"), [("F", 1.0), ("F", 65535.0), ("I", 65535)])
def test_numbers_of_another_range_become_a_ramp(tmp_path, mode, white):
    ramp = np.linspace(0, white, 256)[None].repeat(8, axis=0)
    Image.fromarray(ramp.astype(np.float32 if mode == "F" else np.int32)).save(tmp_path / "a.tif")
    loaded = np.asarray(load_image(tmp_path / "a.tif"))
    assert np.abs(loaded[0, :, 0].astype(int) - np.arange(256)).max() <= 1
