"""Sentences as people type them, and the queries that they ask for."""

from pathlib import Path

import pytest

from facesearch.attributes import ATTRIBUTES, Query
from facesearch.words import parse


def sentences(name: str) -> list[tuple[str, Query, tuple[str, ...]]]:
    """The rows of a table: a sentence, its query, and the words that are not understood."""
    rows = []
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        sentence, asked = line.split(" =>")
        words = asked.split()
        wanted = [w.split("/") if "/" in w else w for w in words if w[0] not in "-?"]
        unwanted = [word[1:] for word in words if word[0] == "-"]
        ignored = tuple(word[1:] for word in words if word[0] == "?")
        rows.append((sentence, Query(wanted, unwanted), ignored))
    return rows


TABLE = sentences("sentences.txt") + sentences("more_sentences.txt")


@pytest.mark.parametrize(("sentence", "query", "ignored"), TABLE, ids=[row[0] for row in TABLE])
def test_a_sentence_asks_for_its_query_and_names_what_is_not_understood(sentence, query, ignored):
    parsed = parse(sentence)
    assert parsed.query == query
    assert parsed.ignored == ignored


def test_the_tables_hold_many_different_sentences_that_speak_of_every_attribute():
    assert len({sentence for sentence, _, _ in TABLE}) >= 600
    names = {name for _, query, _ in TABLE for name in query.names}
    assert names == set(ATTRIBUTES)
