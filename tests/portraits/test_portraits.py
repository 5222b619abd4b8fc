"""Drawn portraits: what may be together, what is seen, and the folder that is written."""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facesearch.attributes import ATTRIBUTES
from facesearch.errors import InputError
from portraits import add_arguments, run, write_dataset
from portraits.drawing import draw
from portraits.frequencies import latent_model, normal_quantile, read_table
from portraits.render import SIZE, encode, render
from portraits.sheet import PAIRS, draw_sheet, pair_images
from portraits.traits import DRAWN, contradictions, sample

PEOPLE = 2000


@pytest.fixture(scope="module")
def people():
    return [sample(0, index) for index in range(PEOPLE)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("drawn") / "portraits"
    write_dataset(out, 9, 3, valid=2, test=3)
    return out


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# Whom to draw


def test_no_person_has_traits_that_contradict_each_other(people):
    assert [found for person in people if (found := contradictions(person.on))] == []


def test_contradictions_are_named():
    found = contradictions(frozenset({"Bald", "Bangs", "No_Beard", "Male", "Goatee"}))
    assert found == ["Bald with Bangs", "No_Beard with Goatee"]
    assert contradictions(frozenset({"Male", "Goatee", "Mustache"})) == []


def test_each_drawn_attribute_is_on_and_off_in_at_least_five_percent(people):
    for name in DRAWN:
        share = np.mean([name in person.on for person in people])
        assert 0.05 <= share <= 0.95, f"{name} is on in {share:.1%}"


def test_labels_say_what_is_drawn_and_that_beauty_is_unknown(people):
    for person in people[:50]:
        assert tuple(person.labels) == ATTRIBUTES
        assert person.labels["Attractive"] == -1
        assert {name for name, value in person.labels.items() if value == 1} == person.on


def test_pairs_of_attributes_occur_nearly_as_often_as_in_the_table(people):
    shares = read_table()
    for a, b in (("Male", "Wearing_Lipstick"), ("Heavy_Makeup", "Young"), ("Smiling", "Male")):
        expected = shares[ATTRIBUTES.index(a), ATTRIBUTES.index(b)]
        share = np.mean([a in person.on and b in person.on for person in people])
        assert share == pytest.approx(expected, abs=0.06), (a, b)


def test_the_latent_model_reproduces_the_whole_table():
    marginals, root = latent_model()
    normals = np.random.default_rng(1).standard_normal((20_000, 40)) @ root.T
    on = (normals < normal_quantile(marginals)).astype(float)
    assert np.abs(on.T @ on / len(on) - read_table()).max() < 0.03


def test_a_person_depends_on_seed_and_number_alone():
    assert sample(4, 17) == sample(4, 17)
    assert sample(4, 17) != sample(5, 17)
    assert sample(4, 17) != sample(4, 18)


# What is seen


def test_every_drawn_attribute_has_a_pair():
    assert set(PAIRS) == set(DRAWN)
    for name, pair in PAIRS.items():
        without, with_it = pair.traits(name)
        assert name not in without.on
        assert name in with_it.on
        assert contradictions(without.on) == contradictions(with_it.on) == []


@pytest.mark.parametrize("name", DRAWN)
def test_an_attribute_is_seen_in_its_place_and_hardly_anywhere_else(name):
    without, with_it = (np.asarray(image, float) for image in pair_images(name))
    change = np.abs(without - with_it).mean(axis=2)
    left, top, right, bottom = PAIRS[name].box
    inside = np.zeros(change.shape, bool)
    inside[top:bottom, left:right] = True
    assert change[inside].mean() >= PAIRS[name].contrast
    assert change[~inside].sum() <= 0.02 * change.sum()


def test_a_pair_differs_also_at_the_size_of_a_tile():
    for name in DRAWN:
        without, with_it = (
            np.asarray(image.resize((96, 96)), float) for image in pair_images(name)
        )
        assert np.abs(without - with_it).max() > 20, name


def test_the_sheet_has_every_pair_and_is_a_small_file(tmp_path):
    draw_sheet(tmp_path / "sheet.png", tile=24)
    assert [path.name for path in tmp_path.iterdir()] == ["sheet.png"]
    shipped = Path(__file__).parents[2] / "docs" / "portraits.png"
    assert shipped.stat().st_size < 2_000_000
    with Image.open(shipped) as image:
        assert image.format == "PNG"


def test_portraits_of_different_people_differ():
    images = [np.asarray(render(draw(sample(0, index))), float) for index in range(20)]
    for i, a in enumerate(images):
        for b in images[:i]:
            assert np.abs(a - b).mean() > 5


def test_a_portrait_has_no_transparent_or_blank_part():
    image = render(draw(sample(0, 2)))
    assert (image.size, image.mode) == ((SIZE, SIZE), "RGB")
    assert np.asarray(image).std(axis=(0, 1)).min() > 10


def test_two_thousand_portraits_take_twelve_megabytes_at_most():
    sizes = [len(encode(render(draw(sample(0, index))))) for index in range(30)]
    assert np.mean(sizes) * 2000 < 12e6


# The folder


def test_the_folder_has_images_labels_and_split(folder):
    names = [f"{number:06d}.webp" for number in range(1, 10)]
    assert sorted(path.name for path in (folder / "images").iterdir()) == names
    with Image.open(folder / "images" / names[0]) as image:
        assert (image.format, image.size) == ("WEBP", (SIZE, SIZE))
    lines = (folder / "list_attr_celeba.txt").read_text().splitlines()
    assert lines[0] == "9"
    assert tuple(lines[1].split()) == ATTRIBUTES
    for index, (name, line) in enumerate(zip(names, lines[2:], strict=True)):
        file, *values = line.split()
        assert file == name
        on = {a for a, value in zip(ATTRIBUTES, values, strict=True) if value == "1"}
        assert on == sample(3, index).on
        assert [a for a, value in zip(ATTRIBUTES, values, strict=True) if value == "0"] == [
            "Attractive"
        ]
    split = (folder / "list_eval_partition.txt").read_text().splitlines()
    assert split == [f"{n} {s}" for n, s in zip(names, "000011222", strict=True)]


def test_files_are_the_same_bytes_whatever_the_number_of_workers(folder, tmp_path):
    write_dataset(tmp_path / "again", 9, 3, valid=2, test=3, workers=2)
    assert hashes(tmp_path / "again") == hashes(folder)


def test_the_command_draws_with_its_defaults(tmp_path, capsys):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    run(parser.parse_args(["--count", "3", "--out", str(tmp_path / "drawn")]))
    assert len(list((tmp_path / "drawn" / "images").iterdir())) == 3
    assert (tmp_path / "drawn" / "list_eval_partition.txt").read_text().count(" 0\n") == 3
    assert "3 portraits" in capsys.readouterr().out


def test_no_two_files_are_alike(folder):
    images = [digest for name, digest in hashes(folder).items() if name.startswith("images")]
    assert len(set(images)) == len(images)


def test_a_folder_with_files_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(InputError, match="has files in it: name a new or empty folder"):
        write_dataset(tmp_path, 1, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_file_in_the_folders_place_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file: name a new folder"):
        write_dataset(tmp_path / "file", 1, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"count": 0}, "count is 0: ask for 1 to 999999 portraits"),
        ({"count": 1_000_000}, "count is 1000000"),
        ({"seed": -1}, "seed is -1"),
        ({"workers": -2}, "workers is -2"),
        ({"valid": 3, "test": 3}, "valid 3 and test 3 don't fit into 5 portraits"),
        ({"test": -1}, "each is 0 or more"),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        write_dataset(tmp_path / "out", **{"count": 5, "seed": 0, **options})
    assert not (tmp_path / "out").exists()


def test_nothing_is_left_when_drawing_fails(tmp_path, monkeypatch):
    monkeypatch.setattr("portraits.dataset.draw", lambda traits: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_dataset(tmp_path / "out", 2, 0)
    assert list(tmp_path.iterdir()) == []
