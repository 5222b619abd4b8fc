"""The page behind a reverse proxy that serves it below a path."""

import http.client
import http.server
import threading
from urllib.parse import urlsplit

import pytest
from clicks import NOTHING, expected, pictures, shown, tick
from gradio_client import Client

PREFIX = "/lab/faces"


@pytest.fixture(scope="module")
def behind_proxy(drawn_bundle, start_app):
    """The address of an app below `PREFIX` of a proxy that takes it away before it asks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ROOT_PATH", PREFIX)
        app = start_app("--bundle", drawn_bundle)

    class Proxy(http.server.BaseHTTPRequestHandler):
        def ask(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
            headers |= {"X-Forwarded-Host": self.headers["Host"], "X-Forwarded-Proto": "http"}
            upstream = http.client.HTTPConnection(urlsplit(app.url).netloc)
            upstream.request(self.command, self.path.removeprefix(PREFIX) or "/", body, headers)
            answer = upstream.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    self.send_header(name, value)
            self.end_headers()
            while part := answer.read1(65536):
                self.wfile.write(part)
                self.wfile.flush()

        do_GET = do_POST = ask

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{PREFIX}/"
    server.shutdown()
    app.stop()


def test_clicks_pictures_and_programs_work_there(behind_proxy, browser_page, bundle):
    page = browser_page(behind_proxy + NOTHING).page
    tick(page, "Bald")
    assert shown(page) == expected(bundle, ["Bald"])
    assert pictures(page) == [48] * 24
    assert page.url.startswith(behind_proxy)
    client = Client(behind_proxy, verbose=False)
    assert len(client.predict(wanted=["Bald"], k=3, api_name="/search")) == 3
