"""Which phrases of a sentence are asked for, and how far a denial goes on."""

from facesearch.vocabulary import Vocabulary
from facesearch.words.anyof import alike
from facesearch.words.english import DENYING
from facesearch.words.reading import Part


def set_signs(parts: list[Part], vocabulary: Vocabulary) -> list[Part]:
    """The phrases among the parts, each with its sign and with what is before it."""
    _keep_apart(parts)
    phrases = _Signs(parts, vocabulary).set()
    _keep_apart(parts)  # anew, as what is understood only where it is denied may be no phrase
    return phrases


class _Signs:
    """Reads parts from left to right, and remembers what is denied.

    Attributes:
        denial: role of a denial whose phrase has not come yet, or "".
        missed: whether a word that is not understood came since.
        scope: role of the denial that may go on from the last phrase, or "".
        article: whether what it denied first has "a" before it.
        number: which phrase was the last one.
    """

    def __init__(self, parts: list[Part], vocabulary: Vocabulary) -> None:
        self.parts, self.vocabulary = parts, vocabulary
        self.phrases = [part for part in parts if part.role is None or part.denied]
        self.denial = self.scope = ""
        self.missed = self.article = False
        self.number = -1

    def set(self) -> list[Part]:
        """Sign all phrases; those of them that mean something."""
        for place, part in enumerate(self.parts):
            if part.role is None or part.denied:
                self.number += 1
                self._sign(part)
                self.denial, self.missed = "", False
            else:
                self._read(part.role, place)
        for phrase in self.phrases:
            phrase.denied = None if phrase.meaning is None else phrase.denied
        return [phrase for phrase in self.phrases if phrase.meaning is not None]

    def _read(self, role: str, place: int) -> None:
        """Take a part that is no phrase."""
        last = self.phrases[self.number] if self.number >= 0 else None
        if role == "?":
            self.missed = True
        elif last and role == "no" and _answers(self.parts, place):
            last.sign, self.scope = -1, ""
        elif last and role == "free" and self.parts[place - 1] is last:
            last.sign = -1 if last.sign else 0
        elif role == "or not":
            following = self.parts[place + 1 : place + 2]
            if following and following[0].role is None:
                self.denial = "not"
            elif last:
                last.sign = 0
        elif role == "except":
            self.denial = "" if self.scope or self.denial else "without"
            self.scope, self.missed = "", False
        elif role in DENYING or role in ("nor", "open"):
            if role == "without" and self.denial in ("not", "no"):  # "never without a hat"
                self.denial = self.scope = ""
            else:
                self.denial = "no" if role == "nor" else role
            self.missed = False
        elif role in ("break", "comma") or (self.missed and role in ("and", "with", "wearing")):
            self.denial, self.missed = "", False

    def _sign(self, part: Part) -> None:
        """Sign the phrase that comes now, and tell whether its denial may go on."""
        if self.denial:
            of_another = self.missed and (part.kind == "person" or part.meaning is None)
            denial = "" if of_another else self.denial  # "not a tall man" is a man
            self.article = "a" in part.before
        else:
            denial = self.scope if self.scope and self._goes_on() else ""
        self.scope = "" if denial == "non" else denial
        if not denial:
            return
        if part.meaning is None:  # it means something only where it is denied
            part.meaning, part.sign = part.denied, 0 if denial == "open" else 1
        else:
            part.sign = 0 if denial == "open" else -1

    def _goes_on(self) -> bool:
        """Whether the denial of the phrase before goes on to the present one."""
        part, last = self.phrases[self.number], self.phrases[self.number - 1]
        before = part.before
        if before & {"break", "with", "except"} or ("wearing" in before and "or" not in before):
            return False
        if "or" in before:
            return True
        things = part.kind == last.kind == "thing"
        if "and" in before and "comma" not in before:
            told_apart = ("a" in before and not self.article) or (  # "no hat and a red scarf"
                "?" in before and self.scope == "no"
            )
            return things and not told_apart
        if "comma" not in before or "and" in before:
            return False
        listed = [last, part]  # to the end of a list of commas
        for following in self.phrases[self.number + 1 :]:
            joined = following.before
            if not joined & {"comma", "or", "nor", "and"} or joined & (
                {"with", "break", "except"} | DENYING
            ):
                return False
            listed.append(following)
            if joined & {"or", "nor"}:
                return alike(listed, self.vocabulary) or all(e.kind == "quality" for e in listed)
            if "and" in joined:
                return self.scope != "no" and all(each.kind == "thing" for each in listed)
        return False


def _answers(parts: list[Part], no: int) -> bool:
    """Whether a "no" follows what it denies: "glasses: no, hat: yes", "beard none"."""
    before, after = parts[:no], parts[no + 1 :]
    if before and before[-1].role == "colon":
        before.pop()
    answers = bool(before) and before[-1].role is None
    return answers and (not after or after[0].role in ("comma", "break"))


def _keep_apart(parts: list[Part]) -> None:
    """Note for each phrase the roles since the phrase before."""
    between: list[str] = []
    for part in parts:
        role = {"or not": "or", None: ""}.get(part.role, str(part.role))
        if part.role is None or part.denied or part.meaning:
            part.before = frozenset(between) - ({"or"} if _joins_others(between) else set())
            part.attached = not between
            between = []
        elif role != "little":
            between.append(role)


def _joins_others(between: list[str]) -> bool:
    """Whether an "or" joins something not understood: "woman with red hair or blonde"."""
    if "or" not in between:
        return False
    at = between.index("or")
    before, after = between[:at], between[at + 1 :]
    return _apart(before) or _apart(after[::-1])


def _apart(roles: list[str]) -> bool:
    """Whether what is not understood is parted from the phrase that the roles start from."""
    return "?" in roles and any(
        role in ("with", "wearing", "comma", "and", "break") for role in roles[: roles.index("?")]
    )
