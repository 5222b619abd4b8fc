"""An attribute taught by example, as bundles, the page and its files hold it."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from facesearch.errors import InputError, quoted
from facesearch.vocabulary import check_name

GROUP = "Taught here"  # of a vocabulary
FIELDS = frozenset({"name", "model", "weight", "bias", "like", "unlike", "told_apart"})
MOST_MARKS, LARGEST = 10**6, 1e9
MOST = 40  # attributes of one file, and of one question of the page


@dataclass(frozen=True, eq=False)
class Taught:
    """One more attribute of a model: `1 / (1 + exp(-(embedding @ weight + bias)))` is the chance
    that a face has it.

    Attributes:
        name: what the person who taught it calls it.
        model: which model's embeddings it reads (`Bundle.model`).
        weight: (D,) float32.
        bias: a number.
        like, unlike: how many faces with and without it were shown.
        told_apart: how well it does on its own marks, 0.5 by chance and 1 at best; see `Lesson`.
    """

    name: str
    model: str
    weight: np.ndarray
    bias: float
    like: int
    unlike: int
    told_apart: float

    def as_json(self) -> dict[str, Any]:
        """Plain values; `from_json` reads them back. Numbers have six digits, which suffice."""
        return {
            "name": self.name,
            "model": self.model,
            "weight": [float(f"{value:.6g}") for value in self.weight.tolist()],
            "bias": float(f"{self.bias:.6g}"),
            "like": self.like,
            "unlike": self.unlike,
            "told_apart": round(self.told_apart, 4),
        }

    @classmethod
    def from_json(cls, values: Any) -> "Taught":
        """An attribute from what `as_json` gave; `InputError` for anything else."""
        if not isinstance(values, dict) or set(values) != FIELDS:
            raise InputError(
                f"{quoted(values)} is no taught attribute: it has {', '.join(sorted(FIELDS))}."
            )
        name, model, weight = values["name"], values["model"], values["weight"]
        check_name(name)
        numbers = [values["bias"], values["told_apart"]]
        if not isinstance(weight, list) or not all(map(_is_number, [*weight, *numbers])):
            raise InputError(
                f"The taught attribute {quoted(name)} holds what are no numbers, or too large."
            )
        counts = values["like"], values["unlike"]
        if not all(type(count) is int and 0 <= count <= MOST_MARKS for count in counts):
            raise InputError(f"The taught attribute {quoted(name)} has no counts of its marks.")
        if not isinstance(model, str):
            raise InputError(f"The taught attribute {quoted(name)} names no model.")
        vector = np.array(weight, np.float64)
        bias, told_apart = map(float, numbers)
        return cls(
            name, model, vector.astype(np.float32), bias, *counts, min(max(told_apart, 0.0), 1.0)
        )


def read_file(text: str) -> list[Taught]:
    """The attributes that somebody saved: `{"taught": [...]}`; `InputError` for anything else."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("This is no JSON; give a file of taught attributes.") from None
    return read_list(values.get("taught") if isinstance(values, dict) else None)


def read_list(values: Any) -> list[Taught]:
    """Attributes from a list of what `Taught.as_json` gave; `InputError` for anything else."""
    if not isinstance(values, list) or not 1 <= len(values) <= MOST:
        raise InputError(f"There is no list of taught attributes, of 1 to {MOST}.")
    return [Taught.from_json(each) for each in values]


def _is_number(value: Any) -> bool:
    is_one = isinstance(value, int | float) and not isinstance(value, bool)
    return is_one and abs(value) < LARGEST  # of NaN, too, no
