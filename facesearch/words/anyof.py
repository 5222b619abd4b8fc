"""Which phrases of a sentence "or" joins."""

from collections.abc import Sequence

from facesearch.vocabulary import Vocabulary
from facesearch.words.lexicon import exclusive_set
from facesearch.words.reading import Part

Group = list[list[Part]]  # what "or" joins: of each side the phrases that belong together


def any_of_groups(phrases: Sequence[Part], vocabulary: Vocabulary) -> list[Group]:
    """What "or" joins, unless all of it is ruled out."""
    groups: list[Group] = []
    end = 0
    for place in range(1, len(phrases)):
        if "or" not in phrases[place].before:
            continue
        if place < end:
            side = _side(phrases, place, groups[-1][-1], vocabulary)
            groups[-1].append(side)
            end = place + len(side)
            continue
        right = _side(phrases, place, [phrases[place - 1]], vocabulary)
        left = [phrases[place - 1]]
        before = place - 1
        if _has_side(left[0], phrases[place], vocabulary):
            while before and phrases[before].attached and phrases[before - 1].noun == left[0].noun:
                before -= 1
                left.insert(0, phrases[before])
        elif (
            left[0].kind == "person"
            and right[-1].kind != "person"
            and left[0].attached
            and before > 0
        ):
            before -= 1
            left = [phrases[before]]
        group = [left, right]
        joined = [left[0], right[0]]
        while len(left) == 1 and before > 0 and phrases[before].before <= {"comma", "a", "either"}:
            if "comma" not in phrases[before].before or phrases[before - 1].sign != left[0].sign:
                break
            if not alike([phrases[before - 1], *joined], vocabulary):
                break
            before -= 1
            joined.insert(0, phrases[before])
            group.insert(0, [phrases[before]])
        groups.append(group)
        end = place + len(right) + 1
    return [g for g in groups if any(part.sign >= 0 for side in g for part in side)]


def alike(parts: Sequence[Part], vocabulary: Vocabulary) -> bool:
    """Whether phrases are alike enough for one list: the last two tell of which kind it is."""
    sets = [_sets(part, vocabulary) for part in parts]
    if sets[-1] == sets[-2] != {()}:
        return all(each == sets[-1] for each in sets)
    return all(part.kind == "thing" for part in parts)


def _sets(part: Part, vocabulary: Vocabulary) -> set[tuple[str, ...]]:
    """The sets of names that exclude each other of which a phrase speaks."""
    return {exclusive_set(vocabulary, name) for _, name in part.terms} or {()}


def _has_side(part: Part, other: Part, vocabulary: Vocabulary) -> bool:
    """Whether adjectives beside one belong to its side of "or": those of its own noun, or, where
    both sides share the noun, if they speak of different things: "straight blond or wavy brown"."""
    if part.noun is None:
        return False
    return part.noun != other.noun or _sets(part, vocabulary) != _sets(other, vocabulary)


def _side(
    phrases: Sequence[Part], place: int, other: Sequence[Part], vocabulary: Vocabulary
) -> list[Part]:
    """The phrases at a place that one side of "or" is made of: "young woman" beside "man"."""
    side = [phrases[place]]
    if other[-1].noun is not None and _has_side(side[0], other[-1], vocabulary):
        for following in phrases[place + 1 :]:
            if not following.attached or following.noun != side[0].noun:
                break
            side.append(following)
        return side
    if other[-1].kind != "person" or side[0].kind == "person":
        return side
    for following in phrases[place + 1 :]:
        if not following.attached:
            break
        side.append(following)
        if following.kind == "person":
            return side
    return [phrases[place]]
