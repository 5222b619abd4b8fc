"""The page's own files: styles as one text, scripts as modules under an address of their own."""

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

HERE = Path(__file__).parent
STYLES = (
    "base",
    "panel",
    "ask",
    "results",
    "tiles",
    "picks",
    "dialogs",
    "teaching",
    "narrow",
)  # later ones win


def template() -> str:
    """The page's HTML, with a comment where the panel goes."""
    return (HERE / "page.html").read_text("utf-8")


def first_script() -> bytes:
    """What runs before Gradio's modules do."""
    return (HERE / "rest.js").read_bytes()


def styles(*, alone: bool = False) -> str:
    """All style sheets, in order; `alone`, where Gradio's own do not come before them."""
    names = ("alone", *STYLES) if alone else STYLES
    return "".join((HERE / "styles" / f"{name}.css").read_text("utf-8") for name in names)


class Scripts:
    """The modules, read once; `address` of the first one changes with what they hold."""

    def __init__(self) -> None:
        self.files = {path.name: path.read_bytes() for path in (HERE / "scripts").glob("*.js")}
        whole = b"".join(self.files[name] for name in sorted(self.files))
        self.version = hashlib.sha256(whole).hexdigest()[:8]

    @property
    def address(self) -> str:
        """Of the module that starts the page."""
        return f"scripts/{self.version}/app.js"

    @property
    def preloads(self) -> str:
        """Links that fetch every module at once, in place of one after the other."""
        return "".join(
            f'<link rel="modulepreload" href="scripts/{self.version}/{name}">'
            for name in sorted(self.files)
        )

    def route(self) -> Route:
        """Serve `scripts/VERSION/NAME`: what was read, and nothing else."""

        async def script(request: Request) -> Response:
            content = self.files.get(request.path_params["name"])
            if content is None or request.path_params["version"] != self.version:
                return PlainTextResponse("No such script.", status_code=404)
            headers = {"Cache-Control": "public, max-age=31536000, immutable"}
            return Response(content, media_type="text/javascript", headers=headers)

        return Route("/scripts/{version}/{name}", script)
