"""A Hugging Face Hub on loopback that repositories are made on, sent to and fetched from: what
huggingface_hub sends for create, preupload, LFS or Xet, commit and snapshot."""

import base64
import hashlib
import itertools
import json
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import stand_in_xet
from huggingface_hub import close_session
from stand_in_hub import Handler, Hub

TOKEN = "hf_of_the_owner"
LARGE = ".safetensors"  # files that are sent by themselves; all others travel in a commit
KINDS = {"models": "", "spaces": "spaces/"}  # in addresses of the API, and before a repository


@dataclass
class Repository:
    """One repository: `revisions` has the commit of each branch, `commits` the files of each."""

    address: str
    private: bool = False
    about: dict[str, Any] = field(default_factory=dict)  # what it was made with
    revisions: dict[str, str] = field(default_factory=dict)
    commits: dict[str, dict[str, str]] = field(default_factory=dict)  # path to SHA-256
    gated: bool = False

    def commit(self, files: dict[str, str], branch: str = "main") -> str:
        sha = hashlib.sha1(f"{len(self.commits)} {sorted(files.items())}".encode()).hexdigest()
        self.commits[sha] = files
        self.revisions[branch] = sha
        return sha

    def files(self, revision: str = "main") -> dict[str, str]:
        return self.commits[self.revisions.get(revision, revision)]


