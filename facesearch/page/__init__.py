"""The page: forty checkboxes, a gallery that follows each click, and an endpoint for programs."""

from facesearch.page.server import build_page, serve

__all__ = ["build_page", "serve"]
