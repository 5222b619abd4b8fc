"""Teaching a bundle: from faces as people name them to a lesson, and what may be added to which."""

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from facesearch.errors import InputError, quoted
from facesearch.gallery import Taught
from facesearch.gallery.teaching import FEWEST, OTHERS, Lesson, learn
from facesearch.vision.images import ImageSource
from facesearch.vocabulary import check_name

if TYPE_CHECKING:
    from facesearch.bundle.opened import Bundle

FaceSource = int | ImageSource  # a row or a face's name, or a picture


def learn_from(
    bundle: "Bundle", name: str, like: Sequence[FaceSource], unlike: Sequence[FaceSource]
) -> Lesson:
    """What faces with and without an attribute tell of it; see `Bundle.teach`."""
    check_name(name)
    for field, faces in (("like", like), ("unlike", unlike)):
        if isinstance(faces, str | PathLike) or hasattr(faces, "convert"):
            raise InputError(f"{field} is one face: give a list of faces.")
    if len(like) < FEWEST:
        raise InputError(
            f"{len(like)} faces are shown that have {quoted(name)}: show {FEWEST} or more, of "
            "different people."
        )
    places = [[bundle.place(face) for face in faces] for faces in (like, unlike)]
    rows = [{row for _, row in side if row is not None} for side in places]
    for row in sorted(rows[0] & rows[1]):
        face = quoted(bundle.gallery.places([row])[0].name)
        raise InputError(f"{face} is shown as a face with {quoted(name)}, and as one without.")
    marked = rows[0] | rows[1]
    spread = np.unique(np.linspace(0, len(bundle) - 1, OTHERS + len(marked)).astype(np.intp))
    rest = [row for row in spread.tolist() if row not in marked]
    there = zip(rest, bundle.gallery.places(rest), strict=True)  # some are gone from an engine
    others = bundle.gallery.vectors([row for row, face in there if face.name])
    if not len(others):
        raise InputError("This gallery has no other faces, to tell what faces are like.")
    with_it, without = ([vector for vector, _ in side] for side in places)
    return learn(np.stack(with_it), np.stack(without) if without else others[:0], others)


def check_model(taught: Sequence[Taught], model: str, dim: int) -> None:
    """`InputError` for an attribute that reads the embeddings of another model."""
    for each in taught:
        if each.model != model or len(each.weight) != dim:
            raise InputError(
                f"{quoted(each.name)} was taught to another model, whose numbers mean nothing to "
                "this one: teach it again here."
            )
