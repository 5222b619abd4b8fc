"""The page on Gradio: one component of our own HTML, the endpoints, the images' route."""

from pathlib import Path
from typing import Any

import gradio as gr

from facesearch.bundle import Bundle
from facesearch.page.answer import Answers
from facesearch.page.endpoints import add_endpoints
from facesearch.page.faces import faces_route
from facesearch.page.panel import panel_html

HERE = Path(__file__).parent
# Only fonts that the reader's machine has: Gradio's own themes may fetch theirs.
FONTS = [gr.themes.Font(name) for name in ("system-ui", "sans-serif")]


def build_page(bundle: Bundle) -> gr.Blocks:
    """The page over an opened bundle, not yet served."""

    answers = Answers(bundle)
    panel = panel_html(bundle.unavailable)

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        return answers.answer(asked)

    with gr.Blocks(title="Face search", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(
            value=answers.about(),
            html_template=_asset("page.html").replace("<!-- panel -->", panel),
            js_on_load=_asset("page.js"),
            apply_default_css=False,
            server_functions=[answer],
        )
        add_endpoints(answers)
    return page


def serve(bundle: Bundle, host: str, port: int) -> gr.Blocks:
    """Serve the page in the background, at `local_url`; `OSError` if the port is taken."""
    page = build_page(bundle)
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
        head=f"<style>{_asset('page.css')}</style>",
        app_kwargs={"routes": [faces_route(bundle)]},
    )
    return page


def _asset(name: str) -> str:
    return (HERE / name).read_text("utf-8")
