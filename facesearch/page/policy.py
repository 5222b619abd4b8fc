"""What stands before a page: headers that tell the browser what it may do and who may show it in a
frame, and its first script, as Gradio adds what is given as its head only once it runs."""

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
FRAMES = "frame-ancestors 'self' https://huggingface.co https://*.hf.space"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": f"default-src 'none'; {FRAMES}",
}


def content_policy(page: bytes) -> str:
    """The content security policy of a page: its own scripts run, by their hashes, and no other.

    Gradio makes functions of its components' templates (unsafe-eval) and gives elements styles.
    """
    hashes = (base64.b64encode(hashlib.sha256(text).digest()) for text in INLINE.findall(page))
    scripts = " ".join(sorted(f"'sha256-{each.decode()}'" for each in hashes))
    return (
        f"default-src 'self'; script-src 'self' 'unsafe-eval' {scripts}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        f"object-src 'none'; base-uri 'self'; form-action 'self'; {FRAMES}"
    )


class Policy:
    """An ASGI application around another one that adds the headers to its answers, and a script to
    its pages that comes `first`."""

    def __init__(self, app: ASGIApp, first: bytes) -> None:
        self.app = app
        self.head = b"<head><script>" + first + b"</script>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the inner application does. A page is held until it is whole."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        held: list[Message] = []
        body: list[bytes] = []

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if headers.get("content-type", "").startswith("text/html"):
                    held.append(message)
                    return
            elif held:
                body.append(message.get("body", b""))
                if message.get("more_body", False):
                    return
                start = held.pop()
                whole = b"".join(body).replace(b"<head>", self.head, 1)
                headers = MutableHeaders(scope=start)
                headers["Content-Length"] = str(len(whole))
                headers["Content-Security-Policy"] = content_policy(whole)
                await send(start)
                message = {"type": "http.response.body", "body": whole}
            await send(message)

        await self.app(scope, receive, answer)
