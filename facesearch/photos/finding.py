"""Every face of one photograph: found, looked at again, measured and cut out."""

from collections import Counter
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from facesearch.errors import InputError
from facesearch.photos.alignment import FRAME, Similarity, frame_to_picture, move
from facesearch.photos.measures import (
    EYES,
    STORED_EYES,
    Measures,
    share_inside,
    sharpness,
    why_hidden,
    why_not_stored,
    yaw,
)
from facesearch.vision.candidates import DETECTORS, Candidates, Detector, suppress_contained
from facesearch.vision.images import ImageSource, Photograph, load_photograph

if TYPE_CHECKING:
    from facesearch.vision.mtcnn import Mtcnn

DETAILS = (1280, 640)  # pixels of the long side in which faces are looked for
TURNED_DETAIL = 640  # likewise, of a photograph that may lie on its side
LOOK_CENTRE, LOOK_SIDE = (88.5, 123.5), 92.0  # of the window of the second look, in the frame
LOOKS = 2
THUMBNAIL = 2  # times the frame, at most
LARGE_DETAIL, GREY = 320, 127  # of the pass for faces that fill the picture, and its border


@dataclass(frozen=True)
class Sighting:
    """A face in a photograph.

    Attributes:
        box: (4,) float32, x1, y1, x2, y2 in the whole photograph's upright pixels.
        points: (5, 2) float32, likewise: eyes, nose, corners of the mouth.
        measures: how well it can be seen.
    """

    box: np.ndarray
    points: np.ndarray
    measures: Measures

    @property
    def shown(self) -> bool:
        """Whether it is shown by default."""
        return why_hidden(self.measures) is None


