"""The page in a frame: the Hub's page is told the query, and no other page is told anything."""

import pytest

HUB = "https://huggingface.co/spaces/owner/faces"
OTHER = "https://example.org/"
FRAME = """<!DOCTYPE html><title>A page with a frame</title><script>
window.told = [];
addEventListener("message", ({ data, origin }) => window.told.push([data, origin]));
</script><iframe src="%s" style="width: 1200px; height: 800px"></iframe>"""


@pytest.fixture
def framing(plain_portraits, browser_page):
    """A page of an address that shows the portraits' page in a frame, and that frame."""

    def framing(address):
        visit = browser_page("about:blank", wait="body")
        visit.expected = ("Mixed Content",)  # the Hub's page is of https, the framed one is not
        page = visit.page
        body = FRAME % (plain_portraits.url + "?wanted=Bald&__sign=secret")
        page.route(address, lambda route: route.fulfill(body=body, content_type="text/html"))
        page.context.grant_permissions(["local-network-access"], origin=address)
        page.goto(address)
        frame = page.frame_locator("iframe")
        frame.locator(".fs-tile").first.wait_for()
        return page, frame

    return framing


def told(page):
    page.wait_for_timeout(600)  # past the time in which an address is written
    return [data for data, _ in page.evaluate("window.told") if "queryString" in data]


def test_the_hubs_page_is_told_the_query_of_every_address(framing, plain_portraits):
    page, frame = framing(HUB)
    frame.get_by_role("checkbox", name="Smiling", exact=True).check()
    frame.locator(".fs-gallery[aria-busy=false]").wait_for()
    said = told(page)[-1]
    assert said["queryString"].startswith("wanted=Bald,Smiling&gallery=")
    assert "secret" not in said["queryString"]
    assert said["hash"] == ""
    frame.get_by_role("button", name="Clear", exact=True).click()
    assert told(page)[-1]["queryString"].startswith("gallery=")


def test_no_other_page_is_told_anything(framing):
    page, frame = framing(OTHER)
    frame.get_by_role("checkbox", name="Smiling", exact=True).check()
    frame.locator(".fs-gallery[aria-busy=false]").wait_for()
    assert told(page) == []


def test_nor_is_anything_posted_where_there_is_no_frame(plain_portraits, browser_page):
    script = "window.posted = []; window.postMessage = (...all) => window.posted.push(all);"
    page = browser_page(plain_portraits.url, script=script).page
    page.get_by_role("checkbox", name="Smiling", exact=True).check()
    page.wait_for_timeout(400)
    assert page.evaluate("window.posted") == []
