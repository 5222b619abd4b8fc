import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from stand_in_finder import StandInEncoder, StandInFinder, colours, picture

from facesearch.errors import InputError
from facesearch.photos.indexing import Changes, update
from facesearch.photos.scanning import Entry
from facesearch.photos.store import Store

TESTS = Path(__file__).resolve().parents[1]
RED, GREEN, BLUE = (250, 60, 60), (60, 250, 60), (60, 60, 250)


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    (folder / "album").mkdir(parents=True)
    picture(RED, GREEN).save(folder / "two.png")
    picture(BLUE).save(folder / "album" / "one.png")
    picture().save(folder / "none.png")
    return folder


def run(photos, finder=None, model="model", progress=None) -> Changes:
    store = Store(photos.parent / "index")
    try:
        more = {} if progress is None else {"progress": progress}
        finder = finder or StandInFinder()
        return update(store, photos, finder, StandInEncoder, model, **more)
    finally:
        store.close()


def contents(photos, folder="index"):
    """All that the index holds, and the thumbnails on the disk."""
    store = Store(photos.parent / folder)
    try:
        faces = [
            (
                path,
                number,
                *(a.tolist() for a in (face.box, face.points, face.look)),
                face.thumbnail,
            )
            for path, number, face in store.faces()
        ]
        vectors = [face.vector for _, _, face in store.faces()]
        thumbnails = sorted(
            file.relative_to(store.thumbnails).as_posix() for file in store.thumbnails.rglob("*.*")
        )
        return list(store.files()), faces, np.array(vectors), thumbnails
    finally:
        store.close()


def faces(photos):
    return [f"{path}#{number}" for path, number, *_ in contents(photos)[1]]


def test_each_face_has_a_row_and_a_thumbnail_and_each_file_too(photos):
    changes = run(photos)
    files, rows, vectors, thumbnails = contents(photos)
    assert (changes.read, changes.unchanged) == (3, 0)
    assert [file[0] for file in files] == ["album/one.png", "none.png", "two.png"]
    assert faces(photos) == ["album/one.png#1", "two.png#1", "two.png#2"]
    assert sorted(row[-1] for row in rows) == thumbnails
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_again_nothing_is_read(photos):
    run(photos)
    finder = StandInFinder()
    changes = run(photos, finder)
    assert finder.looked_at == []
    assert (changes.read, changes.unchanged) == (0, 3)


def test_one_photo_more_is_the_one_that_is_read(photos):
    run(photos)
    picture((90, 90, 90)).save(photos / "new.png")
    finder = StandInFinder()
    run(photos, finder)
    assert finder.looked_at == ["new.png"]
    assert "new.png#1" in faces(photos)


def test_a_changed_photograph_is_read_anew_and_its_faces_replaced(photos):
    run(photos)
    picture(BLUE, RED, GREEN).save(photos / "two.png")
    run(photos)
    assert [name for name in faces(photos) if name.startswith("two")] == [
        "two.png#1",
        "two.png#2",
        "two.png#3",
    ]


def test_a_moved_photograph_keeps_its_faces_without_being_looked_at(photos):
    run(photos)
    shutil.move(photos / "two.png", photos / "album" / "moved.png")
    finder = StandInFinder()
    changes = run(photos, finder)
    assert finder.looked_at == []
    assert (changes.moved, changes.vanished) == (1, 0)
    assert faces(photos) == ["album/moved.png#1", "album/moved.png#2", "album/one.png#1"]


def test_a_copied_photograph_has_faces_of_its_own_without_being_looked_at(photos):
    run(photos)
    shutil.copyfile(photos / "two.png", photos / "copy.png")
    finder = StandInFinder()
    run(photos, finder)
    assert finder.looked_at == []
    assert [name for name in faces(photos) if "one" not in name] == [
        "copy.png#1",
        "copy.png#2",
        "two.png#1",
        "two.png#2",
    ]


def test_a_photograph_touched_but_not_changed_is_not_looked_at(photos):
    run(photos)
    os.utime(photos / "two.png", ns=(1, 1))
    finder = StandInFinder()
    run(photos, finder)
    assert finder.looked_at == []
    assert run(photos).unchanged == 3


