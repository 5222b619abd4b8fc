"""An opened bundle: its encoders, its gallery, and search over it."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from facesearch.attributes import Query, attribute_index
from facesearch.bundle.contents import MODEL, BundleConfig, Gallery
from facesearch.bundle.query_encoder import QueryEncoder
from facesearch.errors import InputError
from facesearch.gallery.counts import AttributeCounts
from facesearch.gallery.search import Hit, top_k
from facesearch.vision.images import ImageSource

if TYPE_CHECKING:
    from facesearch.vision.encoder import Encoder


class Bundle:
    """An opened bundle: encoders, gallery and search. Made by `open_bundle`."""

    def __init__(
        self,
        path: Path,
        config: BundleConfig,
        gallery: Gallery,
        query_tensors: Mapping[str, np.ndarray],
        image_dir: Path | None,
    ) -> None:
        self.path = path
        self.config = config
        self.gallery = gallery
        self.image_dir = image_dir
        self._query_encoder = QueryEncoder(query_tensors, signed=config.model["signed_queries"])
        self._readout = (query_tensors["readout.weight"], query_tensors["readout.bias"])
        self._encoder: Encoder | None = None

    def __len__(self) -> int:
        return len(self.gallery.names)

    @property
    def unavailable(self) -> tuple[str, ...]:
        """Attributes that can't be asked for: the model was trained without a label of them."""
        return tuple(self.config.training.get("unlabelled", ()))

    def check_available(self, query: Query) -> None:
        """`InputError` for a query with an unavailable attribute."""
        for name in (*query.wanted, *query.unwanted):
            if name in self.unavailable:
                raise InputError(
                    f"{name} is not available here: this model was trained without labels of it. "
                    "Leave it out, or use another bundle."
                )

    def encode_query(self, query: Query) -> np.ndarray:
        """(D,) float32, unit length. A query that asks for nothing is the gallery's mean direction,
        so that the most typical faces come first. `InputError` for an unavailable attribute."""
        self.check_available(query)
        if not query.wanted and not query.unwanted:
            mean = self.gallery.embeddings.mean(axis=0)
            return mean / np.linalg.norm(mean)
        return self._query_encoder(query)

    def encode_images(self, images: Iterable[ImageSource]) -> np.ndarray:
        """(N, D) float32, unit rows, of paths or PIL images.

        Loads the image encoder on first use. Raises `InputError` for an image that can't be read.
        """
        if isinstance(images, str | PathLike) or hasattr(images, "convert"):
            raise InputError("encode_images takes a list: put the one image into [ ].")
        if self._encoder is None:
            from facesearch.vision.encoder import Encoder  # torch, needed only to read images

            self._encoder = Encoder.from_file(self.path / MODEL, self.config.model)
        return self._encoder.encode(list(images))

    def predict_attributes(self, vectors: np.ndarray) -> np.ndarray:
        """(N, 40) probabilities in [0, 1] of each attribute, from (N, D) embeddings."""
        vectors = np.asarray(vectors, np.float32)
        weight, bias = self._readout
        if vectors.ndim != 2 or vectors.shape[1] != weight.shape[1]:
            raise InputError(
                f"vectors have shape {vectors.shape}: give (N, {weight.shape[1]}), "
                "as encode_images returns them."
            )
        return predict(vectors, weight, bias)

    def search(self, query: Query, k: int = 24) -> list[Hit]:
        """The k gallery images that fit best, best first; k is clipped to the gallery."""
        return self._hits(*self.rank(self.encode_query(query), k))

    def similar(
        self, face: int | str, k: int = 24, query: Query | None = None, mix: float = 0.0
    ) -> list[Hit]:
        """The k gallery images most like one of them, best first, itself left out.

        Args:
            face: a row of the gallery, or an image's name.
            k: how many; clipped to the gallery's other images.
            query: what is asked besides.
            mix: from 0, like the face, to 1, what is asked.

        Raises `InputError` for a face that isn't there, a bad k or mix, an unavailable attribute.
        """
        row = self.row(face)
        return self._hits(*self.rank(self.mixed_vector(row, query or Query(), mix), k, row))

    def row(self, face: int | str) -> int:
        """The row of an image, by its name (or row); `InputError` for one that isn't there."""
        row = self._rows.get(face) if isinstance(face, str) else face
        if isinstance(row, int | np.integer) and 0 <= row < len(self):
            return int(row)
        names = f", such as {self.gallery.names[0]!r}" if len(self) else ""
        raise InputError(
            f"There is no face {face!r} in this gallery of {len(self):,}: "
            f"give the name of one as a search returns it{names}."
        )

    def mixed_vector(self, row: int, query: Query, mix: float) -> np.ndarray:
        """(D,) float32, unit length: between an image (mix 0) and a query (mix 1).

        The image asks for what it shows: the query encoder reads its forty predicted attributes,
        each weighed by how sure it is. On the portraits, the 24 nearest then agree in 86.5 % of 39
        labels (68.3 % by chance), and in 86.1 % by the cosine between images, which compares their
        completion coordinates too. As both ends come from one encoder, neither outweighs the other:
        of two wishes contrary to the face, 21 % come true at mix 0, 82 % half way, 100 % at mix 1.
        """
        if isinstance(mix, bool) or not isinstance(mix, int | float) or not 0 <= mix <= 1:
            raise InputError(f"mix is {mix!r}: give a number from 0, the face, to 1, the query.")
        asked = self.encode_query(query)
        signs = 2 * self.gallery.probabilities[row] - 1
        signs[[attribute_index(name) for name in self.unavailable]] = 0
        vector = (1 - mix) * self._query_encoder.encode(signs) + mix * asked
        return vector / np.linalg.norm(vector)

    def rank(
        self, vector: np.ndarray, k: int, without: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the k gallery images nearest to a (D,) unit vector, best first, and cosines.

        The row `without` is left out.
        """
        return top_k(self.gallery.embeddings, vector, k, without)

    @property
    def counts_from(self) -> Literal["labels", "predictions"]:
        """What `attribute_counts` counts: labels where the gallery has any, else predictions."""
        labels = self.gallery.labels
        return "labels" if labels is not None and (labels >= 0).any() else "predictions"

    @cached_property
    def attribute_counts(self) -> AttributeCounts:
        """Counts of faces that match a query, by label, or by a predicted probability of half and
        more. Of attributes that are unavailable, or without a label, nothing is known."""
        if self.counts_from == "labels":
            assert self.gallery.labels is not None
            known = self.gallery.labels.copy()
        else:
            known = (self.gallery.probabilities >= 0.5).astype(np.int8)
        known[:, [attribute_index(name) for name in self.unavailable]] = -1
        return AttributeCounts(known)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.gallery.names)}

    def _hits(self, rows: np.ndarray, scores: np.ndarray) -> list[Hit]:
        return [
            Hit(rank, self.gallery.names[row], float(score))
            for rank, (row, score) in enumerate(zip(rows, scores, strict=True), start=1)
        ]


def predict(vectors: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Sigmoid of the linear readout: (N, D), (40, D), (40,) to (N, 40) float32."""
    return 1 / (1 + np.exp(-(vectors @ weight.T + bias)))
