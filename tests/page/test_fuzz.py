"""Two thousand requests that nobody in their senses sends, the same ones each time."""

import json
import random
import socket
from urllib.parse import urlsplit

REQUESTS = 2000
READ = (
    *("/", "/config", "/theme.css", "/faces/0", "/faces/59", "/faces/60", "/scripts/x/main.js"),
    *("/assets/", "/static/", "/favicon.ico", "/manifest.json", "/gradio_api/info"),
    *("/gradio_api/queue/data?session_hash=x", "/gradio_api/call/search/x", "/?deep_link=../x"),
    *("/gradio_api/heartbeat/x", "/gradio_api/file=/etc/passwd", "/gradio_api/startup-events"),
)
CALLED = (
    *("component_server/", "queue/join", "call/search", "call/similar", "call/counts"),
    *("call/v2/search", "cancel", "upload", "reset", "run/search"),
)
OTHERS = ("face", "words", "surprise", "teach", "bring", "open", "__init__")
ODD = (
    *("", "\x00", "\ud800", "\u202e", "../..", "%00", "toString", "Bald\n", "x" * 9000, "[" * 200),
    *(0, -1, 2.0, 2.5, 1e308, float("nan"), float("inf"), 10**400, True, None),
)


def value(rng, depth=0):
    """A value that JSON can hold."""
    kind = rng.random()
    if depth > 3 or kind < 0.5:
        return rng.choice([*ODD, "Bald", "Smiling", "007.png", 24])
    if kind < 0.75:
        return [value(rng, depth + 1) for _ in range(rng.randint(0, 4))]
    keys = ["wanted", "unwanted", "k", "like", "mix", "after", "gallery", "__proto__", "\x00"]
    keys += ["taught", "name", "text", "unlike", "skipped", "weight", "model", "more"]
    return {rng.choice(keys): value(rng, depth + 1) for _ in range(rng.randint(0, 4))}


def call(rng, component, endpoints):
    """Path and body of a call, as they belong together or nearly so."""
    path, session = rng.choice(CALLED), f"s{rng.randint(0, 400)}"
    values = [value(rng) for _ in range(rng.randint(0, 6))]
    if path == "component_server/":
        asked = {"data": value(rng), "session_hash": session, "component_id": component}
        asked["fn_name"] = rng.choice(["answer", "answer", *OTHERS])
    elif path == "queue/join":
        asked = {"data": values, "session_hash": session, "fn_index": rng.choice(endpoints)}
    elif path == "call/v2/search":
        asked = {rng.choice(["wanted", "unwanted", "k", "\x00"]): value(rng)}
    else:
        asked = {"data": values}
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        asked[rng.choice([*asked, "event_id", "batched", "session_hash"])] = value(rng)
    if rng.random() < 0.1:
        asked.pop(rng.choice(list(asked)))
    whole = json.dumps(asked).encode("utf-8", "replace")
    if rng.random() < 0.1:
        whole = rng.choice([whole[:-1], b"", rng.randbytes(70_000), b"[" * 50_000, b"null"])
    return f"/gradio_api/{path}", whole


def astray(rng, path):
    """A path, at times with something in it that does not belong there."""
    if rng.random() < 0.85:
        return path
    if rng.random() < 0.3:
        return "/faces/" + "".join(rng.choices("0123456789-+.eE%٣", k=rng.randint(1, 12)))
    at = rng.randint(0, len(path))
    odd = rng.choice(["%00", "%2e%2e/", "//", "\\", "%ff", "%e2%80%ae", "9" * 4300, ";", "%0a"])
    return path[:at] + odd + path[at:]


def request(rng, host, component, endpoints):
    """The bytes of one request."""
    path, content, method = rng.choice(READ), b"", "GET"
    if rng.random() < 0.7:
        (path, content), method = call(rng, component, endpoints), "POST"
    if rng.random() < 0.1:
        method = rng.choice(["HEAD", "PUT", "OPTIONS", "BREW", "GET", "POST"])
    lines = [f"{method} {astray(rng, path)} HTTP/1.{rng.choice('0111')}", "Connection: close"]
    if rng.random() < 0.97:
        lines.append(f"Host: {rng.choice([host] * 30 + ['evil.example', '[', '', '::1'])}")
    if content or method == "POST":
        kinds = ["application/json"] * 9 + ["text/plain", "multipart/form-data; boundary=x", "\xff"]
        lines += [f"Content-Type: {rng.choice(kinds)}", f"Content-Length: {len(content)}"]
    if rng.random() < 0.1:
        origins = ["null", "http://evil.example", "http://[", f"http://{host}", "x" * 3000]
        lines.append(f"Origin: {rng.choice(origins)}")
    if rng.random() < 0.03:
        lines.append(f"Accept-Language: {'x' * rng.choice([10, 5000, 70_000])}")
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + content


def status(host, sent):
    """The status with which a request is answered, None where the app hangs up."""
    name, port = host.split(":")
    with socket.create_connection((name, int(port)), timeout=20) as connection:
        try:
            connection.sendall(sent)
            head = connection.recv(1000)
        except ConnectionError:  # it need not wait for all of what it refuses
            return None
    return int(head.split(b" ", 2)[1]) if head else None


def test_no_request_is_answered_by_an_error_of_the_servers_own(drawn_bundle, start_app):
    app = start_app("--bundle", drawn_bundle)
    host = urlsplit(app.url).netloc
    config = status_and_body(host, "/config")
    component = next(c["id"] for c in config["components"] if c["props"].get("server_fns"))
    endpoints = [each["id"] for each in config["dependencies"]]
    rng = random.Random(14)
    seen = []
    for number in range(REQUESTS):
        sent = request(rng, host, component, endpoints)
        answer = status(host, sent)
        seen.append(answer)
        assert answer is None or answer < 500, (number, answer, sent[:2000])
    counts = {code: seen.count(code) for code in {*seen}}
    assert counts[200] > REQUESTS / 5, counts  # many of them go through
    assert counts.get(None, 0) < REQUESTS / 20, counts
    assert len(status_and_body(host, "/config")["components"]) == len(config["components"])
    log = app.stop()
    assert "Traceback" not in log, log[:3000]
    assert len(log) < 100_000


def status_and_body(host, path):
    """What a GET in order is answered by, as JSON."""
    name, port = host.split(":")
    with socket.create_connection((name, int(port)), timeout=20) as connection:
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return json.loads(answer.split(b"\r\n\r\n", 1)[1])
