"""The commands of `python -m train`: in turn, in several processes, and with what can't be done."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from command_lines import options_of
from conftest import ROOT
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from small_celeba import write_celeba

import facesearch
import train.evaluate
import train.fit
from facesearch.commands.naming import read_options
from train import distributed
from train.__main__ import COMMANDS, main

NO_NETWORK = """
import sys
def watch(event, details):
    if event == "socket.getaddrinfo" and not str(details[0]).startswith(("127.", "localhost")):
        raise OSError(f"no network for {details[0]}")
sys.addaudithook(watch)
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """A few drawn pictures as `celeba`, and weights for a very small backbone."""
    folder = tmp_path_factory.mktemp("commands")
    write_celeba(folder / "celeba", 60)
    torch.manual_seed(0)
    save_file(timm.create_model("test_resnet").state_dict(), folder / "weights.safetensors")
    return folder


def fit(small: Path, out: Path, *more: str) -> list[str]:
    return [
        *("fit", "--data", str(small / "celeba"), "--cache", str(small / "cache")),
        *("--backbone", "test_resnet", "--weights", str(small / "weights.safetensors")),
        *("--size", "32x32", "--epochs", "1", "--dim", "90", "--out", str(out), *more),
    ]


@pytest.fixture(scope="module")
def bundle(small) -> Path:
    assert main(fit(small, small / "bundle")) == 0
    return small / "bundle"


def test_a_bundle_tells_the_command_that_trains_it(small, bundle):
    told = shlex.split(facesearch.open_bundle(bundle).config.training["command"])
    assert told[:3] == ["python", "-m", "train"]
    assert told[3] == "fit"
    typed, again = (
        vars(read_options(train.fit, "", given[1:])) for given in (fit(small, bundle), told[3:])
    )
    assert {name for name in typed if typed[name] != again[name]} == {"cache", "out"}


def test_embed_and_evaluate_tell_commands_that_read_back(small, bundle, tmp_path, capsys):
    mine, out = tmp_path / "my faces", tmp_path / "with 'quotes'"
    mine.mkdir()
    Image.new("RGB", (40, 40)).save(mine / "me.png")
    cache = ["--cache", str(tmp_path / "cache")]
    assert (
        main(["embed", "--bundle", str(bundle), "--images", str(mine), *cache, "--out", str(out)])
        == 0
    )
    told = options_of(capsys.readouterr().out.split("Search it with: ")[1].strip())
    assert (told.bundle, told.images) == ([str(out)], str(mine))
    files = ["--json", str(tmp_path / "all.json"), "--png", str(tmp_path / "all.png")]
    given = ["--data", str(small / "celeba"), "--bundle", str(out), "--queries", "4", "--seed", "3"]
    assert main(["evaluate", *given, *cache, *files]) == 0
    told = options_of(json.loads((tmp_path / "all.json").read_text())["command"])
    typed = read_options(train.evaluate, "", given)
    assert vars(told) == {**vars(typed), "split": "test"}


def test_a_part_is_measured_alone_and_recorded_beside_what_was_measured(
    small, bundle, tmp_path, capsys
):
    again = tmp_path / "bundle"
    shutil.copytree(bundle, again)
    given = ["evaluate", "--data", str(small / "celeba"), "--bundle", str(again)]
    given += ["--queries", "4", "--cache", str(small / "cache"), "--damaged", "0"]
    given += ["--png", str(tmp_path / "all.png")]
    assert main([*given, "--only", "any-of", "--record"]) == 2
    assert "measure everything" in capsys.readouterr().err
    assert main([*given, "--no-baselines", "--record"]) == 0
    before = facesearch.open_bundle(again).config.results
    assert "any_of" in before
    assert main([*given, "--only", "any-of", "--seed", "1", "--record"]) == 0
    after = facesearch.open_bundle(again).config.results
    assert after["any_of"] != before["any_of"]
    assert {**after, "any_of": None} == {**before, "any_of": None}
    assert "asked in four ways" in (again / "README.md").read_text()


