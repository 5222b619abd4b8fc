import ast
import importlib.machinery
import pickle
import shutil
import sys
import types
from pathlib import Path

import pytest
import yaml
from apps import ROOT, address, by_command, environment
from gradio_client import Client
from packaging.requirements import Requirement
from packaging.version import Version
from plain_pages import browser_answers, rounded
from stand_in_repositories import TOKEN

from facesearch.__main__ import main
from facesearch.bundle import open_bundle
from facesearch.errors import InputError
from facesearch.hub.outgoing import stage
from facesearch.hub.space import DESCRIPTION, LONGEST_DESCRIPTION, Page, pinned, space_files
from facesearch.hub.zero_gpu import lend_gpu

REPO = "owner/my-faces"


@pytest.fixture
def logged_in(hub, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    return hub


def space(source: object, *options: str, repo: str = REPO) -> int:
    return main(["space", str(source), repo, *options])


def settings(card: bytes) -> dict:
    return yaml.safe_load(card.decode().split("---\n")[1])


def published(hub, bundle: Path) -> str:
    files = {p.relative_to(bundle).as_posix(): p for p in bundle.rglob("*") if p.is_file()}
    hub.add("owner/drawn", {name: path.read_bytes() for name, path in files.items()})
    return "owner/drawn"


def test_the_front_matter_is_what_the_hub_wants(bundle):
    files = space_files(Page(REPO, bundle, "owner/drawn@v1"))
    about = settings(files["README.md"])
    assert about["sdk"] == "gradio"
    assert about["app_file"] == "app.py"
    assert about["python_version"] == "3.12.12"
    assert about["suggested_hardware"] == "zero-a10g"
    assert about["models"] == ["owner/drawn"]
    assert "mcp-server" in about["tags"]
    assert about["short_description"] == DESCRIPTION
    assert len(DESCRIPTION) <= LONGEST_DESCRIPTION
    assert about["license"] == "apache-2.0"
    colours = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
    assert {about["colorFrom"], about["colorTo"]} <= colours
    assert f"gradio[mcp]=={about['sdk_version']}\n" in files["requirements.txt"].decode()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-page.txt"])
def test_gradio_is_pinned_within_what_the_requirements_allow(name):
    text = (ROOT / name).read_text()
    lines, version = pinned(text)
    (asked,) = [Requirement(line) for line in text.splitlines() if line.startswith("gradio")]
    assert Version(version) in asked.specifier
    assert len(version.split(".")) == 3
    assert len(lines.splitlines()) == len(text.splitlines())


def test_this_repositorys_own_front_matter_agrees(bundle):
    about = settings((ROOT / "README.md").read_bytes())
    made = settings(space_files(Page(REPO, bundle, "owner/drawn"))["README.md"])
    for name in ("sdk", "sdk_version", "python_version", "app_file", "short_description"):
        assert about[name] == made[name], name


def test_a_space_on_a_shared_gpu_has_what_reads_pictures_and_others_have_not(bundle):
    shared = space_files(Page(REPO, bundle, "owner/drawn"))
    plain = space_files(Page(REPO, bundle, "owner/drawn", hardware="cpu-basic"))
    assert b"\ntorch" in shared["requirements.txt"]
    assert b"\ntorch" not in plain["requirements.txt"]
    finder = "weights/mtcnn/weights.safetensors"
    assert finder in shared
    assert finder not in plain


def test_it_holds_just_the_app_and_the_name_of_the_bundle(bundle):
    files = space_files(Page(REPO, bundle, "owner/drawn@v1", hardware="cpu-basic"))
    assert {name.split("/")[0] for name in files} == {
        "app.py",
        "facesearch",
        "requirements.txt",
        "README.md",
        "thumbnail.png",
    }
    assert "facesearch/page/page.html" in files
    assert not [name for name in files if "__pycache__" in name]
    assert "BUNDLE = 'owner/drawn@v1'\n" in files["app.py"].decode()
    ast.parse(files["app.py"])


def test_the_staged_folder_starts_as_a_space_and_answers(bundle, tmp_path, request):
    staged = tmp_path / "staged"
    page = Page(REPO, bundle, None, hardware="cpu-basic")
    stage(space_files(page), tmp_path / "links")
    shutil.copytree(tmp_path / "links", staged)  # nothing of this checkout is left in it
    folder = tmp_path / "run"
    folder.mkdir()
    variables = environment(folder, None, ["torch", "timm", "torchvision"]) | {
        "SPACE_ID": REPO,
        "SYSTEM": "spaces",
        "SPACE_HOST": "owner-my-faces.hf.space",
    }
    process = by_command(folder, [str(staged / "app.py")], ["--port", "0"], variables)
    request.addfinalizer(process.kill)
    client = Client(address(folder, process), verbose=False)
    found = client.predict(wanted=["Eyeglasses"], unwanted=["Male"], k=5, api_name="/search")
    hits = bundle.search(bundle.query(["Eyeglasses"], ["Male"]), k=5)
    assert [face["name"] for face in found] == [hit.name for hit in hits]
    assert all(face["image"] for face in found)


def test_a_space_goes_up_with_its_bundle(logged_in, drawn_bundle, capsys):
    assert space(drawn_bundle, "--hardware", "cpu-basic") == 0
    assert "The Hub builds the page at" in capsys.readouterr().out
    made = logged_in.repositories[f"spaces/{REPO}"]
    assert made.about["sdk"] == "gradio"
    assert made.about["hardware"] == "cpu-basic"
    files = made.files()
    assert {"app.py", "requirements.txt", "bundle/config.json", "bundle/images/000.png"} <= {*files}
    assert "models" not in settings(logged_in.blobs[files["README.md"]])
    *before, last = made.commits.values()
    assert "app.py" in last
    assert not any("app.py" in commit for commit in before)  # whole as soon as there is an app


def test_a_space_over_a_repository_names_it(logged_in, drawn_bundle):
    assert space(published(logged_in, drawn_bundle)) == 0
    made = logged_in.repositories[f"spaces/{REPO}"]
    assert made.about["hardware"] == "zero-a10g"
    assert settings(logged_in.blobs[made.files()["README.md"]])["models"] == ["owner/drawn"]
    assert not [name for name in made.files() if name.startswith("bundle/")]
    assert not made.private


def test_over_a_private_repository_it_is_private_and_asks_for_a_token(
    logged_in, drawn_bundle, capsys
):
    source = published(logged_in, drawn_bundle)
    logged_in.repositories[source].private = True
    assert space(source) == 0
    assert "give the Space a secret HF_TOKEN that may read it" in capsys.readouterr().out
    assert logged_in.repositories[f"spaces/{REPO}"].private


def test_a_thumbnail_is_an_address_of_a_picture_that_the_space_holds(bundle):
    files = space_files(Page(REPO, bundle, "owner/drawn"))
    about = settings(files["README.md"])
    start = f"https://huggingface.co/spaces/{REPO}/resolve/main/"
    assert about["thumbnail"].startswith(start)
    picture = files[about["thumbnail"].removeprefix(start)]
    assert isinstance(picture, Path)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_static_space_is_the_page_as_plain_files(
    logged_in, drawn_bundle, bundle, capsys, tmp_path
):
    assert space(drawn_bundle, "--static") == 0
    assert f"60 faces at {logged_in.endpoint}/spaces/{REPO}" in capsys.readouterr().out
    made = logged_in.repositories[f"spaces/{REPO}"]
    assert made.about["sdk"] == "static"
    assert "hardware" not in made.about
    files = made.files()
    about = settings(logged_in.blobs[files["README.md"]])
    assert (about["sdk"], about["app_file"]) == ("static", "index.html")
    assert not {"python_version", "sdk_version", "suggested_hardware"} & {*about}
    assert "mcp-server" not in about["tags"]
    assert {name.split("/")[0] for name in files} == {
        *("index.html", "page", "faces", "README.md", "thumbnail.png", ".gitattributes")
    }
    for name, digest in files.items():
        target = tmp_path / "down" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(logged_in.blobs[digest])
    question = {"wanted": ["Bald"], "unwanted": [], "like": None, "mix": 0}
    question |= {"hidden": False, "k": 24}
    (answer,) = browser_answers(tmp_path / "down", [("answer", question)])
    hits = rounded(bundle).search(bundle.query(["Bald"]), k=24)
    assert [hit["name"] for hit in answer["hits"]] == [hit.name for hit in hits]
    assert space(drawn_bundle, "--static") == 0  # again: nothing is sent twice
    assert len(made.commits) == 2


def test_a_static_space_of_a_private_repository_is_private(logged_in, drawn_bundle, capsys):
    source = published(logged_in, drawn_bundle)
    logged_in.repositories[source].private = True
    assert space(source, "--static") == 0
    assert "HF_TOKEN" not in capsys.readouterr().out
    assert logged_in.repositories[f"spaces/{REPO}"].private


def test_a_dry_run_lists_the_files_and_sends_nothing(hub, drawn_bundle, capsys):
    assert space(drawn_bundle, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "  bundle/model.safetensors\n" in said
    assert "python_version: 3.12.12" in said
    assert hub.asked == []


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("repos/create", 402, "A free account can have a page like this on --hardware zero-a10g"),
        ("repos/create", 401, "the Hub does not know your token"),
        ("repos/create", 403, "Give a name of your own in place of owner"),
    ],
)
def test_what_the_hub_refuses_is_a_sentence(logged_in, drawn_bundle, capsys, path, status, said):
    logged_in.refusals[path] = status
    assert space(drawn_bundle, "--hardware", "cpu-basic") == 2
    assert said in capsys.readouterr().err


