"""What the page is told: answers, faces, and what it knows beforehand."""

import copy
import dataclasses
import json
import random
import shutil
from pathlib import Path

import numpy as np
import pytest
from conftest import bundle_parts, has, matching, with_labels

import facesearch
from facesearch.attributes import ATTRIBUTES, Query
from facesearch.bundle import write_bundle
from facesearch.gallery import Faces, Gallery
from facesearch.page.answer import Answers
from facesearch.page.asking import MOST
from facesearch.page.examples import ENOUGH, EXAMPLES, examples, surprise
from facesearch.page.view import View


@pytest.fixture(scope="module")
def view(bundle):
    return View(Answers(bundle))


class TestAnswer:
    @pytest.mark.parametrize(
        ("asked", "message"),
        [
            ({"wanted": ["Nose"]}, "Unknown attribute 'Nose'"),
            ({"wanted": [[]]}, "an empty list"),
            ({"unwanted": [["Male"]]}, "give a list"),
            ({"wanted": {"Male": 1}}, "give a list"),
            ({"k": "24"}, "k is '24'"),
            ({"k": True}, "k is True"),
            ({"k": MOST + 1}, "1 to 1000"),
            ({"after": -1}, "after is -1"),
            ({"mix": 1.5}, "a number from 0"),
            ({"mix": "much"}, "a number from 0"),
            ({"mix": float("nan")}, "a number from 0"),
            ({"like": 7}, "give the name of a face"),
            ({"more": "000.png"}, "give a list of at most"),
            ({"fewer": [7]}, "give a list of at most"),
            ({"other": 1}, "can't be read"),
            ([1, 2], "can't be read"),
            (None, "can't be read"),
        ],
    )
    def test_a_bad_question_is_answered_with_a_sentence(self, view, asked, message):
        assert message in view.answer(asked)["error"]

    def test_what_is_answered_can_be_sent_as_json(self, view):
        answer = json.loads(json.dumps(view.answer({"wanted": ["Young"], "k": 3})))
        assert len(answer["hits"]) == 3
        assert json.loads(json.dumps(view.about()))["faces"] == 60
        assert len(json.loads(json.dumps(view.face("000.png")))["predicted"]) == 40

    def test_pages_of_one_ranking_are_the_search_cut_in_pieces(self, view, bundle):
        asked = {"wanted": ["Bald"], "unwanted": ["Male"]}
        whole = [hit.name for hit in bundle.search(Query(["Bald"], ["Male"]), 60)]
        pieces, after, more = [], 0, True
        while more:
            answer = view.answer(asked | {"k": 7, "after": after})
            pieces += [hit["name"] for hit in answer["hits"]]
            after, more = answer["hits"][-1]["rank"], answer["more"]
        assert pieces == whole

    def test_a_ranking_is_computed_once(self, bundle, monkeypatch):
        view = View(Answers(bundle))
        ranked = []
        top = Gallery.top
        monkeypatch.setattr(Gallery, "top", lambda *a, **k: ranked.append(a) or top(*a, **k))
        for after in (0, 24, 48):
            view.answer({"wanted": ["Bald"], "after": after})
        assert len(ranked) == 1

    def test_counts_and_matches_are_those_of_the_labels(self, view):
        gallery = bundle_parts()[2]
        answer = view.answer({"wanted": ["Bald"], "unwanted": ["Male"], "k": 60})
        fits = has(gallery, "Bald") & ~has(gallery, "Male")
        assert answer["matching"] == fits.sum()
        by_name = {hit["name"]: hit["matches"] for hit in answer["hits"]}
        assert [by_name[name] for name in gallery.names] == fits.tolist()
        column = ATTRIBUTES.index("Smiling")
        assert answer["with"][column] == (fits & has(gallery, "Smiling")).sum()
        assert answer["without"][column] == (fits & ~has(gallery, "Smiling")).sum()

    def test_marks_tell_labels_from_guesses(self, bundle):
        labels = bundle.gallery.faces.labels.T.copy()
        labels[::2, ATTRIBUTES.index("Bald")] = -1
        view = View(Answers(with_labels(bundle, labels)))
        answer = view.answer({"wanted": ["Bald"], "unwanted": ["Male"], "k": 60})
        assert answer["asked"] == ("Bald", "Male")
        for hit in answer["hits"]:
            row = bundle.names.index(hit["name"])
            guess = bundle.gallery.predicted()[ATTRIBUTES.index("Bald"), row] >= 0.5
            bald = 2 + guess if row % 2 == 0 else labels[row, ATTRIBUTES.index("Bald")]
            assert hit["marks"] == [[bald], [labels[row, ATTRIBUTES.index("Male")]]]

    def test_where_none_matches_it_says_what_each_attribute_costs(self, bundle):
        labels = bundle.gallery.faces.labels.T.copy()
        labels[:, ATTRIBUTES.index("Bald")] = 0
        view = View(Answers(with_labels(bundle, labels)))
        answer = view.answer({"wanted": ["Bald", "Male"]})
        males = int((labels[:, ATTRIBUTES.index("Male")] == 1).sum())
        assert answer["matching"] == 0
        assert answer["dropped"] == [
            {"names": ("Bald",), "wanted": True, "count": males},
            {"names": ("Male",), "wanted": True, "count": 0},
        ]
        assert view.answer({"wanted": ["Male"]})["dropped"] == []

    def test_any_of_is_one_part_with_a_mark_for_each_of_its_names(self, view, bundle):
        hair = ["Black_Hair", "Brown_Hair"]
        answer = view.answer({"wanted": [hair, "Male"], "k": 60})
        assert [part["names"] for part in answer["parts"]] == [tuple(hair), ("Male",)]
        query = Query([tuple(hair), "Male"])
        assert [h["name"] for h in answer["hits"]] == [h.name for h in bundle.search(query, 60)]
        drawn = bundle_parts()[2]
        either = has(drawn, "Black_Hair") | has(drawn, "Brown_Hair")
        assert answer["matching"] == (either & has(drawn, "Male")).sum()
        # An attribute that excludes those is counted as joining them.
        column = ATTRIBUTES.index("Blond_Hair")
        either |= has(drawn, "Blond_Hair")
        assert answer["with"][column] == (either & has(drawn, "Male")).sum()
        for hit in answer["hits"]:
            row = drawn.names.index(hit["name"])
            assert hit["marks"][0] == [int(has(drawn, name)[row]) for name in hair]

    def test_likes_of_a_face_leave_it_out_and_mix_with_what_is_asked(self, view, bundle):
        asked = {"wanted": ["Bald"], "like": "007.png", "k": 59}
        for mix in (0.0, 0.4, 1.0):
            hits = bundle.similar("007.png", 59, Query(["Bald"]), mix)
            answer = view.answer(asked | {"mix": mix})
            assert [hit["name"] for hit in answer["hits"]] == [hit.name for hit in hits]
            assert answer["like"]["name"] == "007.png"
            assert answer["like"]["image"].startswith("faces/7?")

    def test_a_face_that_is_gone_is_said_and_the_rest_is_answered(self, view):
        answer = view.answer({"wanted": ["Bald"], "like": "gone.png"})
        assert "'gone.png'" in answer["notice"]
        assert answer["like"] is None
        plain = view.answer({"wanted": ["Bald"]})
        assert [h["name"] for h in answer["hits"]] == [h["name"] for h in plain["hits"]]
        assert "'gone.png'" in view.face("gone.png")["error"]

    def test_a_page_of_another_gallery_is_told_to_load_again(self, view):
        assert view.answer({"gallery": "0" * 8}) == {"changed": True}
        assert "hits" in view.answer({"gallery": view.version})


