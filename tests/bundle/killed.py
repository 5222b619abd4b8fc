"""Writes a bundle over another one, again and again, killed before each file operation in turn.

Arguments: a folder, and "exchanged" or "renamed", which is how the new one gets its place. Prints
the number of operations, or what is wrong after one of them.
"""

import os
import sys
from pathlib import Path

from conftest import bundle_parts

from facesearch.bundle import open_bundle, replacing, write_bundle

OPERATIONS = ("open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "shutil.rmtree")


def write(path: Path, faces: int) -> None:
    config, tensors, drawn = bundle_parts(faces)
    write_bundle(path, config, tensors, drawn.faces, drawn.embeddings, "")


def killed_before(path: Path, operation: int) -> bool:
    """Write with a kill before the operation of that number; whether there was one."""
    child = os.fork()
    if child == 0:
        seen = 0

        def watch(event: str, arguments: tuple) -> None:
            nonlocal seen
            if event in OPERATIONS and str(path.parent) in str(arguments[0]):
                seen += 1
                if seen > operation:
                    os._exit(9)

        sys.addaudithook(watch)
        write(path, 6)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def main(folder: Path) -> None:
    operation, killed = 0, True
    while killed:
        place = folder / str(operation)
        place.mkdir()
        write(place / "bundle", 4)
        killed = killed_before(place / "bundle", operation)
        faces = len(open_bundle(place / "bundle"))
        if faces != (6 if not killed else faces) or faces not in (4, 6):
            raise SystemExit(f"{faces} faces after operation {operation}")
        for left in place.iterdir():  # as an hour later
            os.utime(left, (0, 0))
        write(place / "bundle", 5)
        names = sorted(each.name for each in place.iterdir())
        if len(open_bundle(place / "bundle")) != 5 or names != ["bundle"]:
            raise SystemExit(f"{names} after operation {operation}")
        operation += 1
    print(operation - 1)


if __name__ == "__main__":
    if sys.argv[2] == "renamed":  # as where two folders can't change places at once
        replacing._exchange = lambda *_: False
    main(Path(sys.argv[1]))
