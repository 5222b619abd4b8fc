"""A page over an engine's server that is slow, goes away and comes back, or loses a face."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from clicks import NOTHING, clear, expected, shown, status, tick
from conftest import ROOT

import facesearch
from facesearch.bundle.on_engine import load_into_engine, open_on_engine
from facesearch.errors import EngineError
from facesearch.gallery.engine import Connection, EngineAddress
from facesearch.gallery.engine.address import PASSWORD

PORTRAITS = ROOT / "weights" / "portraits"


class Server:
    """A stand-in of ClickHouse's server, whose tables stay when it ends."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 0
        self.start()
        self.url = f"clickhouse://ann@127.0.0.1:{self.port}/default?table=faces&timeout=1"

    def start(self) -> None:
        command = [sys.executable, str(ROOT / "tests" / "stand_in_clickhouse.py")]
        self.process = subprocess.Popen(
            [*command, str(self.folder), str(self.port)], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """Meanwhile counts take so long."""
        (self.folder / "slow").write_text(str(seconds))
        try:
            yield
        finally:
            (self.folder / "slow").unlink()

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("clickhouse"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSWORD, "right")
        assert load_into_engine(PORTRAITS, server.url.replace("timeout=1", "timeout=60"))[1]
        yield server
    server.stop()


@pytest.fixture(scope="module")
def app(server, start_app):
    return start_app("--engine", server.url)


def said(page) -> str:
    shown(page)
    return page.locator(".fs-error").text_content()


def test_over_a_network_answers_are_the_same(server):
    ours, theirs = facesearch.open_bundle(PORTRAITS), open_on_engine(server.url)
    for wanted in (["Smiling"], [("Bald", "Bangs"), "Male"], []):
        query = facesearch.Query(wanted)
        assert theirs.search(query, 30) == ours.search(query, 30)
        assert theirs.counts(query).matching == ours.counts(query).matching
    assert not load_into_engine(PORTRAITS, server.url)[1]  # again: nothing to do


def test_a_wrong_password_is_refused(server, monkeypatch):
    monkeypatch.setenv(PASSWORD, "wrong s3cret")
    with pytest.raises(EngineError, match="refuses the user 'ann' or the password") as error:
        open_on_engine(server.url)
    assert "s3cret" not in str(error.value)


def test_where_counts_are_slow_the_faces_come_and_the_page_says_so(server, app, browser_page):
    page = browser_page(app.url + NOTHING).page
    with server.slow(3):
        tick(page, "Smiling")
        page.wait_for_selector(".fs-error:not([hidden])")
        assert "took longer than 1 seconds" in said(page)
    bundle = facesearch.open_bundle(PORTRAITS)
    assert shown(page) == expected(bundle, ["Smiling"])
    assert status(page).startswith("24 of 24 match everything you asked, of 2,000 faces")
    assert page.locator(".fs-count").first.text_content().strip() == ""
    tick(page, "Bald")
    page.wait_for_selector(".fs-error[hidden]", state="attached")
    assert shown(page) == expected(bundle, ["Smiling", "Bald"])
    assert page.locator(".fs-count").first.text_content().strip() != ""


def test_an_engine_that_goes_and_comes_back_is_a_sentence_meanwhile(server, app, browser_page):
    page = browser_page(app.url + NOTHING).page
    before = shown(page)
    server.stop()
    tick(page, "Eyeglasses")
    page.wait_for_selector(".fs-error:not([hidden])")
    assert "can't be reached" in said(page)
    assert shown(page) == before  # what was there stays
    server.start()
    clear(page)
    tick(page, "Bald")
    page.wait_for_selector(".fs-error[hidden]", state="attached")
    assert shown(page) == expected(facesearch.open_bundle(PORTRAITS), ["Bald"])


def test_a_face_that_was_taken_out_is_not_shown_and_a_link_to_it_says_so(server, app, browser_page):
    gone = expected(facesearch.open_bundle(PORTRAITS), ["Wearing_Hat"])[0]
    connection = Connection(EngineAddress.parse(server.url))
    table = f"faces_{open_on_engine(server.url).untaught.fingerprint}"
    connection.command(
        f"ALTER TABLE `{table}` DELETE WHERE name = {{name:String}} SETTINGS mutations_sync = 2",
        {"name": gone},
    )
    page = browser_page(f"{app.url}?like={gone}").page
    page.wait_for_selector(".fs-error:not([hidden])")
    assert f"There is no face '{gone}'" in said(page)
    page = browser_page(f"{app.url}?with=Wearing_Hat").page
    assert gone not in shown(page)
    assert "Traceback" not in app.stop()
