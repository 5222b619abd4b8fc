"""The page on Gradio: one component of our own HTML, the endpoints, the routes of our files."""

import os
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import gradio as gr
from starlette.applications import Starlette
from starlette.middleware import Middleware

from facesearch.errors import InputError
from facesearch.page.assets import Scripts, first_script, styles, template
from facesearch.page.calls import Calls
from facesearch.page.endpoints import add_endpoints
from facesearch.page.galleries import Galleries, Source
from facesearch.page.guard import ANY, Guard, Hosts
from facesearch.page.kept import SESSIONS, bound
from facesearch.page.policy import Policy
from facesearch.page.rest import let_rest

# Only fonts that the reader's machine has: Gradio's own themes may fetch theirs.
FONTS = [gr.themes.Font(name) for name in ("system-ui", "sans-serif")]
# That scripts call.
FUNCTIONS = frozenset({"answer", "bring", "face", "news", "open", "surprise", "teach", "words"})
START = """
import(new URL("{address}", document.baseURI).href).then(({{ startOverApp }}) =>
  startOverApp(element, props.value, server));
"""


class Page(gr.Blocks):
    """Blocks whose endpoints take a call that lacks its last values, which are then as usual: a
    program that was written before there was a parameter goes on."""

    def validate_inputs(self, block_fn: Any, inputs: list[Any]) -> None:
        """Add a null for each value that did not come; `gr.Error` where none came."""
        if block_fn.inputs and not inputs:
            raise gr.Error(
                f"{block_fn.api_name} takes up to {len(block_fn.inputs)} values, and none came: "
                "give them in order, null for those that are to be as usual.",
                print_exception=False,
            )
        inputs.extend([None] * (len(block_fn.inputs) - len(inputs)))


def build_page(galleries: Galleries, scripts: Scripts) -> Page:
    """The page over the answers of galleries, the first one shown, not yet served."""
    first = galleries.names[0]
    functions = [galleries.function(name) for name in sorted(FUNCTIONS - {"news", "open"})]

    def news(asked: Any) -> dict[str, Any]:
        return galleries.news(asked)

    def open(asked: Any) -> dict[str, Any]:
        return galleries.open(asked)

    with Page(title="Face search", analytics_enabled=False, fill_width=True) as page:
        component = gr.HTML(
            value=galleries.about(first),
            html_template=template().replace("<!-- panel -->", galleries.panel(first)),
            js_on_load=START.format(address=scripts.address),
            apply_default_css=False,
            server_functions=[*functions, news, open],
        )
        add_endpoints(galleries)

    def renew() -> None:
        component.value = galleries.about(first)
        page.config = page.get_config_file()

    galleries.renewed = renew
    return page


def asgi_settings(
    galleries: Galleries, scripts: Scripts, page: Page, hosts: Hosts
) -> dict[str, Any]:
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
            *galleries.routes(),
            scripts.route(),
        ],
        "middleware": [Middleware(Policy, first=first_script())],
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
    sources: Mapping[str, Source],
    host: str,
    port: int,
    names: Collection[str],
    originals: bool | None,
) -> Page:
    """What `facesearch.page.serve` does once Gradio may be imported."""
    hosts = Hosts(host, allowed_names(names))
    given = hosts.loopback if originals is None else originals
    galleries, scripts = Galleries(sources, originals=given), Scripts()
    page = build_page(galleries, scripts)
    bound(page)
    let_rest(page)
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
        app_kwargs=asgi_settings(galleries, scripts, page, hosts),
    )
    if page.mcp_error:
        page.close(verbose=False)
        raise InputError(page.mcp_error)
    return page
