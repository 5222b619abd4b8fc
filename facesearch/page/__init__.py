"""The page: forty checkboxes, a gallery that follows each click, and an endpoint for programs."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

    from facesearch.page.galleries import Source

__all__ = ["serve"]


def serve(
    galleries: "Mapping[str, Source]",
    host: str,
    port: int,
    names: Collection[str] = (),
    originals: bool | None = None,
) -> "gr.Blocks":
    """Serve the page in the background, at `local_url`.

    Args:
        galleries: by name, an opened bundle, which is shown first, and others, or how to open them.
        host: address to listen on.
        port: a free one.
        names: that the page is asked by besides its own; "*" for any, and by any other page.
        originals: whether photographs are given out as they are; on loopback alone, if None.

    Raises `OSError` if the port is taken, `InputError` if MCP is on without its package or no
    folder for temporary files can be written.
    """
    from facesearch.page.surroundings import clean_up, own_port_without_proxy, prepare

    prepare()  # before Gradio is imported
    try:
        with own_port_without_proxy(host):
            from facesearch.page.server import start

            return start(galleries, host, port, names, originals)
    finally:
        clean_up()
