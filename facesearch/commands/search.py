"""Search a bundle's faces in words, such as "smiling woman with glasses, no hat"."""

import argparse
import json
from dataclasses import asdict

from facesearch.bundle import Bundle, open_bundle
from facesearch.words import Parsed, parse_to_search


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("text", metavar="WORDS", help="who is to be found, in words")
    parser.add_argument(
        "--bundle",
        metavar="DIR_OR_REPO",
        required=True,
        help="bundle to search: a folder, or a Hugging Face Hub repository as owner/name",
    )
    parser.add_argument(
        "-k", type=int, default=24, help="how many faces, at most (default: %(default)s)"
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object, for another program to read"
    )


def run(options: argparse.Namespace) -> None:
    """Print what was understood, what was not, and the faces that fit best: rank, score, name."""
    bundle = open_bundle(options.bundle)
    parsed = parse_to_search(options.text, bundle.vocabulary)
    hits = [asdict(hit) for hit in bundle.search(parsed.query, options.k)]
    if options.json:
        query = {"wanted": parsed.query.wanted, "unwanted": parsed.query.unwanted}
        answer = {"query": query, "ignored": parsed.ignored, "faces": hits}
        print(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    print(_said(parsed, bundle))
    for hit in hits:
        print(f"{hit['rank']:>4}  {round(hit['score'], 4) + 0:.4f}  {hit['name']}")


def _said(parsed: Parsed, bundle: Bundle) -> str:
    labels = bundle.vocabulary.labels
    parts = [
        ("with " if sign > 0 else "without ") + " or ".join(labels[name] for name in names)
        for sign, names in parsed.query.terms
    ]
    said = ", ".join(parts) or "nothing asked: the most typical faces"
    return said + (f"\nnot understood: {', '.join(parsed.ignored)}" if parsed.ignored else "")