def test_all_steps_in_turn_in_two_processes_say_everything_once(small, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK)
    environment = {
        "FACESEARCH_CELEBA": str(small / "celeba"),
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "TORCH_HOME": str(tmp_path),
    }
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    done = subprocess.run(
        [*torchrun, "-m", "train"],
        cwd=tmp_path,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for line in (
        "All 60 images can be read.",
        "The weights of resnet50 can't be had here: using tf_efficientnet_lite0 instead.",
        "Wrote weights/trained. Search it",
        "queries over 20 images of the test split",
        "Each attribute alone",
    ):
        assert done.stdout.count(line) == 1, done.stdout
    shown = set(re.findall(r"train: 100%\|.*\| (\d+/\d+) ", done.stderr))
    assert shown == {"10/10"}  # half of the twenty, by the one process that shows it
    assert (tmp_path / "data" / "benchmark.png").exists()
    assert len(facesearch.open_bundle(tmp_path / "weights" / "trained")) == 20
    assert not list((tmp_path / "weights").glob(".*"))  # nothing half-written


def test_a_mistake_ends_in_one_sentence_and_status_two(capsys):
    assert main(["fit", "--data", "nowhere"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("error: --data: nowhere: no such folder.")
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_its_options(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "--" in said.split("options:")[1]
    assert " ".join(COMMANDS[command].split()) in " ".join(said.split())


def test_help_lists_the_commands_and_imports_none_of_them():
    script = (
        "import runpy, sys\n"
        "sys.argv = ['train', '--help']\n"
        "try: runpy.run_module('train', run_name='__main__', alter_sys=True)\n"
        "except SystemExit: print(sorted({'torch', 'gradio', 'train.fit'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert all(f"    {name} " in done.stdout for name in COMMANDS)
    assert done.stdout.endswith("\n[]\n")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--size", "224"], "'224': give height x width of 32 or more"),
        (["--seed", "-1"], "'-1': give a whole number from 0"),
        (["--recipe", "best"], "invalid choice: 'best'"),
    ],
)
def test_options_that_can_not_be_read_are_told_with_the_usage(
    small, tmp_path, capsys, more, sentence
):
    with pytest.raises(SystemExit) as ended:
        main(fit(small, tmp_path / "a", *more))
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--dim", "1"], "--dim 1: give 2 to 4096"),
        (["--backbone", "resnet51"], "'resnet51' is not a backbone"),
        (["--backbone", "resnet18"], "not the weights of this backbone"),
        (["--lr", "nan"], "--lr nan: give"),
    ],
)
def test_options_that_make_no_model_are_refused(small, tmp_path, capsys, more, sentence):
    assert main(fit(small, tmp_path / "a", *more)) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


def test_a_backbone_made_for_one_size_says_so(tmp_path, small, capsys):
    torch.manual_seed(0)
    network = timm.create_model("vit_tiny_patch16_224")
    save_file(network.state_dict(), tmp_path / "vit.safetensors")
    arguments = fit(small, tmp_path / "a", "--backbone", "vit_tiny_patch16_224", "--size", "64x64")
    arguments[arguments.index("--weights") + 1] = str(tmp_path / "vit.safetensors")
    assert main(arguments) == 2
    assert "can't read images of 64x64" in capsys.readouterr().err


def test_the_reference_without_its_weights_names_the_alternatives(
    small, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))

    def unreachable(*args: object, **options: object) -> None:
        raise OSError("network is unreachable")

    monkeypatch.setattr(torch.hub, "download_url_to_file", unreachable)
    data = ["--data", str(small / "celeba"), "--out", str(tmp_path / "a")]
    assert main(["fit", "--recipe", "reference", *data]) == 2
    assert "--weights FILE, or use --backbone tf_efficientnet_lite0" in capsys.readouterr().err


