import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from drawn_photographs import PORTRAITS, holds, photograph, scene
from PIL import Image

import facesearch
from facesearch.__main__ import main
from facesearch.bundle import open_bundle
from facesearch.bundle.of_photos import write_photos
from facesearch.photos import indexing
from facesearch.photos.store import Store

ROOT = Path(__file__).resolve().parent.parent
MODEL = str(ROOT / "weights" / "portraits")


def index(*arguments: object) -> int:
    return main(["index", *map(str, arguments), "--bundle", MODEL])


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photographs of drawn people; tests that change them make their own."""
    folder = tmp_path_factory.mktemp("own") / "photos"
    (folder / "holiday").mkdir(parents=True)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"  # a position
    turned = photograph((0, 20, 30), (1, 260, 150)).transpose(Image.Transpose.ROTATE_90)
    turned.save(folder / "holiday" / "two.jpg", exif=exif, quality=92)
    photograph((2, 120, 80)).save(folder / "one.png")
    photograph((2, 120, 80)).save(folder / "one again.jpg", quality=80)
    scene().save(folder / "none.png")
    small = scene(800, 600)
    small.paste(Image.open(PORTRAITS[5]).convert("RGB").resize((48, 48)), (300, 200))
    small.save(folder / "small.png")
    (folder / "bad.jpg").write_text("no picture")
    (folder / "film.mp4").touch()
    return folder


@pytest.fixture(scope="module")
def bundle_path(photos: Path) -> Path:
    out = photos.parent / "bundle"
    assert index(photos, "--out", out) == 0
    return out


def test_its_faces_can_be_searched_by_name(bundle_path):
    bundle = open_bundle(bundle_path)
    face = bundle.face("holiday/two.jpg#2")
    assert face.photo == "holiday/two.jpg"
    assert face.size == (480, 360)
    assert holds(np.array(face.box), 260, 150)
    hits = bundle.search(bundle.query(["Eyeglasses"]), k=3)
    assert {hit.name for hit in hits} <= set(bundle.names)


def test_thumbnails_are_there_and_tell_nothing_but_the_face(bundle_path):
    bundle = open_bundle(bundle_path)
    for name in bundle.names:
        thumbnail = Image.open(bundle_path / "faces" / bundle.face(name).thumbnail)
        assert thumbnail.format == "WEBP"
        assert thumbnail.width <= 356
        assert thumbnail.height <= 436
        assert not thumbnail.getexif()


def test_small_faces_are_there_but_not_shown(bundle_path):
    bundle = open_bundle(bundle_path)
    assert "small.png#1" not in bundle.names
    assert not bundle.face("small.png#1").shown
    assert bundle.face("small.png#1").measures["eye_distance"] < 12


def test_a_photograph_saved_again_is_a_near_copy(bundle_path):
    found = open_bundle(bundle_path).gallery.faces
    first, second = found.names.find("one again.jpg#1"), found.names.find("one.png#1")
    assert found.detections.copy_of[first] == found.detections.copy_of[second]


def test_the_report_counts_what_was_left_out_for_which_reason(photos, bundle_path, capsys):
    assert index(photos, "--out", bundle_path, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["photographs"] == 5
    assert report["faces"] == 4
    assert report["near_copies"] == 1
    assert report["hidden"] == {"small": 1}
    assert report["left_out"]["videos"] == {"count": 1, "names": ["film.mp4"]}
    assert report["left_out"]["files that can't be read"]["names"] == [
        "bad.jpg: not an image that can be read."
    ]
    assert report["changes"]["unchanged"] == 6


def test_a_smaller_smallest_face_shows_more_without_looking_again(photos, bundle_path, capsys):
    assert index(photos, "--out", bundle_path, "--json", "--min-face", 10) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["faces"], report["changes"]["read"]) == (5, 0)
    assert "small.png#1" in open_bundle(bundle_path).names


def test_what_is_forgotten_goes_with_its_near_copies_and_stays_out(tmp_path, capsys):
    photos, out = tmp_path / "photos", tmp_path / "bundle"
    photos.mkdir()
    photograph((2, 120, 80)).save(photos / "one.png")
    photograph((2, 120, 80)).save(photos / "one again.jpg", quality=80)
    photograph((3, 20, 30), (4, 260, 150)).save(photos / "two.png")
    assert index(photos, "--out", out) == 0
    assert index("--out", out, "--forget", "one.png#1") == 0
    assert open_bundle(out).names == ("two.png#1", "two.png#2")
    photograph((2, 120, 80)).save(photos / "one again.jpg", quality=70)
    assert index(photos, "--out", out) == 0
    assert open_bundle(out).names == ("two.png#1", "two.png#2")
    assert index("--out", out, "--forget", "nobody.png") == 2
    assert "neither a photograph nor a face" in capsys.readouterr().err


def test_when_the_last_face_is_forgotten_the_bundle_holds_none(tmp_path):
    photos, out = tmp_path / "photos", tmp_path / "bundle"
    photos.mkdir()
    photograph((2, 120, 80)).save(photos / "one.png")
    assert index(photos, "--out", out) == 0
    assert index("--out", out, "--forget", "one.png") == 0
    assert len(open_bundle(out)) == 0
    assert not list(tmp_path.rglob("*.webp"))


def test_another_model_makes_all_vectors_anew_and_the_old_bundle_serves_meanwhile(
    photos, tmp_path, monkeypatch
):
    out = tmp_path / "bundle"
    assert index(photos, "--out", out) == 0
    old = open_bundle(out)
    store, names = Store(tmp_path / "bundle.index"), set(old.gallery.faces.names)
    model = open_bundle(MODEL)
    monkeypatch.setattr("facesearch.bundle.of_photos.model_name", lambda _: "another")
    assert write_photos(store, model, out, unfinished=True) is None
    store.close()
    assert open_bundle(out).fingerprint == old.fingerprint
    monkeypatch.setattr("facesearch.commands.indexing.model_name", lambda _: "another")
    assert index(photos, "--out", out) == 0
    assert set(open_bundle(out).gallery.faces.names) == names


def test_what_a_killed_writer_left_is_cleared_up_and_the_old_bundle_put_back(tmp_path):
    photos, out = tmp_path / "photos", tmp_path / "bundle"
    photos.mkdir()
    photograph((2, 120, 80)).save(photos / "one.png")
    assert index(photos, "--out", out) == 0
    (tmp_path / ".bundle-abcdefgh").mkdir()
    (tmp_path / ".bundle-2-abcdefgh").mkdir()  # of another bundle
    (tmp_path / ".bundle-old-abcdefgh").mkdir()
    out.rename(tmp_path / ".bundle-old-abcdefgh" / "bundle")
    assert index(photos, "--out", out) == 0
    assert open_bundle(out).names == ("one.png#1",)
    assert [path.name for path in tmp_path.glob(".bundle-*")] == [".bundle-2-abcdefgh"]


def test_faces_of_a_picture_come_largest_first_with_vectors_that_search():
    image = scene(900, 500)
    image.paste(Image.open(PORTRAITS[3]).convert("RGB").resize((150, 150)), (20, 40))
    image.paste(Image.open(PORTRAITS[4]).convert("RGB").resize((400, 400)), (300, 60))
    bundle = open_bundle(MODEL)
    first, second = bundle.find_faces(image)
    assert holds(first.box, 300, 60, 400)
    assert holds(second.box, 20, 40, 150)
    assert np.linalg.norm(first.vector) == pytest.approx(1, abs=1e-4)
    assert first.predicted.shape == (40,)
    alone = facesearch.find_faces(image)
    assert [face.measures.score for face in alone] == [first.score, second.score]
    assert facesearch.find_faces(scene()) == []


def test_the_folder_of_photographs_is_never_written_to(photos, capsys):
    before = sorted(path.stat().st_mtime_ns for path in photos.rglob("*"))
    assert index(photos, "--out", photos / "bundle") == 2
    assert "never written to" in capsys.readouterr().err
    assert sorted(path.stat().st_mtime_ns for path in photos.rglob("*")) == before


def test_a_folder_without_a_face_leaves_no_bundle_and_says_so(tmp_path, capsys):
    (tmp_path / "photos").mkdir()
    scene().save(tmp_path / "photos" / "none.png")
    assert index(tmp_path / "photos", "--out", tmp_path / "bundle") == 0
    assert "no face to show" in capsys.readouterr().out
    assert not (tmp_path / "bundle").exists()


def test_without_out_each_folder_has_a_bundle_in_the_folder_for_data(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "photos").mkdir()
    photograph((2, 120, 80)).save(tmp_path / "photos" / "one.png")
    assert index(tmp_path / "photos") == 0
    (out,) = (tmp_path / "data" / "facesearch").glob("photos-????????")
    assert open_bundle(out).names == ("one.png#1",)


def test_a_missing_folder_is_named(tmp_path, capsys):
    assert index(tmp_path / "none", "--out", tmp_path / "bundle") == 2
    assert "no such folder of photographs" in capsys.readouterr().err


INTERRUPTED = """
import os, signal, sys
from facesearch.__main__ import main
from facesearch.photos import indexing

