"""Calls of Gradio's routes, checked before it sees them: what it would stumble over is refused."""

import json
from typing import Any
from urllib.parse import parse_qs

import gradio as gr
from starlette.types import Scope

from facesearch.errors import quoted
from facesearch.page.guard import Refusal

SESSION = 64  # characters of a session's name
FIELDS = {
    "data": list,
    "session_hash": str | None,
    "fn_index": int | None,
    "trigger_id": int | None,
    "event_data": None,
    "event_id": str | None,
}  # of a call; gradio_client and the page's frontend send no other


class Calls:
    """What may be called on a page.

    Args:
        page: the page, built.
        functions: of the page's one component, that a browser calls.
    """

    def __init__(self, page: gr.Blocks, functions: frozenset[str]) -> None:
        self.queue = page._queue
        self.functions = functions
        self.component = next(id for id, block in page.blocks.items() if isinstance(block, gr.HTML))
        self.endpoints = {fn.api_name: id for id, fn in page.fns.items()}
        self.parameters = {
            name.removeprefix("/"): [each["parameter_name"] for each in info["parameters"]]
            for name, info in page.get_api_info()["named_endpoints"].items()
        }

    def refusal(self, scope: Scope, path: str, body: bytes | None) -> Refusal | None:
        """Why a request, with a path that may be asked, is not answered; None if it is."""
        route = [part for part in path.removeprefix("/gradio_api").split("/") if part]
        if scope["method"] in ("GET", "HEAD"):
            return self._unknown_result(scope, route)
        if body is None or route[:1] in (["mcp"], ["pictures"]) or scope["method"] == "OPTIONS":
            return None
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError):
            return Refusal(400, "The request is not JSON.")
        if not isinstance(asked, dict):
            return Refusal(422, f"The request is {quoted(asked)}: give an object.")
        session = asked.get("session_hash")
        if session is not None and not _is_name(session):
            return Refusal(
                422,
                f"session_hash is {quoted(session)}: give a text of up to {SESSION} characters.",
            )
        if route[0] == "component_server":
            return self._wrong_component(asked)
        if route[0] == "call":
            return self._wrong_endpoint(route, asked)
        if route[0] == "queue":
            index = asked.get("fn_index")
            if session is None or isinstance(index, bool) or index not in self.endpoints.values():
                return Refusal(422, "A call has a session_hash, and the fn_index of an endpoint.")
            return _wrong_fields(asked)
        if not _is_name(session) or not _is_name(asked.get("event_id")):
            return Refusal(422, "What is to be cancelled has a session_hash and an event_id.")
        return _wrong_fields(asked | {"data": []})

    def _unknown_result(self, scope: Scope, route: list[str]) -> Refusal | None:
        """Refuse to wait for a result that nobody asked for."""
        unread = self.queue.pending_messages_per_session
        if route == ["queue", "data"]:
            given = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])
            return None if given[0] in unread else Refusal(404, "No such session.")
        if route[:1] == ["call"]:
            event = route[-1]
            asked = self.queue.pending_event_ids_session.values()
            if event not in unread and not any(event in events for events in asked):
                return Refusal(404, "No such result; each can be fetched once.")
        return None

    def _wrong_component(self, asked: dict[str, Any]) -> Refusal | None:
        if (
            {"data", "session_hash", "component_id", "fn_name"} <= set(asked)
            and isinstance(asked["session_hash"], str)
            and type(asked["component_id"]) is int
            and asked["component_id"] == self.component
            and isinstance(asked["fn_name"], str)
            and asked["fn_name"] in self.functions
        ):
            return None
        return Refusal(422, "The page has no such function.")

    def _wrong_endpoint(self, route: list[str], asked: dict[str, Any]) -> Refusal | None:
        name = route[-1]
        if name not in self.parameters:
            return Refusal(404, f"There is no endpoint {quoted(name)}: {self._names()}.")
        if route[1] != "v2":
            return _wrong_fields(asked)
        known = self.parameters[name]
        strange = next((field for field in asked if field not in known), None)
        if strange is not None:
            return Refusal(422, f"{name} has no {quoted(strange)}: it takes {', '.join(known)}.")
        if name == "similar" and "face" not in asked:
            return Refusal(422, "similar needs a face: give the name of one.")
        return None

    def _names(self) -> str:
        return "there are " + ", ".join(sorted(self.parameters))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= SESSION and value.isprintable()


def _wrong_fields(asked: dict[str, Any]) -> Refusal | None:
    for field, value in asked.items():
        if field not in FIELDS:
            return Refusal(422, f"A call has no {quoted(field)}.")
        kind = FIELDS[field]
        fits = value is None if kind is None else isinstance(value, kind)
        if not fits or isinstance(value, bool):
            return Refusal(422, f"{field} is {quoted(value)}, which it can't be.")
    if "data" not in asked:
        return Refusal(422, 'A call has its values as a list: {"data": [...]}.')
    return None
