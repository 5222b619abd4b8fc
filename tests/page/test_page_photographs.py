"""Faces out of photographs on the page: tiles, the whole photograph, originals. Nobody is real."""

import io
import time
import urllib.error
import urllib.request

import pytest
from clicks import chips, close_face, open_face, opened, shown, with_panel
from conftest import ROOT
from drawn_photographs import photograph
from PIL import Image
from PIL.ExifTags import Base

import facesearch
from facesearch.__main__ import main


@pytest.fixture(scope="module")
def album(tmp_path_factory):
    """A folder with two photographs, of two people and of one, and the bundle of their faces."""
    folder, out = tmp_path_factory.mktemp("album"), tmp_path_factory.mktemp("out") / "faces"
    (folder / "holiday").mkdir()
    exif = Image.Exif()
    exif[Base.DateTime] = "2026:07:14 09:30:00"
    exif[Base.Model] = "A camera of mine"
    photograph((30, 40, 60), (400, 260, 90)).save(folder / "holiday" / "two.jpg", exif=exif)
    photograph((77, 150, 80)).save(folder / "one #1.png")
    model = ROOT / "weights" / "portraits"  # which reads drawings best
    assert main(["index", str(folder), "--out", str(out), "--bundle", str(model)]) == 0
    return folder, out


@pytest.fixture(scope="module")
def album_app(album, start_app):
    folder, out = album
    return start_app("--bundle", out, "--images", folder)


