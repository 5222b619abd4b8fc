"""What the endpoints answer: a request parsed, searched and put into plain values."""

import hashlib
from typing import Any

import numpy as np

from facesearch.attributes import ATTRIBUTES
from facesearch.bundle import Bundle
from facesearch.errors import InputError
from facesearch.page.asking import DEFAULT_K, read_query
from facesearch.page.faces import Faces

Hit = dict[str, Any]  # rank, name, score, image


class Answers:
    """Answers over one opened bundle; `version` says which gallery it is."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        gallery = bundle.gallery
        digest = hashlib.sha256("\n".join(gallery.names).encode())
        digest.update(np.ascontiguousarray(gallery.embeddings).data)
        self.version = digest.hexdigest()[:8]
        self.faces = Faces(bundle, self.version)

    def search(self, wanted: Any = None, unwanted: Any = None, k: Any = DEFAULT_K) -> list[Hit]:
        """The k faces that fit best, best first: rank, name, score (a cosine), image address.

        The arguments are as a browser or a program sent them; `InputError` if they make no query.
        """
        query = read_query(wanted, unwanted)
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
        vector = self.bundle.mixed_vector(row, read_query(wanted, unwanted), mix)
        return self._hits(*self.bundle.rank(vector, k, without=row))

    def counts(self, wanted: Any = None, unwanted: Any = None) -> dict[str, Any]:
        """How many faces match a query, and would with each available attribute added.

        faces: all there are. matching: those that match. from: "labels" or "predictions".
        attributes: of each one, the matches "with" it and "without" it. unavailable: those of which
        nothing is known. `InputError` if the arguments make no query.
        """
        query = read_query(wanted, unwanted)
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

    def hit(self, rank: int, row: int, score: float) -> Hit:
        """A row at its rank."""
        name, image = self.bundle.gallery.names[row], self.faces.address(row)
        return {"rank": rank, "name": name, "score": score, "image": image}

    def _hits(self, rows: np.ndarray, scores: np.ndarray) -> list[Hit]:
        ranked = zip(rows.tolist(), scores.tolist(), strict=True)
        return [self.hit(rank, row, score) for rank, (row, score) in enumerate(ranked, start=1)]
