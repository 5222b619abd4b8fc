"""The sheet of pairs: for each attribute, the same person without it and with it.

python -m portraits.sheet docs/portraits.png
"""

import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from facesearch.attributes import CELEBA
from portraits.drawing import draw
from portraits.render import SIZE, render
from portraits.traits import DRAWN, Traits, sample

Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels of 256

WOMAN = frozenset({"No_Beard", "Young"})
MAN = frozenset({"No_Beard", "Young", "Male"})

HEAD: Box = (56, 8, 200, 222)
FACE: Box = (66, 80, 190, 204)
HAIR: Box = (28, 8, 228, 256)
BROW: Box = (76, 78, 180, 112)
EYES: Box = (74, 88, 182, 138)
NOSE: Box = (98, 100, 158, 166)
MOUTH: Box = (96, 142, 160, 186)
BEARD: Box = (62, 124, 194, 214)
ALL: Box = (0, 0, 256, 256)


@dataclass(frozen=True)
class Pair:
    """How to show one attribute: on whom, where it is seen, and what it takes the place of.

    Outside `box` hardly anything may change; inside, pixels change by `contrast` of 255 on average.
    """

    person: int  # the number of a sampled person, whose variations both pictures share
    base: frozenset[str]
    box: Box
    contrast: float = 2.0
    instead_of: frozenset[str] = frozenset()
    fixed: dict[str, float] = field(default_factory=dict)

    def traits(self, name: str) -> tuple[Traits, Traits]:
        """The person without and with the attribute, upright and in the middle."""
        calm = {
            "tilt": 0.5,
            "size": 0.5,
            "place": 0.5,
            "freckles": 0.9,
            "skin": self.person * 0.37 % 1,
        }
        calm |= self.fixed
        person = replace(sample(7, self.person), on=self.base | self.instead_of)
        person = replace(person, **calm)  # type: ignore[arg-type]
        return person, replace(person, on=self.base | {name})


def _pair(
    person: int, base: frozenset[str], box: Box, contrast: float = 2.0, *also: str, **fixed: float
) -> Pair:
    """`also` names what is on in both, or with a minus what the attribute takes the place of."""
    instead = frozenset(name[1:] for name in also if name[0] == "-")
    both = frozenset(name for name in also if name[0] != "-")
    return Pair(person, (base - instead) | both, box, contrast, instead, fixed)


