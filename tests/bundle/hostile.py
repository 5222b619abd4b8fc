"""Makers of bundles that somebody means harm with, out of a good one."""

import hashlib
import json
import os
from pathlib import Path


def config_of(bundle: Path) -> dict:
    return json.loads((bundle / "config.json").read_text("utf-8"))


def write_config(bundle: Path, config: object) -> None:
    (bundle / "config.json").write_text(json.dumps(config), "utf-8")


def accept(bundle: Path, name: str) -> None:
    """Give a changed file its own checksum, as whoever changed it would."""
    config = config_of(bundle)
    config["sha256"][name] = hashlib.sha256((bundle / name).read_bytes()).hexdigest()
    write_config(bundle, config)


def link(bundle: Path, name: str, target: Path) -> None:
    """Put a link in the place of a file or folder."""
    place = bundle / name
    if place.is_dir() and not place.is_symlink():
        place.rename(place.with_name(f"{name}-before"))
    else:
        place.unlink(missing_ok=True)
    place.symlink_to(target)


def fifo(bundle: Path, name: str) -> None:
    """Put a pipe, from which reading never ends, in the place of a file."""
    (bundle / name).unlink(missing_ok=True)
    os.mkfifo(bundle / name)


def sparse(file: Path, tensor: str, size: int, others: dict[str, tuple[str, list[int]]]) -> None:
    """A safetensors file of bytes that are all holes; `others` are the tensors that it lacks."""
    about: dict = {tensor: {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}
    at = size
    for name, (kind, shape) in others.items():
        length = int(kind[1:]) // 8
        for each in shape:
            length *= each
        about[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, at + length]}
        at += length
    header = json.dumps(about).encode()
    header += b" " * (-len(header) % 8)
    with file.open("wb") as stream:
        stream.write(len(header).to_bytes(8, "little") + header)
        stream.truncate(8 + len(header) + at)


def values(config: object, path: tuple = ()) -> list[tuple]:
    """The places in a config at which there is a value, as the keys that lead there."""
    found = [path] if path else []
    entries = list(config.items()) if isinstance(config, dict) else []
    if isinstance(config, list):
        entries = list(enumerate(config))[:2]
    for key, value in entries[: 20 if not path else 4]:
        found += values(value, (*path, key))
    return found


def changed(config: dict, path: tuple, value: object) -> dict:
    """A copy of a config with another value at a place."""
    copy = json.loads(json.dumps(config))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copy
