"""Kill an index run at random moments, again and again; is the end that of an undisturbed run?

Photographs are the drawn portraits that ship, pasted into larger pictures.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from facesearch.bundle import Bundle, open_bundle
from facesearch.bundle.of_photos import index_beside, model_name, write_photos
from facesearch.photos.finding import Finder
from facesearch.photos.indexing import update
from facesearch.photos.store import Store

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Make the photographs, kill, finish, run once more undisturbed, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=1000, help="photographs to make")
    parser.add_argument("--kills", type=int, default=200, help="runs to kill")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)  # children are forked from this process, which knows torch already
    model, finder = open_bundle(ROOT / "weights" / "portraits"), Finder()
    finder.find(Image.new("RGB", (200, 200)))
    model.encoder.embed(np.zeros((1, model.encoder.height, model.encoder.width, 3), np.uint8))
    rng = np.random.default_rng(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photos = folder / "photos"
        photos.mkdir()
        for number in range(options.photos):
            draw(rng).save(photos / f"{number:05}.jpg", quality=90)
        began = time.monotonic()
        index(photos, folder / "whole", finder, model)
        whole = time.monotonic() - began
        kills, runs = 0, 0
        while kills < options.kills:
            runs += 1
            child = os.fork()
            if child == 0:
                index(photos, folder / "killed", finder, model)
                os._exit(0)
            time.sleep(rng.uniform(0, 4 * whole / options.kills))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            kills += os.WIFSIGNALED(status)
            check_whole(folder / "killed")
            if not os.WIFSIGNALED(status):  # it was done: begin anew, and go on killing
                for each in (folder / "killed", index_beside(folder / "killed")):
                    os.rename(each, folder / f"done-{runs}-{each.name}")
        index(photos, folder / "killed", finder, model)
        ends = [folder / "killed", *folder.glob("done-*-killed")]
        for end in ends:
            compare(open_bundle(end), open_bundle(folder / "whole"))
        faces = len(open_bundle(folder / "whole"))
        print(
            f"{kills} kills over {options.photos:,} photographs, {faces:,} faces; {len(ends)} ends "
            f"equal to that of an undisturbed run, which took {whole:.0f} s"
        )


def draw(rng: np.random.Generator) -> Image.Image:
    """A photograph with none to two drawn people."""
    portraits = sorted((ROOT / "weights" / "portraits" / "images").glob("*.webp"))
    noise = Image.fromarray(rng.integers(60, 200, (4, 5, 3), np.uint8))
    image = noise.resize((320, 200), Image.Resampling.BICUBIC)
    for place in range(rng.integers(0, 3)):
        portrait = Image.open(portraits[rng.integers(len(portraits))]).convert("RGB")
        image.paste(portrait.resize((140, 140)), (10 + 160 * place, int(rng.integers(0, 60))))
    return image


def index(photos: Path, out: Path, finder: Finder, model: Bundle) -> None:
    """What the command does, and the bundle written after every batch."""
    store = Store(index_beside(out))
    encoder, name = model.encoder, model_name(model)
    update(store, photos, finder, lambda: encoder, name, lambda _: write(store, model, out))
    write(store, model, out)
    store.close()


def write(store: Store, model: Bundle, out: Path) -> None:
    """The bundle, as far as the index is."""
    write_photos(store, model, out)


def check_whole(out: Path) -> None:
    """A bundle that is there can be opened, whenever the kill came."""
    if index_beside(out).exists() and out.exists():
        bundle = open_bundle(out)
        for name in bundle.gallery.faces.names:
            thumbnail = bundle.face(name).thumbnail
            assert thumbnail is not None
            assert (out / "faces" / thumbnail).is_file(), name


def compare(ours: Bundle, theirs: Bundle) -> None:
    """`AssertionError` unless both hold the same faces."""
    names = list(ours.gallery.faces.names)
    assert names == list(theirs.gallery.faces.names)
    assert len(set(names)) == len(names)
    for name in names:
        one, other = ours.face(name), theirs.face(name)
        assert (one.box, one.points, one.thumbnail) == (other.box, other.points, other.thumbnail)
    rows = np.arange(len(names))
    assert np.allclose(ours.gallery.vectors(rows), theirs.gallery.vectors(rows), atol=1e-4)


if __name__ == "__main__":
    main()
