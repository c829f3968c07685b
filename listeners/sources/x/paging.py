"""Reads X page by page, from the newest post down to known content; a page is paid for before its request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from data.models import Answer, Gap, Mention
from listeners import border
from listeners.base import Budget, ListenerError
from listeners.sources.x.client import A_PERSON, PAGE, SMALLEST_PAGE, SOURCE, XClient
from listeners.sources.x.posts import Person, Post, billed_posts, identity, moment, next_token, people, posts
from listeners.sync.reader import REPEATED, About, Pager, SliceCursor, SliceReader
from listeners.sync.slices import Part, SliceState

PAGES = 60  # for one slice in one run; the next run reads the rest
OVERLAP = timedelta(minutes=1)  # posts reach the index out of order; a post read twice on a day is billed once
MARGIN = timedelta(minutes=2)  # our clock and X's may differ at the edge of its window
KNOWN = 500  # ids within the overlap that are remembered

Ask = Callable[..., dict[str, Any]]


@dataclass
class XRun:
    """What the slices of one run share: client, budget, time, and the error that stopped the run."""

    client: XClient
    budget: Budget
    now: datetime
    stopped: ListenerError | None = None


@dataclass(frozen=True, slots=True)
class XListing:
    """A listing of X, newest first: how it is requested, what its posts become, and what one costs."""

    key: str
    ask: Ask
    tell: Callable[[Post, Mapping[str, Person]], Mention | Answer | None]
    about: About
    floor: datetime  # how far back a first run reads
    dollars: float  # per post
    with_people: bool = True  # the response includes the authors, who are billed
    window: timedelta | None = None  # how far back X lists at most
    ceiling: int | None = None  # how many posts X lists at most
    token: str = "next_token"  # noqa: S105  # the parameter's name
    smallest: int = SMALLEST_PAGE


def bought(
    budget: Budget, ask: Callable[[int], dict[str, Any]], sizes: Sequence[int], each: float, person: float = 0.0
) -> dict[str, Any]:
    """Request the largest of `sizes` that the budget allows, and charge what came.

    `each` and `person`: US dollars for a post and for its author. ListenerError at the cap, before any request.
    """
    size = _affordable(budget, sizes, each + person)
    try:
        answer = ask(size)
    except ListenerError:
        # Refusals cost nothing. Items of a lost response are billed once on this day, and charged when they are read
        # again.
        budget.charge((), 0.0)
        raise
    budget.charge([f"{SOURCE}:{number}" for number in billed_posts(answer)], each)
    if person:
        budget.charge([f"{SOURCE}:user:{number}" for number in people(answer)], person)
    return answer


def _affordable(budget: Budget, sizes: Sequence[int], dollars: float) -> int:
    for size in sizes[:-1]:
        with suppress(ListenerError):
            budget.reserve(size * dollars)
            return size
    budget.reserve(sizes[-1] * dollars)
    return sizes[-1]


def read(run: XRun, reading: XListing, state: SliceState) -> Part:
    """Read a slice on from its state. When an error stops it, what was read counts, and the state keeps the rest.

    ListenerError when nothing could be read.
    """
    if run.stopped:
        raise run.stopped
    cursor = _Timeline(reading, run.now, state)
    reader = SliceReader(SOURCE, reading.key, cursor, reading.about.keep, outlives_errors=True)
    if rest := cursor.rest():
        _down(run, reader, rest)
    if not (cursor.rest() or reader.interrupted):
        _down(run, reader, cursor.head())
    run.stopped = reader.interrupted
    return reader.part()


def _down(run: XRun, reader: SliceReader[_Timeline], span: _Span) -> None:
    """Read a span from its newest post down, as far as pages and money allow; the cursor keeps the rest."""
    cursor = reader.cursor
    if forgotten := cursor.forgotten(span):
        reader.gaps.append(Gap(reader.name, *forgotten, "it was left unread until X's search forgot it"))
    if not cursor.begin(span):
        return
    pager = Pager(partial(_page, run, cursor), max(1, PAGES - reader.pages))
    if reader.read(pager):
        reader.note_gap(f"X lists no more than the newest {cursor.reading.ceiling}")
        cursor.end()
    elif pager.cut == REPEATED:
        circles = f"X sends us round in circles at {reader.name}; we stopped there"
        reader.interrupted = ListenerError(SOURCE, circles)


def _page(run: XRun, cursor: _Timeline, token: str | None) -> tuple[list[Post], str | None]:
    reading = cursor.reading
    asked = {**cursor.asked, reading.token: token} if token else cursor.asked
    answer = bought(
        run.budget,
        lambda size: reading.ask(max_results=size, **asked),
        (PAGE, PAGE // 2, reading.smallest),
        reading.dollars,
        A_PERSON if reading.with_people else 0.0,
    )
    cursor.note_page(answer, is_first=token is None)
    return posts(answer), next_token(answer)


@dataclass
class _Span:
    """A span to read: posts newer than the post `since`, or than `low` where there is none, and no newer than
    `high`."""

    low: datetime
    since: str | None = None
    high: datetime | None = None
    is_head: bool = False  # it has no upper end

    def asked(self) -> dict[str, Any]:
        if self.since:
            return {"since_id": _a_little_before(self.since)}
        # X takes whole seconds, so posts of the last second are read twice.
        until = {"end_time": self.high + timedelta(seconds=1)} if self.high else {}
        return {"start_time": self.low, **until}

    def kept(self) -> dict[str, str]:
        return {"low": self.low.isoformat()} | ({"high": self.high.isoformat()} if self.high else {})


def _span(kept: Mapping[str, str]) -> _Span:
    high = kept.get("high")
    return _Span(datetime.fromisoformat(kept["low"]), high=datetime.fromisoformat(high) if high else None)


class _Timeline(SliceCursor):
    """How far a listing was read: the newest post, the time up to which all is read, ids near the newest, and the
    unread rest in between. It is valid after every page."""

    def __init__(self, reading: XListing, now: datetime, state: SliceState) -> None:
        self.reading, self._now, self._state = reading, now, dict(state)
        self._before = frozenset(state.get("known", ()))
        self._met: set[str] = set()
        self._authors: Mapping[str, Person] = {}
        self._span = _Span(reading.floor)
        self._listed = 0  # posts of this span
        self.asked: Mapping[str, Any] = {}

    def rest(self) -> _Span | None:
        """The span that an earlier run left unread; None when there is none."""
        kept = self._state.get("rest")
        return _span(kept) if kept else None

    def head(self) -> _Span:
        """The span of posts newer than known content, bounded by id, or by time when the id has left X's window."""
        read_to, newest = self._state.get("read_to"), self._state.get("newest")
        low = datetime.fromisoformat(read_to) if read_to else self.reading.floor
        if newest and datetime.fromisoformat(self._state["newest_at"]) - OVERLAP > self._edge():
            return _Span(low, newest, is_head=True)
        return _Span(low, is_head=True)

    def _edge(self) -> datetime:
        """The oldest instant that X accepts in a request."""
        window = self.reading.window
        return self._now - window + MARGIN if window else datetime.min.replace(tzinfo=UTC)

    def forgotten(self, span: _Span) -> tuple[datetime, datetime] | None:
        """The part of a span that left X's window unread; None for a first run or when nothing was lost."""
        edge = self._edge()
        if span.since or span.low >= edge or "read_to" not in self._state:
            return None
        return span.low, min(edge, span.high) if span.high else edge

    def begin(self, span: _Span) -> bool:
        """Begin a span, cut to X's window; return whether anything of it can be read."""
        edge = self._edge()
        if not span.since and span.low < edge:
            span.low = edge
            if span.high is not None and span.high <= edge:
                self.end()
                return False
        self._span, self._listed, self.asked = span, 0, span.asked()
        return True

    def end(self) -> None:
        """Note that the span is read to its end."""
        self._state.pop("rest", None)

    def note_page(self, answer: Mapping[str, Any], *, is_first: bool) -> None:
        """Note a page: what lies below it is the unread rest until the next page arrives."""
        self._authors = people(answer)
        self._listed += len(posts(answer))
        if self._span.is_head and is_first:
            self._note_newest(answer)
        _lower(self._span, answer)
        if next_token(answer) is not None:
            self._state["rest"] = self._span.kept()

    def _note_newest(self, answer: Mapping[str, Any]) -> None:
        """Note the newest posts from the head's first page; what lies between them and known content is the rest."""
        self._state["read_to"] = (self._now - MARGIN).isoformat()
        seen = _placed(answer)
        newest = max(seen, default=None)
        if newest and newest.number > int(self._state.get("newest") or 0):
            self._state |= {"newest": str(newest.number), "newest_at": newest.at.isoformat()}
        bound = int(_a_little_before(self._state.get("newest")) or 0)
        known = {*(str(one.number) for one in seen), *self._before}
        self._state["known"] = sorted((one for one in known if int(one) > bound), key=int)[-KNOWN:]

    def meet(self, item: Post) -> Iterable[Mention | Answer]:
        number = identity(item)
        if number in self._before or number in self._met:
            return ()
        self._met.add(number)
        told = self.reading.tell(item, self._authors)
        return (told,) if told else ()

    def unread(self) -> tuple[datetime, datetime] | None:
        """The time span below the last post that X lists; None when X listed everything."""
        span, ceiling = self._span, self.reading.ceiling
        if ceiling and self._listed >= ceiling and span.high and span.high > span.low:
            return span.low, span.high
        return None

    def stored(self) -> dict[str, Any]:
        return self._state


def _lower(span: _Span, answer: Mapping[str, Any]) -> None:
    """Lower the span's upper end to the response's oldest post."""
    oldest = min((one.at for one in _placed(answer)), default=None)
    if oldest and (span.high is None or oldest < span.high):
        span.high = oldest


class Placed(NamedTuple):
    """A post's number, which grows with time, and its time."""

    number: int
    at: datetime


def _placed(answer: Mapping[str, Any]) -> list[Placed]:
    """Number and time of each post that has both."""
    placed = []
    for post in posts(answer):
        try:
            placed.append(Placed(int(identity(post)), moment(post.get("created_at"))))
        except border.Unreadable:
            continue
    return placed


def _a_little_before(number: str | None) -> str | None:
    """The id of a post OVERLAP earlier: X's ids contain their millisecond and grow with time."""
    if not number:
        return None
    return str(max(int(number) - (int(OVERLAP.total_seconds() * 1000) << 22), 1))
