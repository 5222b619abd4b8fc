"""Loading a gallery into an engine: in batches, resumable, checked, then switched to at once."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from facesearch.errors import InputError
from facesearch.gallery.engine.connection import Connection
from facesearch.gallery.engine.schema import (
    batch,
    checked,
    checksums,
    columns_of,
    creation,
    marks,
    removal,
)
from facesearch.gallery.engine.versions import Version, prepare, switch, versions
from facesearch.gallery.memory import Gallery

ROWS = 1 << 17  # of a batch, which one block holds: it is there whole or not at all
KEPT = 2  # versions whose tables stay: the present one, and the one that running pages may be on


def load(
    connection: Connection,
    gallery: Gallery,
    version: Version,
    progress: Callable[[int, int], None] = lambda rows, total: None,
) -> bool:
    """Load a gallery, and switch to it once all is there and right; whether anything had to be
    done. Batches that a stopped run has loaded stay. Earlier versions than the last one go.

    Args:
        version: of the gallery, less its checksums.
        progress: told of rows that are there as they come, and of how many there will be.

    Raises `EngineError` where the engine fails, `InputError` where what it holds at the end is not
    what was sent.
    """
    address, columns = connection.address, columns_of(gallery)
    prepare(connection)
    table, known = version.table(address), versions(connection)
    for statement in creation(address, table, columns):
        connection.command(statement)
    there = _counts(connection, table)
    marked = marks(gallery)
    total, sent = np.zeros(len(columns), np.uint64), False
    for start in range(0, len(gallery), ROWS):
        stop = min(start + ROWS, len(gallery))
        values = batch(gallery, columns, marked, start, stop)
        total += checksums(values, columns)
        held = there.get(start // ROWS, (0, 0))
        if held != (stop - start, stop - start):
            if held[0]:  # a batch of which some shards lack a part
                _take_out(connection, table, start, stop)
            connection.insert(table, values, list(columns.values()))
            sent = True
        progress(stop - start, len(gallery))
    _check(connection, table, columns, len(gallery), total)
    done = replace(version, checksums=tuple(int(each) for each in total))
    if not known or known[0] != done:
        switch(connection, done)
        sent = True
    for old in [each for each in known if each.fingerprint != version.fingerprint][KEPT - 1 :]:
        for statement in removal(address, old.table(address)):
            connection.command(statement)
    return sent


def _counts(connection: Connection, table: str) -> dict[int, tuple[int, int]]:
    """Of each batch, how many rows are there, and how many different ones."""
    found = connection.columns(
        f"SELECT intDiv(row, {ROWS}) AS number, count(), uniqExact(row) FROM `{table}` "
        "GROUP BY number"
    )
    return {int(number): (int(n), int(m)) for number, n, m in zip(*found, strict=True)}


def _take_out(connection: Connection, table: str, start: int, stop: int) -> None:
    address = connection.address
    local = f"`{table}`" if address.cluster is None else f"`{table}_local`"
    on = "" if address.cluster is None else f" ON CLUSTER `{address.cluster}`"
    connection.command(
        f"ALTER TABLE {local}{on} DELETE WHERE row >= {start:d} AND row < {stop:d} "
        "SETTINGS mutations_sync = 2"
    )


def _check(
    connection: Connection, table: str, columns: dict[str, str], faces: int, total: np.ndarray
) -> None:
    found = connection.columns(f"SELECT count(), {', '.join(checked(columns))} FROM `{table}`")
    count, sums = int(found[0][0]), np.array([int(each[0]) for each in found[1:]], np.uint64)
    if count != faces:
        raise InputError(
            f"The engine ({connection.address}) holds {count:,} faces of {faces:,} that were sent. "
            "Give the same command again."
        )
    wrong = [name for name, good in zip(columns, sums == total, strict=True) if not good]
    if wrong:
        raise InputError(
            f"The engine ({connection.address}) holds other values in {', '.join(wrong[:5])} than "
            f"were sent: somebody has changed {table}. Drop that table, and give the same command "
            "again."
        )
