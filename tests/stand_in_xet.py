"""What hf_xet sends, taken apart: shards, which say of what a file is made, and xorbs of chunks.

After https://github.com/huggingface/xet-core, its folder spec; hf_xet 1.8 sends it so.
"""

import struct
from collections.abc import Iterator

import lz4.frame

ENTRY = 48  # bytes of a shard's header and of each of its entries
VERIFIED, DESCRIBED = 1 << 31, 1 << 30  # of a file: further entries follow its segments
Segment = tuple[str, int, int]  # hash of a xorb, its first chunk and the one after its last


def files(shard: bytes) -> Iterator[list[Segment]]:
    """The segments of each file."""
    at = ENTRY
    while shard[at : at + 32] != b"\xff" * 32:
        flags, count = struct.unpack_from("<II", shard, at + 32)
        segments = []
        for _ in range(count):
            at += ENTRY
            first, end = struct.unpack_from("<II", shard, at + 40)
            words = struct.unpack_from("<4Q", shard, at)
            segments.append(("".join(f"{word:016x}" for word in words), first, end))
        at += ENTRY * (1 + (count if flags & VERIFIED else 0) + bool(flags & DESCRIBED))
        yield segments


def chunks(xorb: bytes) -> list[bytes]:
    """The contents of a xorb's chunks."""
    found, at = [], 0
    while at < len(xorb):
        assert xorb[at] == 0, "another version of chunks"
        size = int.from_bytes(xorb[at + 1 : at + 4], "little")
        whole = int.from_bytes(xorb[at + 5 : at + 8], "little")
        content = xorb[at + 8 : at + 8 + size]
        if xorb[at + 4]:
            content = lz4.frame.decompress(content)
        if xorb[at + 4] == 2:  # bytes 0, 4, 8, ... first, then bytes 1, 5, 9, ...
            ordered, start = bytearray(whole), 0
            for group in range(4):
                places = ordered[group::4]
                ordered[group::4] = content[start : start + len(places)]
                start += len(places)
            content = bytes(ordered)
        assert len(content) == whole
        found.append(content)
        at += 8 + size
    return found
