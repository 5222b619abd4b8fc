"""The whole path: images, training, embedding, evaluation, the app, and clicks in a browser."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from clicks import clear, exclude, expected, pictures, shown, tick

import facesearch
from portraits import write_dataset
from train.__main__ import main

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


@pytest.fixture
def command(tmp_path, monkeypatch, capsys) -> Callable[..., str]:
    """`python -m train` with its arguments, in a folder of its own; gives what it printed."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str | Path) -> str:
        assert main([*map(str, arguments)]) == 0
        return capsys.readouterr().out

    return command


def click_through(bundle_folder: Path, images: Path | None, start_app, browser_page) -> None:
    """Start the app over a bundle, click a query together, and compare with the Python API."""
    options = ["--images", images] if images else []
    app = start_app("--bundle", bundle_folder, *options)
    bundle = facesearch.open_bundle(bundle_folder, images)
    visit = browser_page(app.url, hears_requests=True)
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


def test_drawn_portraits_become_a_bundle_that_answers_clicks(
    command, tmp_path, start_app, browser_page
):
    faces, trained = tmp_path / "faces", tmp_path / "weights" / "drawn"
    write_dataset(faces, 140, seed=3, valid=60, test=0)
    data = ["--data", faces]
    assert "80 images" in command("prepare", *data)
    options = ["--name", "portraits", "--ship", "--out", trained, "--epochs", "12"]
    said = command("fit", *data, *TRAINING, *options)
    assert "epoch 12: loss" in said
    assert (trained.with_name("drawn-training") / "curves.png").exists()
    said = command("evaluate", *data, "--bundle", trained, "--json", "all.json")
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
def test_real_photographs_become_a_bundle_that_answers_clicks(
    command, tmp_path, start_app, browser_page
):
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
    command("fit", *data, *TRAINING, "--out", trained, "--epochs", "6")
    bundle = facesearch.open_bundle(trained)
    assert len(bundle) == 300
    assert bundle.gallery.faces.labels is None
    assert not (trained / "images").exists()
    command("evaluate", *data, "--bundle", trained, "--damaged", "60", "--json", "all.json")
    methods = json.loads((tmp_path / "all.json").read_text())["methods"]
    assert methods[str(trained)]["wanted mAP"] > methods["random order"]["wanted mAP"] + 0.1
    click_through(trained, part / "img_align_celeba", start_app, browser_page)