class Repositories(Hub):
    """Holds `repositories` by address ("owner/name", "spaces/owner/name"), owned by whoever has
    `TOKEN`. `received` has the SHA-256 of each large file that came, in order."""

    def __init__(self) -> None:
        super().__init__("", {}, _Handler)
        self.repositories: dict[str, Repository] = {}
        self.received: list[str] = []
        self.asked: list[str] = []  # method and path of each request
        self.refusals: dict[str, int] = {}  # part of a path to the status that answers it
        self.stall_after: int | None = None  # large files after which uploads hang
        self.begun = itertools.count()  # large files, or xorbs, whose upload has begun
        self.xorbs: dict[str, list[bytes]] = {}  # hash to chunks

    def add(self, address: str, files: dict[str, bytes], **more: Any) -> Repository:
        repository = self.repositories[address] = Repository(address, **more)
        repository.commit({path: self.keep(content) for path, content in files.items()})
        return repository

    def close(self) -> None:
        """Gone from the network: huggingface_hub keeps no connection to it either."""
        super().close()
        close_session()

    def keep(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self.blobs[digest] = content
        return digest


class _Handler(Handler):
    server: Repositories

    def do_GET(self) -> None:
        path = self.begin()
        if path is None:
            return
        if path.startswith("/cdn/") and path[5:] in self.server.blobs:
            self.content(path[5:])
        elif match := re.fullmatch(r"/api/(\w+)/([^/]+/[^/]+)(?:/revision/(.+))?", path):
            found = self.repository(match[1], match[2], match[3] or "main")
            if found:
                repository, sha = found
                names = [{"rfilename": name} for name in repository.commits[sha]]
                about = {"id": match[2], "sha": sha, "private": repository.private}
                self.json(about | {"siblings": names})
        elif re.fullmatch(r"/api/\w+/[^/]+/[^/]+/xet-write-token/.+", path):
            self.lend_token()
        elif match := re.fullmatch(r"/api/(\w+)/([^/]+/[^/]+)/tree/([^/]+)", path):
            found = self.repository(match[1], match[2], match[3])
            if found:
                self.json([self.entry(*item) for item in found[0].commits[found[1]].items()])
        elif match := re.fullmatch(r"/(spaces/)?([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            found = self.repository("spaces" if match[1] else "models", match[2], match[3])
            if found:
                self.redirect(found[0].commits[found[1]][match[4]], found[1])
        else:
            self.refuse(404)

    def do_POST(self) -> None:
        body, path = self.body(), self.begin()
        if path is None:
            return
        if path == "/api/validate-yaml":
            self.json({"warnings": [], "errors": []})
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.refuse(401)
        elif path == "/api/repos/create":
            self.create(json.loads(body))
        elif match := re.fullmatch(
            r"/api/(\w+)/([^/]+/[^/]+)/(preupload|commit|branch)/(.+)", path
        ):
            repository = self.server.repositories[KINDS[match[1]] + match[2]]
            getattr(self, match[3])(repository, match[4], body)
        elif path.endswith(".git/info/lfs/objects/batch"):
            self.batch(json.loads(body)["objects"])
        elif match := re.fullmatch(r"/v1/xorbs/default/(\w+)", path):
            self.stall()
            self.server.xorbs[match[1]] = stand_in_xet.chunks(body)
            self.json({"was_inserted": True})
        elif path == "/v1/shards":
            for segments in stand_in_xet.files(body):
                parts = [each for xorb, a, b in segments for each in self.server.xorbs[xorb][a:b]]
                self.server.received.append(self.server.keep(b"".join(parts)))
            self.json({"result": 1})
        else:  # among them later versions of what hf_xet asks: it goes on with these
            self.refuse(404)

    def do_PUT(self) -> None:
        self.stall()
        body, path = self.body(), self.begin()
        if path is None:
            return
        digest = self.server.keep(body)
        assert path == f"/lfs/{digest}"
        self.server.received.append(digest)
        self.json({})

    def stall(self) -> None:
        """Hang, if as many large files have come as are to."""
        if next(self.server.begun) >= (self.server.stall_after or sys.maxsize):
            self.server.stalled.set()
            threading.Event().wait(60)

    def begin(self) -> str | None:
        """The path that is asked for; None where it is refused."""
        path = unquote(urlsplit(self.path).path)
        self.server.asked.append(f"{self.command} {path}")
        for part, status in self.server.refusals.items():
            if part in path:
                self.refuse(status)
                return None
        return path

    def body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def refuse(self, status: int, code: str = "") -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", code or ("RepoNotFound" if status == 404 else ""))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def repository(self, kind: str, name: str, revision: str) -> tuple[Repository, str] | None:
        """A repository and the commit of a revision; None where that is refused."""
        repository = self.server.repositories.get(KINDS[kind] + name)
        owner = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        if repository is None or (repository.private and not owner):
            self.refuse(404)
        elif repository.gated and not owner:
            self.refuse(403, "GatedRepo")
        elif (sha := repository.revisions.get(revision, revision)) not in repository.commits:
            self.refuse(404, "RevisionNotFound")
        else:
            return repository, sha
        return None

    def entry(self, path: str, digest: str) -> dict[str, Any]:
        content = self.server.blobs[digest]
        about = {"type": "file", "oid": git_hash(content), "size": len(content), "path": path}
        lfs = {"oid": digest, "size": len(content), "pointerSize": 134}
        return about | {"lfs": lfs} if path.endswith(LARGE) else about

    def redirect(self, digest: str, sha: str) -> None:
        """To another host: huggingface_hub reads what a file is from the last answer of its own."""
        self.send_response(302)
        self.send_header("Location", f"http://localhost:{self.server.server_port}/cdn/{digest}")
        self.send_header("X-Repo-Commit", sha)
        self.send_header("X-Linked-Etag", f'"{digest}"')
        self.send_header("X-Linked-Size", str(len(self.server.blobs[digest])))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def create(self, about: dict[str, Any]) -> None:
        kind = KINDS[about.get("type", "model") + "s"]
        address = f"{kind}{about['organization']}/{about['name']}"
        if address in self.server.repositories:
            self.json({"url": f"{self.server.endpoint}/{address}"}, status=409)
            return
        private = about.get("visibility") == "private"
        self.server.add(address, {".gitattributes": b"*\n"}, private=private, about=about)
        self.json({"url": f"{self.server.endpoint}/{address}"})

    def lend_token(self) -> None:
        """Where Xet takes files, and what it is asked with."""
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.refuse(401)
            return
        expires = int(time.time()) + 3600
        self.json({"casUrl": self.server.endpoint, "accessToken": TOKEN, "exp": expires})

    def branch(self, repository: Repository, name: str, body: bytes) -> None:
        if name in repository.revisions:
            self.refuse(409)
            return
        repository.commit(repository.files(), name)
        self.json({})

    def preupload(self, repository: Repository, revision: str, body: bytes) -> None:
        answers, there = [], repository.files(revision)
        for file in json.loads(body)["files"]:
            large = file["path"].endswith(LARGE)
            about = {"path": file["path"], "uploadMode": "lfs" if large else "regular"}
            if digest := there.get(file["path"]):
                about["oid"] = digest if large else git_hash(self.server.blobs[digest])
            answers.append(about | {"shouldIgnore": False})
        self.json({"files": answers})

    def batch(self, objects: list[dict[str, Any]]) -> None:
        """Where each large file is to be sent; nowhere, if its content is there."""
        answers = []
        for each in objects:
            upload = {"upload": {"href": f"{self.server.endpoint}/lfs/{each['oid']}"}}
            there = each["oid"] in self.server.blobs
            answers.append(each if there else each | {"actions": upload})
        self.json({"transfer": "basic", "objects": answers})

    def commit(self, repository: Repository, branch: str, body: bytes) -> None:
        files = dict(repository.files(branch))
        for line in body.splitlines():
            what = json.loads(line)
            value = what["value"]
            if what["key"] == "file":
                files[value["path"]] = self.server.keep(base64.b64decode(value["content"]))
            elif what["key"] == "lfsFile":
                assert value["oid"] in self.server.blobs, "committed before it was sent"
                files[value["path"]] = value["oid"]
            elif what["key"] == "deletedFile":
                del files[value["path"]]
        sha = repository.commit(files, branch)
        url = f"{self.server.endpoint}/{repository.address}/commit/{sha}"
        self.json({"commitUrl": url, "commitOid": sha})


def git_hash(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