class Finder:
    """Finds the faces of photographs.

    Args:
        detector: "mtcnn", which comes along, or "yunet", which is fetched once.
        detail: pixels of the long side in which faces are looked for; 640 takes two thirds of the
            time and finds faces from twice the size.
        least_eyes: pixels between the eyes below which a face is left out.
    """

    def __init__(
        self, detector: str = "mtcnn", detail: int = DETAILS[0], least_eyes: float = STORED_EYES
    ) -> None:
        if detail not in DETAILS:
            raise InputError(f"detail is {detail!r}: give {' or '.join(map(str, DETAILS))}.")
        if detector not in DETECTORS:
            raise InputError(f"{detector!r} is not a detector: choose {' or '.join(DETECTORS)}.")
        self.detector, self.detail, self.least_eyes = detector, detail, least_eyes

    @property
    def name(self) -> str:
        """What finds the faces, with all that decides which are found."""
        return f"{DETECTORS[self.detector]}, {LOOKS} more looks, detail {self.detail}"

    @cached_property
    def _detector(self) -> Detector:
        from facesearch.vision.detectors import load_detector  # torch

        return load_detector(self.detector)

    @cached_property
    def _mtcnn(self) -> "Mtcnn":
        from facesearch.vision.detectors import load_mtcnn  # torch

        return load_mtcnn()

    def side_by_side(self) -> AbstractContextManager[None]:
        """Meanwhile several photographs are looked at in threads, each on one core."""
        from facesearch.vision.detectors import single_threaded  # torch

        return single_threaded()

    def find(self, source: ImageSource) -> "Seen":
        """The faces of one photograph, left to right; `InputError` if it can't be read."""
        small = load_photograph(source, self.detail)
        points = self._candidates(small.image, self.detail)
        seen = self._look(source, small, points)
        if not any(face.shown for face in seen.faces):
            turned = self._turned(small.image)
            if len(turned):
                other = self._look(source, small, turned)
                if any(face.shown for face in other.faces):
                    return other
        return seen

    def _candidates(self, image: Image.Image, detail: int) -> np.ndarray:
        """(N, 5, 2) points of what may be faces, in the image's pixels."""
        pixels, scale = _shrink(image, detail)
        found = [self._detector.detect(pixels).points / scale]
        # Faces that fill the picture are found better where something is around them.
        pixels, scale = _shrink(image, LARGE_DETAIL)
        border = max(pixels.shape) // 2
        pixels = np.pad(pixels, ((border, border), (border, border), (0, 0)), constant_values=GREY)
        large = self._detector.detect(pixels, smallest=LARGE_DETAIL / 4)
        return np.concatenate([*found, (large.points - border) / scale])

    def _turned(self, image: Image.Image) -> np.ndarray:
        """Points of candidates in a picture that lies on its side or upside down."""
        pixels, scale = _shrink(image, TURNED_DETAIL)
        height, width = pixels.shape[:2]
        found = []
        for quarters in (1, 2, 3):
            turned = np.ascontiguousarray(np.rot90(pixels, quarters))
            x, y = np.moveaxis(self._detector.detect(turned).points, -1, 0)
            back = {1: (width - y, x), 2: (width - x, height - y), 3: (y, height - x)}
            found.append(np.stack(back[quarters], axis=-1) / scale)
        return np.concatenate(found)

    def _look(self, source: ImageSource, small: Photograph, points: np.ndarray) -> "Seen":
        """Look again at each candidate, from the photograph's own pixels where these tell more."""
        frames = [frame_to_picture(each) for each in points]
        used = small
        if small.smaller and any(abs(a) < THUMBNAIL for a, _ in frames):
            used = load_photograph(source)
            points = points * (used.scale / small.scale)
        logits = np.zeros((LOOKS, len(points)), np.float32)
        boxes = np.zeros((len(points), 4), np.float32)
        for turn in range(LOOKS):
            logits[turn], boxes, points = self._look_once(used.image, points)
        scores = 1 / (1 + np.exp(-logits.mean(axis=0)))
        found = suppress_contained(Candidates(boxes, scores, points))
        faces, left_out = [], Counter[str]()
        for box, score, each in zip(found.boxes, found.scores, found.points, strict=True):
            face = _measured(used, box, float(score), each)
            reason = why_not_stored(face.measures, self.least_eyes)
            if reason is None:
                faces.append(face)
            else:
                left_out[reason] += 1
        faces.sort(key=lambda face: (float(face.box[0]), float(face.box[1])))
        return Seen(used, faces, left_out)

    def _look_once(
        self, image: Image.Image, points: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(N,) logits, (N, 4) boxes and (N, 5, 2) points out of the roughly aligned windows."""
        from facesearch.vision.mtcnn import SIDES
        from facesearch.vision.warp import warp

        side = SIDES[-1]
        step = LOOK_SIDE / side
        corner = complex(*LOOK_CENTRE) - complex(LOOK_SIDE, LOOK_SIDE) / 2
        windows = [(a * step, a * corner + b) for a, b in map(frame_to_picture, points)]
        cells = [warp(image, *window, side, side, smooth=False) for window in windows]
        if not cells:
            return np.zeros(0), np.zeros((0, 4), np.float32), points
        logits, boxes, looked = self._mtcnn.look(np.stack(cells))
        return (
            logits,
            np.stack([_hull(b * side, w) for b, w in zip(boxes, windows, strict=True)]),
            np.stack([move(p * side, w) for p, w in zip(looked, windows, strict=True)]),
        )


@dataclass(frozen=True)
class Seen:
    """What was found in a photograph.

    Attributes:
        photograph: as far as it was read.
        faces: left to right.
        left_out: how many candidates were not kept, by reason.
    """

    photograph: Photograph
    faces: list[Sighting]
    left_out: Counter[str]

    def cut(self, face: Sighting, height: int, width: int) -> np.ndarray:
        """A face aligned as CelebA's are, then scaled and cropped as an encoder scales and crops
        CelebA's: (height, width, 3) uint8, resampled once."""
        step = min(FRAME[0] / width, FRAME[1] / height)
        corner = complex(FRAME[0] - width * step, FRAME[1] - height * step) / 2
        a, b = frame_to_picture(face.points * self.photograph.scale)
        return _warp(self.photograph.image, (a * step, a * corner + b), width, height)

    def thumbnail(self, face: Sighting) -> Image.Image:
        """The aligned face, at most 356 x 436 pixels and never enlarged."""
        a, _ = frame_to_picture(face.points * self.photograph.scale)
        scale = min(abs(a), THUMBNAIL)
        width, height = (max(round(side * scale), 1) for side in FRAME)
        return Image.fromarray(self.cut(face, height, width))


def _measured(
    photograph: Photograph, box: np.ndarray, score: float, points: np.ndarray
) -> Sighting:
    """A face out of what was read of a photograph, in the whole photograph's pixels."""
    frame = frame_to_picture(points)
    pixels = _warp(photograph.image, frame, *FRAME)
    scale = photograph.scale
    measures = Measures(
        score=score,
        eye_distance=EYES * abs(frame[0]) / scale,
        inside=share_inside(frame, *photograph.image.size),
        sharpness=sharpness(pixels),
        yaw=yaw(points),
    )
    return Sighting((box / scale).astype(np.float32), (points / scale).astype(np.float32), measures)


def _warp(image: Image.Image, frame: Similarity, width: int, height: int) -> np.ndarray:
    from facesearch.vision.warp import warp  # torch

    return warp(image, *frame, width, height)


def _hull(box: np.ndarray, window: Similarity) -> np.ndarray:
    """The upright box around the oval that fills a box of a window, in the picture's pixels."""
    (x, y), (width, height) = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2
    a, _ = window
    centre = move(np.array([x, y]), window)
    half = np.hypot(a.real * np.array([width, height]), a.imag * np.array([height, width]))
    return np.concatenate([centre - half, centre + half]).astype(np.float32)


def _shrink(image: Image.Image, long_side: int) -> tuple[np.ndarray, float]:
    """(H, W, 3) uint8 of at most this long side, and its scale; never enlarged."""
    scale = min(long_side / max(image.size), 1.0)
    if scale < 1:
        size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
        image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.array(image), scale
