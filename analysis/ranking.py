"""Ranks mentions in the queue: the reasons of each, in whole points, with the words a person reads.

Severity outweighs popularity: reach and engagement together give no more points than one star. The points of a wait
grow without end, so that every mention comes first some day.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from analysis.language_names import called
from data.models import Case, Reason, Sentiment

STARS = {1: 5, 2: 4, 3: 1}

CUES = {  # cue: (points, what a person reads)
    "safety": (8, "someone may get hurt"),
    "security": (7, "security concern"),
    "legal": (6, "legal words"),
    "press": (5, "press"),
    "complaint": (3, "complaint words"),
    "churn": (3, "says they are leaving"),
    "question": (2, "asks a question"),
    "request": (1, "asks for a change"),
}
FLOORS = {"safety": 8, "security": 7, "legal": 6, "press": 5}  # never below, whatever is subtracted

NEGATIVE_WORDS = 2
SET_NEGATIVE = 2  # by a person
EXPECTED, NOT_EXPECTED = 3, -4  # a person said whether it needs a reply
UNJUDGED = 1  # words in a language that is not judged may hold anything
ADDRESSED = 2  # and hold one of our handles
# The scorer says so, and nothing else that has points did. Given to those with cues, too, it ranks what brands have
# answered no better (AUC .581 both ways on 7,111 reviews of the open tier, .551 without it).
LIKELY = 2
REPEATED = {2: 2, 3: 3}  # the author's second complaint, the third and all after
EDITED = 2  # since we answered or closed it: somebody waits for a second answer
SPAM = -6
POSITIVE = -1  # with nothing to answer
PRAISE = -2

MOST_REACH, LEAST_REACH = 3, 1_000  # a point from here on, one more for each ten times as many
MOST_ENGAGEMENT, LEAST_ENGAGEMENT = 2, 10

# A wait as a part of the target, and its points from there on: by quarter, when overdue, one more at each fourfold.
# As a formula: 0 below 0.25, 1 below 0.5, 2 below 0.75, 3 below 1, else 4 + floor(log2(wait / target) / 2). It grows
# without end, so that nothing starves, and slowly, so that last month's leftovers do not bury this morning's danger.
WAITING_STEPS: tuple[tuple[float, int], ...] = (
    (0.25, 1),
    (0.5, 2),
    (0.75, 3),
    *((float(4**fourfold), 4 + fourfold) for fourfold in range(17)),  # enough for a thousand years at one minute
)
SHORTEST_TARGET = timedelta(minutes=1)  # a target below this counts as this

_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def rank(case: Case) -> tuple[Reason, ...]:
    """Every reason that has points, largest first; their sum is the mention's points without its wait. A sentiment set
    by a person replaces that of the stars and, when it is positive, removes the complaint words' points."""
    reasons = [reason for reason in _reasons(case) if reason.points]
    floor = max((FLOORS[cue] for cue in case.cues if cue in FLOORS), default=None)
    if floor is not None and points(reasons) < floor:
        cue = next(cue for cue in FLOORS if cue in case.cues)
        reasons.append(Reason(f"never below {floor}: {cue}", floor - points(reasons)))
    return tuple(sorted(reasons, key=lambda reason: -reason.points))


def points(reasons: Sequence[Reason]) -> int:
    """The sum of the reasons' points."""
    return sum(reason.points for reason in reasons)


def waiting_points(wait: timedelta, reply_within: timedelta) -> int:
    """The points of a wait, by WAITING_STEPS of `reply_within`; 0 for a negative wait."""
    part = wait / max(reply_within, SHORTEST_TARGET)
    step = bisect_right(WAITING_STEPS, part, key=lambda step: step[0])
    return WAITING_STEPS[step - 1][1] if step else 0


