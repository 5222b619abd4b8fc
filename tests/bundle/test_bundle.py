"""Bundles written, opened, and refused with a sentence for each way in which they can be broken."""

import hashlib
import json
import pickle
import re
import shutil

import numpy as np
import pytest
from conftest import bundle_parts
from safetensors.numpy import load_file, save_file

import facesearch
from facesearch import InputError, Query
from facesearch.bundle import open_bundle, write_bundle, writing
from facesearch.bundle.contents import sha256
from facesearch.gallery import Faces
from facesearch.gallery.faces import _packed
from facesearch.gallery.texts import Texts


@pytest.fixture
def broken(drawn_bundle, tmp_path):
    """A copy of the drawn bundle, to be broken."""
    shutil.copytree(drawn_bundle, tmp_path / "bundle")
    return tmp_path / "bundle"


def edit_config(path, **changes):
    config = json.loads((path / "config.json").read_text())
    (path / "config.json").write_text(json.dumps(config | changes))


def accept_checksums(path):
    """Write the checksums anew, so that what lies behind them is what is tested."""
    names = ("model.safetensors", "faces.safetensors")
    columns = load_file(path / "gallery.safetensors")["embeddings"]
    edit_config(
        path,
        sha256={name: sha256(path / name) for name in names},
        columns=[hashlib.sha256(column.tobytes()).hexdigest() for column in columns],
    )


def edit_tensors(path, file, change):
    tensors = load_file(path / file)
    change(tensors)
    save_file(tensors, path / file)
    accept_checksums(path)


def refused(path, message):
    """Refused when it is opened, or when its embeddings are first read."""
    with pytest.raises(InputError, match=message):
        open_bundle(path).gallery.columns.need()


class TestOpened:
    def test_holds_what_was_written(self, drawn_bundle):
        config, _, gallery = bundle_parts()
        bundle = open_bundle(drawn_bundle)
        assert len(bundle) == 60
        assert bundle.config == config
        assert bundle.names == gallery.names
        np.testing.assert_array_equal(bundle.gallery.columns.need().T, gallery.embeddings)
        np.testing.assert_allclose(bundle.gallery.predicted().T, gallery.probabilities, atol=1e-4)
        np.testing.assert_array_equal(bundle.gallery.faces.labels.T, gallery.labels)
        assert bundle.image_dir == drawn_bundle / "images"

    def test_needs_neither_labels_nor_images(self, tmp_path):
        config, tensors, gallery = bundle_parts(5)
        bare = Faces.named(gallery.names)
        write_bundle(tmp_path / "b", config, tensors, bare, gallery.embeddings, "# Card\n")
        bundle = open_bundle(tmp_path / "b")
        assert bundle.gallery.faces.labels is None
        assert bundle.image_dir is None
        assert (tmp_path / "b" / "README.md").read_text() == "# Card\n"

    def test_search_ranks_by_the_cosine_between_query_and_image(self, drawn_bundle):
        bundle = open_bundle(drawn_bundle)
        query = Query(["Smiling", "Young"], ["Male"])
        vector = bundle.encode_query(query)
        assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
        hits = bundle.search(query, k=60)
        slow = sorted(
            zip(bundle.gallery.columns.need().T @ vector, bundle.names, strict=True),
            key=lambda pair: (-pair[0], pair[1]),
        )
        assert [hit.name for hit in hits] == [name for _, name in slow]
        assert [hit.rank for hit in hits] == list(range(1, 61))
        assert hits[0].score == pytest.approx(float(slow[0][0]))

    def test_an_empty_query_is_the_gallerys_mean_direction(self, drawn_bundle):
        bundle = open_bundle(drawn_bundle)
        mean = bundle.gallery.columns.need().T.mean(axis=0)
        assert bundle.encode_query(Query()) == pytest.approx(mean / np.linalg.norm(mean))

    def test_predicts_the_gallerys_attributes_from_its_vectors(self, drawn_bundle):
        bundle = open_bundle(drawn_bundle)
        predicted = bundle.predict_attributes(bundle.gallery.columns.need().T)
        assert predicted.shape == (60, 40)
        # The drawn rows hold log p and log (1 - p), whose difference is the readout's logit.
        np.testing.assert_allclose(predicted, bundle.gallery.predicted().T, atol=0.02)
        with pytest.raises(InputError, match=r"shape \(3,\): give \(N, 81\)"):
            bundle.predict_attributes(np.zeros(3))

    def test_images_may_be_elsewhere(self, drawn_bundle, tmp_path):
        assert open_bundle(drawn_bundle, images=tmp_path).image_dir == tmp_path
        with pytest.raises(InputError, match="no such folder of images"):
            open_bundle(drawn_bundle, images=tmp_path / "nowhere")

    def test_one_image_in_place_of_a_list_is_refused(self, drawn_bundle):
        with pytest.raises(InputError, match="takes a list"):
            open_bundle(drawn_bundle).encode_images("face.jpg")

    def test_the_public_names_are_those_of_the_contract(self):
        assert {"ATTRIBUTES", "Query", "Hit", "open_bundle"} <= set(facesearch.__all__)


