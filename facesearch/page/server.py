"""The page on Gradio: one component of our own HTML, the endpoints, the routes of our files."""

import os
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
from starlette.applications import Starlette
from starlette.middleware import Middleware

from facesearch.bundle import Bundle
from facesearch.errors import InputError
from facesearch.page.answer import Answers
from facesearch.page.assets import Scripts, styles, template
from facesearch.page.calls import Calls
from facesearch.page.endpoints import add_endpoints
from facesearch.page.guard import ANY, Guard, Hosts
from facesearch.page.kept import SESSIONS, bound
from facesearch.page.panel import panel_html
from facesearch.page.policy import Policy
from facesearch.page.view import View
from facesearch.page.wording import read_words

# Only fonts that the reader's machine has: Gradio's own themes may fetch theirs.
FONTS = [gr.themes.Font(name) for name in ("system-ui", "sans-serif")]
FUNCTIONS = frozenset({"answer", "face", "surprise", "words"})  # that the page calls
START = """
import(new URL("{address}", document.baseURI).href).then(({{ startOverApp }}) =>
  startOverApp(element, props.value, server));
"""


class Page(gr.Blocks):
    """Blocks whose endpoints answer a call with too few values by a sentence."""

    def validate_inputs(self, block_fn: Any, inputs: list[Any]) -> None:
        """Raise `gr.Error` unless there is a value for each of an endpoint's parameters."""
        if len(inputs) < len(block_fn.inputs):
            raise gr.Error(
                f"{block_fn.api_name} takes {len(block_fn.inputs)} values, and {len(inputs)} came: "
                "give all of them, null for those that are to be as usual.",
                print_exception=False,
            )


def build_page(answers: Answers, scripts: Scripts) -> Page:
    """The page over an opened bundle's answers, not yet served."""
    bundle, view = answers.bundle, View(answers)
    panel = panel_html(
        bundle.vocabulary, bundle.unavailable, bundle.config.results.get("attributes")
    )

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        return view.answer(asked)

    def face(name: str) -> dict[str, Any]:
        return view.face(name)

    def words(text: str) -> dict[str, Any]:
        return read_words(bundle, text)

    def surprise(_: Any) -> dict[str, Any]:
        return view.surprise()

    with Page(title="Face search", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(
            value=view.about(),
            html_template=template().replace("<!-- panel -->", panel),
            js_on_load=START.format(address=scripts.address),
            apply_default_css=False,
            server_functions=[answer, face, words, surprise],
        )
        add_endpoints(answers)
    return page


def asgi_settings(answers: Answers, scripts: Scripts, page: Page, hosts: Hosts) -> dict[str, Any]:
    """What Gradio's ASGI application is made with: our routes, and what stands around all."""
    calls = Calls(page, FUNCTIONS)

    @asynccontextmanager
    async def guarded(app: Starlette) -> AsyncIterator[None]:
        assert app.middleware_stack is not None
        # Before what Gradio puts there.
        app.middleware_stack = Guard(app.middleware_stack, hosts, calls.refusal)
        yield

    return {
        "routes": [
            answers.faces.route(),
            answers.given.route(),
            *answers.photographs.routes(),
            scripts.route(),
        ],
        "middleware": [Middleware(Policy)],
        "lifespan": guarded,
    }


def allowed_names(names: Collection[str]) -> list[str]:
    """Names that the page is asked by besides its own: those given, and what its root path says.

    A Space is public, behind a proxy that knows its names.
    """
    root = urlsplit(os.environ.get("GRADIO_ROOT_PATH", "")).hostname
    space = [ANY] if "SPACE_ID" in os.environ else []
    return [*names, *space, *([root] if root else [])]


def start(
    bundle: Bundle, host: str, port: int, names: Collection[str], originals: bool | None
) -> Page:
    """What `facesearch.page.serve` does once Gradio may be imported."""
    hosts = Hosts(host, allowed_names(names))
    given = hosts.loopback if originals is None else originals
    answers, scripts = Answers(bundle, originals=given), Scripts()
    page = build_page(answers, scripts)
    bound(page)
    page.launch(
        server_name=f"[{host}]" if ":" in host and host[0] != "[" else host,  # IPv6
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        state_session_capacity=SESSIONS,
        max_file_size=1,  # byte: nothing is uploaded
        theme=gr.themes.Base(font=FONTS, font_mono=[gr.themes.Font("monospace")]),
        head=f"{scripts.preloads}<style>{styles()}</style>",
        app_kwargs=asgi_settings(answers, scripts, page, hosts),
    )
    if page.mcp_error:
        page.close(verbose=False)
        raise InputError(page.mcp_error)
    return page
