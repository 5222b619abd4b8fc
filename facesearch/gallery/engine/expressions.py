"""SQL for scores and chances: the arithmetic of the gallery in memory, in the order of its steps.

An engine computes with 64 bits what two numbers of 32 give, and rounding that to 32 bits is what
32-bit arithmetic gives (Figueroa, "When is double rounding innocuous?", 1995). So the few columns
of a plain query are rounded at each step, as `search.weighted_sum` adds them up. Other scores are
of double precision, as `precise.score` computes them: products of 32-bit numbers are exact there,
so that a sum has the same bits in both; only logarithms of an any-of may differ in the last.
"""

from collections.abc import Callable, Sequence

import numpy as np

from facesearch.gallery import precise
from facesearch.gallery.counts import Product, Term
from facesearch.gallery.precise import Readout
from facesearch.gallery.terms import AnyOf, Terms
from facesearch.vocabulary import Vocabulary

Bound = dict[str, float | int]  # parameters of a query, by name


def score(terms: Terms, readout: Readout, bound: Bound) -> tuple[list[str], str]:
    """The named steps (for WITH) and the expression of a face's score; values go into `bound`."""
    vector = np.asarray(terms.vector, np.float32)
    if precise.is_plain(terms):
        return [], _few(vector, bound)
    steps: list[str] = []
    total = _sum(vector, 0.0, "w", bound)
    for number, term in enumerate(terms.any_of):
        weight, holds = f"any{number}", _any_holds(term, readout, f"h{number}", steps, bound)
        bound[weight], bound["least"] = float(term.weight), precise.LEAST
        total = f"{total} + {{{weight}:Float64}} * log(greatest({holds}, {{least:Float64}}))"
    return steps, total


def _few(vector: np.ndarray, bound: Bound) -> str:
    """As `search.weighted_sum` adds up a few columns, in 32 bits."""
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


def _sum(weights: np.ndarray, start: float, name: str, bound: Bound) -> str:
    """As `precise` adds up columns, in 64 bits."""
    bound[f"{name}s"] = float(start)
    total = f"{{{name}s:Float64}}"
    for column in np.flatnonzero(weights).tolist():
        bound[f"{name}{column}"] = float(weights[column])
        total = f"{total} + e{column} * {{{name}{column}:Float64}}"
    return total


def chance(readout: Readout, column: int, present: bool, bound: Bound) -> str:
    """How likely a face has an attribute, or lacks it, in 64 bits."""
    weight, bias = readout[0][column], float(readout[1][column])
    sign = "-" if present else ""
    return f"1 / (1 + exp({sign}({_sum(weight, bias, f'r{column}_', bound)})))"


def _any_holds(term: AnyOf, readout: Readout, name: str, steps: list[str], bound: Bound) -> str:
    """As `precise` does it; each step gets a name, as the next one reads it twice."""
    before = "toFloat64(0)"
    for number, (column, present) in enumerate(term.wanted):
        p, step = f"{name}_p{number}", f"{name}_{number}"
        steps.append(f"{chance(readout, column, present, bound)} AS {p}")
        steps.append(f"{before} + ({p} - {before} * {p}) AS {step}")
        before = step
    return before


class Chances:
    """Expressions of how likely a face has what is asked, as `counts.Counter` computes it.

    Args:
        vocabulary: of the A attributes.
        readout: their (A, D) and (A,).
        stored: how many of them, the first ones, the engine has predictions of, and labels; the
            others were taught.
        known: (A,) of which attributes anything is known.
        labelled: whether faces have labels, which go before predictions.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        readout: Readout,
        stored: int,
        known: Sequence[bool],
        *,
        labelled: bool,
    ) -> None:
        self._index: Callable[[str], int] = vocabulary.index
        self._readout, self._stored = readout, stored
        self._known, self._labelled = known, labelled

    def taught(self, bound: Bound) -> list[str]:
        """Steps that name the predictions which the engine does not have."""
        return [
            f"toFloat32({chance(self._readout, column, True, bound)}) AS t{column}"
            for column in range(self._stored, len(self._known))
        ]

    def present(self, column: int) -> str:
        """How likely a face has one attribute: 1 or 0 by its label, else as predicted."""
        if not self._known[column]:
            return "toFloat32(0)"
        if column >= self._stored:
            return f"t{column}"
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
