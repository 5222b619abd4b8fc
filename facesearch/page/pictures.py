"""Files of pictures as answers to requests."""

import os
import stat
from pathlib import Path, PurePosixPath

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from facesearch.bundle.store import PictureStore

SMALL = 1 << 20  # bytes up to which a file is read at once
KEPT = {"Cache-Control": "private, max-age=86400"}

# Rasters alone: a browser runs the scripts of an SVG in the page's own origin. Here rather than in
# the system's list of types, which a small container lacks.
TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpe": "image/jpeg",
    ".jfif": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
    ".avif": "image/avif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}


def stored_response(store: PictureStore, photo: str) -> Response | None:
    """A photograph of a store; None where it is no picture, or is not there."""
    kind = TYPES.get(PurePosixPath(photo).suffix.lower())
    content = None if kind is None else store.read(photo)
    return None if content is None else Response(content, media_type=kind, headers=KEPT)


def picture_response(request: Request, file: Path) -> Response | None:
    """A file as a `FileResponse` sends it; None where it is no picture that can be read.

    Small ones are read here, in one go: `FileResponse` goes through worker threads five times,
    which takes twice the processor time and, where many ask at once, longer still
    (benchmarks/clicks.py).
    """
    kind = TYPES.get(file.suffix.lower())
    try:
        if kind is None or not stat.S_ISREG(os.stat(file).st_mode):
            return None
        with file.open("rb") as opened:
            status = os.fstat(opened.fileno())
            content = opened.read(SMALL + 1)
    except (OSError, ValueError):
        return None
    sent = FileResponse(file, media_type=kind, headers=KEPT, stat_result=status)
    if "range" in request.headers or len(content) > SMALL:
        return sent
    return Response(content, headers={**sent.headers, "content-length": str(len(content))})
