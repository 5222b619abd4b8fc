"""The file of a gallery's embeddings: one safetensors tensor, read and checked column by column."""

import hashlib
import json
import os
import weakref
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from facesearch.errors import InputError
from facesearch.gallery import Columns

TENSOR = "embeddings"


def write_matrix(
    file: Path, columns: Iterable[np.ndarray], dim: int, rows: int
) -> tuple[list[str], np.ndarray]:
    """Write a gallery's D columns of N float32 each, as they come; the checksum of each, and the
    (D,) float32 mean of the rows."""
    about = {"dtype": "F32", "shape": [dim, rows], "data_offsets": [0, 4 * dim * rows]}
    header = json.dumps({TENSOR: about}).encode()
    header += b" " * (-len(header) % 8)
    checksums, mean = [], np.empty(dim, np.float32)
    with file.open("wb") as stream:
        stream.write(len(header).to_bytes(8, "little") + header)
        for number, column in enumerate(columns):
            values = np.ascontiguousarray(column, "<f4")
            checksums.append(hashlib.sha256(values.data).hexdigest())
            mean[number] = values.sum(dtype=np.float64) / max(rows, 1)
            stream.write(values.data)
    return checksums, mean


def open_matrix(file: Path, dim: int, rows: int, checksums: list[str]) -> Columns:
    """Columns of the file; each is read and checked when it is first asked for.

    Raises `InputError` at once where the file is missing, damaged or of another shape, and when a
    column is read, where it is not what its checksum says or holds no coordinates of unit rows.
    """
    if len(checksums) != dim:
        raise InputError(f"{file}: {len(checksums)} checksums of columns, expected {dim}.")
    try:
        with safe_open(file, framework="numpy") as opened:
            if list(opened.keys()) != [TENSOR]:
                raise InputError(f"{file}: tensor {TENSOR} is missing, or not alone.")
            tensor = opened.get_slice(TENSOR)
            if tensor.get_dtype() != "F32" or tensor.get_shape() != [dim, rows]:
                raise InputError(
                    f"{file}: {TENSOR} is {tensor.get_dtype()} {tuple(tensor.get_shape())}, "
                    f"expected F32 {(dim, rows)}."
                )
        stream = file.open("rb")  # the same file, also once another takes its place
    except FileNotFoundError:
        raise InputError(
            f"{file.parent}: {file.name} is missing; fetch or train the bundle again."
        ) from None
    except (SafetensorError, OSError) as error:
        raise InputError(
            f"{file}: not a whole safetensors file ({error}); fetch or train the bundle again."
        ) from None

    size = 4 * rows
    start = os.fstat(stream.fileno()).st_size - dim * size  # the numbers come last

    def read(column: int, into: np.ndarray) -> None:
        stream.seek(start + column * size)
        if rows:  # not mapped into memory, as it would be there twice
            stream.readinto(into.data.cast("B"))
        if hashlib.sha256(into.data).hexdigest() != checksums[column]:
            raise InputError(
                f"{file}: column {column} is not what its checksum says: truncated or changed. "
                "Fetch or train the bundle again."
            )
        if rows and not (into.min() >= -1.01 and into.max() <= 1.01):  # NaN fails too
            row = int(np.argmin(np.abs(into) <= 1.01))
            raise InputError(
                f"{file}: row {row} holds {into[row]} in column {column}; rows must be unit "
                "vectors. Make the bundle again."
            )

    def read_piece(first: int, stop: int) -> np.ndarray:
        piece = np.empty((dim, stop - first), np.float32)
        for column, values in enumerate(piece):
            stream.seek(start + column * size + 4 * first)
            stream.readinto(values.data.cast("B"))
        return piece

    empty = np.empty((dim, rows), np.float32)  # untouched pages take no memory
    columns = Columns(empty, read, read_piece)
    weakref.finalize(columns, stream.close)
    return columns
