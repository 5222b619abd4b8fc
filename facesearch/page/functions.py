"""The functions that the page's scripts call, over one gallery: JSON in, JSON out."""

from collections.abc import Callable
from typing import Any

from facesearch.errors import InputError
from facesearch.page.answer import Answers
from facesearch.page.teaching import Lessons
from facesearch.page.view import View
from facesearch.page.wording import read_words


class Functions:
    """What a gallery's page asks. Each takes an object, and gives {"error"} for a mistake in it."""

    def __init__(self, answers: Answers) -> None:
        self.answers, self.view = answers, View(answers)
        self.lessons = Lessons(self.view)

    def answer(self, asked: Any) -> dict[str, Any]:
        """What the page shows for a question; see `View.answer`."""

        def answer() -> dict[str, Any]:
            view = self._view(asked)
            return view.answer({field: asked[field] for field in asked if field != "taught"})

        return _said(answer) if isinstance(asked, dict) else self.view.answer(asked)

    def face(self, asked: Any) -> dict[str, Any]:
        """All that is known of the face of a `name`; see `View.face`."""
        return _said(lambda: self._view(asked).face(_field(asked, "name")))

    def words(self, asked: Any) -> dict[str, Any]:
        """What a `text` means; see `read_words`."""
        return _said(lambda: read_words(self._view(asked).bundle, _field(asked, "text")))

    def surprise(self, _: Any = None) -> dict[str, Any]:
        """A random query with matches."""
        return self.view.surprise()

    def teach(self, asked: Any) -> dict[str, Any]:
        """What is learned of a look's `name` from faces that are `like`, `unlike` or `skipped`; see
        `Lessons.teach`."""
        marks = ("name", "like", "unlike", "skipped")
        return _said(lambda: self.lessons.teach(*(_field(asked, field) for field in marks)))

    def bring(self, asked: Any) -> dict[str, Any]:
        """Whether `taught` attributes of a file can be used here; see `Lessons.bring`."""
        return _said(lambda: self.lessons.bring(_field(asked, "taught")))

    def _view(self, asked: Any) -> View:
        return self.lessons.view_with(_field(asked, "taught"))


def _field(asked: Any, field: str) -> Any:
    return asked.get(field) if isinstance(asked, dict) else None


def _said(answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return answer()
    except InputError as error:
        return {"error": str(error)}
