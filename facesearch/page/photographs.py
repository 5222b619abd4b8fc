"""The photographs that faces were found in: shown whole but small, or given out as they are."""

import io
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from PIL.ExifTags import IFD, Base
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from facesearch.bundle import Bundle
from facesearch.bundle.files import may_be_shown
from facesearch.errors import InputError
from facesearch.gallery import Face
from facesearch.page.pictures import KEPT, picture_response
from facesearch.vision.images import load_photograph

SIDE = 1280  # pixels of a photograph's long side, as it is shown
QUALITY = 85


class Photographs:
    """The photographs of a gallery whose faces were detected in them.

    Args:
        bundle: with its folder of photographs as `image_dir`.
        version: of the gallery, part of each address.
        originals: whether files are given out as they are, with all that a camera wrote into them.
    """

    def __init__(self, bundle: Bundle, version: str, *, originals: bool) -> None:
        self.bundle, self.version, self.originals = bundle, version, originals

    def about(self, row: int) -> dict[str, Any] | None:
        """What the page shows around a face, or None where its photograph is not here.

        path: below the folder. image, original: addresses, the second one None where files are not
        given out. size: width and height. faces: name and box of each face in it, left to right; a
        box is left, top, width and height in shares of the photograph. taken: a date, or None.
        """
        face, file = self._photographed(row)
        if face is None or file is None:
            return None
        assert face.size is not None
        width, height = face.size
        shares = np.array([width, height, width, height], np.float32)
        faces = []
        for each in self.bundle.gallery.beside(row):
            x1, y1, x2, y2 = (np.array(each.box, np.float32) / shares).clip(0, 1).tolist()
            faces.append({"name": each.name, "box": [x1, y1, x2 - x1, y2 - y1]})
        return {
            "path": face.photo,
            "image": f"photos/{row}?{self.version}",
            "original": f"originals/{row}?{self.version}" if self.originals else None,
            "size": [width, height],
            "faces": faces,
            "taken": _taken(file),
        }

    def respond(self, request: Request) -> Response:
        """To `photos/ROW`: small, and less what a camera wrote beside the pixels."""
        file = self._asked(request)
        if file is None:
            return PlainTextResponse("This photograph is not here.", status_code=404)
        try:
            content = _small(file)
        except InputError:
            return PlainTextResponse("This photograph can't be read.", status_code=404)
        return Response(content, media_type="image/jpeg", headers=KEPT)

    def give_out(self, request: Request) -> Response:
        """To `originals/ROW`: the file as it is, where that is allowed."""
        file = self._asked(request) if self.originals else None
        given = None if file is None else picture_response(request, file)
        return given or PlainTextResponse("This photograph is not given out.", status_code=404)

    def _asked(self, request: Request) -> Path | None:
        row = request.path_params["row"]
        return self._photographed(row)[1] if row < len(self.bundle) else None

    def _photographed(self, row: int) -> tuple[Face | None, Path | None]:
        """A face and its photograph's file, None each where it has none, or that is gone."""
        face, folder = self.bundle.gallery.places([row])[0], self.bundle.image_dir
        if face.box is None or folder is None:
            return None, None
        file = folder / face.photo
        there = os.path.isfile(file) and may_be_shown(self.bundle.path, file)
        return face, file if there else None


def _small(file: Path) -> bytes:
    """The upright photograph as JPEG of at most `SIDE` pixels a side, pixels alone."""
    image = load_photograph(file, SIDE).image
    image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()


def _taken(file: Path) -> str | None:
    """When a photograph was taken, as its camera says, in ISO 8601; None where it doesn't."""
    try:
        with Image.open(file) as image:
            exif = image.getexif()
            said = exif.get_ifd(IFD.Exif).get(Base.DateTimeOriginal) or exif.get(Base.DateTime)
        return datetime.strptime(str(said), "%Y:%m:%d %H:%M:%S").isoformat()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
