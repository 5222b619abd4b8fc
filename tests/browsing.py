"""Pages in Chromium: what each visit of one did, and the pages that tests share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Visit:
    """A page in the browser, and what it did. A problem that is not `expected` fails the test.

    Its requests are heard where a test says so, as that takes a seventh of a visit's time.
    """

    page: Page
    hears_requests: bool = False
    problems: list[str] = field(default_factory=list)  # console errors, warnings, exceptions
    expected: tuple[str, ...] = ()  # parts of problems that the test brings about

    def __post_init__(self) -> None:
        self._requests: list[str] = []
        self._heard: dict[Any, Callable[[Any], None]] = {
            "console": self._hear,
            "pageerror": lambda error: self.problems.append(f"exception: {error}"),
        }
        if self.hears_requests:
            self._heard["request"] = lambda request: self._requests.append(request.url)
        for event, heard in self._heard.items():
            self.page.on(event, heard)

    @property
    def requests(self) -> list[str]:
        """The addresses that the page asked so far."""
        assert self.hears_requests
        return self._requests

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text}")

    def end(self) -> None:
        """Hear no more of the page."""
        for event, heard in self._heard.items():
            self.page.remove_listener(event, heard)


@dataclass
class Tabs:
    """Pages of the browser that one test after another opens an address in, which takes half of
    what a new page takes.

    Args:
        window: from a width and whether it is dark to the private window of such pages.
    """

    window: Callable[[int, bool], BrowserContext]
    free: dict[tuple[int, bool], list[Page]] = field(default_factory=dict)

    def take(self, width: int, dark: bool) -> Page:
        """One that nobody uses, of a width, light or dark."""
        free = self.free.get((width, dark))
        return free.pop() if free else self.window(width, dark).new_page()

    def give_back(self, page: Page, width: int, dark: bool) -> None:
        """Empty one for the next test; one that is on its way elsewhere is closed."""
        page.unroute_all()
        page.mouse.move(0, 0)
        try:
            page.goto("about:blank")
        except Error as error:
            if "net::ERR_ABORTED" not in str(error):
                raise
            page.close()
            return
        self.free.setdefault((width, dark), []).append(page)
