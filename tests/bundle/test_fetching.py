import pytest
from stand_in_repositories import TOKEN

from facesearch.bundle import open_bundle
from facesearch.errors import InputError

REPO = "owner/drawn"


@pytest.fixture
def up(hub, drawn_bundle):
    """The drawn bundle as a repository of the Hub, with images and a file that no bundle needs."""
    files = {p.relative_to(drawn_bundle).as_posix(): p for p in drawn_bundle.rglob("*")}
    contents = {name: path.read_bytes() for name, path in files.items() if path.is_file()}
    return hub.add(REPO, contents | {"curves.png": b"curves"})


def answers(bundle):
    query = bundle.query(["Eyeglasses", ("Black_Hair", "Blond_Hair")], ["Male"])
    return bundle.search(query, k=60), bundle.counts(query), bundle.similar("003.png", k=5)


def test_a_repository_answers_as_the_folder_does_and_opening_fetches_no_picture(up, hub, bundle):
    fetched = open_bundle(REPO)
    assert answers(fetched)[0] == answers(bundle)[0]
    assert answers(fetched)[1].matching == answers(bundle)[1].matching
    assert answers(fetched)[2] == answers(bundle)[2]
    assert {path.name for path in fetched.path.iterdir()} == {
        "README.md",
        "config.json",
        "faces.safetensors",
        "gallery.safetensors",
        "model.safetensors",
    }


def test_pictures_are_fetched_once_when_they_are_asked_for(up, hub, bundle):
    fetched = open_bundle(REPO)
    before = hub.sent
    assert sorted(p.name for p in fetched.image_dir.iterdir()) == sorted(bundle.names)
    for name in bundle.names[:3]:
        assert (fetched.image_dir / name).read_bytes() == (bundle.image_dir / name).read_bytes()
    assert hub.sent > before
    before = hub.sent
    assert open_bundle(REPO).image_dir == fetched.image_dir
    assert hub.sent == before
    assert not (fetched.path / "curves.png").exists()


def test_pictures_are_of_the_commit_that_was_opened(up, hub, bundle):
    fetched = open_bundle(REPO)
    up.commit(up.files() | {f"images/{bundle.names[0]}": hub.keep(b"another")})
    picture = fetched.image_dir / bundle.names[0]
    assert picture.read_bytes() == (bundle.image_dir / bundle.names[0]).read_bytes()


def test_an_own_folder_of_images_fetches_none(up, hub, bundle):
    fetched = open_bundle(REPO, images=bundle.image_dir)
    assert fetched.image_dir == bundle.image_dir
    assert not (fetched.path / "images").exists()


def test_a_revision_is_taken_for_what_follows_the_at(up, hub, bundle):
    old = up.revisions["main"]
    up.commit({name: hub.keep(b"{}") for name in up.files()})
    assert open_bundle(f"{REPO}@{old}").fingerprint == bundle.fingerprint
    up.revisions["v1"] = old
    assert open_bundle(f"{REPO}@v1").fingerprint == bundle.fingerprint
    with pytest.raises(InputError, match="has no revision 'v2'; give a branch, a tag or a commit"):
        open_bundle(f"{REPO}@v2")


def test_without_a_network_what_was_fetched_before_opens_and_pictures_are_left_out(
    up, hub, bundle, caplog
):
    open_bundle(REPO)
    hub.close()
    offline = open_bundle(REPO)
    assert answers(offline)[0] == answers(bundle)[0]
    assert offline.image_dir is None
    assert "Pictures that are not here yet can't be shown: owner/drawn" in caplog.text


def test_without_a_network_and_never_fetched_it_says_so(up, hub):
    hub.close()
    with pytest.raises(InputError, match=r"owner/drawn: no folder here, and the Hub can't be rea"):
        open_bundle(REPO)


def test_what_is_not_there_or_private_ends_with_a_sentence(up, hub, monkeypatch):
    with pytest.raises(InputError, match=r"owner/none: neither a folder here nor a repository"):
        open_bundle("owner/none")
    up.private = True
    with pytest.raises(InputError, match=r"if it is private, log in with: hf auth login"):
        open_bundle(REPO)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    assert len(open_bundle(REPO)) == 60


def test_a_gated_repository_says_where_to_ask(up):
    up.gated = True
    with pytest.raises(InputError, match=r"Ask for access on https://huggingface.co/owner/drawn"):
        open_bundle(REPO)


def test_a_repository_without_a_bundle_says_so(hub):
    hub.add("owner/other", {"pytorch_model.bin": b"pickle"})
    with pytest.raises(InputError, match=r"owner/other: a repository on the Hub, but without"):
        open_bundle("owner/other")


@pytest.mark.parametrize(
    ("status", "said"),
    [(403, "your token may not read it"), (500, "the Hub answers HTTP 500. Try again later")],
)
def test_a_hub_that_refuses_is_quoted(up, hub, status, said):
    hub.refusals["/api/models"] = status
    with pytest.raises(InputError, match=said):
        open_bundle(REPO)


@pytest.mark.parametrize("name", ["owner/a..b", "owner/-a", "ow ner/a", "owner/a.git"])
def test_names_that_can_not_be_are_not_asked_for(hub, name):
    with pytest.raises(InputError, match="no name that a repository on the Hub can have"):
        open_bundle(name)
    assert hub.asked == []


def test_an_at_without_a_revision_is_refused(hub):
    with pytest.raises(InputError, match="as owner/name or owner/name@revision"):
        open_bundle("owner/name@")


def test_a_download_that_breaks_off_is_taken_up_again(up, hub, bundle):
    hub.cut_at = 10_000
    try:
        fetched = open_bundle(REPO)
    except InputError:
        fetched = open_bundle(REPO)
    assert hub.cut_at is None
    assert fetched.fingerprint == bundle.fingerprint
