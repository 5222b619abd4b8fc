"""The faces of a gallery: a name each, and where each comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from facesearch.errors import InputError
from facesearch.gallery.texts import Texts


@dataclass(frozen=True)
class Face:
    """All that is known of one face.

    Attributes:
        name: unique in its gallery; what links carry.
        photo: path of its photograph, below the folder of images, with forward slashes.
        box: (x1, y1, x2, y2) in the photograph's upright pixels, or None where it was not detected.
        points: left eye, right eye, nose, left and right corner of the mouth, (x, y) each, in the
            same pixels, or None.
        labels: attribute to whether it is labelled present; those without a label are left out.
        predicted: attribute to its predicted probability.
        size: width and height of the upright photograph, or None.
        thumbnail: path of its own small picture, below the bundle's folder of faces, or None.
        measures: name of a measure to its value, such as "score" or "eye_distance".
        shown: whether it is shown by default; small and doubtful faces are not.
    """

    name: str
    photo: str
    box: tuple[float, float, float, float] | None = None
    points: tuple[tuple[float, float], ...] | None = None
    labels: Mapping[str, bool] = field(default_factory=dict)
    predicted: Mapping[str, float] = field(default_factory=dict)
    size: tuple[int, int] | None = None
    thumbnail: str | None = None
    measures: Mapping[str, float] = field(default_factory=dict)
    shown: bool = True


@dataclass(frozen=True)
class Detections:
    """What detection knows of N faces in P photographs; all arrays are aligned by face.

    Attributes:
        photos: P paths below the indexed folder, with forward slashes.
        photo: (N,) int32, the row of each face's photograph.
        sizes: (P, 2) int32, width and height of the upright photographs.
        boxes: (N, 4) float32, x1, y1, x2, y2 in upright pixels.
        points: (N, 5, 2) float32, likewise.
        measures: name to (N,) float32.
        shown: (N,) bool, whether a face is shown by default.
        copy_of: (N,) int32, the row of the face that stands for this one, its own where none does.
        thumbnails: N paths below the bundle's folder of faces, or none at all.
    """

    photos: Texts
    photo: np.ndarray
    sizes: np.ndarray
    boxes: np.ndarray
    points: np.ndarray
    measures: Mapping[str, np.ndarray]
    shown: np.ndarray
    copy_of: np.ndarray
    thumbnails: Texts | None = None


@dataclass(frozen=True)
class Faces:
    """The faces of a gallery in row order.

    Attributes:
        names: N names, each once.
        labels: (A, N) int8 in {1, 0, -1 unknown}, or None where no face has a label.
        detections: where the faces come from; None for one face a file, named as the file.
    """

    names: Texts
    labels: np.ndarray | None = None
    detections: Detections | None = None

    @classmethod
    def named(cls, names: Sequence[str], labels: np.ndarray | None = None) -> "Faces":
        """One face a file, named as the file; labels are (N, A)."""
        columns = None if labels is None else np.ascontiguousarray(labels.T.astype(np.int8))
        return cls(Texts.pack(names), columns)

    def __len__(self) -> int:
        return len(self.names)

    def photo(self, row: int) -> str:
        """The path of a face's photograph, below the folder of images."""
        if self.detections is None:
            return self.names[row]
        return self.detections.photos[int(self.detections.photo[row])]

    def record(self, row: int) -> Face:
        """What is known of a face, less its labels and predictions."""
        found = self.detections
        if found is None:
            return Face(self.names[row], self.names[row])
        x1, y1, x2, y2 = found.boxes[row].tolist()
        width, height = found.sizes[int(found.photo[row])].tolist()
        return Face(
            self.names[row],
            self.photo(row),
            (x1, y1, x2, y2),
            tuple((x, y) for x, y in found.points[row].tolist()),
            size=(width, height),
            thumbnail=None if found.thumbnails is None else found.thumbnails[row],
            measures={name: float(values[row]) for name, values in found.measures.items()},
            shown=bool(found.shown[row]),
        )


