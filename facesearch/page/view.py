"""What the page shows for each question: faces with their marks, counts, and sentences."""

import functools
import random
import time
from typing import Any

import numpy as np
from PIL import Image

from facesearch.attributes import Query
from facesearch.errors import InputError
from facesearch.gallery import Face
from facesearch.page.answer import Answers, Hit
from facesearch.page.asking import DEFAULT_K, MOST, Asked, read_question
from facesearch.page.card import card_html
from facesearch.page.examples import examples, surprise

SPLIT_WORDS = {"train": "training", "valid": "validation", "test": "test"}
RANKINGS = 256  # kept, of 12 KB at most


class View:
    """The page's side of an opened bundle, in values that can be sent as JSON."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.bundle, self.faces, self.version = answers.bundle, answers.faces, answers.version
        self._ranking = functools.lru_cache(RANKINGS)(self._rank)
        self._random = random.Random()

    def answer(self, asked: Any) -> dict[str, Any]:
        """What the page shows for a question (fields as in `Asked`): an answer, or {"error"}.

        hits: those of `search`, with `marks` for each attribute in `asked` (1 has it, 0 hasn't, by
        label; 3 and 2 likewise, but the model's guess), how likely the face has all that is asked
        as `chance`, and whether it `matches`, which is a chance of half and more. more: whether the
        ranking goes on. like: name and image of the face whose likes these are. notice: a sentence,
        where that face is gone. matching: how many of the gallery match. with, without: how many
        would with each attribute added. dropped: where none matches, how many do without one part
        of the query, by its name, or its names with | between. ms: milliseconds taken. In place of
        all that, changed: the page was opened on another gallery.
        """
        start = time.perf_counter()
        try:
            question = read_question(self.bundle.vocabulary, asked)
            if question.gallery not in (None, self.version):
                return {"changed": True}
            found = self._found(question, *self._liked(question.like))
        except InputError as error:
            return {"error": str(error)}
        return found | {"ms": (time.perf_counter() - start) * 1000}

    def face(self, name: Any) -> dict[str, Any]:
        """All that is known of one face, by name, or {"error"}: labels (1, 0, -1 unknown) or None,
        and predicted probabilities, forty each."""
        try:
            row = self.bundle.gallery.find(str(name))
        except InputError as error:
            return {"error": str(error)}
        face, names = self.bundle.gallery.records([row])[0], self.bundle.vocabulary.names
        labels = [int(face.labels[each]) if each in face.labels else -1 for each in names]
        return {
            "name": face.name,
            "image": self.faces.address(row),
            "labels": None if self.bundle.gallery.faces.labels is None else labels,
            "predicted": [round(face.predicted[each], 4) for each in names],
        }

    def surprise(self) -> dict[str, Any]:
        """A random query with matches."""
        query = surprise(self.bundle, self._random)
        return {"wanted": query.wanted, "unwanted": query.unwanted}

    def about(self) -> dict[str, Any]:
        """What the page needs to know of its gallery before the first click."""
        dataset, faces = self.bundle.config.dataset, len(self.bundle)
        name, split = str(dataset.get("name") or self.bundle.path.name), dataset.get("split")
        most = max(1, min(MOST, faces))
        starts = examples(self.bundle)
        first = {"wanted": starts[0].wanted, "unwanted": starts[0].unwanted} if starts else {}
        return {
            "gallery": f"{name}, {SPLIT_WORDS[split]} images" if split in SPLIT_WORDS else name,
            "bundle": self.bundle.path.name,
            "version": self.version,
            "faces": faces,
            "attributes": self.bundle.vocabulary.names,
            "labels": self.bundle.vocabulary.labels,
            "unavailable": self.bundle.unavailable,
            "counts_from": self.bundle.gallery.counted_from,
            "examples": [each._asdict() for each in starts],
            "k": min(DEFAULT_K, most),
            "most": most,
            "aspect": self._aspect(),
            "card": card_html(self.bundle.path),
            "notice": None
            if self.bundle.image_dir is not None
            else f"The pictures of {name} are not here, so their names stand in for them. "
            "Start the app with --images and the folder that holds them.",
            "first": self.answer(first),
        }

    def _liked(self, name: str | None) -> tuple[int | None, str | None]:
        """The row of the face that a question names, or a sentence where it is gone."""
        try:
            return (None if name is None else self.bundle.gallery.find(name)), None
        except InputError as error:
            return None, str(error)

    def _found(self, asked: Asked, like: int | None, notice: str | None) -> dict[str, Any]:
        query, gallery = asked.query, self.bundle.gallery
        counts, names = self.bundle.counts(query), query.names
        rows, scores = self._ranking(query, like, 0.0 if like is None else asked.mix)
        found: list[tuple[int, int]] = []  # rank and row
        rank = asked.after
        while rank < len(rows) and len(found) < asked.k:
            row = int(rows[rank])
            rank += 1
            if self.faces.is_there(row):
                found.append((rank, row))
        shown = [row for _, row in found]
        chances = gallery.chances(query, np.array(shown, np.intp)).tolist()
        hits: list[Hit] = []
        for (place, row), face, chance in zip(found, gallery.records(shown), chances, strict=True):
            known = {
                "marks": [_mark(face, name) for name in names],
                "chance": round(chance, 4),
                "matches": chance >= 0.5,
            }
            hits.append(self.answers.hit(place, row, float(scores[place - 1])) | known)
        return {
            "hits": hits,
            "more": rank < len(rows),
            "asked": names,
            "unwanted": query.unwanted,
            "like": None
            if like is None
            else {"name": asked.like, "image": self.faces.address(like)},
            "notice": notice,
            "matching": round(counts.matching),
            "with": counts.wanted.round().astype(int).tolist(),
            "without": counts.unwanted.round().astype(int).tolist(),
            "dropped": {
                "|".join(names): round(count) for (_, names), count in counts.dropped.items()
            },
        }

    def _rank(self, query: Query, like: int | None, mix: float) -> tuple[np.ndarray, np.ndarray]:
        """Up to `MOST` rows, best first, and their scores."""
        likes = [] if like is None else [(1.0, like)]
        return self.bundle.gallery.top(self.bundle.terms(query, likes, mix, without=like), MOST)

    def _aspect(self) -> float:
        """Width by height of the first image, so that tiles keep still while they load."""
        if self.bundle.image_dir is not None and len(self.bundle):
            try:
                with Image.open(
                    self.bundle.image_dir / self.bundle.gallery.faces.photo(0)
                ) as image:
                    return image.width / image.height
            except OSError:  # the next face is shown in its place
                pass
        return 1.0


def _mark(face: Face, name: str) -> int:
    """1 where a face has an attribute and 0 where not, by label; 3 and 2 by the model's guess."""
    if name in face.labels:
        return int(face.labels[name])
    return 2 + int(face.predicted[name] >= 0.5)
