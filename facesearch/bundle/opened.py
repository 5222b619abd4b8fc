"""An opened bundle: its encoders, its gallery, and search over it."""

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from facesearch.attributes import Query
from facesearch.bundle.contents import BundleConfig, Gallery
from facesearch.errors import InputError
from facesearch.images import ImageSource
from facesearch.query_encoder import QueryEncoder
from facesearch.search import Hit, top_k

if TYPE_CHECKING:
    from facesearch.encoder import Encoder


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

    def encode_query(self, query: Query) -> np.ndarray:
        """(D,) float32, unit length. A query that asks for nothing is the gallery's mean direction,
        so that the most typical faces come first. `InputError` for an unavailable attribute."""
        for name in (*query.wanted, *query.unwanted):
            if name in self.unavailable:
                raise InputError(
                    f"{name} is not available here: this model was trained without labels of it. "
                    "Leave it out, or use another bundle."
                )
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
            from facesearch.encoder import Encoder  # torch, needed only to read images

            self._encoder = Encoder.from_bundle(self.path, self.config.model)
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
        rows, scores = self.rank(self.encode_query(query), k)
        return [
            Hit(rank, self.gallery.names[row], float(score))
            for rank, (row, score) in enumerate(zip(rows, scores, strict=True), start=1)
        ]

    def rank(self, vector: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the k gallery images nearest to a (D,) unit vector, best first, and cosines."""
        return top_k(self.gallery.embeddings, vector, k)


def predict(vectors: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Sigmoid of the linear readout: (N, D), (40, D), (40,) to (N, 40) float32."""
    return 1 / (1 + np.exp(-(vectors @ weight.T + bias)))
