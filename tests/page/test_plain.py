"""The page as plain files: what its browser answers is what a server answers, and what it holds."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from apps import ROOT
from clicks import NOTHING, shown, tick
from conftest import bundle_parts
from plain_pages import browser_answers, rounded, serve_page, write_page

from facesearch.__main__ import main
from facesearch.attributes import CELEBA, Query
from facesearch.bundle import Bundle, open_bundle, write_bundle
from facesearch.gallery import Faces
from facesearch.gallery.faces import Detections
from facesearch.gallery.texts import Texts
from facesearch.page.answer import Answers
from facesearch.page.plain import MOST, plain_files
from facesearch.page.view import View
from facesearch.page.wording import read_words

CLOSE = 1e-6  # by which scores of single precision differ, added up in another order


def questions(bundle: Bundle, n: int, seed: int = 0) -> list[dict]:
    """What a page may ask: ticks, any-of, likes, mixes, moves, hidden faces, more of the same."""
    rng = random.Random(seed)
    faces = [*bundle.names, "gone"]
    names = [name for name in bundle.vocabulary.names if name not in bundle.unavailable]
    asked = []
    for _ in range(n):
        picked = rng.sample(names, rng.randint(0, 5))
        cut = rng.randint(0, len(picked))
        wanted: list[Any] = picked[:cut]
        unwanted = picked[cut:]
        if len(wanted) > 1 and rng.random() < 0.5:
            wanted = [wanted[:2], *wanted[2:]]
        like = rng.choice([*bundle.names, "gone"]) if rng.random() < 0.4 else None
        asked.append(
            {
                "wanted": wanted,
                "unwanted": unwanted,
                "like": like,
                "picture": None,
                "mix": rng.choice([0, 0.25, 0.5, 1]) if like else 0,
                "hidden": rng.random() < 0.3,
                "k": rng.choice([1, 24, 96]),
                "gallery": bundle.fingerprint,
                **({"after": 24} if rng.random() < 0.2 else {}),
                **({"more": rng.sample(faces, 3)} if rng.random() < 0.2 else {}),
                **({"fewer": rng.sample(faces, 2)} if rng.random() < 0.2 else {}),
            }
        )
    return asked


def plain(value: object) -> dict:
    """A value as JSON takes it to the page."""
    return json.loads(json.dumps(value))


def check_equal(server: dict, browser: dict) -> int:
    """Two answers show the same; estimated counts may be rounded to either side of a half, and two
    faces whose scores differ by less than is added up exactly may change places: how many do."""
    exchanged = 0
    for each in (server, browser):
        each.pop("ms")
    found = [each.pop("hits") for each in (server, browser)]
    counts = [[each.pop(name) for name in ("with", "without")] for each in (server, browser)]
    matching = [each.pop("matching") for each in (server, browser)]
    likes = [each.pop("like") for each in (server, browser)]
    for each in (server, browser):
        for face in [*each["moved"]["more"], *each["moved"]["fewer"]]:
            face.pop("image")
    assert server == browser
    assert np.abs(np.array(counts[0]) - np.array(counts[1])).max() <= 1
    assert abs(matching[0] - matching[1]) <= 1
    assert (likes[0] and likes[0]["name"]) == (likes[1] and likes[1]["name"])
    for one, other in zip(*found, strict=True):
        assert one["score"] == pytest.approx(other["score"], abs=CLOSE)
        if one["name"] != other["name"]:
            exchanged += 1
            continue
        for name in ("rank", "marks", "matches", "copies"):
            assert one[name] == other[name], (name, one, other)
        assert one["chance"] == pytest.approx(other["chance"], abs=2e-4)
    return exchanged


@pytest.mark.parametrize("name", ["portraits", "celeba"])
def test_three_hundred_questions_have_equal_answers_from_server_and_browser(name, tmp_path):
    bundle = rounded(open_bundle(ROOT / "weights" / name))
    view = View(Answers(bundle))
    asked = questions(bundle, 300)
    folder = write_page(ROOT / "weights" / name, tmp_path / "page")
    answers = browser_answers(folder, [("answer", question) for question in asked])
    assert len(answers) == 300
    exchanged = [
        check_equal(plain(view.answer(question)), answer)
        for question, answer in zip(asked, answers, strict=True)
    ]
    assert sum(exchanged) <= 40  # of some 10,000, nearly all of faces that surely have any-of
    faces = random.Random(1).sample([*bundle.names], 20)
    told = browser_answers(folder, [("face", face) for face in [*faces, "gone"]])
    assert told.pop()["error"] == view.face("gone")["error"]
    for face, answer in zip(faces, told, strict=True):
        known = view.face(face)
        assert answer["predicted"] == pytest.approx(known["predicted"], abs=2e-4)
        for field in ("name", "labels", "copies", "photo"):
            assert answer[field] == known[field]


def test_rounding_to_half_precision_moves_only_faces_that_fit_about_equally(
    shipped_portraits, plain_portraits
):
    view = View(Answers(shipped_portraits))
    asked = [q for q in questions(shipped_portraits, 100) if q["like"] != "gone"]
    answers = browser_answers(plain_portraits.folder, [("answer", q) for q in asked])
    places = equal = 0
    for question, answer in zip(asked, answers, strict=True):
        for one, other in zip(view.answer(question)["hits"], answer["hits"], strict=True):
            # Of a move, which is a small difference made as long as it may be, rounding is more.
            close = 1e-3 if question.get("more") or question.get("fewer") else 3e-4
            assert one["score"] == pytest.approx(other["score"], abs=close)
            places, equal = places + 1, equal + (one["name"] == other["name"])
    assert 0.75 < equal / places < 1


@pytest.mark.parametrize("name", ["portraits", "celeba"])
def test_every_sentence_means_the_same_in_the_browser(name, tmp_path):
    bundle = open_bundle(ROOT / "weights" / name)
    rng = random.Random(0)
    tables = [*(ROOT / "tests" / "words").glob("*.txt")]
    lines = [line for table in tables for line in table.read_text("utf-8").splitlines()]
    texts = [line.split(" =>")[0] for line in lines if " =>" in line]
    assert len(texts) >= 600
    words = [word for text in texts for word in text.split()]
    texts += [" ".join(rng.choices(words, k=rng.randint(1, 9))) for _ in range(1500)]
    strange = [*"x -',!\n\x1c\ufeff\u2019\u0131", "ß", "İ", "Σ", "é", "👩🏽"]
    for text in rng.choices(texts, k=1500):  # slips, signs and what is cut off
        at = rng.randint(0, len(text))
        texts += [text[:at] + rng.choice(strange) + text[at + rng.randint(0, 1) :], text[:at]]
    texts += ["hat " * 250, "hat " * 251]
    folder = write_page(ROOT / "weights" / name, tmp_path / "page")
    answers = browser_answers(folder, [("words", text) for text in texts])
    for text, answer in zip(texts, answers, strict=True):
        assert answer == plain(read_words(bundle, text)), text


def test_words_of_another_vocabulary_are_read_too(tmp_path):
    config, tensors, drawn = bundle_parts(5)
    names = (*(f"Trait_{n}" for n in range(38)), "No_Scarf", "Red_Boots")
    config = replace(config, vocabulary=type(CELEBA)(names))
    write_bundle(
        tmp_path / "b", config, tensors, Faces.named(drawn.names), drawn.embeddings, "# Drawn\n"
    )
    bundle = open_bundle(tmp_path / "b")
    texts = ["red boots and a scarf", "no scarf", "trait 7 or red boots", "boots"]
    folder = write_page(tmp_path / "b", tmp_path / "page")
    answers = browser_answers(folder, [("words", text) for text in texts])
    assert answers == [plain(read_words(bundle, text)) for text in texts]
    assert answers[0]["wanted"] == ["Red_Boots"]


def photographs(folder: Path) -> Path:
    """A bundle of 6 faces in 2 own photographs, one hidden and one a copy, with thumbnails."""
    config, tensors, drawn = bundle_parts(6)
    (folder / "thumbnails").mkdir(parents=True)
    for row in range(6):
        (folder / "thumbnails" / f"{row}.webp").write_bytes(b"face %d" % row)
    found = Detections(
        photos=Texts.pack(["a.jpg", "b.jpg"]),
        photo=np.array([0, 0, 0, 1, 1, 1], np.int32),
        sizes=np.full((2, 2), 100, np.int32),
        boxes=np.zeros((6, 4), np.float32),
        points=np.zeros((6, 5, 2), np.float32),
        measures={},
        shown=np.array([1, 1, 0, 1, 1, 1], bool),
        copy_of=np.array([0, 1, 2, 3, 0, 5], np.int32),
        thumbnails=Texts.pack([f"{row}.webp" for row in range(6)]),
    )
    faces = Faces(Texts.pack([f"a.jpg#{n}" for n in range(6)]), None, found)
    thumbnails = folder / "thumbnails"
    write_bundle(
        folder / "b", config, tensors, faces, drawn.embeddings, "# Own\n", thumbnails=thumbnails
    )
    return folder / "b"


def test_own_photographs_show_whose_faces_and_pictures_only_when_asked(tmp_path, capsys):
    source = photographs(tmp_path / "own")
    bare = write_page(source, tmp_path / "bare")
    assert "6 faces in 2 of your own photographs" in capsys.readouterr().out
    assert not (bare / "faces").exists()
    with_faces = write_page(source, tmp_path / "faces", "--thumbnails")
    assert len([*(with_faces / "faces").iterdir()]) == 6
    view = View(Answers(rounded(open_bundle(source))))
    asked = questions(open_bundle(source), 40)
    for question, answer in zip(
        asked, browser_answers(bare, [("answer", q) for q in asked]), strict=True
    ):
        assert check_equal(plain(view.answer(question)), answer) == 0
    (face,) = browser_answers(with_faces, [("face", "a.jpg#0")])
    assert face["copies"] == ["a.jpg#4"]
    assert face["image"].startswith("faces/0.webp?")


def test_a_surprise_has_matches(plain_portraits, shipped_portraits):
    for query in browser_answers(plain_portraits.folder, [("surprise", None)] * 20):
        asked = Query(query["wanted"], query["unwanted"])
        assert 1 <= len(asked.names) <= 3
        assert shipped_portraits.counts(asked).matching >= 12


def test_what_is_fetched_takes_two_bytes_a_number_and_no_more(plain_portraits, shipped_portraits):
    (file,) = plain_portraits.folder.glob("page/*/gallery.safetensors")
    columns, labels = shipped_portraits.gallery.columns, shipped_portraits.gallery.faces.labels
    others = sum(each.nbytes for each in shipped_portraits.search_tensors.values())
    names = 40 * len(shipped_portraits)
    assert file.stat().st_size < 2 * columns.dim * columns.rows + labels.nbytes + others + names


def test_more_faces_than_a_browser_should_hold_are_refused(bundle, monkeypatch):
    monkeypatch.setattr(type(bundle), "__len__", lambda _: MOST + 1)
    with pytest.raises(ValueError, match=r"50,000 at the most. Serve this one: python app.py"):
        plain_files(bundle, thumbnails=False)


def test_a_folder_with_something_else_in_it_is_left_alone(drawn_bundle, tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    assert main(["static", str(drawn_bundle), "--out", str(tmp_path / "mine")]) == 2
    assert "is there already, and not such a page alone" in capsys.readouterr().err
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "mine"


def test_a_page_is_written_over_one_that_is_there(drawn_bundle, tmp_path):
    page = write_page(drawn_bundle, tmp_path / "page")
    (page / "faces" / "0.png").unlink()
    write_page(drawn_bundle, page)
    picture = (drawn_bundle / "images" / "000.png").read_bytes()
    assert (page / "faces" / "0.png").read_bytes() == picture
    assert not (page / "faces" / "0.png").is_symlink()


@pytest.mark.parametrize("width", [1280, 390])
def test_it_asks_no_other_machine_and_fits_the_window(plain_portraits, browser_page, width):
    visit = browser_page(plain_portraits.url + NOTHING, width=width, hears_requests=True)
    tick(visit.page, "Smiling")
    shown(visit.page)
    visit.page.get_by_role("combobox", name="Say who you look for").fill("bald man")
    visit.page.wait_for_selector(".fs-ask[aria-busy=false]")
    shown(visit.page)
    assert all(url.startswith((plain_portraits.url, "data:")) for url in visit.requests)
    wide = visit.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert len([url for url in visit.requests if url.endswith("gallery.safetensors")]) == 1


def test_that_it_has_no_server_and_takes_no_picture_is_said(plain_portraits, browser_page):
    page = browser_page(plain_portraits.url).page
    said = page.locator(".fs-serverless")
    assert said.is_visible()
    assert "can't be asked by a picture" in said.text_content()
    assert page.locator(".fs-give").is_hidden()
    assert page.locator(".fs-program").is_hidden()
    page.locator(".fs-give-file").set_input_files(ROOT / "docs" / "page.png")
    page.wait_for_selector(".fs-error:not([hidden])")
    assert "no server" in page.locator(".fs-error").text_content()


def test_where_files_can_not_be_fetched_it_says_so_and_goes_on_once_they_can(
    plain_portraits, browser_page
):
    away = {"count": 0}

    def fail(route):
        away["count"] += 1
        route.abort() if away["count"] < 2 else route.continue_()

    visit = browser_page("about:blank", wait="body")
    visit.expected = ("net::ERR_FAILED",)
    visit.page.route("**/gallery.safetensors", fail)
    visit.page.goto(plain_portraits.url + NOTHING)
    visit.page.wait_for_selector(".fs-error:not([hidden])")
    assert "does not answer" in visit.page.locator(".fs-error").text_content()
    visit.page.wait_for_selector(".fs-gallery > li")
    assert away["count"] == 2


def test_without_pictures_names_stand_in_for_them(drawn_bundle, tmp_path, browser_page, bundle):
    config, tensors, drawn = bundle_parts()
    write_bundle(tmp_path / "b", config, tensors, drawn.faces, drawn.embeddings, "# Drawn\n")
    host = serve_page(write_page(tmp_path / "b", tmp_path / "page"))
    try:
        page = browser_page(host.url + NOTHING).page
        assert "are no part of this page" in page.locator(".fs-notice").text_content()
        assert len(page.locator(".fs-missing").all_text_contents()) == 24
    finally:
        host.stop()
