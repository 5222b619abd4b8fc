"""The page in a real browser, and its endpoint as a program sees it."""

import shutil
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from clicks import NOTHING, exclude, expected, pictures, shown, tick
from conftest import ROOT, bundle_parts, has
from gradio_client import Client
from gradio_client.exceptions import AppError

import facesearch
from facesearch.attributes import CELEBA

# Answers arrive in reverse: the first question's answer last.
REVERSE_ANSWERS = """
const fetched = window.fetch;
let sent = 0;
window.fetch = async (address, options) => {
  const answer = await fetched(address, options);
  if (String(address).includes("component_server")) {
    await new Promise((resume) => setTimeout(resume, Math.max(0, 10 - sent++) * 60));
  }
  return answer;
};
"""


def get(url):
    try:
        with urllib.request.urlopen(url) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


class TestPage:
    def test_shows_forty_checkboxes_in_groups_and_the_most_typical_faces_where_nothing_is_ticked(
        self, drawn_app, browser_page, bundle
    ):
        page = browser_page(drawn_app.url + NOTHING).page
        assert page.get_by_role("group").get_by_role("checkbox").count() == 40
        assert page.locator("legend").all_text_contents() == list(CELEBA.groups)
        assert shown(page) == expected(bundle)
        assert "Nothing ticked" in page.locator(".fs-status").text_content()
        assert "Drawn: 60 faces" in page.locator(".fs-head").text_content()
        assert "Not for identifying people" in page.locator(".fs-purpose").text_content()

    def test_each_click_changes_the_results_to_the_faces_that_fit(
        self, drawn_app, browser_page, bundle
    ):
        page = browser_page(drawn_app.url + NOTHING).page
        gallery = bundle_parts()[2]
        tick(page, "Eyeglasses")
        assert shown(page) == expected(bundle, ["Eyeglasses"])
        exclude(page, "Male")
        names = shown(page)
        assert names == expected(bundle, ["Eyeglasses"], ["Male"])
        fits = has(gallery, "Eyeglasses") & ~has(gallery, "Male")
        assert all(fits[gallery.names.index(name)] for name in names[: fits.sum()])
        page.get_by_role("button", name="Remove with Eyeglasses").click()
        assert shown(page) == expected(bundle, [], ["Male"])
        page.get_by_role("button", name="Clear").click()
        assert shown(page) == expected(bundle)

    def test_an_attribute_is_wanted_or_unwanted_but_never_both(
        self, drawn_app, browser_page, bundle
    ):
        page = browser_page(drawn_app.url + NOTHING).page
        tick(page, "Smiling")
        exclude(page, "Smiling")
        assert not page.get_by_role("checkbox", name="Smiling").is_checked()
        assert shown(page) == expected(bundle, [], ["Smiling"])
        tick(page, "Smiling")
        assert shown(page) == expected(bundle, ["Smiling"])

    def test_every_face_shows_its_rank_and_whether_it_has_what_is_asked(
        self, drawn_app, browser_page, bundle
    ):
        page = browser_page(drawn_app.url + NOTHING).page
        assert page.locator(".fs-score").all_text_contents() == [""] * 24
        tick(page, "Bald")
        shown(page)
        hits = bundle.search(facesearch.Query(["Bald"]), 24)
        assert page.locator(".fs-rank").all_text_contents() == [str(h.rank) for h in hits]
        drawn = bundle_parts()[2]
        fits = [bool(has(drawn, "Bald")[drawn.names.index(hit.name)]) for hit in hits]
        said = page.locator(".fs-score").all_text_contents()
        assert said == ["yes" if fit else "no" for fit in fits]
        bars = page.eval_on_selector_all(
            ".fs-meter", "all => all.map(m => m.firstChild.clientWidth / m.clientWidth)"
        )
        assert bars == pytest.approx([float(fit) for fit in fits], abs=0.02)
        title = page.locator(".fs-caption").first.get_attribute("title")
        assert float(title.split("Score ")[1]) == pytest.approx(hits[0].score)

    def test_works_by_keyboard_alone(self, drawn_app, browser_page, bundle):
        page = browser_page(drawn_app.url + NOTHING).page
        page.get_by_role("checkbox", name=CELEBA.labels["Black_Hair"], exact=True).focus()
        page.keyboard.press("Space")
        assert shown(page) == expected(bundle, ["Black_Hair"])
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert shown(page) == expected(bundle, [], ["Black_Hair"])

    def test_ten_fast_clicks_end_on_the_tenth_state(self, drawn_app, browser_page, bundle):
        page = browser_page(drawn_app.url + NOTHING, script=REVERSE_ANSWERS).page
        apart = [name for group in CELEBA.exclusive for name in group]  # those join as any-of
        names = [name for name in CELEBA.names if name not in apart][:10]
        page.evaluate(
            "names => names.forEach(n => document.querySelector(`input[value='${n}']`).click())",
            names,
        )
        assert shown(page) == expected(bundle, names)
        page.wait_for_timeout(800)  # the late answers arrive
        assert shown(page) == expected(bundle, names)

    @pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, False), (390, True)])
    def test_fits_the_window_loads_every_picture_and_asks_no_other_machine(
        self, drawn_app, browser_page, width, dark
    ):
        address = drawn_app.url + NOTHING
        visit = browser_page(address, width=width, dark=dark, hears_requests=True)
        tick(visit.page, "Smiling")
        exclude(visit.page, "Wearing_Necktie")
        shown(visit.page)
        visit.page.wait_for_function(
            "[...document.querySelectorAll('.fs-tile img')].every(i => i.naturalWidth === 48)"
        )
        assert visit.page.locator(".fs-tile img").count() == 24
        wide = visit.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
        ground = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (max(map(int, ground[4:-1].split(","))) < 60) == dark
        assert all(url.startswith((drawn_app.url, "data:")) for url in visit.requests)

    def test_keeps_the_pictures_of_faces_that_stay(self, drawn_app, browser_page):
        visit = browser_page(drawn_app.url + "?k=60", hears_requests=True)
        shown(visit.page)
        visit.page.evaluate("scrollTo(0, 1e6)")  # the last ones load when they come into sight
        pictures(visit.page)
        visit.requests.clear()
        tick(visit.page, "Smiling")
        shown(visit.page)
        assert [url for url in visit.requests if "/faces/" in url] == []

    def test_shows_names_and_what_to_do_where_there_are_no_pictures(
        self, drawn_bundle, tmp_path, start_app, browser_page, bundle
    ):
        bare = tmp_path / "bundle"
        shutil.copytree(drawn_bundle, bare, ignore=shutil.ignore_patterns("images"))
        app = start_app("--bundle", bare)
        page = browser_page(app.url + NOTHING).page
        assert "Start the app with --images" in page.locator(".fs-notice").text_content()
        assert page.locator(".fs-missing").all_text_contents() == expected(bundle)
        page.close()
        app.stop()


