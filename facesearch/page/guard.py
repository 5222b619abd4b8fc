"""Who may ask the page what: requests that it has no need of are refused."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from ipaddress import ip_address
from socket import getfqdn, gethostname

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from facesearch.errors import quoted
from facesearch.page.given import LARGEST

BODY = 256 * 1024  # bytes; a question with 20 taught attributes of 512 numbers takes 130,000
GIVEN = "/pictures"  # where a picture that is asked by goes, of up to `LARGEST` bytes
PATH = 1000  # characters
ANY = "*"

# What the page, gradio_client, `curl` and assistants ask for. Gradio's other routes take uploads,
# fetch addresses, edit code and serve files: nothing here needs them, and Gradio never sees them.
READ = re.compile(
    r"/|/config/?|/favicon\.ico|/robots\.txt|/manifest\.json|/theme\.css|/(assets|static|svelte)/.+"
    r"|/gradio_api/(theme\.css|info/?|openapi\.json|app_id/?|startup-events|queue/(data|status))"
    r"|/gradio_api/(call/(v2/)?\w+/\w+|heartbeat/\w+)"
    r"|/(faces|photos|originals)/[0-9]{1,9}|/scripts/\w+/\w+\.js"
)
ASK = re.compile(r"/gradio_api/(component_server/?|queue/join|call/(v2/)?\w+/?|cancel)|/pictures")
ASSISTANTS = re.compile(r"/gradio_api/mcp(/.*)?")

NAMED = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^\[\]:/@\s]+)(:[0-9]{1,5})?")


@dataclass(frozen=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    sentence: str


class Hosts:
    """The names that the page is asked by.

    A strange page can have a name of its own point to this machine (DNS rebinding), but it can't
    choose what the browser then sends as Host. So on a loopback address only localhost's names are
    answered, elsewhere those of this machine and numbers, and always those that the user allows.

    Args:
        host: the address that is listened on.
        allowed: further names; "*" allows any, and pages of any other origin to ask, too.
    """

    def __init__(self, host: str, allowed: Collection[str] = ()) -> None:
        host = host.strip("[]").lower()
        self.allowed = {name.strip("[]").lower() for name in allowed}
        self.any = ANY in self.allowed
        self.loopback = host == "localhost" or _is_loopback(host)
        self.names = {host, "localhost", *self.allowed}
        if not self.loopback:
            own = {gethostname().lower(), getfqdn().lower()}
            self.names |= own | {f"{name}.local" for name in own}

    def refusal(self, headers: Headers) -> Refusal | None:
        """Why a request with these headers is not answered, or None."""
        if self.any:
            return None
        host = headers.get("host", "")
        name = _name(host)
        if name is None or not self._knows(name):
            return Refusal(
                403,
                f"This page does not answer to the name {quoted(host)}. If it should, start it "
                "with --allow-host and that name.",
            )
        origin = headers.get("origin")
        if origin is not None:
            if not self._is_own(origin, host):
                return Refusal(
                    403,
                    f"A page of {quoted(origin)} may not ask this one. If it is this page behind a "
                    "proxy, start it with --allow-host and the proxy's name.",
                )
        elif (
            headers.get("sec-fetch-site") in ("cross-site", "same-site")
            and headers.get("sec-fetch-mode") != "navigate"
        ):
            return Refusal(403, "Another page may not ask this one.")
        return None

    def _knows(self, name: str) -> bool:
        if name in self.names:
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return False
        return address.is_loopback if self.loopback else True

    def _is_own(self, origin: str, host: str) -> bool:
        scheme, _, place = origin.lower().partition("://")
        usual = {"http": ":80", "https": ":443"}.get(scheme, "")
        if place == host.lower().removesuffix(usual):
            return True
        return (_name(place) or "") in self.allowed


class Guard:
    """An ASGI application around another one, which sees only what may be asked.

    Args:
        app: the other one.
        hosts: the names that it answers to.
        check: of a request's scope, path and body; why it is not answered, or None.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Hosts,
        check: Callable[[Scope, str, bytes | None], Refusal | None],
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.check = check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with a sentence."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks over a WebSocket
            await send({"type": "websocket.close", "code": 1008})
            return
        headers, path = Headers(scope=scope), _path(scope)
        refusal = self.hosts.refusal(headers) or path_refusal(scope["method"], path)
        body: bytes | Refusal | None = None
        if refusal is None and scope["method"] not in ("GET", "HEAD"):
            body = await _body(headers, receive, LARGEST if path == GIVEN else BODY)
            receive = _again(body, receive)
        if isinstance(body, Refusal):
            refusal = body
        elif refusal is None:
            refusal = self.check(scope, path, body)
        if refusal is None:
            await self.app(scope, receive, send)
            return
        said = JSONResponse({"error": refusal.sentence}, refusal.status)
        said.headers["X-Content-Type-Options"] = "nosniff"
        await said(scope, receive, send)


def path_refusal(method: str, path: str) -> Refusal | None:
    """Why a path is not answered, or None."""
    if len(path) > PATH:
        return Refusal(414, f"The address is longer than {PATH} characters.")
    if not path.isprintable():
        return Refusal(400, "The address holds characters that can't be in one.")
    if ASSISTANTS.fullmatch(path) or method == "OPTIONS":
        return None
    allowed = {"GET": READ, "HEAD": READ, "POST": ASK}
    if method in allowed and allowed[method].fullmatch(path):
        return None
    if READ.fullmatch(path) or ASK.fullmatch(path):
        return Refusal(405, f"This can't be asked with {method}.")
    return Refusal(404, "There is nothing here.")


def _path(scope: Scope) -> str:
    """A request's path below the page's own, whether or not a proxy left that path there."""
    path, root = scope["path"], scope.get("root_path", "").rstrip("/")
    below = path.removeprefix(root)
    return below if root and below.startswith("/") else path


async def _body(headers: Headers, receive: Receive, most: int) -> bytes | Refusal | None:
    """A request's body, None if the caller has gone before its end."""
    long = Refusal(413, f"The request is longer than {most // 1024:,} KB.")
    length = headers.get("content-length", "")
    if length.isdecimal() and (len(length) > 9 or int(length) > most):
        return long
    parts: list[bytes] = []
    more, size = True, 0
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return long
        more = message.get("more_body", False)
    return b"".join(parts)


def _again(body: bytes | Refusal | None, receive: Receive) -> Receive:
    """What is received once a body has been read: the body, then whatever follows."""
    first: list[Message] = [{"type": "http.disconnect"}]
    if isinstance(body, bytes):
        first = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return first.pop() if first else await receive()

    return again


def _name(host: str) -> str | None:
    """The name in a Host header, without its port; None if it is none."""
    found = NAMED.fullmatch(host)
    return found["name"].strip("[]").lower().removesuffix(".") if found else None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
