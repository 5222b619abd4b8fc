import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import yaml
from apps import ROOT
from conftest import bundle_parts
from stand_in_repositories import TOKEN

from facesearch.__main__ import main
from facesearch.bundle import open_bundle, write_bundle
from facesearch.gallery import Faces
from facesearch.gallery.faces import Detections
from facesearch.gallery.texts import Texts

REPO = "owner/drawn"


@pytest.fixture
def logged_in(hub, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    return hub


def publish(bundle: Path, *options: object, repo: str = REPO) -> int:
    return main(["publish", str(bundle), repo, *map(str, options)])


def written(
    folder: Path, *, data: str = "Drawn", name: str = "Drawn", labels: bool = False
) -> Path:
    """A small bundle, of a model that learned from `data`."""
    config, tensors, drawn = bundle_parts(6)
    config.dataset["name"] = name
    config.training.update(data=data, backbone_weights="timm/some_net.in1k (a package)")
    config.results.update(
        split="test",
        methods={
            "random order": {"wanted mAP": 0.1, "wanted P@10": 0.1},
            "it": {"wanted mAP": 0.56789, "wanted P@10": 0.75, "wanted mAP k=1": 0.9},
        },
    )
    faces = Faces.named([f"{n:06}.jpg" for n in range(6)], drawn.labels if labels else None)
    write_bundle(folder, config, tensors, faces, drawn.embeddings, "# Small\n")
    return folder


def photographs(folder: Path, first: str = "a.jpg", second: str = "b.jpg") -> Path:
    """A bundle of six faces found in two photographs, with thumbnails, by a model of CelebA."""
    config, tensors, drawn = bundle_parts(6)
    config.dataset["name"] = "Own photographs"
    config.training["data"] = "CelebA"
    (folder / "thumbnails").mkdir(parents=True)
    for row in range(6):
        (folder / "thumbnails" / f"{row}.webp").write_bytes(b"face %d" % row)
    found = Detections(
        photos=Texts.pack([first, second]),
        photo=np.array([0, 0, 0, 1, 1, 1], np.int32),
        sizes=np.full((2, 2), 100, np.int32),
        boxes=np.zeros((6, 4), np.float32),
        points=np.zeros((6, 5, 2), np.float32),
        measures={},
        shown=np.ones(6, bool),
        copy_of=np.arange(6, dtype=np.int32),
        thumbnails=Texts.pack([f"{row}.webp" for row in range(6)]),
    )
    names = [f"{photo}#{n}" for photo in (first, second) for n in range(3)]
    faces = Faces(Texts.pack(names), None, found)
    thumbnails = folder / "thumbnails"
    write_bundle(
        folder / "b", config, tensors, faces, drawn.embeddings, "# Own\n", thumbnails=thumbnails
    )
    return folder / "b"


def front_matter(hub, repo: str = REPO) -> dict:
    card = hub.blobs[hub.repositories[repo].files()["README.md"]].decode()
    assert card.startswith("---\n")
    return yaml.safe_load(card.split("---\n")[1])


def test_a_bundle_goes_up_in_one_commit_and_comes_down_with_equal_answers(
    logged_in, drawn_bundle, bundle, capsys
):
    assert publish(drawn_bundle) == 0
    assert f"60 faces at {logged_in.endpoint}/{REPO}" in capsys.readouterr().out
    repository = logged_in.repositories[REPO]
    assert len(repository.commits) == 2  # the Hub's own, and ours
    there = {p.relative_to(drawn_bundle).as_posix() for p in drawn_bundle.rglob("*") if p.is_file()}
    assert set(repository.files()) == there | {".gitattributes"}
    fetched = open_bundle(REPO)
    for wanted in (["Eyeglasses"], ["Male", "Smiling"], [("Black_Hair", "Bald")]):
        query = bundle.query(wanted, ["Young"])
        assert fetched.search(query, k=60) == bundle.search(query, k=60)
        assert fetched.counts(query).matching == bundle.counts(query).matching
    name = bundle.names[7]
    assert (fetched.image_dir / name).read_bytes() == (bundle.image_dir / name).read_bytes()


def test_a_second_time_sends_nothing_again_and_takes_away_what_is_gone(logged_in, tmp_path):
    bundle = written(tmp_path / "small")
    assert publish(bundle) == 0
    repository, sent = logged_in.repositories[REPO], len(logged_in.received)
    assert sent == 3  # model, faces, gallery
    assert publish(bundle) == 0
    assert len(repository.commits) == 2
    repository.commit(repository.files() | {"images/old.png": logged_in.keep(b"old")})
    (bundle / "README.md").write_text("# Another\n")
    assert publish(bundle) == 0
    assert "images/old.png" not in repository.files()
    assert logged_in.blobs[repository.files()["README.md"]].endswith(b"# Another\n")
    assert len(logged_in.received) == sent


def started(hub, bundle: Path, home: Path, **variables: str) -> subprocess.Popen:
    """`publish` in a process of its own, which has no cache but `home`."""
    own = {"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(home), **variables}
    command = [sys.executable, "-m", "facesearch", "publish", str(bundle), REPO]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | own, stderr=subprocess.DEVNULL)


def test_what_came_before_a_kill_is_not_sent_again(logged_in, tmp_path, drawn_bundle, bundle):
    logged_in.stall_after = 1
    child = started(logged_in, drawn_bundle, tmp_path / "home", HF_HUB_DISABLE_XET="1")
    assert logged_in.stalled.wait(60)
    limit = time.monotonic() + 60
    while not logged_in.received and time.monotonic() < limit:
        time.sleep(0.01)
    os.kill(child.pid, signal.SIGKILL)
    child.wait(20)
    assert logged_in.received  # one, or two where both were on their way
    assert len(logged_in.repositories[REPO].commits) == 1
    logged_in.stall_after = None
    assert publish(drawn_bundle) == 0
    assert len(logged_in.received) == len(set(logged_in.received)) == 3
    assert open_bundle(REPO).fingerprint == bundle.fingerprint


def test_by_xet_it_arrives_whole_and_a_second_time_sends_nothing_again(
    logged_in, tmp_path, drawn_bundle, bundle
):
    assert started(logged_in, drawn_bundle, tmp_path / "home").wait(90) == 0

    def xorbs():
        return [each for each in logged_in.asked if "/v1/xorbs" in each]

    assert any("/v1/shards" in each for each in logged_in.asked)
    assert not any("/lfs/" in each for each in logged_in.asked)
    fetched, sent = open_bundle(REPO), xorbs()
    assert len(logged_in.received) == 3
    assert fetched.search(bundle.query(["Bald"]), k=60) == bundle.search(bundle.query(["Bald"]), 60)
    assert started(logged_in, drawn_bundle, tmp_path / "home").wait(90) == 0
    assert xorbs() == sent
    assert len(logged_in.repositories[REPO].commits) == 2


def test_killed_while_xet_sends_nothing_is_committed_and_the_next_run_ends_it(
    logged_in, tmp_path, drawn_bundle, bundle
):
    logged_in.stall_after = -1  # the first one hangs
    child = started(logged_in, drawn_bundle, tmp_path / "home")
    assert logged_in.stalled.wait(60)
    os.kill(child.pid, signal.SIGKILL)
    child.wait(20)
    assert len(logged_in.repositories[REPO].commits) == 1
    logged_in.stall_after = None
    assert started(logged_in, drawn_bundle, tmp_path / "home").wait(90) == 0
    assert open_bundle(REPO).fingerprint == bundle.fingerprint


def test_of_many_files_pictures_go_first_and_what_opens_in_one_commit(
    logged_in, drawn_bundle, monkeypatch
):
    monkeypatch.setattr("facesearch.hub.sending.ONE_COMMIT", 10)
    assert publish(drawn_bundle) == 0
    _, pictures, last = logged_in.repositories[REPO].commits.values()
    assert {name.split("/")[0] for name in pictures} == {".gitattributes", "images"}
    assert set(last) - set(pictures) == {
        "README.md",
        "config.json",
        "faces.safetensors",
        "gallery.safetensors",
        "model.safetensors",
    }


def test_the_card_says_what_it_learned_from_and_how_well_it_finds(logged_in, tmp_path):
    bundle = written(tmp_path / "small", data="CelebA", name="My set")
    assert publish(bundle) == 0
    about = front_matter(logged_in)
    assert about["license"] == "other"
    assert about["license_name"] == "celeba-non-commercial-research"
    assert about["license_link"] == "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html"
    assert about["library_name"] == "facesearch"
    assert about["pipeline_tag"] == "image-feature-extraction"
    assert about["datasets"] == ["flwrlabs/celeba"]
    assert about["base_model"] == "timm/some_net.in1k"
    (index,) = about["model-index"]
    assert index["name"] == "drawn"
    (result,) = index["results"]
    assert result["dataset"]["split"] == "test"
    assert {m["name"]: m["value"] for m in result["metrics"]} == {
        "wanted mAP": 0.5679,
        "wanted P@10": 0.75,
    }


def test_a_card_that_came_from_the_hub_keeps_one_front_matter(logged_in, tmp_path):
    bundle = written(tmp_path / "small")
    (bundle / "README.md").write_text("---\nlicense: mit\n---\n\n# Small\n")
    assert publish(bundle) == 0
    card = logged_in.blobs[logged_in.repositories[REPO].files()["README.md"]].decode()
    assert card.count("---\n") == 2
    assert card.endswith("---\n\n# Small\n")
    assert front_matter(logged_in)["license"] == "apache-2.0"


@pytest.mark.parametrize(
    ("data", "name", "labels", "images"),
    [
        ("CelebA", "CelebA", True, False),
        ("Drawn", "celeba", False, True),
        ("CelebA", "img_align_celeba", False, True),
    ],
)
def test_images_and_labels_of_celeba_are_refused(
    logged_in, tmp_path, capsys, data, name, labels, images
):
    bundle = written(tmp_path / "small", data=data, name=name, labels=labels)
    if images:
        (bundle / "images").mkdir()
    assert publish(bundle) == 2
    what = "images" if images else "labels"
    assert f"would pass on {what} of CelebA, which may not be passed on" in capsys.readouterr().err
    assert logged_in.repositories == {}


def test_thumbnails_of_celeba_are_refused_and_the_rest_goes(logged_in, tmp_path, capsys):
    bundle = photographs(tmp_path, "img/000001.jpg", "img/000002.jpg")
    assert publish(bundle, "--thumbnails") == 2
    assert "would pass on images of CelebA" in capsys.readouterr().err
    assert publish(bundle) == 0


def test_a_model_of_celeba_without_its_images_and_labels_goes(logged_in, tmp_path):
    assert publish(written(tmp_path / "small", data="CelebA", name="CelebA")) == 0


def test_own_photographs_go_private_and_without_thumbnails(logged_in, tmp_path, capsys):
    bundle = photographs(tmp_path)
    assert publish(bundle) == 0
    said = capsys.readouterr().out
    assert "These are 6 faces in 2 of your own photographs" in said
    assert "Only you will see them." in said
    repository = logged_in.repositories[REPO]
    assert repository.private
    assert not any(name.startswith("faces/") for name in repository.files())
    assert front_matter(logged_in)["license_name"] == "celeba-non-commercial-research"
    fetched = open_bundle(REPO)
    assert fetched.face("a.jpg#1").thumbnail is None
    query = fetched.query(["Male"])
    assert fetched.search(query) == open_bundle(bundle).search(query)


def test_own_photographs_go_public_and_with_thumbnails_when_told_so(logged_in, tmp_path, capsys):
    assert publish(photographs(tmp_path), "--no-private", "--thumbnails") == 0
    assert "Everybody will see them." in capsys.readouterr().out
    repository = logged_in.repositories[REPO]
    assert not repository.private
    assert "faces/0.webp" in repository.files()
    assert open_bundle(REPO).face("a.jpg#1").thumbnail == "1.webp"


def test_own_photographs_do_not_go_to_a_repository_that_is_public_already(
    logged_in, tmp_path, capsys
):
    logged_in.add(REPO, {".gitattributes": b""})
    assert publish(photographs(tmp_path)) == 2
    assert "is there already, and public, and this is to be private" in capsys.readouterr().err
    assert set(logged_in.repositories[REPO].files()) == {".gitattributes"}


def test_another_repository_of_that_name_is_left_alone(logged_in, drawn_bundle, capsys):
    logged_in.add(REPO, {"pytorch_model.bin": b"", "README.md": b""})
    assert publish(drawn_bundle) == 2
    assert "something else of that name already, with pytorch_model.bin" in capsys.readouterr().err
    assert set(logged_in.repositories[REPO].files()) == {"pytorch_model.bin", "README.md"}


def test_a_branch_is_made_and_sent_to(logged_in, tmp_path):
    bundle = written(tmp_path / "small")
    assert publish(bundle, "--revision", "v1") == 0
    assert set(logged_in.repositories[REPO].files()) == {".gitattributes"}
    assert len(open_bundle(f"{REPO}@v1")) == 6
    assert publish(bundle, "--revision", "v1") == 0


def test_only_a_bundles_own_files_go(logged_in, tmp_path):
    bundle = written(tmp_path / "small")
    (bundle / "notes.txt").write_text("private")
    (bundle / "images").mkdir()
    (bundle / "images" / "stray.png").write_text("private")
    (bundle / "images" / "000003.jpg").write_text("picture")
    assert publish(bundle) == 0
    files = logged_in.repositories[REPO].files()
    assert "images/000003.jpg" in files
    assert not {"notes.txt", "images/stray.png"} & set(files)


def test_a_dry_run_lists_files_sizes_and_front_matter_and_sends_nothing(hub, tmp_path, capsys):
    bundle = written(tmp_path / "small")
    assert publish(bundle, "--dry-run") == 0
    said = capsys.readouterr().out
    for name in ("config.json", "model.safetensors", "faces.safetensors", "gallery.safetensors"):
        assert f"{(bundle / name).stat().st_size:>12,}  {name}\n" in said
    assert "license: apache-2.0" in said
    assert "model-index:" in said
    assert hub.asked == []


def test_nobody_logged_in_is_told_how(hub, tmp_path, capsys):
    assert publish(written(tmp_path / "small")) == 2
    assert "Log in with: hf auth login (or set HF_TOKEN)" in capsys.readouterr().err
    assert hub.asked == []


@pytest.mark.parametrize("name", ["alone", "a/b/c", "owner/a..b", "owner/", "owner/with space"])
def test_a_name_that_can_not_be_is_refused_before_anything(hub, tmp_path, capsys, name):
    assert publish(tmp_path, repo=name) == 2
    assert "is no name that a repository on the Hub can have" in capsys.readouterr().err


def test_a_token_that_the_hub_does_not_know_is_said(hub, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_of_nobody")
    assert publish(written(tmp_path / "small")) == 2
    assert "the Hub does not know your token. Log in again" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("repos/create", 402, "asks to be paid for that much private storage (402)"),
        ("repos/create", 403, "Give a name of your own in place of owner"),
        ("objects/batch", 403, "your token may not write there (403)"),
        ("/commit/", 409, "that name is taken, or somebody else is changing it (409)"),
        ("/lfs/", 400, "the Hub answers HTTP 400"),
    ],
)
def test_what_the_hub_refuses_is_a_sentence(logged_in, tmp_path, capsys, path, status, said):
    logged_in.refusals[path] = status
    assert publish(written(tmp_path / "small")) == 2
    error = capsys.readouterr().err
    assert f"error: {REPO}: " in error
    assert said in error


def test_without_a_network_it_says_so(logged_in, tmp_path, capsys):
    logged_in.close()
    assert publish(written(tmp_path / "small")) == 2
    assert "the Hub can't be reached" in capsys.readouterr().err


def test_a_damaged_bundle_is_not_sent(logged_in, tmp_path, capsys):
    bundle = written(tmp_path / "small")
    shutil.copyfile(bundle / "README.md", bundle / "model.safetensors")
    assert publish(bundle) == 2
    assert "its checksum is not the one in config.json" in capsys.readouterr().err
    assert logged_in.repositories == {}
