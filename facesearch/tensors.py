"""Reading safetensors files: the one place where tensors come from a disk."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from facesearch.errors import InputError


def read_tensors(file: Path, only: Sequence[str] | None = None) -> dict[str, np.ndarray]:
    """Arrays of a safetensors file, all or those named and there."""
    try:
        with safe_open(file, framework="numpy") as tensors:
            keys = set(tensors.keys())
            return {name: tensors.get_tensor(name) for name in only or sorted(keys) if name in keys}
    except SafetensorError as error:
        raise InputError(
            f"{file}: not a whole safetensors file ({error}); fetch or train the bundle again."
        ) from None


def check_tensors(
    file: Path, tensors: Mapping[str, np.ndarray], shapes: Mapping[str, tuple[int, ...]]
) -> None:
    """`InputError` unless the tensors are those of `shapes`, by name and shape."""
    for name in sorted(set(tensors) ^ set(shapes)):
        what = "missing" if name in shapes else "not known to this facesearch"
        raise InputError(f"{file}: tensor {name} is {what}.")
    for name, shape in shapes.items():
        if tuple(tensors[name].shape) != tuple(shape):
            raise InputError(
                f"{file}: {name} has shape {tuple(tensors[name].shape)}, expected {tuple(shape)}."
            )
