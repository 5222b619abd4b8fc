"""Attributes that a page brings along: taught there, kept by its browser, sent with questions."""

import functools
import json
from typing import Any

import numpy as np

from facesearch.bundle import Bundle
from facesearch.errors import InputError, quoted
from facesearch.gallery import Taught
from facesearch.gallery.memory import SAMPLED
from facesearch.gallery.taught import GROUP, read_list
from facesearch.gallery.teaching import worth_asking
from facesearch.page.asking import read_picked
from facesearch.page.view import View

MOST_TAUGHT = 20  # attributes that a page may bring along
MOST_MARKED = 300  # faces of one lesson, on each side
ASKED_ABOUT = 6  # faces that a lesson asks about next
MEMORY = 1 << 28  # bytes of counts over attributes that pages brought


class Lessons:
    """What pages teach, and bundles with what they were taught; nothing of it is written here."""

    def __init__(self, view: View) -> None:
        self.view, self.bundle = view, view.bundle
        column = 4 * max(1, min(len(self.bundle), SAMPLED))  # bytes
        kept = MEMORY // (column * (len(self.bundle.vocabulary) + MOST_TAUGHT))
        self._with = functools.lru_cache(min(max(kept, 1), 16))(self._extended)

    def view_with(self, taught: Any) -> View:
        """The view with attributes as a page sent them; `InputError` for what are none."""
        return self._with(json.dumps(taught)) if taught else self.view

    def bring(self, taught: Any) -> dict[str, Any]:
        """Attributes of a file, as they are to be kept, and the share of faces that has each."""
        bundle = self.view_with(taught).bundle
        added = bundle.taught[len(self.bundle.taught) :]
        return {
            "taught": [each.as_json() for each in added],
            "rates": [_rate(_chances(bundle, each)) for each in added],
        }

    def teach(self, name: Any, like: Any, unlike: Any, skipped: Any) -> dict[str, Any]:
        """What is learned from marks: the attribute, the share of faces that has it, and a few
        faces whose marks would teach the most. `InputError` for marks that teach nothing."""
        marks = [
            read_picked(field, names, MOST_MARKED)
            for field, names in (("like", like), ("unlike", unlike), ("skipped", skipped))
        ]
        self.bundle.vocabulary.extended([name], GROUP)  # whether it may be called so
        learned = self.bundle.learn(name, marks[0], marks[1])
        chances = _chances(self.bundle.with_taught([learned]), learned)
        return {
            "taught": learned.as_json(),
            "rate": _rate(chances),
            "ask": self._ask(chances, {face for names in marks for face in names}),
        }

    def _extended(self, taught: str) -> View:
        values = json.loads(taught)
        if not isinstance(values, list) or len(values) > MOST_TAUGHT:
            raise InputError(
                f"Taught attributes are {quoted(values)}: bring a list of at most {MOST_TAUGHT}."
            )
        return View(self.view.answers, self.bundle.with_taught(read_list(values)))

    def _ask(self, chances: np.ndarray, marked: set[str]) -> list[dict[str, Any]]:
        gallery, faces = self.bundle.gallery, self.view.faces
        chances = chances.copy()
        chances[[gallery.find(name) for name in marked]] = np.nan
        if gallery.hidden_mask is not None:
            chances[gallery.hidden_mask] = np.nan
        rows = worth_asking(chances, ASKED_ABOUT)
        return [
            {"name": face.name, "image": faces.address(row, face)}
            for row, face in zip(rows, gallery.places(rows), strict=True)
            if faces.is_there(row, face)
        ]


def _chances(bundle: Bundle, taught: Taught) -> np.ndarray:
    return bundle.gallery.probability(bundle.vocabulary.index(taught.name))  # (N,)


def _rate(chances: np.ndarray) -> float:
    """The share of faces that has what each has with these chances."""
    return round(float(np.nanmean(chances)), 4)
