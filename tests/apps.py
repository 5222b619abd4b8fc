"""The app in a process and a folder of its own, watched for looks beyond this machine."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WAIT = 90  # seconds for a start or an end: a busy machine is slow, not wrong

# Runs in the app's process before anything else.
GUARD = """
import os, sys
def watch(event, details):
    if event not in ("socket.connect", "socket.getaddrinfo"):
        return
    host = details[0] if event == "socket.getaddrinfo" else details[1]
    host = host[0] if isinstance(host, tuple) else host
    if str(host).startswith(("127.", "localhost", "::1", "/")):
        return
    with open(os.environ["OUTSIDE"], "a") as log:
        log.write(f"{event} {details}\\n")
sys.addaudithook(watch)
sys.modules.update(dict.fromkeys(os.environ["ABSENT"].split()))
"""


class Forked:
    """A process that another one started, with what `subprocess.Popen` has for it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self, timeout: float) -> None:
        """Return once it has ended; `TimeoutError` after so many seconds."""
        limit = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > limit:
                raise TimeoutError(f"process {self.pid} has not ended")
            time.sleep(0.01)

    def terminate(self) -> None:
        """Ask it to end."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)


@dataclass
class RunningApp:
    """An app that answers at `url`."""

    url: str
    process: subprocess.Popen | Forked
    folder: Path

    @property
    def cache(self) -> Path:
        """Where Gradio copies files to."""
        return self.folder / "cache"

    @property
    def outside(self) -> Path:
        """Written if the process looks beyond this machine."""
        return self.folder / "outside.log"

    def stop(self) -> str:
        """End the process and return what it wrote to stderr."""
        self.process.terminate()
        self.process.wait(WAIT)
        return (self.folder / "errors.txt").read_text("utf-8")


def environment(folder: Path, installed: Path | None, absent: Sequence[str]) -> dict[str, str]:
    """The environment of an app whose folder is `folder`."""
    return {name: value for name, value in os.environ.items() if name != "FACESEARCH_CELEBA"} | {
        "ABSENT": " ".join(absent),
        "GRADIO_TEMP_DIR": str(folder / "cache"),
        "OUTSIDE": str(folder / "outside.log"),
        "PYTHONPATH": os.pathsep.join(map(str, filter(None, (folder, installed)))),
    }


def by_command(
    folder: Path, program: Sequence[str], options: Sequence[str], variables: dict[str, str]
) -> subprocess.Popen:
    """Start an app as a person does."""
    with (folder / "output.txt").open("w") as said, (folder / "errors.txt").open("w") as errors:
        return subprocess.Popen(
            [sys.executable, *program, *options],
            cwd=folder,
            env=variables,
            stdout=said,
            stderr=errors,
        )


class Forks:
    """Starts apps by forking a process that has imported Gradio: half a second, not three."""

    def __init__(self) -> None:
        self.parent = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / "forking.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, folder: Path, options: Sequence[str], variables: dict[str, str]) -> Forked:
        """Start an app."""
        stdin, stdout = self.parent.stdin, self.parent.stdout
        assert stdin is not None
        assert stdout is not None
        asked = {"folder": str(folder), "options": list(options), "environment": variables}
        stdin.write(json.dumps(asked) + "\n")
        stdin.flush()
        return Forked(int(stdout.readline()))

    def close(self) -> None:
        """End the process that is forked."""
        self.parent.kill()
        self.parent.communicate()


def address(folder: Path, process: subprocess.Popen | Forked) -> str:
    """Where an app answers, once it says so: "60 faces at http://127.0.0.1:40123/"."""
    limit = time.monotonic() + WAIT
    said = ""
    while time.monotonic() < limit:
        ended = process.poll() is not None  # before the last look at what it said
        if (folder / "output.txt").exists():
            said = (folder / "output.txt").read_text("utf-8")
        found = [line for line in said.splitlines(keepends=True) if " at http" in line]
        if found and found[0].endswith("\n"):
            return found[0].split(" at ")[1].strip()
        if ended:
            break
        time.sleep(0.02)
    errors = (folder / "errors.txt").read_text("utf-8")
    raise AssertionError(f"the app did not start: {errors}")