def test_what_is_gone_leaves_with_its_thumbnail(photos):
    run(photos)
    (photos / "two.png").unlink()
    assert run(photos).vanished == 1
    assert faces(photos) == ["album/one.png#1"]
    assert len(contents(photos)[3]) == 1


def test_an_empty_folder_takes_nothing_out(photos):
    run(photos)
    shutil.move(photos, photos.parent / "unmounted")
    photos.mkdir()
    assert run(photos).kept == 3
    assert len(faces(photos)) == 3


def test_a_missing_folder_takes_nothing_out(photos):
    run(photos)
    shutil.move(photos, photos.parent / "unmounted")
    with pytest.raises(InputError, match="no such folder of photographs"):
        run(photos)
    assert len(faces(photos)) == 3


def test_a_folder_that_cannot_be_listed_takes_nothing_out(photos, monkeypatch):
    run(photos)
    listed = os.scandir

    def scandir(folder):
        if folder.name == "album":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr("facesearch.photos.scanning.os.scandir", scandir)
    assert run(photos).kept == 1
    assert len(faces(photos)) == 3


def test_an_unreadable_file_is_remembered_with_its_reason_and_not_tried_again(photos):
    (photos / "bad.jpg").write_text("no picture")
    run(photos)
    reasons = {path: reason for path, _, _, _, reason, _ in contents(photos)[0]}
    assert reasons["bad.jpg"] == "not an image that can be read."
    finder = StandInFinder()
    run(photos, finder)
    assert finder.looked_at == []


def test_a_file_out_of_reach_is_tried_again_and_keeps_its_faces_meanwhile(photos, monkeypatch):
    run(photos)
    picture(GREEN, BLUE, RED).save(photos / "two.png")

    def denied(file):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("facesearch.photos.reading.content_hash", denied)
        run(photos)
        assert len(faces(photos)) == 3
    run(photos)
    assert len(faces(photos)) == 4


def test_a_file_on_which_the_finder_fails_does_not_end_the_run(photos):
    class Failing(StandInFinder):
        def find(self, source):
            if Path(source).name == "two.png":
                raise RuntimeError("odd tensor")
            return super().find(source)

    run(photos, Failing())
    reasons = {path: reason for path, _, _, _, reason, _ in contents(photos)[0]}
    assert reasons["two.png"] == "RuntimeError: odd tensor"
    assert faces(photos) == ["album/one.png#1"]


def test_another_detector_reads_all_anew_and_old_rows_stay_until_then(photos):
    run(photos)

    class Newer(StandInFinder):
        name = "stand-in 2"

        def find(self, source):
            seen = super().find(source)
            if Path(source).name == "two.png":
                raise KeyboardInterrupt
            return seen

    with pytest.raises(KeyboardInterrupt):
        run(photos, Newer())
    assert len(faces(photos)) == 3
    newer = StandInFinder()
    newer.name = "stand-in 2"
    assert run(photos, newer).read == 3
    assert len(faces(photos)) == 3


def test_what_was_forgotten_does_not_come_back(photos):
    run(photos)
    store = Store(photos.parent / "index")
    with store.transaction():
        first = next(
            face for path, number, face in store.faces() if (path, number) == ("two.png", 1)
        )
        store.forget("two.png", first.box)
        store.remove_face("two.png", 1)
    store.close()
    changed = picture(RED, GREEN)
    changed.save(photos / "two.png", compress_level=0)  # other bytes, the same faces
    shutil.copyfile(photos / "two.png", photos / "again.png")
    run(photos)
    assert [name for name in faces(photos) if name.startswith("two")] == ["two.png#2"]


def test_an_index_is_of_one_folder(photos, tmp_path):
    run(photos)
    store = Store(tmp_path / "index")
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(InputError, match=r"is the index of .*photos, not of .*other"):
        update(store, other, StandInFinder(), StandInEncoder, "model")
    store.close()


def test_there_is_one_writer_at_a_time(tmp_path):
    store = Store(tmp_path / "index")
    with pytest.raises(InputError, match="another process is indexing here"):
        Store(tmp_path / "index")
    store.close()
    Store(tmp_path / "index").close()


