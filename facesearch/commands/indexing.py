"""What `index` does, and `serve --photos` before it opens the page."""

import argparse
import json
import os
import signal
import sqlite3
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from facesearch.bundle import Bundle, check_target, open_bundle
from facesearch.bundle.of_photos import (
    Written,
    default_bundle,
    forget,
    index_beside,
    model_name,
    write_photos,
)
from facesearch.errors import InputError
from facesearch.photos.finding import DETAILS, Finder
from facesearch.photos.indexing import Changes, Progress, update
from facesearch.photos.measures import EYES, FACE, SHOWN_EYES
from facesearch.photos.scanning import LeftOut
from facesearch.photos.store import Store

MODEL = Path(__file__).resolve().parents[2] / "weights" / "celeba"
WIDTH_BY_EYES = (FACE[1][0] - FACE[0][0]) / EYES  # of a face, in distances between its eyes
REFRESH = 120.0  # seconds after which the bundle is brought up to date while a run goes on
STOPPED = "Stopped. What was finished is kept; the same command goes on from there."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `index`."""
    parser.add_argument("folder", type=Path, nargs="?", help="folder of photographs")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="BUNDLE",
        help="bundle to write (default: one for each folder, in your folder for data of programs)",
    )
    parser.add_argument(
        "--bundle",
        default=str(MODEL),
        metavar="MODEL",
        help="bundle whose model reads the faces (default: weights/celeba)",
    )
    parser.add_argument(
        "--detail",
        type=int,
        choices=DETAILS,
        default=DETAILS[0],
        help="pixels of the long side in which faces are looked for; 640 takes two thirds of the "
        "time and finds faces from twice the size (default: %(default)s)",
    )
    parser.add_argument(
        "--detector",
        choices=("mtcnn", "yunet"),
        default="mtcnn",
        help="what looks for faces; yunet is fetched once (default: %(default)s)",
    )
    parser.add_argument(
        "--min-face",
        type=float,
        default=SHOWN_EYES * WIDTH_BY_EYES,
        metavar="PX",
        help="width in pixels of the photograph of the smallest face that is shown by default; "
        "smaller ones stay in the bundle, hidden (default: %(default).0f)",
    )
    parser.add_argument(
        "--forget",
        metavar="PHOTO_OR_FACE",
        help="take a photograph (its path below FOLDER) or a face (path#number) out for good, with "
        "near-copies of that face; no later run brings it back",
    )
    parser.add_argument("--json", action="store_true", help="report as JSON")


def as_usual(folder: Path, model: str | None) -> argparse.Namespace:
    """The options of indexing a folder as `index` does if told no more."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args([str(folder), *(["--bundle", model] if model else [])])


def index(options: argparse.Namespace) -> Path:
    """Index what the options name, write the bundle, and report; the bundle's path."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    warnings.filterwarnings("ignore", module="PIL")  # what it says of odd files, the report says
    out = _target(options)
    check_target(out)
    model = open_bundle(options.bundle)
    try:
        store = Store(index_beside(out))
        try:
            if options.forget is not None:
                went = forget(store, options.forget)
                _refresh(store, model, out, options)
                print(f"Left out for good: {options.forget}, {went:,} faces.")
            else:
                _index(options, out, model, store)
        finally:
            store.close()
    except KeyboardInterrupt:
        print(STOPPED, file=sys.stderr)
        raise SystemExit(130) from None
    except sqlite3.OperationalError as error:
        raise InputError(f"{out}: {error}. {STOPPED}") from None
    except OSError as error:
        raise InputError(f"{error.filename or out}: {error.strerror}. {STOPPED}") from None
    finally:
        signal.signal(signal.SIGINT, before)
    return out


def _target(options: argparse.Namespace) -> Path:
    if options.out is not None:
        out: Path = options.out
    elif options.folder is not None:
        out = default_bundle(options.folder, _data_home())
    else:
        raise InputError("Name the folder of photographs, or its bundle with --out.")
    if options.folder is None and options.forget is None:
        raise InputError("Name the folder of photographs that is to be indexed.")
    if options.folder is not None and out.resolve().is_relative_to(options.folder.resolve()):
        raise InputError(f"{out} lies in the folder of photographs, which is never written to.")
    return out


def _data_home() -> Path:
    """Where programs keep a person's data on this system."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _index(options: argparse.Namespace, out: Path, model: Bundle, store: Store) -> None:
    from tqdm import tqdm

    refreshed = time.monotonic()
    finder = Finder(options.detector, options.detail)
    with tqdm(unit="photo", disable=options.json, leave=False) as bar:

        def progress(at: Progress) -> None:
            nonlocal refreshed
            bar.total = at.total
            bar.set_postfix_str(f"{at.faces:,} faces", refresh=False)
            bar.update(at.done - bar.n)
            if at.done < at.total and time.monotonic() - refreshed > REFRESH:
                _refresh(store, model, out, options, unfinished=True)
                refreshed = time.monotonic()

        try:
            changes = update(
                store, options.folder, finder, lambda: model.encoder, model_name(model), progress
            )
        except KeyboardInterrupt:
            bar.close()
            _refresh(store, model, out, options, unfinished=True)
            raise
    written = _refresh(store, model, out, options)
    report = _report(store, changes, written)
    print(
        json.dumps({"bundle": str(out)} | report, indent=2) if options.json else _text(out, report)
    )


