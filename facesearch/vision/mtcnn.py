"""MTCNN: faces and their five points in a picture of any size, by three small networks.

After Zhang et al. 2016 (https://arxiv.org/abs/1604.02878), on the weights of weights/mtcnn.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.ops import nms

from facesearch.errors import InputError
from facesearch.tensors import check_tensors, read_tensors
from facesearch.vision.candidates import Candidates, suppress_contained

ROOM = Path(__file__).resolve().parent
BESIDE, WITHIN = (  # the package in a checkout, and as pip installs it
    folder / "weights" / "mtcnn" / "weights.safetensors"
    for folder in (ROOM.parents[1], ROOM.parent)
)
WEIGHTS = BESIDE if BESIDE.is_file() else WITHIN
CELL, STRIDE = 12, 2  # pixels: the window of the first network, and its step
SIDES = (24, 48)  # pixels: the windows of the second and the third
STEP = 0.709  # from one size of the picture to the next: half the area
# The second look settles what is a face, so the last network lets more through than the usual 0.7.
THRESHOLDS = (0.6, 0.7, 0.3)
BATCH = 512  # windows at a time, so that a crowd takes no more memory than a few faces


class Networks(nn.Module):
    """Each ends in a logit (face or not) and the four shifts of the box's sides; the last one also
    in five points. Shifts and points are shares of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.proposal = nn.Sequential(
            nn.Conv2d(3, 10, 3),
            nn.PReLU(10),
            nn.MaxPool2d(2, 2, ceil_mode=True),
            nn.Conv2d(10, 16, 3),
            nn.PReLU(16),
            nn.Conv2d(16, 32, 3),
            nn.PReLU(32),
            nn.Conv2d(32, 5, 1),
        )
        self.refinement = nn.Sequential(
            nn.Conv2d(3, 28, 3),
            nn.PReLU(28),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            nn.Conv2d(28, 48, 3),
            nn.PReLU(48),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(48, 64, 2),
            nn.PReLU(64),
            nn.Flatten(),
            nn.Linear(576, 128),
            nn.PReLU(128),
            nn.Linear(128, 5),
        )
        self.output = nn.Sequential(
            nn.Conv2d(3, 32, 3),
            nn.PReLU(32),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            nn.Conv2d(32, 64, 3),
            nn.PReLU(64),
            nn.MaxPool2d(3, 2),
            nn.Conv2d(64, 64, 3),
            nn.PReLU(64),
            nn.MaxPool2d(2, 2, ceil_mode=True),
            nn.Conv2d(64, 128, 2),
            nn.PReLU(128),
            nn.Flatten(),
            nn.Linear(1152, 256),
            nn.PReLU(256),
            nn.Linear(256, 15),
        )


