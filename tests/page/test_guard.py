"""Who may ask the page what: names, origins, routes, sizes, and what the browser is told."""

import http.client
import http.server
import json
import socket
import threading
import urllib.request
from urllib.parse import urlsplit

import pytest
from clicks import NOTHING, shown, tick
from starlette.datastructures import Headers

from facesearch.page.guard import BODY, Hosts, path_refusal
from facesearch.page.policy import content_policy


def ask(url, method="GET", path="/", body=None, **headers):
    """Status, headers and body of one request, sent as it is."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    content = answer.read() if "event-stream" not in (answer.headers["content-type"] or "") else b""
    connection.close()
    return answer.status, answer.headers, content


def allows(hosts, host, **headers):
    return hosts.refusal(Headers({"host": host, **headers})) is None


class TestHosts:
    @pytest.mark.parametrize("listening", ["127.0.0.1", "localhost", "::1", "[::1]", "127.0.0.2"])
    def test_on_loopback_only_localhosts_names_are_answered(self, listening):
        hosts = Hosts(listening)
        for host in ("localhost", "LOCALHOST:7860", "127.0.0.1:7860", "[::1]:80", "127.0.0.1."):
            assert allows(hosts, host), host
        for host in ("evil.example", "localhost.evil.example", "192.168.1.5:7860", "", "a b", "[x"):
            assert not allows(hosts, host), host

    def test_elsewhere_numbers_and_this_machines_names_are_answered_and_others_not(self):
        for listening in ("0.0.0.0", "::", "192.168.1.5"):
            hosts = Hosts(listening)
            for host in ("192.168.1.5:7860", "localhost", f"{socket.gethostname()}:7860"):
                assert allows(hosts, host), host
            assert not allows(hosts, "evil.example")

    def test_names_that_the_user_allows_are_answered(self):
        hosts = Hosts("127.0.0.1", ["Faces.example.org"])
        assert allows(hosts, "faces.example.org:443")
        assert allows(hosts, "127.0.0.1:7860", origin="https://faces.example.org")
        assert not allows(hosts, "other.example.org")
        assert allows(Hosts("0.0.0.0", ["*"]), "any.example", origin="https://huggingface.co")

    @pytest.mark.parametrize("listening", ["127.0.0.1", "::1", "0.0.0.0"])
    def test_a_page_of_another_origin_may_not_ask(self, listening):
        hosts = Hosts(listening)
        assert allows(hosts, "localhost:7860", origin="http://localhost:7860")
        assert allows(hosts, "localhost:80", origin="http://localhost")
        for origin in ("http://evil.example", "http://localhost:3000", "null", "http://[", ""):
            assert not allows(hosts, "localhost:7860", origin=origin), origin
        strange = {"sec-fetch-site": "cross-site"}
        assert not allows(hosts, "localhost:7860", **strange)
        assert allows(hosts, "localhost:7860", **strange, **{"sec-fetch-mode": "navigate"})


class TestPaths:
    @pytest.mark.parametrize(
        "path",
        [
            "/gradio_api/upload",
            "/gradio_api/upload_progress",
            "/gradio_api/proxy=https://x.hf.space/",
            "/gradio_api/file=/etc/passwd",
            "/gradio_api/file/etc/passwd",
            "/gradio_api/vibe-edit/",
            "/gradio_api/run/search",
            "/gradio_api/api/search",
            "/gradio_api/deep_link",
            "/gradio_api/process_recording",
            "/gradio_api/stream/x",
            "/gradio_api/dev/reload",
            "/gradio_api/custom_component/a/b/c/d",
            "/monitoring/summary",
            "/login",
            "/faces/1/2",
            "/faces/" + "9" * 10,
            "/faces/-1",
            "/faces/\u0663",
            "/scripts/a/../../app.py",
        ],
    )
    def test_what_nothing_here_needs_is_not_there(self, path):
        for method in ("GET", "POST", "PUT"):
            assert path_refusal(method, path).status == 404

    def test_odd_addresses_are_refused(self):
        assert path_refusal("GET", "/faces/" + "9" * 4300).status == 414
        for path in ("/faces/1\x00", "/static/a\nb", "/assets/\x7f"):
            assert path_refusal("GET", path).status == 400
        assert path_refusal("DELETE", "/config").status == 405
        assert path_refusal("GET", "/gradio_api/queue/join").status == 405


class TestServing:
    def test_a_strange_name_and_a_strange_origin_get_nothing(self, drawn_app):
        for path in ("/", "/config", "/faces/0", "/gradio_api/info"):
            status, _, body = ask(drawn_app.url, path=path, Host="evil.example")
            assert status == 403
            assert b"--allow-host" in body
            assert len(body) < 400
        status, headers, _ = ask(drawn_app.url, path="/config", Origin="http://evil.example")
        assert status == 403
        assert headers["access-control-allow-origin"] is None

    def test_uploads_are_refused_and_nothing_is_left_on_the_disk(self, drawn_app):
        form = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
        form += b"y" * BODY + b"\r\n--x--\r\n"
        for path in ("/gradio_api/upload", "/gradio_api/component_server/"):
            kind = "multipart/form-data; boundary=x"
            status, _, _ = ask(drawn_app.url, "POST", path, form, Content_Type=kind)
            assert status in (404, 413)
        assert [file for file in drawn_app.cache.rglob("*") if file.is_file()] == []

    def test_a_long_request_is_refused_however_it_is_sent(self, drawn_app):
        url, path = drawn_app.url, "/gradio_api/queue/join"
        long = json.dumps({"data": [["x" * BODY]]}).encode()
        assert ask(url, "POST", path, long)[0] == 413
        assert ask(url, "POST", path, iter([long]))[0] == 413
        assert ask(url, "POST", path, b"", Content_Length="9" * 30)[0] in (400, 413)

    def test_the_longest_question_of_the_page_is_short_enough(self, bundle):
        names = bundle.vocabulary.names
        question = {"wanted": names, "unwanted": names, "like": "x" * 4000, "gallery": "x" * 8}
        assert len(json.dumps(question)) < BODY / 4

    def test_every_answer_says_what_the_browser_may_do(self, drawn_app):
        for path in ("/", "/faces/0", "/config", "/theme.css"):
            _, headers, _ = ask(drawn_app.url, path=path)
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cross-origin-resource-policy"] == "same-origin"
            policy = headers["content-security-policy"]
            frames = "frame-ancestors 'self' https://huggingface.co https://*.hf.space"
            assert policy.endswith(frames)
        policy = ask(drawn_app.url)[1]["content-security-policy"]
        assert "script-src 'self' 'unsafe-eval' 'sha256-" in policy
        assert "unsafe-inline" not in policy.split("style-src")[0]

    @pytest.mark.parametrize(
        ("path", "asked", "sentence"),
        [
            ("call/search", b'{"data": [', "not JSON"),
            ("call/search", b"[" * 50_000, "not JSON"),
            ("call/search", [1], "give an object"),
            ("call/search", {}, "has its values as a list"),
            ("call/search", {"data": "x"}, "data is 'x'"),
            ("call/serch", {"data": []}, "there are counts, search, similar"),
            ("call/search", {"data": [], "session_hash": {"a": 1}}, "session_hash is {'a': 1}"),
            (
                "call/search",
                {"data": [], "session_hash": "x" * 65},
                "a text of up to 64 characters",
            ),
            ("call/search", {"data": [], "batched": True}, "has no 'batched'"),
            ("call/v2/search", {"wnted": []}, "it takes wanted, unwanted, k"),
            ("call/v2/similar", {"k": 3}, "similar needs a face"),
            ("queue/join", {"data": [], "fn_index": 99, "session_hash": "x"}, "fn_index"),
            ("queue/join", {"data": [], "fn_index": 0}, "has a session_hash"),
            ("cancel", {"session_hash": "x", "event_id": [float("inf")]}, "an event_id"),
            ("component_server", {"data": 1, "session_hash": "x"}, "no such function"),
        ],
    )
    def test_a_call_that_gradio_would_stumble_over_gets_a_sentence(
        self, drawn_app, path, asked, sentence
    ):
        body = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
        kind = "application/json"
        status, _, said = ask(drawn_app.url, "POST", f"/gradio_api/{path}", body, Content_Type=kind)
        assert 400 <= status < 500
        assert sentence in json.loads(said)["error"]

    @pytest.mark.parametrize(
        ("endpoint", "data", "sentence"),
        [
            ("search", [], "search takes up to 7 values, and none came"),
            ("similar", [None, 3], "face is None"),
            ("search", [None, None, 10**30], "at least 1 and at most 1,000"),
            ("search", [["x\x00" * 9000], None, 3], "Unknown attribute"),
            ("similar", ["\x00" * 9000, 3, None, None, 0], "There is no face"),
        ],
    )
    def test_values_that_can_not_be_get_a_sentence(self, drawn_app, endpoint, data, sentence):
        said = called(drawn_app.url, endpoint, data)
        assert said.startswith("event: error")
        assert sentence in said
        assert len(said) < 1000

    @pytest.mark.parametrize(
        ("data", "count"),
        [
            ([["Bald"], None, 2.0], 2),
            ([["Bald"], None, None, *[None] * 4], 24),
            ([["Bald"]], 24),  # as before there were more parameters
        ],
    )
    def test_a_count_with_a_point_and_nothing_are_counts_too(self, drawn_app, data, count):
        said = called(drawn_app.url, "search", data)
        assert len(json.loads(said.split("data: ")[1])[0]) == count

    def test_a_result_that_nobody_asked_for_is_not_waited_for(self, drawn_app):
        for path in ("queue/data?session_hash=nobody", "queue/data", "call/search/nothing"):
            assert ask(drawn_app.url, path=f"/gradio_api/{path}")[0] == 404

    def test_nothing_of_all_this_reaches_the_log(self, drawn_app):
        log = (drawn_app.folder / "errors.txt").read_text("utf-8")
        assert "Traceback" not in log


def called(url, endpoint, data):
    """What a call of an endpoint ends in, as `curl` shows it."""
    path, kind = f"/gradio_api/call/{endpoint}", {"Content-Type": "application/json"}
    request = urllib.request.Request(url + path[1:], json.dumps({"data": data}).encode(), kind)
    event = json.load(urllib.request.urlopen(request))["event_id"]
    return urllib.request.urlopen(f"{url}{path[1:]}/{event}").read().decode()


STRANGER = """<!doctype html><title>Stranger</title><script>
const results = {};
const tried = async (name, act) => {
  try { results[name] = await act(); } catch (error) { results[name] = "failed"; }
};
const picture = () => new Promise((resume) => {
  const image = new Image();
  image.onload = () => resume("shown");
  image.onerror = () => resume("failed");
  image.src = "URLfaces/0";
});
const body = JSON.stringify({ data: [], session_hash: "x", fn_index: 0 });
Promise.all([
  tried("read", async () => (await fetch("URLconfig")).status),
  tried("ask", async () =>
    (await fetch("URLgradio_api/queue/join", { method: "POST", mode: "no-cors", body })).type),
  tried("picture", picture),
]).then(() => { document.title = JSON.stringify(results); });
</script><iframe src="URL"></iframe>"""


def test_a_strange_page_in_a_browser_reads_shows_and_frames_nothing(drawn_app, browser):
    class Strange(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(STRANGER.replace("URL", drawn_app.url).encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Strange)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context()
    page = context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.wait_for_function("document.title.startsWith('{')")
    results = json.loads(page.title())
    assert results["read"] == "failed"
    assert results["picture"] == "failed"
    assert any("frame-ancestors" in line or "Framing" in line for line in said), said
    context.close()
    server.shutdown()


def test_a_script_that_is_not_the_pages_own_does_not_run(drawn_app, browser_page):
    visit = browser_page(drawn_app.url + NOTHING)
    visit.expected = ("Content Security Policy", "Content-Security-Policy")
    visit.page.evaluate(
        "document.querySelector('.fs-notice').innerHTML = "
        "'<img src=x onerror=\"window.ran = true\">'"
    )
    visit.expected += ("404",)
    visit.page.wait_for_timeout(300)
    assert visit.page.evaluate("window.ran") is None
    tick(visit.page, "Bald")
    assert shown(visit.page)


def test_only_inline_scripts_are_hashed():
    page = b'<script src="a.js"></script><script>one()</script><script type="module">two()</script>'
    assert content_policy(page).count("sha256-") == 2