def test_images_and_links_of_another_gallery_have_another_version(bundle, tmp_path):
    first = Answers(bundle)
    config, tensors, drawn = bundle_parts()
    others = {
        "named": (np.roll(drawn.names, 1), drawn),
        "seen": (drawn.names, bundle_parts(60, 1)[2]),
    }
    versions = {first.version}
    for folder, (names, seen) in others.items():
        faces = Faces.named(names, drawn.labels)
        write_bundle(tmp_path / folder, config, tensors, faces, seen.embeddings, "")
        versions.add(Answers(facesearch.open_bundle(tmp_path / folder)).version)
    assert len(versions) == 3
    assert first.version in first.search()[0]["image"]


class TestExamples:
    def test_there_are_eight_and_each_has_matches_among_the_portraits(self):
        bundle = facesearch.open_bundle("weights/portraits")
        assert len(examples(bundle)) == 8
        for _, wanted, unwanted in EXAMPLES:
            assert matching(bundle, Query(wanted, unwanted)) >= ENOUGH

    def test_one_that_names_an_unavailable_attribute_is_left_out(self, bundle):
        other = copy.copy(bundle)
        config = dataclasses.replace(bundle.config, training={"unlabelled": ["Smiling"]})
        other.config = config
        assert {each.title for each in examples(other)} == {
            each.title for each in EXAMPLES if "Smiling" not in {*each.wanted, *each.unwanted}
        }

    def test_a_surprise_has_matches_and_never_an_unavailable_attribute(self):
        bundle = facesearch.open_bundle("weights/portraits")
        drawn = {surprise(bundle, random.Random(seed)) for seed in range(60)}
        assert len(drawn) > 50
        for query in drawn:
            assert 2 <= len(query.wanted) + len(query.unwanted) <= 3
            assert "Attractive" not in (*query.wanted, *query.unwanted)
            assert matching(bundle, query) >= ENOUGH

    def test_a_surprise_of_a_gallery_without_knowledge_asks_for_nothing(self, tmp_path):
        config, tensors, drawn = bundle_parts(3)
        config = dataclasses.replace(config, training={"unlabelled": list(ATTRIBUTES)})
        write_bundle(
            tmp_path / "b", config, tensors, Faces.named(drawn.names), drawn.embeddings, ""
        )
        small = facesearch.open_bundle(tmp_path / "b")
        assert surprise(small, random.Random(0)) == Query()


def test_faces_whose_file_is_gone_give_way_to_the_next_for_programs_too(
    drawn_bundle, tmp_path, caplog
):
    shutil.copytree(drawn_bundle / "images", tmp_path / "images")
    answers = Answers(facesearch.open_bundle(drawn_bundle, tmp_path / "images"))
    whole = answers.search(["Bald"], k=60)
    for hit in (whole[1], whole[4]):
        (tmp_path / "images" / hit["name"]).unlink()
    there = [hit for place, hit in enumerate(whole) if place not in (1, 4)]
    assert answers.search(["Bald"], k=10) == there[:10]
    assert answers.search(["Bald"], k=60) == there
    assert whole[1]["name"] in caplog.text


def is_there(answers, row):
    """Whether a row's face can be shown."""
    return answers.faces.is_there(row, answers.bundle.gallery.places([row])[0])


def test_a_file_that_can_not_be_looked_at_counts_as_gone(bundle, monkeypatch):
    answers = Answers(bundle)
    monkeypatch.setattr(answers.faces, "file", lambda _: Path("x" * 5000))  # refused by the system
    assert not is_there(answers, 0)
