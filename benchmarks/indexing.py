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
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SIZE = (4000, 3000)  # 12 megapixels
DETAIL = 1280
SIDE = 12_200  # pixels: its square is nearly the most that one picture may have
ODD: dict[str, tuple[str, str, tuple[int, int], dict[str, Any]]] = {
    "JPEG": ("jpg", "RGB", (SIDE, SIDE), {}),
    "progressive JPEG": ("jpg", "RGB", (SIDE, SIDE), {"progressive": True}),
    "CMYK JPEG": ("jpg", "CMYK", (SIDE, SIDE), {}),
    "RGB PNG": ("png", "RGB", (SIDE, SIDE), {"compress_level": 1}),
    "RGBA PNG": ("png", "RGBA", (SIDE, SIDE), {"compress_level": 1}),
    "WebP": ("webp", "RGB", (SIDE, SIDE), {"quality": 50, "method": 0}),
    "float TIFF": ("tif", "F", (SIDE, SIDE), {}),
    "float TIFF of 88 megapixels": ("tif", "F", (9_400, 9_400), {}),
    "RGB PNG of 88 megapixels": ("png", "RGB", (9_400, 9_400), {"compress_level": 1}),
    "strip": ("png", "L", (8, 8_000_000), {}),
}


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
        print(f"{key:48}{value:10,.4g}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")


def rate(folder: Path, source: Path | None, count: int) -> dict[str, float]:
    """Photographs a second, decoding, thumbnails and the bundle included."""
    photos, few = folder / "photos", folder / "few"
    apart(make, photos, source, count)
    apart(make, few, source, 2)
    start, _, _ = index(few)
    spent, memory, report = index(photos)
    figures = {
        "photographs of 12 megapixels": count,
        "faces found": report["faces"],
        "photographs a second": (count - 2) / (spent - start),
        "with the start of the program": count / spent,
        "most memory, MB": memory,
    }
    peer = apart(facenet, photos)
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
    assert report["changes"]["unchanged"] == count, report
    return {
        "files": count,
        "first time, s": first,
        "unchanged, s": again,
        "unchanged, most memory, MB": memory,
    }


def odd(folder: Path) -> dict[str, float]:
    """Memory over pictures that are as large, long or deep as they may be, two of each kind."""
    figures: dict[str, float] = {}
    for number, kind in enumerate(ODD):
        photos = folder / str(number)
        apart(draw_odd, kind, photos)
        spent, memory, report = index(photos)
        figures |= {f"{kind}: most memory, MB": memory, f"{kind}: s": spent}
        figures[f"{kind}: read"] = report["photographs"]
    return figures


def apart(work: Callable[..., Any], *arguments: object) -> Any:
    """Do it in a process of its own: a command's most memory counts what its parent held."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def draw_odd(kind: str, photos: Path) -> None:
    """Two pictures of a kind, so that both could be read at once."""
    photos.mkdir(parents=True)
    suffix, mode, size, how = ODD[kind]
    size = (size[0] // 8 or 1, size[1] // 8)
    image = Image.effect_noise(size, 60).resize((size[0] * 8, size[1] * 8)).convert(mode)
    for copy in range(2):
        image.save(photos / f"{copy}.{suffix}", **how)
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def portraits() -> list[Path]:
    """The drawn portraits that ship."""
    return sorted((ROOT / "weights" / "portraits" / "images").glob("*.webp"))


def make(photos: Path, source: Path | None, count: int) -> None:
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


def index(photos: Path) -> tuple[float, float, dict[str, Any]]:
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
