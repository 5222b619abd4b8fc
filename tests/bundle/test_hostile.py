"""Bundles from strangers: refused by a sentence or shown harmlessly, in bounded time and memory."""

import json
import random
import re
import resource
import shutil
import time

import hostile
import pytest
from conftest import bundle_parts
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

import facesearch
from facesearch.bundle import write_bundle
from facesearch.errors import InputError
from facesearch.page.answer import Answers
from facesearch.page.card import card_html
from facesearch.page.panel import panel_html
from facesearch.page.view import View

ODD: tuple[object, ...] = (
    *(None, True, -1, 0, 10**30, 1.5, float("nan"), "", "x", "\x1b]0;owned\x07", "../x", "\x00"),
    *([], [[]], {}, {"x": {}}, [None], ["x"], "x" * 5000),
)


@pytest.fixture
def strange(drawn_bundle, tmp_path):
    """A copy of a good bundle, to be changed."""
    shutil.copytree(drawn_bundle, tmp_path / "bundle")
    return tmp_path / "bundle"


def refused(bundle, message):
    """Opening ends in one sentence, without what a terminal would obey."""
    with pytest.raises(InputError, match=message) as raised:
        facesearch.open_bundle(bundle)
    assert str(raised.value).isprintable()


def served(answers, row):
    """What the page gets as a face's picture."""
    return TestClient(Starlette(routes=[Route("/faces/{row:int}", answers.faces.respond)])).get(
        f"/faces/{row}"
    )


def is_there(answers, row):
    """Whether a row's face can be shown."""
    return answers.faces.is_there(row, answers.bundle.gallery.places([row])[0])


class TestLinks:
    @pytest.mark.parametrize(
        "name", ["README.md", "images", "config.json", "faces.safetensors", "gallery.safetensors"]
    )
    def test_one_that_leads_out_of_the_bundle_is_not_followed(self, strange, tmp_path, name):
        secret = tmp_path / "secret"
        original = strange / name
        if original.is_dir():
            shutil.copytree(original, secret)
        else:
            shutil.copyfile(original, secret)
        hostile.link(strange, name, secret)
        refused(strange, f"{name}: a link that leads out of the bundle")

    def test_one_of_its_pictures_that_leads_out_is_not_served(self, strange, tmp_path):
        picture = strange / "images" / "000.png"
        (tmp_path / "mine.png").write_bytes(picture.read_bytes())
        hostile.link(strange / "images", "000.png", tmp_path / "mine.png")
        answers = Answers(facesearch.open_bundle(strange))
        assert not is_there(answers, 0)
        assert is_there(answers, 1)
        assert served(answers, 0).status_code == 404
        assert served(answers, 1).headers["content-type"] == "image/png"

    def test_links_in_the_users_own_folder_of_images_are_followed(self, strange, tmp_path):
        shutil.move(strange / "images", tmp_path / "mine")
        (tmp_path / "elsewhere.png").write_bytes((tmp_path / "mine" / "000.png").read_bytes())
        hostile.link(tmp_path / "mine", "000.png", tmp_path / "elsewhere.png")
        answers = Answers(facesearch.open_bundle(strange, tmp_path / "mine"))
        assert is_there(answers, 0)

    def test_a_download_in_the_hubs_cache_is_all_links_and_opens(self, strange, tmp_path):
        blobs = tmp_path / "models--owner--name" / "blobs"
        snapshot = tmp_path / "models--owner--name" / "snapshots" / "0123abcd"
        blobs.mkdir(parents=True)
        (snapshot / "images").mkdir(parents=True)
        for number, file in enumerate(f for f in strange.rglob("*") if f.is_file()):
            shutil.copyfile(file, blobs / str(number))
            (snapshot / file.relative_to(strange)).symlink_to(blobs / str(number))
        answers = Answers(facesearch.open_bundle(snapshot))
        assert len(answers.search()) == 24
        assert is_there(answers, 0)

    def test_a_loop_is_a_sentence(self, strange):
        hostile.link(strange, "README.md", strange / "README.md")
        refused(strange, "README.md: ")


class TestFiles:
    @pytest.mark.parametrize(
        "name", ["README.md", "config.json", "model.safetensors", "gallery.safetensors"]
    )
    def test_a_pipe_is_not_waited_for(self, strange, name):
        hostile.fifo(strange, name)
        refused(strange, f"{name}")

    def test_a_folder_in_the_place_of_a_file_is_refused(self, strange):
        (strange / "README.md").unlink()
        (strange / "README.md").mkdir()
        refused(strange, "README.md: is no file")

    @pytest.mark.parametrize(
        ("name", "tensor"), [("model.safetensors", "x"), ("faces.safetensors", "names.bytes")]
    )
    def test_ten_gigabytes_of_nothing_are_not_read(self, strange, name, tensor):
        hostile.sparse(strange / name, tensor, 10 * 2**30, {})
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        refused(strange, f"{name}: ")
        assert time.process_time() - start < 5
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KB

    def test_a_tensor_of_another_shape_is_refused_before_it_is_read(self, strange):
        shapes = {
            "attributes.0.weight": ("F32", [80, 40]),
            "attributes.0.bias": ("F32", [80]),
            "attributes.2.weight": ("F32", [81, 80]),
            "attributes.2.bias": ("F32", [81]),
            "readout.weight": ("F32", [40, 5_000_000]),
        }
        hostile.sparse(strange / "model.safetensors", "readout.bias", 40, shapes)
        config = hostile.config_of(strange)
        config["sha256"]["model.safetensors"] = "0" * 64
        hostile.write_config(strange, config)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        refused(strange, "model.safetensors: ")
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000

    def test_faces_that_are_more_than_the_gallery_has_are_not_unpacked(self, strange):
        size = 60 * 2**20
        (strange / "faces.safetensors").unlink()
        hostile.sparse(strange / "faces.safetensors", "names.bytes", size, {})
        hostile.accept(strange, "faces.safetensors")
        refused(strange, "more than 60 faces can have")

    def test_a_type_that_numpy_does_not_know_is_refused(self, strange):
        content = (strange / "model.safetensors").read_bytes()
        (strange / "model.safetensors").write_bytes(content.replace(b'"F32"', b'"I32"', 1))
        hostile.accept(strange, "model.safetensors")
        refused(strange, "of type I32")

    def test_numbers_that_are_none_are_refused(self, tmp_path):
        config, tensors, drawn = bundle_parts(3)
        tensors["readout.bias"][2] = float("nan")
        write_bundle(tmp_path / "b", config, tensors, drawn.faces, drawn.embeddings, "")
        refused(tmp_path / "b", "readout.bias holds NaN")


