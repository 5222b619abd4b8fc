"""Attributes that are not CelebA's, from a list to clicks on the page; and the reference recipe."""

import numpy as np
import pytest
from clicks import shown
from PIL import Image, ImageDraw

import facesearch
from facesearch.vision.backbones import LITE0
from train.__main__ import main

SEVEN = ("Red ground", "disc", "Big_Square", "stripes", "dark frame", "Cross", "bright")


def draw(signs: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """A picture of 64 pixels a side that shows the attributes whose sign is 1."""
    red, disc, square, stripes, frame, cross, bright = signs == 1
    level = 170 if bright else 70
    image = Image.new("RGB", (64, 64), (level + 60, 40, 40) if red else (level, level, level))
    pen, x = ImageDraw.Draw(image), int(rng.integers(-4, 5))
    if stripes:
        for y in range(4, 64, 8):
            pen.line((0, y, 63, y), (20, 90, 20), 2)
    if square:
        pen.rectangle((10 + x, 10, 34 + x, 34), (40, 60, 230))
    if disc:
        pen.ellipse((34 + x, 34, 54 + x, 54), (250, 230, 60))
    if cross:
        pen.line((40 + x, 8, 56 + x, 24), (255, 255, 255), 4)
        pen.line((56 + x, 8, 40 + x, 24), (255, 255, 255), 4)
    if frame:
        pen.rectangle((0, 0, 63, 63), outline=(0, 0, 0), width=5)
    return image


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    """240 pictures in CelebA's layout, their list a CSV with spaces in its names."""
    folder, rng = tmp_path_factory.mktemp("shapes"), np.random.default_rng(0)
    (folder / "images").mkdir()
    signs = rng.choice([-1, 1], (240, 7))
    rows = [",".join(["image_id", *SEVEN])]
    for number, row in enumerate(signs):
        draw(row, rng).save(folder / "images" / f"{number:03}.png")
        rows.append(",".join([f"{number:03}.png", *map(str, row)]))
    (folder / "list_attr_celeba.csv").write_text("\n".join(rows) + "\n")
    splits = [f"{number:03}.png {int(number >= 160)}" for number in range(240)]
    (folder / "list_eval_partition.txt").write_text("\n".join(splits) + "\n")
    return folder


def fit(shapes, out, *more: str) -> facesearch.Bundle:
    command = [
        *("fit", "--data", str(shapes), "--backbone", LITE0, "--size", "64x64"),
        *("--batch-size", "16"),
        *("--cache", str(shapes / "cache"), "--out", str(out), "--name", "Shapes", *more),
    ]
    assert main(command) == 0
    return facesearch.open_bundle(out)


@pytest.fixture(scope="module")
def bundle(shapes, tmp_path_factory):
    out = tmp_path_factory.mktemp("trained") / "shapes"
    return fit(shapes, out, "--epochs", "15", "--ship", "--hidden", "64")


def test_a_list_of_seven_other_attributes_trains_a_model_that_finds_them(bundle, shapes):
    assert bundle.vocabulary.names == SEVEN
    assert bundle.vocabulary.labels["Big_Square"] == "Big square"
    labels = bundle.gallery.faces.labels
    for column, name in enumerate(SEVEN):
        hits = bundle.search(bundle.query([name]), 10)
        right = [labels[column, bundle.gallery.find(hit.name)] == 1 for hit in hits]
        assert np.mean(right) >= 0.7, name  # half by chance
    any_of = facesearch.Query([("disc", "Cross")], ["stripes"], vocabulary=bundle.vocabulary)
    expected = ((labels[1] == 1) | (labels[5] == 1)) & (labels[3] == 0)
    assert bundle.counts(any_of).matching == expected.sum()
    assert len(bundle.search(any_of, 5)) == 5


def test_celebas_attributes_are_unknown_to_it_in_a_sentence(bundle):
    with pytest.raises(facesearch.InputError, match=r"Unknown attribute 'Smiling'.* 7 names"):
        bundle.search(facesearch.Query(["Smiling"]))


def test_it_is_measured_and_its_card_written_like_any_other(bundle, shapes, tmp_path, capsys):
    where = ["--json", str(tmp_path / "all.json"), "--png", str(tmp_path / "all.png")]
    arguments = ["--data", str(shapes), "--bundle", str(bundle.path), "--queries", "20"]
    cache = ["--cache", str(shapes / "cache")]
    assert main(["evaluate", *arguments, *where, *cache, "--record"]) == 0
    assert "dark frame" in capsys.readouterr().out
    card = (bundle.path / "README.md").read_text()
    assert "dark frame" in card
    assert "Smiling" not in card


def test_its_page_has_its_panel_and_answers_clicks(bundle, start_app, browser_page):
    app = start_app("--bundle", bundle.path)
    page = browser_page(app.url).page
    rows = page.locator(".fs-row").evaluate_all("rows => rows.map(row => row.dataset.name)")
    assert rows == list(SEVEN)
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_role("checkbox", name="Red ground", exact=True).check()
    page.get_by_role("button", name="Without Dark frame", exact=True).click()
    query = bundle.query(["Red ground"], ["dark frame"])
    assert shown(page) == [hit.name for hit in bundle.search(query, 24)]
    count = page.locator("[data-name='Red ground'] .fs-count").text_content()
    assert count.split()[0] == str(round(bundle.counts(query).matching))
    page.reload()
    page.wait_for_selector(".fs-gallery > li")
    assert shown(page) == [hit.name for hit in bundle.search(query, 24)]
    page.locator(".fs-open").first.click()
    assert "Big square" in page.locator(".fs-face-attributes").text_content()


def test_a_bundle_of_the_reference_recipe_opens_on_the_page_and_answers(
    shapes, tmp_path, start_app, browser_page
):
    bundle = fit(shapes, tmp_path / "reference", "--epochs", "5", "--recipe", "reference", "--ship")
    assert bundle.config.model["head"] == "projection"
    app = start_app("--bundle", bundle.path)
    page = browser_page(app.url + "?wanted=disc").page
    assert shown(page) == [hit.name for hit in bundle.search(bundle.query(["disc"]), 24)]
    page.get_by_role("checkbox", name="Stripes", exact=True).check()
    query = bundle.query(["disc", "stripes"])
    assert shown(page) == [hit.name for hit in bundle.search(query, 24)]
    page.locator(".fs-open").first.click()
    page.get_by_role("button", name="More like this").click()
    assert len(shown(page)) == 24
