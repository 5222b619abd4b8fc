"""The page: forty checkboxes, a gallery that follows each click, and an endpoint for programs."""

from facesearch.page.server import serve

__all__ = ["serve"]
