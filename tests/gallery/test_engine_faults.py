"""An engine's server that refuses, is slow, breaks off or speaks another language: sentences."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import ROOT

from facesearch.bundle.on_engine import load_into_engine, open_on_engine
from facesearch.commands.opening import open_galleries
from facesearch.errors import EngineError, EngineSlow
from facesearch.gallery.engine.address import PASSWORD


class StandIn(ThreadingHTTPServer):
    """An HTTP interface on this machine that gives one answer to everything."""

    def __init__(self, status: int, code: int | None, text: str, wait: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.status, self.code, self.text, self.wait = status, code, text, wait
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.url = f"clickhouse://ann@127.0.0.1:{self.server_port}/people?table=faces"


class Answer(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.path, dict(self.headers), body))
        time.sleep(self.server.wait)
        if self.server.status == 0:  # hangs up
            self.close_connection = True
            self.connection.close()
            return
        content = self.server.text.encode()
        self.send_response(self.server.status)
        if self.server.code is not None:
            self.send_header("X-ClickHouse-Exception-Code", str(self.server.code))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def engine() -> Iterator[object]:
    """From an answer to a server that gives it."""
    servers = []

    def serve(status: int, code: int | None, text: str, wait: float = 0.0) -> StandIn:
        server = StandIn(status, code, text, wait)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return server

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


REFUSALS = [
    (401, 516, "Code: 516. DB::Exception: ann: Authentication failed", "refuses the user 'ann'"),
    (403, 497, "Code: 497. DB::Exception: ann: Not enough privileges", "does not allow this to"),
    (
        404,
        81,
        "Code: 81. DB::Exception: Database people does not exist",
        "has no database 'people'",
    ),
    (404, 60, "Code: 60. DB::Exception: Unknown table faces_versions", "has no table of these"),
    (408, 159, "Code: 159. DB::Exception: Timeout exceeded", "took longer than 15 seconds"),
    (500, 241, "Code: 241. DB::Exception: Memory limit exceeded", "has run out of room"),
    (500, 47, "Code: 47. DB::Exception: Unknown identifier SECRET", "refuses to answer"),
    (502, None, "<html>Bad gateway</html>", "can't be reached"),
    (200, None, "<html>Welcome to another server</html>", "can't be reached"),
    (0, None, "", "can't be reached"),
]


@pytest.mark.parametrize(
    ("status", "code", "text", "said"), REFUSALS, ids=[str(each[1] or each[0]) for each in REFUSALS]
)
def test_what_a_server_refuses_is_one_sentence_without_secrets(
    engine, monkeypatch, status, code, text, said
):
    monkeypatch.setenv(PASSWORD, "s3cret")
    server = engine(status, code, text)
    with pytest.raises(EngineError, match=said) as error:
        open_on_engine(server.url)
    sentence = str(error.value)
    assert "s3cret" not in sentence
    assert "SECRET" not in sentence
    assert "DB::" not in sentence
    assert "\n" not in sentence
    assert server.asked
    assert all("s3cret" not in path for path, _, _ in server.asked)  # which servers log


def test_a_server_that_does_not_answer_in_time_is_a_sentence(engine):
    server = engine(200, None, "", wait=4)
    start = time.monotonic()
    with pytest.raises(EngineSlow, match=r"took longer than 0\.5 seconds"):
        open_on_engine(f"{server.url}&timeout=0.5")
    assert time.monotonic() - start < 3.9


def test_the_app_and_loading_end_with_one_line(engine):
    with engine(200, None, "") as gone:
        gone.shutdown()
        url = gone.url
    bundle = str(ROOT / "weights" / "portraits")
    for command in (["app.py"], ["-m", "facesearch", "load", bundle]):
        done = subprocess.run(
            [sys.executable, *command, "--engine", url], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 2
        *bar, last = [line for line in done.stderr.splitlines() if line.strip()]
        assert last.startswith("error: The engine (127.0.0.1:")
        assert "can't be reached" in last
        assert all("0.00face" in line for line in bar)  # how many are loaded, and nothing else


def test_loading_and_serving_end_in_the_same_sentence(engine, drawn_bundle):
    server = engine(401, 516, "Code: 516. DB::Exception: Authentication failed")
    for ask in (
        lambda: load_into_engine(drawn_bundle, server.url),
        lambda: open_galleries([], None, server.url),
    ):
        with pytest.raises(EngineError, match="refuses the user 'ann' or the password"):
            ask()
