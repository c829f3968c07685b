"""A source read in stretches (a query, a subreddit, a feed): one that fails never costs what the others brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from data.models import Answer, Found, Gap, Rejected
from listeners.base import Cursor, Haul, ListenerError, Options
from listeners.web import LONGEST_PATIENCE, AddressError

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


def gather(
    source: str, stretches: Sequence[Stretch], cursor: Cursor, now: datetime, *, each_alone: bool = False
) -> Haul:
    """Read every stretch on from the ground in `cursor` and join what they bring.

    `each_alone`: they are different servers, so trouble with one says nothing about the next. Otherwise a passing
    trouble ends the visit; the next one starts at the stretch it stopped at, so the last ones get their turn too.
    ListenerError when nothing at all could be read.
    """
    grounds: dict[str, Ground] = dict(cursor.get("stretches", {}))
    tally = _Tally()
    for stretch in _from(stretches, cursor.get("stopped")):
        ground = grounds.get(stretch.key, {})
        try:
            _be_patient(source, ground, now)
            tally.parts[stretch.key] = stretch.read(ground)
        except ListenerError as trouble:
            tally.troubles.append(trouble)
            grounds[stretch.key] = _waiting(ground, trouble, now) if each_alone else ground
            if not each_alone and not isinstance(trouble, AddressError):
                tally.stopped = stretch.key
                break
    if tally.troubles and not tally.parts:
        raise _joined(source, tally.troubles)
    return _haul(tally, {stretch.key: grounds.get(stretch.key, {}) for stretch in stretches})


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


def _haul(tally: _Tally, grounds: dict[str, Ground]) -> Haul:
    parts = tally.parts.values()
    cursor: dict[str, Any] = {"stretches": grounds | {key: part.ground for key, part in tally.parts.items()}}
    if tally.stopped:
        cursor["stopped"] = tally.stopped
    return Haul(
        found=merged(found for part in parts for found in part.found),
        answers=[answer for part in parts for answer in part.answers],
        rejected=[refused for part in parts for refused in part.rejected],
        gone=list(dict.fromkeys(gone for part in parts for gone in part.gone)),
        gaps=[gap for part in parts for gap in part.gaps],
        cursor=cursor,
        troubles=list(dict.fromkeys(map(str, tally.troubles))),
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
