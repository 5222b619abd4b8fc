"""The folder of a Space: the app and nothing else, with a bundle or the name of one."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facesearch.bundle import Bundle
from facesearch.errors import InputError
from facesearch.hub.card import licence
from facesearch.hub.outgoing import Files, outgoing

ROOT = Path(__file__).resolve().parents[2]  # of a checkout
PACKAGE = "facesearch"
BUNDLE = "bundle"  # folder of the Space that holds a bundle
READS_PICTURES = Path("weights") / "mtcnn" / "weights.safetensors"  # which finds faces in them
FREE = "zero-a10g"
ZERO = "zero-"  # what hardware shared by calls is named
PYTHON = "3.12.12"  # the newest that ZeroGPU has
DESCRIPTION = "Find faces by ticking attributes"
LONGEST_DESCRIPTION = 60  # characters, on the Hub
TAGS = ("facesearch", "face-search", "image-retrieval")
MCP = "mcp-server"
THUMBNAIL = "thumbnail.png"

APP = '''"""The page of a Space: https://huggingface.co/docs/hub/spaces-sdks-gradio"""

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy loads
os.environ.setdefault("GRADIO_MCP_SERVER", "True")

from facesearch.__main__ import main

BUNDLE = {bundle}

if __name__ == "__main__":
    sys.exit(main(["serve", "--bundle", BUNDLE, *sys.argv[1:]]))
'''

CARD = """\
---
{matter}
---

# {title}

Tick what a face should show, and see at once the pictures that fit best. The page of
facesearch over {what}.

Not for identifying people, and not for any decision about a person.
"""


@dataclass(frozen=True)
class Page:
    """A page to be made: its Space, the bundle it shows, and what it runs on.

    Attributes:
        repo: owner/name of the Space.
        bundle: the bundle that it shows, opened.
        source: the bundle's name on the Hub, or None where it travels in the Space.
        hardware: what it runs on, as the Hub names it.
        thumbnails: whether those of own photographs go along.
    """

    repo: str
    bundle: Bundle
    source: str | None
    hardware: str = FREE
    thumbnails: bool = False


def space_files(page: Page) -> Files:
    """All files of the Space.

    Raises `InputError` where this facesearch is not a checkout, which has the requirements, and
    for what may not be passed on.
    """
    whole = page.hardware.startswith(ZERO)  # reading pictures is what the GPU is for
    name = "requirements.txt" if whole else "requirements-page.txt"
    if not (ROOT / name).is_file():
        raise InputError(
            f"{ROOT}: has no {name}, so it is not a checkout of facesearch: clone its repository "
            "and run this command there."
        )
    requirements, version = pinned((ROOT / name).read_text("utf-8"))
    beside = f"str(Path(__file__).with_name({BUNDLE!r}))"
    files: Files = picture() | {
        "app.py": APP.format(bundle=repr(page.source) if page.source else beside).encode(),
        "requirements.txt": requirements.encode(),
        "README.md": card(page, version).encode(),
    }
    files |= {
        file.relative_to(ROOT).as_posix(): file
        for file in sorted((ROOT / PACKAGE).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }
    if whole:
        files[READS_PICTURES.as_posix()] = ROOT / READS_PICTURES
    if page.source is None:
        bundle = outgoing(page.bundle, page.repo, thumbnails=page.thumbnails)
        files |= {f"{BUNDLE}/{name}": content for name, content in bundle.items()}
    return files


def plain_space(page: Page, files: Files) -> Files:
    """All files of a Space that needs no server: those of the page as plain files, and a card."""
    return picture() | files | {"README.md": card(page, None).encode()}


def picture() -> Files:
    """The picture that the Hub shows where a Space is linked; only a checkout has it."""
    file = ROOT / "docs" / "page.png"
    return {THUMBNAIL: file} if file.is_file() else {}


def pinned(requirements: str) -> tuple[str, str]:
    """Requirements with Gradio at the lowest version that they allow, as its `sdk_version` has to
    be too, with what speaks MCP; and that version."""
    line = re.search(r"^gradio>=([\d.]+).*$", requirements, re.MULTILINE)
    assert line is not None
    version = ".".join([*line[1].split("."), "0", "0"][:3])
    return requirements.replace(line[0], f"gradio[mcp]=={version}"), version


def card(page: Page, version: str | None) -> str:
    """The Space's README.md, whose front matter configures it, and every duplicate of it.

    Args:
        version: of Gradio; None for a Space that needs no server.
    """
    from huggingface_hub import SpaceCardData

    title = page.repo.split("/")[1].replace("-", " ").replace("_", " ")
    repo = page.source.partition("@")[0] if page.source else None
    data = SpaceCardData(
        title=title,
        emoji="🔎",
        colorFrom="green",
        colorTo="gray",
        **_runs(page, version),
        fullWidth=True,
        short_description=DESCRIPTION,
        thumbnail=f"https://huggingface.co/spaces/{page.repo}/resolve/main/{THUMBNAIL}",
        models=[repo] if repo else None,
        tags=[*TAGS, *([MCP] if version else [])],
        **licence(page.bundle),
    )
    beside = "the bundle that lies in it" if version else "a bundle, without a server"
    what = f"[{repo}](https://huggingface.co/{repo})" if repo else beside
    matter = data.to_yaml()
    return CARD.format(matter=matter, title=title, what=what)


def _runs(page: Page, version: str | None) -> dict[str, Any]:
    """The fields of what runs the Space."""
    if version is None:
        return {"sdk": "static", "app_file": "index.html"}
    return {
        "sdk": "gradio",
        "sdk_version": version,
        "python_version": PYTHON,
        "app_file": "app.py",
        "suggested_hardware": page.hardware,
    }
