"""Names of faces and photographs that a bundle may hold: files below a folder, and no others."""

import numpy as np

from facesearch.errors import InputError, quoted
from facesearch.gallery import Faces
from facesearch.gallery.faces import is_below
from facesearch.gallery.texts import Texts

SUSPICIOUS = (b"..", b"\\", b"\0", b"//", b":")


def check_names(faces: Faces) -> None:
    """`InputError` for a name that `check_below` refuses, and for one that is given twice."""
    check_below(faces)
    twice = faces.names.repeated()
    if twice is not None:
        raise InputError(f"Two faces are named {quoted(twice)}; give each its own name.")


def check_below(faces: Faces) -> None:
    """`InputError` for the first name, photograph or thumbnail that is no path below a folder."""
    found = faces.detections
    for texts in (faces.names, *((found.photos, found.thumbnails) if found else ())):
        if texts is None or _plain(texts):
            continue
        for name in texts:
            if not is_below(name):
                raise InputError(f"{quoted(name)} is not a name below the folder of images.")


def _plain(texts: Texts) -> bool:
    """Whether no text can be anything but a path below a folder; tells in no time, of millions."""
    content, lengths = texts.content.tobytes(), np.diff(texts.ends, prepend=0)
    if any(each in content for each in SUSPICIOUS) or not (lengths > 0).all():
        return False
    return bool((texts.content[texts.ends - lengths] != ord("/")).all())
