"""An opened bundle: its encoders, its gallery, and search over it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from facesearch.attributes import Query
from facesearch.bundle.asking import TermMaker
from facesearch.bundle.contents import MODEL, BundleConfig
from facesearch.bundle.query_encoder import QueryEncoder
from facesearch.errors import InputError
from facesearch.gallery import Counts, Face, Gallery, Hit, Terms
from facesearch.vision.images import ImageSource, load_image
from facesearch.vocabulary import Vocabulary

if TYPE_CHECKING:
    from facesearch.photos.found import Found
    from facesearch.vision.encoder import Encoder


class Bundle:
    """An opened bundle: encoders, gallery and search. Made by `open_bundle`.

    Attributes:
        path: its folder.
        config: what config.json holds.
        gallery: its faces, to be searched and counted; in memory, or in an engine.
        fingerprint: eight characters, others for other models or faces.
        mean: (D,) the mean of the gallery's embeddings.
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

    @property
    def vocabulary(self) -> Vocabulary:
        """The attributes that can be asked for."""
        return self.config.vocabulary

    @property
    def names(self) -> Sequence[str]:
        """The names of the faces that are shown by default, in row order."""
        return self.gallery.shown_names

    @property
    def unavailable(self) -> tuple[str, ...]:
        """Attributes that can't be asked for: the model was trained without a label of them."""
        return self.config.unavailable

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
        face: int | str | PathLike[str] | ImageSource,
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
        if isinstance(face, PathLike) or hasattr(face, "convert"):
            like = self.look_at(face)[1][0]  # type: ignore[arg-type]
            terms = self.terms(query or Query(), [(1.0, like)], mix)
        else:
            row = self.gallery.find(face)
            terms = self.terms(query or Query(), [(1.0, row)], mix, without=row)
        return self._hits(*self.gallery.top(terms, k))

    def terms(
        self,
        query: Query,
        like: Sequence[tuple[float, int | np.ndarray]] = (),
        mix: float = 0.0,
        without: int | None = None,
    ) -> Terms:
        """What a search ranks by, made of a query and of what should be alike.

        Args:
            query: what is asked.
            like: weight, positive or negative, and a row of the gallery or a (D,) embedding, each.
            mix: from 0, what is alike, to 1, the query; without `like` it is the query alone.
            without: a row that is left out of what is found.

        Raises `InputError` for a mix outside of 0 to 1, and as `encode_query` does.
        """
        self.check(query)
        if isinstance(mix, bool) or not isinstance(mix, int | float) or not 0 <= mix <= 1:
            raise InputError(f"mix is {mix!r}: give a number from 0, the face, to 1, the query.")
        vectors = [
            (weight, each if isinstance(each, np.ndarray) else self.gallery.vectors([each])[0])
            for weight, each in like
        ]
        return self._terms(self._own(query), vectors, mix, without)

    def counts(self, query: Query) -> Counts:
        """How many faces have what is asked, and would with each attribute added."""
        self.check(query)
        return self.gallery.counts(self._own(query))

    def face(self, name: str) -> Face:
        """A face by its name; `InputError` for one that isn't there."""
        return self.gallery.records([self.gallery.find(name)])[0]

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
