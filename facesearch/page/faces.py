"""The gallery's image files: which of them are there, and the address that serves them, by row."""

import logging
import os
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from facesearch.bundle import Bundle
from facesearch.bundle.contents import THUMBNAILS
from facesearch.bundle.files import may_be_shown
from facesearch.errors import printable
from facesearch.gallery import Face
from facesearch.page.pictures import picture_response, stored_response

log = logging.getLogger(__name__)


class Faces:
    """Image files of a bundle's gallery; `version` is part of each address, so that a browser's
    cache never shows a face of another gallery that was served from the same place."""

    def __init__(self, bundle: Bundle, version: str) -> None:
        self.bundle = bundle
        self.version = version
        self._missed: set[int] = set()  # rows whose missing file was logged

    def address(self, row: int, face: Face) -> str | None:
        """Where the page gets the image of a row's face; None where the gallery has no images."""
        pictured = self.file(face) is not None or self.bundle.store is not None
        return f"faces/{row}?{self.version}" if pictured else None

    def is_there(self, row: int, face: Face) -> bool:
        """Whether a row's face can be shown: its file exists, or the gallery has no images at all,
        or has them in a store, which is asked only when they are looked at.

        The log names a missing file once.
        """
        if not face.name:  # taken out of an engine meanwhile
            return False
        file = self.file(face)
        if file is None or (os.path.isfile(file) and may_be_shown(self.bundle.path, file)):
            return True
        if row not in self._missed:
            self._missed.add(row)
            log.warning(
                "%s is not there: the next face is shown in its place.", printable(str(file))
            )
        return False

    def respond(self, request: Request) -> Response:
        """Serve `faces/ROW` from where the file lies.

        A request can name a row and nothing else, so no file outside the gallery can be asked for.
        """
        row = request.path_params["row"]
        face = self.bundle.gallery.places([row])[0] if row < len(self.bundle) else None
        file = self.file(face) if face is not None and face.name else None
        store = self.bundle.store
        if face is None or not face.name or (file is None and store is None):
            return PlainTextResponse("No such face.", status_code=404)
        if file is None:
            assert store is not None
            shown = stored_response(store, face.photo)
        else:
            allowed = may_be_shown(self.bundle.path, file)
            shown = picture_response(request, file) if allowed else None
        return shown or PlainTextResponse("This face's image is not here.", status_code=404)

    def file(self, face: Face) -> Path | None:
        """The picture of a tile: the face's thumbnail, else its photograph; None without images,
        and where they are in a store."""
        if face.thumbnail is not None:
            return self.bundle.path / THUMBNAILS / face.thumbnail
        folder = self.bundle.image_dir
        return folder / face.photo if folder is not None else None