def waiting(published_at: datetime, reply_within: timedelta, now: datetime) -> Reason | None:
    """The wait as a reason: "waiting 5 h of 8 h" or "waiting 3 d, target 8 h"; None while it has no points."""
    wait = now - published_at
    earned = waiting_points(wait, reply_within)
    if not earned:
        return None
    link = " of " if wait < reply_within else ", target "
    return Reason(f"waiting {_span(wait)}{link}{_span(reply_within)}", earned)


def _reasons(case: Case) -> Iterator[Reason]:
    """In the order in which equal points are shown."""
    cues = case.cues - {"complaint"} if _is_cleared(case) else case.cues
    yield from (Reason(why, worth) for cue, (worth, why) in CUES.items() if cue in cues)
    yield from _of_sentiment(case)
    if case.unjudged:
        yield Reason(f"Not judged: {called(case.unjudged)}", UNJUDGED)
        yield Reason("written to us", ADDRESSED if case.addressed else 0)
    if not _is_cleared(case):
        yield _of_repetition(case.nth_complaint)
    if case.edited:
        yield Reason(case.edited, EDITED)
    yield _of_number(case.reach, LEAST_REACH, MOST_REACH, "reaches {:,} people")
    yield _of_number(case.engagement, LEAST_ENGAGEMENT, MOST_ENGAGEMENT, "{:,} reactions")
    if "spam" in cues:
        yield Reason("looks like spam", SPAM)
    if case.expects is not None:
        yield (
            Reason("needs a reply, says a person", EXPECTED)
            if case.expects
            else Reason("needs no reply, says a person", NOT_EXPECTED)
        )
    elif case.expected and not _is_cleared(case) and not cues & CUES.keys():
        yield Reason("likely needs a reply", LIKELY)
    if case.label == Sentiment.POSITIVE and not (_awaits(case) or case.unjudged or cues & CUES.keys()):
        praise = "praise" in cues
        yield Reason(f"{'praise' if praise else 'positive'}, nothing to answer", PRAISE if praise else POSITIVE)


def _awaits(case: Case) -> bool:
    """Whether the mention needs a reply, as a person said, else as the scorer says."""
    return case.expected if case.expects is None else case.expects


def _is_cleared(case: Case) -> bool:
    """Whether a person set its sentiment to positive."""
    return case.corrected and case.label == Sentiment.POSITIVE


def _of_sentiment(case: Case) -> Iterator[Reason]:
    is_negative = case.label == Sentiment.NEGATIVE
    if case.corrected:
        if is_negative:
            yield Reason("set to negative by a person", SET_NEGATIVE)
    elif case.rating is not None and 1 <= case.rating <= 5:
        stars = "star" if case.rating == 1 else "stars"
        yield Reason(f"{case.rating:g} {stars}", STARS.get(math.floor(case.rating + 0.5), 0))
    elif is_negative:
        yield Reason("negative words", NEGATIVE_WORDS)


def _of_repetition(nth: int) -> Reason:
    return Reason(f"{_ordinal(nth)} complaint from this author", REPEATED[min(nth, 3)] if nth > 1 else 0)


def _ordinal(nth: int) -> str:
    if 2 <= nth <= 10:
        return _ORDINALS[nth - 2]
    teens = nth % 100 in (11, 12, 13)
    return f"{nth}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(nth % 10, 'th')}"


def _of_number(number: int | None, least: int, most: int, why: str) -> Reason:
    """One point from `least` on, one more for each further digit, up to `most`."""
    digits = len(str(number)) - len(str(least)) + 1 if number and number >= least else 0
    return Reason(why.format(number or 0), min(digits, most))


def _span(length: timedelta) -> str:
    """A length as a person says it, rounded down: "40 min", "5 h", "3 d", "5 weeks", "2 years"."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60 or (minutes < 240 and minutes % 60):
        return f"{minutes} min"
    for below, unit, name in ((48 * 60, 60, "h"), (14 * 1440, 1440, "d"), (728 * 1440, 7 * 1440, "weeks")):
        if minutes < below:
            return f"{minutes // unit} {name}"
    return f"{minutes // (365 * 1440)} years"
