"""Faces found in photographs: CelebA's frames pasted into scenes, and photographs counted by eye.

Needs a folder with `people/`, `faces.json` (name to boxes) and `scenes/`, and CelebA. Where
facenet-pytorch is installed (`pip install --no-deps facenet-pytorch`), its MTCNN looks at the same.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facesearch.bundle import open_bundle
from facesearch.photos.alignment import FRAME, TEMPLATE, Similarity, frame_to_picture, move
from facesearch.photos.finding import DETAILS, Finder, Seen, Sighting
from facesearch.photos.measures import Measures
from facesearch.vision.images import load_photograph
from train.data.celeba import add_data_argument, open_dataset
from train.measuring.benchmark import average_precision

Look = Callable[[Path | Image.Image], Seen]

SCENE = (1280, 960)
WITH_FACES = {"clowns_colorful.jpg"}  # three people are in it, so it is no scene without a face
PEER_SCORE = 0.98  # from which a face of a peer counts: the lowest without false ones
LEAST_POSITIVES = 10  # images with an attribute, for its average precision to count


def main() -> None:
    """Paste, find, embed, and print what was found beside what was there."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_data_argument(parser)
    parser.add_argument(
        "--photos",
        type=Path,
        default=os.environ.get("FACESEARCH_PHOTOS"),
        help="folder with people/, faces.json and scenes/ (default: where the variable "
        "FACESEARCH_PHOTOS points)",
    )
    parser.add_argument("--bundle", default="weights/celeba", help="bundle whose encoder is used")
    parser.add_argument("--faces", type=int, default=500, help="CelebA frames to paste")
    parser.add_argument("--turn", type=float, default=30.0, help="most degrees, either way")
    parser.add_argument("--detail", type=int, choices=DETAILS, default=DETAILS[0])
    parser.add_argument("--detector", default="mtcnn", help="mtcnn or yunet")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    if options.photos is None:
        parser.error("give --photos, or set FACESEARCH_PHOTOS")
    torch.set_num_threads(1)
    finder = Finder(options.detector, options.detail)
    looks = {"": finder.find} | peers(options.detail)
    figures = {
        f"{name}{figure}": value
        for name, look in looks.items()
        for figure, value in (pasted(look, options) | counted(look, options.photos)).items()
    }
    for name, value in figures.items():
        print(f"{name:44}{value:10.4g}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def peers(detail: int) -> dict[str, Look]:
    """What else is here to look for faces, at the same size."""
    try:
        from facenet_pytorch import MTCNN
    except ImportError:
        return {}
    network = MTCNN(keep_all=True, min_face_size=20, post_process=False)

    def look(source: Path | Image.Image) -> Seen:
        photograph = load_photograph(source, detail)
        image = photograph.image.copy()
        image.thumbnail((detail, detail), Image.Resampling.BILINEAR)
        scale = image.width / photograph.width
        boxes, scores, points = network.detect(image, landmarks=True)
        faces = []
        if boxes is not None:
            faces = [
                Sighting(box / scale, each / scale, Measures(1.0, 99.0, 1.0, 0.0, 0.0))
                for box, score, each in zip(boxes, scores, points, strict=True)
                if score >= PEER_SCORE
            ]
        return Seen(photograph, faces, Counter())

    return {"facenet-pytorch: ": look}


def pasted(look: Look, options: argparse.Namespace) -> dict[str, float]:
    """Frames of known geometry: found, and what the encoder makes of them."""
    dataset = open_dataset(options.data).subset("valid")
    rows = np.linspace(0, len(dataset) - 1, options.faces).astype(int)
    dataset = dataset.select(rows)
    bundle = open_bundle(options.bundle)
    config = bundle.config.model
    scenes = [
        Image.open(file).convert("RGB")
        for file in sorted((options.photos / "scenes").iterdir())
        if file.name not in WITH_FACES
    ]
    rng = np.random.default_rng(0)
    cut = np.zeros((len(dataset), config["height"], config["width"], 3), np.uint8)
    errors, extra, spent = np.full(len(dataset), np.inf), 0, 0.0
    for row, path in enumerate(dataset.paths):
        placed = place(rng, options.turn)
        picture = paste(Image.open(path).convert("RGB"), scenes[row % len(scenes)], placed)
        start = time.process_time()
        seen = look(picture)
        spent += time.process_time() - start
        for face in seen.faces:
            error = displacement(face.points, placed)
            if not face.shown or error > FRAME[0] / 4:
                extra += face.shown
            elif error < errors[row]:
                errors[row], cut[row] = error, seen.cut(face, *cut.shape[1:3])
    found = np.isfinite(errors)
    vectors = np.zeros((len(dataset), config["dim"]), np.float32)
    vectors[found] = np.concatenate(
        [
            bundle.encoder.embed(cut[found][start : start + 64])
            for start in range(0, found.sum(), 64)
        ]
    )
    aligned = scores(bundle.predict_attributes(vectors[found]), dataset.labels[found])
    whole = bundle.encode_images(dataset.paths)
    plain = scores(bundle.predict_attributes(whole[found]), dataset.labels[found])
    return {
        "pasted": len(dataset),
        "found": float(found.mean()),
        "shown besides, not a pasted face": extra,
        "error of points, frame pixels, median": float(np.median(errors[found])),
        "error of points, frame pixels, 95 %": float(np.percentile(errors[found], 95)),
        "accuracy as they are": plain[0],
        "accuracy aligned": aligned[0],
        "mean AP as they are": plain[1],
        "mean AP aligned": aligned[1],
        "processor ms a picture": 1000 * spent / len(dataset),
    }


def place(rng: np.random.Generator, turn: float) -> Similarity:
    """A similarity that puts a frame anywhere in a scene, at a scale of 0.5 to 3, turned."""
    scale = float(np.exp(rng.uniform(np.log(0.5), np.log(3))))
    a = scale * np.exp(1j * np.radians(rng.uniform(-turn, turn)))
    corners = [complex(a * complex(x, y)) for x in (0, FRAME[0]) for y in (0, FRAME[1])]
    low = complex(min(c.real for c in corners), min(c.imag for c in corners))
    high = complex(max(c.real for c in corners), max(c.imag for c in corners))
    room = [SCENE[0] - (high - low).real, SCENE[1] - (high - low).imag]
    x, y = (rng.uniform(min(r, 0), max(r, 0)) if r > 0 else r / 2 for r in room)
    return complex(a), complex(x, y) - low


def paste(frame: Image.Image, scene: Image.Image, placed: Similarity) -> Image.Image:
    """A frame in a scene that is scaled to cover `SCENE`."""
    scale = max(SCENE[0] / scene.width, SCENE[1] / scene.height)
    box = (0, 0, SCENE[0] / scale, SCENE[1] / scale)
    picture = scene.resize(SCENE, Image.Resampling.BICUBIC, box=box)
    a, b = 1 / placed[0], -placed[1] / placed[0]  # scene to frame
    small = min(abs(placed[0]), 1.0)  # shrunk with antialiasing first
    size = (round(FRAME[0] * small), round(FRAME[1] * small))
    x, y = size[0] / FRAME[0], size[1] / FRAME[1]
    numbers = (a.real * x, -a.imag * x, b.real * x, a.imag * y, a.real * y, b.imag * y)
    affine, bicubic = Image.Transform.AFFINE, Image.Resampling.BICUBIC
    face = frame.resize(size, Image.Resampling.LANCZOS).transform(SCENE, affine, numbers, bicubic)
    mask = Image.new("L", size, 255).transform(SCENE, affine, numbers)
    picture.paste(face, (0, 0), mask)
    return picture


def displacement(points: np.ndarray, placed: Similarity) -> float:
    """Mean distance in the frame of the five points, between where a face was put and found."""
    a, b = frame_to_picture(points)
    back = (1 / a, -b / a)
    return float(np.linalg.norm(move(move(TEMPLATE, placed), back) - TEMPLATE, axis=1).mean())


def scores(predicted: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Mean accuracy over the attributes, and mean average precision of those not too rare."""
    truth = labels == 1
    accuracy = float(((predicted > 0.5) == truth).mean())
    common = np.flatnonzero(truth.sum(axis=0) >= LEAST_POSITIVES)
    order = np.argsort(-predicted, axis=0)
    ranked = np.stack([truth[order[:, column], column] for column in common])
    return accuracy, float(average_precision(ranked).mean())


def counted(look: Look, photos: Path) -> dict[str, float]:
    """Photographs whose faces were counted by eye, and scenes without any."""
    truth = json.loads((photos / "faces.json").read_text("utf-8"))
    faces, found, false = 0, 0, 0
    for file, seen in looked_at(look, photos / "people"):
        shown = [face.box for face in seen.faces if face.shown]
        hits = [any(overlap(box, face) > 0.4 for face in shown) for box in truth[file.name]]
        faces, found = faces + len(hits), found + sum(hits)
        missed = [box for box, hit in zip(truth[file.name], hits, strict=True) if not hit]
        if missed:
            print(f"missed in {file.name}: {missed}")
        false += len(shown) - sum(hits)
    for file, seen in looked_at(look, photos / "scenes"):
        if file.name not in WITH_FACES:
            false += sum(face.shown for face in seen.faces)
    return {"faces counted": faces, "faces counted and shown": found, "false faces shown": false}


def looked_at(look: Look, folder: Path) -> Iterator[tuple[Path, Seen]]:
    """Each file of a folder with what was found in it."""
    for file in sorted(folder.iterdir()):
        yield file, look(file)


def overlap(box: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union of two boxes."""
    low, high = np.maximum(box[:2], other[:2]), np.minimum(box[2:], other[2:])
    shared = float(np.prod((high - low).clip(0)))
    areas = [float((b[2] - b[0]) * (b[3] - b[1])) for b in (box, other)]
    return shared / (sum(areas) - shared)


if __name__ == "__main__":
    main()
