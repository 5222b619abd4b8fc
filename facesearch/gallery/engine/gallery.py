"""A gallery in an engine: its faces searched, counted and told of, as the one in memory does it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np

from facesearch.attributes import Query
from facesearch.errors import InputError, quoted
from facesearch.gallery import precise
from facesearch.gallery.counts import Counter, Counts, changed, counts_of
from facesearch.gallery.engine.connection import Connection
from facesearch.gallery.engine.expressions import Bound, Chances, chance, score
from facesearch.gallery.engine.faces import GONE, KnownFaces, Names, face_of, is_safe
from facesearch.gallery.engine.schema import ALL, SHOWN
from facesearch.gallery.engine.versions import Version
from facesearch.gallery.faces import Face
from facesearch.gallery.memory import sample_step
from facesearch.gallery.precise import Readout
from facesearch.gallery.search import check_k
from facesearch.gallery.terms import Terms
from facesearch.vocabulary import Vocabulary

SPARE = 16  # faces beyond the best that are looked at, as they may be nearly as good
PIECE = 100_000  # names that are fetched at once, where all are asked for


class EngineGallery:
    """N faces in a table; see `gallery.Gallery`, of which this answers every question, by the same
    numbers in the same order.

    Args:
        connection: to the engine.
        version: the one whose table it is.
        vocabulary: of the A attributes; those that the engine has no predictions of come last.
        readout: (A, D) and (A,) float32, from embeddings to logits of attributes.
        unavailable: attributes of which the model knows nothing.
    """

    def __init__(
        self,
        connection: Connection,
        version: Version,
        vocabulary: Vocabulary,
        readout: Readout,
        unavailable: Sequence[str] = (),
        stored: int | None = None,
    ) -> None:
        self._connection, self.version, self.readout = connection, version, readout
        self._stored = len(vocabulary) if stored is None else stored
        self.vocabulary, self.unavailable = vocabulary, tuple(unavailable)
        self._table = f"`{version.table(connection.address)}`"
        self._known = np.array([name not in self.unavailable for name in vocabulary.names])
        self._chances = Chances(
            vocabulary, readout, self._stored, self._known.tolist(), labelled=version.labelled
        )
        self._faces = KnownFaces(self._fetch)
        self._names = Names(version.faces, lambda row: self._faces.one(row).name, self._all_names)

    def __len__(self) -> int:
        return self.version.faces

    def top(
        self, terms: Terms, k: int, after: int = 0, *, hidden: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """See `Gallery.top`."""
        check_k(k)
        k, after = min(int(k), len(self)), int(after)
        bound: Bound = {}
        steps, expression = score(terms, self.readout, bound)
        conditions = ["1"]
        if terms.without is not None:
            bound["without"] = int(terms.without)
            conditions.append("row != {without:UInt32}")
        if not hidden and self.version.hidden:
            conditions.append("hidden = 0")
        settled = not terms.any_of
        columns = [] if settled else precise.needed(terms, self.readout).tolist()
        listed = ", ".join(["row", f"{expression} + 0 AS score", *(f"e{c}" for c in columns)])
        query = (
            f"{_with(steps)} SELECT {listed} FROM {self._table} "
            f"WHERE {' AND '.join(conditions)} ORDER BY score DESC"
        )
        if not settled:
            rows, scores = self._settled(terms, query, bound, k + after)
            return rows[after:], scores[after:]
        found = self._connection.columns(
            f"{query}, row LIMIT {{k:UInt64}} OFFSET {{after:UInt64}}",
            bound | {"k": k, "after": after},
        ) or [[], []]
        return np.asarray(found[0], np.intp), np.asarray(found[1], np.float32)

    def _settled(
        self, terms: Terms, query: str, bound: Bound, k: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """The best k, and their scores, as `precise` computes them: of more faces than these, until
        those that are left out can't be among the best."""
        columns = precise.needed(terms, self.readout)
        off, asked = precise.error(terms, self.readout, precise.DOUBLE), k + SPARE
        while True:
            found = self._connection.columns(
                f"{query} LIMIT {{asked:UInt64}} WITH TIES", bound | {"asked": asked}
            )
            if not found:
                return np.empty(0, np.intp), np.empty(0, np.float32)
            rows, scores = np.asarray(found[0], np.intp), np.asarray(found[1])
            if len(rows) < asked or scores[-1] < scores[k - 1] - 2 * off:
                break
            asked *= 2
        taken = np.array(found[2:], np.float32)
        settled = precise.score(terms, self.readout, columns, [taken])
        order = np.lexsort((rows, -settled))[:k]
        return rows[order], settled[order].astype(np.float32)

    def counts(self, query: Query, *, joined: bool = False, hidden: bool = False) -> Counts:
        """See `Gallery.counts`; of the same faces, where those are a sample."""
        everything = hidden or not self.version.hidden
        products, parts = [query.terms], changed(query, joined=joined)
        for others, changes in parts.items():
            products += [others, *(others + change for change in changes)]
        products = list(dict.fromkeys(products))
        bound: Bound = {}
        steps = self._chances.taught(bound)
        steps += [f"{self._chances.product(terms)} AS c{i}" for i, terms in enumerate(products)]
        sums = [f"sum(c{i})" for i in range(len(products))]
        sums += [f"sum({self._chances.present(i)} * c0)" for i in range(len(self.vocabulary))]
        bit = ALL if everything else SHOWN
        found = self._connection.columns(
            f"{_with(steps)} SELECT {', '.join(sums)} FROM {self._table} "
            f"WHERE sample != 0 AND bitAnd(sample, {bit}) != 0",
            bound,
        )
        values = np.array([float(each[0]) for each in found])
        faces = len(self) - (0 if everything else self.version.hidden)
        counted = -(-faces // sample_step(faces))
        return counts_of(
            query,
            parts,
            dict(zip(products, values.tolist(), strict=False)),
            values[len(products) :],
            self._known,
            faces / max(1, counted),
        )

    def extended(self, vocabulary: Vocabulary, readout: Readout) -> "EngineGallery":
        """See `Gallery.extended`."""
        return EngineGallery(
            self._connection, self.version, vocabulary, readout, self.unavailable, self._stored
        )

    def chances(self, query: Query, rows: np.ndarray) -> np.ndarray:
        """See `Gallery.chances`."""
        names = self.vocabulary.names
        present = np.zeros((len(names), len(rows)), np.float32)
        for place, face in enumerate(self.records(rows)):
            known = {name: float(label) for name, label in face.labels.items()}
            present[:, place] = [known.get(name, face.predicted.get(name, 0.0)) for name in names]
        present[~self._known] = np.nan
        return Counter(present, self.vocabulary).chance(query)

    def records(self, rows: Sequence[int] | np.ndarray) -> list[Face]:
        """See `Gallery.records`; a face that was taken out meanwhile has no name."""
        return [each or GONE for each in self._faces.get([int(row) for row in rows])]

    places = records

    def beside(self, row: int) -> list[Face]:
        """See `Gallery.beside`."""
        if not self.version.detected:
            return []
        found = self._connection.columns(
            f"SELECT row FROM {self._table} WHERE photo = {{photo:String}} ORDER BY box[1], row",
            {"photo": self._faces.one(row).photo},
        )
        return self.records(found[0]) if found else []

    @property
    def labelled(self) -> bool:
        """See `Gallery.labelled`."""
        return self.version.labelled

    def find(self, face: object) -> int:
        """See `Gallery.find`."""
        if isinstance(face, str):
            found = self._connection.columns(
                f"SELECT min(row), count() FROM {self._table} WHERE name = {{name:String}}",
                {"name": face},
            )
            if int(found[1][0]):
                return int(found[0][0])
        elif (
            isinstance(face, int | np.integer)
            and not isinstance(face, bool)
            and self._faces.get([int(face)])[0] is not None
        ):
            return int(face)
        raise InputError(
            f"There is no face {quoted(face)} in this gallery of {len(self):,}: "
            "give the name of one as a search returns it."
        )

    def vectors(self, rows: Sequence[int] | np.ndarray) -> np.ndarray:
        """See `Gallery.vectors`; `InputError` for a row that is not there any more."""
        asked = [int(row) for row in rows]
        listed = ", ".join(f"e{column}" for column in range(self.version.dim))
        found = self._rows(listed, asked)
        places = {int(row): place for place, row in enumerate(found[0])} if found else {}
        gone = [row for row in asked if row not in places]
        if gone:
            raise InputError(f"Face {gone[0]:,} has been taken out of this gallery meanwhile.")
        matrix = np.stack(found[1:], axis=1).astype(np.float32)
        return matrix[[places[row] for row in asked]]

    @property
    def counted_from(self) -> Literal["labels", "predictions"]:
        """See `Gallery.counted_from`."""
        return "labels" if self.version.counted_from == "labels" else "predictions"

    @cached_property
    def shown_names(self) -> Sequence[str]:
        """See `Gallery.shown_names`; fetched when they are asked for."""
        if not self.version.hidden:
            return self._names
        return Names(
            len(self) - self.version.hidden,
            self._shown_name,
            lambda: self._all_names("hidden = 0"),
        )

    @cached_property
    def hidden_mask(self) -> np.ndarray | None:
        """See `Gallery.hidden_mask`."""
        if not self.version.hidden:
            return None
        mask = np.zeros(len(self), bool)
        found = self._connection.columns(f"SELECT row FROM {self._table} WHERE hidden != 0")
        mask[np.asarray(found[0] if found else [], np.intp)] = True
        return mask

    def probability(self, column: int) -> np.ndarray:
        """See `Gallery.probability`; NaN for faces that are not in the sample of the counts, and
        for those that are not there any more."""
        bound: Bound = {}
        chance_of = chance(self.readout, column, True, bound)
        found = self._connection.columns(
            f"SELECT row, toFloat32({chance_of}) FROM {self._table} "
            f"WHERE sample != 0 AND bitAnd(sample, {ALL}) != 0",
            bound,
        ) or [[], []]
        chances = np.full(len(self), np.nan, np.float32)
        chances[np.asarray(found[0], np.intp)] = found[1]
        return chances

    @property
    def hidden(self) -> int:
        """See `Gallery.hidden`."""
        return self.version.hidden

    def copies(self, row: int) -> list[str]:
        """See `Gallery.copies`."""
        if not self.version.copied:
            return []
        found = self._connection.columns(
            f"SELECT name FROM {self._table} "
            "WHERE copy_of = {row:UInt32} AND row != {row:UInt32} ORDER BY row",
            {"row": int(row)},
        )
        return [str(each) for each in found[0]] if found else []

    def _shown_name(self, place: int) -> str:
        (names,) = self._connection.columns(
            f"SELECT name FROM {self._table} WHERE hidden = 0 ORDER BY row "
            "LIMIT 1 OFFSET {place:UInt64}",
            {"place": place},
        )
        return str(names[0])

    def _all_names(self, condition: str = "1") -> Iterator[list[str]]:
        for start in range(0, len(self), PIECE):
            found = self._connection.columns(
                f"SELECT name FROM {self._table} WHERE row >= {{start:UInt32}} "
                f"AND row < {{stop:UInt32}} AND {condition} ORDER BY row",
                {"start": start, "stop": start + PIECE},
            )
            yield [str(name) for name in found[0]] if found else []

    def _rows(self, listed: str, rows: Sequence[int], bound: Bound | None = None) -> list[Any]:
        return self._connection.columns(
            f"SELECT row, {listed} FROM {self._table} WHERE row IN {{rows:Array(UInt32)}}",
            {**(bound or {}), "rows": list(rows)},
        )

    def _fetch(self, rows: Sequence[int]) -> Mapping[int, Face]:
        numbers, version = range(self._stored), self.version
        bound: Bound = {}
        taught = self._chances.taught(bound)
        predicted = ", ".join([*(f"p{column}" for column in numbers), *taught])
        labels = ", ".join(f"l{column}" for column in numbers) if version.labelled else ""
        listed = ["name", f"[{predicted}]", f"[{labels}]"]
        if version.detected:
            listed += ["photo", "width", "height", "box", "points", "measures", "shown"]
            listed += ["thumbnail"] if version.thumbnails else []
        found = self._rows(", ".join(listed), [row for row in rows if row >= 0], bound)
        names, measures = self.vocabulary.names, version.measures
        faces = {
            int(row): face_of(names, measures, *each) for row, *each in zip(*found, strict=True)
        }
        return {row: face for row, face in faces.items() if is_safe(face)}


def _with(steps: Sequence[str]) -> str:
    return f"WITH {', '.join(steps)}" if steps else ""
