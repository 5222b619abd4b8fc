"""A bundle that is taught an attribute: it works like any other, and stays in its folder."""

import copy
import json
import shutil

import numpy as np
import pytest

import facesearch
from facesearch import InputError, Query, parse
from facesearch.__main__ import main
from facesearch.bundle.contents import CONFIG
from facesearch.gallery.taught import GROUP, Taught

NAME = "Winter clothes"


@pytest.fixture
def folder(drawn_bundle, tmp_path):
    """A copy of the drawn bundle, which a test may change."""
    shutil.copytree(drawn_bundle, tmp_path / "bundle")
    return tmp_path / "bundle"


def marks(bundle, attribute="Wearing_Hat", n=8):
    """Names of faces with an attribute, and of faces without it."""
    column = bundle.vocabulary.index(attribute)
    labels = bundle.gallery.faces.labels[column]
    names = bundle.gallery.faces.names
    return tuple([names[row] for row in np.flatnonzero(labels == kind)[:n]] for kind in (1, 0))


def test_a_taught_attribute_is_ranked_counted_predicted_and_understood_like_any_other(bundle):
    bundle = copy.copy(bundle)
    like, unlike = marks(bundle)
    learned = bundle.teach(NAME, like, unlike, keep=False)
    assert bundle.vocabulary.names[-1] == NAME
    assert bundle.vocabulary.groups[GROUP] == (NAME,)
    column = bundle.vocabulary.index(NAME)
    vectors = bundle.gallery.vectors(range(len(bundle)))
    chance = 1 / (1 + np.exp(-(vectors @ learned.weight + learned.bias)))
    np.testing.assert_allclose(bundle.predict_attributes(vectors)[:, column], chance, rtol=1e-4)
    names = [bundle.gallery.faces.names[row] for row in np.argsort(-chance, kind="stable")]
    assert [hit.name for hit in bundle.search(bundle.query([NAME]), 10)] == names[:10]
    ranked = [hit.name for hit in bundle.search(bundle.query([], [NAME]), 10)]
    assert ranked == names[::-1][:10]
    assert bundle.counts(bundle.query()).wanted[column] == pytest.approx(chance.sum(), rel=1e-3)
    assert bundle.counts(bundle.query([NAME])).matching == pytest.approx(chance.sum(), rel=1e-3)
    assert bundle.face(like[0]).predicted[NAME] == pytest.approx(
        chance[bundle.gallery.find(like[0])], rel=1e-3
    )
    assert bundle.gallery.counted_from == "labels"  # those that have labels still do
    said = parse("winter clothes and no hat", bundle.vocabulary).query
    assert said == Query([NAME], ["Wearing_Hat"], vocabulary=bundle.vocabulary)


def test_it_is_weighed_as_a_single_attribute_beside_others_and_in_any_of(bundle):
    bundle = copy.copy(bundle)
    bundle.teach(NAME, *marks(bundle), keep=False)
    vectors = bundle.gallery.vectors(range(len(bundle)))
    chance = bundle.predict_attributes(vectors)
    taught, smiling = (bundle.vocabulary.index(name) for name in (NAME, "Smiling"))
    both = np.log(chance[:, taught]) + np.log(chance[:, smiling])
    found = [hit.name for hit in bundle.search(bundle.query([NAME, "Smiling"]), 20)]
    assert found == [bundle.gallery.faces.names[i] for i in np.argsort(-both, kind="stable")[:20]]
    either = 1 - (1 - chance[:, taught]) * (1 - chance[:, smiling])
    found = [hit.name for hit in bundle.search(bundle.query([(NAME, "Smiling")]), 20)]
    assert found == [bundle.gallery.faces.names[i] for i in np.argsort(-either, kind="stable")[:20]]


def test_what_is_taught_is_in_the_folder_and_only_there(folder):
    bundle = facesearch.open_bundle(folder)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    learned = bundle.teach(NAME, *marks(bundle))
    again = facesearch.open_bundle(folder)
    assert [each.as_json() for each in again.taught] == [learned.as_json()]
    assert again.vocabulary == bundle.vocabulary
    assert again.fingerprint != facesearch.open_bundle(folder).untaught.fingerprint
    found = [hit.name for hit in again.search(again.query([NAME]), 12)]
    assert found == [hit.name for hit in bundle.search(bundle.query([NAME]), 12)]
    for file, content in before.items():
        assert (file.read_bytes() == content) == (file.name != CONFIG)
    after = json.loads((folder / CONFIG).read_text())
    taught = after.pop("taught")
    assert after == json.loads(before[folder / CONFIG])
    assert len(taught) == 1
    with pytest.raises(InputError, match="already"):
        again.teach(NAME.upper(), *marks(bundle))
    with pytest.raises(InputError, match="already"):
        again.teach("wearing hat", *marks(bundle))


