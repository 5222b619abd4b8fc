"""Text cut into words, each with its place, in the spelling that tables are looked up by."""

import re
import unicodedata
from typing import NamedTuple

from facesearch.words.english import ROLES, SPELLINGS

_SPACE_AND_SIGNS = (
    r"\s!-/:-@\[-`{-~\u00a0-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf"
    r"\u2000-\u206f\u2190-\u2bff\u3000-\u303f\ufe00-\ufe0f\U0001f000-\U0001faff"
)
_LETTERS = f"[^{_SPACE_AND_SIGNS}]+"
_APOSTROPHE = "['`\u2018\u2019]"
_TOKEN = re.compile(
    rf"w/o(?:ut)?(?!\w)|w/(?!\w\w)|{_LETTERS}(?:{_APOSTROPHE}{_LETTERS})*|\n|\S", re.IGNORECASE
)
_HYPHENS = "-_\u2010\u2011"
_DENYING = f"{_HYPHENS}!"  # before a word, as in "-hat" and "!hat"
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~\u00a0-\u00bf\u2000-\u206f\u3000-\u303f]")
# Joiners, variation selectors and skin tones: an emoji means the same without them.
_SILENT = re.compile("[\u200b-\u200f\ufe00-\ufe0f\u2060\U0001f3fb-\U0001f3ff]")
_HAIRED = re.compile(r"(\w{3,})(haired)", re.IGNORECASE)
_POSSESSIVE = re.compile(rf"{_APOSTROPHE}s$")


class Token(NamedTuple):
    """A word or sign of a text.

    Attributes:
        word: as tables have it: folded, without apostrophes, in British spelling.
        text: as typed.
        start, end: its place in the text, in characters.
        glued: whether it follows the word before it with no space, or a hyphen alone, between.
    """

    word: str
    text: str
    start: int
    end: int
    glued: bool = False


def tokens(text: str) -> list[Token]:
    """The words and signs of a text. A hyphen within a word parts it in two that are glued; one
    before a word, or a "!", is the word "non"."""
    found: list[Token] = []
    end = -1  # of what was cut last, hyphens included
    for match in _TOKEN.finditer(text):
        typed, start = match.group(), match.start()
        after = text[match.end() : match.end() + 1]
        if typed in _HYPHENS and start == end and after.strip():
            end = match.end()
            continue
        if typed in _DENYING and start != end and after.strip() and after not in _DENYING:
            found.append(Token("non", typed, start, match.end()))
            continue
        if typed in _HYPHENS:
            found.append(Token(",", typed, start, match.end()))
            continue
        if haired := _HAIRED.fullmatch(typed):  # "greyhaired" is "grey-haired"
            for part in (1, 2):
                places = start + haired.start(part), start + haired.end(part)
                found.append(Token(_folded(haired[part]), haired[part], *places, part == 2))
        elif not _SILENT.fullmatch(typed):
            word = "." if typed == "\n" else _folded(typed)
            if word in ROLES or not _PUNCTUATION.fullmatch(typed):
                found.append(Token(word, typed, start, match.end(), start == end))
        end = match.end()
    return found


def words(text: str) -> list[str]:
    """The words of a text as tables have them."""
    return [token.word for token in tokens(text)]


def _folded(typed: str) -> str:
    if typed.isascii() and typed.isalpha():
        word = typed.lower()
    else:
        word = unicodedata.normalize("NFKC", typed).casefold()
        word = re.sub(_APOSTROPHE, "", _POSSESSIVE.sub("", word)) if len(word) > 1 else word
    return SPELLINGS.get(word, word)