class TestConfig:
    def test_brackets_without_end_are_a_sentence(self, strange):
        (strange / "config.json").write_text("[" * 1_000_000)
        refused(strange, "not valid JSON")

    def test_whatever_is_damaged_in_it_ends_in_a_sentence_or_is_shown(self, strange):
        good = hostile.config_of(strange)
        good["results"] = {"attributes": {"Smiling": {"wanted P@10": 0.9, "wanted relevant": 4}}}
        good["training"] = {"unlabelled": ["Attractive"], "command": "x"}
        good["dataset"] |= {"split": "test"}
        cases = [(path, value) for path in hostile.values(good) for value in ODD]
        opened = 0
        for path, value in random.Random(0).sample(cases, 300):
            hostile.write_config(strange, hostile.changed(good, path, value))
            try:
                said = self.shown(strange)
            except Exception as error:
                raise AssertionError(f"{path} = {value!r}") from error
            opened += said is None
            assert said is None or (said.isprintable() and len(said) < 1000), (path, value, said)
        assert opened > 20  # results and a data set's name may be anything

    def shown(self, folder):
        """Open a bundle and make its page; the sentence, if there is one."""
        try:
            bundle = facesearch.open_bundle(folder)
        except InputError as error:
            return str(error)
        results = bundle.config.results.get("attributes")
        assert panel_html(bundle.vocabulary, bundle.unavailable, results)
        assert json.dumps(View(Answers(bundle)).about())
        return None

    def test_each_part_that_is_missing_is_a_sentence(self, strange):
        good = hostile.config_of(strange)
        for key in good:
            hostile.write_config(strange, {k: v for k, v in good.items() if k != key})
            if key not in ("dataset", "training", "results"):
                refused(strange, "config.json")


class TestCards:
    @pytest.mark.parametrize(
        "text",
        [
            *("[" * 10_000_000, "![" * 4_000_000, "> " * 4_000_000, "*a **b" * 1_000_000),
            *("|a" * 100_000 + "\n" + "|-" * 100_000 + "\n", "`" * 1_000_000, "- " * 1_000_000),
        ],
        ids=["brackets", "pictures", "quotes", "stars", "table", "ticks", "lists"],
    )
    def test_a_long_one_is_cut_and_takes_no_time(self, strange, text):
        (strange / "README.md").write_text(text)
        start = time.process_time()
        html = card_html(strange)
        assert time.process_time() - start < 3
        assert len(html) < 3_000_000
        assert "The rest of this card is not shown" in html

    def test_scripts_pictures_and_frames_in_it_are_text(self, strange):
        (strange / "README.md").write_text(
            "<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)) "
            "![b](http://evil.example/x.png) <iframe src=//evil.example>\n\n# Card\n"
        )
        html = card_html(strange)
        assert not re.search(r"<(script|img|iframe)|href=.javascript", html)
        assert "<h1>Card</h1>" in html


def test_names_that_lead_elsewhere_on_any_system_are_refused(strange, tmp_path):
    names = ["C:\\Windows\\x.png", "C:/x.png", "\\\\server\\x.png", "/etc/x.png", "../x.png", "a\0"]
    config, tensors, drawn = bundle_parts(1)
    for name in names:
        faces = facesearch.gallery.Faces.named((name,), drawn.labels)
        with pytest.raises(InputError, match="not a name below the folder"):
            write_bundle(tmp_path / "b", config, tensors, faces, drawn.embeddings, "")


def test_control_characters_of_names_do_not_reach_the_log(tmp_path, caplog):
    config, tensors, drawn = bundle_parts(1)
    faces = facesearch.gallery.Faces.named(("\x1b]0;owned\x07.png",), drawn.labels)
    write_bundle(tmp_path / "b", config, tensors, faces, drawn.embeddings, "")
    (tmp_path / "images").mkdir()
    answers = Answers(facesearch.open_bundle(tmp_path / "b", tmp_path / "images"))
    assert answers.search() == []
    assert "owned" in caplog.text
    assert "\x1b" not in caplog.text


def test_a_drawing_that_can_hold_scripts_is_not_served(tmp_path):
    config, tensors, drawn = bundle_parts(1)
    faces = facesearch.gallery.Faces.named(("a.svg",), drawn.labels)
    (tmp_path / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    images = {"a.svg": tmp_path / "a.svg"}
    write_bundle(tmp_path / "b", config, tensors, faces, drawn.embeddings, "", images)
    assert served(Answers(facesearch.open_bundle(tmp_path / "b")), 0).status_code == 404
