"""What `pip install` gives: a package with its page's files, which needs no torch to search."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest
from clicks import shown
from conftest import ROOT
from gradio_client import Client
from PIL import Image

import facesearch

READS_PICTURES = ("torch", "torchvision", "timm")


def requirements(name):
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with what the wheel of this checkout installs."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    for file in ROOT.glob("requirements*.txt"):
        shutil.copy(file, folder)
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "facesearch", folder / "facesearch", ignore=unwanted)
    shutil.copytree(ROOT / "weights" / "mtcnn", folder / "weights" / "mtcnn")
    build = "from setuptools.build_meta import build_wheel; build_wheel('.')"
    subprocess.run([sys.executable, "-c", build], cwd=folder, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "installed")
    return folder / "installed"


def files(folder):
    return {
        path.relative_to(folder).as_posix()
        for path in Path(folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file_of_the_package_and_the_detectors_weights(installed):
    weights = {f"weights/mtcnn/{name}" for name in ("LICENSE", "README.md", "weights.safetensors")}
    assert files(installed / "facesearch") == files(ROOT / "facesearch") | weights
    others = {path.name for path in installed.iterdir()} - {"facesearch"}
    assert others == {f"facesearch-{version(installed)}.dist-info"}


def metadata(installed):
    return PathDistribution(next(installed.glob("*.dist-info")))


def version(installed):
    return metadata(installed).version


def test_the_wheel_asks_for_what_the_requirements_files_list(installed):
    headers = HeaderParser().parsestr(
        (next(installed.glob("*.dist-info")) / "METADATA").read_text("utf-8")
    )
    asked = [plain(line) for line in headers.get_all("Requires-Dist")]
    always = [line for line in asked if ";" not in line]
    with_photos = [line.split(";")[0] for line in asked if line.endswith('extra=="photos"')]
    assert sorted(always) == sorted(map(plain, requirements("requirements-page.txt")))
    assert sorted(with_photos) == sorted(map(plain, requirements("requirements.txt")))


def plain(requirement):
    """Without spaces, and the bounds of its version in one order."""
    name, bounds, rest = re.fullmatch(r"([\w.\[\]-]+)([^;]*)(;.*)?", requirement).groups()
    ordered = ",".join(sorted(bounds.replace(" ", "").split(",")))
    return f"{name.lower()}{ordered}{(rest or '').replace(' ', '')}"


def test_requirements_are_the_pages_and_what_reads_pictures():
    whole, page = requirements("requirements.txt"), requirements("requirements-page.txt")
    assert set(page) < set(whole)
    assert not {re.split("[<>=]", line)[0] for line in page} & set(READS_PICTURES)
    assert all(line[0].isalpha() for line in whole), "a Space installs from this one file"


def test_the_installed_command_serves_the_page_without_what_reads_pictures(
    installed, start_app, browser_page, drawn_bundle, bundle
):
    (point,) = metadata(installed).entry_points
    assert (point.name, point.value) == ("facesearch", "facesearch.__main__:main")
    app = start_app("--bundle", drawn_bundle, installed=installed, absent=READS_PICTURES)
    query = facesearch.Query(["Eyeglasses"])
    names = [hit.name for hit in bundle.search(query, 24)]
    client = Client(app.url, verbose=False)
    faces = client.predict(wanted=["Eyeglasses"], api_name="/search")
    assert [face["name"] for face in faces] == names
    assert shown(browser_page(f"{app.url}?wanted=Eyeglasses&k=24").page) == names


def test_what_is_installed_finds_faces_in_photographs(installed, tmp_path):
    photograph = Image.new("RGB", (400, 300), "grey")
    photograph.paste(Image.open(portrait()).convert("RGB"), (50, 20))
    (tmp_path / "photos").mkdir()
    photograph.save(tmp_path / "photos" / "one.jpg")
    command = ["index", "photos", "--out", "faces", "--bundle", ROOT / "weights" / "portraits"]
    done = subprocess.run(
        [sys.executable, "-m", "facesearch", *command, "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["faces"] == 1


def portrait():
    return min((ROOT / "weights" / "portraits" / "images").glob("*.webp"))


def test_reading_a_picture_without_torch_says_what_to_install(drawn_bundle):
    script = (
        "import sys; sys.modules['torch'] = None\n"
        "import facesearch\n"
        f"bundle = facesearch.open_bundle({str(drawn_bundle)!r})\n"
        "try: bundle.encode_images(['face.jpg'])\n"
        "except facesearch.InputError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said, command = done.stdout.strip().split(": ")
    assert said == "Reading pictures needs packages that are not here (torch). Install them with"
    assert command == f"pip install {' '.join(sorted(READS_PICTURES))}"
