"""A source read in stretches (a query, a subreddit, a feed): one that fails never costs what the others brought."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from data.models import Answer, Found, Gap, Rejected, Topic
from listeners.base import Cursor, Haul, ListenerError, Options
from listeners.http.web import LONGEST_PATIENCE, AddressError
from listeners.sync import slice_pace
from listeners.sync.slice_pace import Turn

SLICE = 5_000  # mentions after which a visit begins no further stretch
LONGEST_VISIT = 120.0  # seconds after which it does not either

Ground = Mapping[str, Any]  # what one stretch has read already; JSON only, empty at first


@dataclass(frozen=True, slots=True)
class Part:
    """What one stretch brought, and the ground that covers it."""

    ground: Ground
    found: Sequence[Found] = ()
    rejected: Sequence[Rejected] = ()
    gaps: Sequence[Gap] = ()
    answers: Sequence[Answer] = ()
    gone: Sequence[str] = ()  # ids of mentions that the source says were deleted
    topics: Sequence[Topic] = ()
    more: bool = False  # it ended before all was read
    left: float | None = None  # the share of the source's request budget that is left, where its headers tell


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch: its key in the cursor, and how it is read on from known ground. `read` raises ListenerError only."""

    key: str
    read: Callable[[Ground], Part]


@dataclass
class _Tally:
    parts: dict[str, Part] = field(default_factory=dict)
    troubles: list[ListenerError] = field(default_factory=list)
    stopped: str | None = None
    more: bool = False
    items: int = 0

    def keep(self, key: str, part: Part) -> None:
        self.parts[key] = part
        self.items += len(part.found)
        self.more |= part.more


def gather(
    source: str,
    stretches: Sequence[Stretch],
    cursor: Cursor,
    now: datetime,
    *,
    each_alone: bool = False,
    monotonic: Callable[[], float] = time.monotonic,
) -> Haul:
    """Read every stretch that is due on from the ground in `cursor` and join what they bring.

    `each_alone`: they are different servers, so trouble with one says nothing about the next. Otherwise a passing
    trouble ends the visit; the next one starts at the stretch it stopped at, so the last ones get their turn too.
    After a long absence a visit brings a slice: no further stretch is begun after so many mentions or so long a time.
    ListenerError when nothing at all could be read.
    """
    grounds: dict[str, Ground] = dict(cursor.get("stretches", {}))
    known: dict[str, Turn] = cursor.get(slice_pace.KEY, {})
    tally, ends = _Tally(), monotonic() + LONGEST_VISIT
    for stretch in _from(stretches, cursor.get("stopped")):
        ground = grounds.get(stretch.key, {})
        if slice_pace.rests(known.get(stretch.key, {}), now):
            continue
        if tally.items >= SLICE or monotonic() > ends:
            tally.stopped, tally.more = stretch.key, True
            break
        try:
            _be_patient(source, ground, now)
            tally.keep(stretch.key, stretch.read(ground))
        except ListenerError as trouble:
            tally.troubles.append(trouble)
            grounds[stretch.key] = _waiting(ground, trouble, now) if each_alone else ground
            if not each_alone and not isinstance(trouble, AddressError):
                tally.stopped = stretch.key
                break
    if tally.troubles and not tally.parts:
        raise _joined(source, tally.troubles)
    held = {stretch.key: known[stretch.key] for stretch in stretches if stretch.key in known}
    return _haul(tally, {stretch.key: grounds.get(stretch.key, {}) for stretch in stretches}, held, now)


def _from(stretches: Sequence[Stretch], key: str | None) -> Iterable[Stretch]:
    start = next((place for place, stretch in enumerate(stretches) if stretch.key == key), 0)
    return [*stretches[start:], *stretches[:start]]


def _be_patient(source: str, ground: Ground, now: datetime) -> None:
    """Keep away from a server that asked us to wait, unless our clock has jumped since."""
    if "not_before" in ground:
        left = (datetime.fromisoformat(ground["not_before"]) - now).total_seconds()
        if 0 < left <= LONGEST_PATIENCE:
            raise ListenerError(source, str(ground.get("asked", "it asked us to wait")), retry_after=left)


def _waiting(ground: Ground, trouble: ListenerError, now: datetime) -> Ground:
    if not trouble.retry_after:
        return ground
    until = now + timedelta(seconds=trouble.retry_after)
    return {**ground, "not_before": until.isoformat(), "asked": str(trouble)}


def _joined(source: str, troubles: Sequence[ListenerError]) -> ListenerError:
    """Several troubles as one: permanent when all are, to be asked again when the first of them may be."""
    waits = [trouble.retry_after for trouble in troubles if trouble.retry_after is not None]
    return ListenerError(
        source,
        "; ".join(dict.fromkeys(map(str, troubles))),
        permanent=all(trouble.permanent for trouble in troubles),
        retry_after=min(waits) if len(waits) == len(troubles) else None,
    )


def _haul(tally: _Tally, grounds: dict[str, Ground], known: Mapping[str, Turn], now: datetime) -> Haul:
    parts = tally.parts.values()
    read = {
        key: slice_pace.read(key, known.get(key, {}), now, fresh=bool(part.found), more=part.more)
        for key, part in tally.parts.items()
    }
    cursor: dict[str, Any] = {
        "stretches": grounds | {key: part.ground for key, part in tally.parts.items()},
        slice_pace.KEY: {**known, **read},
    }
    if tally.stopped:
        cursor["stopped"] = tally.stopped
    return Haul(
        found=merged(found for part in parts for found in part.found),
        answers=[answer for part in parts for answer in part.answers],
        rejected=[refused for part in parts for refused in part.rejected],
        gone=list(dict.fromkeys(gone for part in parts for gone in part.gone)),
        topics=[topic for part in parts for topic in part.topics],
        gaps=[gap for part in parts for gap in part.gaps],
        cursor=cursor,
        troubles=list(dict.fromkeys(map(str, tally.troubles))),
        left=min((part.left for part in parts if part.left is not None), default=None),
        more=tally.more and not tally.troubles,
    )


def merged(found: Iterable[Found]) -> list[Found]:
    """Each mention once, with all the brands it was found for."""
    once: dict[str, Found] = {}
    for one in found:
        first = once.setdefault(one.mention.id, one)
        if first is not one:
            once[one.mention.id] = replace(one, brands=tuple(dict.fromkeys(first.brands + one.brands)))
    return list(once.values())


def first_look(source: str, options: Options, now: datetime, days: float = 30) -> datetime:
    """How far back a first visit reads: `first_days` of the options. ListenerError when that is no number."""
    said = options.get("first_days", days)
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= 36_500:
        raise ListenerError(source, f"first_days must be a number of days, not {said!r}", permanent=True)
    return now - timedelta(days=said)