def test_fine_tuning_in_several_processes_needs_gpus(small, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(distributed, "size", lambda: 2)
    assert main(fit(small, tmp_path / "a", "--finetune")) == 2
    assert "--finetune in several processes needs GPUs" in capsys.readouterr().err


def test_photographs_none_of_which_can_be_read_are_no_data(small, tmp_path, capsys):
    write_celeba(tmp_path / "celeba", 12)
    for file in (tmp_path / "celeba" / "img_align_celeba").iterdir():
        file.write_bytes(b"")
    data = ["--data", str(tmp_path / "celeba")]
    assert main(fit(small, tmp_path / "a", *data)) == 2
    assert "Not one of 4 images can be read" in capsys.readouterr().err
    assert main(fit(small, tmp_path / "a", *data, "--finetune")) == 2
    assert "not one image of the train split is readable" in capsys.readouterr().err


def test_weights_from_a_file_travel_in_the_bundle_and_stay_as_they_were(small, bundle):
    network = timm.create_model("test_resnet", num_classes=0)
    with safe_open(bundle / "model.safetensors", "pt") as file:
        for name, tensor in network.state_dict().items():
            found = file.get_tensor(f"backbone.{name}")
            assert found.shape == tensor.shape
    with (
        safe_open(small / "weights.safetensors", "pt") as given,
        safe_open(bundle / "model.safetensors", "pt") as file,
    ):
        for name in network.state_dict():
            before = given.get_tensor(name)
            expected = before.half() if before.ndim > 1 else before
            assert torch.equal(file.get_tensor(f"backbone.{name}"), expected), name


def test_embed_replaces_a_bundles_gallery_in_place_and_keeps_its_model(small, bundle, tmp_path):
    assert main(fit(small, tmp_path / "a")) == 0
    model = (tmp_path / "a" / "model.safetensors").read_bytes()
    for i in range(3):
        pixels = np.random.default_rng(i).integers(0, 256, (40, 40, 3), np.uint8)
        (tmp_path / "mine").mkdir(exist_ok=True)
        Image.fromarray(pixels).save(tmp_path / "mine" / f"{i}.png")
    arguments = ["--images", str(tmp_path / "mine"), "--cache", str(tmp_path / "cache")]
    assert main(["embed", "--bundle", str(tmp_path / "a"), *arguments]) == 0
    assert facesearch.open_bundle(tmp_path / "a").names == ("0.png", "1.png", "2.png")
    assert (tmp_path / "a" / "model.safetensors").read_bytes() == model
    assert not list(tmp_path.glob(".*"))


def test_embed_does_not_lose_images_that_lie_in_the_bundle_it_replaces(bundle, tmp_path, capsys):
    bundle = shutil.copytree(bundle, tmp_path / "copy")
    mine = bundle / "images"
    mine.mkdir()
    Image.new("RGB", (40, 40)).save(mine / "me.png")
    arguments = ["--images", str(mine), "--cache", str(tmp_path / "cache")]
    assert main(["embed", "--bundle", str(bundle), *arguments]) == 2
    assert "the images would be lost" in capsys.readouterr().err
    assert main(["embed", "--bundle", str(bundle), *arguments, "--ship"]) == 0
    assert (bundle / "images" / "me.png").exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--images", "nowhere"], "nowhere: no such folder of images"),
        (["--bundle", "nowhere"], "nowhere: no such bundle"),
    ],
)
def test_embed_refuses_what_is_not_there(bundle, tmp_path, capsys, monkeypatch, more, sentence):
    monkeypatch.chdir(tmp_path)
    assert main(["embed", "--bundle", str(bundle), *more]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("command", ["fit", "embed"])
def test_celeba_is_not_shipped(small, bundle, tmp_path, capsys, command):
    out = tmp_path / "out"
    more = ["--bundle", str(bundle)] if command == "embed" else []
    data = ["--data", str(small / "celeba"), "--out", str(out), *more]
    assert main([command, *data, "--ship"]) == 2
    assert "CelebA's may not be passed on" in capsys.readouterr().err
    assert not out.exists()


def test_evaluate_refuses_what_it_can_not_measure(small, bundle, tmp_path, capsys):
    data = ["--data", str(small / "celeba"), "--bundle", str(bundle)]
    assert main(["evaluate", *data, "--queries", "0"]) == 2
    assert "--queries 0: give 1 or more" in capsys.readouterr().err
    write_celeba(tmp_path / "celeba", 12)
    few = ["--data", str(tmp_path / "celeba"), "--bundle", str(bundle)]
    assert main(["evaluate", *few, "--cache", str(tmp_path / "cache")]) == 2
    assert "4 labelled images are too few for the benchmark" in capsys.readouterr().err


def test_training_goes_on_from_a_bundle_and_the_card_names_both_commands(small, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    assert main(fit(small, first, "--finetune")) == 0
    told = facesearch.open_bundle(first).config.training["command"]
    start = ["fit", "--data", str(small / "celeba"), "--cache", str(small / "cache")]
    more = ["--start", str(first), "--finetune", "--epochs", "1", "--distil", "0.5"]
    assert main([*start, *more, "--out", str(second)]) == 0
    bundle = facesearch.open_bundle(second)
    assert bundle.config.training["start"] == {"bundle": str(first), "command": told}
    assert bundle.config.model["dim"] == 113  # forty attributes, twice, and 32 and 1
    card = (second / "README.md").read_text()
    assert told in card
    assert bundle.config.training["command"] in card
    before, after = (load_file(folder / "model.safetensors") for folder in (first, second))
    kernels = [name for name, tensor in before.items() if tensor.ndim == 4]
    assert len(kernels) > 5
    assert 0 < max((before[name] - after[name]).abs().max() for name in kernels) < 0.1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--start", "BUNDLE"], "--start goes on training a backbone: give --finetune"),
        (["--distil", "0.5"], "--distil and --blend need a bundle of --start"),
        (["--blend", "0.5"], "--distil and --blend need a bundle of --start"),
        (["--start", "BUNDLE", "--finetune"], "its backbone was not trained"),
    ],
)
def test_a_start_that_there_can_not_be_is_refused(small, bundle, tmp_path, capsys, more, sentence):
    more = [str(bundle) if word == "BUNDLE" else word for word in more]
    assert main(fit(small, tmp_path / "a", *more)) == 2
    assert sentence in capsys.readouterr().err
