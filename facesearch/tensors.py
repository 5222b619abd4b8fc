"""Reading safetensors files: the one place where tensors come from a disk."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from facesearch.errors import InputError

FLOATS = ("F16", "F32", "F64")


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


def read_header(file: Path) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Type (as "F32") and shape of each tensor of a safetensors file; nothing else is read."""
    try:
        with safe_open(file, framework="numpy") as tensors:
            slices = {name: tensors.get_slice(name) for name in sorted(tensors.keys())}
            return {
                name: (part.get_dtype(), tuple(part.get_shape())) for name, part in slices.items()
            }
    except (SafetensorError, OSError) as error:
        raise InputError(
            f"{file}: not a whole safetensors file ({error}); fetch or train the bundle again."
        ) from None


def read_shaped(file: Path, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    """Float32 arrays of a safetensors file that have these shapes, which are checked before any
    is read; other arrays may be there. `InputError` for another shape or type."""
    header = read_header(file)
    for name, shape in shapes.items():
        if name not in header:
            raise InputError(f"{file}: tensor {name} is missing.")
        kind, found = header[name]
        if found != tuple(shape):
            raise InputError(f"{file}: {name} has shape {found}, expected {tuple(shape)}.")
        if kind not in FLOATS:
            raise InputError(f"{file}: {name} is of type {kind}, expected one of {FLOATS}.")
    tensors = read_tensors(file, tuple(shapes))
    return {name: tensor.astype(np.float32) for name, tensor in tensors.items()}


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
