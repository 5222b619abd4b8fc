"""What the endpoints answer: a request parsed, searched and put into plain values."""

from typing import Any

import numpy as np

from facesearch.bundle import Bundle
from facesearch.errors import InputError, quoted
from facesearch.gallery import Face, Terms
from facesearch.page.asking import DEFAULT_K, MOST, read_k, read_picked, read_query
from facesearch.page.faces import Faces
from facesearch.page.given import GivenPictures
from facesearch.page.photographs import Photographs

Hit = dict[str, Any]  # rank, name, score, image


class Answers:
    """Answers over one opened bundle; `version` says which gallery it is.

    Args:
        originals: whether photographs are given out as they are.
    """

    def __init__(self, bundle: Bundle, *, originals: bool = False) -> None:
        self.bundle = bundle
        self.version = bundle.fingerprint
        self.faces = Faces(bundle, self.version)
        self.given = GivenPictures(bundle)
        self.photographs = Photographs(bundle, self.version, originals=originals)

    def search(
        self,
        wanted: Any = None,
        unwanted: Any = None,
        k: Any = DEFAULT_K,
        text: Any = "",
        more: Any = None,
        fewer: Any = None,
    ) -> list[Hit]:
        """The k faces that fit best, best first: rank, name, score, image address.

        The arguments are as a browser or a program sent them; `InputError` if they make no query.
        """
        query = read_query(self.bundle.vocabulary, wanted, unwanted, text)
        moved = self._rows("more", more), self._rows("fewer", fewer)
        return self._ranked(self.bundle.terms(query, (), 0.0, None, *moved), k)

    def similar(
        self,
        face: Any,
        k: Any = DEFAULT_K,
        wanted: Any = None,
        unwanted: Any = None,
        mix: Any = 0,
        more: Any = None,
        fewer: Any = None,
    ) -> list[Hit]:
        """The k faces most like one, of the gallery or of a picture that was given, best first, as
        `search` gives them; see `Bundle.similar`.

        `InputError` if the arguments, as a program sent them, name no face or make no query.
        """
        if not isinstance(face, str):
            raise InputError(f"face is {quoted(face)}: give the name of a face, as text.")
        query = read_query(self.bundle.vocabulary, wanted, unwanted)
        moved = self._rows("more", more), self._rows("fewer", fewer)
        vector = self.given.vector(face)
        if vector is not None:
            return self._ranked(self.bundle.terms(query, [(1.0, vector)], mix, None, *moved), k)
        row = self.bundle.gallery.find(face)
        return self._ranked(self.bundle.terms(query, [(1.0, row)], mix, row, *moved), k)

    def counts(self, wanted: Any = None, unwanted: Any = None) -> dict[str, Any]:
        """How many faces match a query, and would with each available attribute added.

        faces: all there are. matching: those that match. from: "labels", which count exactly, or
        "predictions", which estimate. attributes: of each one, the matches "with" it and "without"
        it. unavailable: those of which nothing is known. `InputError` if the arguments make no
        query.
        """
        counts = self.bundle.counts(read_query(self.bundle.vocabulary, wanted, unwanted))
        added = zip(
            self.bundle.vocabulary.names,
            counts.wanted.round().astype(int).tolist(),
            counts.unwanted.round().astype(int).tolist(),
            strict=True,
        )
        return {
            "faces": len(self.bundle),
            "matching": round(counts.matching),
            "from": self.bundle.gallery.counted_from,
            "attributes": {
                name: {"with": yes, "without": no}
                for name, yes, no in added
                if name not in self.bundle.unavailable
            },
            "unavailable": list(self.bundle.unavailable),
        }

    def hit(self, rank: int, row: int, face: Face, score: float) -> Hit:
        """A row's face at its rank."""
        image = self.faces.address(row, face)
        return {"rank": rank, "name": face.name, "score": score, "image": image}

    def _rows(self, field: str, names: Any) -> list[int]:
        return [self.bundle.gallery.find(name) for name in read_picked(field, names)]

    def _ranked(self, terms: Terms, k: Any) -> list[Hit]:
        k = read_k(k)
        hits = self._there(*self.bundle.gallery.top(terms, k))
        if len(hits) < min(k, len(self.bundle)):  # the files of some are gone: others follow
            hits = self._there(*self.bundle.gallery.top(terms, MOST))[:k]
        return hits

    def _there(self, rows: np.ndarray, scores: np.ndarray) -> list[Hit]:
        places = self.bundle.gallery.places(rows)
        ranked = enumerate(zip(rows.tolist(), places, scores.tolist(), strict=True), start=1)
        return [
            self.hit(rank, row, face, score)
            for rank, (row, face, score) in ranked
            if self.faces.is_there(row, face)
        ]
