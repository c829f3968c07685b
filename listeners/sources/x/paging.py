"""Reading X page by page, each paid for before it is asked for: from the newest post down to known ground."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from data.models import Answer, Found, Gap, Rejected
from listeners import border
from listeners.base import Budget, ListenerError
from listeners.sources.x.client import A_PERSON, PAGE, SMALLEST_PAGE, SOURCE, Client
from listeners.sources.x.posts import Person, Post, billed_posts, identity, moment, next_token, people, posts
from listeners.sync.slices import Ground, Part

PAGES = 60  # of one stretch in one visit; what is left is read at the next
OVERLAP = timedelta(minutes=1)  # posts reach the index out of order; what is read twice on a day is billed once
MARGIN = timedelta(minutes=2)  # our clock and X's may differ at the edge of its window
KNOWN = 500  # ids within the overlap that are remembered

Ask = Callable[..., dict[str, Any]]
Taken = Found | Answer | None


@dataclass
class Visit:
    """One visit's client and budget, and what it gathers beside mentions."""

    client: Client
    budget: Budget
    now: datetime
    stopped: ListenerError | None = None
    answers: list[Answer] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """A listing, newest first: how it is asked for, what becomes of a post, and what one costs."""

    key: str
    ask: Ask
    take: Callable[[Post, Mapping[str, Person]], Taken]
    floor: datetime  # how far a first visit reads
    dollars: float  # a post
    with_people: bool = True  # the answer brings the authors along, who are billed
    window: timedelta | None = None  # how far back X lists at all
    ceiling: int | None = None  # how many posts X lists at all
    token: str = "next_token"  # noqa: S105  # the parameter's name
    smallest: int = SMALLEST_PAGE


def bought(
    budget: Budget, ask: Callable[[int], dict[str, Any]], sizes: Sequence[int], each: float, person: float = 0.0
) -> dict[str, Any]:
    """One answer of the largest of `sizes` that the budget still holds, paid for by what came.

    `each` and `person`: dollars for a post and for its author. ListenerError at the cap: nothing was asked.
    """
    size = _affordable(budget, sizes, each + person)
    try:
        answer = ask(size)
    except ListenerError:
        # Refusals cost nothing. What was sent and lost on the way is billed once on this day, and charged when it
        # is read again.
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


def read(visit: Visit, reading: Reading, ground: Ground) -> Part:
    """Read on from known ground. Whatever stops it on the way, what was read stays read and the rest is kept in mind.

    ListenerError when nothing could be read.
    """
    if visit.stopped:
        raise visit.stopped
    walk = _Walk(visit, reading, dict(ground))
    try:
        walk.go()
    except ListenerError as trouble:
        if not walk.pages:
            raise
        visit.stopped = trouble
    return Part(walk.ground, walk.found, walk.rejected, walk.gaps)


@dataclass
class _Span:
    """What is to be read: newer than the post `since` or, where there is none, than `low`; no newer than `high`."""

    low: datetime
    since: str | None = None
    high: datetime | None = None

    def asked(self) -> dict[str, Any]:
        if self.since:
            return {"since_id": _a_little_before(self.since)}
        # In whole seconds, so the last one is read twice.
        until = {"end_time": self.high + timedelta(seconds=1)} if self.high else {}
        return {"start_time": self.low, **until}

    def kept(self) -> dict[str, str]:
        return {"low": self.low.isoformat()} | ({"high": self.high.isoformat()} if self.high else {})


def _span(kept: Mapping[str, str]) -> _Span:
    high = kept.get("high")
    return _Span(datetime.fromisoformat(kept["low"]), high=datetime.fromisoformat(high) if high else None)