def test_another_model_refuses_what_was_taught_to_this_one(folder, portraits_bundle):
    learned = facesearch.open_bundle(folder).teach(NAME, *marks(facesearch.open_bundle(folder)))
    with pytest.raises(InputError, match="taught to another model"):
        portraits_bundle.with_taught([learned])
    config = json.loads((folder / CONFIG).read_text())
    config["taught"][0]["model"] = "0" * 16
    (folder / CONFIG).write_text(json.dumps(config))
    with pytest.raises(InputError, match=r"config.json.*taught to another model"):
        facesearch.open_bundle(folder)


@pytest.mark.parametrize("taught", [3, {}, [3], [{"name": "x"}], ["x" * 1000]])
def test_a_damaged_list_of_them_is_said_when_a_bundle_is_opened(folder, taught):
    config = json.loads((folder / CONFIG).read_text())
    (folder / CONFIG).write_text(json.dumps(config | {"taught": taught}))
    with pytest.raises(InputError, match=r"config.json: .*taught"):
        facesearch.open_bundle(folder)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("x", ["000.png", "001.png"]), "show 3 or more"),
        (("x", "000.png"), "give a list"),
        (("", ["000.png"] * 3), "needs letters"),
        (("x", ["000.png", "001.png", "gone.png"]), "There is no face 'gone.png'"),
        (("x", ["000.png", "001.png", "002.png"], ["001.png"]), "'001.png' is shown as a face"),
    ],
)
def test_what_can_not_be_taught_is_said_in_a_sentence(bundle, arguments, sentence):
    with pytest.raises(InputError, match=sentence):
        bundle.learn(*arguments)


def test_no_vector_asks_for_a_taught_attribute(bundle):
    bundle = copy.copy(bundle)
    bundle.teach(NAME, *marks(bundle), keep=False)
    with pytest.raises(InputError, match="taught by example"):
        bundle.encode_query(bundle.query([NAME]))


def test_the_command_teaches_from_lists_of_faces_and_loads_what_was_saved(
    folder, tmp_path, capsys, drawn_bundle
):
    like, unlike = marks(facesearch.open_bundle(folder))
    (tmp_path / "like.txt").write_text("\n".join([*like, ""]))
    (tmp_path / "unlike.txt").write_text("\n".join(unlike))
    files = ["--like", str(tmp_path / "like.txt"), "--unlike", str(tmp_path / "unlike.txt")]
    assert main(["teach", "--bundle", str(folder), "--name", NAME, *files]) == 0
    assert "8 faces with it, 8 without" in capsys.readouterr().out
    learned = facesearch.open_bundle(folder).taught[0]
    saved = tmp_path / "taught.json"
    saved.write_text(json.dumps({"taught": [learned.as_json()]}))
    other = tmp_path / "other"
    shutil.copytree(drawn_bundle, other)
    assert main(["teach", "--bundle", str(other), "--load", str(saved)]) == 0
    assert facesearch.open_bundle(other).taught[0].as_json() == learned.as_json()
    assert main(["search", NAME.lower(), "--bundle", str(other), "-k", "3"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == f"with {NAME}"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "what is to be taught"),
        (["--name", "x", "--like", "gone.txt"], "can't be read"),
        (["--name", "x", "--like", "two.txt"], "show 3 or more"),
        (["--name", "x", "--like", "odd.txt"], "neither a face of this bundle nor a picture"),
        (["--load", "two.txt"], "no JSON"),
        (["--load", "two.txt", "--name", "x"], "leave the others out"),
    ],
)
def test_the_command_says_mistakes_in_a_sentence(
    folder, tmp_path, capsys, monkeypatch, options, sentence
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.txt").write_text("000.png\n001.png\n")
    (tmp_path / "odd.txt").write_text("nobody.png\n")
    assert main(["teach", "--bundle", str(folder), *options]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert said.count("\n") == 1


def test_an_attribute_without_all_its_facts_is_none():
    with pytest.raises(InputError, match="no taught attribute"):
        Taught.from_json({"name": NAME})
