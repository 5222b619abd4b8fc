"""One state through everything that happens to it: fast, late, twice, and during something else."""

import json
import shutil

import pytest
from clicks import NOTHING, close_face, expected, open_face, opened, pictures, shown, status, tick
from conftest import bundle_parts

import facesearch
from facesearch.bundle import write_bundle
from facesearch.gallery import Faces

# As WebKit does.
PATIENCE = """
const calls = [];
for (const how of ["pushState", "replaceState"]) {
  const real = History.prototype[how];
  History.prototype[how] = function (...all) {
    const now = performance.now();
    while (calls.length && now - calls[0] > 10000) calls.shift();
    if (calls.length >= 100) throw new DOMException("100 times per 10 seconds", "SecurityError");
    calls.push(now);
    return real.apply(this, all);
  };
}
"""
DRAG = """async ([selector, values]) => {
  const slider = document.querySelector(selector);
  for (const value of values) {
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((resume) => setTimeout(resume, 8));
  }
  slider.dispatchEvent(new Event("change", { bubbles: true }));
}"""
# Answers wait until `release` is called.
HELD = """
let free = Promise.resolve();
window.hold = () => { free = new Promise((resume) => { window.release = resume; }); };
const fetched = window.fetch;
window.fetch = async (address, options) => {
  const answer = await fetched(address, options);
  if (String(address).includes("component_server")) await free;
  return answer;
};
"""


def chips_are(page, count):
    page.wait_for_function(f"document.querySelectorAll('.fs-chip').length === {count}")


def test_a_dragged_slider_asks_once_it_rests_and_the_page_goes_on(drawn_app, browser_page, bundle):
    address = drawn_app.url + "?wanted=Bald"
    visit = browser_page(address, script=PATIENCE, hears_requests=True)
    page = visit.page
    shown(page)
    visit.requests.clear()
    page.evaluate(DRAG, [".fs-k input", [*range(1, 60)] * 3 + [*range(59, 3, -1)]])
    assert shown(page) == expected(bundle, ["Bald"], k=4)
    assert "k=4" in page.url
    assert len([url for url in visit.requests if "component_server" in url]) <= 20
    open_face(page, 2)
    assert opened(page) == expected(bundle, ["Bald"], k=4)[1]


def test_a_dragged_mix_ends_where_it_was_left(drawn_app, browser_page, bundle):
    visit = browser_page(drawn_app.url + "?wanted=Bald&like=007.png&mix=0.5", script=PATIENCE)
    page = visit.page
    shown(page)
    page.evaluate(DRAG, [".fs-mix input", [place / 100 for place in range(100)] * 2])
    hits = bundle.similar("007.png", 24, facesearch.Query(["Bald"]), 1.0)
    assert shown(page) == [hit.name for hit in hits]
    assert "mix=1" in page.url


def test_a_link_for_seven_faces_stays_with_seven(drawn_app, browser_page, bundle):
    page = browser_page(drawn_app.url + "?wanted=Bald&k=7").page
    assert shown(page) == expected(bundle, ["Bald"], k=7)
    tick(page, "Smiling")
    assert shown(page) == expected(bundle, ["Bald", "Smiling"], k=7)
    page.locator(".fs-more").click()
    assert len(shown(page)) == 31
    page.get_by_role("button", name="Remove with Bald").click()
    assert shown(page) == expected(bundle, ["Smiling"], k=7)
    assert "shown" not in page.url


def test_back_after_closing_a_face_goes_to_what_was_before_it(drawn_app, browser_page, bundle):
    page = browser_page(drawn_app.url + NOTHING).page
    tick(page, "Bald")
    tick(page, "Smiling")
    shown(page)
    for _ in range(2):
        open_face(page, 2)
        close_face(page)
    page.go_back()
    chips_are(page, 1)
    assert page.locator(".fs-face").is_hidden()
    assert shown(page) == expected(bundle, ["Bald"])
    page.go_forward()
    chips_are(page, 2)
    assert shown(page) == expected(bundle, ["Bald", "Smiling"])


def test_a_click_right_after_closing_a_face_is_not_lost(drawn_app, browser_page, bundle):
    page = browser_page(drawn_app.url + NOTHING).page
    shown(page)
    open_face(page, 2)
    page.evaluate(
        "document.querySelector('.fs-face .fs-close').click();"
        "document.querySelector('input[value=Bald]').click()"
    )
    assert shown(page) == expected(bundle, ["Bald"])
    page.wait_for_function("location.search.includes('wanted=Bald')")
    assert "face=" not in page.url
    page.go_back()
    chips_are(page, 0)
    assert shown(page) == expected(bundle)
    assert page.locator(".fs-face").is_hidden()


def test_faces_loaded_inside_a_face_stay_when_it_closes(drawn_app, browser_page, bundle):
    page = browser_page(drawn_app.url + "?wanted=Bald").page
    for leave in (lambda: close_face(page), page.go_back):
        shown(page)
        open_face(page, len(shown(page)))
        following = expected(bundle, ["Bald"], k=60)[len(shown(page))]
        page.keyboard.press("ArrowRight")
        page.get_by_text(following).wait_for()
        count = len(shown(page))
        leave()
        page.wait_for_selector(".fs-face", state="hidden")
        assert shown(page) == expected(bundle, ["Bald"], k=count)
        page.wait_for_function(f"location.search.includes('shown={count}')")
    assert count == 60


