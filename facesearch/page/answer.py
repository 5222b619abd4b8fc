"""What the page and its endpoint answer: a request parsed, searched and put into plain values."""

import hashlib
import time
from typing import Any

import numpy as np
from PIL import Image

from facesearch.attributes import ATTRIBUTES, LABELS, Query
from facesearch.bundle import Bundle
from facesearch.errors import InputError

Hit = dict[str, Any]  # rank, name, score, image
DEFAULT_K = 24
MOST_ON_PAGE = 100


class Answers:
    """Answers over one opened bundle."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        # Part of each image's address, so that a browser's cache never shows a face of another
        # gallery that was served from the same place.
        names = "\n".join(bundle.gallery.names).encode()
        self.version = hashlib.sha256(names).hexdigest()[:8]

    def search(self, wanted: Any = None, unwanted: Any = None, k: Any = DEFAULT_K) -> list[Hit]:
        """The k faces that fit best, best first: rank, name, score (a cosine), image address.

        The arguments are as a browser or a program sent them; `InputError` if they make no query.
        """
        query = _query(wanted, unwanted)
        return self._hits(*self.bundle.rank(self.bundle.encode_query(query), k))

    def similar(
        self, face: Any, k: Any = DEFAULT_K, wanted: Any = None, unwanted: Any = None, mix: Any = 0
    ) -> list[Hit]:
        """The k faces most like a face, best first, as `search` gives them; see `Bundle.similar`.

        `InputError` if the arguments, as a program sent them, name no face or make no query.
        """
        if not isinstance(face, str):
            raise InputError(f"face is {str(face)[:80]!r}: give the name of a face, as text.")
        row = self.bundle.row(face)
        vector = self.bundle.mixed_vector(row, _query(wanted, unwanted), mix)
        return self._hits(*self.bundle.rank(vector, k, without=row))

    def counts(self, wanted: Any = None, unwanted: Any = None) -> dict[str, Any]:
        """How many faces match a query, and would with each available attribute added.

        faces: all there are. matching: those that match. from: "labels" or "predictions".
        attributes: of each one, the matches "with" it and "without" it. unavailable: those of which
        nothing is known. `InputError` if the arguments make no query.
        """
        query = _query(wanted, unwanted)
        self.bundle.check_available(query)
        counts, unavailable = self.bundle.attribute_counts, self.bundle.unavailable
        added = zip(ATTRIBUTES, *(each.tolist() for each in counts.added(query)), strict=True)
        return {
            "faces": len(self.bundle),
            "matching": counts.count(query),
            "from": self.bundle.counts_from,
            "attributes": {
                name: {"with": yes, "without": no}
                for name, yes, no in added
                if name not in unavailable
            },
            "unavailable": list(unavailable),
        }

    def answer(self, asked: Any) -> dict[str, Any]:
        """What the page shows for {"wanted", "unwanted", "k"}: hits and milliseconds, or error."""
        start = time.perf_counter()
        try:
            if not isinstance(asked, dict) or not set(asked) <= {"wanted", "unwanted", "k"}:
                raise InputError("The page sent a request that can't be read; reload it.")
            hits = self.search(**asked)
        except InputError as error:
            return {"error": str(error)}
        return {"hits": hits, "ms": (time.perf_counter() - start) * 1000}

    def about(self) -> dict[str, Any]:
        """What the page needs to know of its gallery before the first click."""
        dataset = self.bundle.config.dataset
        name, split = str(dataset.get("name") or self.bundle.path.name), dataset.get("split")
        return {
            "gallery": f"{name}, {split} images" if split not in (None, "all") else name,
            "faces": len(self.bundle),
            "labels": LABELS,
            "k": DEFAULT_K,
            "most": max(1, min(MOST_ON_PAGE, len(self.bundle))),
            "aspect": self._aspect(),
            "notice": None
            if self.bundle.image_dir is not None
            else f"The pictures of {name} are not here, so their names stand in for them. "
            "Start the app with --images and the folder that holds them.",
            "first": self.answer({}),
        }

    def _hits(self, rows: np.ndarray, scores: np.ndarray) -> list[Hit]:
        names, pictures = self.bundle.gallery.names, self.bundle.image_dir is not None
        return [
            {
                "rank": rank,
                "name": names[row],
                "score": score,
                "image": f"faces/{row}?{self.version}" if pictures else None,
            }
            for rank, (row, score) in enumerate(
                zip(rows.tolist(), scores.tolist(), strict=True), start=1
            )
        ]

    def _aspect(self) -> float:
        """Width by height of the first image, so that tiles keep still while they load."""
        if self.bundle.image_dir is not None and len(self.bundle):
            try:
                with Image.open(self.bundle.image_dir / self.bundle.gallery.names[0]) as image:
                    return image.width / image.height
            except OSError:  # a tile says so when it is shown
                pass
        return 1.0


def _query(wanted: Any, unwanted: Any) -> Query:
    return Query(_names("wanted", wanted), _names("unwanted", unwanted))


def _names(field: str, names: Any) -> list[str]:
    if names is None:
        return []
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise InputError(
            f'{field} is {str(names)[:80]!r}: give a list of attribute names, such as ["Smiling"].'
        )
    return list(names)
