"""Reads phrases in the notation of analysis.cues.phrases, and finds them in the words of a text.

Phrases that begin alike share one way through their words. It is made as far as texts go along it, so that many phrases
cost nothing until one is met.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

GAPS = {"..": 3, "...": 8}  # how many words of any kind may stand there
MARKS = frozenset(".!?,;:…")  # a phrase never runs across one of these

_GOES_ON = re.compile(r"\|\s*\n\s*")  # at the end of a line of phrases
_COPULAS = frozenset({"is", "was", "been", "got", "has", "have", "now"})  # may stand before what must not come next

Element = frozenset[str] | int  # one word out of these; a number: a gap of up to so many words
Ways = tuple[tuple[Element, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """A phrase of a cue: the elements that it is made of, and what must not come after them."""

    cue: str
    elements: tuple[Element, ...]
    unwanted: Ways


Places = tuple[tuple[Phrase, int], ...]


def tree(written: Mapping[str, str]) -> Branch:
    """Where a search for phrases begins. `written`: the phrases of each cue, in the notation."""
    return Branch(tuple((phrase, 0) for phrase in _phrases(written)))


def _phrases(written: Mapping[str, str]) -> Iterator[Phrase]:
    for cue, lines in written.items():
        for line in filter(None, map(str.strip, _GOES_ON.sub("|", lines).splitlines())):
            wanted, _, unwanted = line.partition(" -")
            never = _ways(unwanted) if unwanted else ()
            yield from (Phrase(cue, way, never) for way in _ways(wanted))


def _ways(written: str) -> Ways:
    """Every sequence of elements that a phrase stands for."""
    return tuple(tuple(sum(parts, ())) for parts in product(*map(_read, written.split())))


def _read(written: str) -> list[tuple[Element, ...]]:
    """The ways one element of the notation may be filled: its single words together, each longer alternative alone."""
    if written in GAPS:
        return [(GAPS[written],)]
    optional = written.startswith("[")
    ways: list[tuple[Element, ...]] = [()] if optional else []
    singles: set[str] = set()
    for alternative in written.strip("[]").split("|"):
        words = alternative.split("_")
        if len(words) == 1:
            singles |= _spellings(alternative)
        else:
            ways.append(tuple(_spellings(word) for word in words))
    return [*ways, (frozenset(singles),)] if singles else ways


def _spellings(word: str) -> frozenset[str]:
    return frozenset({word, word.replace("'", "")})


class Branch:
    """Where phrases stand that have begun alike. `words`: those that may come next; `ends`: the cues of the phrases
    that are complete, each with what must not come next; `gaps`: the branches of those that have a gap here, each with
    the gap's words."""

    __slots__ = ("_following", "_made", "ends", "gaps", "words")

    def __init__(self, places: Places, made: dict[Places, Branch] | None = None) -> None:
        """`places`: phrases, each with how many of its elements are behind; `made`: the branches of other places."""
        self._made = made if made is not None else {}
        self._following: dict[str, Branch] = {}
        self.words: dict[str, list[tuple[Phrase, int]]] = {}
        beyond: dict[int, list[tuple[Phrase, int]]] = {}
        for one, at in places:
            element = one.elements[at] if at < len(one.elements) else frozenset[str]()
            if isinstance(element, int):
                beyond.setdefault(element, []).append((one, at + 1))
            else:
                for word in element:
                    self.words.setdefault(word, []).append((one, at + 1))
        self.ends = [(one.cue, one.unwanted) for one, at in places if at == len(one.elements)]
        self.gaps = [(length, self._branch(tuple(after))) for length, after in beyond.items()]

    def after(self, word: str) -> Branch:
        """The branch after one of `words`."""
        following = self._following.get(word)
        if following is None:
            following = self._following[word] = self._branch(tuple(self.words[word]))
        return following

    def _branch(self, places: Places) -> Branch:
        if places not in self._made:
            self._made[places] = Branch(places, self._made)
        return self._made[places]


def ends(tokens: Sequence[str], start: int, root: Branch) -> dict[str, int]:
    """Where the longest phrase of each cue ends that begins with the token at `start`. The last token must be one that
    no phrase holds."""
    branch = root.after(tokens[start])
    found: dict[str, int] = {}
    if tokens[start + 1] in branch.words or branch.ends or branch.gaps:  # mostly none goes on
        _follow(tokens, start + 1, branch, found)
    return found


def _follow(tokens: Sequence[str], at: int, branch: Branch, found: dict[str, int]) -> None:
    for cue, unwanted in branch.ends:
        if at > found.get(cue, 0) and not (unwanted and _comes(tokens, at, unwanted)):
            found[cue] = at
    if tokens[at] in branch.words:
        _follow(tokens, at + 1, branch.after(tokens[at]), found)
    for length, beyond in branch.gaps:
        for start in range(at, min(at + length + 1, len(tokens))):
            if tokens[start] in beyond.words:
                _follow(tokens, start + 1, beyond.after(tokens[start]), found)
            if tokens[start] in MARKS:
                break


def _comes(tokens: Sequence[str], at: int, unwanted: Ways) -> bool:
    while tokens[at] in _COPULAS:
        at += 1
    return any(_stands(tokens, at, way) for way in unwanted)


def _stands(tokens: Sequence[str], at: int, way: Sequence[Element]) -> bool:
    """Whether the elements stand at `at`."""
    for index, element in enumerate(way):
        if isinstance(element, int):
            return _stands_after_gap(tokens, at, element, way[index + 1 :])
        if tokens[at] not in element:
            return False
        at += 1
    return True


def _stands_after_gap(tokens: Sequence[str], at: int, length: int, way: Sequence[Element]) -> bool:
    for start in range(at, min(at + length + 1, len(tokens))):
        if _stands(tokens, start, way):
            return True
        if tokens[start] in MARKS:
            return False
    return False