def _refresh(
    store: Store, model: Bundle, out: Path, options: argparse.Namespace, *, unfinished: bool = False
) -> Written | None:
    least_eyes = options.min_face / WIDTH_BY_EYES
    return write_photos(store, model, out, least_eyes, unfinished=unfinished)


def _report(store: Store, changes: Changes, written: Written | None) -> dict[str, Any]:
    """Photographs, faces, and what was left out for which reason."""
    left_out = LeftOut()
    for reason, count in changes.scanned.left_out.counts.items():
        left_out.counts[reason] = count
        left_out.names[reason] = changes.scanned.left_out.names[reason]
    photographs, candidates = 0, Counter[str]()
    for path, _, _, _, unreadable, others in store.files():
        photographs += unreadable is None
        candidates.update(others)
        if unreadable is not None:
            left_out.add("files that can't be read", f"{path}: {unreadable}")
    return {
        "photographs": photographs,
        "faces": written.faces if written else 0,
        "near_copies": written.copies if written else 0,
        "hidden": written.hidden if written else {},
        "not_kept": dict(candidates),
        "left_out": {
            reason: {"count": count, "names": left_out.names[reason]}
            for reason, count in sorted(left_out.counts.items())
        },
        "changes": {
            "read": changes.read,
            "moved": changes.moved,
            "unchanged": changes.unchanged,
            "gone": changes.vanished,
            "gone_but_kept": changes.kept,
        },
    }


def _text(out: Path, report: dict[str, Any]) -> str:
    changes = report["changes"]
    lines = [
        f"{report['faces']:,} faces in {report['photographs']:,} photographs: {out}",
        f"  {changes['read']:,} photographs read, {changes['unchanged']:,} as before, "
        f"{changes['moved']:,} moved, {changes['gone']:,} gone",
    ]
    if changes["gone_but_kept"]:
        lines.append(
            f"  {changes['gone_but_kept']:,} are gone, but stay in: the folder could not be looked "
            "through, or has no photograph at all"
        )
    if report["near_copies"]:
        lines.append(f"  {report['near_copies']:,} near-copies of other faces, folded into those")
    hidden = [f"{count:,} {reason}" for reason, count in report["hidden"].items()]
    if hidden:
        lines.append(f"  besides, hidden by default: {', '.join(hidden)}")
    lines += [
        f"  left out: {about['count']:,} {reason}, such as {about['names'][0]}"
        for reason, about in report["left_out"].items()
    ]
    if not report["faces"]:
        lines.append("  no face to show, so there is nothing to search yet")
    encoding = sys.stdout.encoding or "utf-8"
    return "\n".join(lines).encode(encoding, "backslashreplace").decode(encoding)
