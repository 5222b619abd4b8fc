"""Pictures that a person asks by: their faces are found and kept in memory for a while."""

import io
import secrets
import threading
from collections import OrderedDict
from typing import Any

import numpy as np
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from facesearch.bundle import Bundle
from facesearch.errors import InputError
from facesearch.vision.images import MAX_PIXELS, load_photograph

LARGEST = 20 * 1024 * 1024  # bytes of a picture
HELD = 256  # pictures whose faces are kept; of the pictures themselves, nothing is
SIDE = 2560  # pixels of the long side that are kept of a larger picture


class GivenPictures:
    """Finds the faces of pictures that are given, and remembers their vectors by a name that nobody
    can guess. Nothing is written to a disk, and no pixel is kept."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._vectors: OrderedDict[str, np.ndarray] = OrderedDict()  # name of a picture, (n, D)
        self._one = threading.Lock()  # picture at a time: each takes all cores, and memory

    def vector(self, name: str) -> np.ndarray | None:
        """The (D,) embedding of a face of a picture, as `add` names it, or None if it is gone."""
        picture, _, number = name.rpartition("#")
        held = self._vectors.get(picture)
        if held is None or not number.isascii() or not number.isdigit():
            return None
        return held[int(number) - 1] if 1 <= int(number) <= len(held) else None

    def add(self, content: bytes) -> dict[str, Any]:
        """The faces of a picture, largest first: name, box in shares of it, and what it has.

        Where no face is found, a picture that is framed as CelebA frames faces is taken whole.
        Raises `InputError` for one that can't be read, or shows no face.
        """
        with self._one:
            image = _read(content)
            boxes, vectors = self.bundle.look_at(image)
        picture = secrets.token_urlsafe(9)
        self._vectors[picture] = vectors
        while len(self._vectors) > HELD:
            self._vectors.popitem(last=False)
        predicted = self.bundle.predict_attributes(self._vectors[picture])
        names = self.bundle.vocabulary.names
        faces = []
        for number, (box, row) in enumerate(zip(boxes, predicted, strict=True), start=1):
            x1, y1, x2, y2 = np.clip(box / [*image.size, *image.size], 0, 1).tolist()
            has = [name for name, p in zip(names, row, strict=True) if p >= 0.5]
            faces.append(
                {
                    "name": f"{picture}#{number}",
                    "box": [x1, y1, x2 - x1, y2 - y1],
                    "has": [name for name in has if name not in self.bundle.unavailable],
                }
            )
        return {"size": list(image.size), "faces": faces}

    async def respond(self, request: Request) -> Response:
        """To `POST pictures`, with the file as the body: what `add` gives, or {"error"}."""
        content = await request.body()
        try:
            return JSONResponse(await run_in_threadpool(self.add, content))
        except InputError as error:
            return JSONResponse({"error": str(error)}, status_code=422)


def _read(content: bytes) -> Image.Image:
    """The upright picture, of `SIDE` pixels a side at most."""
    if not content:
        raise InputError("No picture came: give a file of one.")
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise InputError(
                    f"This picture has {image.width} x {image.height} pixels; at most "
                    f"{MAX_PIXELS // 1_000_000} megapixels are read. Make it smaller."
                )
            image.draft("RGB", (SIDE, SIDE))
            found = load_photograph(image, SIDE).image
    except Image.UnidentifiedImageError:
        raise InputError("This is no picture that can be read: give a JPEG, PNG or WebP.") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"This picture can't be read ({error}).") from None
    if max(found.size) > SIDE:
        found = found.copy()
        found.thumbnail((SIDE, SIDE), Image.Resampling.BICUBIC)
    return found
