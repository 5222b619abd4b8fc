"""YuNet (Wu, Peng and Yu 2023, https://doi.org/10.1007/s11633-023-1423-y), run by onnxruntime.

Its file is fetched once from the Hugging Face Hub, and used only if it is the one that is known.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from facesearch.errors import InputError
from facesearch.vision.candidates import Candidates, suppress_contained

REPOSITORY, FILE = "opencv/face_detection_yunet", "face_detection_yunet_2023mar.onnx"
SHA256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
SIDE, SHARED = 640, 160  # pixels: of the tile that the network reads, and of two beside each other
STRIDES = (8, 16, 32)
LEAST_SCORE = 0.6


class Yunet:
    """The network, ready to look at pictures.

    Args:
        file: an ONNX file that is used as it is; by default the known one, fetched once.

    Raises `InputError` where onnxruntime is not installed, or the file can't be had or is another.
    """

    def __init__(self, file: Path | None = None) -> None:
        try:
            import onnxruntime
        except ModuleNotFoundError:
            raise InputError(
                "The detector yunet needs onnxruntime: install it with pip install onnxruntime, or "
                "use the detector mtcnn."
            ) from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # several photographs are looked at side by side
        self._session: Any = onnxruntime.InferenceSession(
            str(file or _fetch()), options, providers=["CPUExecutionProvider"]
        )
        self._names = [output.name for output in self._session.get_outputs()]

    def detect(self, pixels: np.ndarray, smallest: float = 20.0) -> Candidates:
        """Candidates of `smallest` pixels or more in (H, W, 3) uint8 RGB.

        The picture is read in tiles; faces too large for one are found in a smaller copy.
        """
        found, step = [self._detect_in(pixels, 1)], 1
        while max(pixels.shape[:2]) / step > SIDE / 2:
            step *= 2
            found.append(self._detect_in(_average(pixels, step), step))
        together = Candidates(
            *(np.concatenate(each) for each in zip(*map(_fields, found), strict=True))
        )
        width = together.boxes[:, 2] - together.boxes[:, 0]
        return suppress_contained(together.at(np.flatnonzero(width >= smallest / 2)))

    def _detect_in(self, pixels: np.ndarray, step: int) -> Candidates:
        found = []
        for top in _starts(pixels.shape[0]):
            for left in _starts(pixels.shape[1]):
                tile = np.zeros((SIDE, SIDE, 3), np.float32)
                part = pixels[top : top + SIDE, left : left + SIDE]
                tile[: part.shape[0], : part.shape[1]] = part[:, :, ::-1]  # BGR
                outputs = self._session.run(None, {"input": tile.transpose(2, 0, 1)[None]})
                seen = decode(dict(zip(self._names, outputs, strict=True)), SIDE, SIDE)
                corner = np.array([left, top], np.float32)
                boxes = (seen.boxes + np.tile(corner, 2)) * step
                found.append(Candidates(boxes, seen.scores, (seen.points + corner) * step))
        return Candidates(
            *(np.concatenate(each) for each in zip(*map(_fields, found), strict=True))
        )


def decode(outputs: Mapping[str, np.ndarray], height: int, width: int) -> Candidates:
    """What the network's outputs say: for each cell of 8, 16 and 32 pixels a score of two parts, a
    box and five points, relative to the cell."""
    boxes, scores, points = [], [], []
    for stride in STRIDES:
        rows, columns = height // stride, width // stride
        parts = [outputs[f"{name}_{stride}"][0] for name in ("cls", "obj", "bbox", "kps")]
        score = np.sqrt(parts[0][:, 0].clip(0, 1) * parts[1][:, 0].clip(0, 1))
        good = np.flatnonzero(score >= LEAST_SCORE)
        y, x = np.divmod(np.arange(rows * columns)[good], columns)
        cell = np.stack([x, y], axis=1).astype(np.float32)
        centre = (cell + parts[2][good, :2]) * stride
        half = np.exp(parts[2][good, 2:]) * stride / 2
        boxes.append(np.concatenate([centre - half, centre + half], axis=1))
        scores.append(score[good])
        points.append((parts[3][good].reshape(-1, 5, 2) + cell[:, None]) * stride)
    return Candidates(*(np.concatenate(each) for each in (boxes, scores, points)))


def _average(pixels: np.ndarray, step: int) -> np.ndarray:
    """Every `step` pixels as one; what is left over at the edges is dropped."""
    height, width = (max(side // step, 1) for side in pixels.shape[:2])
    whole = pixels[: height * step, : width * step]
    return whole.reshape(height, step, width, step, 3).mean(axis=(1, 3))


def _starts(side: int) -> Iterator[int]:
    """Where tiles start, so that each face lies whole in one."""
    yield from range(0, max(side - SHARED, 1), SIDE - SHARED)


def _fields(found: Candidates) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return found.boxes, found.scores, found.points


def _fetch() -> Path:
    from huggingface_hub import hf_hub_download

    try:
        file = Path(hf_hub_download(REPOSITORY, FILE))
    except Exception as error:  # each way of failing raises its own kind
        raise InputError(
            f"The detector yunet can't be fetched from {REPOSITORY} on the Hugging Face Hub "
            f"({type(error).__name__}). Connect to the internet once, or use the detector mtcnn."
        ) from None
    check(file)
    return file


def check(file: Path) -> None:
    """`InputError` unless a file is the known one."""
    if hashlib.sha256(file.read_bytes()).hexdigest() != SHA256:
        raise InputError(
            f"{file}: not the YuNet that is known here, whose SHA-256 starts with {SHA256[:8]}. "
            "Delete it and try again, or use the detector mtcnn."
        )
