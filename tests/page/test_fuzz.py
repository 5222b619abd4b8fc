"""Two thousand requests that nobody in their senses sends, the same ones each time."""

import json
import random
import socket
from urllib.parse import urlsplit

REQUESTS = 2000
PATHS = [
    "/",
    "/config",
    "/theme.css",
    "/faces/0",
    "/faces/59",
    "/faces/60",
    "/scripts/x/main.js",
    "/assets/",
    "/static/",
    "/favicon.ico",
    "/manifest.json",
    "/gradio_api/info",
    "/gradio_api/component_server/",
    "/gradio_api/queue/join",
    "/gradio_api/queue/data?session_hash=x",
    "/gradio_api/call/search",
    "/gradio_api/call/similar",
    "/gradio_api/call/counts",
    "/gradio_api/call/v2/search",
    "/gradio_api/cancel",
    "/gradio_api/call/search/x",
    "/gradio_api/upload",
    "/gradio_api/reset",
    "/gradio_api/heartbeat/x",
    "/gradio_api/file=/etc/passwd",
    "/gradio_api/startup-events",
    "/?deep_link=../x",
]
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
    return {rng.choice(keys): value(rng, depth + 1) for _ in range(rng.randint(0, 4))}


def body(rng, component):
    """A call with something wrong, or bytes that are none."""
    if rng.random() < 0.15:
        return rng.randbytes(rng.choice([0, 1, 50, 70_000]))
    asked = {
        "data": value(rng)
        if rng.random() < 0.4
        else [value(rng) for _ in range(rng.randint(0, 6))],
        "session_hash": value(rng) if rng.random() < 0.2 else f"s{rng.randint(0, 400)}",
        "fn_index": value(rng) if rng.random() < 0.2 else rng.randint(-1, 5),
        "component_id": value(rng) if rng.random() < 0.2 else component,
        "fn_name": rng.choice(["answer", "face", "surprise", "__init__", value(rng)]),
        "event_id": value(rng),
        "batched": rng.random() < 0.5,
    }
    kept = [field for field in asked if rng.random() < 0.8]
    if rng.random() < 0.5:  # one that goes through
        kept = ["data", "session_hash", "fn_index", "component_id", "fn_name"]
    return json.dumps({field: asked[field] for field in kept}).encode("utf-8", "replace")


def path(rng):
    """A path that is asked for, or nearly one."""
    chosen = rng.choice(PATHS)
    change = rng.random()
    if change < 0.1:
        at = rng.randint(0, len(chosen))
        odd = rng.choice(["%00", "%2e%2e/", "//", "\\", "%ff", "%e2%80%ae", "9" * 4300, ";", "%0a"])
        return chosen[:at] + odd + chosen[at:]
    if change < 0.15:
        return "/faces/" + "".join(rng.choices("0123456789-+.eE%٣", k=rng.randint(1, 12)))
    return chosen


def request(rng, host, component):
    """The bytes of one request."""
    method = rng.choices(["GET", "POST", "HEAD", "PUT", "OPTIONS", "BREW"], [4, 12, 1, 1, 1, 1])[0]
    content = body(rng, component) if method == "POST" else b""
    lines = [f"{method} {path(rng)} HTTP/1.{rng.choice('0111')}", "Connection: close"]
    if rng.random() < 0.95:
        lines.append(f"Host: {rng.choice([host] * 20 + ['evil.example', '[', '', '::1'])}")
    if method == "POST":
        kinds = ["application/json"] * 6 + ["text/plain", "multipart/form-data; boundary=x", "\xff"]
        lines += [f"Content-Type: {rng.choice(kinds)}", f"Content-Length: {len(content)}"]
    if rng.random() < 0.1:
        origins = ["null", "http://evil.example", "http://[", f"http://{host}", "x" * 3000]
        lines.append(f"Origin: {rng.choice(origins)}")
    if rng.random() < 0.05:
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
    rng = random.Random(14)
    seen = []
    for number in range(REQUESTS):
        sent = request(rng, host, component)
        answer = status(host, sent)
        seen.append(answer)
        assert answer is None or answer < 500, (number, answer, sent[:2000])
    counts = {code: seen.count(code) for code in {*seen}}
    assert counts[200] > REQUESTS / 8, counts  # many of them go through
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
