"""Several galleries in one app: the choice in the header, addresses, endpoints, and opening."""

import json
import urllib.error
import urllib.request

import pytest
from apps import ROOT
from clicks import NOTHING, chips, close_face, expected, open_face, opened, shown, tick, with_panel
from gradio_client import Client
from gradio_client.exceptions import AppError

from facesearch.commands import opening
from facesearch.errors import InputError
from facesearch.page.galleries import Galleries

PORTRAITS = ROOT / "weights" / "portraits"


@pytest.fixture(scope="module")
def app(start_app, drawn_bundle):
    """An app over the portraits and the drawn pictures."""
    return start_app("--bundle", PORTRAITS, "--bundle", drawn_bundle)


@pytest.fixture
def visit(request, app, browser_page):
    width = getattr(request, "param", 1280)
    return lambda address="": browser_page(app.url + address, width=width).page


BOTH = pytest.mark.parametrize("visit", [1280, 390], ids=["wide", "narrow"], indirect=True)


def choice(page):
    return page.get_by_role("combobox", name="Gallery")


def settled(page, url):
    """Wait until another page is there, and its faces."""
    page.wait_for_url(url)
    page.wait_for_selector(".fs-gallery > li")


@BOTH
def test_the_choice_in_the_header_leads_to_another_gallery_and_back(
    visit, bundle, shipped_portraits
):
    page = visit(NOTHING)
    assert choice(page).locator("option").all_text_contents() == ["portraits", "bundle"]
    assert shown(page) == expected(shipped_portraits)
    tick(page, "Smiling")
    assert shown(page) == expected(shipped_portraits, ["Smiling"])
    assert f"gallery=portraits%40{shipped_portraits.fingerprint}" in page.url
    page.evaluate("document.querySelector('.fs-panel').hidePopover?.()")
    choice(page).select_option("bundle")
    settled(page, "**gallery=bundle*")
    assert shown(page) == expected(bundle, ["Smiling"])  # what was asked goes along
    assert "Drawn: 60 faces" in page.locator(".fs-gallery-name").text_content()
    assert choice(page).input_value() == "bundle"
    open_face(page, 1)
    assert opened(page) == expected(bundle, ["Smiling"])[0]
    close_face(page)
    with_panel(page)
    assert page.get_by_role("checkbox", name="Attractive", exact=True).is_enabled()  # its own panel
    page.go_back()
    settled(page, "**gallery=portraits*")
    assert shown(page) == expected(shipped_portraits, ["Smiling"])
    assert choice(page).input_value() == "portraits"


def test_each_has_its_address(visit, bundle, shipped_portraits):
    page = visit("?gallery=bundle")
    first = ["with Eyeglasses", "with Smiling", "without Male", "without Blurry"]
    assert chips(page) == first  # as where an address says nothing
    assert shown(page) == expected(bundle, ["Eyeglasses", "Smiling"], ["Male", "Blurry"])
    page.get_by_role("button", name="Clear", exact=True).click()
    assert shown(page) == expected(bundle)
    page.reload()
    page.wait_for_selector(".fs-gallery > li")
    assert shown(page) == expected(bundle)
    assert page.locator(".fs-error").is_hidden()
    page = visit("?wanted=Bald&gallery=bundle%40strange")
    assert shown(page) == expected(bundle, ["Bald"])
    assert "made in another gallery" in page.locator(".fs-error").text_content()
    page = visit("?wanted=Bald&gallery=none")
    assert shown(page) == expected(shipped_portraits, ["Bald"])
    assert "made in another gallery" in page.locator(".fs-error").text_content()


def test_pictures_words_and_likes_are_those_of_its_gallery(app, visit, bundle):
    page = visit("?gallery=bundle")
    page.get_by_role("combobox", name="Say who").fill("bald man")
    page.wait_for_function("location.search.includes('wanted=Bald')")
    names = shown(page)
    source = page.locator(".fs-tile img").first.get_attribute("src")
    with urllib.request.urlopen(app.url + source) as picture:
        row = bundle.gallery.find(names[0])
        file = bundle.image_dir / bundle.gallery.places([row])[0].photo
        assert picture.read() == file.read_bytes()
    open_face(page, 1)
    page.get_by_role("button", name="More like this").click()
    page.wait_for_selector(".fs-like:not([hidden])")
    assert shown(page)[0] in bundle.names
    program = page.locator(".fs-program pre").text_content()
    assert 'gallery="bundle"' in program
    scope = {}
    exec(program, scope)
    assert [face["name"] for face in scope["faces"]] == shown(page)


