"""What a search ranks by: a vector to be near, and sets of attributes of which any may hold."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class AnyOf:
    """One or more attributes of which any may hold: its part of a score is
    `weight * log P(any holds)`, with the attributes taken as independent.

    Attributes:
        weight: how much it counts, beside the vector.
        wanted: (column of an attribute, whether its presence is meant, not its absence), each.
    """

    weight: float
    wanted: tuple[tuple[int, bool], ...]


@dataclass(frozen=True)
class Terms:
    """What a gallery is ranked by: `embeddings @ vector`, and each of `any_of` added.

    Attributes:
        vector: (D,) float32; of unit length where there is no any-of.
        any_of: what goes beyond a vector.
        without: a row that is left out, or None.
    """

    vector: np.ndarray
    any_of: tuple[AnyOf, ...] = ()
    without: int | None = None
