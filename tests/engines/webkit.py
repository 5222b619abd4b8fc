"""WebKitGTK, the engine of Safari, by its driver and Selenium, on a screen that nobody sees."""

import glob
import os
import shutil
import subprocess
from typing import Any

from engine import WAIT, Engine
from selenium.webdriver import WebKitGTK
from selenium.webdriver.remote.command import Command
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"  # of Debian's package webkit2gtk-driver


def find_webkit() -> str | None:
    """The browser, or None where it, its driver or the screen is not installed."""
    if shutil.which("WebKitWebDriver") is None or shutil.which("Xvfb") is None:
        return None
    return next(iter(glob.glob(BROWSERS)), None)


class WebKit(Engine):
    """WebKitGTK's small browser."""

    def __init__(self) -> None:
        browser = find_webkit()
        assert browser is not None
        there, told = os.pipe()
        self.screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(told), "-screen", "0", "1600x1200x24"],
            pass_fds=[told],
            stderr=subprocess.DEVNULL,
        )
        os.close(told)
        with os.fdopen(there) as number:
            display = f":{number.readline().strip()}"
        options = Options()
        options.binary_location = browser
        options.add_argument("--automation")
        environment = {**os.environ, "DISPLAY": display, "WAYLAND_DISPLAY": ""}
        if os.getuid() == 0:  # the sandbox is not for root, as whom continuous integration runs
            environment["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"
        driver = shutil.which("WebKitWebDriver")
        self.driver = WebKitGTK(options=options, service=Service(driver, env=environment))
        self.driver.set_page_load_timeout(WAIT)

    def navigate(self, address: str) -> None:
        self.driver.get(address)

    def resize(self, width: int, height: int) -> None:
        self.driver.set_window_size(width, height)

    def value(self, expression: str) -> Any:
        return self.driver.execute_script(f"return ({expression}) ?? null")

    def act(self, source: dict[str, Any]) -> None:
        self.driver.execute(Command.W3C_ACTIONS, {"actions": [source]})

    def close(self) -> None:
        self.driver.quit()
        self.screen.terminate()
        self.screen.wait(WAIT)
