"""A browser that a test drives as a person does: by pointer, by key, and by looking at the page."""

import itertools
import time
from abc import ABC, abstractmethod
from typing import Any

WAIT = 60  # seconds: a busy machine is slow, not wrong
KEYS = {"Enter": "\ue007", "ArrowRight": "\ue014", "ArrowLeft": "\ue012", "Escape": "\ue00c"}

# Collects what goes wrong on the page from here on, and what it offers to save.
WATCH = """(() => {
  window.problems = [];
  addEventListener("error", (event) => problems.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => problems.push(String(event.reason)));
  const { error } = console;
  console.error = (...said) => { problems.push(said.join(" ")); error(...said); };
  window.saved = [];
  const offer = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    if (blob instanceof Blob) blob.text().then((text) => saved.push(text));
    return offer.call(URL, blob);
  };
  return true;
})()"""


class Engine(ABC):
    """One window of a browser. Expressions are JavaScript whose value JSON can hold."""

    @abstractmethod
    def navigate(self, address: str) -> None:
        """Load a page."""

    @abstractmethod
    def resize(self, width: int, height: int) -> None:
        """Make the page so many CSS pixels large, or as near as the browser's window can be."""

    @abstractmethod
    def value(self, expression: str) -> Any:
        """What an expression is on the page."""

    @abstractmethod
    def act(self, source: dict[str, Any]) -> None:
        """Perform the actions of one input source, as the WebDriver standard writes them."""

    @abstractmethod
    def close(self) -> None:
        """End the browser."""

    def open(self, address: str) -> None:
        """Load a page, and watch it."""
        self.navigate(address)
        self.wait("document.querySelector('.fs-gallery > li')")
        self.value(WATCH)

    def until(self, expression: str, expected: Any) -> None:
        """Wait until an expression is what is expected, and fail where it does not come to be."""
        limit = time.monotonic() + WAIT
        while (found := self.value(expression)) != expected and time.monotonic() < limit:
            time.sleep(0.05)
        assert found == expected, expression

    def wait(self, condition: str) -> None:
        """Wait until a condition holds."""
        self.until(f"!!({condition})", True)

    def box(self, selector: str) -> tuple[float, float, float, float]:
        """Left, top, width and height of an element, after scrolling to it."""
        self.wait(f"document.querySelector({selector!r})?.getClientRects().length")
        left, top, width, height = self.value(
            f"(() => {{ const element = document.querySelector({selector!r});"
            "element.scrollIntoView({ block: 'center', behavior: 'instant' });"
            "const box = element.getBoundingClientRect();"
            "return [box.left, box.top, box.width, box.height]; })()"
        )
        return left, top, width, height

    def pointer(self, *actions: dict[str, Any]) -> None:
        """Actions of a mouse."""
        self.act(
            {
                "type": "pointer",
                "id": "mouse",
                "parameters": {"pointerType": "mouse"},
                "actions": list(actions),
            }
        )

    def click(self, selector: str) -> None:
        """Click in the middle of an element."""
        left, top, width, height = self.box(selector)
        self.pointer(
            move(left + width / 2, top + height / 2),
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        )

    def drag(self, selector: str, *places: float, steps: int = 40) -> None:
        """Drag a slider's thumb to places from 0 to 1, one after another, without letting go."""
        left, top, width, height = self.box(selector)
        xs = [left + width * (0.03 + 0.94 * place) for place in places]
        moves = [
            move(start + (end - start) * step / steps, top + height / 2)
            for start, end in itertools.pairwise(xs)
            for step in range(1, steps + 1)
        ]
        self.pointer(
            move(xs[0], top + height / 2),
            {"type": "pointerDown", "button": 0},
            *moves,
            {"type": "pointerUp", "button": 0},
        )

    def press(self, *keys: str) -> None:
        """Press keys and let them go, one after another: by name, or a letter."""
        actions = [
            {"type": kind, "value": KEYS.get(key, key)}
            for key in keys
            for kind in ("keyDown", "keyUp")
        ]
        self.act({"type": "key", "id": "keyboard", "actions": actions})


def move(x: float, y: float) -> dict[str, Any]:
    """A pointer's move to a place in the window, in CSS pixels."""
    return {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 4}
