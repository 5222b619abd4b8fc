"""Small slips of the keyboard in words of a table, mended; short words never are."""

import functools
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

SHORTEST, LONG = 5, 8  # letters from which one slip is mended, and two are
DENIALS = ("un", "non", "in", "dis")


class Spelling:
    """Words that slips are mended to.

    Args:
        words: what may be meant.
        known: other words, which are meant as they are.
    """

    def __init__(self, words: Iterable[str], *, known: AbstractSet[str]) -> None:
        self.known = frozenset(known) | frozenset(words)
        self.words = [w for w in sorted(words) if len(w) >= SHORTEST and w.isalpha()]
        self._by_initial: dict[str, list[tuple[str, int]]] = {}
        for word in self.words:
            self._by_initial.setdefault(word[0], []).append((word, _letters(word)))
        self.mended = functools.lru_cache(1024)(self._mended)

    def _mended(self, word: str) -> tuple[str, ...]:
        """The nearest words within one slip of a word of 5 letters or more, two from 8 on, all
        that are equally near; none where it is known. Slips leave the first letter, two also the
        last, and never take a denial such as "un-" or "-less" away or add one."""
        if len(word) < SHORTEST or not word.isalpha() or word in self.known:
            return ()
        most = 2 if len(word) >= LONG else 1
        letters, nearest = _letters(word), most + 1
        found: list[str] = []
        for other, others in self._by_initial.get(word[0], ()):
            if abs(len(other) - len(word)) > most or (letters ^ others).bit_count() > 2 * most:
                continue
            allowed = min(nearest, most if word[-1] == other[-1] else 1)
            slips = distance(word, other, allowed)
            if slips > allowed or _denies(word) != _denies(other):
                continue
            if slips < nearest:
                nearest, found = slips, []
            found.append(other)
        return tuple(found)


def distance(a: str, b: str, most: int) -> int:
    """Letters to add, drop, change, or swap with the next, from one word to another (optimal string
    alignment); any number above `most` means more."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        last, before, row = before, row, [i]
        for j, other in enumerate(b, 1):
            steps = min(row[-1] + 1, before[j] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                steps = min(steps, last[j - 2] + 1)
            row.append(steps)
        if min(row) > most:
            return most + 1
    return row[-1]


def _letters(word: str) -> int:
    """The letters that a word has, as bits; one slip changes two of them at the most."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits


def _denies(word: str) -> bool:
    return word.startswith(DENIALS) or word.endswith(("less", "les", "lss"))
