"""Index photographs of 12 megapixels, look again at many unchanged ones, and read odd large ones.

Photographs are those of a folder, enlarged, and without one the portraits that ship, pasted into
noise. Where facenet-pytorch is installed (`pip install --no-deps facenet-pytorch`), its MTCNN looks
for faces in the same photographs, two at a time as well.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SIZE = (4000, 3000)  # 12 megapixels
DETAIL = 1280
MOST = 149_000_000  # pixels: nearly the most that one picture may have


def main() -> None:
    """Run the parts that are asked for, and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="photographs to enlarge")
    parser.add_argument("--photos", type=int, default=100, help="of 12 megapixels; 0 for none")
    parser.add_argument("--unchanged", type=int, default=50_000, help="files; 0 for none")
    parser.add_argument("--odd", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        if options.photos:
            figures |= rate(Path(name) / "rate", options.folder, options.photos)
        if options.unchanged:
            figures |= unchanged(Path(name) / "unchanged", options.unchanged)
        if options.odd:
            figures |= odd(Path(name) / "odd")
    for key, value in figures.items():
        print(f"{key:48}{value:10.4g}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def rate(folder: Path, source: Path | None, count: int) -> dict[str, float]:
    """Photographs a second, decoding, thumbnails and the bundle included."""
    photos = make(folder / "photos", source, count)
    few = make(folder / "few", source, 2)
    start, _, _ = index(few)
    spent, memory, report = index(photos)
    figures = {
        "photographs of 12 megapixels": count,
        "faces found": report["faces"],
        "photographs a second": (count - 2) / (spent - start),
        "with the start of the program": count / spent,
        "most memory, MB": memory,
    }
    peer = facenet(photos)
    return figures | ({"facenet-pytorch's MTCNN alone, a second": peer} if peer else {})


def unchanged(folder: Path, count: int) -> dict[str, float]:
    """Seconds to look through a folder in which nothing changed; few contents, under many names."""
    photos = folder / "photos"
    contents = [file.read_bytes() for file in sorted(portraits())[:40]]
    for number in range(count):
        path = photos / f"{number // 500:03}" / f"{number:05}.webp"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[number % len(contents)])
    first, _, _ = index(photos)
    again, memory, report = index(photos)
    assert report["unchanged"] == count, report
    return {
        "files": count,
        "first time, s": first,
        "unchanged, s": again,
        "unchanged, most memory, MB": memory,
    }


def odd(folder: Path) -> dict[str, float]:
    """Memory over pictures that are as large, long or deep as they may be, each alone."""
    folder.mkdir()
    side = int(MOST**0.5)
    plain = Image.effect_noise((side // 8, side // 8), 60).resize((side, side))
    makers: dict[str, tuple[Image.Image, str, dict[str, Any]]] = {
        "a JPEG": (plain.convert("RGB"), "jpg", {}),
        "a progressive JPEG": (plain.convert("RGB"), "jpg", {"progressive": True}),
        "a CMYK JPEG": (plain.convert("CMYK"), "jpg", {}),
        "an RGBA PNG": (plain.convert("RGBA"), "png", {"compress_level": 1}),
        "a WebP of 16,383 pixels a side, less": (plain.resize((12000, 12000)), "webp", {}),
        "a float TIFF": (plain.convert("F"), "tif", {}),
        "a strip": (Image.new("1", (2, MOST // 4)), "png", {}),
    }
    figures: dict[str, float] = {}
    for number, (name, (image, kind, how)) in enumerate(makers.items()):
        photos = folder / str(number)
        photos.mkdir()
        for copy in range(2):  # so that two could be read at once
            image.save(photos / f"{copy}.{kind}", **how)
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        spent, memory, report = index(photos)
        figures |= {f"{name}: most memory, MB": memory, f"{name}: s": spent}
        print(name, report, flush=True)
    return figures


def portraits() -> list[Path]:
    """The drawn portraits that ship."""
    return sorted((ROOT / "weights" / "portraits" / "images").glob("*.webp"))


def make(photos: Path, source: Path | None, count: int) -> Path:
    """A folder of JPEGs of 12 megapixels, all of them different."""
    photos.mkdir(parents=True)
    rng = np.random.default_rng(0)
    files = sorted(source.rglob("*.jpg")) if source else []
    for number in range(count):
        if files:
            image = Image.open(files[number % len(files)]).convert("RGB")
            image = image.resize(SIZE, Image.Resampling.BICUBIC)
        else:
            image = Image.fromarray(rng.integers(60, 200, (30, 40, 3), np.uint8)).resize(SIZE)
            for place in range(rng.integers(0, 4)):
                portrait = Image.open(portraits()[rng.integers(len(portraits()))]).convert("RGB")
                image.paste(portrait.resize((800, 800)), (100 + 950 * place, 600))
        left = int(rng.integers(0, 64))
        image.crop((left, 0, SIZE[0], SIZE[1])).save(photos / f"{number:04}.jpg", quality=90)
    return photos


def index(photos: Path) -> tuple[float, float, dict[str, int]]:
    """Seconds, megabytes at most, and the report of one run of the command."""
    out = photos.parent / f"{photos.name}.bundle"
    command = [sys.executable, "-m", "facesearch", "index", str(photos), "--out", str(out)]
    began = time.monotonic()
    process = subprocess.Popen([*command, "--json"], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    report = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    spent = time.monotonic() - began
    if status:
        raise SystemExit(f"the index ended with {os.waitstatus_to_exitcode(status)}")
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return spent, usage.ru_maxrss * unit / 1e6, json.loads(report)


def facenet(photos: Path) -> float | None:
    """Photographs a second of facenet-pytorch's MTCNN: decode, shrink, find; nothing else."""
    try:
        from facenet_pytorch import MTCNN
    except ImportError:
        return None
    import torch

    torch.set_num_threads(1)
    network = MTCNN(keep_all=True, min_face_size=20, post_process=False)

    def look(file: Path) -> None:
        image = Image.open(file)
        image.draft("RGB", (DETAIL, DETAIL))
        image.thumbnail((DETAIL, DETAIL))
        network.detect(image, landmarks=True)

    files = sorted(photos.iterdir())
    look(files[0])
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(look, files))
    return len(files) / (time.monotonic() - began)


if __name__ == "__main__":
    main()