def test_what_is_saved_during_a_search_is_what_is_shown(drawn_app, browser_page, bundle, tmp_path):
    page = browser_page(drawn_app.url + "?wanted=Bald", script=HELD).page
    shown(page)
    page.evaluate("hold()")
    tick(page, "Smiling")
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    download.value.save_as(tmp_path / "faces.json")
    records = json.loads((tmp_path / "faces.json").read_text("utf-8"))
    assert [record["name"] for record in records] == expected(bundle, ["Bald"])
    assert records[0]["query"] == {"wanted": ["Bald"], "unwanted": []}
    page.evaluate("release()")
    assert shown(page) == expected(bundle, ["Bald", "Smiling"])


def test_more_that_is_clicked_during_back_goes_on_from_there(drawn_app, browser_page, bundle):
    page = browser_page(drawn_app.url + "?wanted=Bald", script=HELD).page
    tick(page, "Smiling")
    shown(page)
    page.evaluate("hold()")
    page.go_back()
    chips_are(page, 1)
    page.locator(".fs-more").click()
    page.evaluate("release()")
    page.wait_for_selector(".fs-tile:nth-child(48)")
    assert shown(page) == expected(bundle, ["Bald"], k=48)


def test_more_clicked_twice_at_once_repeats_no_face(drawn_app, browser_page, bundle):
    page = browser_page(drawn_app.url + "?wanted=Bald").page
    shown(page)
    page.locator(".fs-more").dblclick()
    page.wait_for_selector(".fs-tile:nth-child(48)")
    names = shown(page)
    assert names == expected(bundle, ["Bald"], k=len(names))


@pytest.mark.parametrize("name", ["toString", "__proto__"])
def test_a_link_with_a_name_that_every_object_has_is_said(drawn_app, browser_page, bundle, name):
    page = browser_page(f"{drawn_app.url}?wanted={name},Bald").page
    page.wait_for_selector(".fs-error:not([hidden])")
    assert f"“{name}”, which is none of this gallery's" in page.locator(".fs-error").text_content()
    assert shown(page) == expected(bundle, ["Bald"])


def test_a_liked_face_that_is_gone_leaves_the_address_and_the_program(
    drawn_app, browser_page, bundle
):
    page = browser_page(drawn_app.url + "?wanted=Bald&like=gone.png&mix=0.5").page
    page.wait_for_selector(".fs-error:not([hidden])")
    assert shown(page) == expected(bundle, ["Bald"])
    page.wait_for_function("!location.search.includes('gone.png')")
    assert page.locator(".fs-like").is_hidden()
    program = page.locator(".fs-program pre").text_content()
    assert "gone.png" not in program
    assert "/search" in program


def test_a_surprise_does_not_undo_a_tick_made_meanwhile(drawn_app, browser_page, bundle):
    page = browser_page(drawn_app.url + NOTHING, script=HELD).page
    shown(page)
    page.evaluate("hold()")
    page.get_by_role("button", name="Surprise me").click()
    tick(page, "Bald")
    page.evaluate("release()")
    assert shown(page) == expected(bundle, ["Bald"])
    page.wait_for_timeout(300)
    assert page.locator(".fs-chip").all_text_contents() == ["with Bald"]


def test_a_picture_that_failed_comes_back(drawn_bundle, tmp_path, start_app, browser_page):
    bundle = facesearch.open_bundle(drawn_bundle)
    images = tmp_path / "images"
    shutil.copytree(drawn_bundle / "images", images)
    broken = expected(bundle)[2]
    (images / broken).write_bytes(b"not a picture")
    app = start_app("--bundle", drawn_bundle, "--images", images)
    page = browser_page(app.url + "?k=60").page
    page.wait_for_selector(".fs-missing")
    shutil.copyfile(drawn_bundle / "images" / broken, images / broken)
    tick(page, "Bald")
    shown(page)
    page.wait_for_selector(".fs-missing", state="detached")
    page.evaluate("scrollTo(0, 1e6)")
    assert pictures(page) == [48] * 60
    page.close()
    app.stop()


@pytest.mark.parametrize("count", [0, 1, 5])
def test_small_galleries_show_what_they_have(
    drawn_bundle, tmp_path, start_app, browser_page, count
):
    config, tensors, drawn = bundle_parts(max(count, 1))
    faces = Faces.named(drawn.names[:count], drawn.labels[:count])
    write_bundle(tmp_path / "bundle", config, tensors, faces, drawn.embeddings[:count], "# Few\n")
    app = start_app("--bundle", tmp_path / "bundle", "--images", drawn_bundle / "images")
    visit = browser_page(app.url, wait=".fs.is-started")
    page = visit.page
    tick(page, "Bald")
    assert len(shown(page)) == count
    assert page.locator(".fs-more").is_hidden()
    if not count:
        assert status(page) == "This gallery is empty."
    else:
        open_face(page, 1)
        page.get_by_role("button", name="More like this").click()
        page.wait_for_selector(".fs-like:not([hidden])")
        assert len(shown(page)) == count - 1
    if count == 1:
        assert status(page) == "There is no other face in this gallery."
    page.close()
    app.stop()
