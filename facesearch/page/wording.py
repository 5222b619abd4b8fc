"""What the page's box of words shows of a text: what it asks for, what not, how it may go on."""

from dataclasses import asdict
from typing import Any

from facesearch.bundle import Bundle
from facesearch.errors import InputError
from facesearch.words import complete, parse
from facesearch.words.parsing import LONGEST_TEXT


def read_words(bundle: Bundle, text: Any) -> dict[str, Any]:
    """What a text means in a bundle, or {"error"}.

    wanted, unwanted: as in a query, less attributes that are not available. ignored: words that are
    not understood. unavailable: labels of attributes that it asks for, but that are not available.
    problem: a sentence, where it contradicts itself or asks what a query can't say. suggestions:
    how it may go on, each with phrase, meaning and the whole text.
    """
    try:
        parsed = parse(text, bundle.vocabulary)
    except InputError as error:
        return {"error": str(error)}
    off = set(bundle.unavailable)
    wanted = [
        [name for name in ([each] if isinstance(each, str) else each) if name not in off]
        for each in parsed.query.wanted
    ]
    return {
        "wanted": [names if len(names) > 1 else names[0] for names in wanted if names],
        "unwanted": [name for name in parsed.query.unwanted if name not in off],
        "ignored": parsed.ignored,
        "unavailable": [bundle.vocabulary.labels[n] for n in parsed.query.names if n in off],
        "problem": parsed.problem,
        "suggestions": [
            asdict(each)
            for each in complete(text, bundle.vocabulary)
            if off.isdisjoint(each.names) and len(each.text) <= LONGEST_TEXT
        ],
    }
