"""The tables of a gallery in an engine: their columns, how they are made, and a batch of rows."""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from facesearch.gallery.engine.address import EngineAddress
from facesearch.gallery.memory import Gallery, sample_step

SHOWN, ALL = 1, 2  # bits of `sample`: counted of the faces that are shown, and of all
DETECTED = {
    "photo": "String",
    "width": "UInt32",
    "height": "UInt32",
    "box": "Array(Float32)",
    "points": "Array(Float32)",
    "measures": "Array(Float32)",
    "shown": "UInt8",
    "copy_of": "UInt32",
}
PRIME = 65_521  # the largest below 2**16


def columns_of(gallery: Gallery) -> dict[str, str]:
    """Each column of a gallery's table and its type."""
    numbers = range(len(gallery.vocabulary))
    columns = {"row": "UInt32", "name": "String", "hidden": "UInt8", "sample": "UInt8"}
    columns |= {f"e{column}": "Float32" for column in range(gallery.columns.dim)}
    columns |= {f"p{column}": "Float32" for column in numbers}
    if gallery.faces.labels is not None:
        columns |= {f"l{column}": "Int8" for column in numbers}
    if gallery.faces.detections is not None:
        columns |= DETECTED
        if gallery.faces.detections.thumbnails is not None:
            columns["thumbnail"] = "String"
    return columns


def creation(address: EngineAddress, table: str, columns: Mapping[str, str]) -> list[str]:
    """The statements that make a gallery's table, unless it is there: one on each machine of a
    cluster, replicated, and one that distributes.

    Rows that are counted lie together, so that a count of a sample reads only those.
    """
    listed = ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
    body = f"({listed}, INDEX by_name `name` TYPE bloom_filter(0.001) GRANULARITY 1)"
    order = "ORDER BY (`sample` = 0, `row`)"
    if address.cluster is None:
        return [f"CREATE TABLE IF NOT EXISTS `{table}` {body} ENGINE = MergeTree {order}"]
    cluster = f"`{address.cluster}`"
    path = f"'/clickhouse/tables/{{shard}}/{{database}}/{table}_local', '{{replica}}'"
    return [
        f"CREATE TABLE IF NOT EXISTS `{table}_local` ON CLUSTER {cluster} {body} "
        f"ENGINE = ReplicatedMergeTree({path}) {order}",
        f"CREATE TABLE IF NOT EXISTS `{table}` ON CLUSTER {cluster} AS `{table}_local` "
        f"ENGINE = Distributed({cluster}, currentDatabase(), `{table}_local`, `row`)",
    ]


def removal(address: EngineAddress, table: str) -> list[str]:
    """The statements that drop such a table."""
    if address.cluster is None:
        return [f"DROP TABLE IF EXISTS `{table}`"]
    on = f"ON CLUSTER `{address.cluster}` SYNC"
    return [f"DROP TABLE IF EXISTS `{table}` {on}", f"DROP TABLE IF EXISTS `{table}_local` {on}"]


def marks(gallery: Gallery) -> dict[str, np.ndarray]:
    """(N,) uint8 each: `hidden`, whether a face is hidden by default, and `sample`, the bits of the
    counts that it is a part of, as `Gallery.counts` takes its sample."""
    n = len(gallery)
    hidden = np.zeros(n, bool) if gallery.hidden_mask is None else gallery.hidden_mask
    bits = np.zeros(n, np.uint8)
    for bit, rows in ((SHOWN, np.flatnonzero(~hidden)), (ALL, np.arange(n))):
        bits[rows[:: sample_step(len(rows))]] |= bit
    return {"hidden": hidden.astype(np.uint8), "sample": bits}


def batch(
    gallery: Gallery,
    columns: Mapping[str, str],
    marked: Mapping[str, np.ndarray],
    start: int,
    stop: int,
) -> dict[str, Any]:
    """The rows from `start` to `stop`, column by column; `marked` as `marks` gives it."""
    rows = slice(start, stop)
    piece = gallery.columns.piece(start, stop)
    values: dict[str, Any] = {
        "row": np.arange(start, stop, dtype=np.uint32),
        "name": gallery.faces.names[rows],
    }
    values |= {name: each[rows] for name, each in marked.items()}
    values |= {f"e{column}": each for column, each in enumerate(piece)}
    predicted = gallery.predicted_of(piece)
    values |= {f"p{column}": each for column, each in enumerate(predicted)}
    if gallery.faces.labels is not None:
        values |= {f"l{column}": each[rows] for column, each in enumerate(gallery.faces.labels)}
    found = gallery.faces.detections
    if found is not None:
        sizes = found.sizes[found.photo[rows]]
        values |= {
            "photo": [gallery.faces.photo(row) for row in range(start, stop)],
            "width": sizes[:, 0].astype(np.uint32),
            "height": sizes[:, 1].astype(np.uint32),
            "box": found.boxes[rows].tolist(),
            "points": found.points[rows].reshape(stop - start, -1).tolist(),
            "measures": np.stack([*found.measures.values()], 1)[rows].astype(np.float32).tolist()
            if found.measures
            else [[]] * (stop - start),
            "shown": found.shown[rows].astype(np.uint8),
            "copy_of": found.copy_of[rows].astype(np.uint32),
        }
        if found.thumbnails is not None:
            values["thumbnail"] = found.thumbnails[rows]
    return {name: values[name] for name in columns}


def checked(columns: Mapping[str, str]) -> list[str]:
    """Expressions of a checksum of each column; `checksums` computes the same here."""
    weight = f"(toUInt64(row) % {PRIME} + 1)"
    return [f"sum({_code(name, kind)} * {weight})" for name, kind in columns.items()]


def _code(name: str, kind: str) -> str:
    if kind == "Float32":
        return f"toUInt64(reinterpretAsUInt32(`{name}`))"
    if kind == "String":
        return f"toUInt64(CRC32(`{name}`))"
    if kind == "Array(Float32)":
        return f"arraySum(x -> toUInt64(reinterpretAsUInt32(x)), `{name}`)"
    return f"toUInt64(`{name}` + 1)"


def checksums(values: Mapping[str, Any], columns: Mapping[str, str]) -> np.ndarray:
    """(columns,) uint64 of a batch; those of all batches add up, modulo 2**64."""
    weight = values["row"].astype(np.uint64) % PRIME + 1
    return np.array(
        [np.dot(_codes(values[name], kind), weight) for name, kind in columns.items()], np.uint64
    )


def _codes(values: Sequence[Any] | np.ndarray, kind: str) -> np.ndarray:
    if kind == "Float32":
        return np.ascontiguousarray(values, np.float32).view(np.uint32).astype(np.uint64)
    if kind == "String":
        return np.array([zlib.crc32(text.encode()) for text in values], np.uint64)
    if kind == "Array(Float32)":
        bits = [np.array(each, np.float32).view(np.uint32).sum(dtype=np.uint64) for each in values]
        return np.array(bits, np.uint64)
    return (np.asarray(values).astype(np.int64) + 1).astype(np.uint64)
