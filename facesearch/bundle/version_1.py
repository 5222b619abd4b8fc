"""Galleries of format 1: names a line in a text file, embeddings row by row in half precision."""

from pathlib import Path

import numpy as np

from facesearch.attributes import ATTRIBUTES
from facesearch.bundle.contents import GALLERY, MODEL
from facesearch.errors import InputError
from facesearch.gallery import Columns, Faces
from facesearch.tensors import read_header, read_shaped, read_tensors

NAMES = "gallery.txt"
HASHED_1 = (MODEL, GALLERY, NAMES)
UNIT_TOLERANCE = 2e-3  # rows are stored in half precision


def read_version_1(path: Path, dim: int) -> tuple[Faces, Columns, np.ndarray]:
    """Faces, columns and the mean embedding; `InputError` for a file that is not as expected.

    The probabilities that such a file holds as well are those of its embeddings: they are left.
    """
    try:
        names = (path / NAMES).read_text("utf-8").split("\n")
    except UnicodeDecodeError:
        raise InputError(f"{path / NAMES}: is not UTF-8; fetch or train it again.") from None
    if names and not names[-1]:
        names.pop()
    n, file = len(names), path / GALLERY
    shapes = {"embeddings": (n, dim), "probabilities": (n, len(ATTRIBUTES))}
    labelled = read_header(file).get("labels")
    if labelled not in (None, ("I8", (n, len(ATTRIBUTES)))):
        raise InputError(f"{file}: labels are {labelled}, expected I8 {(n, len(ATTRIBUTES))}.")
    embeddings = read_shaped(file, shapes)["embeddings"]
    norms = np.sqrt(np.einsum("nd,nd->n", embeddings, embeddings))
    if not np.isfinite(norms).all():
        raise InputError(f"{file}: row {int(np.argmin(np.isfinite(norms)))} holds NaN or infinity.")
    if n and np.abs(norms - 1).max() > UNIT_TOLERANCE:
        row = int(np.abs(norms - 1).argmax())
        raise InputError(
            f"{file}: row {row} has length {norms[row]:.3f}; rows must be unit vectors."
        )
    labels = read_tensors(file, ["labels"]).get("labels")
    if labels is not None and not np.isin(labels, (-1, 0, 1)).all():
        raise InputError(f"{file}: labels must be 1, 0 or -1 (unknown).")
    faces = Faces.named(names, labels)
    return faces, Columns.of_rows(embeddings), embeddings.mean(axis=0)
