"""A Hugging Face Hub on loopback: the protocol that huggingface_hub speaks, for one data set."""

import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

COMMIT = "2d738f56e0e7f925ea36ae7c808ea925264aacec"
PAGE = 2  # entries of a folder that one answer lists


class Hub(ThreadingHTTPServer):
    """Serves `files` (path to content) of the data set `repo`; `log` has each request's outcome."""

    daemon_threads = True

    def __init__(
        self, repo: str, files: dict[str, bytes], handler: type["Handler"] | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), handler or Handler)
        self.repo, self.files = repo, files
        self.blobs = {hashlib.sha256(content).hexdigest(): content for content in files.values()}
        self.log: list[tuple[str, int, int]] = []  # content sent: SHA-256, from byte, bytes
        self.stall_at: int | None = None  # bytes of content after which answers hang
        self.cut_at: int | None = None  # bytes of content after which one connection is cut
        self.stalled = threading.Event()
        self.endpoint = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def sent(self) -> int:
        """Bytes of content sent so far."""
        return sum(count for _, _, count in self.log)

    def close(self) -> None:
        self.stall_at = None
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        path, query = unquote(url.path), parse_qs(url.query)
        hub = self.server
        if re.fullmatch(f"/api/datasets/{hub.repo}(/revision/(main|{COMMIT}))?", path):
            self.json({"id": hub.repo, "sha": COMMIT, "siblings": []})
        elif match := re.fullmatch(f"/api/datasets/{hub.repo}/tree/(main|{COMMIT})/(.+)", path):
            self.tree(match[2], int(query.get("cursor", ["0"])[0]))
        elif match := re.fullmatch(f"/datasets/{hub.repo}/resolve/(main|{COMMIT})/(.+)", path):
            self.resolve(match[2])
        elif path.startswith("/cdn/") and path[5:] in hub.blobs:
            self.content(path[5:])
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def json(self, value: object, status: int = 200, **headers: str) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def tree(self, folder: str, cursor: int) -> None:
        """A page of a folder's listing, with a link to the next one."""
        paths = sorted(path for path in self.server.files if path.startswith(folder + "/"))
        entries = []
        for path in paths[cursor : cursor + PAGE]:
            content = self.server.files[path]
            lfs = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content)}
            entry = {"type": "file", "oid": "0" * 40, "size": len(content), "path": path}
            entries.append(entry | {"lfs": lfs | {"pointerSize": 134}})
        more = cursor + PAGE < len(paths)
        next_page = f"{self.server.endpoint}{urlsplit(self.path).path}?cursor={cursor + PAGE}"
        if more:
            self.json(entries, Link=f'<{next_page}>; rel="next"')
        else:
            self.json(entries)

    def resolve(self, path: str) -> None:
        """To where the content is, as for every large file on the real Hub."""
        content = self.server.files[path]
        digest = hashlib.sha256(content).hexdigest()
        self.send_response(302)
        self.send_header("Location", f"{self.server.endpoint}/cdn/{digest}")
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("X-Linked-Etag", f'"{digest}"')
        self.send_header("X-Linked-Size", str(len(content)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def content(self, digest: str) -> None:
        """Bytes of a file, all of them or the Range asked for."""
        whole = self.server.blobs[digest]
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        first = int(asked[1]) if asked else 0
        last = min(int(asked[2] or len(whole)), len(whole) - 1) if asked else len(whole) - 1
        self.send_response(206 if asked else 200)
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(whole)}")
        self.send_header("ETag", f'"{digest}"')
        self.send_header("Accept-Ranges", "bytes")
        body = whole[first : last + 1]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        hub, room = self.server, len(body)
        for limit in (hub.stall_at, hub.cut_at):
            if limit is not None:
                room = min(room, max(limit - hub.sent, 0))
        self.wfile.write(body[:room])
        self.wfile.flush()
        hub.log.append((digest, first, room))
        if room < len(body):
            if hub.stall_at is not None:
                hub.stalled.set()
                threading.Event().wait(60)
            hub.cut_at = None
            self.close_connection = True
            self.connection.shutdown(2)
