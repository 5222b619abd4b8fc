"""Own photographs as a bundle: a model's encoder over them, and its gallery out of their index."""

import hashlib
import json
import re
import shutil
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from facesearch.bundle.contents import CONFIG, MODEL, OWN_PHOTOGRAPHS, BundleConfig, sha256
from facesearch.bundle.opened import Bundle
from facesearch.bundle.reading import read_taught
from facesearch.bundle.writing import write_bundle
from facesearch.errors import InputError
from facesearch.gallery import Faces, Taught
from facesearch.gallery.faces import Detections
from facesearch.gallery.texts import Texts
from facesearch.photos.copies import group_copies
from facesearch.photos.measures import SHOWN_EYES, Measures, why_hidden
from facesearch.photos.store import WRITTEN, IndexedFace, Store
from facesearch.tensors import read_tensors

CARD = """# Own photographs

The faces of a folder of photographs, found and aligned by facesearch, for searching on this
machine. It holds thumbnails, positions and vectors of people who may not know of it: keep it as you
keep the photographs, and pass it on only with their consent.
"""


@dataclass(frozen=True)
class Written:
    """What a bundle of photographs holds: faces shown by default, and hidden ones by reason."""

    faces: int
    copies: int
    hidden: dict[str, int]


def write_photos(
    store: Store,
    model: Bundle,
    path: Path,
    least_eyes: float = SHOWN_EYES,
    *,
    unfinished: bool = False,
) -> Written | None:
    """Write the bundle of all faces of an index; None, and nothing written, where there is neither
    a face nor a bundle that holds any.

    Args:
        model: the bundle whose encoders and vocabulary it takes over.
        least_eyes: pixels between the eyes of the smallest face that is shown by default.
        unfinished: whether a run goes on. Where it makes vectors of another model than the bundle's
            anew, the bundle then stays as it is until all are.
    """
    _clear_up(path)
    if unfinished and store.other_models(model_name(model)):
        return None
    state = [model_name(model), least_eyes, str(path.resolve())]
    written = json.loads(store.about(WRITTEN) or "{}")
    if written.get("state") == state and (path / CONFIG).is_file():
        return Written(**written["result"])
    rows = list(store.faces(model_name(model)))
    if not rows and not path.exists():
        return None
    faces = [face for _, _, face in rows]
    reasons = [why_hidden(Measures(**face.measures), least_eyes) for face in faces]
    shown = np.array([reason is None for reason in reasons], bool)
    dim = int(model.config.model["dim"])
    vectors = np.array([face.vector for face in faces], np.float32).reshape(-1, dim)
    eyes = np.array([face.measures["eye_distance"] for face in faces], np.float32)
    looks = np.array([face.look for face in faces], np.uint8)
    copy_of = group_copies(vectors, looks, eyes + shown * (eyes.max(initial=0) + 1))
    config = BundleConfig(
        model=model.config.model,
        dataset={"name": OWN_PHOTOGRAPHS},
        training=model.config.training,
        results={},
        vocabulary=model.config.vocabulary,
        taught=_taught(path, model),
    )
    write_bundle(
        path,
        config,
        read_tensors(model.path / MODEL),
        _faces(store, rows, shown, copy_of),
        vectors,
        CARD,
        thumbnails=store.thumbnails,
    )
    hidden = {reason: reasons.count(reason) for reason in sorted({r for r in reasons if r})}
    folded = int((copy_of != np.arange(len(faces)))[shown].sum())
    result = Written(int(shown.sum()), folded, hidden)
    store.set_about(WRITTEN, json.dumps({"state": state, "result": asdict(result)}))
    return result


def _taught(path: Path, model: Bundle) -> tuple[Taught, ...]:
    """What the bundle there was taught, if it is of this model, and what the model itself was."""
    kept: dict[str, Taught] = {each.name: each for each in model.taught}
    if (path / CONFIG).is_file():
        there = read_taught(path / CONFIG, json.loads((path / CONFIG).read_text("utf-8")))
        kept |= {each.name: each for each in there if each.model == model.model}
    return tuple(kept.values())


def _faces(
    store: Store,
    rows: list[tuple[str, int, IndexedFace]],
    shown: np.ndarray,
    copy_of: np.ndarray,
) -> Faces:
    sizes = {path: (width, height) for path, _, width, height, _, _ in store.files()}
    photos = sorted({path for path, _, _ in rows})
    place = {path: row for row, path in enumerate(photos)}
    faces = [face for _, _, face in rows]
    measures = {
        each.name: np.array([face.measures[each.name] for face in faces], np.float32)
        for each in fields(Measures)
    }
    found = Detections(
        photos=Texts.pack(photos),
        photo=np.array([place[path] for path, _, _ in rows], np.int32),
        sizes=np.array([sizes[path] for path in photos], np.int32).reshape(-1, 2),
        boxes=np.array([face.box for face in faces], np.float32).reshape(-1, 4),
        points=np.array([face.points for face in faces], np.float32).reshape(-1, 5, 2),
        measures=measures,
        shown=shown,
        copy_of=copy_of,
        thumbnails=Texts.pack([face.thumbnail for face in faces]),
    )
    return Faces(Texts.pack([f"{path}#{number}" for path, number, _ in rows]), None, found)


def _clear_up(path: Path) -> None:
    """Delete what a writer that was killed left beside a bundle; where it was killed between taking
    the old one away and putting the new one there, put the old one back."""
    for left in path.parent.glob(f".{path.name}-*"):
        if re.fullmatch(rf"\.{re.escape(path.name)}-(old-)?[a-z0-9_]{{8}}", left.name):
            if not path.exists() and (left / "bundle").is_dir():
                (left / "bundle").rename(path)
            shutil.rmtree(left, ignore_errors=True)


def model_name(model: Bundle) -> str:
    """What tells a model's vectors from those of all others."""
    return sha256(model.path / MODEL)


def index_beside(path: Path) -> Path:
    """Where the index of a bundle of photographs lies."""
    return path.with_name(f"{path.name}.index")


def forget(store: Store, name: str) -> int:
    """Take a photograph, or a face as `path#number` and its near-copies, out for good: how many
    faces went. `InputError` where the index has neither."""
    rows = list(store.faces())
    names = [f"{path}#{number}" for path, number, _ in rows]
    files = {path for path, *_ in store.files()}
    if name in names:
        row = names.index(name)
        faces = [face for _, _, face in rows]
        group = group_copies(
            np.stack([face.vector for face in faces]),
            np.stack([face.look for face in faces]),
            np.zeros(len(faces)),
        )
        going = [rows[each] for each in np.flatnonzero(group == group[row])]
        with store.transaction():
            for path, number, face in going:
                store.forget(path, face.box)
                store.remove_face(path, number)
    elif name in files:
        going = [each for each in rows if each[0] == name]
        with store.transaction():
            store.forget(name, None)
            for path, number, _ in going:
                store.remove_face(path, number)
    else:
        raise InputError(
            f"{name!r} is neither a photograph nor a face of this index: give a path below the "
            "folder, or a face as path#number."
        )
    store.drop_thumbnails()
    return len(going)


def default_bundle(folder: Path, home: Path) -> Path:
    """Where the bundle of a folder goes if nobody says, below a folder for data of one's own."""
    digest = hashlib.blake2b(
        str(folder.resolve()).encode("utf-8", "surrogateescape"), digest_size=4
    )
    return home / "facesearch" / f"{folder.resolve().name or 'photos'}-{digest.hexdigest()}"