def put_names(path, names):
    edit_tensors(path, "faces.safetensors", lambda t: t.update(_packed("names", Texts.pack(names))))


def write_version_1(path, n=60):
    """The drawn bundle as facesearch 0.1 wrote it."""
    config, tensors, drawn = bundle_parts(n)
    path.mkdir()
    save_file(tensors, path / "model.safetensors")
    arrays = {
        "embeddings": drawn.embeddings.astype(np.float16),
        "probabilities": drawn.probabilities.astype(np.float16),
        "labels": drawn.labels,
    }
    save_file(arrays, path / "gallery.safetensors")
    (path / "gallery.txt").write_text("".join(f"{name}\n" for name in drawn.names))
    whole = {
        "format_version": 1,
        "attributes": list(facesearch.ATTRIBUTES),
        "model": config.model,
        "dataset": config.dataset,
        "training": {},
        "results": {},
    }
    names = ("model.safetensors", "gallery.safetensors", "gallery.txt")
    whole["sha256"] = {name: sha256(path / name) for name in names}
    (path / "config.json").write_text(json.dumps(whole))
    return path


class TestFormat1:
    def test_still_opens_and_answers_as_before(self, tmp_path, drawn_bundle):
        old, new = open_bundle(write_version_1(tmp_path / "old")), open_bundle(drawn_bundle)
        assert old.names == new.names
        assert old.vocabulary == new.vocabulary
        query = Query(["Smiling", "Young"], ["Male"])
        ranked = [[hit.name for hit in bundle.search(query, 10)] for bundle in (old, new)]
        assert ranked[0][:3] == ranked[1][:3]  # embeddings were in half precision
        assert old.counts(query).matching == new.counts(query).matching

    def test_attributes_in_another_order_are_refused(self, tmp_path):
        path = write_version_1(tmp_path / "old")
        edit_config(path, attributes=list(reversed(facesearch.ATTRIBUTES)))
        refused(path, "not the forty of CelebA in CelebA's order")

    @pytest.mark.parametrize("file", ["gallery.safetensors", "gallery.txt"])
    def test_a_changed_byte_shows_in_the_checksum(self, tmp_path, file):
        path = write_version_1(tmp_path / "old")
        content = bytearray((path / file).read_bytes())
        content[len(content) // 2] ^= 1
        (path / file).write_bytes(content)
        refused(path, f"{file}: its checksum is not the one in config.json")

    def test_a_row_with_nan_or_no_unit_length_is_named(self, tmp_path):
        for value, message in ((np.nan, "row 7 holds NaN"), (1.5, "row 7 has length 1.5")):
            path = write_version_1(tmp_path / str(value))
            arrays = load_file(path / "gallery.safetensors")
            arrays["embeddings"][7, 80] = value
            save_file(arrays, path / "gallery.safetensors")
            names = ("model.safetensors", "gallery.safetensors", "gallery.txt")
            edit_config(path, sha256={name: sha256(path / name) for name in names})
            refused(path, message)


class TestBroken:
    @pytest.mark.parametrize(
        "file", ["config.json", "model.safetensors", "gallery.safetensors", "faces.safetensors"]
    )
    def test_a_missing_file_is_named(self, broken, file):
        (broken / file).unlink()
        refused(broken, f"{file} is missing|has no {file}")

    @pytest.mark.parametrize("file", ["model.safetensors", "faces.safetensors"])
    def test_a_changed_byte_shows_in_the_checksum(self, broken, file):
        content = bytearray((broken / file).read_bytes())
        content[len(content) // 2] ^= 1
        (broken / file).write_bytes(content)
        refused(broken, f"{file}: its checksum is not the one in config.json")

    def test_a_changed_byte_of_a_column_shows_when_it_is_first_read(self, broken):
        content = bytearray((broken / "gallery.safetensors").read_bytes())
        content[-60 * 4 * 3] ^= 1  # in the last column but two
        (broken / "gallery.safetensors").write_bytes(content)
        columns = open_bundle(broken).gallery.columns
        columns.need(range(78))
        with pytest.raises(InputError, match=r"column 78 is not what its checksum says"):
            columns.need()

    def test_truncated_embeddings_are_refused_at_once(self, broken):
        content = (broken / "gallery.safetensors").read_bytes()
        (broken / "gallery.safetensors").write_bytes(content[: len(content) // 2])
        refused(broken, "gallery.safetensors: not a whole safetensors file")

    @pytest.mark.parametrize("file", ["model.safetensors", "faces.safetensors"])
    def test_a_truncated_file_is_refused_even_under_its_own_checksum(self, broken, file):
        content = (broken / file).read_bytes()
        (broken / file).write_bytes(content[: len(content) // 2])
        refused(broken, "truncated or changed")
        accept_checksums(broken)
        refused(broken, f"{file}: not a whole safetensors file")

    def test_a_checksum_left_out_is_refused(self, broken):
        edit_config(broken, sha256={})
        refused(broken, "no checksum for model.safetensors")

    def test_a_newer_format_asks_for_an_update(self, broken):
        edit_config(broken, format_version=3)
        refused(broken, "format 3, and this facesearch reads up to 2. Update facesearch")

    @pytest.mark.parametrize("vocabulary", [None, {"names": ["a"]}, {"names": "Male"}])
    def test_a_vocabulary_that_is_none_is_refused(self, broken, vocabulary):
        edit_config(broken, vocabulary=vocabulary)
        refused(broken, "config.json: .*[Vv]ocabulary.* Fetch or train the bundle again")

    def test_a_vocabulary_of_another_size_is_refused(self, broken):
        edit_config(broken, vocabulary={"names": ["a", "b"]})
        refused(broken, r"attributes.0.weight has shape \(80, 40\), expected \(80, 2\)")

    @pytest.mark.parametrize("content", ["{", "[]", "{}", '{"format_version": "1"}'])
    def test_a_config_that_is_none_is_refused(self, broken, content):
        (broken / "config.json").write_text(content)
        refused(broken, "not valid JSON|has no format_version")

    @pytest.mark.parametrize("key", ["model", "dataset", "training", "results", "sha256"])
    def test_a_part_of_the_config_that_is_missing_is_named(self, broken, key):
        edit_config(broken, **{key: None})
        refused(broken, f"'{key}' is missing or damaged")

    @pytest.mark.parametrize("key", ["dim", "query_hidden", "signed_queries"])
    def test_a_size_that_is_missing_is_named(self, broken, key):
        model = json.loads((broken / "config.json").read_text())["model"]
        edit_config(broken, model=model | {key: "?"})
        refused(broken, f"'model' has no {key}")

    @pytest.mark.parametrize("value", [np.nan, np.inf, 1.5])
    def test_a_row_that_is_no_unit_vector_is_named(self, broken, value):
        def spoil(tensors):
            tensors["embeddings"][3, 7] = value

        edit_tensors(broken, "gallery.safetensors", spoil)
        refused(broken, "row 7 holds .* in column 3; rows must be unit vectors")

    def test_a_row_count_other_than_the_names_is_refused(self, broken):
        put_names(broken, [f"{row}.png" for row in range(59)])
        refused(broken, r"labels are int8 \(40, 60\), expected int8 \(40, 59\)")
        edit_tensors(broken, "faces.safetensors", lambda tensors: tensors.pop("labels"))
        refused(broken, r"embeddings is F32 \(81, 60\), expected F32 \(81, 59\)")

    @pytest.mark.parametrize(
        "name",
        ["../secret.png", "/etc/passwd", "a\\..\\b.png", "", "a/../b", "C:/b", "a\0b", "a//b"],
    )
    def test_a_name_that_leaves_the_folder_of_images_is_refused(self, broken, name):
        put_names(broken, [name, *(f"{row}.png" for row in range(59))])
        refused(broken, re.escape(f"{name!r} is not a name below the folder of images"))

    def test_labels_out_of_range_are_refused(self, broken):
        edit_tensors(broken, "faces.safetensors", lambda t: t["labels"].fill(2))
        refused(broken, "labels must be 1, 0 or -1")

    def test_a_tensor_of_another_shape_missing_or_unknown_is_named(self, broken):
        def reshape(tensors):
            tensors["readout.bias"] = tensors["readout.bias"][:39]

        edit_tensors(broken, "model.safetensors", reshape)
        refused(broken, r"readout.bias has shape \(39,\), expected \(40,\)")
        edit_tensors(broken, "model.safetensors", lambda tensors: tensors.pop("readout.bias"))
        refused(broken, "tensor readout.bias is missing")

    def test_a_tensor_of_faces_that_is_missing_is_named(self, broken):
        edit_tensors(broken, "faces.safetensors", lambda tensors: tensors.pop("names.ends"))
        refused(broken, "tensor names.ends is missing")
        edit_tensors(broken, "faces.safetensors", lambda tensors: tensors.pop("mean"))
        refused(broken, "mean is missing")

    def test_a_pickle_is_never_opened(self, tmp_path):
        class Trap:
            def __reduce__(self):
                return (open, (str(tmp_path / "sprung"), "w"))

        folder = tmp_path / "weights"
        folder.mkdir()
        (folder / "model.pt").write_bytes(pickle.dumps(Trap()))
        refused(folder, "model.pt is a pickle, which is never opened")
        refused(folder / "model.pt", "no such bundle; give a bundle's folder")
        assert not (tmp_path / "sprung").exists()

    def test_a_pickle_under_a_tensor_files_name_is_refused(self, broken):
        (broken / "model.safetensors").write_bytes(pickle.dumps({"weights": 1}))
        accept_checksums(broken)
        refused(broken, "model.safetensors: not a whole safetensors file")

    @pytest.mark.parametrize("source", ["nowhere", "./a/b", "a/b/c", "/no/such/place"])
    def test_a_place_that_is_not_there_is_refused_without_asking_the_hub(self, source):
        refused(source, "no such bundle; give a bundle's folder, or a Hugging Face Hub repository")


class TestWritten:
    def test_replaces_a_bundle_and_leaves_nothing_beside_it(self, tmp_path):
        for n in (4, 6):
            config, tensors, gallery = bundle_parts(n)
            write_bundle(tmp_path / "b", config, tensors, gallery.faces, gallery.embeddings, "")
            assert len(open_bundle(tmp_path / "b")) == n
        assert [path.name for path in tmp_path.iterdir()] == ["b"]

    def test_a_failure_half_way_leaves_the_old_bundle(self, tmp_path, monkeypatch):
        config, tensors, gallery = bundle_parts(4)
        write_bundle(tmp_path / "b", config, tensors, gallery.faces, gallery.embeddings, "")

        def full(*_):
            raise OSError("No space left on device")

        monkeypatch.setattr(writing, "sha256", full)
        config, tensors, gallery = bundle_parts(6)
        with pytest.raises(InputError, match="No space left"):
            write_bundle(tmp_path / "b", config, tensors, gallery.faces, gallery.embeddings, "")
        monkeypatch.undo()
        assert len(open_bundle(tmp_path / "b")) == 4
        assert [path.name for path in tmp_path.iterdir()] == ["b"]

    def test_a_name_that_could_not_be_opened_again_is_never_written(self, tmp_path):
        config, tensors, gallery = bundle_parts(3)
        for names, message in (
            (("a.png", "b/../c.png", "d.png"), "'b/../c.png' is not a name below"),
            (("a.png", "b.png", "a.png"), "Two faces are named 'a.png'"),
        ):
            faces = Faces.named(names)
            with pytest.raises(InputError, match=message):
                write_bundle(tmp_path / "b", config, tensors, faces, gallery.embeddings, "")
        assert list(tmp_path.iterdir()) == []

    def test_names_of_any_characters_come_back(self, tmp_path):
        names = ("a\nb.png", "\u2028.png", "c\r.png")
        config, tensors, gallery = bundle_parts(3)
        faces = Faces.named(names)
        write_bundle(tmp_path / "b", config, tensors, faces, gallery.embeddings, "")
        assert open_bundle(tmp_path / "b").names == names

    def test_rows_of_another_length_or_number_are_never_written(self, tmp_path):
        config, tensors, gallery = bundle_parts(3)
        for rows, message in (
            (gallery.embeddings * 1.01, "'000.png' has length 1.010"),
            (gallery.embeddings[:2], "3 faces with 2 embeddings"),
        ):
            with pytest.raises(InputError, match=message):
                write_bundle(tmp_path / "b", config, tensors, gallery.faces, rows, "")

    def test_never_overwrites_what_is_not_a_bundle(self, tmp_path):
        config, tensors, gallery = bundle_parts(2)
        (tmp_path / "thesis").mkdir()
        (tmp_path / "thesis" / "chapter.tex").write_text("mine")
        (tmp_path / "file").write_text("mine")
        for place in (tmp_path / "thesis", tmp_path / "file"):
            with pytest.raises(InputError, match="exists and is not a bundle"):
                write_bundle(place, config, tensors, gallery.faces, gallery.embeddings, "")
        assert (tmp_path / "thesis" / "chapter.tex").read_text() == "mine"

    def test_its_files_can_be_read_by_others(self, drawn_bundle):
        assert all(file.stat().st_mode & 0o044 for file in drawn_bundle.iterdir())