def test_a_transaction_that_fails_leaves_nothing(tmp_path):
    store = Store(tmp_path / "index")
    store.set_about("key", "before")

    def fail() -> None:
        with store.transaction():
            store.set_about("key", "after")
            store.copy("none.jpg", Entry("a.jpg", 1, 1))
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        fail()
    assert store.about("key") == "before"
    store.close()


def test_progress_counts_photographs_and_faces(photos):
    seen = []
    run(photos, progress=seen.append)
    assert (seen[0].done, seen[0].total) == (0, 3)
    assert (seen[-1].done, seen[-1].faces) == (3, 3)


INDEX = """
import sys
import time
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from stand_in_finder import StandInEncoder, StandInFinder
from facesearch.photos.indexing import update
from facesearch.photos.scanning import Entry
from facesearch.photos.store import Store
store = Store(Path(sys.argv[2]))
print("begun", flush=True)
update(store, Path(sys.argv[1]), StandInFinder(), StandInEncoder, "model")
"""


def test_killed_at_any_moment_it_ends_as_an_undisturbed_run(tmp_path):
    photos = tmp_path / "photos"
    photos.mkdir()
    for number in range(120):
        picture(*colours(number % 4, number)).save(photos / f"{number:03}.png")
    command = [sys.executable, "-c", INDEX, str(photos)]
    paths = [str(TESTS), str(TESTS.parent)]
    rng = np.random.default_rng(0)
    kills, found = 0, []
    for _ in range(40):
        child = subprocess.Popen(
            [*command, str(tmp_path / "index"), *paths], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        time.sleep(rng.uniform(0, 0.15))
        kills += child.poll() is None
        child.kill()
        child.wait()
        child.stdout.close()
        files, rows, _, _ = contents(photos)
        found.append(len(files))
        assert len({row[:2] for row in rows}) == len(rows)
        if kills == 6:
            break
    assert kills == 6
    assert found == sorted(found)  # what was committed stays
    subprocess.run([*command, str(tmp_path / "index"), *paths], check=True, capture_output=True)
    subprocess.run([*command, str(tmp_path / "whole"), *paths], check=True, capture_output=True)
    disturbed, whole = contents(photos), contents(photos, "whole")
    assert disturbed[:2] == whole[:2]
    assert disturbed[2] == pytest.approx(whole[2], abs=1e-6)
    assert disturbed[3] == whole[3]


def damaged(seed: int) -> tuple[str, bytes]:
    """A file's name and content: a picture of some format, cut, changed, or of another name."""
    rng = np.random.default_rng(seed)
    suffix, form = [
        ("jpg", "JPEG"),
        ("png", "PNG"),
        ("gif", "GIF"),
        ("webp", "WEBP"),
        ("tif", "TIFF"),
        ("bmp", "BMP"),
        ("avif", "AVIF"),
    ][seed % 7]
    stream = io.BytesIO()
    mode = ["RGB", "L", "P", "1"][int(rng.integers(4))]
    image = picture(*colours(int(rng.integers(1, 4)), seed)).convert(mode)
    try:
        image.save(stream, form)
    except OSError:  # a format without this mode
        image.convert("RGB").save(stream, form)
    content = bytearray(stream.getvalue())
    if rng.random() < 0.4:
        content = content[: int(rng.integers(len(content)))]
    for place in rng.integers(0, max(len(content), 1), int(rng.integers(0, 20))):
        if content:
            content[place] = int(rng.integers(256))
    if rng.random() < 0.1:
        content += bytes(rng.integers(0, 256, 500, np.uint8))
    name = [f"{seed}", f"{seed} ü \n x", f"{seed}#1", f"-{seed}", f"{seed}%20..", f"{seed}'\""]
    return f"{name[int(rng.integers(6))]}.{suffix}", bytes(content)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_no_damaged_or_oddly_named_file_ends_the_run(tmp_path):
    photos = tmp_path / "photos"
    photos.mkdir()
    for seed in range(300):
        name, content = damaged(seed)
        (photos / name).write_bytes(content)
    picture(RED).save(photos / "good.png")
    run(photos)
    files = contents(photos)[0]
    assert len(files) == 301
    assert any(reason is not None for _, _, _, _, reason, _ in files)
    assert "good.png#1" in faces(photos)
    finder = StandInFinder()
    assert run(photos, finder).unchanged == 301