def is_below(name: str) -> bool:
    """Whether a name is a path below a folder, on any system: relative, with forward slashes."""
    return not (
        not name
        or name.startswith("/")
        or "\\" in name
        or "\0" in name
        or (name[1:2] == ":" and name[0].isalpha())
        or any(part in ("", "..") for part in name.split("/"))
    )


def to_tensors(faces: Faces) -> dict[str, np.ndarray]:
    """The faces as the arrays of faces.safetensors; `from_tensors` reads them back."""
    tensors = _packed("names", faces.names)
    if faces.labels is not None:
        tensors["labels"] = faces.labels
    found = faces.detections
    if found is not None:
        tensors |= _packed("photos", found.photos)
        tensors |= {name: getattr(found, name) for name in DETECTED}
        tensors["shown"] = found.shown.astype(np.uint8)
        tensors |= {f"measures.{name}": values for name, values in found.measures.items()}
        if found.thumbnails is not None:
            tensors |= _packed("thumbnails", found.thumbnails)
    return tensors


DETECTED = {  # tensor to its type and its shape beyond the first dimension
    "photo": (np.int32, ()),
    "sizes": (np.int32, (2,)),
    "boxes": (np.float32, (4,)),
    "points": (np.float32, (5, 2)),
    "copy_of": (np.int32, ()),
}


def from_tensors(tensors: Mapping[str, np.ndarray], attributes: int) -> Faces:
    """Faces out of the arrays of a file; `InputError` unless they fit together."""
    names, labels = _unpacked("names", tensors), tensors.get("labels")
    n = len(names)
    if labels is not None:
        if labels.dtype != np.int8 or labels.shape != (attributes, n):
            raise InputError(
                f"labels are {labels.dtype} {labels.shape}, expected int8 {(attributes, n)}."
            )
        if not ((labels >= -1) & (labels <= 1)).all():
            raise InputError("labels must be 1, 0 or -1 (unknown).")
    if "boxes" not in tensors:
        return Faces(names, labels)
    photos = _unpacked("photos", tensors)
    for name, (kind, shape) in DETECTED.items():
        rows = len(photos) if name == "sizes" else n
        array = tensors.get(name)
        if array is None or array.dtype != kind or array.shape != (rows, *shape):
            raise InputError(f"{name} is missing, or not {np.dtype(kind)} {(rows, *shape)}.")
    shown = tensors.get("shown")
    measures = {
        name.removeprefix("measures."): values
        for name, values in tensors.items()
        if name.startswith("measures.")
    }
    if shown is None or any(each.shape != (n,) for each in (shown, *measures.values())):
        raise InputError(f"shown or a measure is missing, or not of {n} faces.")
    for name, rows in (("photo", len(photos)), ("copy_of", n)):
        if n and not (tensors[name].min() >= 0 and tensors[name].max() < rows):
            raise InputError(f"{name} names a row beyond the {rows} that there are.")
    thumbnails = _unpacked("thumbnails", tensors) if "thumbnails.ends" in tensors else None
    if thumbnails is not None and len(thumbnails) != n:
        raise InputError(f"thumbnails are {len(thumbnails)}, for {n} faces.")
    arrays = {name: tensors[name] for name in DETECTED}
    found = Detections(
        photos=photos,
        measures=measures,
        shown=shown.astype(bool),
        thumbnails=thumbnails,
        **arrays,
    )
    return Faces(names, labels, found)


PARTS = {"bytes": np.uint8, "ends": np.int64, "order": np.int64}


def _packed(name: str, texts: Texts) -> dict[str, np.ndarray]:
    arrays = (texts.content, texts.ends, texts.order)
    return {f"{name}.{part}": array for part, array in zip(PARTS, arrays, strict=True)}


def _unpacked(name: str, tensors: Mapping[str, np.ndarray]) -> Texts:
    arrays = []
    for part, kind in PARTS.items():
        array = tensors.get(f"{name}.{part}")
        if array is None or array.dtype != kind or array.ndim != 1:
            raise InputError(f"tensor {name}.{part} is missing, or not a row of {np.dtype(kind)}.")
        arrays.append(array)
    return Texts(*arrays)
