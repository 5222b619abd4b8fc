"""Pictures in an object store: what is asked for, and what is shown where one is missing."""

import io
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from clicks import NOTHING, shown
from PIL import Image

from facesearch import InputError, Query
from facesearch.bundle import store as stores
from facesearch.bundle.store import PictureStore
from facesearch.commands.opening import open_gallery
from facesearch.page.pictures import stored_response


class StandIn(ThreadingHTTPServer):
    """A store on this machine: paths, as they are asked, to content; what was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.held: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.status = 200
        self.url = f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        path = self.path.split("?")[0]
        content, status = self.server.held.get(path, b""), self.server.status
        if path == "/slow.png":
            time.sleep(1)
        if path == "/moved.png":
            status = 302
        elif status == 200 and path not in self.server.held:
            status = 404
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Wed, 01 Jan 2025 00:00:00 GMT")
        self.send_header("Location", f"{self.server.url}/a.png")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("ftp://host/{name}", "give a folder, or an address such as https://"),
        ("file:///etc/{name}", "give a folder, or an address"),
        ("https://host/pictures", "must stand once, in the path"),
        ("https://{name}.host/a", "must stand once, in the path"),
        ("https://host/a?b={name}", "must stand once, in the path"),
        ("https://host/{name}/{name}", "must stand once"),
        ("s3:///{name}", "must stand once"),
        ("https://ann:s3cret@host/{name}", "holds a password"),
        ("https://[/{name}", "is no address"),
    ],
)
def test_another_address_is_a_sentence_without_a_password(template, said):
    with pytest.raises(InputError, match=said) as error:
        PictureStore(template)
    assert "s3cret" not in str(error.value)


def test_names_are_escaped_and_a_signature_stays(server):
    store = PictureStore(f"{server.url}/some folder/{{name}}?signed=a%2Bb")
    server.held["/some%20folder/a/b%20%23%3F%26%25%C3%A9.png"] = b"picture"
    assert store.read("a/b #?&%é.png") == b"picture"
    assert server.asked == ["/some%20folder/a/b%20%23%3F%26%25%C3%A9.png?signed=a%2Bb"]
    assert "signed" not in str(store)


def test_what_is_missing_too_large_or_elsewhere_is_not_read(server, monkeypatch, caplog):
    store = PictureStore(f"{server.url}/{{name}}")
    server.held |= {"/a.png": b"1234", "/large.png": b"12345"}
    monkeypatch.setattr(stores, "LARGEST", 4)
    assert store.read("a.png") == b"1234"
    assert store.read("missing.png") is None
    assert store.read("large.png") is None
    assert store.read("moved.png") is None  # nobody is led to another place
    assert server.asked.count("/a.png") == 1
    assert not caplog.records


def test_only_rasters_are_given_out(server):
    store = PictureStore(f"{server.url}/{{name}}")
    server.held |= {"/a.svg": b"<svg/>", "/a.JPG": b"jpeg"}
    assert stored_response(store, "a.svg") is None
    assert stored_response(store, "a") is None
    assert server.asked == []
    answer = stored_response(store, "a.JPG")
    assert answer.headers["content-type"] == "image/jpeg"
    assert "max-age" in answer.headers["cache-control"]


@pytest.mark.parametrize("status", [403, 503])
def test_a_store_that_refuses_is_left_alone_for_a_while_and_the_log_says_so(
    server, status, caplog, monkeypatch
):
    store = PictureStore(f"{server.url}/{{name}}?signed=s3cret")
    server.held["/a.png"] = b"picture"
    server.status = status
    assert store.read("a.png") is None
    assert store.read("a.png") is None
    assert len(server.asked) == len(caplog.records) == 1
    assert "names stand in for them" in caplog.text
    assert "s3cret" not in caplog.text
    server.status = 200
    monkeypatch.setattr(store, "_away_until", 0.0)  # later
    assert store.read("a.png") == b"picture"


def test_a_slow_store_keeps_nobody_waiting(server, monkeypatch, caplog):
    monkeypatch.setattr(stores, "ANSWER", 0.2)
    server.held["/slow.png"] = b"picture"
    start = time.monotonic()
    assert PictureStore(f"{server.url}/{{name}}").read("slow.png") is None
    assert time.monotonic() - start < 0.9
    assert "ReadTimeout" in caplog.text


def test_a_store_that_is_away_is_no_error(caplog):
    with StandIn() as gone:
        url = gone.url
    assert PictureStore(f"{url}/{{name}}").read("a.png") is None
    assert "ConnectError" in caplog.text


def test_s3_is_read_by_name(server, monkeypatch, caplog):
    for name, value in {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }.items():
        monkeypatch.setenv(name, value)
    store = PictureStore("s3://bucket/faces/{name}")
    server.held["/bucket/faces/a/b%20%23.png"] = b"picture"
    assert store.read("a/b #.png") == b"picture"
    assert store.read("missing.png") is None
    assert not caplog.records
    assert "s3cret" not in repr(server.asked)


def test_without_its_package_s3_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(InputError, match=r"facesearch\[s3\]"):
        PictureStore("s3://bucket/{name}")


def test_the_page_shows_a_stores_pictures_and_names_where_one_is_missing(
    server, drawn_bundle, start_app, browser_page
):
    opened = open_gallery(str(drawn_bundle), f"{server.url}/of/{{name}}")
    assert server.asked == []  # nothing is read before it is looked at
    stream = io.BytesIO()
    Image.new("RGB", (20, 24), "teal").save(stream, "PNG")
    gone = opened.search(Query(), 3)[2].name
    names = [name for name in opened.names if name != gone]
    server.held |= {f"/of/{name}": stream.getvalue() for name in names}
    app = start_app("--bundle", drawn_bundle, "--images", f"{server.url}/of/{{name}}")
    visit = browser_page(app.url + NOTHING)
    page = visit.page
    page.wait_for_selector(f".fs-tile[data-name='{gone}'] .fs-missing")
    there = page.locator(".fs-tile img").first
    assert there.evaluate("(picture) => picture.decode().then(() => picture.naturalWidth)") == 20
    assert gone in shown(page)
    assert page.locator(".fs-missing").all_text_contents() == [gone]
    assert 0 < len(server.asked) < len(names)  # those that are looked at
    visit.problems.clear()  # the browser tells of the missing one
