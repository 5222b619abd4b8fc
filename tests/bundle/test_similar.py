"""Faces like a face, mixed with what is asked: measured by the portraits' labels."""

import dataclasses

import numpy as np
import pytest
from conftest import ROOT, bundle_parts, matching

import facesearch
from facesearch import ATTRIBUTES, InputError, Query
from facesearch.bundle import write_bundle
from facesearch.gallery import Faces, Terms


@pytest.fixture(scope="module")
def portraits():
    return facesearch.open_bundle(ROOT / "weights/portraits")


@pytest.fixture(scope="module")
def drawn(drawn_bundle):
    return facesearch.open_bundle(drawn_bundle)


def labelled(bundle):
    """Columns of the attributes that the gallery's labels know."""
    return np.flatnonzero((bundle.gallery.faces.labels.T >= 0).all(axis=0))


def contrary_query(bundle, row, rng):
    """Two attributes in a state that this face doesn't have, but some other face has both."""
    labels, known = bundle.gallery.faces.labels.T, labelled(bundle)
    other = labels[rng.integers(len(bundle))]
    differ = known[(other != labels[row])[known]]
    if len(differ) < 2:
        return contrary_query(bundle, row, rng)
    columns = rng.choice(differ, 2, replace=False)
    names = [[ATTRIBUTES[c] for c in columns if other[c] == state] for state in (1, 0)]
    return Query(*names)


def test_the_nearest_share_more_attributes_than_by_chance_and_than_by_cosine_of_images(portraits):
    labels = portraits.gallery.faces.labels.T[:, labelled(portraits)]
    rows = np.random.default_rng(0).choice(len(portraits), 400, replace=False)
    agree = {"similar": [], "cosine": [], "chance": []}
    for row in rows:
        vector = portraits.gallery.vectors([row])[0]
        by_cosine = portraits.gallery.top(Terms(vector, without=row), 24)[0]
        found = {
            "similar": [portraits.gallery.find(hit.name) for hit in portraits.similar(int(row))],
            "cosine": by_cosine,
            "chance": np.delete(np.arange(len(portraits)), row),
        }
        for method, nearest in found.items():
            agree[method].append((labels[nearest] == labels[row]).mean())
    share = {method: float(np.mean(values)) for method, values in agree.items()}
    assert share["similar"] > share["cosine"] > share["chance"] + 0.15, share


def test_moving_from_the_face_to_what_is_asked_keeps_less_of_it_and_brings_more_of_that(portraits):
    rng = np.random.default_rng(0)
    rows = rng.choice(len(portraits), 100, replace=False)
    labels, known = portraits.gallery.faces.labels.T, labelled(portraits)
    steps = (0, 0.25, 0.5, 0.75, 1)
    of_face, of_query = np.zeros((2, len(steps), len(rows)))
    for i, row in enumerate(rows):
        query = contrary_query(portraits, row, rng)
        asked = query.vector != 0
        rest = np.setdiff1d(known, np.flatnonzero(asked))
        for step, mix in enumerate(steps):
            hits = portraits.similar(int(row), 24, query, mix)
            found = labels[[portraits.gallery.find(hit.name) for hit in hits]]
            of_face[step, i] = (found[:, rest] == labels[row][rest]).mean()
            of_query[step, i] = (found[:, asked] == (query.vector[asked] > 0)).mean()
    of_face, of_query = of_face.mean(axis=1), of_query.mean(axis=1)
    assert (np.diff(of_face) < 0).all(), of_face
    assert (np.diff(of_query) > 0).all(), of_query
    # Half way, most of what is asked is there, and more of the face than what is asked brings.
    assert of_query[0] < 0.4 < 0.7 < of_query[2] < 0.95 < of_query[4]
    assert of_face[2] > of_face[4] + 0.1


def test_at_its_ends_the_mix_is_the_face_alone_and_the_search_alone(portraits):
    query = Query(["Eyeglasses"], ["Male"])
    names = [hit.name for hit in portraits.similar(7, 24, query, 0)]
    assert names == [hit.name for hit in portraits.similar(7)]
    face = portraits.names[7]
    searched = [hit.name for hit in portraits.search(query, 25) if hit.name != face][:24]
    assert [hit.name for hit in portraits.similar(7, 24, query, 1.0)] == searched


