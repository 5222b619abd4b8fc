"""The app starts wherever it is started, opens the browser of a person, and ends quietly."""

import os
import re
import select
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from conftest import ROOT

from facesearch.errors import InputError
from facesearch.page import surroundings
from facesearch.page.pictures import TYPES
from facesearch.vision.images import EXTENSIONS

# As in a small container: no list of types but the one that Python brings.
NO_TYPES = "import mimetypes\nmimetypes.knownfiles = []\n"


@pytest.fixture(scope="module")
def hard_place(tmp_path_factory, drawn_bundle):
    """The app where proxies answer nothing, /tmp/gradio can't be had and no types are known."""
    folder = tmp_path_factory.mktemp("hard")
    (folder / "sitecustomize.py").write_text(NO_TYPES)
    (folder / "tmp").mkdir()
    (folder / "tmp" / "gradio").touch()  # where a folder can't be made by anybody, root included
    proxies = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    environment = {
        name: value
        for name, value in os.environ.items()
        if name.lower() not in ("no_proxy", "gradio_temp_dir")
    }
    environment |= proxies | {
        "all_proxy": "socks5://127.0.0.1:9",
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": str(folder),
    }
    process = subprocess.Popen(
        [sys.executable, ROOT / "app.py", "--port", "0", "--bundle", drawn_bundle],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    line = process.stdout.readline()
    yield line, folder / "tmp"
    process.kill()
    process.communicate()


def get(url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url) as reply:
        return reply.headers["Content-Type"], reply.read()


def test_it_starts_behind_proxies_that_do_not_reach_it(hard_place):
    line, _ = hard_place
    assert b"fs-gallery" in get(line.split(" at ")[1].strip())[1]


def test_pictures_are_served_where_the_system_has_no_list_of_types(hard_place, drawn_bundle):
    url = hard_place[0].split(" at ")[1].strip()
    assert get(f"{url}faces/7")[0] == "image/png"


def test_it_needs_no_folder_of_gradios_and_leaves_none(hard_place):
    line, temporary = hard_place
    assert " at http" in line
    assert [path.name for path in temporary.iterdir()] == ["gradio"]


def test_every_picture_that_can_be_read_has_a_type_and_svg_has_none():
    assert set(TYPES) >= EXTENSIONS
    assert not {".svg", ".html", ".xml"} & set(TYPES)
    assert all(kind.startswith("image/") for kind in TYPES.values())


def test_without_any_folder_that_can_be_written_a_sentence_names_tmpdir(monkeypatch):
    def nowhere():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(surroundings.tempfile, "gettempdir", nowhere)
    monkeypatch.setattr(surroundings, "SPARE", "/no/such/folder")
    monkeypatch.delenv("GRADIO_TEMP_DIR", raising=False)
    with pytest.raises(InputError, match="environment variable TMPDIR"):
        surroundings.prepare.__wrapped__()


def test_proxies_hold_again_after_the_start_but_for_the_own_port(monkeypatch):
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with surroundings.own_port_without_proxy("127.0.0.1"):
        pass
    assert not any(name.lower().endswith("_proxy") for name in os.environ)
    monkeypatch.setenv("https_proxy", "http://proxy:1")
    monkeypatch.setenv("no_proxy", "example.org")
    monkeypatch.setenv("NO_PROXY", "example.org")
    with surroundings.own_port_without_proxy("[fe80::1]"):
        assert urllib.request.proxy_bypass("huggingface.co")
    assert os.environ["https_proxy"] == "http://proxy:1"
    passed_by = ("example.org", "localhost", "127.0.0.1", "::1", "fe80::1")
    assert os.environ["no_proxy"].split(",") == list(passed_by)
    assert not urllib.request.proxy_bypass("huggingface.co")


def at_a_terminal(folder, bundle, *options, until=b" at http"):
    """Start the app at a terminal with a browser that notes what it is shown; its output so far."""
    browser = folder / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{folder}/opened"\n')
    browser.chmod(0o755)
    command = [sys.executable, str(ROOT / "app.py"), "--port", "0", "--bundle", str(bundle)]
    environment = os.environ | {"BROWSER": f"{browser} %s", "TMPDIR": str(folder)}
    environment.pop("GRADIO_TEMP_DIR", None)
    pty = pytest.importorskip("pty", reason="a terminal is made as on Unix")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [*command, *options], environment)
    said = b""
    while until not in said:
        said += os.read(terminal, 1000)
    return pid, terminal, said


def ended(pid, terminal, patience=20):
    """Press Ctrl-C; what was said from then on, and how the app ended."""
    os.write(terminal, b"\x03")
    said, start = b"", time.monotonic()
    while time.monotonic() - start < patience:
        ready, _, _ = select.select([terminal], [], [], 0.2)
        try:
            said += os.read(terminal, 1000) if ready else b""
        except OSError:  # the other end is closed
            break
    _, status = os.waitpid(pid, 0)
    return said.replace(b"^C", b"").strip(), os.waitstatus_to_exitcode(status)


@pytest.mark.parametrize("options", [(), ("--no-browser",)])
def test_at_a_terminal_the_browser_opens_unless_told_not_to(tmp_path, drawn_bundle, options):
    pid, terminal, said = at_a_terminal(tmp_path, drawn_bundle, *options)
    address = re.search(rb"http://\S+", said)
    note = tmp_path / "opened"
    for _ in range(30):
        if note.exists() and note.read_text():
            break
        time.sleep(0.1)
    assert ended(pid, terminal) == (b"", 130)
    if options:
        assert not note.exists()
    else:
        assert note.read_text().strip().encode() == address[0].rstrip(b"\r")


def wait_for_the_imports(process, marker):
    """Return once Python has started and the app's first line has run."""
    while not marker.exists():
        time.sleep(0.005)
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():  # another system
        time.sleep(0.5)
        return
    while int(re.search(r"SigCgt:\s*(\w+)", status.read_text())[1], 16) >> signal.SIGINT - 1 & 1:
        time.sleep(0.005)  # Python's own way with Ctrl-C


@pytest.mark.parametrize("seconds", [0, 1.0, 2.5])
def test_ctrl_c_at_any_moment_ends_quietly_and_leaves_nothing(tmp_path, drawn_bundle, seconds):
    marker, temporary = tmp_path / "started", tmp_path / "tmp"
    temporary.mkdir()
    (tmp_path / "sitecustomize.py").write_text(f"open({str(marker)!r}, 'w').close()")
    environment = os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": str(tmp_path)}
    environment.pop("GRADIO_TEMP_DIR", None)
    process = subprocess.Popen(
        [sys.executable, ROOT / "app.py", "--port", "0", "--bundle", drawn_bundle],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for_the_imports(process, marker)
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert errors == ""
    assert process.returncode in (130, -signal.SIGINT)
    assert list(temporary.iterdir()) == []
