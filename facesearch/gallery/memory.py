"""A gallery in the memory of this process: its faces searched, counted and told of."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Literal

import numpy as np

from facesearch.attributes import Query
from facesearch.errors import InputError, quoted
from facesearch.gallery import precise
from facesearch.gallery.columns import Columns
from facesearch.gallery.counts import Counter, Counts
from facesearch.gallery.faces import Face, Faces
from facesearch.gallery.search import best, check_k, weighted_sum
from facesearch.gallery.terms import AnyOf, Terms
from facesearch.vocabulary import Vocabulary

KEPT = 2  # searches whose memory is used again
PIECE = 1 << 12  # faces whose columns are gathered at a time
SAMPLED = 1 << 20  # faces beyond which counts are taken from a sample


def sample_step(faces: int) -> int:
    """One in how many of so many faces is counted."""
    return -(-faces // SAMPLED) or 1


class Gallery:
    """N faces with their embeddings; what a page needs are `top`, `counts` and `records`.

    Args:
        faces: names, labels and where the faces come from.
        columns: the (N, D) embeddings.
        readout: (A, D) and (A,) float32, from embeddings to logits of attributes.
        vocabulary: of the A attributes.
        unavailable: attributes of which the model knows nothing.
    """

    def __init__(
        self,
        faces: Faces,
        columns: Columns,
        readout: tuple[np.ndarray, np.ndarray],
        vocabulary: Vocabulary,
        unavailable: Sequence[str] = (),
    ) -> None:
        self.faces, self.columns, self.vocabulary = faces, columns, vocabulary
        self.unavailable = tuple(unavailable)
        self.readout = readout
        self._counting = threading.Lock()
        self._scratch: list[np.ndarray] = []  # memory for scores, used again
        self._counters: dict[bool, Counter] = {}

    def __len__(self) -> int:
        return len(self.faces)

    def top(
        self, terms: Terms, k: int, after: int = 0, *, hidden: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the faces that fit best, best first, and their scores; equal scores rank by row.

        Args:
            terms: what is asked.
            k: how many, at least 1; fewer where there are no more.
            after: how many of the best are passed over.
            hidden: whether small and doubtful faces, and copies of others, are ranked too.
        """
        check_k(k)
        try:
            scores = self._scratch.pop()
        except IndexError:
            scores = np.empty(len(self), np.float32)
        weighted_sum(self.columns, terms.vector, scores)
        for term in terms.any_of:
            scores += term.weight * self._log_any(term)
        if terms.without is not None:
            scores[terms.without] = -np.inf
        if not hidden and self.hidden_mask is not None:
            scores[self.hidden_mask] = -np.inf
        if precise.is_plain(terms):
            rows = best(scores, k + after)
            found = scores[rows]
        else:
            rows, found = self._settled(terms, scores, k + after)
        if len(self._scratch) < KEPT:
            self._scratch.append(scores)
        return rows[after:], found[after:]

    def _settled(self, terms: Terms, scores: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The best k, and their scores, of those that may be among them by (N,) scores that are
        a little off; see `precise`."""
        columns = precise.needed(terms, self.readout)
        off = precise.error(terms, self.readout, precise.SINGLE)
        rows = best(scores, k)
        if len(rows) == k:
            rows = np.flatnonzero(scores >= float(scores[rows[-1]]) - 2 * off)
        else:
            rows = np.sort(rows)
        matrix, starts = self.columns.need(columns), range(0, len(rows), precise.PIECE)
        pieces = (matrix[np.ix_(columns, rows[at : at + precise.PIECE])] for at in starts)
        settled = precise.score(terms, self.readout, columns, pieces)
        order = np.argsort(-settled, kind="stable")[:k]
        return rows[order], settled[order].astype(np.float32)

    def counts(self, query: Query, *, joined: bool = False, hidden: bool = False) -> Counts:
        """How many faces have what is asked, and would with each attribute added; see `Counter`.
        With `hidden`, of all faces, as in `top`."""
        return self._counter(hidden and self.hidden_mask is not None).count(query, joined=joined)

    def chances(self, query: Query, rows: np.ndarray) -> np.ndarray:
        """(k,) float32: how likely each of these faces has all that is asked: by its labels where
        it has them, else as the model predicts."""
        present = self._present(rows)
        return Counter(self._known_only(present), self.vocabulary).chance(query)

    def records(self, rows: Sequence[int] | np.ndarray) -> list[Face]:
        """What is known of these faces."""
        rows = np.asarray(rows, np.intp)
        predicted, labels = self.predicted(rows).T.tolist(), self.faces.labels
        names = self.vocabulary.names
        records = []
        for row, place, values in zip(rows.tolist(), self.places(rows), predicted, strict=True):
            known = [] if labels is None else labels[:, row].tolist()
            records.append(
                replace(
                    place,
                    labels={
                        n: bool(label) for n, label in zip(names, known, strict=False) if label >= 0
                    },
                    predicted=dict(zip(names, values, strict=True)),
                )
            )
        return records

    def extended(self, vocabulary: Vocabulary, readout: tuple[np.ndarray, np.ndarray]) -> "Gallery":
        """The same faces with further attributes after their own, of which nobody labelled any."""
        return Gallery(self.faces, self.columns, readout, vocabulary, self.unavailable)

    def places(self, rows: Sequence[int] | np.ndarray) -> list[Face]:
        """Where these faces come from: their records, less labels and predictions."""
        return [self.faces.record(int(row)) for row in rows]

    def beside(self, row: int) -> list[Face]:
        """Where the faces of a face's photograph come from, itself among them, left to right; none
        where faces were not detected."""
        found = self.faces.detections
        if found is None:
            return []
        rows = np.flatnonzero(found.photo == found.photo[row])
        return self.places(rows[np.argsort(found.boxes[rows, 0], kind="stable")])

    def find(self, face: object) -> int:
        """The row of a face, by its name (or row); `InputError` for one that isn't there."""
        row = self.faces.names.find(face) if isinstance(face, str) else face
        if isinstance(row, int | np.integer) and not isinstance(row, bool) and 0 <= row < len(self):
            return int(row)
        such = f", such as {self.faces.names[0]!r}" if len(self) else ""
        raise InputError(
            f"There is no face {quoted(face)} in this gallery of {len(self):,}: "
            f"give the name of one as a search returns it{such}."
        )

    def vectors(self, rows: Sequence[int] | np.ndarray) -> np.ndarray:
        """(k, D) float32 embeddings of these faces."""
        return self.columns.need()[:, rows].T

    def predicted(self, rows: np.ndarray | slice = slice(None)) -> np.ndarray:
        """(A, k) float32: the predicted probability of each attribute for these faces."""
        used = np.flatnonzero(self.readout[0].any(axis=0))
        matrix, asked = self.columns.need(used), np.arange(len(self))[rows]
        return self._read(used, len(asked), lambda block: matrix[np.ix_(used, asked[block])])

    def predicted_of(self, piece: np.ndarray) -> np.ndarray:
        """(A, n) float32: the same of (D, n) columns, not of this gallery's own; to the last bit
        what `predicted` gives of all faces, where the columns begin at a multiple of `PIECE`."""
        used = np.flatnonzero(self.readout[0].any(axis=0))
        return self._read(used, piece.shape[1], lambda block: piece[used, block])

    def _read(self, used: np.ndarray, n: int, columns: Callable[[slice], np.ndarray]) -> np.ndarray:
        """(A, n) float32: probabilities, from the columns that are used, a piece at a time."""
        weights, bias = self.readout
        weights = weights[:, used]
        found = np.empty((len(weights), n), np.float32)
        for start in range(0, n, PIECE):
            block = slice(start, start + PIECE)
            found[:, block] = _sigmoid(weights @ columns(block) + bias[:, None])
        return found

    @property
    def labelled(self) -> bool:
        """Whether any face has a label."""
        return self.faces.labels is not None

    @property
    def counted_from(self) -> Literal["labels", "predictions"]:
        """Whether the counts of all attributes, but for taught ones, are exact, by label, or
        estimated from predictions wherever a label is missing."""
        labels = self.faces.labels
        if labels is None:
            return "predictions"
        known = [
            column
            for column, name in enumerate(self.vocabulary.names[: len(labels)])
            if name not in self.unavailable
        ]
        return "labels" if (labels[known] >= 0).all() else "predictions"

    @cached_property
    def shown_names(self) -> tuple[str, ...]:
        """The names of the faces that are shown by default, in row order."""
        names, hidden = self.faces.names, self.hidden_mask
        if hidden is None:
            return tuple(names)
        return tuple(names[row] for row in np.flatnonzero(~hidden).tolist())

    @cached_property
    def hidden_mask(self) -> np.ndarray | None:
        """(N,) bool: which faces are hidden by default; None where none is."""
        found = self.faces.detections
        if found is None:
            return None
        hidden = ~found.shown | (found.copy_of != np.arange(len(self)))
        return hidden if hidden.any() else None

    @property
    def hidden(self) -> int:
        """How many faces are hidden by default."""
        return 0 if self.hidden_mask is None else int(self.hidden_mask.sum())

    def copies(self, row: int) -> list[str]:
        """The names of the near-copies that a face stands for."""
        found = self.faces.detections
        if found is None:
            return []
        copies = np.flatnonzero(found.copy_of == row).tolist()
        return [self.faces.names[each] for each in copies if each != row]

    def _counter(self, hidden: bool) -> Counter:
        with self._counting:  # made once, whoever asks first
            if hidden not in self._counters:
                self._counters[hidden] = self._make_counter(hidden)
            return self._counters[hidden]

    def _make_counter(self, hidden: bool) -> Counter:
        rows = np.arange(len(self))
        if self.hidden_mask is not None and not hidden:
            rows = rows[~self.hidden_mask]
        counted = rows[:: sample_step(len(rows))]
        everything = len(counted) == len(self)
        present = self._known_only(self._present(slice(None) if everything else counted))
        return Counter(present, self.vocabulary, len(rows) / max(1, len(counted)))

    def _known_only(self, present: np.ndarray) -> np.ndarray:
        """`present`, with NaN for the attributes of which nothing is known."""
        present[[self.vocabulary.index(name) for name in self.unavailable]] = np.nan
        return present

    def _present(self, rows: np.ndarray | slice) -> np.ndarray:
        """(A, k) float32: 1 or 0 where a face has a label, else what the model predicts."""
        labels = self.faces.labels
        if labels is None:
            return self.predicted(rows)
        known = labels[:, rows]
        if (known >= 0).all() and len(known) == len(self.vocabulary):
            return known.astype(np.float32)
        present = self.predicted(rows)
        np.copyto(present[: len(known)], known, where=known >= 0)  # taught ones have no labels
        return present

    def probability(self, column: int, *, present: bool = True) -> np.ndarray:
        """(N,) float32: the predicted probability that an attribute is there, or is not, from the
        columns that it reads."""
        weight, bias = self.readout[0][column], self.readout[1][column]
        used = np.flatnonzero(weight)
        if len(used) > 2:  # of a taught one: all of them
            logits = weighted_sum(self.columns, weight) + bias
            return _sigmoid(logits if present else -logits)
        matrix = self.columns.need(used)
        logits = np.full(len(self), bias, np.float32)
        for i in used:
            logits += weight[i] * matrix[i]
        return _sigmoid(logits if present else -logits)

    def _log_any(self, term: AnyOf) -> np.ndarray:
        """(N,) float32: the log-probability that any of these holds, at least log 1e-12."""
        any_holds = np.zeros(len(self), np.float32)
        for column, present in term.wanted:
            p = self.probability(column, present=present)
            any_holds += p - any_holds * p
        return np.log(np.maximum(any_holds, precise.LEAST))


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):  # of a logit far below 0, whose probability is 0
        return (1 / (1 + np.exp(-logits))).astype(np.float32)