def test_a_score_is_the_cosine_with_one_unit_vector(drawn):
    query = Query(["Smiling"])
    vector = drawn.terms(query, [(1.0, 3)], 0.4).vector
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)
    for hit in drawn.similar(3, 10, query, 0.4):
        row = drawn.gallery.find(hit.name)
        assert hit.score == pytest.approx(float(drawn.gallery.vectors([row])[0] @ vector), abs=1e-6)


@pytest.mark.parametrize("mix", [0, 0.5, 1])
def test_the_face_itself_is_never_returned(drawn, mix):
    for row in range(0, 60, 7):
        hits = drawn.similar(row, 1000, Query(["Young"]), mix)
        assert [hit.rank for hit in hits] == list(range(1, 60))
        assert drawn.names[row] not in {hit.name for hit in hits}


def test_a_face_is_a_row_or_a_name(drawn):
    assert drawn.similar("007.png", 5) == drawn.similar(7, 5)


@pytest.mark.parametrize("face", ["700.png", -1, 60, None, 1.5])
def test_a_face_that_is_not_there_is_refused(drawn, face):
    with pytest.raises(InputError, match=r"There is no face .* in this gallery of 60.*'000\.png'"):
        drawn.similar(face)


@pytest.mark.parametrize("mix", [-0.1, 1.1, float("nan"), "0.5", True, None])
def test_a_mix_that_is_none_is_refused(drawn, mix):
    with pytest.raises(InputError, match=r"mix is .*: give a number from 0, the face"):
        drawn.similar(0, mix=mix)


def test_what_the_model_never_learned_says_nothing_of_a_face(tmp_path):
    config, tensors, gallery = bundle_parts()
    config = dataclasses.replace(config, training={"unlabelled": ["Male"]})
    write_bundle(tmp_path / "b", config, tensors, gallery.faces, gallery.embeddings, "")
    bundle = facesearch.open_bundle(tmp_path / "b")
    vector = bundle.terms(Query(), [(1.0, 0)]).vector
    column = ATTRIBUTES.index("Male")
    assert vector[column] == vector[40 + column] == 0
    with pytest.raises(InputError, match="Male is not available here"):
        bundle.similar(0, query=Query(["Male"]), mix=0.5)


class TestCounts:
    def test_are_of_labels_where_there_are_some(self, drawn):
        assert drawn.gallery.counted_from == "labels"
        labels = drawn.gallery.faces.labels.T
        expected = ((labels[:, ATTRIBUTES.index("Male")] == 1) & (labels[:, -1] == 0)).sum()
        assert matching(drawn, Query(["Male"], ["Young"])) == expected

    @pytest.mark.parametrize("labels", [None, np.full((60, 40), -1, np.int8)])
    def test_are_of_predictions_where_no_label_is_known(self, tmp_path, labels):
        config, tensors, gallery = bundle_parts()
        faces = Faces.named(gallery.names, labels)
        write_bundle(tmp_path / "b", config, tensors, faces, gallery.embeddings, "")
        bundle = facesearch.open_bundle(tmp_path / "b")
        assert bundle.gallery.counted_from == "predictions"
        expected = gallery.probabilities[:, ATTRIBUTES.index("Male")].sum()
        assert bundle.counts(Query(["Male"])).matching == pytest.approx(expected, rel=1e-3)

    def test_know_nothing_of_what_is_unavailable(self, tmp_path):
        config, tensors, gallery = bundle_parts()
        config = dataclasses.replace(config, training={"unlabelled": ["Male"]})
        for number, labels in enumerate((gallery.labels, None)):
            faces = Faces.named(gallery.names, labels)
            write_bundle(tmp_path / str(number), config, tensors, faces, gallery.embeddings, "")
            counts = facesearch.open_bundle(tmp_path / str(number)).gallery.counts
            assert counts(Query(["Male"])).matching == counts(Query([], ["Male"])).matching == 0
            assert counts(Query(["Young"])).matching > 0
