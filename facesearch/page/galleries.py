"""The galleries of one app: the first is open, each other one once somebody asks for it."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from facesearch.bundle import Bundle
from facesearch.errors import InputError, quoted
from facesearch.page.answer import Answers
from facesearch.page.functions import Functions
from facesearch.page.panel import panel_html
from facesearch.page.renewal import OpenGallery

Source = Bundle | Callable[[], Bundle]  # an opened bundle, or how to open it


class Galleries:
    """What is answered over each of several bundles, by name.

    Args:
        sources: by name; a first one that is opened.
        originals: whether photographs are given out as they are.
    """

    def __init__(self, sources: Mapping[str, Source], *, originals: bool = False) -> None:
        self.sources, self.originals = dict(sources), originals
        self.names = list(self.sources)
        self._open: dict[str, OpenGallery] = {}
        self._one = threading.Lock()  # is opened at a time
        self.renewed: Callable[[], None] = lambda: None  # called when the first one is another
        self.named(self.names[0])

    @property
    def first(self) -> Functions:
        """What is answered over the first gallery."""
        return self._open[self.names[0]].now

    def named(self, name: Any = None) -> Functions:
        """What is answered over the gallery of a name, the first one for "" or None.

        `InputError` for a name that none has, and for a bundle that can't be opened.
        """
        name = name or self.names[0]
        if not isinstance(name, str) or name not in self.sources:
            raise InputError(
                f"There is no gallery {quoted(name)} here: there is {' and '.join(self.names)}."
            )
        with self._one:
            if name not in self._open:
                source = self.sources[name]
                bundle = source if isinstance(source, Bundle) else source()
                self._open[name] = OpenGallery(bundle, originals=self.originals)
            return self._open[name].now

    def of_version(self, version: object) -> Functions | None:
        """The open gallery of a version, or None."""
        found = (each.of_version(version) for each in [*self._open.values()])
        return next(filter(None, found), None)

    def news(self, asked: Any) -> dict[str, Any]:
        """How many faces the gallery of a version has by now, beyond those that the version has,
        and its version of now; {} where that is the same, {"changed"} for one that is not open."""
        version = asked.get("gallery") if isinstance(asked, dict) else None
        opened = next((each for each in [*self._open.values()] if each.of_version(version)), None)
        if opened is None:
            return {"changed": True}
        with self._one:
            renewed = opened.renew()
        if renewed and opened.now is self.first:
            self.renewed()
        shown = opened.of_version(version)
        if shown is None or shown is opened.now:
            return {"changed": True} if shown is None else {}
        then, now = shown.answers.bundle.names, opened.now.answers.bundle.names
        return {"more": len(now) - len(then), "version": opened.now.answers.version}

    def about(self, name: str) -> dict[str, Any]:
        """What the page needs to know of a gallery, and of the others; see `View.about`."""
        several = {"named": name, "galleries": self.names} if len(self.names) > 1 else {}
        about = self.named(name).view.about() | several
        return about | ({"grows": True} if self._open[name].grows else {})

    def panel(self, name: str) -> str:
        """A gallery's attributes as HTML."""
        bundle = self.named(name).answers.bundle
        results = bundle.config.results.get("attributes")
        return panel_html(bundle.vocabulary, bundle.unavailable, results, bundle.taught)

    def open(self, asked: Any) -> dict[str, Any]:
        """What a page starts with that is over the `gallery` of a name, or {"error"}."""
        name = asked.get("gallery") if isinstance(asked, dict) else None
        try:
            name = self.names[0] if not name else str(name)
            self.named(name)
            return {"about": self.about(name), "panel": self.panel(name)}
        except InputError as error:
            return {"error": str(error)}

    def function(self, name: str) -> Callable[[Any], dict[str, Any]]:
        """A function of `Functions`, over the gallery whose version the page names; {"changed"}
        where that is not open: the page was opened on another one."""

        def function(asked: Any) -> dict[str, Any]:
            version = asked.get("gallery") if isinstance(asked, dict) else None
            meant = self.first if version is None else self.of_version(version)
            if meant is None:
                return {"changed": True}
            answer: dict[str, Any] = getattr(meant, name)(asked)
            return answer

        function.__name__ = name
        return function

    def routes(self) -> list[Route]:
        """Faces, photographs and given pictures, each of the gallery whose version is asked."""

        def face(request: Request) -> Response:
            meant = self._asked(request)
            return meant.faces.respond(request) if meant else _gone()

        def photo(request: Request) -> Response:
            meant = self._asked(request)
            return meant.photographs.respond(request) if meant else _gone()

        def original(request: Request) -> Response:
            meant = self._asked(request)
            return meant.photographs.give_out(request) if meant else _gone()

        async def given(request: Request) -> Response:
            meant = self._asked(request)
            return await meant.given.respond(request) if meant else _gone()

        return [
            Route("/faces/{row:int}", face),
            Route("/photos/{row:int}", photo),
            Route("/originals/{row:int}", original),
            Route("/pictures", given, methods=["POST"]),
        ]

    def _asked(self, request: Request) -> Answers | None:
        if len(self.names) == 1 and not self._open[self.names[0]].before:
            return self.first.answers
        meant = self.of_version(request.url.query.split("&")[0])
        return meant.answers if meant else None


def _gone() -> Response:
    return PlainTextResponse("This gallery is not open; load the page again.", status_code=404)