LONG = {"hair_length": 0.35, "hair_style": 0.1}
CROP = {"hair_length": 0.9, "hair_style": 0.6}
PAIRS: dict[str, Pair] = {
    "5_o_Clock_Shadow": _pair(3, MAN, BEARD, 6, "-No_Beard", "Brown_Hair"),
    "Arched_Eyebrows": _pair(4, WOMAN, BROW, 3, "Brown_Hair", "Straight_Hair", **LONG),
    "Bags_Under_Eyes": _pair(5, MAN, (80, 108, 176, 136), 3, "Black_Hair"),
    "Bald": _pair(6, MAN, HEAD, 5, "-Brown_Hair", "-Straight_Hair", **CROP),
    "Bangs": _pair(7, WOMAN, (72, 14, 184, 114), 8, "Black_Hair", "Straight_Hair", **LONG),
    "Big_Lips": _pair(8, WOMAN, MOUTH, 1.5, "Wavy_Hair", "Brown_Hair", **LONG),
    "Big_Nose": _pair(9, MAN, NOSE, 4, "Brown_Hair", "Wavy_Hair", **CROP),
    "Black_Hair": _pair(10, WOMAN, HAIR, 6, "-Brown_Hair", "Straight_Hair", **LONG),
    "Blond_Hair": _pair(11, WOMAN, HAIR, 6, "-Brown_Hair", "Wavy_Hair", **LONG),
    "Blurry": _pair(12, MAN, ALL, 2, "Black_Hair", "Straight_Hair", **CROP),
    "Brown_Hair": _pair(13, WOMAN, HAIR, 6, "-Blond_Hair", "Wavy_Hair", **LONG),
    "Bushy_Eyebrows": _pair(14, MAN, BROW, 4, "Black_Hair", "Straight_Hair", **CROP),
    "Chubby": _pair(15, WOMAN, HAIR, 3, "Brown_Hair", hair_length=0.9, hair_style=0.1),
    "Double_Chin": _pair(16, MAN, (62, 160, 194, 222), 5, "Gray_Hair", "Straight_Hair", **CROP),
    "Eyeglasses": _pair(17, WOMAN, (62, 86, 194, 146), 8, "Black_Hair", "Wavy_Hair", **LONG),
    "Goatee": _pair(18, MAN, (96, 164, 160, 214), 4, "-No_Beard", "Brown_Hair"),
    "Gray_Hair": _pair(19, WOMAN, HAIR, 6, "-Brown_Hair", "Wavy_Hair", **LONG),
    "Heavy_Makeup": _pair(20, WOMAN, EYES, 4, "Brown_Hair", "Straight_Hair", **LONG),
    "High_Cheekbones": _pair(
        21, WOMAN, (66, 106, 190, 176), 2, "Black_Hair", "Straight_Hair", **LONG
    ),
    "Male": _pair(22, WOMAN, ALL, 2, "Brown_Hair", "Wavy_Hair", **CROP),
    "Mouth_Slightly_Open": _pair(23, WOMAN, MOUTH, 4, "Smiling", "Wavy_Hair", **LONG),
    "Mustache": _pair(24, MAN, (86, 140, 170, 184), 5, "-No_Beard", "Black_Hair", beard=0.8),
    "Narrow_Eyes": _pair(25, MAN, EYES, 4, "Brown_Hair", "Straight_Hair", **CROP),
    "No_Beard": _pair(26, frozenset({"Male", "Young"}), HEAD, 5, "Black_Hair"),
    "Oval_Face": _pair(27, WOMAN, HEAD, 1.5, "Black_Hair", head_kind=0.1, **CROP),
    "Pale_Skin": _pair(28, WOMAN, ALL, 5, "Black_Hair", "Wavy_Hair", skin=0.3, **LONG),
    "Pointy_Nose": _pair(29, WOMAN, (96, 100, 160, 190), 2, "Blond_Hair", "Straight_Hair", **LONG),
    "Receding_Hairline": _pair(30, MAN, HEAD, 4, "Brown_Hair", "Straight_Hair", **CROP),
    "Rosy_Cheeks": _pair(31, WOMAN, (70, 120, 186, 168), 2, "Blond_Hair", "Wavy_Hair", **LONG),
    "Sideburns": _pair(
        32, MAN, (62, 86, 194, 162), 2, "-No_Beard", "Brown_Hair", "Wavy_Hair", **CROP
    ),
    "Smiling": _pair(33, MAN, FACE, 2, "Black_Hair"),
    "Straight_Hair": _pair(34, WOMAN, HAIR, 6, "-Wavy_Hair", "Brown_Hair", **LONG),
    "Wavy_Hair": _pair(35, WOMAN, HAIR, 6, "-Straight_Hair", "Black_Hair", **LONG),
    "Wearing_Earrings": _pair(36, WOMAN, (46, 130, 210, 184), 2, "Black_Hair", **CROP),
    "Wearing_Hat": _pair(
        37, MAN, (16, 0, 240, 124), 8, "Brown_Hair", hair_length=0.9, hair_style=0.1
    ),
    "Wearing_Lipstick": _pair(38, WOMAN, MOUTH, 3, "Black_Hair", "Wavy_Hair", **LONG),
    "Wearing_Necklace": _pair(39, WOMAN, (60, 200, 196, 256), 5, "Brown_Hair", clothes=0.5),
    "Wearing_Necktie": _pair(40, MAN, (0, 186, 256, 256), 8, "Black_Hair", clothes=0.6),
    "Young": _pair(41, MAN - {"Young"}, (62, 56, 194, 236), 1.5, "Gray_Hair", "Wavy_Hair", **CROP),
}


def pair_images(name: str, size: int = SIZE) -> tuple[Image.Image, Image.Image]:
    """A person without and with an attribute, as size x size pixels."""
    without, with_it = PAIRS[name].traits(name)
    return render(draw(without), size), render(draw(with_it), size)


def draw_sheet(out: Path, tile: int = 120) -> None:
    """Write the sheet: 39 labelled pairs in groups' order, six a row, after the title."""
    names = [name for group in CELEBA.groups.values() for name in group if name in DRAWN]
    columns, gap, text = 6, 18, 26
    width, height = 2 * tile + 2 + gap, tile + text + 14
    rows = -(-(len(names) + 3) // columns)
    sheet = Image.new("RGB", (columns * width + gap, rows * height + gap), "#faf7f2")
    pen = ImageDraw.Draw(sheet)
    pen.text((gap + 2, gap + 16), "Drawn portraits", "#2b2723", ImageFont.load_default(44))
    pen.text(
        (gap + 4, gap + 78),
        "Thirty-nine attributes: each time the same person,\nwithout it and with it.",
        "#6b625a",
        ImageFont.load_default(18),
        spacing=7,
    )
    for place, name in enumerate(names, start=3):
        left = gap + place % columns * width
        top = gap + place // columns * height
        for i, image in enumerate(pair_images(name, 2 * tile)):
            small = image.resize((tile, tile), Image.Resampling.LANCZOS)
            sheet.paste(small, (left + i * (tile + 2), top))
        font = ImageFont.load_default(15)
        pen.text((left + 1, top + tile + 5), CELEBA.labels[name], "#2b2723", font)
    part = out.with_name(f".{out.name}.part")
    sheet.save(part, "PNG", optimize=True)
    os.replace(part, out)


if __name__ == "__main__":
    draw_sheet(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/portraits.png"))
