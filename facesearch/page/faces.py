"""The address under which the page gets the gallery's images: the files themselves, by row."""

import mimetypes

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from facesearch.bundle import Bundle


def faces_route(bundle: Bundle) -> Route:
    """Serve `faces/ROW` from where the file lies.

    A request can name a row and nothing else, so no file outside the gallery can be asked for.
    """

    async def face(request: Request) -> Response:
        row = request.path_params["row"]
        if bundle.image_dir is None or row >= len(bundle):
            return PlainTextResponse("No such face.", status_code=404)
        file = bundle.image_dir / bundle.gallery.names[row]
        kind = mimetypes.guess_type(file.name)[0] or ""
        if not kind.startswith("image/") or not file.is_file():
            return PlainTextResponse("This face's image is not here.", status_code=404)
        headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
        return FileResponse(file, media_type=kind, headers=headers)

    return Route("/faces/{row:int}", face)
