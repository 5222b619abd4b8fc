"""What Gradio keeps of those who call, bounded: results that nobody fetches, and sessions."""

import asyncio
from collections import OrderedDict
from typing import Any, Generic, TypeVar

import gradio as gr

SESSIONS = 200  # callers of whom anything is kept
UNREAD = 512  # messages that wait to be fetched, of all callers together
WAITING = 256  # calls that wait to be answered; more are refused

Value = TypeVar("Value")


class Recent(OrderedDict[str, Value], Generic[Value]):
    """The values that were last used, by a caller's session."""

    def __getitem__(self, session: str) -> Value:
        value = super().__getitem__(session)
        self.move_to_end(session)
        return value

    def __setitem__(self, session: str, value: Value) -> None:
        super().__setitem__(session, value)
        self.move_to_end(session)
        while len(self) > SESSIONS:
            self.popitem(last=False)


class Inbox(asyncio.Queue[Any]):
    """One session's messages."""

    def __init__(self, inboxes: "Inboxes") -> None:
        super().__init__()
        self.inboxes = inboxes

    def _put(self, item: Any) -> None:
        super()._put(item)
        self.inboxes.trim()


class Inboxes(Recent[Inbox]):
    """Each session's messages: who leaves most unread loses them first."""

    def __setitem__(self, session: str, value: asyncio.Queue[Any]) -> None:
        super().__setitem__(session, Inbox(self))

    def trim(self) -> None:
        """Forget sessions until no more than `UNREAD` messages wait."""
        waiting = {session: inbox.qsize() for session, inbox in self.items()}
        unread = sum(waiting.values())
        while unread > UNREAD:
            worst = max(waiting, key=waiting.__getitem__)
            unread -= waiting.pop(worst)
            del self[worst]


def bound(page: gr.Blocks) -> None:
    """Bound what a page that is not yet served will keep of its callers."""
    queue = page._queue
    queue.max_size = WAITING
    queue.pending_messages_per_session = Inboxes()  # type: ignore[assignment]
    queue.pending_event_ids_session = Recent()
