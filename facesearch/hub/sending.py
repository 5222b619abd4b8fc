"""Files to a repository on the Hub: made if it is not there, and gone on with after a break."""

import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from facesearch.bundle.fetching import split_name
from facesearch.errors import InputError
from facesearch.hub.outgoing import Files, stage
from facesearch.hub.refusals import check_logged_in, check_name, told

ONE_COMMIT = 250  # files; huggingface_hub makes more than one commit of more
MAIN = "main"


@dataclass(frozen=True)
class Target:
    """Where files go to.

    Attributes:
        repo: owner/name.
        kind: "model" or "space".
        holds: files and folders that such a repository has at its top; others are not touched.
        pictures: folders whose files may arrive before the rest does.
        private: whether only its owner may see it; None leaves that to the owner's settings.
        revision: the branch, made if it is not there; None for the main one.
        hardware: what a Space runs on; None where nothing runs.
        sdk: of a Space, "gradio" or "static".
    """

    repo: str
    kind: str
    holds: Collection[str]
    pictures: Collection[str] = ()
    private: bool | None = None
    revision: str | None = None
    hardware: str | None = None
    sdk: str = "gradio"


def send(files: Files, to: Target) -> str:
    """Send files, and take away those that are there and no longer among them: the address.

    One commit, but for more than `ONE_COMMIT` files: then the pictures go first, so that what
    opens is never half of it. What is there already is not sent again, nor what came before an
    interruption.

    Raises `InputError` for a name that can't be or is taken, without a token, where the Hub
    refuses, and where private files would go to a public repository.
    """
    check_name(to.repo)
    check_logged_in()
    from huggingface_hub import HfApi

    api = HfApi(library_name="facesearch")
    with told(to.repo, to.kind), tempfile.TemporaryDirectory(prefix="facesearch-") as name:
        space = {"space_sdk": to.sdk, "space_hardware": to.hardware} if to.kind == "space" else {}
        url = api.create_repo(
            to.repo,
            repo_type=to.kind,
            private=to.private,
            exist_ok=True,
            **space,  # type: ignore[arg-type]
        )
        if to.revision not in (None, MAIN):
            api.create_branch(to.repo, repo_type=to.kind, branch=to.revision, exist_ok=True)
        _check_there(api.repo_info(to.repo, repo_type=to.kind, revision=to.revision), to)
        folder = Path(name)
        stage(files, folder)
        if len(files) > ONE_COMMIT:
            api.upload_folder(
                repo_id=to.repo,
                repo_type=to.kind,
                revision=to.revision,
                folder_path=folder,
                allow_patterns=[f"{each}/*" for each in to.pictures],
                commit_message="Pictures",
            )
        api.upload_folder(
            repo_id=to.repo,
            repo_type=to.kind,
            revision=to.revision,
            folder_path=folder,
            delete_patterns="*",
            commit_message="Upload with facesearch",
        )
    return str(url)


def is_private(source: str) -> bool:
    """Whether a bundle's repository, `owner/name` or `owner/name@revision`, is private."""
    from huggingface_hub import HfApi

    repo, _ = split_name(source)
    with told(repo, "model"):
        return bool(HfApi(library_name="facesearch").model_info(repo).private)


def _check_there(info: object, to: Target) -> None:
    """`InputError` unless what is there is ours to replace, and as private as it is to be."""
    names = [each.rfilename for each in getattr(info, "siblings", None) or ()]
    others = {name.split("/")[0] for name in names} - {*to.holds, ".gitattributes"}
    if others:
        raise InputError(
            f"{to.repo}: there is something else of that name already, with {min(others)} in it. "
            "Choose another name."
        )
    if to.private and not getattr(info, "private", True):
        raise InputError(
            f"{to.repo}: is there already, and public, and this is to be private. Choose another "
            "name, make it private on the Hub, or say with --no-private that everybody may see it."
        )
