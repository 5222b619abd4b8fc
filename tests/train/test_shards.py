"""A gallery embedded in shards and merged is the one that a single run embeds."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import save_file
from small_celeba import write_celeba

import train.embed
from facesearch import InputError, Query, open_bundle
from facesearch.__main__ import main as facesearch_main
from facesearch.bundle.contents import CARD, CONFIG, FACES, GALLERY, MODEL
from facesearch.bundle.merging import merge
from train.__main__ import main
from train.learning import loop

SHARDS = 3


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with pictures of which one can't be read, a model, one run's bundle, and shards."""
    folder = tmp_path_factory.mktemp("shards")
    write_celeba(folder / "celeba", 60)
    torch.manual_seed(0)
    save_file(timm.create_model("test_resnet").state_dict(), folder / "weights.safetensors")
    fit = [
        *("fit", "--data", str(folder / "celeba"), "--cache", str(folder / "cache")),
        *("--backbone", "test_resnet", "--weights", str(folder / "weights.safetensors")),
        *("--size", "32x32", "--epochs", "1", "--dim", "90", "--out", str(folder / "model")),
    ]
    assert main(fit) == 0
    pictures = sorted((folder / "celeba").rglob("*.jpg"))
    mine = folder / "mine"
    mine.mkdir()
    for number, picture in enumerate(pictures):
        shutil.copy(picture, mine / f"{number:03}.jpg")
    (mine / "020.jpg").write_bytes(b"no picture")
    with small_batches():
        embed(folder, folder / "whole", "--ship")
        for number in range(1, SHARDS + 1):
            embed(folder, folder / str(number), "--ship", "--shard", f"{number}/{SHARDS}")
    return folder


@contextmanager
def small_batches() -> Iterator[None]:
    """Meanwhile batches are so small that several end within each shard."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (loop, train.embed):
            patch.setattr(module, "BATCH", 8)
        yield


def embed(folder: Path, out: Path, *more: str) -> None:
    asked = ["--bundle", str(folder / "model"), "--images", str(folder / "mine")]
    cache = ["--cache", str(folder / f"cache-{out.name}"), "--name", "mine"]
    assert main(["embed", *asked, *cache, "--out", str(out), *more]) == 0


def shards(made: Path) -> list[str]:
    return [str(made / str(number)) for number in (2, 3, 1)]


def test_the_bundle_is_that_of_one_run(made, tmp_path, capsys):
    out = tmp_path / "whole"
    assert facesearch_main(["merge", *shards(made), "--out", str(out)]) == 0
    assert "with 59 faces" in capsys.readouterr().out
    for file in (MODEL, FACES, GALLERY, CARD, CONFIG):
        assert (out / file).read_bytes() == (made / "whole" / file).read_bytes(), file
    merged, one = open_bundle(out), open_bundle(made / "whole")
    assert list(merged.names) == list(one.names)
    assert merged.gallery.find("059.jpg") == 58
    for query in (Query(["Smiling"]), Query([("Black_Hair", "Bald")], ["Male"]), Query()):
        assert merged.search(query, 59) == one.search(query, 59)
    pictures = [sorted(each.image_dir.iterdir()) for each in (merged, one)]
    assert [each.name for each in pictures[0]] == [each.name for each in pictures[1]]
    sizes = [len(open_bundle(each).names) for each in shards(made)]
    assert sum(sizes) == 59
    assert min(sizes) > 10


def test_no_more_than_a_column_is_in_memory(made, tmp_path, monkeypatch):
    def need(*_):
        raise AssertionError("all columns were asked for at once")

    monkeypatch.setattr("facesearch.gallery.columns.Columns.need", need)
    assert merge(shards(made), tmp_path / "out") == 59


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["1", "3"], "Of 3 shards one is missing: 2. Make it with: python -m train embed"),
        (["2"], "Of 3 shards 2 are missing: 1, 3."),
        (["1", "2", "3", "2"], r"is shard 2 of 3, and so is .*2\. Give each shard once"),
        (["1", "whole"], "whole: is no shard"),
        (["1", "2", "model"], "model: is no shard"),
        (["1", "nowhere"], "nowhere"),
    ],
)
def test_missing_doubled_and_other_bundles_are_refused(made, tmp_path, given, sentence):
    with pytest.raises(InputError, match=sentence):
        merge([made / each for each in given], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_shards_of_other_models_and_of_other_lists_are_refused(made, tmp_path):
    for name, change in (("model", b'"model": {'), ("list", b'"list": "')):
        other = tmp_path / name
        shutil.copytree(made / "2", other)
        config = (other / CONFIG).read_bytes()
        assert change in config
        fresh = b'"more": 1,' if name == "model" else b"0"
        (other / CONFIG).write_bytes(config.replace(change, change + fresh, 1))
    given = [made / "1", made / "3"]
    with pytest.raises(InputError, match="was embedded by another model than"):
        merge([*given, tmp_path / "model"], tmp_path / "out")
    with pytest.raises(InputError, match="is a shard of another list of images than"):
        merge([*given, tmp_path / "list"], tmp_path / "out")


def test_a_damaged_shard_is_refused_and_leaves_nothing(made, tmp_path):
    shutil.copytree(made / "2", tmp_path / "2")
    with (tmp_path / "2" / GALLERY).open("r+b") as stream:
        stream.seek(-9, 2)
        stream.write(b"x")
    with pytest.raises(InputError, match="column 112 is not what its checksum says"):
        merge([made / "1", tmp_path / "2", made / "3"], tmp_path / "out")
    assert [each.name for each in tmp_path.iterdir()] == ["2"]


def test_a_stopped_shard_goes_on_with_what_it_has(made, tmp_path, monkeypatch, capsys):
    """The second run computes no feature that the first one had."""
    asked = ["embed", "--bundle", str(made / "model"), "--images", str(made / "mine")]
    asked += ["--cache", str(made / "cache-1"), "--name", "mine", "--shard", f"1/{SHARDS}"]

    def compute(*_):
        raise AssertionError("computed again")

    monkeypatch.setattr("facesearch.vision.encoder.FeatureExtractor.__call__", compute)
    with small_batches():
        assert main([*asked, "--out", str(tmp_path / "1")]) == 0
    assert "With all shards: python -m facesearch merge" in capsys.readouterr().out
    theirs = open_bundle(made / "1").gallery.columns.need()
    np.testing.assert_array_equal(open_bundle(tmp_path / "1").gallery.columns.need(), theirs)


@pytest.mark.parametrize("asked", ["3", "0/3", "4/3", "a/b", "1/", "-1/3", "1/9999"])
def test_what_is_no_shard_is_a_sentence(made, tmp_path, asked, capsys):
    given = ["embed", "--bundle", str(made / "model"), "--images", str(made / "mine")]
    assert main([*given, f"--shard={asked}", "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert re.search("give a number and of how many|there are only 60 images", said)
