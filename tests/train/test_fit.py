"""Training: the same for a seed, the same after a kill; what it leaves, and what it refuses."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from conftest import ROOT
from safetensors import safe_open
from safetensors.torch import save_file

import facesearch
from portraits import write_dataset
from train.__main__ import main

TINY = ["--backbone", "shufflenet_v2_x0_5", "--size", "48x48", "--hidden", "16", "--dim", "96"]


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    """Drawn portraits, and a file of weights for a small backbone."""
    folder = tmp_path_factory.mktemp("fit")
    write_dataset(folder / "faces", 90, seed=1, valid=40, test=0)
    torch.manual_seed(0)
    network = torchvision.models.shufflenet_v2_x0_5(weights=None)
    save_file(network.state_dict(), folder / "weights.safetensors")
    return folder


def options(faces: Path, out: Path, *more: str) -> list[str]:
    return [
        *("fit", "--data", str(faces / "faces"), "--weights", str(faces / "weights.safetensors")),
        *("--cache", str(faces / "cache"), "--out", str(out), "--batch-size", "10", *TINY, *more),
    ]


def tensors(bundle: Path) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for name in ("model", "gallery"):
        with safe_open(bundle / f"{name}.safetensors", "numpy") as file:
            found |= {f"{name}.{key}": file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    return found


def same(a: Path, b: Path) -> bool:
    first, second = tensors(a), tensors(b)
    return first.keys() == second.keys() and all(
        np.array_equal(first[name], second[name]) for name in first
    )


def test_each_epoch_is_reported_and_the_best_is_kept_with_curves_beside_the_bundle(
    faces, tmp_path, capsys
):
    assert main(options(faces, tmp_path / "a", "--epochs", "3")) == 0
    said = capsys.readouterr()
    lines = re.findall(r"epoch (\d): loss .*active triplets .*mAP .*P@10 ", said.out + said.err)
    assert lines == ["1", "2", "3"]
    rows = json.loads((tmp_path / "a-training" / "curves.json").read_text())
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert {"loss", "active", "wanted mAP", "wanted P@10"} <= set(rows[0])
    assert (tmp_path / "a-training" / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "a-training" / "checkpoint.safetensors").exists()
    assert len(facesearch.open_bundle(tmp_path / "a")) == 40


def test_the_image_encoder_travels_in_half_precision_and_gives_the_gallery_again(faces, tmp_path):
    assert main(options(faces, tmp_path / "a", "--epochs", "1")) == 0
    image_side = {
        name: tensor
        for name, tensor in tensors(tmp_path / "a").items()
        if name.startswith(("model.backbone.", "model.image_head."))
    }
    assert "model.image_head.hidden.weight" in image_side
    for name, tensor in image_side.items():
        assert (tensor.dtype == np.float16) == (tensor.ndim > 1), name
    images = faces / "faces" / "images"
    bundle = facesearch.open_bundle(tmp_path / "a", images)
    again = bundle.encode_images([images / name for name in bundle.names])
    np.testing.assert_allclose(again, bundle.gallery.columns.need().T, atol=5e-3)


def test_equal_seeds_train_equal_models_and_other_seeds_others(faces, tmp_path):
    for name, seed in (("a", "5"), ("b", "5"), ("c", "6")):
        assert main(options(faces, tmp_path / name, "--epochs", "2", "--seed", seed)) == 0
    assert same(tmp_path / "a", tmp_path / "b")
    assert not same(tmp_path / "a", tmp_path / "c")


@pytest.mark.parametrize("mode", [(), ("--finetune", "--ema", "0.9")])
def test_a_killed_run_resumes_to_the_same_result(faces, tmp_path, capsys, mode):
    more = ["--epochs", "8" if not mode else "3", *mode]
    whole, cut = options(faces, tmp_path / "whole", *more), options(faces, tmp_path / "cut", *more)
    assert main(whole) == 0
    process = subprocess.Popen(
        [sys.executable, "-m", "train", *cut],
        cwd=tmp_path,
        # as many threads as here: sums in another order differ in their last digits
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": str(torch.get_num_threads()),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    text = ""
    while "epoch 2: loss" not in text and process.poll() is None:
        text += process.stdout.readline()
    process.kill()
    process.communicate()
    assert not (tmp_path / "cut").exists()
    capsys.readouterr()
    assert main([*cut, "--resume"]) == 0
    assert "epoch 1: loss" not in capsys.readouterr().out
    assert same(tmp_path / "whole", tmp_path / "cut")


def test_a_checkpoint_of_other_options_is_refused(faces, tmp_path, capsys):
    assert main(options(faces, tmp_path / "a", "--epochs", "1")) == 0
    again = options(faces, tmp_path / "a", "--epochs", "1", "--margin", "0.5", "--resume")
    assert main(again) == 2
    assert "margin = 0.0, and this one has 0.5" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--epochs", "0"], "--epochs 0: give 1 to 10000"),
        (["--dropout", "1.5"], "--dropout 1.5: give 0 to 0.95"),
        (["--distil", "1.5"], "--distil 1.5: give 0 to 1"),
        (["--triplet-weight", "0", "--bce-weight", "0"], "nothing left to learn from"),
        (["--gallery", "test"], "no image of the test split"),
    ],
)
def test_bad_values_end_in_a_sentence_and_leave_nothing(faces, tmp_path, capsys, more, sentence):
    assert main(options(faces, tmp_path / "a", *more)) == 2
    errors = capsys.readouterr().err
    assert errors.startswith("error: ")
    assert sentence in errors
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_bundle_is_not_overwritten(faces, tmp_path, capsys):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "thesis.tex").write_text("dear")
    assert main(options(faces, tmp_path / "a", "--epochs", "1")) == 2
    assert "exists and is not a bundle" in capsys.readouterr().err
    assert (tmp_path / "a" / "thesis.tex").read_text() == "dear"


def test_the_reference_recipe_trains_evaluates_and_reads_unticked_as_absent(
    faces, tmp_path, capsys
):
    arguments = options(faces, tmp_path / "a", "--recipe", "reference", "--epochs", "2")
    assert main(arguments) == 0
    bundle = facesearch.open_bundle(tmp_path / "a")
    one = bundle.encode_query(facesearch.Query(["Smiling"]))
    other = bundle.encode_query(facesearch.Query(["Smiling"], ["Male"]))
    assert np.array_equal(one, other)
    files = ["--json", str(tmp_path / "all.json"), "--png", str(tmp_path / "all.png")]
    data = ["--data", str(faces / "faces"), "--cache", str(faces / "cache")]
    capsys.readouterr()
    bundles = ["--bundle", str(tmp_path / "a"), "--record"]
    assert main(["evaluate", *data, *bundles, "--queries", "20", *files]) == 0
    table = capsys.readouterr().out
    methods = json.loads((tmp_path / "all.json").read_text())["methods"]
    assert list(methods) == [
        "random order",
        "reference recipe",
        "linear classifiers",
        "classifiers, one hidden layer",
        str(tmp_path / "a"),
    ]
    assert all(name in table for name in methods)
    assert (tmp_path / "all.png").read_bytes().startswith(b"\x89PNG")
    assert "linear classifiers" in (tmp_path / "a" / "README.md").read_text()
    assert facesearch.open_bundle(tmp_path / "a").config.results["methods"] == methods


def test_embed_searches_a_folder_of_ones_own_and_skips_what_is_no_image(faces, tmp_path, capsys):
    assert main(options(faces, tmp_path / "a", "--epochs", "1")) == 0
    mine = tmp_path / "mine"
    (mine / "deep").mkdir(parents=True)
    for i, file in enumerate(sorted((faces / "faces" / "images").iterdir())[:5]):
        (mine / ("deep" if i % 2 else ".") / f"me{i}.webp").write_bytes(file.read_bytes())
    (mine / "broken.jpg").write_bytes(b"not an image")
    arguments = ["embed", "--bundle", str(tmp_path / "a"), "--images", str(mine)]
    where = ["--out", str(tmp_path / "b"), "--cache", str(tmp_path / "cache")]
    assert main([*arguments, *where]) == 0
    said = capsys.readouterr().out
    assert "Skipped 1 unreadable images" in said
    assert "broken.jpg: not an image" in said
    bundle = facesearch.open_bundle(tmp_path / "b", mine)
    assert bundle.names == (
        "deep/me1.webp", "deep/me3.webp", "me0.webp", "me2.webp", "me4.webp",
    )  # fmt: skip
    vectors = bundle.encode_images([mine / name for name in bundle.names])
    np.testing.assert_allclose(vectors, bundle.gallery.columns.need().T, atol=0.01)


def test_with_no_command_all_steps_run_in_turn(tmp_path, monkeypatch):
    called = []
    for name in ("prepare", "fit", "evaluate"):  # fit embeds its gallery
        monkeypatch.setattr(f"train.{name}.run", lambda _, name=name: called.append(name))
    assert main([]) == 0
    assert called == ["prepare", "fit", "evaluate"]
