"""Firefox by WebDriver BiDi, which it speaks itself: no driver is needed."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from engine import WAIT, Engine
from websocket import create_connection

LISTENING = "WebDriver BiDi listening on "


def find_firefox() -> str | None:
    """The program, or None where it is not installed."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox(Engine):
    """Headless Firefox with an empty profile in `folder`."""

    def __init__(self, folder: Path) -> None:
        program = find_firefox()
        assert program is not None
        options = ["--headless", "--no-remote", "--profile", str(folder)]
        self.process = subprocess.Popen(
            [program, *options, "--remote-debugging-port", "0"],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        try:
            self.connect()
        except BaseException:
            self.process.kill()
            raise

    def connect(self) -> None:
        """Open a session with the browser, once it says where it listens."""
        assert self.process.stderr is not None
        line = next(line for line in self.process.stderr if LISTENING in line)
        address = f"{line.split(LISTENING)[1].strip()}/session"
        self.socket = create_connection(address, timeout=3 * WAIT, suppress_origin=True)
        self.sent = 0
        self.call("session.new", capabilities={})
        self.window = self.call("browsingContext.getTree")["contexts"][0]["context"]

    def call(self, method: str, **parameters: object) -> Any:
        """The result of a command of https://www.w3.org/TR/webdriver-bidi/."""
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": parameters}))
        while (reply := json.loads(self.socket.recv())).get("id") != self.sent:
            pass  # an event
        assert reply["type"] == "success", reply
        return reply["result"]

    def navigate(self, address: str) -> None:
        self.call("browsingContext.navigate", context=self.window, url=address, wait="complete")

    def resize(self, width: int, height: int) -> None:
        size = {"width": width, "height": height}
        self.call("browsingContext.setViewport", context=self.window, viewport=size)

    def value(self, expression: str) -> Any:
        found = self.call(
            "script.evaluate",
            expression=f"JSON.stringify(({expression}) ?? null)",
            target={"context": self.window},
            awaitPromise=False,
        )
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return json.loads(found["result"]["value"])

    def act(self, source: dict[str, Any]) -> None:
        self.call("input.performActions", context=self.window, actions=[source])

    def close(self) -> None:
        self.socket.close()
        self.process.terminate()
        self.process.communicate(timeout=WAIT)
