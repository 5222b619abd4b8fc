"""What the page shows for each question: faces with their marks, counts, and sentences."""

import functools
import random
import time
from typing import Any

import numpy as np

from facesearch.attributes import Query
from facesearch.bundle import Bundle
from facesearch.errors import EngineError, EngineSlow, InputError
from facesearch.gallery import Face
from facesearch.page.answer import Answers, Hit
from facesearch.page.asking import DEFAULT_K, MOST, Asked, read_question
from facesearch.page.card import card_html
from facesearch.page.examples import examples, surprise
from facesearch.page.shape import SAMPLE, tile_aspect

SPLIT_WORDS = {"train": "training", "valid": "validation", "test": "test"}
RANKINGS = 256  # kept, of 12 KB at most


class View:
    """The page's side of an opened bundle, in values that can be sent as JSON.

    Args:
        answers: over the bundle.
        bundle: the same bundle with further taught attributes, where a page brought some.
    """

    def __init__(self, answers: Answers, bundle: Bundle | None = None) -> None:
        self.answers, self.bundle = answers, bundle or answers.bundle
        self.faces, self.version = answers.faces, answers.version
        self._ranking = functools.lru_cache(RANKINGS)(self._rank)
        self._random = random.Random()

    def answer(self, asked: Any) -> dict[str, Any]:
        """What the page shows for a question (fields as in `Asked`): an answer, or {"error"}.

        hits: those of `search`, with `marks` for each of the `parts` of what is asked, a list for
        its names (1 has it, 0 hasn't, by label; 3 and 2 likewise, but the model's guess), how
        likely the face has all that is asked as `chance`, whether it `matches`, which is a chance
        of half and more, and how many near-`copies` it stands for. more: whether the ranking goes
        on. asked: all names in it. like: name and image of the face whose likes these are; picture:
        or the name of a given picture's face. moved: likewise, of faces of which there should be
        `more` and `fewer`. notice: a sentence, where one of them is gone.
        matching: how many of the gallery match. with, without: how many would with each attribute
        added; one that excludes what is wanted joins it as any-of, as a tick does. dropped: where
        none matches, how many do without one part of the query. ms: milliseconds taken. In place of
        all that, changed: the page was opened on another gallery.
        """
        start = time.perf_counter()
        try:
            question = read_question(self.bundle.vocabulary, asked)
            if question.gallery not in (None, self.version):
                return {"changed": True}
            alike, notice = self._alike(question)
            more, fewer, gone = self._picked(question)
            found = self._found(question, alike, notice or gone, more, fewer)
        except InputError as error:
            return {"error": str(error)}
        return found | {"ms": (time.perf_counter() - start) * 1000}

    def face(self, name: Any) -> dict[str, Any]:
        """All that is known of one face, by name, or {"error"}: labels (1, 0, -1 unknown) or None,
        and predicted probabilities, one an attribute; and, where it was detected in one, its
        photograph, as `Photographs.about` tells of it, and its near-copies."""
        try:
            row = self.bundle.gallery.find(str(name))
        except InputError as error:
            return {"error": str(error)}
        face, names = self.bundle.gallery.records([row])[0], self.bundle.vocabulary.names
        labels = [int(face.labels[each]) if each in face.labels else -1 for each in names]
        return {
            "name": face.name,
            "image": self.faces.address(row, face),
            "labels": labels if self.bundle.gallery.labelled else None,
            "predicted": [round(face.predicted[each], 4) for each in names],
            "photo": self.answers.photographs.about(row),
            "copies": self.bundle.gallery.copies(row),
        }

    def surprise(self) -> dict[str, Any]:
        """A random query with matches."""
        query = surprise(self.bundle, self._random)
        return {"wanted": query.wanted, "unwanted": query.unwanted}

    def about(self) -> dict[str, Any]:
        """What the page needs to know of its gallery before the first click."""
        dataset, faces = self.bundle.config.dataset, len(self.bundle.names)
        name, split = str(dataset.get("name") or self.bundle.path.name), str(dataset.get("split"))
        most = max(1, min(MOST, len(self.bundle)))  # hidden ones may be shown
        starts = examples(self.bundle)
        first = {"wanted": starts[0].wanted, "unwanted": starts[0].unwanted} if starts else {}
        return {
            "gallery": f"{name}, {SPLIT_WORDS[split]} images" if split in SPLIT_WORDS else name,
            "bundle": self.bundle.path.name,
            "version": self.version,
            "model": self.bundle.model,
            "faces": faces,
            "hidden": self.bundle.gallery.hidden,
            "attributes": self.bundle.vocabulary.names,
            "labels": self.bundle.vocabulary.labels,
            "unavailable": self.bundle.unavailable,
            "guessed": [each.name for each in self.bundle.taught],  # there are no labels of these
            "exclusive": self.bundle.vocabulary.exclusive,
            "rates": self._rates(),
            "counts_from": self.bundle.gallery.counted_from,
            "examples": [each._asdict() for each in starts],
            "k": min(DEFAULT_K, most),
            "most": most,
            "aspect": self._aspect(),
            "card": card_html(self.bundle.path),
            "notice": None
            if self._has_pictures()
            else f"The pictures of {name} are not here, so their names stand in for them. "
            "Start the app with --images and the folder that holds them.",
            "first": self.answer(first),
        }

    def _alike(self, question: Asked) -> tuple[str | int | None, str | None]:
        """The face that others should be like, a row or the name of a given picture's, or None and
        a sentence where it is gone."""
        if question.picture is not None:
            if self.answers.given.vector(question.picture) is None:
                return None, "The picture that was asked by is no longer held: give it again."
            return question.picture, None
        try:
            name = question.like
            return (None if name is None else self.bundle.gallery.find(name)), None
        except EngineError:  # the face need not be gone
            raise
        except InputError as error:
            return None, str(error)

    def _picked(self, asked: Asked) -> tuple[tuple[int, ...], tuple[int, ...], str | None]:
        """Rows of which there should be more, and fewer, like these, and a sentence on those that
        are gone."""
        found: list[tuple[int, ...]] = []
        gone: str | None = None
        for names in (asked.more, asked.fewer):
            rows = []
            for name in names:
                try:
                    rows.append(self.bundle.gallery.find(name))
                except EngineError:  # the face need not be gone
                    raise
                except InputError as error:
                    gone = str(error)
            found.append(tuple(rows))
        return found[0], found[1], gone

    def _found(
        self,
        asked: Asked,
        alike: str | int | None,
        notice: str | None,
        more: tuple[int, ...],
        fewer: tuple[int, ...],
    ) -> dict[str, Any]:
        query, gallery = asked.query, self.bundle.gallery
        counts, slow = None, None
        try:
            counts = gallery.counts(query, joined=True, hidden=asked.hidden)
        except EngineSlow as error:  # the faces may come all the same
            slow = str(error)
        parts = query.terms
        mix = 0.0 if alike is None else asked.mix
        rows, scores = self._ranking(query, alike, mix, asked.hidden, more, fewer)
        found: list[tuple[int, int, Face]] = []  # rank, row and record
        rank = asked.after
        while rank < len(rows) and len(found) < asked.k:
            next_best = rows[rank : rank + asked.k - len(found)]
            for row, face in zip(next_best.tolist(), gallery.records(next_best), strict=True):
                rank += 1
                if self.faces.is_there(row, face):
                    found.append((rank, row, face))
        chances = gallery.chances(query, np.array([row for _, row, _ in found], np.intp)).tolist()
        hits: list[Hit] = []
        for (place, row, face), chance in zip(found, chances, strict=True):
            known = {
                "marks": [[_mark(face, name) for name in names] for _, names in parts],
                "chance": round(chance, 4),
                "matches": chance >= 0.5,
                "copies": len(gallery.copies(row)),
            }
            hits.append(self.answers.hit(place, row, face, float(scores[place - 1])) | known)
        return {
            "hits": hits,
            "more": rank < len(rows),
            "asked": query.names,
            "parts": [{"names": names, "wanted": sign > 0} for sign, names in parts],
            "like": self._shown(alike) if isinstance(alike, int) else None,
            "picture": alike if isinstance(alike, str) else None,
            "moved": {
                "more": [self._shown(row) for row in more],
                "fewer": [self._shown(row) for row in fewer],
            },
            "notice": notice,
            "matching": None if counts is None else round(counts.matching),
            "with": None if counts is None else counts.wanted.round().astype(int).tolist(),
            "without": None if counts is None else counts.unwanted.round().astype(int).tolist(),
            "dropped": [
                {"names": names, "wanted": sign > 0, "count": round(count)}
                for (sign, names), count in (counts.dropped if counts else {}).items()
            ],
            **({"slow": slow} if slow else {}),
        }

    def _shown(self, row: int) -> dict[str, Any]:
        face = self.bundle.gallery.places([row])[0]
        return {"name": face.name, "image": self.faces.address(row, face)}

    def _rank(
        self,
        query: Query,
        alike: str | int | None,
        mix: float,
        hidden: bool,
        more: tuple[int, ...],
        fewer: tuple[int, ...],
    ) -> tuple[np.ndarray, np.ndarray]:
        """Up to `MOST` rows, best first, and their scores."""
        likes: list[tuple[float, int | np.ndarray]] = []
        without = alike if isinstance(alike, int) else None
        if without is not None:
            likes = [(1.0, without)]
        elif isinstance(alike, str):
            vector = self.answers.given.vector(alike)
            likes = [] if vector is None else [(1.0, vector)]
        terms = self.bundle.terms(query, likes, mix, without, more, fewer)
        return self.bundle.gallery.top(terms, MOST, hidden=hidden)

    def _rates(self) -> list[float]:
        """The share of faces that have each attribute."""
        counts = self.bundle.counts(self.bundle.query())
        return [round(count / max(1.0, counts.matching), 4) for count in counts.wanted.tolist()]

    def _aspect(self) -> float:
        """Width by height of tiles, so that they keep still while pictures load."""
        rows = range(0, len(self.bundle), max(1, len(self.bundle) // SAMPLE))
        files = [self.faces.file(face) for face in self.bundle.gallery.places(rows)]
        return tile_aspect([file for file in files if file is not None])

    def _has_pictures(self) -> bool:
        first = self.bundle.gallery.places(range(min(1, len(self.bundle))))
        return all(self.faces.address(0, face) is not None for face in first)


def _mark(face: Face, name: str) -> int:
    """1 where a face has an attribute and 0 where not, by label; 3 and 2 by the model's guess."""
    if name in face.labels:
        return int(face.labels[name])
    return 2 + int(face.predicted[name] >= 0.5)
