"""Which table of an engine holds the gallery now: one row says so, another row is the switch."""

import json
from dataclasses import asdict, dataclass

from facesearch.errors import InputError
from facesearch.gallery.engine.address import EngineAddress
from facesearch.gallery.engine.connection import Connection


@dataclass(frozen=True)
class Version:
    """One gallery as it was loaded.

    Attributes:
        fingerprint: of its bundle.
        bundle: the folder or Hub repository that it was loaded from, which has its model.
        model: fingerprint of what makes and reads its vectors.
        faces: how many rows.
        dim: how many numbers an embedding has.
        mean: the mean embedding.
        hidden: how many faces are hidden by default.
        counted_from: "labels" or "predictions".
        labelled, detected, copied, thumbnails: whether faces have labels, were detected, some
            stand for near-copies, have small pictures.
        measures: names of what was measured of each face.
        checksums: of each column.
    """

    fingerprint: str
    bundle: str
    model: str
    faces: int
    dim: int
    mean: tuple[float, ...]
    hidden: int
    counted_from: str
    labelled: bool
    detected: bool
    copied: bool
    thumbnails: bool
    measures: tuple[str, ...]
    checksums: tuple[int, ...]

    def table(self, address: EngineAddress) -> str:
        """The name of its table."""
        return f"{address.table}_{self.fingerprint}"


def prepare(connection: Connection) -> None:
    """Make the table of versions, unless it is there; on a cluster every machine has all of it."""
    address = connection.address
    on, engine = "", "MergeTree"
    if address.cluster is not None:
        on = f" ON CLUSTER `{address.cluster}`"
        engine = (
            f"ReplicatedMergeTree('/clickhouse/tables/all/{{database}}/{address.table}_versions', "
            "'{shard}-{replica}')"
        )
    connection.command(
        f"CREATE TABLE IF NOT EXISTS `{address.table}_versions`{on} "
        "(loaded DateTime64(6), fingerprint String, about String) "
        f"ENGINE = {engine} ORDER BY loaded"
    )


def versions(connection: Connection) -> list[Version]:
    """Those that were switched to, the present one first, each once."""
    table = f"{connection.address.table}_versions"
    found = connection.columns(
        f"SELECT argMax(about, loaded) FROM `{table}` "
        "GROUP BY fingerprint ORDER BY max(loaded) DESC"
    )
    return [_read(connection, text) for text in found[0]] if found else []


def current_version(connection: Connection) -> Version:
    """The present one; `InputError` where none has been loaded."""
    found = versions(connection)
    if not found:
        raise InputError(
            f"The engine ({connection.address}) has no faces in {connection.address.table!r} yet. "
            "Load a bundle with: python -m facesearch load BUNDLE --engine URL"
        )
    return found[0]


def switch(connection: Connection, version: Version) -> None:
    """Make a version the present one."""
    connection.command(
        f"INSERT INTO `{connection.address.table}_versions` "
        "SELECT now64(6), {fingerprint:String}, {about:String}",
        {"fingerprint": version.fingerprint, "about": json.dumps(asdict(version))},
    )


def _read(connection: Connection, text: str) -> Version:
    try:
        about = json.loads(text)
        lists = ("mean", "measures", "checksums")
        return Version(**(about | {name: tuple(about[name]) for name in lists}))
    except (ValueError, TypeError, KeyError):
        raise InputError(
            f"The engine ({connection.address}) has a table {connection.address.table}_versions "
            "that this facesearch did not write, or a newer one did. Name another table in "
            "--engine, or update facesearch."
        ) from None