class Interrupted(indexing._Run):
    def _commit(self, batch):
        super()._commit(batch)
        os.kill(os.getpid(), signal.SIGINT)

indexing._Run = Interrupted
sys.exit(main(sys.argv[1:]))
"""


def test_ctrl_c_keeps_what_was_finished(tmp_path):
    """Interrupted after its first batch, whatever the speed of the machine."""
    photos, out = tmp_path / "photos", tmp_path / "bundle"
    photos.mkdir()
    for number in range(indexing.FILES + 4):
        photograph((number % 20, 60, 60)).save(photos / f"{number:02}.png")
    command = [sys.executable, "-c", INTERRUPTED, "index", photos, "--out", out, "--bundle", MODEL]
    child = subprocess.run(
        list(map(str, command)), cwd=ROOT, capture_output=True, text=True, timeout=90
    )
    assert child.returncode == 130
    assert (
        "Stopped. What was finished is kept; the same command goes on from there." in child.stderr
    )
    assert "Traceback" not in child.stderr
    assert len(open_bundle(out)) == indexing.FILES
    assert index(photos, "--out", out) == 0
    assert len(open_bundle(out)) == indexing.FILES + 4


def test_a_second_writer_is_refused(tmp_path, capsys):
    (tmp_path / "photos").mkdir()
    store = Store(tmp_path / "bundle.index")
    assert index(tmp_path / "photos", "--out", tmp_path / "bundle") == 2
    assert "another process is indexing here" in capsys.readouterr().err
    store.close()
