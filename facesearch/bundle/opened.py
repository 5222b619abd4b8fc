"""An opened bundle: its encoders, its gallery, and search over it."""

import copy
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from facesearch.attributes import Query
from facesearch.bundle.asking import TermMaker
from facesearch.bundle.contents import MODEL, BundleConfig, sha256
from facesearch.bundle.query_encoder import QueryEncoder
from facesearch.bundle.store import PictureStore
from facesearch.bundle.teaching import FaceSource, check_model, learn_from
from facesearch.bundle.writing import write_taught
from facesearch.errors import InputError
from facesearch.gallery import Columns, Counts, Face, Gallery, Hit, Taught, Terms
from facesearch.gallery.taught import GROUP
from facesearch.vision.images import ImageSource, load_image

if TYPE_CHECKING:
    from facesearch.photos.found import Found
    from facesearch.vision.encoder import Encoder


CONTEXT = 200  # of what is found, from which faces of which there should be more are set apart


class Bundle:
    """An opened bundle: encoders, gallery and search. Made by `open_bundle`.

    Attributes:
        path: its folder.
        config: what config.json holds.
        vocabulary: the attributes that can be asked for, those that were taught last.
        taught: those.
        untaught: the same bundle without them.
        gallery: its faces, to be searched and counted; in memory, or in an engine.
        fingerprint: eight characters, others for other models, faces or taught attributes.
        mean: (D,) the mean of the gallery's embeddings.
        store: where the gallery's images are, if not in a folder.
    """

    def __init__(
        self,
        path: Path,
        config: BundleConfig,
        gallery: Gallery,
        mean: np.ndarray,
        query_tensors: Mapping[str, np.ndarray],
        images: Callable[[], Path | None],
        fingerprint: str,
    ) -> None:
        self.path, self.config = path, config
        self._images, self.fingerprint, self.mean = images, fingerprint, mean
        self.store: PictureStore | None = None
        self.vocabulary = config.vocabulary
        self.taught: tuple[Taught, ...] = ()
        self.untaught = self
        self._tensors = {**query_tensors, "mean": mean}
        self._readout = (query_tensors["readout.weight"], query_tensors["readout.bias"])
        self.gallery = gallery
        self._terms = TermMaker(
            QueryEncoder(query_tensors, signed=config.model["signed_queries"]),
            self._readout,
            mean,
            [config.vocabulary.index(name) for name in self.unavailable],
            evidence=config.model.get("head", "evidence") == "evidence",
            beyond=config.model.get("bound", 1.0) > 1,
        )
        self._encoder: Encoder | None = None

    def __len__(self) -> int:
        return len(self.gallery)

    @cached_property
    def image_dir(self) -> Path | None:
        """The folder of the gallery's images, or None; of a bundle on the Hub, they are fetched
        when this is first read."""
        return self._images()

    @cached_property
    def model(self) -> str:
        """Sixteen characters that tell its model's embeddings from those of all others."""
        return sha256(self.path / MODEL)[:16]

    @property
    def names(self) -> Sequence[str]:
        """The names of the faces that are shown by default, in row order."""
        return self.gallery.shown_names

    @property
    def unavailable(self) -> tuple[str, ...]:
        """Attributes that can't be asked for: the model was trained without a label of them."""
        return self.config.unavailable

    @property
    def search_tensors(self) -> Mapping[str, np.ndarray]:
        """What a search reads besides the gallery, float32: the query encoder's layers,
        `readout.weight` (A, D) and `readout.bias` (A,), the `mean` (D,) of the embeddings."""
        return self._tensors

    def over(self, columns: Columns) -> "Bundle":
        """This bundle with other embeddings of the same faces."""
        other = copy.copy(self)
        faces, vocabulary = self.gallery.faces, self.vocabulary
        other.gallery = Gallery(faces, columns, self._readout, vocabulary, self.unavailable)
        return other

    def query(
        self, wanted: Iterable[str | Iterable[str]] = (), unwanted: Iterable[str] = ()
    ) -> Query:
        """A query over this bundle's vocabulary; `InputError` as `Query` raises it, and for an
        attribute that is not available here."""
        query = Query(wanted, unwanted, vocabulary=self.vocabulary)
        self.check(query)
        return query

    def check(self, query: Query) -> None:
        """`InputError` for a query of another vocabulary, or with an unavailable attribute."""
        for name in query.names:
            self.vocabulary.index(name)
            if name in self.unavailable:
                raise InputError(
                    f"{name} is not available here: this model was trained without labels of it. "
                    "Leave it out, or use another bundle."
                )

    def encode_query(self, query: Query) -> np.ndarray:
        """(D,) float32, unit length. A query that asks for nothing is the gallery's mean direction,
        so that the most typical faces come first. `InputError` for an unavailable attribute, and
        for any-of, which one vector can't say: `search` takes it."""
        self.check(query)
        taught = {each.name for each in self.taught}.intersection(query.names)
        if taught:
            raise InputError(
                f"{min(taught)} was taught by example, so no vector asks for it: search with it."
            )
        return self._terms.encode(self._own(query))

    def encode_images(self, images: Iterable[ImageSource]) -> np.ndarray:
        """(N, D) float32, unit rows, of paths or PIL images, framed as CelebA frames them.

        Loads the image encoder on first use. Raises `InputError` for an image that can't be read,
        and where the packages that read pictures are not installed.
        """
        if isinstance(images, str | PathLike) or hasattr(images, "convert"):
            raise InputError("encode_images takes a list: put the one image into [ ].")
        return self.encoder.encode(list(images))

    @property
    def encoder(self) -> "Encoder":
        """The image encoder; the first call loads it, and torch."""
        if self._encoder is None:
            try:
                from facesearch.vision.encoder import Encoder  # torch, needed only to read images
            except ModuleNotFoundError as error:
                raise InputError(
                    f"Reading pictures needs packages that are not here ({error.name}). "
                    "Install them with: pip install timm torch torchvision"
                ) from None
            self._encoder = Encoder.from_file(self.path / MODEL, self.config.model)
        return self._encoder

    def find_faces(self, image: ImageSource) -> list["Found"]:
        """The faces of a picture (a path, or a PIL image), largest first, with vectors and
        predictions; `InputError` for one that can't be read."""
        from facesearch.photos.found import read_faces

        return read_faces(image, self.encoder, self.predict_attributes)

    def look_at(self, image: ImageSource) -> tuple[np.ndarray, np.ndarray]:
        """(n, 4) boxes of the faces in a picture, in upright pixels, and their (n, D) vectors, the
        largest first.

        A picture in which no face is found is taken whole where it has CelebA's frame. Raises
        `InputError` where it has not, and for one that can't be read.
        """
        from facesearch.photos.found import is_framed

        found = self.find_faces(image)
        if found:
            return np.stack([each.box for each in found]), np.stack([each.vector for each in found])
        upright = load_image(image)
        if not is_framed(upright):
            raise InputError(
                "No face was found in this picture. Give one in which a face looks at the camera "
                "and is at least 30 pixels wide."
            )
        return np.array([[0, 0, *upright.size]], np.float32), self.encode_images([upright])

    def predict_attributes(self, vectors: np.ndarray) -> np.ndarray:
        """(N, A) probabilities in [0, 1] of each attribute, from (N, D) embeddings."""
        vectors = np.asarray(vectors, np.float32)
        weight, bias = self._readout
        if vectors.ndim != 2 or vectors.shape[1] != weight.shape[1]:
            raise InputError(
                f"vectors have shape {vectors.shape}: give (N, {weight.shape[1]}), "
                "as encode_images returns them."
            )
        return predict(vectors, weight, bias)

    def search(self, query: Query, k: int = 24) -> list[Hit]:
        """The k faces that fit best, best first; k is clipped to the gallery.

        A score is the cosine between face and query; with any-of in the query, a sum of
        log-probabilities on the same scale.
        """
        return self._hits(*self.gallery.top(self.terms(query), k))

    def similar(
        self,
        face: FaceSource,
        k: int = 24,
        query: Query | None = None,
        mix: float = 0.0,
    ) -> list[Hit]:
        """The k faces most like one of the gallery, itself left out, or like a picture.

        Args:
            face: a row of the gallery, a face's name, or a picture (a path, or a PIL image), of
                whose faces the largest counts.
            k: how many; clipped to the gallery's other faces.
            query: what is asked besides.
            mix: from 0, like the face, to 1, what is asked.

        Raises `InputError` for a face that isn't there, a picture that can't be read, a bad k or
        mix, an unavailable attribute.
        """
        like, row = self.place(face)
        terms = self.terms(query or Query(), [(1.0, like)], mix, without=row)
        return self._hits(*self.gallery.top(terms, k))

    def terms(
        self,
        query: Query,
        like: Sequence[tuple[float, int | np.ndarray]] = (),
        mix: float = 0.0,
        without: int | None = None,
        more: Sequence[int] = (),
        fewer: Sequence[int] = (),
    ) -> Terms:
        """What a search ranks by, made of a query and of what should be alike.

        Args:
            query: what is asked.
            like: weight, positive or negative, and a row of the gallery or a (D,) embedding, each.
            mix: from 0, what is alike, to 1, the query; without `like` it is the query alone.
            without: a row that is left out of what is found.
            more, fewer: rows of which there should be more, or fewer, like these; see
                `TermMaker.moved`.

        Raises `InputError` for a mix outside of 0 to 1, and as `encode_query` does.
        """
        self.check(query)
        if isinstance(mix, bool) or not isinstance(mix, int | float) or not 0 <= mix <= 1:
            raise InputError(f"mix is {mix!r}: give a number from 0, the face, to 1, the query.")
        vectors = [
            (weight, each if isinstance(each, np.ndarray) else self.gallery.vectors([each])[0])
            for weight, each in like
        ]
        query = self._own(query)
        terms = self._terms(query, vectors, mix, without)
        if not more and not fewer:
            return terms
        found, _ = self.gallery.top(terms, CONTEXT)
        vectors_of = self.gallery.vectors
        return self._terms.moved(
            terms, query, vectors_of(list(more)), vectors_of(list(fewer)), vectors_of(found)
        )

    def learn(
        self,
        name: str,
        like: Sequence[FaceSource],
        unlike: Sequence[FaceSource] = (),
    ) -> Taught:
        """What `teach` learns, without adding it."""
        lesson = learn_from(self, name, like, unlike)
        counts = len(like), len(unlike)
        return Taught(name, self.model, lesson.weight, lesson.bias, *counts, lesson.told_apart)

    def teach(
        self,
        name: str,
        like: Sequence[FaceSource],
        unlike: Sequence[FaceSource] = (),
        *,
        keep: bool = True,
    ) -> Taught:
        """Add an attribute that is learned from a few faces; it then works like any other.

        Args:
            name: what it is to be called: a look, never a person.
            like: three faces or more that have it: names, rows or pictures, as for `similar`.
            unlike: faces that lack it; those that nobody mentions count as lacking it, weakly.
            keep: whether it is written into the bundle's config.json too; if not, it is there until
                the bundle is closed.

        Raises `InputError` for fewer faces, a face given both ways, a name that is taken, and a
        bundle that can't be written.
        """
        taught = self.learn(name, like, unlike)
        self.add_taught([taught], keep=keep)
        return taught

    def add_taught(self, taught: Sequence[Taught], *, keep: bool = True) -> None:
        """Add attributes that were taught elsewhere, by the same model; see `teach`."""
        more = self.with_taught(taught)
        if keep:
            write_taught(self.path, more.taught)
        self.__dict__.update(more.__dict__)

    def with_taught(self, taught: Sequence[Taught]) -> "Bundle":
        """This bundle with further taught attributes; itself where there are none.

        Raises `InputError` for one of another model, and one whose name is taken.
        """
        if not taught:
            return self
        check_model(taught, self.model, self._readout[0].shape[1])
        more = copy.copy(self)
        more.untaught = self.untaught
        more.taught = (*self.taught, *taught)
        more.vocabulary = self.vocabulary.extended([each.name for each in taught], GROUP)
        weight, bias = self._readout
        more._readout = (
            np.concatenate([weight, [each.weight for each in taught]]).astype(np.float32),
            np.concatenate([bias, [each.bias for each in taught]]).astype(np.float32),
        )
        more.gallery = self.gallery.extended(more.vocabulary, more._readout)
        about = json.dumps([self.fingerprint, *(each.as_json() for each in taught)])
        more.fingerprint = hashlib.sha256(about.encode()).hexdigest()[:8]
        return more

    def counts(self, query: Query) -> Counts:
        """How many faces have what is asked, and would with each attribute added."""
        self.check(query)
        return self.gallery.counts(self._own(query))

    def face(self, name: str) -> Face:
        """A face by its name; `InputError` for one that isn't there."""
        return self.gallery.records([self.gallery.find(name)])[0]

    def place(self, face: FaceSource) -> tuple[np.ndarray, int | None]:
        """The embedding of a face of the gallery, and its row, or that of a picture's largest."""
        if isinstance(face, PathLike) or hasattr(face, "convert"):
            return self.look_at(face)[1][0], None  # type: ignore[arg-type]
        row = self.gallery.find(face)
        return self.gallery.vectors([row])[0], row

    def _own(self, query: Query) -> Query:
        """The query over this bundle's vocabulary, whose columns may be others."""
        if query.vocabulary is self.vocabulary:
            return query
        return Query(query.wanted, query.unwanted, vocabulary=self.vocabulary)

    def _hits(self, rows: np.ndarray, scores: np.ndarray) -> list[Hit]:
        ranked = zip(self.gallery.places(rows), scores.tolist(), strict=True)
        return [Hit(rank, face.name, score) for rank, (face, score) in enumerate(ranked, start=1)]


def predict(vectors: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Sigmoid of the linear readout: (N, D), (A, D), (A,) to (N, A) float32."""
    return 1 / (1 + np.exp(-(vectors @ weight.T + bias)))
