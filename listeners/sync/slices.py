"""Reads a source in slices (a query, a subreddit, a feed). A slice that fails does not lose the others' results."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from data.models import Answer, Found, Gap, Rejected, Topic
from listeners.base import Cursor, FetchResult, ListenerError, Options
from listeners.http.web import LONGEST_PATIENCE, AddressError
from listeners.sync import slice_pace
from listeners.sync.slice_pace import SlicePace

SLICE = 5_000  # mentions after which a run begins no further slice
LONGEST_RUN = 120.0  # seconds after which a run begins no further slice

SliceState = Mapping[str, Any]  # one slice's cursor; JSON only, empty at first


@dataclass(frozen=True, slots=True)
class Part:
    """What reading one slice returned, and the slice cursor that covers it."""

    state: SliceState
    found: Sequence[Found] = ()
    rejected: Sequence[Rejected] = ()
    gaps: Sequence[Gap] = ()
    answers: Sequence[Answer] = ()
    gone: Sequence[str] = ()  # ids of mentions that the source says were deleted
    topics: Sequence[Topic] = ()
    more: bool = False  # reading ended before all was read
    left: float | None = None  # the remaining share of the source's request budget, 0 to 1, where its headers tell


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice: its key in the cursor, and the function that reads on from the slice's cursor. `read` raises
    ListenerError only."""

    key: str
    read: Callable[[SliceState], Part]


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
    slices: Sequence[Slice],
    cursor: Cursor,
    now: datetime,
    *,
    each_alone: bool = False,
    monotonic: Callable[[], float] = time.monotonic,
) -> FetchResult:
    """Read every due slice on from its state in `cursor`, and join the results.

    `each_alone`: the slices are on different servers, so an error of one says nothing about the next. Otherwise a
    passing error ends the run, and the next run starts at the slice where this one stopped. No further slice is begun
    after SLICE mentions or LONGEST_RUN seconds. ListenerError when no slice could be read.
    """
    states: dict[str, SliceState] = dict(cursor.get("stretches", {}))
    known: dict[str, SlicePace] = cursor.get(slice_pace.KEY, {})
    tally, ends = _Tally(), monotonic() + LONGEST_RUN
    for one_slice in _from(slices, cursor.get("stopped")):
        state = states.get(one_slice.key, {})
        if slice_pace.rests(known.get(one_slice.key, {}), now):
            continue
        if tally.items >= SLICE or monotonic() > ends:
            tally.stopped, tally.more = one_slice.key, True
            break
        try:
            _respect_wait(source, state, now)
            tally.keep(one_slice.key, one_slice.read(state))
        except ListenerError as trouble:
            tally.troubles.append(trouble)
            states[one_slice.key] = _waiting(state, trouble, now) if each_alone else state
            if not each_alone and not isinstance(trouble, AddressError):
                tally.stopped = one_slice.key
                break
    if tally.troubles and not tally.parts:
        raise _joined(source, tally.troubles)
    held = {one_slice.key: known[one_slice.key] for one_slice in slices if one_slice.key in known}
    return _result(tally, {one_slice.key: states.get(one_slice.key, {}) for one_slice in slices}, held, now)


def _from(slices: Sequence[Slice], key: str | None) -> Iterable[Slice]:
    start = next((place for place, one_slice in enumerate(slices) if one_slice.key == key), 0)
    return [*slices[start:], *slices[:start]]


def _respect_wait(source: str, state: SliceState, now: datetime) -> None:
    """Raise ListenerError while a server's requested wait lasts. A wait beyond a day is ignored: the clock was set
    back."""
    if "not_before" in state:
        left = (datetime.fromisoformat(state["not_before"]) - now).total_seconds()
        if 0 < left <= LONGEST_PATIENCE:
            raise ListenerError(source, str(state.get("asked", "it asked us to wait")), retry_after=left)


def _waiting(state: SliceState, trouble: ListenerError, now: datetime) -> SliceState:
    if not trouble.retry_after:
        return state
    until = now + timedelta(seconds=trouble.retry_after)
    return {**state, "not_before": until.isoformat(), "asked": str(trouble)}


def _joined(source: str, troubles: Sequence[ListenerError]) -> ListenerError:
    """Several errors as one: permanent when all are; `retry_after` is the shortest, when all have one."""
    waits = [trouble.retry_after for trouble in troubles if trouble.retry_after is not None]
    return ListenerError(
        source,
        "; ".join(dict.fromkeys(map(str, troubles))),
        permanent=all(trouble.permanent for trouble in troubles),
        retry_after=min(waits) if len(waits) == len(troubles) else None,
    )


def _result(tally: _Tally, states: dict[str, SliceState], known: Mapping[str, SlicePace], now: datetime) -> FetchResult:
    parts = tally.parts.values()
    read = {
        key: slice_pace.read(key, known.get(key, {}), now, fresh=bool(part.found), more=part.more)
        for key, part in tally.parts.items()
    }
    cursor: dict[str, Any] = {
        "stretches": states | {key: part.state for key, part in tally.parts.items()},
        slice_pace.KEY: {**known, **read},
    }
    if tally.stopped:
        cursor["stopped"] = tally.stopped
    return FetchResult(
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
    """Each mention once, with all brands it was found for."""
    once: dict[str, Found] = {}
    for one in found:
        first = once.setdefault(one.mention.id, one)
        if first is not one:
            once[one.mention.id] = replace(one, brands=tuple(dict.fromkeys(first.brands + one.brands)))
    return list(once.values())


def first_run_start(source: str, options: Options, now: datetime, days: float = 30) -> datetime:
    """How far back a first run reads: `first_days` of the options before `now`. ListenerError when that is no number of
    days."""
    said = options.get("first_days", days)
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= 36_500:
        raise ListenerError(source, f"first_days must be a number of days, not {said!r}", permanent=True)
    return now - timedelta(days=said)
