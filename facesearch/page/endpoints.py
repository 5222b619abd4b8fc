"""What other programs may call: `/search`, `/similar` and `/counts`, also as tools of MCP."""

import functools
from collections.abc import Callable
from typing import Any

import gradio as gr

from facesearch.errors import InputError
from facesearch.page.asking import DEFAULT_K
from facesearch.page.galleries import Galleries


def add_endpoints(galleries: Galleries) -> None:
    """Add the endpoints to the `gr.Blocks` that is being built.

    Gradio hands their docstrings to programs: as an endpoint's description and as a tool's.
    """

    def search(
        wanted: list[str | list[str]] | None = None,
        unwanted: list[str] | None = None,
        k: int = DEFAULT_K,
        text: str = "",
        more: list[str] | None = None,
        fewer: list[str] | None = None,
        gallery: str = "",
    ) -> list[dict[str, Any]]:
        """Search the gallery of faces by what they look like.

        An attribute is one of CelebA's forty names, such as "Eyeglasses", "Smiling", "Male" or
        "Wearing_Hat"; `counts` lists those that this gallery knows. What is neither wanted nor
        unwanted stays open.

        Parameters:
            wanted: attributes that the face should have; a list of some in it means any of these.
            unwanted: attributes that it should not have.
            k: how many faces, at most.
            text: the same in words, such as "smiling woman with glasses, no hat", besides what the
                lists ask; words for anything but the attributes are left out.
            more: names of faces of which there should be more like these, at most 60.
            fewer: names of faces of which there should be fewer.
            gallery: name of the gallery, where the page has several; the first one by default.
        Returns:
            the faces that fit best, best first: rank, name, score (a cosine), image (an address).
        """
        return galleries.named(gallery).answers.search(wanted, unwanted, k, text, more, fewer)

    def similar(
        face: str,
        k: int = DEFAULT_K,
        wanted: list[str | list[str]] | None = None,
        unwanted: list[str] | None = None,
        mix: float = 0.0,
        more: list[str] | None = None,
        fewer: list[str] | None = None,
        gallery: str = "",
    ) -> list[dict[str, Any]]:
        """Find the faces that look most like one of the gallery, alone or mixed with attributes.

        It compares how pictures look, and says nothing of who somebody is.

        Parameters:
            face: the name of a face, as `search` gives it; it is not among the results.
            k: how many faces, at most.
            wanted: attributes that the face should have; they count as far as mix says.
            unwanted: attributes that it should not have; likewise.
            mix: from 0, like the face, to 1, what the attributes ask.
            more: names of faces of which there should be more like these, at most 60.
            fewer: names of faces of which there should be fewer.
            gallery: name of the gallery, where the page has several; the first one by default.
        Returns:
            the faces that fit best, best first: rank, name, score (a cosine), image (an address).
        """
        mix = 0.0 if mix is None else mix
        answers = galleries.named(gallery).answers
        return answers.similar(face, k, wanted, unwanted, mix, more, fewer)

    def counts(
        wanted: list[str | list[str]] | None = None,
        unwanted: list[str] | None = None,
        gallery: str = "",
    ) -> dict[str, Any]:
        """Count the faces that match everything asked, and would with each attribute added.

        With nothing asked it lists the attributes that this gallery knows, and how common they are.

        Parameters:
            wanted: attributes that the face should have; a list of some in it means any of these.
            unwanted: attributes that it should not have.
            gallery: name of the gallery, where the page has several; the first one by default.
        Returns:
            faces (all), matching, from (labels or predictions), attributes (each with and without).
        """
        return galleries.named(gallery).answers.counts(wanted, unwanted)

    for endpoint in (search, similar, counts):
        gr.api(_with_sentences(endpoint), api_name=endpoint.__name__, concurrency_limit=None)


def _with_sentences(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """A mistake of the caller reaches it as its sentence, without a traceback here."""

    @functools.wraps(endpoint)
    def answer(*arguments: Any) -> Any:
        try:
            return endpoint(*arguments)
        except InputError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return answer
