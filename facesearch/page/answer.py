"""What the endpoints answer: a request parsed, searched and put into plain values."""

import hashlib
from typing import Any

import numpy as np

from facesearch.bundle import Bundle
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
        rows, scores = self.bundle.rank(self.bundle.encode_query(query), k)
        return [
            self.hit(rank, row, score)
            for rank, (row, score) in enumerate(
                zip(rows.tolist(), scores.tolist(), strict=True), start=1
            )
        ]

    def hit(self, rank: int, row: int, score: float) -> Hit:
        """A row at its rank."""
        name, image = self.bundle.gallery.names[row], self.faces.address(row)
        return {"rank": rank, "name": name, "score": score, "image": image}