def test_the_page_over_one_gallery_offers_no_choice(drawn_app, browser_page, bundle):
    page = browser_page(drawn_app.url + "?wanted=Bald").page
    shown(page)
    assert choice(page).count() == 0
    tick(page, "Smiling")
    assert page.url.endswith(f"gallery={bundle.fingerprint}")


def test_endpoints_take_a_gallery(app, bundle, shipped_portraits):
    client = Client(app.url, verbose=False)
    found = client.predict(wanted=["Bald"], k=5, gallery="bundle", api_name="/search")
    assert [face["name"] for face in found] == expected(bundle, ["Bald"], k=5)
    assert urllib.request.urlopen(app.url + found[0]["image"]).status == 200
    found = client.predict(wanted=["Bald"], k=5, api_name="/search")
    assert [face["name"] for face in found] == expected(shipped_portraits, ["Bald"], k=5)
    alike = client.predict(face="007.png", k=5, gallery="bundle", api_name="/similar")
    assert [face["name"] for face in alike] == [hit.name for hit in bundle.similar("007.png", 5)]
    assert client.predict(gallery="bundle", api_name="/counts")["faces"] == 60
    assert client.predict(api_name="/counts")["faces"] == 2000
    for name in ("none", "constructor", 7):
        with pytest.raises(AppError, match=r"There is no gallery .* here: there is portraits and"):
            client.predict(gallery=name, api_name="/counts")


def test_a_picture_of_a_gallery_that_is_not_open_is_none_of_the_first(app):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{app.url}faces/0?00000000")


class TestGalleries:
    def test_others_are_opened_once_when_they_are_first_asked_for(self, bundle, shipped_portraits):
        times = []

        def other():
            times.append(1)
            return shipped_portraits

        galleries = Galleries({"drawn": bundle, "portraits": other})
        answer = galleries.function("answer")
        assert len(answer({"k": 1})["hits"]) == 1
        asked = {"k": 1, "gallery": shipped_portraits.fingerprint}
        assert answer(asked) == {"changed": True}  # so that the page opens it by name
        assert times == []
        about = json.loads(json.dumps(galleries.open({"gallery": "portraits"})))["about"]
        assert (about["faces"], about["named"]) == (2000, "portraits")
        assert answer(asked)["hits"][0]["name"] in shipped_portraits.names
        galleries.open({"gallery": "portraits"})
        assert times == [1]

    def test_one_that_cant_be_opened_is_a_sentence_and_may_be_asked_for_again(self, bundle):
        def other():
            raise InputError("weights/x: is damaged.")

        galleries = Galleries({"drawn": bundle, "x": other})
        for _ in range(2):
            assert galleries.open({"gallery": "x"}) == {"error": "weights/x: is damaged."}
        assert galleries.function("answer")({"k": 1})["hits"]

    @pytest.mark.parametrize("asked", ["x", 7, ["drawn"], {"a": 1}, "x" * 10_000])
    def test_no_other_name_is_taken(self, bundle, asked):
        galleries = Galleries({"drawn": bundle})
        assert "There is no gallery" in galleries.open({"gallery": asked})["error"]
        assert galleries.open(asked)["about"]["faces"] == 60

    def test_over_one_gallery_nothing_is_said_of_others(self, bundle):
        assert "galleries" not in Galleries({"drawn": bundle}).about("drawn")


class TestOpening:
    def test_the_default_offers_what_has_its_pictures(self, monkeypatch, tmp_path):
        monkeypatch.delenv("FACESEARCH_CELEBA", raising=False)
        monkeypatch.setattr(opening, "find_celeba_images", lambda: None)
        assert list(opening.open_galleries([], None)) == ["portraits"]
        with_images = opening.open_galleries([], str(tmp_path))
        assert list(with_images) == ["portraits", "celeba"]
        first, second = with_images.values()
        assert first.image_dir == PORTRAITS / "images"  # its own
        assert second().image_dir == tmp_path
        monkeypatch.setattr(opening, "find_celeba_images", lambda: tmp_path)
        assert list(opening.open_galleries([], None)) == ["portraits", "celeba"]
        with pytest.raises(InputError, match="no such folder of images"):
            opening.open_galleries([], str(tmp_path / "none"))

    def test_galleries_of_one_name_are_told_apart(self, drawn_bundle):
        found = opening.open_galleries([str(drawn_bundle)] * 2 + [str(PORTRAITS)], None)
        assert list(found) == ["bundle", "bundle-2", "portraits"]

    def test_each_that_is_named_is_opened_at_once_so_that_a_mistake_is_said(self, drawn_bundle):
        with pytest.raises(InputError, match="no such bundle"):
            opening.open_galleries([str(drawn_bundle), "nowhere"], None)
