"""The page as plain files for any web host: what a server would answer, the browser does."""

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from facesearch.bundle import Bundle
from facesearch.bundle.files import may_be_shown
from facesearch.errors import InputError
from facesearch.gallery import Columns, Face
from facesearch.hub.outgoing import Files, check_may_go
from facesearch.page.answer import Answers
from facesearch.page.assets import HERE, styles, template
from facesearch.page.faces import Faces
from facesearch.page.panel import panel_html
from facesearch.page.pictures import TYPES
from facesearch.page.view import View
from facesearch.words.tables import tables

MOST = 50_000  # faces: 10 MB of columns
ROOM, PICTURES = "page", "faces"  # folders of the page: all but index.html lies in them
LARGEST_HALF = 2.0**15  # that the largest number of a gallery becomes before it is rounded

INDEX = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; \
style-src 'sha256-{hash}'; style-src-attr 'unsafe-inline'; img-src 'self' data:; \
connect-src 'self'; base-uri 'none'; form-action 'none'">
<title>Face search</title>
<link rel="icon" href="data:,">
<link rel="preload" href="{room}/about.json" as="fetch" crossorigin>
{preloads}
<style>{styles}</style>
<script type="module" src="{room}/static/static.js"></script>
</head>
<body>
{page}</body>
</html>
"""


def plain_files(bundle: Bundle, *, thumbnails: bool) -> Files:
    """The files of the page over a bundle, `index.html` among them.

    All but that and the pictures lie in a folder that is named after what they hold, so that no
    browser's cache mixes them with those of another version. Taught attributes are left out.

    Args:
        thumbnails: whether those of own photographs go along. Photographs themselves never do.

    Raises `InputError` for more than `MOST` faces, and for what may not be passed on.
    """
    if len(bundle) > MOST:
        raise InputError(
            f"{bundle.path}: has {len(bundle):,} faces, and a page without a server holds "
            f"{MOST:,} at the most. Serve this one: python app.py --bundle {bundle.path}"
        )
    check_may_go(bundle, thumbnails=thumbnails)
    bundle = bundle.untaught
    halves, unit = halved(bundle)
    answers = Answers(bundle.over(Columns(halves.astype(np.float32) * np.float32(unit))))
    answers.faces = faces = Copied(bundle, answers.version, thumbnails=thumbnails)
    about = View(answers).about()
    about["first"]["ms"] = 0  # so that the same page is the same files
    if not any(faces.endings):
        about["notice"] = (
            f"The pictures of {about['gallery']} are no part of this page, so their names stand in "
            "for them."
            if len(bundle)
            else None
        )
    files: Files = {
        "about.json": _json(about),
        "words.json": _json(tables(bundle.vocabulary)),
        "gallery.safetensors": _gallery(bundle, halves, unit, faces.endings),
    }
    for folder in ("scripts", "static"):
        for file in sorted((HERE / folder).rglob("*.js")):
            files[file.relative_to(HERE).as_posix()] = file.read_bytes()
    whole = hashlib.sha256(b"".join(map(_content, files.values()))).hexdigest()[:8]
    files = {f"{ROOM}/{whole}/{name}": content for name, content in files.items()}
    results = bundle.config.results.get("attributes")
    panel = panel_html(bundle.vocabulary, bundle.unavailable, results)
    files["index.html"] = _index(f"{ROOM}/{whole}", list(files), panel).encode()
    for row, ending in enumerate(faces.endings):
        if ending:
            picture = faces.picture(row)
            assert picture is not None
            files[f"{PICTURES}/{row}{ending}"] = picture
    return files


def halved(bundle: Bundle) -> tuple[np.ndarray, float]:
    """(D, N) float16, and the power of two that takes them back to the gallery's columns.

    Near 0 float16 holds fewer digits than elsewhere, and log-probabilities of what a face surely
    has lie there, so all are taken far from it first.
    """
    columns = bundle.gallery.columns.need()
    largest = float(np.abs(columns).max(initial=0)) or 1.0
    unit = 2.0 ** np.ceil(np.log2(largest / LARGEST_HALF))
    return (columns / np.float32(unit)).astype(np.float16), float(unit)


class Copied(Faces):
    """The pictures of a gallery that are copied into the page; `endings` has what each is called
    after its row, "" for those that are not there."""

    def __init__(self, bundle: Bundle, version: str, *, thumbnails: bool) -> None:
        super().__init__(bundle, version)
        own = bundle.gallery.faces.detections is not None
        self.endings = [
            self._ending(row) if thumbnails or not own else "" for row in range(len(bundle))
        ]

    def address(self, row: int, face: Face) -> str | None:
        """Where the page gets a row's picture, below its own address."""
        ending = self.endings[row]
        return f"{PICTURES}/{row}{ending}?{self.version}" if ending else None

    def is_there(self, row: int, face: Face) -> bool:
        """Whether a row is shown: it has a picture, or none has."""
        return bool(self.endings[row]) or not any(self.endings)

    def picture(self, row: int) -> Path | None:
        """The file of a row's picture, where it is one that can be read and may be shown."""
        file = self.file(self.bundle.gallery.places([row])[0])
        if file is None or file.suffix.lower() not in TYPES or not os.path.isfile(file):
            return None
        return file if os.access(file, os.R_OK) and may_be_shown(self.bundle.path, file) else None

    def _ending(self, row: int) -> str:
        file = self.picture(row)
        return "" if file is None else file.suffix.lower()


def _gallery(bundle: Bundle, halves: np.ndarray, unit: float, endings: list[str]) -> bytes:
    """All that answers are made of, as one safetensors file."""
    faces, model = bundle.gallery.faces, bundle.config.model
    tensors = {**bundle.search_tensors, "columns": halves}
    if faces.labels is not None:
        tensors["labels"] = faces.labels
    if faces.detections is not None:
        tensors["copy_of"] = faces.detections.copy_of
    if bundle.gallery.hidden_mask is not None:
        tensors["hidden"] = bundle.gallery.hidden_mask.astype(np.uint8)
    about = {
        "names": list(faces.names),
        "pictures": endings if any(endings) else None,
        "model": {
            "unit": unit,
            "signed": model["signed_queries"],
            "evidence": model.get("head", "evidence") == "evidence",
            "beyond": model.get("bound", 1.0) > 1,
        },
    }
    arrays = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
    return save(arrays, {"about": json.dumps(about)})


def _index(room: str, files: list[str], panel: str) -> str:
    look = styles(alone=True)
    scripts = [file for file in files if file.endswith(".js") and "/words/" not in file]
    return INDEX.format(
        room=room,
        styles=look,
        hash=base64.b64encode(hashlib.sha256(look.encode()).digest()).decode(),
        preloads="\n".join(f'<link rel="modulepreload" href="{file}">' for file in scripts),
        page=template().replace("<!-- panel -->", panel),
    )


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _content(content: bytes | Path) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()
