"""The gallery's image files: which of them are there, and the address that serves them, by row."""

import logging
import os
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from facesearch.bundle import Bundle
from facesearch.bundle.contents import THUMBNAILS
from facesearch.bundle.files import may_be_shown
from facesearch.errors import InputError, printable
from facesearch.page.pictures import TYPES

log = logging.getLogger(__name__)


class Faces:
    """Image files of a bundle's gallery; `version` is part of each address, so that a browser's
    cache never shows a face of another gallery that was served from the same place."""

    def __init__(self, bundle: Bundle, version: str) -> None:
        self.bundle = bundle
        self.version = version
        self._missed: set[int] = set()  # rows whose missing file was logged

    def address(self, row: int) -> str | None:
        """Where the page gets a row's image; None where the gallery has no images."""
        return f"faces/{row}?{self.version}" if self.file(row) is not None else None

    def is_there(self, row: int) -> bool:
        """Whether a row can be shown: the face was not taken out meanwhile, and its file exists, or
        the gallery has no images at all.

        The log names a missing file once.
        """
        if not self.bundle.gallery.has(row):
            return False
        file = self.file(row)
        if file is None or (os.path.isfile(file) and may_be_shown(self.bundle.path, file)):
            return True
        if row not in self._missed:
            self._missed.add(row)
            log.warning(
                "%s is not there: the next face is shown in its place.", printable(str(file))
            )
        return False

    def route(self) -> Route:
        """Serve `faces/ROW` from where the file lies.

        A request can name a row and nothing else, so no file outside the gallery can be asked for.
        """

        def face(request: Request) -> Response:
            row = request.path_params["row"]
            try:
                file = self.file(row)
            except InputError as error:  # an engine that can't be asked
                return PlainTextResponse(str(error), status_code=503)
            if file is None:
                return PlainTextResponse("No such face.", status_code=404)
            kind = TYPES.get(file.suffix.lower())
            there = kind is not None and os.path.isfile(file) and os.access(file, os.R_OK)
            if not there or not may_be_shown(self.bundle.path, file):
                return PlainTextResponse("This face's image is not here.", status_code=404)
            headers = {"Cache-Control": "private, max-age=86400"}
            return FileResponse(file, media_type=kind, headers=headers)

        return Route("/faces/{row:int}", face)

    def file(self, row: int) -> Path | None:
        """The picture of a row's tile: its thumbnail, else its photograph; None without images, and
        for a face that is not there."""
        if not self.bundle.gallery.has(row):
            return None
        faces, folder = self.bundle.gallery.faces, self.bundle.image_dir
        if faces.detections is not None and faces.detections.thumbnails is not None:
            return self.bundle.path / THUMBNAILS / faces.detections.thumbnails[row]
        return folder / faces.photo(row) if folder is not None else None
