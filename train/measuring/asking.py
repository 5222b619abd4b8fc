"""What a person asks beyond ticks, measured for a bundle: any-of, more like this, by example."""

from collections.abc import Collection
from typing import Any

import numpy as np
from PIL import Image

from facesearch.attributes import ATTRIBUTES
from facesearch.bundle import Bundle
from facesearch.gallery import Columns, Faces, Gallery
from facesearch.photos.copies import group_copies, look_of
from train.data.dataset import Dataset
from train.measuring.any_of import draw_pairs, measure_any_of
from train.measuring.benchmark import AGREED
from train.measuring.likeness import NEAREST, label_agreement
from train.measuring.taught import DRAWS, measure_taught

PARTS = ("any-of", "alike", "taught")
ASKING = 500  # faces that ask for more like them


def measure_asking(
    bundle: Bundle,
    vectors: np.ndarray,
    features: np.ndarray,
    images: Dataset,
    queries: int,
    seed: int,
    parts: Collection[str] = PARTS,
) -> dict[str, Any]:
    """Results by the names that `tables` knows; a part that so few images can't tell is left out.

    Args:
        vectors: (N, D) embeddings of the images.
        features: (N, F) of the backbone.
        images: N of them, labelled.
        queries: of any-of.
    """
    found: dict[str, Any] = {}
    if "any-of" in parts:
        pairs = draw_pairs(images.labels, bundle.vocabulary, queries, seed)
        gallery = Gallery(
            Faces.named(images.names),
            Columns.of_rows(vectors),
            bundle.gallery.readout,
            bundle.vocabulary,
            bundle.unavailable,
        )
        if pairs:
            rows = measure_any_of(
                images.labels,
                bundle.vocabulary,
                pairs,
                lambda query: gallery.top(bundle.terms(query), len(vectors))[0],
            )
            found["any_of"] = {"queries": len(pairs), "rows": rows}
    if "alike" in parts and len(vectors) > 2 * NEAREST:
        found["alike"] = _alike(bundle, vectors, features, images, seed)
    evidence = bundle.config.model.get("head") == "evidence"
    if "taught" in parts and evidence and bundle.vocabulary.names == ATTRIBUTES:
        rows = measure_taught(vectors[:, :-1], images.labels, AGREED)
        if rows:
            found["taught"] = {"attributes": len(AGREED), "draws": DRAWS, "rows": rows}
    return found


def _alike(
    bundle: Bundle, vectors: np.ndarray, features: np.ndarray, images: Dataset, seed: int
) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(len(vectors))[:ASKING])
    looks = np.stack(
        [look_of(np.asarray(Image.open(path).convert("RGB"))) for path in images.paths]
    )
    copy_of = group_copies(vectors, looks, np.zeros(len(vectors)))
    unit = features.astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    asked = np.stack([bundle.terms(bundle.query(), [(1.0, vectors[row])]).vector for row in rows])
    scores = {
        "chance": rng.random((len(rows), len(vectors))),
        f"the backbone's {unit.shape[1]:,} features, by cosine": unit[rows] @ unit.T,
        "more like this": asked @ vectors.T,
    }
    return {
        "faces": len(rows),
        "folded": int((copy_of != np.arange(len(vectors))).sum()),
        "rows": {
            way: label_agreement(each, images.labels, rows, copy_of) for way, each in scores.items()
        },
    }
