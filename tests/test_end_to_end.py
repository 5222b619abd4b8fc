"""The whole path: images, training, embedding, evaluation, the app, and clicks in a browser."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from clicks import clear, exclude, expected, pictures, shown, tick
from conftest import ROOT

import facesearch
from portraits import write_dataset

TRAINING = [
    "--backbone",
    "tf_efficientnet_lite0",
    "--size",
    "96x96",
    "--hidden",
    "64",
    "--batch-size",
    "16",
]


def command(*arguments: str | Path, cwd: Path) -> str:
    """Run `python -m train` as a user does; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "train", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def click_through(bundle_folder: Path, images: Path | None, start_app, browser_page) -> None:
    """Start the app over a bundle, click a query together, and compare with the Python API."""
    options = ["--images", images] if images else []
    app = start_app("--bundle", bundle_folder, *options)
    bundle = facesearch.open_bundle(bundle_folder, images)
    visit = browser_page(app.url)
    clear(visit.page)
    assert shown(visit.page) == expected(bundle)
    tick(visit.page, "Eyeglasses")
    assert shown(visit.page) == expected(bundle, ["Eyeglasses"])
    exclude(visit.page, "Male")
    assert shown(visit.page) == expected(bundle, ["Eyeglasses"], ["Male"])
    widths = pictures(visit.page)
    assert len(widths) == 24
    assert min(widths) > 100
    assert visit.problems == []
    assert all(request.startswith(app.url) for request in visit.requests)
    assert not app.outside.exists()
    visit.page.close()
    assert app.stop() == ""


def test_drawn_portraits_become_a_bundle_that_answers_clicks(tmp_path, start_app, browser_page):
    faces, trained = tmp_path / "faces", tmp_path / "weights" / "drawn"
    write_dataset(faces, 140, seed=3, valid=60, test=0)
    data = ["--data", faces]
    assert "80 images" in command("prepare", *data, cwd=tmp_path)
    options = ["--name", "portraits", "--ship", "--out", trained, "--epochs", "12"]
    said = command("fit", *data, *TRAINING, *options, cwd=tmp_path)
    assert "epoch 12: loss" in said
    assert (trained.with_name("drawn-training") / "curves.png").exists()
    said = command("evaluate", *data, "--bundle", trained, "--json", "all.json", cwd=tmp_path)
    assert "reference recipe" in said
    methods = json.loads((tmp_path / "all.json").read_text())["methods"]
    assert methods[str(trained)]["mixed mAP"] > methods["random order"]["mixed mAP"] + 0.1
    bundle = facesearch.open_bundle(trained)
    assert bundle.gallery.faces.labels is not None
    assert bundle.unavailable == ("Attractive",)
    vectors = bundle.encode_images([bundle.image_dir / name for name in bundle.names[:5]])
    assert abs(vectors - bundle.gallery.columns.need().T[:5]).max() < 0.02
    click_through(trained, None, start_app, browser_page)


@pytest.mark.skipif(
    "FACESEARCH_CELEBA" not in os.environ,
    reason="FACESEARCH_CELEBA names no folder of CelebA: not checked on real photographs",
)
def test_real_photographs_become_a_bundle_that_answers_clicks(tmp_path, start_app, browser_page):
    whole = Path(os.environ["FACESEARCH_CELEBA"]).resolve()
    part = tmp_path / "celeba"
    (part / "img_align_celeba").mkdir(parents=True)
    for name in ("list_attr_celeba.txt", "list_eval_partition.txt"):
        (part / name).symlink_to(whole / name)
    split_of = dict(line.split() for line in (part / "list_eval_partition.txt").open())
    room = {"0": 600, "1": 300, "2": 0}
    for image in sorted((whole / "img_align_celeba").iterdir()):
        if room[split_of[image.name]] > 0:
            room[split_of[image.name]] -= 1
            (part / "img_align_celeba" / image.name).symlink_to(image)
    trained = tmp_path / "weights" / "real"
    data = ["--data", part]
    command("fit", *data, *TRAINING, "--out", trained, "--epochs", "6", cwd=tmp_path)
    bundle = facesearch.open_bundle(trained)
    assert len(bundle) == 300
    assert bundle.gallery.faces.labels is None
    assert not (trained / "images").exists()
    command("evaluate", *data, "--bundle", trained, "--json", "all.json", cwd=tmp_path)
    methods = json.loads((tmp_path / "all.json").read_text())["methods"]
    assert methods[str(trained)]["wanted mAP"] > methods["random order"]["wanted mAP"] + 0.1
    click_through(trained, part / "img_align_celeba", start_app, browser_page)
