"""Asking in words: a sentence to a query, and how an unfinished one may go on."""

from facesearch.words.completion import Suggestion, complete
from facesearch.words.parsing import Parsed, Understood, parse, parse_to_search

__all__ = ["Parsed", "Suggestion", "Understood", "complete", "parse", "parse_to_search"]
