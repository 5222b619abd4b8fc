"""An app that nobody asks sleeps, and wakes at once when somebody does; so does its page."""

import time
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest
from clicks import frames_at_rest

from facesearch.page import rest

SWITCHES = "voluntary_ctxt_switches"


def times_slept(process):
    """How often the threads of a process have gone to sleep since it began."""
    told = [each.read_text() for each in Path(f"/proc/{process}/task").glob("*/status")]
    lines = [line for text in told for line in text.splitlines() if line.startswith(SWITCHES)]
    return sum(int(line.split()[1]) for line in lines)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="as Linux tells it")
def test_at_rest_it_wakes_less_than_a_hundred_times_a_second(drawn_app, client):
    client.predict(wanted=["Bald"], k=1, api_name="/search")
    time.sleep(2 * rest.AWAKE)
    before = times_slept(drawn_app.process.pid)
    time.sleep(2)
    assert 0 < times_slept(drawn_app.process.pid) - before < 200
    assert client.predict(wanted=["Bald"], k=1, api_name="/search")


def test_it_is_awake_until_a_while_after_the_last_call(monkeypatch):
    timers = []

    class Clock:
        def call_later(self, after, what):
            timers.append([after, what])
            return SimpleNamespace(cancel=timers[-1].clear)

    monkeypatch.setattr(rest, "asyncio", SimpleNamespace(get_running_loop=Clock))
    with gr.Blocks() as page:
        pass
    queue = page._queue

    async def push(call):
        return call

    queue.push = push
    rest.let_rest(page)
    assert queue.sleep_when_free == rest.SELDOM
    for call in ("one", "another"):
        with pytest.raises(StopIteration, match=call):  # at its end, with nothing to wait for
            queue.push(call).send(None)
        assert queue.sleep_when_free == rest.OFTEN
    cancelled, (after, sleep) = timers
    assert (cancelled, after) == ([], rest.AWAKE)
    sleep()
    assert queue.sleep_when_free == rest.SELDOM


def test_a_page_that_nobody_touches_draws_no_frames(portraits_app, browser_page):
    assert frames_at_rest(browser_page(portraits_app.url).page.evaluate) == 0
