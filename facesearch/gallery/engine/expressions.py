"""SQL for scores and chances, which gives the very numbers that the gallery in memory computes.

An engine computes with 64 bits what two numbers of 32 give, and rounding that to 32 bits is what
32-bit arithmetic gives (Figueroa, "When is double rounding innocuous?", 1995). So each step is
rounded, in the order of `search.weighted_sum` and `counts.Counter`.
"""

from collections.abc import Callable, Sequence

import numpy as np

from facesearch.gallery.counts import Product, Term
from facesearch.gallery.memory import LEAST
from facesearch.gallery.terms import AnyOf, Terms
from facesearch.vocabulary import Vocabulary

Bound = dict[str, float | int]  # parameters of a query, by name


def score(terms: Terms, bound: Bound) -> tuple[list[str], str]:
    """The named steps (for WITH) and the expression of a face's score; values go into `bound`."""
    steps: list[str] = []
    total = _weighted_sum(np.asarray(terms.vector, np.float32), bound)
    for number, term in enumerate(terms.any_of):
        weight, holds = f"any{number}", _any_holds(term, f"h{number}", steps)
        bound[weight], bound["least"] = float(term.weight), float(LEAST)
        log = f"log(greatest({holds}, {{least:Float32}}))"
        total = f"toFloat32({total} + {{{weight}:Float64}} * {log})"
    return steps, total


def _weighted_sum(vector: np.ndarray, bound: Bound) -> str:
    """As `search.weighted_sum` adds it up."""
    used = np.flatnonzero(vector).tolist()
    if not used:
        return "toFloat32(0)"
    if (vector[used] == vector[used[0]]).all():
        bound["w"] = float(vector[used[0]])
        total = f"e{used[0]}"
        for column in used[1:]:
            total = f"toFloat32({total} + e{column})"
        return f"toFloat32({total} * {{w:Float32}})"
    bound |= {f"w{column}": float(vector[column]) for column in used}
    products = [f"toFloat32(e{column} * {{w{column}:Float32}})" for column in used]
    total = products[0]
    for product in products[1:]:
        total = f"toFloat32({total} + {product})"
    return total


def _any_holds(term: AnyOf, name: str, steps: list[str]) -> str:
    """As `Gallery._log_any` does it; each step gets a name, as the next one reads it twice."""
    before = "toFloat32(0)"
    for number, (column, present) in enumerate(term.wanted):
        p = f"p{column}" if present else f"toFloat32(1 - p{column})"
        step = f"{name}_{number}"
        steps.append(f"toFloat32({before} + toFloat32({p} - toFloat32({before} * {p}))) AS {step}")
        before = step
    return before


class Chances:
    """Expressions of how likely a face has what is asked, as `counts.Counter` computes it.

    Args:
        vocabulary: of the A attributes.
        known: (A,) of which attributes anything is known.
        labelled: whether faces have labels, which go before predictions.
    """

    def __init__(self, vocabulary: Vocabulary, known: Sequence[bool], *, labelled: bool) -> None:
        self._index: Callable[[str], int] = vocabulary.index
        self._known, self._labelled = known, labelled

    def present(self, column: int) -> str:
        """How likely a face has one attribute: 1 or 0 by its label, else as predicted."""
        if not self._known[column]:
            return "toFloat32(0)"
        if not self._labelled:
            return f"p{column}"
        return f"if(l{column} >= 0, toFloat32(l{column}), p{column})"

    def product(self, terms: Product) -> str:
        """How likely a face has all of these."""
        holds = [self._holds(term) for term in terms] or ["toFloat32(1)"]
        product = holds[0]
        for each in holds[1:]:
            product = f"toFloat32({product} * {each})"
        return product

    def _holds(self, term: Term) -> str:
        sign, names = term
        columns = [self._index(name) for name in names]
        if not all(self._known[column] for column in columns):
            return "toFloat32(0)"
        if sign > 0 and len(columns) == 1:
            return self.present(columns[0])
        lacking = [f"toFloat32(1 - {self.present(column)})" for column in columns]
        product = lacking[0]
        for each in lacking[1:]:
            product = f"toFloat32({product} * {each})"
        return product if sign < 0 else f"toFloat32(1 - {product})"