class Mtcnn:
    """The networks with their weights, ready to look at pictures.

    Args:
        weights: the file that weights/mtcnn/convert.py makes.
    """

    def __init__(self, weights: Path = WEIGHTS) -> None:
        if not weights.is_file():
            raise InputError(
                f"{weights}: the detector's weights are not here. They come with facesearch: "
                "install it again, or fetch the whole checkout."
            )
        self.networks = Networks().eval()
        tensors = read_tensors(weights)
        expected = self.networks.state_dict()
        check_tensors(weights, tensors, {n: tuple(t.shape) for n, t in expected.items()})
        self.networks.load_state_dict({n: torch.from_numpy(t) for n, t in tensors.items()})
        self.networks.to(memory_format=torch.channels_last)  # half the time, most of it in pooling

    @torch.inference_mode()
    def detect(self, pixels: np.ndarray, smallest: float = 20.0) -> Candidates:
        """Candidates of `smallest` pixels or more in (H, W, 3) uint8 RGB."""
        sizes = Pyramid(pixels)
        boxes = self._propose(sizes, smallest)
        boxes, scores, _ = _refine(self.networks.refinement, sizes, boxes, SIDES[0], THRESHOLDS[1])
        boxes = boxes[nms(boxes, scores, 0.7)]
        found = _refine(self.networks.output, sizes, boxes, SIDES[1], THRESHOLDS[2])
        return suppress_contained(Candidates(*(tensor.numpy() for tensor in found)))

    @torch.inference_mode()
    def look(self, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What the last network sees in (N, 48, 48, 3) uint8 RGB windows and their mirror images.

        Returns the mean of both: (N,) logits, (N, 4) boxes and (N, 5, 2) points, as shares of a
        window.
        """
        windows = _normalise(torch.from_numpy(cells).permute(0, 3, 1, 2))
        outputs = [
            (self.networks.output(part), self.networks.output(part.flip(3)))
            for part in windows.split(BATCH)
        ]
        seen, mirrored = (torch.cat(parts).numpy() for parts in zip(*outputs, strict=True))
        boxes = np.stack([seen[:, 1:5], -mirrored[:, [3, 2, 1, 4]]])
        boxes[1][:, [1, 3]] *= -1
        points = np.stack([seen[:, 5:], mirrored[:, 5:]]).reshape(2, -1, 5, 2)
        points[1, :, :, 0] = 1 - points[1, :, :, 0]
        points[1] = points[1][:, [1, 0, 2, 4, 3]]  # left and right change places
        corners = np.array([0, 0, 1, 1], np.float32)
        return (
            (seen[:, 0] + mirrored[:, 0]) / 2,
            corners + boxes.mean(axis=0),
            points.mean(axis=0),
        )

    def _propose(self, sizes: "Pyramid", smallest: float) -> Tensor:
        """(N, 4) boxes that the first network takes for faces, at every size of the picture."""
        boxes, scores = [torch.empty(0, 4)], [torch.empty(0)]
        for scale in sizes.scales(smallest):
            output = self.networks.proposal(sizes.at(scale))[0]  # (5, h, w)
            y, x = torch.nonzero(output[0] > _logit(THRESHOLDS[0]), as_tuple=True)
            logits, *shifts = output[:, y, x]
            corners = torch.stack([x, y], dim=1).float() * STRIDE
            found = torch.cat([corners, corners + CELL], dim=1) + torch.stack(shifts, 1) * CELL
            keep = nms(found, logits, 0.5)
            boxes.append(found[keep] / scale)
            scores.append(logits[keep])
        together = torch.cat(boxes)
        return together[nms(together, torch.cat(scores), 0.7)]


class Pyramid:
    """A picture at several sizes, each made when first asked for."""

    def __init__(self, pixels: np.ndarray) -> None:
        self.image = torch.from_numpy(pixels).permute(2, 0, 1)[None]
        self.height, self.width = pixels.shape[:2]
        self.made: dict[float, Tensor] = {}

    def scales(self, smallest: float) -> list[float]:
        """The scales at which a face of `smallest` pixels or more fills the first window."""
        scale, found = min(CELL / smallest, 1.0), []
        while min(self.height, self.width) * scale >= CELL:
            found.append(scale)
            scale *= STEP
        return found

    def at(self, scale: float) -> Tensor:
        """(1, 3, h, w) float32, normalised."""
        if scale not in self.made:
            size = [max(round(side * scale), CELL) for side in (self.height, self.width)]
            image = self.image
            if scale != 1:
                image = F.interpolate(image, size, mode="bilinear", antialias=True)
            self.made[scale] = _normalise(image)
        return self.made[scale]

    def cut(self, squares: Tensor, side: int) -> Tensor:
        """(N, 4) squares as (N, 3, side, side), each from the size just above; grey beyond."""
        cells = torch.empty(len(squares), side, side, 3).permute(0, 3, 1, 2)  # channels last
        wanted = side / (squares[:, 2] - squares[:, 0])
        scales = torch.tensor(sorted({*self.made, 1.0}), dtype=torch.float64)
        level = torch.searchsorted(scales, wanted.double()).clamp(max=len(scales) - 1)
        steps = (torch.arange(side) + 0.5) / side
        for number in level.unique():
            rows = torch.nonzero(level == number)[:, 0]
            here = squares[rows, :2, None]  # (n, 2, 1)
            place = here + steps * (squares[rows, 2:, None] - here)  # (n, 2, side)
            place = place / torch.tensor([self.width, self.height])[:, None] * 2 - 1
            x = place[:, 0, None, :].expand(-1, side, -1)
            y = place[:, 1, :, None].expand(-1, -1, side)
            grid = torch.stack([x, y], dim=3).reshape(1, -1, side, 2)
            cut = F.grid_sample(self.at(float(scales[number])), grid, align_corners=False)
            cells[rows] = cut.reshape(3, len(rows), side, side).transpose(0, 1)
        return cells


def _refine(
    network: nn.Module, sizes: Pyramid, boxes: Tensor, side: int, threshold: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Boxes whose squares a network takes for faces, as it shifts them, with scores and points."""
    squares = _square(boxes)
    outputs = torch.cat([network(sizes.cut(part, side)) for part in squares.split(BATCH)])
    good = outputs[:, 0] > _logit(threshold)
    squares, outputs = squares[good], outputs[good]
    corner, span = squares[:, :2], squares[:, 2:] - squares[:, :2]
    found = squares + outputs[:, 1:5] * span.repeat(1, 2)
    shares = outputs[:, 5:].unflatten(1, ((outputs.shape[1] - 5) // 2, 2))
    return found, torch.sigmoid(outputs[:, 0]), shares * span[:, None] + corner[:, None]


def _normalise(images: Tensor) -> Tensor:
    return (images.float() - 127.5) / 128


def _square(boxes: Tensor) -> Tensor:
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    half = (boxes[:, 2:] - boxes[:, :2]).amax(dim=1, keepdim=True) / 2
    return torch.cat([centre - half, centre + half], dim=1)


def _logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))
