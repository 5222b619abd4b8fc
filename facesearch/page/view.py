"""What the page shows for each question: faces with their marks, counts, and sentences."""

import functools
import random
import time
from typing import Any

import numpy as np
from PIL import Image

from facesearch.attributes import ATTRIBUTES, LABELS, Query, attribute_index
from facesearch.errors import InputError
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
        label; 3 and 2 likewise, but the model's guess) and whether the face `matches` all that is
        asked. more: whether the ranking goes on. like: name and image of the face whose likes these
        are. notice: a sentence, where that face is gone. matching: how many of the gallery match.
        with, without: the forty counts of faces that match with an attribute added. dropped: where
        none matches, how many do without one attribute. ms: milliseconds taken. In place of all
        that, changed: the page was opened on another gallery.
        """
        start = time.perf_counter()
        try:
            question = read_question(asked)
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
            name, gallery = str(name), self.bundle.gallery
            row = self.bundle.row(name)
        except InputError as error:
            return {"error": str(error)}
        return {
            "name": name,
            "image": self.faces.address(row),
            "labels": None if gallery.labels is None else gallery.labels[row].tolist(),
            "predicted": gallery.probabilities[row].round(4).tolist(),
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
            "attributes": ATTRIBUTES,
            "labels": LABELS,
            "unavailable": self.bundle.unavailable,
            "counts_from": self.bundle.counts_from,
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
            return (None if name is None else self.bundle.row(name)), None
        except InputError as error:
            return None, str(error)

    def _found(self, asked: Asked, like: int | None, notice: str | None) -> dict[str, Any]:
        query, counts = asked.query, self.bundle.attribute_counts
        rows, scores = self._ranking(query, like, 0.0 if like is None else asked.mix)
        matches, names = counts.matches(query), (*query.wanted, *query.unwanted)
        hits: list[Hit] = []
        rank = asked.after
        while rank < len(rows) and len(hits) < asked.k:
            row, score = int(rows[rank]), float(scores[rank])
            rank += 1
            if self.faces.is_there(row):
                known = {"marks": self._marks(row, names), "matches": bool(matches[row])}
                hits.append(self.answers.hit(rank, row, score) | known)
        added, excluded = counts.added(query)
        matching = int(np.count_nonzero(matches))
        return {
            "hits": hits,
            "more": rank < len(rows),
            "asked": names,
            "unwanted": query.unwanted,
            "like": None
            if like is None
            else {"name": asked.like, "image": self.faces.address(like)},
            "notice": notice,
            "matching": matching,
            "with": added.tolist(),
            "without": excluded.tolist(),
            "dropped": {} if matching else counts.removed(query),
        }

    def _rank(self, query: Query, like: int | None, mix: float) -> tuple[np.ndarray, np.ndarray]:
        """Up to `MOST` rows, best first, and their cosines."""
        if like is None:
            return self.bundle.rank(self.bundle.encode_query(query), MOST)
        return self.bundle.rank(self.bundle.mixed_vector(like, query, mix), MOST, like)

    def _marks(self, row: int, names: tuple[str, ...]) -> list[int]:
        gallery, marks = self.bundle.gallery, []
        for column in map(attribute_index, names):
            label = -1 if gallery.labels is None else int(gallery.labels[row, column])
            guess = 2 + int(gallery.probabilities[row, column] >= 0.5)
            marks.append(guess if label == -1 else label)
        return marks

    def _aspect(self) -> float:
        """Width by height of the first image, so that tiles keep still while they load."""
        if self.bundle.image_dir is not None and len(self.bundle):
            try:
                with Image.open(self.bundle.image_dir / self.bundle.gallery.names[0]) as image:
                    return image.width / image.height
            except OSError:  # the next face is shown in its place
                pass
        return 1.0
