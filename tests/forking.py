"""Starts app after app, a line of JSON each: a process that has imported Gradio is forked.

Run by apps.py; answers each line with the number of the new process.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import app  # sets what is set before NumPy is imported
import facesearch.page.server  # noqa: F401, Gradio


def become(asked: dict[str, Any]) -> None:
    """Be `app.py`, in a folder and an environment of its own; does not return."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        for name, number in (("output.txt", 1), ("errors.txt", 2)):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        exec(Path("sitecustomize.py").read_text(), {})
        code = app.run(app.serve, "app.py", asked["options"])
    finally:
        os._exit(code)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets those that ended
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            become(json.loads(line))
        print(number, flush=True)
