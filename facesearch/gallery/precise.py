"""Scores in double precision, which settle the order of what single precision can't tell apart.

A sum of many columns is quickest by BLAS, in 32 bits and in an order that suits the processor, and
an any-of takes logarithms of 32 bits. So whatever may be among the best, given how far off such
scores can be, is scored once more here, a column after the other, and ranked by that.
"""

from collections.abc import Iterable

import numpy as np

from facesearch.gallery.terms import AnyOf, Terms

LEAST = 1e-12  # probability of an any-of
PIECE = 256  # faces
SINGLE, DOUBLE = 2.0**-24, 2.0**-53  # unit roundoff
LENGTH = 1.01  # of a row, at the most

Readout = tuple[np.ndarray, np.ndarray]  # (A, D), (A,) float32: from embeddings to logits


def is_plain(terms: Terms) -> bool:
    """Whether terms are a vector of which most is zero: a sum of a few columns in their order,
    which has the same bits wherever it is computed in 32 bits."""
    vector = terms.vector
    return not terms.any_of and 2 * int(np.count_nonzero(vector)) < len(vector)


def needed(terms: Terms, readout: Readout) -> np.ndarray:
    """The columns that a score is made of, in ascending order."""
    used = terms.vector != 0
    for term in terms.any_of:
        for column, _ in term.wanted:
            used = used | (readout[0][column] != 0)
    return np.flatnonzero(used)


def score(
    terms: Terms, readout: Readout, columns: np.ndarray, pieces: Iterable[np.ndarray]
) -> np.ndarray:
    """(m,) float64 scores of faces that come in pieces, (columns, n) float32 each: the columns of
    `needed`. `PIECE` faces at a time stay in the processor's cache.

    Each step is one of double precision, in the columns' order, so that a score does not depend on
    which faces are scored with it.
    """
    scores = [np.empty(0)]
    for rows in pieces:
        piece = rows.astype(np.float64)
        if piece.shape[1] == 1:  # NumPy would add up a single one in pairs
            piece = np.repeat(piece, 2, axis=1)
        total = _sum(terms.vector[columns], piece)
        for term in terms.any_of:
            holds = _any_holds(term, readout, piece, columns)
            total += float(term.weight) * np.log(np.maximum(holds, LEAST))
        scores.append(total[: rows.shape[1]])
    return np.concatenate(scores)


def error(terms: Terms, readout: Readout, roundoff: float) -> float:
    """How far off a score can be that was added up in any order, at a unit roundoff.

    A sum of n products is off by n roundoffs of the sum of their magnitudes at the most (Higham,
    "Accuracy and stability of numerical algorithms", 3.1), which is the product of both lengths at
    the most. An exponential or a logarithm may be off by four units in the last place.
    """
    length, off = float(np.linalg.norm(terms.vector)) * LENGTH, 0.0
    off += (len(terms.vector) + 2) * length
    for term in terms.any_of:
        # An error in a logit is the relative error of its probability, and so of what any holds.
        logits = [
            (np.count_nonzero(readout[0][column]) + 2)
            * (float(np.linalg.norm(readout[0][column])) * LENGTH + abs(float(readout[1][column])))
            for column, _ in term.wanted
        ]
        logarithm = -np.log(LEAST)
        off += abs(term.weight) * (max(logits) + 20 * len(term.wanted) + 20 * logarithm)
    return 1.1 * roundoff * off


def _any_holds(term: AnyOf, readout: Readout, piece: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """(m,) float64: the probability that any of these holds."""
    any_holds = np.zeros(piece.shape[1])
    for column, present in term.wanted:
        logits = _sum(readout[0][column][columns], piece, float(readout[1][column]))
        with np.errstate(over="ignore"):  # of a logit far below 0, whose probability is 0
            p = 1 / (1 + np.exp(-logits if present else logits))
        any_holds += p - any_holds * p
    return any_holds


def _sum(weights: np.ndarray, piece: np.ndarray, start: float = 0.0) -> np.ndarray:
    """(m,) float64, added up one after the other; products of 32-bit numbers are exact."""
    used = np.flatnonzero(weights)
    products = np.empty((len(used) + 1, piece.shape[1]))
    products[0] = start
    np.multiply(weights[used, None].astype(np.float64), piece[used], out=products[1:])
    return np.add.reduce(products, axis=0)
