"""The bundles that ship, and README's commands and snippets, as a newcomer finds them."""

import re

import numpy as np
import pytest
from clicks import expected, shown, tick
from conftest import ROOT
from gradio_client import Client

import facesearch
from facesearch.attributes import ATTRIBUTES
from facesearch.bundle import CONFIG, GALLERY, IMAGES
from facesearch.page.examples import examples

PORTRAITS = ROOT / "weights" / "portraits"
CELEBA = ROOT / "weights" / "celeba"
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def portraits() -> facesearch.Bundle:
    return facesearch.open_bundle(PORTRAITS)


def size(folder) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_two_thousand_portraits_ship_with_images_and_labels_of_thirty_nine_attributes(portraits):
    assert len(portraits) == 2000
    assert size(PORTRAITS / IMAGES) <= 12_000_000
    assert max(file.stat().st_size for file in PORTRAITS.rglob("*")) < 20_000_000
    assert portraits.unavailable == ("Attractive",)
    labels = portraits.gallery.faces.labels.T
    attractive = ATTRIBUTES.index("Attractive")
    assert (labels[:, attractive] == -1).all()
    others = np.delete(labels, attractive, axis=1)
    assert set(np.unique(others)) == {0, 1}
    assert ((others.mean(axis=0) >= 0.05) & (others.mean(axis=0) <= 0.95)).all()


def test_the_portraits_found_are_the_ones_asked_for(portraits):
    labels = dict(zip(portraits.names, portraits.gallery.faces.labels.T, strict=True))
    for wanted, unwanted in (
        (["Eyeglasses", "Smiling"], ["Male"]),
        (["Wearing_Hat"], []),
        (["Gray_Hair", "Male"], ["Young"]),
        (["Blond_Hair"], ["Smiling"]),
    ):
        hits = portraits.search(facesearch.Query(wanted, unwanted), k=10)
        right = [
            all(labels[hit.name][ATTRIBUTES.index(name)] == 1 for name in wanted)
            and all(labels[hit.name][ATTRIBUTES.index(name)] == 0 for name in unwanted)
            for hit in hits
        ]
        assert sum(right) >= 9


def test_the_image_encoder_travels_with_the_portraits_and_gives_the_gallery_again(portraits):
    rows = [0, 700, 1999]
    names = [portraits.image_dir / portraits.names[row] for row in rows]
    vectors = portraits.encode_images(names)
    assert np.abs(vectors - portraits.gallery.columns.need().T[rows]).max() < 0.02
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_an_attribute_without_labels_is_refused_with_a_sentence(portraits):
    with pytest.raises(facesearch.InputError, match="Attractive is not available here"):
        portraits.search(facesearch.Query(["Attractive"]))


def test_without_options_the_app_opens_on_the_portraits_and_asks_no_other_machine(
    start_app, browser_page, portraits
):
    app = start_app(fresh=True)
    visit = browser_page(app.url, hears_requests=True)
    first = examples(portraits)[0]
    assert shown(visit.page) == expected(portraits, first.wanted, first.unwanted)
    assert "Drawn portraits" in visit.page.locator(".fs-head").text_content()
    boxes = visit.page.get_by_role("group").get_by_role("checkbox")
    assert boxes.count() == 40
    row = visit.page.locator('.fs-row[data-name="Attractive"]')
    assert "not available here" in row.text_content()
    assert row.get_by_role("checkbox").is_disabled()
    assert row.get_by_role("button").is_disabled()
    tick(visit.page, "Wearing_Hat")
    with_hat = [*first.wanted, "Wearing_Hat"]
    assert shown(visit.page) == expected(portraits, with_hat, first.unwanted)
    assert visit.problems == []
    assert all(request.startswith(app.url) for request in visit.requests)
    hits = Client(app.url, verbose=False).predict(
        wanted=["Smiling"], unwanted=["Male"], k=5, api_name="/search"
    )
    assert [hit["name"] for hit in hits] == expected(portraits, ["Smiling"], ["Male"], 5)
    assert not app.outside.exists()


def test_the_celeba_bundle_ships_names_and_numbers_but_no_image_and_no_label():
    bundle = facesearch.open_bundle(CELEBA)
    assert len(bundle) == 4535
    assert bundle.gallery.faces.labels is None
    assert not (CELEBA / IMAGES).exists()
    assert "non-commercial research" in (CELEBA / "README.md").read_text("utf-8")
    assert (CELEBA / GALLERY).stat().st_size < 2_100_000
    assert (CELEBA / CONFIG).exists()


def test_without_its_images_the_celeba_bundle_says_in_a_sentence_what_to_do(
    start_app, browser_page
):
    visit = browser_page(start_app("--bundle", CELEBA).url)
    notice = visit.page.locator(".fs-notice").text_content()
    assert "--images" in notice
    assert len(shown(visit.page)) == 24


def test_readmes_python_runs_as_it_stands(monkeypatch):
    monkeypatch.chdir(ROOT)
    snippet = re.findall(r"```python\n(import facesearch.*?)```", README, re.DOTALL)[0]
    names = {}
    exec(snippet, names)
    assert names["vectors"].shape == (1, 81)


def test_readmes_front_matter_is_what_a_space_needs():
    front = README.split("---")[1]
    for line in ("sdk: gradio", "app_file: app.py", "license: apache-2.0"):
        assert line in front
