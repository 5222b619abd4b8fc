"""ClickHouse's HTTP interface, over chdb: `python stand_in_clickhouse.py FOLDER PORT`.

It does what `clickhouse-connect` asks of a server, so that the way over a network can be tried
where there is no server: queries with bound values, inserts, the password, errors by their codes.
While there is a file FOLDER/slow, counts take as many seconds as it says.
"""

import re
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import lz4.frame
from chdb import session

PASSWORD = b64encode(b"ann:right").decode()


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    engine: session.Session
    folder: Path

    def do_POST(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b"".join(self.chunks())
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "lz4":
            body = lz4.frame.decompress(body)
        asked = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/form-data"):
            parts = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
            for part in parts.get_payload():
                assert isinstance(part, Message)
                name = str(part.get_param("name", header="content-disposition"))
                value = part.get_payload(decode=True)
                assert isinstance(value, bytes)
                asked[name] = value.decode()
            body = b""
        if self.headers.get("Authorization") != f"Basic {PASSWORD}":
            self.send(403, b"Code: 516. DB::Exception: ann: Authentication failed", 516)
            return
        try:
            self.send(200, self.answer(asked, body))
        except RuntimeError as error:
            code = re.search(r"Code: (\d+)", str(error))
            self.send(500, str(error).encode(), int(code[1]) if code else 1)

    def chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def answer(self, asked: dict[str, str], body: bytes) -> bytes:
        values = {n.removeprefix("param_"): v for n, v in asked.items() if n.startswith("param_")}
        query = asked.get("query", "")
        if body.startswith(b"INSERT") and b"FORMAT Native" in body:
            into, rows = body.split(b"FORMAT Native\n", 1)
            with tempfile.NamedTemporaryFile(suffix=".native") as file:
                file.write(rows)
                file.flush()
                into_file = f"{into.decode()} FROM INFILE '{file.name}' FORMAT Native"
                self.engine.query(into_file)
            return b""
        query = query or body.decode()
        slow = self.folder / "slow"
        if slow.exists() and "sample" in query:
            time.sleep(float(slow.read_text()))
        found = self.engine.query(query, asked.get("default_format", "TabSeparated"), params=values)
        return found.bytes() or b""

    def send(self, status: int, content: bytes, code: int | None = None) -> None:
        self.send_response(status)
        if code is not None:
            self.send_header("X-ClickHouse-Exception-Code", str(code))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    """Serve until it is stopped."""
    Answer.folder = Path(sys.argv[1])
    Answer.engine = session.Session(str(Answer.folder / "engine"))
    with ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Answer) as server:
        print(server.server_port, flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
