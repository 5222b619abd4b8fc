"""Rest for an app that nobody asks: Gradio's queue looks for calls a thousand times a second."""

import asyncio
from typing import Any

import gradio as gr

OFTEN, SELDOM = 0.001, 0.02  # seconds between two looks for calls
AWAKE = 1.0  # seconds after a call until looks are seldom again
PROGRESS = 1.0  # seconds between looks for progress, which no endpoint tells of


def let_rest(page: gr.Blocks) -> None:
    """Make a page that is not yet served look for calls often only while there are some: the first
    one after a pause waits a hundredth of a second longer, and a core at rest is not kept busy."""
    queue, push = page._queue, page._queue.push
    falling_asleep: asyncio.TimerHandle | None = None

    def sleep() -> None:
        queue.sleep_when_free = SELDOM

    async def pushed(*call: Any, **named: Any) -> Any:
        nonlocal falling_asleep
        if falling_asleep is not None:
            falling_asleep.cancel()
        queue.sleep_when_free = OFTEN
        falling_asleep = asyncio.get_running_loop().call_later(AWAKE, sleep)
        return await push(*call, **named)

    queue.push = pushed  # type: ignore[method-assign]
    queue.progress_update_sleep_when_free = PROGRESS
    sleep()
