"""What Gradio keeps of those who call, bounded: results that nobody fetches, and sessions."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import gradio as gr
from gradio.server_messages import ProcessCompletedMessage

SESSIONS = 200  # callers of whom anything is kept
RESULTS = (
    200  # that wait to be fetched, of all callers together; each is of 1,000 faces at the most
)
MESSAGES = 10_000  # that wait to be fetched, results and small ones
WAITING = 256  # calls that wait to be answered; more are refused
NEWS = 3600  # seconds between messages of how many wait: each click of many is told to all of them

Value = TypeVar("Value")


class Recent(OrderedDict[str, Value], Generic[Value]):
    """The values that were last used, by a caller's session; of a forgotten one, `empty()`."""

    def __init__(self, empty: Callable[[], Value]) -> None:
        super().__init__()
        self.empty = empty

    def __missing__(self, session: str) -> Value:
        return self.empty()

    def __getitem__(self, session: str) -> Value:
        value = super().__getitem__(session)
        if session in self:
            self.move_to_end(session)
        return value

    def __setitem__(self, session: str, value: Value) -> None:
        super().__setitem__(session, value)
        self.move_to_end(session)
        while len(self) > SESSIONS:
            self.popitem(last=False)


class Inbox(asyncio.Queue[Any]):
    """One session's messages; `results` of them are large."""

    def __init__(self, trim: Callable[[], None]) -> None:
        super().__init__()
        self.trim = trim
        self.results = 0

    def _put(self, item: Any) -> None:
        super()._put(item)
        self.results += isinstance(item, ProcessCompletedMessage)
        self.trim()

    def _get(self) -> Any:
        item = super()._get()
        self.results -= isinstance(item, ProcessCompletedMessage)
        return item


class Inboxes(Recent[asyncio.Queue[Any]]):
    """Each session's messages: who leaves most of them unread loses them first."""

    def __init__(self) -> None:
        super().__init__(asyncio.Queue)

    def __setitem__(self, session: str, value: asyncio.Queue[Any]) -> None:
        super().__setitem__(session, Inbox(self.trim))

    def trim(self) -> None:
        """Forget sessions until no more than `RESULTS` and `MESSAGES` wait."""
        self._forget(RESULTS, lambda inbox: getattr(inbox, "results", 0))
        self._forget(MESSAGES, asyncio.Queue.qsize)

    def _forget(self, most: int, count: Callable[[asyncio.Queue[Any]], int]) -> None:
        waiting = {session: count(inbox) for session, inbox in self.items()}
        total = sum(waiting.values())
        while total > most:
            worst = max(waiting, key=waiting.__getitem__)
            total -= waiting.pop(worst)
            del self[worst]


def bound(page: gr.Blocks) -> None:
    """Bound what a page that is not yet served will keep of its callers."""
    # As `page.queue` would set them, which builds all routes once more.
    queue = page._queue
    queue.live_updates, queue.update_intervals, queue.max_size = False, NEWS, WAITING
    queue.pending_messages_per_session = Inboxes()  # type: ignore[assignment]
    queue.pending_event_ids_session = Recent(set)
