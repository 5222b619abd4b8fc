"""Where everything is: one person's measures, which all the drawing modules share."""

from dataclasses import dataclass

from portraits.canvas import Point, mirrored, smooth
from portraits.colour import Hair, Skin, beard_of, hair_of, skin_of
from portraits.traits import Traits

MIDDLE = 128.0

# Half widths at temple, cheekbone, cheek, jaw and chin, and how much lower the chin is.
OVAL = (49.0, 49.0, 45.0, 36.0, 15.0, 9.0)
ROUND = (52.0, 57.5, 59.5, 53.5, 28.0, 1.0)
OTHERS = (
    (51.0, 53.0, 52.0, 47.0, 27.0, -4.0),  # square
    (56.0, 54.5, 48.0, 34.0, 9.0, -2.0),  # heart
    (47.5, 56.5, 50.5, 37.0, 12.0, -2.0),  # diamond
    (50.5, 55.5, 53.0, 43.0, 20.0, -5.0),  # broad
)


@dataclass(frozen=True)
class Face:
    """Measures in the picture's units; x grows to the right, y down; `side` is the lit side."""

    traits: Traits
    skin: Skin
    hair: Hair
    beard: Hair  # brows too
    side: int  # -1: light from the left, 1: from the right
    x: float  # the middle of the features, off the head's middle where the head is turned
    turn: float
    top: float
    temple: float
    cheekbone: float
    cheek: float
    jaw: float
    chin_width: float
    chin: float
    jaw_y: float
    eye_y: float
    eye_dx: float
    brow_y: float
    nose_y: float
    mouth_y: float
    neck: float
    shoulder: float

    @property
    def outline(self) -> str:
        """The head without ears and hair."""
        return smooth(mirrored(self.half()))

    def half(self, grow: float = 0) -> list[Point]:
        """The head's right half, crown to chin, as offsets from the middle."""
        g = grow
        return [
            (0, self.top - g),
            (self.temple * 0.46 + g * 0.5, self.top + 4.5 - g),
            (self.temple * 0.83 + g, self.top + 22 - g * 0.5),
            (self.temple + g, 99),
            (self.cheekbone + g, 127),
            (self.cheek + g, 150),
            (self.jaw + g, self.jaw_y + g * 0.3),
            (self.chin_width + (self.jaw - self.chin_width) * 0.42 + g, self.chin - 10 + g),
            (self.chin_width * 0.62, self.chin - 1.5 + g),
            (0, self.chin + g),
        ]


def measure(traits: Traits) -> Face:
    """All measures of a person."""
    male = traits.has("Male")
    if traits.has("Chubby"):
        shape = ROUND
    elif traits.has("Oval_Face"):
        shape = OVAL
    else:
        shape = OTHERS[int(traits.head_kind * len(OTHERS))]
    temple, cheekbone, cheek, jaw, chin_width, drop = shape
    wide = 1 + (traits.head_width - 0.5) * 0.05
    if male:
        cheek, jaw, chin_width = cheek + 1, jaw + 3.5, chin_width + 7
    chin = 193 + drop + (traits.head_length - 0.5) * 4 + (2 if male else -1)
    turn = (traits.turn - 0.5) * 2
    nose_y = 150 + (traits.nose_length - 0.5) * 4 + (3.5 if traits.has("Pointy_Nose") else 0)
    neck = 35 if male else 23.5
    if traits.has("Chubby"):
        neck += 5
    return Face(
        traits=traits,
        skin=skin_of(traits),
        hair=hair_of(traits),
        beard=beard_of(traits),
        side=-1 if traits.light < 0.5 else 1,
        x=MIDDLE + turn * 4.5,
        turn=turn,
        top=46,
        temple=temple * wide,
        cheekbone=cheekbone * wide,
        cheek=cheek * wide,
        jaw=jaw * wide,
        chin_width=chin_width,
        chin=chin,
        jaw_y=170 + drop * 0.4 + (1 if male else 0),
        eye_y=121,
        eye_dx=23.6 + (traits.eye_gap - 0.5) * 3,
        brow_y=104.5 - (traits.brow_height - 0.5) * 4 + (2.2 if male else -1.2),
        nose_y=nose_y,
        mouth_y=nose_y + (chin - nose_y) * (0.40 + (traits.mouth_height - 0.5) * 0.05),
        neck=neck,
        shoulder=122 if male else 98,
    )