class _Walk:
    """First what an earlier visit had to leave, then what is new. `ground` is true after every page."""

    def __init__(self, visit: Visit, reading: Reading, ground: dict[str, Any]) -> None:
        self._visit, self._reading, self.ground = visit, reading, ground
        self._before = frozenset(ground.get("known", ()))
        self._seen: set[str] = set()
        self.pages = 0
        self.found: list[Found] = []
        self.rejected: list[Rejected] = []
        self.gaps: list[Gap] = []

    def go(self) -> None:
        if rest := self.ground.get("rest"):
            self._down(_span(rest), is_head=False)
        if not self.ground.get("rest"):
            self._down(self._head(), is_head=True)

    def _head(self) -> _Span:
        """All that is newer than known ground. X refuses an id that has left its window; then time tells."""
        read_to, newest = self.ground.get("read_to"), self.ground.get("newest")
        low = datetime.fromisoformat(read_to) if read_to else self._reading.floor
        if newest and datetime.fromisoformat(self.ground["newest_at"]) - OVERLAP > self._edge():
            return _Span(low, newest)
        return _Span(low)

    def _edge(self) -> datetime:
        """The oldest instant that X can be asked for."""
        window = self._reading.window
        return self._visit.now - window + MARGIN if window else datetime.min.replace(tzinfo=UTC)

    def _down(self, span: _Span, *, is_head: bool) -> None:
        if not self._within_window(span):
            self.ground.pop("rest", None)
            return
        asked, token, tokens, listed = span.asked(), None, set[str](), 0
        while True:
            answer = self._page(asked, token)
            listed += len(posts(answer))
            if is_head and token is None:
                self._note_newest(answer)
            self._in(answer)
            _lower(span, answer)
            token = next_token(answer)
            if token is None:
                break
            self.ground["rest"] = span.kept()  # until the next page is here
            if token in tokens:
                raise ListenerError(SOURCE, f"X sends us round in circles at {self._reading.key}; we stopped there")
            if self.pages >= PAGES:
                return
            tokens.add(token)
        self.ground.pop("rest", None)
        self._note_ceiling(span, listed)

    def _within_window(self, span: _Span) -> bool:
        """Whether X can still be asked for it; what has left its window is a gap."""
        edge = self._edge()
        if span.since or span.low >= edge:
            return True
        if "read_to" in self.ground:
            until = min(edge, span.high) if span.high else edge
            self.gaps.append(Gap(self._reading.key, span.low, until, "it was left unread until X's search forgot it"))
        span.low = edge
        return span.high is None or span.high > edge

    def _page(self, asked: Mapping[str, Any], token: str | None) -> dict[str, Any]:
        reading = self._reading
        paged = {**asked, reading.token: token} if token else asked
        answer = bought(
            self._visit.budget,
            lambda size: reading.ask(max_results=size, **paged),
            (PAGE, PAGE // 2, reading.smallest),
            reading.dollars,
            A_PERSON if reading.with_people else 0.0,
        )
        self.pages += 1
        return answer

    def _note_newest(self, answer: Mapping[str, Any]) -> None:
        """The head is known from its first page on; what lies between it and older ground is the rest."""
        self.ground["read_to"] = (self._visit.now - MARGIN).isoformat()
        seen = _placed(answer)
        newest = max(seen, default=None)
        if newest and newest[0] > int(self.ground.get("newest") or 0):
            self.ground |= {"newest": str(newest[0]), "newest_at": newest[1].isoformat()}
        bound = int(_a_little_before(self.ground.get("newest")) or 0)
        known = {*(str(number) for number, _ in seen), *self._before}
        self.ground["known"] = sorted((one for one in known if int(one) > bound), key=int)[-KNOWN:]

    def _note_ceiling(self, span: _Span, listed: int) -> None:
        ceiling = self._reading.ceiling
        if ceiling and listed >= ceiling and span.high and span.high > span.low:
            why = f"X lists no more than the newest {ceiling}"
            self.gaps.append(Gap(self._reading.key, span.low, span.high, why))

    def _in(self, answer: Mapping[str, Any]) -> None:
        authors = people(answer)
        for line, post in enumerate(posts(answer), start=1):
            try:
                taken = self._take(post, authors)
            except border.Unreadable as why:
                self.rejected.append(border.refused(f"{SOURCE}: {self._reading.key}", line, why, post))
                continue
            if isinstance(taken, Found):
                self.found.append(taken)
            elif taken:
                self._visit.answers.append(taken)

    def _take(self, post: Post, authors: Mapping[str, Person]) -> Taken:
        number = identity(post)
        if number in self._before or number in self._seen:
            return None
        self._seen.add(number)
        return self._reading.take(post, authors)


def _lower(span: _Span, answer: Mapping[str, Any]) -> None:
    """What an answer held is read: the rest ends at its oldest post."""
    oldest = min((at for _, at in _placed(answer)), default=None)
    if oldest and (span.high is None or oldest < span.high):
        span.high = oldest


def _placed(answer: Mapping[str, Any]) -> list[tuple[int, datetime]]:
    """Number and time of every post that has both."""
    placed = []
    for post in posts(answer):
        try:
            placed.append((int(identity(post)), moment(post.get("created_at"))))
        except border.Unreadable:
            continue
    return placed


def _a_little_before(number: str | None) -> str | None:
    """The id that a post had a minute earlier: X's ids hold their millisecond, and count upwards."""
    if not number:
        return None
    return str(max(int(number) - (int(OVERLAP.total_seconds() * 1000) << 22), 1))