def test_another_space_of_that_name_is_left_alone(logged_in, drawn_bundle, capsys):
    logged_in.add(f"spaces/{REPO}", {"app.py": b"", "chat.py": b""})
    assert space(drawn_bundle) == 2
    assert "something else of that name already, with chat.py in it" in capsys.readouterr().err
    assert set(logged_in.repositories[f"spaces/{REPO}"].files()) == {"app.py", "chat.py"}


def test_hardware_that_the_hub_does_not_have_is_refused(hub, drawn_bundle, capsys):
    assert space(drawn_bundle, "--hardware", "fast") == 2
    assert "--hardware fast: give one of cpu-basic" in capsys.readouterr().err


def test_without_a_checkout_it_says_what_to_do(bundle, tmp_path, monkeypatch):
    monkeypatch.setattr("facesearch.hub.space.ROOT", tmp_path)
    with pytest.raises(InputError, match="clone its repository and run this command there"):
        space_files(Page(REPO, bundle, None))


class TestSharedGpu:
    @pytest.fixture
    def spaces(self, monkeypatch):
        """The package `spaces` as on a shared GPU: what it runs comes back pickled, or as an error
        that has lost its text. `lent` has the arguments of each call."""
        module = types.ModuleType("spaces")
        module.__spec__ = importlib.machinery.ModuleSpec("spaces", None)
        module.lent = []

        def lend(duration):
            assert 0 < duration <= 60

            def decorate(function):
                def lent(*arguments):
                    module.lent.append(arguments)
                    try:
                        return pickle.loads(pickle.dumps(function(*arguments)))
                    except Exception as error:
                        raise RuntimeError(type(error).__name__) from None

                return lent

            return decorate

        module.GPU = lend
        monkeypatch.setitem(sys.modules, "spaces", module)
        monkeypatch.setenv("SPACE_ID", REPO)
        return module

    def test_on_a_space_a_picture_is_read_under_the_gpu(self, spaces, drawn_bundle, monkeypatch):
        opened = open_bundle(drawn_bundle)
        monkeypatch.setattr(opened, "find_faces", lambda picture: [picture])
        lend_gpu(opened)
        assert opened.find_faces("a picture") == ["a picture"]
        assert spaces.lent == [("a picture",)]

    def test_a_mistake_keeps_its_sentence(self, spaces, drawn_bundle, monkeypatch):
        def unreadable(picture):
            raise InputError(f"{picture}: not an image that can be read.")

        opened = open_bundle(drawn_bundle)
        monkeypatch.setattr(opened, "find_faces", unreadable)
        lend_gpu(opened)
        with pytest.raises(InputError, match=r"a picture: not an image that can be read"):
            opened.find_faces("a picture")

    def test_elsewhere_nothing_is_done(self, spaces, drawn_bundle, monkeypatch):
        monkeypatch.delenv("SPACE_ID", raising=False)
        opened = open_bundle(drawn_bundle)
        lend_gpu(opened)
        assert "find_faces" not in vars(opened)

    def test_nor_where_the_package_is_not(self, drawn_bundle, monkeypatch):
        monkeypatch.setenv("SPACE_ID", REPO)
        monkeypatch.setitem(sys.modules, "spaces", None)
        opened = open_bundle(drawn_bundle)
        lend_gpu(opened)
        assert "find_faces" not in vars(opened)
