"""`python app.py` and `facesearch serve`: what is opened, and the sentences about bad input."""

import argparse
import re
import signal
import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
from conftest import ROOT

from facesearch.__main__ import main, run
from facesearch.commands import opening, serve


def options_of(*arguments):
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    return parser.parse_args(arguments)


def refused(capsys, message, *arguments):
    exit_code = main(["serve", *map(str, arguments)])
    captured = capsys.readouterr()
    assert exit_code == 2
    assert captured.out == ""
    assert re.fullmatch(f"error: .*{message}.*\n", captured.err), captured.err


@pytest.mark.parametrize("port", ["abc", "-1", "70000", "80.5", "", "\u0663"])
def test_a_wrong_port_is_refused(capsys, drawn_bundle, port):
    refused(
        capsys,
        "give a whole number from 0 to 65535",
        "--bundle",
        drawn_bundle,
        f"--port={port}",
    )


def test_a_port_in_use_is_refused(capsys, drawn_bundle):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        message = rf"Can't listen on 127.0.0.1, port {port} \(Address already in use\)"
        refused(capsys, message, "--bundle", drawn_bundle, "--port", port)


def test_a_host_that_is_not_this_machine_is_refused(capsys, drawn_bundle):
    refused(
        capsys,
        "Can't listen on 192.0.2.1",
        "--bundle",
        drawn_bundle,
        "--host",
        "192.0.2.1",
        "--port",
        "0",
    )


def test_no_bundle_is_said_with_how_to_get_one(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(opening, "DEFAULT_BUNDLES", (tmp_path / "portraits", tmp_path / "celeba"))
    refused(capsys, "Train one with: python -m train", "--port", "0")


def test_a_broken_bundle_and_a_missing_folder_are_refused(
    monkeypatch, capsys, tmp_path, drawn_bundle
):
    refused(capsys, "has no config.json", "--bundle", tmp_path, "--port", "0")
    refused(
        capsys,
        "no such folder of images",
        "--bundle",
        drawn_bundle,
        "--images",
        tmp_path / "nowhere",
        "--port",
        "0",
    )


def test_mcp_without_its_package_is_refused_with_what_to_install(monkeypatch, capsys, drawn_bundle):
    monkeypatch.setenv("GRADIO_MCP_SERVER", "True")
    monkeypatch.setitem(sys.modules, "mcp", None)  # as where it is not installed
    refused(capsys, r"pip install gradio\[mcp\]", "--bundle", drawn_bundle, "--port", "0")


def test_the_first_default_bundle_that_is_there_is_opened(monkeypatch, tmp_path, drawn_bundle):
    monkeypatch.setattr(opening, "DEFAULT_BUNDLES", (tmp_path / "portraits", drawn_bundle))
    assert next(iter(opening.open_galleries([], None).values())).path == drawn_bundle


def test_host_and_port_come_from_the_environment_as_on_a_space(monkeypatch):
    for name in ("GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT", "SPACE_ID"):
        monkeypatch.delenv(name, raising=False)
    options = options_of()
    assert (options.host, options.port) == ("127.0.0.1", "7860")
    monkeypatch.setenv("SPACE_ID", "owner/name")
    assert options_of().host == "0.0.0.0"
    monkeypatch.setenv("GRADIO_SERVER_NAME", "127.0.0.2")
    monkeypatch.setenv("GRADIO_SERVER_PORT", "7999")
    options = options_of()
    assert (options.host, options.port) == ("127.0.0.2", "7999")
    assert options_of("--host", "::1").host == "::1"


def test_a_celeba_bundle_finds_its_images_where_celeba_is(monkeypatch, tmp_path):
    from conftest import bundle_parts

    from facesearch.bundle import BundleConfig, write_bundle

    config, tensors, gallery = bundle_parts(3)
    celeba = BundleConfig(config.model, {"name": "CelebA"})
    write_bundle(tmp_path / "b", celeba, tensors, gallery.faces, gallery.embeddings, "")
    images = tmp_path / "celeba" / "img_align_celeba" / "img_align_celeba"  # Kaggle's layout
    images.mkdir(parents=True)
    monkeypatch.setenv("FACESEARCH_CELEBA", str(tmp_path / "celeba"))
    assert opening.open_gallery(str(tmp_path / "b"), None).image_dir == images
    assert opening.open_gallery(str(tmp_path / "b"), str(tmp_path)).image_dir == tmp_path


def test_help_says_what_the_options_do():
    done = subprocess.run(
        [sys.executable, ROOT / "app.py", "--help"], capture_output=True, text=True, check=True
    )
    for option in ("--bundle DIR_OR_REPO", "--images DIR", "--host", "--port"):
        assert option in done.stdout


def test_a_command_that_is_stopped_ends_quietly(capsys):
    def stopped(_):
        signal.raise_signal(signal.SIGINT)

    command = SimpleNamespace(__doc__="", add_arguments=lambda _: None, run=stopped)
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # as for the imports
    try:
        assert run(command, "facesearch", []) == 130
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr() == ("", "")