class TestServing:
    def test_a_face_is_the_file_itself(self, drawn_app, drawn_bundle):
        status, headers, body = get(f"{drawn_app.url}faces/7?x")
        assert status == 200
        assert headers["content-type"] == "image/png"
        assert body == (drawn_bundle / "images" / "007.png").read_bytes()

    @pytest.mark.parametrize(
        "address",
        [
            "faces/60",
            "faces/99999999999999999999",
            "faces/-1",
            "faces/007.png",
            "faces/..%2f..%2fconfig.json",
            "faces/../app.py",
            "gradio_api/file={root}/app.py",
            "gradio_api/file={bundle}/gallery.safetensors",
            "gradio_api/file={bundle}/images/007.png",
            "gradio_api/file=/etc/hostname",
        ],
    )
    def test_nothing_but_the_gallery_is_served(self, drawn_app, drawn_bundle, address):
        status, _, body = get(drawn_app.url + address.format(root=ROOT, bundle=drawn_bundle))
        assert status in (403, 404)
        assert b"Traceback" not in body

    def test_a_file_that_is_no_image_is_not_served(self, tmp_path, start_app):
        from facesearch.bundle import write_bundle
        from facesearch.gallery import Faces

        config, tensors, gallery = bundle_parts(2)
        faces = Faces.named(("secret.txt", "001.png"))
        write_bundle(tmp_path / "b", config, tensors, faces, gallery.embeddings, "")
        (tmp_path / "secret.txt").write_text("secret")
        app = start_app("--bundle", tmp_path / "b", "--images", tmp_path)
        assert get(f"{app.url}faces/0")[0] == 404
        assert get(f"{app.url}faces/1")[0] == 404
        app.stop()

    def test_no_file_is_copied_and_no_other_machine_is_asked(
        self, drawn_bundle, start_app, browser_page
    ):
        app = start_app("--bundle", drawn_bundle, fresh=True)
        page = browser_page(app.url).page
        tick(page, "Smiling")
        shown(page)
        pictures(page)
        Client(app.url, verbose=False).predict(wanted=["Young"], api_name="/search")
        page.close()
        app.stop()
        assert [p for p in app.cache.rglob("*") if p.is_file()] == []
        assert not app.outside.exists(), app.outside.read_text()

    def test_searching_loads_no_torch(self, drawn_bundle):
        code = (
            "import sys, facesearch\n"
            "from facesearch.page.galleries import Galleries\n"
            "from facesearch.page.assets import Scripts\n"
            "from facesearch.page.server import build_page\n"
            f"bundle = facesearch.open_bundle({str(drawn_bundle)!r})\n"
            "build_page(Galleries({'drawn': bundle}), Scripts())\n"
            "bundle.search(facesearch.Query(['Smiling']))\n"
            "print([name for name in ('torch', 'timm', 'matplotlib') if name in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"


class TestEndpoint:
    def test_search_gives_rank_name_score_and_image(self, client, bundle, drawn_app):
        found = client.predict(
            wanted=["Eyeglasses", "Smiling"], unwanted=["Male"], k=5, api_name="/search"
        )
        hits = bundle.search(facesearch.Query(["Eyeglasses", "Smiling"], ["Male"]), 5)
        assert [(f["rank"], f["name"]) for f in found] == [(h.rank, h.name) for h in hits]
        assert [f["score"] for f in found] == pytest.approx([h.score for h in hits])
        assert get(drawn_app.url + found[0]["image"])[0] == 200

    def test_everything_has_a_default_and_k_is_clipped_to_the_gallery(self, client):
        assert len(client.predict(api_name="/search")) == 24
        assert len(client.predict(k=1000, api_name="/search")) == 60

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"wanted": ["Eyeglases"]}, "Did you mean Eyeglasses"),
            ({"wanted": ["Male"], "unwanted": ["Male"]}, "wanted and unwanted at once"),
            ({"wanted": "Male"}, "give a list of attribute names"),
            ({"wanted": [5]}, "give a list of attribute names"),
            ({"k": 0}, "at least 1"),
            ({"k": 2.5}, "at least 1"),
        ],
    )
    def test_bad_input_reaches_the_client_as_a_sentence(self, client, arguments, message):
        with pytest.raises(AppError, match=message):
            client.predict(**arguments, api_name="/search")

    def test_the_page_shows_a_program_that_asks_the_same(self, drawn_app, browser_page, bundle):
        page = browser_page(drawn_app.url + NOTHING).page
        tick(page, "Smiling")
        exclude(page, "Male")
        shown(page)
        scope = {}
        exec(page.locator(".fs-program pre").text_content(), scope)
        assert [f["name"] for f in scope["faces"]] == expected(bundle, ["Smiling"], ["Male"])

    def test_and_one_that_asks_for_likes_of_the_same_face(self, drawn_app, browser_page):
        page = browser_page(drawn_app.url + "?wanted=Bald&like=007.png&mix=0.4").page
        names = shown(page)
        scope = {}
        exec(page.locator(".fs-program pre").text_content(), scope)
        assert [f["name"] for f in scope["faces"]] == names
