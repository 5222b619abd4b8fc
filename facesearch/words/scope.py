"""Which phrases of a sentence are asked for, which are ruled out, and which are joined by "or"."""

from collections.abc import Sequence

from facesearch.vocabulary import Vocabulary
from facesearch.words.english import DENYING
from facesearch.words.lexicon import exclusive_set
from facesearch.words.reading import Part

Group = list[list[Part]]  # what "or" joins: of each side the phrases that belong together


def set_signs(parts: list[Part], vocabulary: Vocabulary) -> list[Part]:
    """The phrases among the parts, each with its sign and with what is before it."""
    _keep_apart(parts)
    phrases = [part for part in parts if part.role is None or part.denied]
    denial = ""  # role of a denial whose phrase has not come yet
    scope = ""  # role of the denial that still holds
    first = ""  # "a" where the denied list has an article
    missed = False  # whether a word that is not understood came since the denial
    number = -1
    for place, part in enumerate(parts):
        role = part.role
        if part in phrases:
            number += 1
            denial, scope, first = _sign(phrases, number, denial, scope, first, missed, vocabulary)
            missed = False
        elif role == "?":
            missed = True
        elif role == "except":
            denial, scope, missed = "" if scope or denial else "without", "", False
        elif role in DENYING:
            twice = role == "without" and denial in ("not", "no")
            denial = "" if twice else str(role)
            scope = "" if twice else scope
            missed = False
        elif role == "open":
            denial, missed = "open", False
        elif role == "or not":
            following = parts[place + 1] if place + 1 < len(parts) else None
            if following is not None and following.role is None:
                denial = "not"
            elif number >= 0:
                phrases[number].sign = 0
        elif role == "free":
            if number >= 0 and phrases[number].sign:
                phrases[number].sign = -1
        elif role == "colon" and number >= 0 and _answered_no(parts, place):
            phrases[number].sign = -1
        elif denial and (
            role == "break" or (missed and role in ("and", "with", "wearing", "comma"))
        ):
            denial, missed = "", False
        elif denial and role == "comma":
            denial = ""
    for phrase in phrases:
        if phrase.meaning is None:
            phrase.denied = None
    _keep_apart(parts)  # anew, as what is not denied is no phrase
    return [phrase for phrase in phrases if phrase.meaning is not None]


def any_of_groups(phrases: Sequence[Part], vocabulary: Vocabulary) -> list[Group]:
    """What "or" joins, unless all of it is ruled out."""
    groups: list[Group] = []
    end = 0
    for place in range(1, len(phrases)):
        if "or" not in phrases[place].before:
            continue
        if place < end:
            side = _side(phrases, place, groups[-1][-1])
            groups[-1].append(side)
            end = place + len(side)
            continue
        right = _side(phrases, place, [phrases[place - 1]])
        left = [phrases[place - 1]]
        before = place - 1
        if (
            _kind(left[0]) == "person"
            and _kind(right[-1]) != "person"
            and left[0].attached
            and before > 0
        ):
            before -= 1
            left = [phrases[before]]
        group = [left, right]
        joined = [left[0], right[0]]
        while before > 0 and phrases[before].before <= {"comma", "a", "either"}:
            if "comma" not in phrases[before].before or phrases[before - 1].sign != left[0].sign:
                break
            if not _list([phrases[before - 1], *joined], vocabulary):
                break
            before -= 1
            joined.insert(0, phrases[before])
            group.insert(0, [phrases[before]])
        groups.append(group)
        end = place + len(right) + 1
    return [g for g in groups if any(part.sign >= 0 for side in g for part in side)]


def _answered_no(parts: Sequence[Part], colon: int) -> bool:
    """Whether a colon is followed by "no" and nothing that it denies: "glasses: no, hat: yes"."""
    rest = [part.role for part in parts[colon + 1 : colon + 3]]
    return rest[:1] == ["no"] and rest[1:] in ([], ["comma"], ["break"])


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


def _sign(
    phrases: list[Part],
    number: int,
    denial: str,
    scope: str,
    first: str,
    missed: bool,
    vocabulary: Vocabulary,
) -> tuple[str, str, str]:
    """Sign a phrase; the denial, scope and article that hold after it."""
    part = phrases[number]
    if denial:
        if missed and (_kind(part) == "person" or part.meaning is None):
            return "", "", ""
        holds = "" if denial == "non" else denial
        first = "a" if "a" in part.before else ""
    elif scope and _goes_on(phrases, number, scope, first, vocabulary):
        denial = holds = scope
    else:
        return "", "", ""
    if part.meaning is None:
        part.meaning, part.sign = part.denied, 0 if denial == "open" else 1
    else:
        part.sign = 0 if denial == "open" else -1
    return "", holds, first


def _goes_on(
    phrases: list[Part], number: int, scope: str, first: str, vocabulary: Vocabulary
) -> bool:
    """Whether a denial goes on from the phrase before to one."""
    part, last = phrases[number], phrases[number - 1]
    before = part.before
    if before & {"break", "with", "except"} or ("wearing" in before and "or" not in before):
        return False
    if "or" in before:
        return True
    things = _kind(part) == _kind(last) == "thing"
    if "and" in before and "comma" not in before:
        return things and not ("a" in before and not first)
    if "comma" not in before or "and" in before:
        return False
    listed = [last, part]  # to the end of a list of commas
    for following in phrases[number + 1 :]:
        joined = following.before
        if not joined & {"comma", "or", "and"} or joined & ({"with", "break", "except"} | DENYING):
            return False
        listed.append(following)
        if "or" in joined:
            return _list(listed, vocabulary)
        if "and" in joined:
            return scope != "no" and all(_kind(each) == "thing" for each in listed)
    return False


def _list(parts: Sequence[Part], vocabulary: Vocabulary) -> bool:
    """Whether phrases are alike enough for one list: the last two tell of which kind it is."""
    sets = [
        {exclusive_set(vocabulary, name) for _, name in part.meaning.terms}
        if part.meaning
        else {()}
        for part in parts
    ]
    if sets[-1] == sets[-2] != {()}:
        return all(each == sets[-1] for each in sets)
    return all(_kind(part) == "thing" for part in parts)


def _side(phrases: Sequence[Part], place: int, other: Sequence[Part]) -> list[Part]:
    """The phrases at a place that one side of "or" is made of: "young woman" beside "man"."""
    if _kind(other[-1]) != "person" or _kind(phrases[place]) == "person":
        return [phrases[place]]
    side = [phrases[place]]
    for following in phrases[place + 1 :]:
        if not following.attached:
            break
        side.append(following)
        if _kind(following) == "person":
            return side
    return [phrases[place]]


def _kind(part: Part) -> str:
    return part.meaning.kind if part.meaning else "thing"
