"""Images to features: the whole path from JPEG files beside bare forward passes on tensors."""

import argparse
import contextlib
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facesearch.errors import InputError
from facesearch.vision.backbones import LITE0, build_backbone
from facesearch.vision.encoder import Encoder, mixed_precision, normalise
from facesearch.vision.images import find_images
from facesearch.vision.loading import load_batches
from facesearch.vision.model import FaceModel, ModelConfig
from train.learning.features import extract_features
from train.learning.options import parse_size


def main() -> None:
    """Time forward pass, cached features and `encode_images` in turn; print medians and ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--images", type=Path, metavar="DIR", help="JPEG files; without it, 178x218 ones are made"
    )
    parser.add_argument("--backbone", default=LITE0, help="its speed, untrained (%(default)s)")
    parser.add_argument("--size", type=parse_size, default=(224, 224), metavar="HxW")
    parser.add_argument("--batch", type=int, default=64, help="images a pass (%(default)s)")
    parser.add_argument("--count", type=int, default=512, help="images a round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=7, help="of all four (%(default)s)")
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as scratch:
        folder = options.images or make_images(Path(scratch) / "images", options.count)
        paths = [folder / name for name in find_images(folder)][: options.count]
        if not paths:
            raise InputError(f"{folder}: no images there.")
        network, features = build_backbone(options.backbone)
        config = ModelConfig(options.backbone, features, *options.size)
        encoder = Encoder(FaceModel(config, network))
        device = encoder.extract.device
        network.eval().to(device).to(memory_format=torch.channels_last)
        ready = [
            normalise(torch.from_numpy(batch.pixels).to(device), config.mean, config.std)
            for batch in load_batches(paths, *options.size, batch_size=options.batch)
        ]
        ready = [batch.contiguous(memory_format=torch.channels_last) for batch in ready]

        def forward(network: nn.Module) -> None:
            with torch.inference_mode(), mixed_precision(device):
                for batch in ready:
                    network(batch).float().cpu()

        def cached() -> None:
            fresh = Path(tempfile.mkdtemp(dir=scratch))
            with contextlib.redirect_stderr(io.StringIO()):  # the progress bar
                extract_features(network, config, paths, fresh, batch_size=options.batch)

        methods: dict[str, Callable[[], object]] = {
            "forward pass": lambda: forward(network),
            "forward pass, norms folded": lambda: forward(encoder.extract.network),
            "features, from JPEG files": cached,
            "encode_images, from JPEG files": lambda: encoder.encode(paths),
        }
        for method in methods.values():
            method()
        rates: dict[str, list[float]] = {name: [] for name in methods}
        for _ in range(options.rounds):
            for name, method in methods.items():
                start = time.perf_counter()
                method()
                rates[name].append(len(paths) / (time.perf_counter() - start))

    bare = np.array(rates["forward pass"])
    height, width = options.size
    print(f"{options.backbone}, {height}x{width}, {len(paths)} images, medians of {options.rounds}")
    figures = {}
    for name, values in rates.items():
        ratio = float(np.median(np.array(values) / bare))
        figures[name] = {"images_per_second": float(np.median(values)), "of_forward": ratio}
        print(f"{name:32}{np.median(values):8.1f} images/s{ratio:8.2f} of the forward pass")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def make_images(folder: Path, count: int) -> Path:
    """JPEG files of CelebA's size, 178x218, about as hard to decode."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(count):
        coarse = Image.fromarray(rng.integers(0, 256, (28, 23, 3), np.uint8))
        coarse.resize((178, 218), Image.Resampling.BICUBIC).save(folder / f"{number:06}.jpg")
    return folder


if __name__ == "__main__":
    main()
