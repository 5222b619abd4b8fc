"""What is kept of callers stays bounded, and who fetches what they asked for loses nothing."""

import asyncio
import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from gradio.server_messages import ProcessCompletedMessage

from facesearch.page import kept
from facesearch.page.kept import Inboxes, Recent


def test_the_sessions_that_were_used_last_are_kept(monkeypatch):
    monkeypatch.setattr(kept, "SESSIONS", 3)
    sessions = Recent(set)
    for name in "abc":
        sessions[name] = set()
    assert sessions["a"] == set()  # used
    sessions["d"] = set()
    assert list(sessions) == ["c", "a", "d"]
    assert sessions["b"] == set()  # as if it had never called
    assert list(sessions) == ["c", "a", "d"]


def result():
    return ProcessCompletedMessage(output={}, success=True)


@pytest.mark.parametrize("limit", ["RESULTS", "MESSAGES"])
def test_who_fetches_nothing_loses_it_and_others_do_not(monkeypatch, limit):
    monkeypatch.setattr(kept, limit, 20)

    async def calls():
        inboxes = Inboxes()
        for name in ("greedy", "patient"):
            inboxes[name] = asyncio.Queue()
        mine = [result() for _ in range(5)]
        for each in mine:
            inboxes["patient"].put_nowait(each)
        for _ in range(100):
            if "greedy" not in inboxes:
                inboxes["greedy"] = asyncio.Queue()
            inboxes["greedy"].put_nowait(result())
            assert sum(inbox.qsize() for inbox in inboxes.values()) <= 20
        return mine == [inboxes["patient"].get_nowait() for _ in range(5)]

    with ThreadPoolExecutor(1) as pool:  # this thread may have Playwright's event loop
        assert pool.submit(asyncio.run, calls()).result()


def test_results_that_are_fetched_make_room_for_others(monkeypatch):
    monkeypatch.setattr(kept, "RESULTS", 3)

    async def calls():
        inboxes = Inboxes()
        inboxes["busy"] = asyncio.Queue()
        for _ in range(50):
            inboxes["busy"].put_nowait(result())
            inboxes["busy"].get_nowait()
        return list(inboxes)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, calls()).result() == ["busy"]


def test_hundreds_of_calls_that_nobody_fetches_leave_room_for_one_that_is(drawn_app, client):
    endpoint = min(client.endpoints)
    for number in range(300):
        body = {
            "data": [None, None, 60],
            "session_hash": f"s{number % 3}",
            "fn_index": endpoint,
        }
        request = urllib.request.Request(
            f"{drawn_app.url}gradio_api/queue/join",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as reply:
            assert reply.status == 200
    assert len(client.predict(k=3, api_name="/search")) == 3


def test_sixty_calls_at_once_are_all_answered(drawn_app):
    # Each as a caller of its own: where one ends its stream of answers, gradio_client sometimes
    # gives up calls of the same session that come at that moment.
    address = f"{drawn_app.url}gradio_api/call/search"

    def found(_):
        body, kind = json.dumps({"data": [None, None, 3]}).encode(), "application/json"
        request = urllib.request.Request(address, body, {"Content-Type": kind})
        with urllib.request.urlopen(request, timeout=90) as reply:
            event = json.load(reply)["event_id"]
        with urllib.request.urlopen(f"{address}/{event}", timeout=90) as reply:
            lines = reply.read().decode().splitlines()
        return len(json.loads(lines[lines.index("event: complete") + 1].removeprefix("data: "))[0])

    with ThreadPoolExecutor(60) as pool:
        assert list(pool.map(found, range(60))) == [3] * 60
