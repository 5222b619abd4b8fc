"""The page on Gradio: one component of our own HTML, the endpoints, the routes of our files."""

from typing import Any

import gradio as gr

from facesearch.bundle import Bundle
from facesearch.errors import InputError
from facesearch.page.answer import Answers
from facesearch.page.assets import Scripts, styles, template
from facesearch.page.endpoints import add_endpoints
from facesearch.page.panel import panel_html
from facesearch.page.view import View

# Only fonts that the reader's machine has: Gradio's own themes may fetch theirs.
FONTS = [gr.themes.Font(name) for name in ("system-ui", "sans-serif")]
START = """
import(new URL("{address}", document.baseURI).href).then(({{ start }}) =>
  start(element, props.value, server));
"""


def build_page(answers: Answers, scripts: Scripts) -> gr.Blocks:
    """The page over an opened bundle's answers, not yet served."""
    bundle, view = answers.bundle, View(answers)
    panel = panel_html(
        bundle.vocabulary, bundle.unavailable, bundle.config.results.get("attributes")
    )

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        return view.answer(asked)

    def face(name: str) -> dict[str, Any]:
        return view.face(name)

    def surprise(_: Any) -> dict[str, Any]:
        return view.surprise()

    with gr.Blocks(title="Face search", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(
            value=view.about(),
            html_template=template().replace("<!-- panel -->", panel),
            js_on_load=START.format(address=scripts.address),
            apply_default_css=False,
            server_functions=[answer, face, surprise],
        )
        add_endpoints(answers)
    return page


def start(bundle: Bundle, host: str, port: int) -> gr.Blocks:
    """What `facesearch.page.serve` does once Gradio may be imported."""
    answers, scripts = Answers(bundle), Scripts()
    page = build_page(answers, scripts)
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
        theme=gr.themes.Base(font=FONTS, font_mono=[gr.themes.Font("monospace")]),
        head=f"{scripts.preloads}<style>{styles()}</style>",
        app_kwargs={"routes": [answers.faces.route(), scripts.route()]},
    )
    if page.mcp_error:
        page.close(verbose=False)
        raise InputError(page.mcp_error)
    return page
