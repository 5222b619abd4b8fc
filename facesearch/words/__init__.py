"""Asking in words: a sentence to a query, and how an unfinished one may go on."""

from facesearch.words.parsing import Parsed, Understood, parse

__all__ = ["Parsed", "Understood", "parse"]