def fetch(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_every_face_is_a_tile_cut_out_of_its_photograph(album, album_app, browser_page):
    bundle = facesearch.open_bundle(album[1])
    assert set(bundle.names) == {"holiday/two.jpg#1", "holiday/two.jpg#2", "one #1.png#1"}
    page = browser_page(album_app.url + "?k=24").page
    assert sorted(shown(page)) == sorted(bundle.names)
    widths = page.locator(".fs-tile img").evaluate_all(
        "async all => { await Promise.all(all.map(i => i.decode())); "
        "return all.map(i => i.naturalWidth / i.naturalHeight) }"
    )
    assert widths == pytest.approx([178 / 218] * 3, abs=0.02)
    with_panel(page)
    assert "estimated from the model's predictions" in page.locator(".fs-hint").text_content()


@pytest.mark.parametrize("width", [1280, 390])
def test_an_opened_face_shows_its_photograph_with_all_faces_framed(album_app, browser_page, width):
    page = browser_page(album_app.url + "?k=24", width=width).page
    names = shown(page)
    open_face(page, names.index("holiday/two.jpg#1") + 1)
    frames = page.locator(".fs-photo-face")
    assert frames.evaluate_all("all => all.map(f => f.getAttribute('aria-pressed'))") == [
        "true",
        "false",
    ]
    about = page.locator(".fs-photo-about").text_content()
    assert "holiday/two.jpg, " in about
    assert "2026" in about
    photo = page.locator(".fs-photo-frame img")
    assert photo.evaluate(
        "async i => { await i.decode(); return [i.naturalWidth, i.naturalHeight] }"
    ) == [
        480,
        360,
    ]
    box = frames.nth(1).bounding_box()
    whole = photo.bounding_box()
    middle = (box["x"] + box["width"] / 2 - whole["x"]) / whole["width"]
    assert middle == pytest.approx((260 + 90) / 480, abs=0.06)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    frames.nth(1).click()
    page.wait_for_function("document.querySelector('#fs-face-name').textContent.endsWith('#2')")
    assert opened(page) == "holiday/two.jpg#2"
    page.reload()
    page.wait_for_selector(".fs-photo-face[aria-pressed=true]")
    assert opened(page) == "holiday/two.jpg#2"


def test_what_a_camera_wrote_leaves_only_with_the_original(album, album_app):
    bundle = facesearch.open_bundle(album[1])
    row = bundle.gallery.find("holiday/two.jpg#1")
    status, small = fetch(f"{album_app.url}photos/{row}")
    assert status == 200
    assert not Image.open(io.BytesIO(small)).getexif()
    assert b"A camera of mine" not in small
    thumbnail = fetch(f"{album_app.url}faces/{row}")[1]
    assert not Image.open(io.BytesIO(thumbnail)).getexif()
    status, whole = fetch(f"{album_app.url}originals/{row}")
    assert status == 200
    assert whole == (album[0] / "holiday" / "two.jpg").read_bytes()
    for path in ("photos/3", "photos/999999999", "originals/3", "photos/-1"):
        assert fetch(album_app.url + path)[0] == 404


def test_originals_can_be_kept_back(album, start_app, browser_page):
    folder, out = album
    app = start_app("--bundle", out, "--images", folder, "--no-originals")
    assert fetch(f"{app.url}originals/0")[0] == 404
    page = browser_page(app.url + "?k=24").page
    open_face(page, 1)
    assert page.locator(".fs-photo-frame img").count() == 1
    assert page.get_by_text("Open the original").count() == 0
    page.close()
    app.stop()


def test_without_the_photographs_the_thumbnails_still_show(album, start_app, browser_page):
    app = start_app("--bundle", album[1])
    page = browser_page(app.url + "?k=24").page
    assert len(shown(page)) == 3
    open_face(page, 1)
    assert page.locator(".fs-face-picture img").count() == 1
    assert page.locator(".fs-photo").count() == 0
    page.close()
    app.stop()


def test_a_gallery_without_detection_has_no_photograph_to_show(drawn_app):
    assert fetch(f"{drawn_app.url}photos/0")[0] == 404
    assert fetch(f"{drawn_app.url}originals/0")[0] == 404


def test_near_copies_are_one_tile_that_tells_of_them_and_all_can_be_shown(
    tmp_path, start_app, browser_page
):
    folder, out = tmp_path / "album", tmp_path / "faces"
    folder.mkdir()
    picture = photograph((77, 150, 80))
    picture.save(folder / "a.png")
    picture.save(folder / "b.jpg", quality=70)
    photograph((30, 40, 60)).save(folder / "other.png")
    model = ROOT / "weights" / "portraits"
    assert main(["index", str(folder), "--out", str(out), "--bundle", str(model)]) == 0
    bundle = facesearch.open_bundle(out)
    assert len(bundle) == 3
    assert len(bundle.names) == 2
    app = start_app("--bundle", out, "--images", folder)
    page = browser_page(app.url + "?k=24").page
    assert sorted(shown(page)) == sorted(bundle.names)
    stands = next(name for name in bundle.names if name != "other.png#1")
    badge = page.locator(f".fs-tile[data-name='{stands}'] .fs-copies")
    assert badge.text_content() == "+1"
    assert page.locator(".fs-copies:not([hidden])").count() == 1
    assert "2 faces" in page.locator(".fs-gallery-name").text_content()
    open_face(page, shown(page).index(stands) + 1)
    copy = next(name for name in ("a.png#1", "b.jpg#1") if name != stands)
    page.locator(".fs-face-copies").get_by_role("button", name=copy).click()
    page.wait_for_function(
        "name => document.querySelector('#fs-face-name').textContent === name", arg=copy
    )
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("checkbox", name="Also small and doubtful faces").check()
    page.wait_for_function("document.querySelectorAll('.fs-tile').length === 3")
    assert "hidden=1" in page.url
    page.reload()
    page.wait_for_selector(".fs-tile")
    assert len(shown(page)) == 3
    page.close()
    app.stop()


def test_where_nothing_is_hidden_no_filter_is_offered(drawn_app, browser_page):
    page = browser_page(drawn_app.url).page
    assert page.get_by_role("checkbox", name="Also small and doubtful faces").is_hidden()


def test_new_faces_are_said_while_an_index_goes_on_and_shown_at_a_click(
    tmp_path, start_app, browser_page
):
    photos, out = tmp_path / "photos", tmp_path / "faces"
    photos.mkdir()
    index = ["index", str(photos), "--out", str(out)]
    index += ["--bundle", str(ROOT / "weights" / "portraits")]
    photograph((30, 40, 60)).save(photos / "first.jpg")
    assert main(index) == 0
    app = start_app("--bundle", out, "--images", photos)
    page = browser_page(app.url + "?wanted=Smiling").page
    open_face(page, 1)
    assert shown(page) == ["first.jpg#1"]
    assert "gallery=" in page.url
    photograph((77, 20, 60), (400, 260, 90)).save(photos / "second.jpg")
    assert main(index) == 0
    news = page.locator(".fs-news")
    deadline = time.monotonic() + 30
    while not news.is_visible() and time.monotonic() < deadline:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_timeout(500)
    assert news.text_content() == "2 new faces: show"
    assert shown(page) == ["first.jpg#1"]  # the page goes on as it was
    close_face(page)
    elsewhere = browser_page(app.url + "?k=24").page  # opened from now on, it shows all
    names = {"first.jpg#1", "second.jpg#1", "second.jpg#2"}
    assert set(shown(elsewhere)) == names
    with page.expect_navigation():
        page.get_by_role("button", name="show", exact=True).click()
    page.wait_for_function("document.querySelectorAll('.fs-tile').length === 3")
    assert set(shown(page)) == names
    assert chips(page) == ["with Smiling"]
    assert page.locator(".fs-error").is_hidden()
    assert page.locator(".fs-news").is_hidden()
