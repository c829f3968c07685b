"""The Hacker News source: stories and comments found by Algolia's full-text search; it needs no key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from data.matching import sought
from data.models import Brand, Found, Gap, Mention
from listeners import border
from listeners.base import (
    Budget,
    Cursor,
    FetchResult,
    Listener,
    ListenerError,
    Options,
    Policy,
    RecheckResult,
    RecheckTarget,
)
from listeners.http.web import Web, json_object, refusal
from listeners.sync.reader import SliceCursor, SliceReader
from listeners.sync.slices import Part, Slice, SliceState, first_run_start, gather

SOURCE = "hackernews"
CEILING = 1000  # hits that a query returns at most
REQUESTS = 120  # for one term in one run; the next run reads on
OVERLAP = int(timedelta(hours=2).total_seconds())  # seconds; comments may be edited for so long, and the index lags
PEEKS_BACK = timedelta(days=30)
SITE = "https://news.ycombinator.com"

Hit = Mapping[str, Any]


def to_mention(hit: Hit) -> Mention:
    """One hit of the search as a mention. Unreadable when it has no id or no time."""
    number = hit.get("objectID")  # "38712345"
    if not isinstance(number, str | int) or not str(number).isdigit():
        raise border.Unreadable("it has no id")
    comment = hit.get("comment_text") is not None
    author = border.name(hit.get("author"))
    parent, story = border.count(hit.get("parent_id")), border.count(hit.get("story_id"))
    return Mention(
        id=f"{SOURCE}:{number}",
        source=SOURCE,
        kind="comment" if comment else "post",
        title=None if comment else border.plain(border.words(hit.get("title"))) or None,
        text=border.plain(border.words(hit.get("comment_text") if comment else hit.get("story_text"))),
        author=author,
        author_url=f"{SITE}/user?id={author}" if author else None,
        url=f"{SITE}/item?id={number}",
        engagement=border.count(hit.get("points")),
        thread_id=f"{SOURCE}:{story}" if comment and story is not None else None,
        parent_id=f"{SOURCE}:{parent}" if comment and parent is not None else None,
        published_at=border.instant(hit.get("created_at_i")),
    )


def is_gone(hit: Hit) -> bool:
    """Whether its author deleted it or moderators removed it."""
    return bool(hit.get("deleted") or hit.get("dead")) or (hit.get("comment_text") is None and not hit.get("title"))


@dataclass
class _Search:
    """One term's hits since `low`, in epoch seconds, oldest first, in windows of time that each stay under CEILING."""

    web: Web
    base: str
    term: str
    low: int
    requests: int = 0
    newest: int = 0  # the latest time of any hit
    stopped_at: int | None = None  # the first second that is left for the next run
    gaps: list[Gap] = field(default_factory=list)

    def first_page(self) -> Mapping[str, Any]:
        """The response with the newest hits and the number of all hits."""
        return self._ask(self.low, None, 0)

    def hits(self) -> Iterator[Hit]:
        answer = self._ask(self.low, None, 0)
        if self._fits(answer):
            yield from self._pages(answer, self.low, None)
            return
        windows = [(self.low, max(self.newest, self.low) + 1)]
        while windows:
            low, high = windows.pop()
            if self.requests >= REQUESTS:
                self.stopped_at = low
                return
            answer = self._ask(low, high, 0)
            if not self._fits(answer) and high - low > 1:
                middle = (low + high) // 2
                windows += [(middle, high), (low, middle)]
                continue
            if not self._fits(answer):
                self._note_gap(low, high)
            yield from self._pages(answer, low, high)

    def _note_gap(self, low: int, high: int) -> None:
        bounds = (datetime.fromtimestamp(low, UTC), datetime.fromtimestamp(high, UTC))
        self.gaps.append(Gap(self.term, *bounds, why=f"more than {CEILING} hits in one second"))

    def _fits(self, answer: Mapping[str, Any]) -> bool:
        return border.count(answer.get("nbHits")) is not None and answer["nbHits"] <= CEILING

    def _pages(self, answer: Mapping[str, Any], low: int, high: int | None) -> Iterator[Hit]:
        yield from answer["hits"]
        for page in range(1, min(border.count(answer.get("nbPages")) or 0, CEILING)):
            yield from self._ask(low, high, page)["hits"]

    def _ask(self, low: int, high: int | None, page: int) -> Mapping[str, Any]:
        self.requests += 1
        window = f"created_at_i>={low}" + ("" if high is None else f",created_at_i<{high}")
        asked: dict[str, str | int] = {
            "query": self.term,
            "tags": "(story,comment)",
            "numericFilters": window,
            "hitsPerPage": CEILING,
            "page": page,
        }
        url = f"{self.base}/search_by_date"
        answer = self.web.fetch_json(SOURCE, url, asked)
        hits = answer.get("hits")
        if not isinstance(hits, list) or border.count(answer.get("nbHits")) is None:
            raise ListenerError(SOURCE, "the search answered with something else than hits")
        times = [border.count(hit.get("created_at_i")) for hit in hits if isinstance(hit, dict)]
        self.newest = max([self.newest, *(time for time in times if time is not None)])
        return answer


@dataclass(frozen=True, slots=True)
class Peek:
    """A sample of the source: about how many `hits` there are, and the newest mentions that name the brand."""

    hits: int
    mentions: tuple[Mention, ...]


class HackerNews(Listener):
    """A slice per term. Its state: the newest time seen, and the hits near it that named a brand."""

    source = SOURCE
    every = timedelta(minutes=5)
    ids_at_once = 20
    policy = Policy(
        name="Hacker News",
        keeps_text=True,
        deletions="Delete what comes back as deleted or dead, or is not there any more.",
        recheck_every=timedelta(days=3),
        replies="By hand, through the link; no drafts written by a machine.",
        checked_on=date(2026, 11, 22),
        terms="https://news.ycombinator.com/newsguidelines.html",
    )

    def __init__(self, base: str = "https://hn.algolia.com/api/v1", web: Web | None = None) -> None:
        self._base = base
        self._web = web or Web()

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """New hits that name a brand; the first run looks back `first_days` (30)."""
        start = first_run_start(SOURCE, options, now)
        terms = dict.fromkeys(sought(term) for brand in brands for term in brand.terms)
        slices = [
            Slice(term, partial(self._read, term, [one for one in brands if term in _terms(one)], start, now))
            for term in terms
        ]
        return gather(SOURCE, slices, cursor, now)

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """Ask for each item: it is gone when it is missing, deleted or dead; the others come back with their text."""
        gone: list[str] = []
        found: list[Found] = []
        for one in held:
            hit = self._item(one.id.removeprefix(f"{SOURCE}:"))
            if hit is None:
                gone.append(one.id)
                continue
            with suppress(border.Unreadable):
                found.append(Found(to_mention(hit)))
        return RecheckResult(gone, [one.mention.id for one in found], found)

    def _item(self, number: str) -> Hit | None:
        """One item as a hit of the search; None when the API says that it does not exist or is gone."""
        response = self._web.send(SOURCE, "GET", f"{self._base}/items/{quote(number, safe='')}")
        if response.status_code not in (200, 404):
            raise refusal(SOURCE, response, self._web.clock())
        item = json_object(SOURCE, response)  # a 404 without JSON is not the API's own answer
        hit = _as_hit(item)
        return None if response.status_code == 404 or is_gone(hit) else hit

    def peek(self, brand: Brand, now: datetime, rows: int = 5) -> Peek:
        """A sample for the Setup page: the first page of hits of the brand's first term. One request; nothing is
        stored."""
        search = _Search(self._web, self._base, brand.terms[0], int((now - PEEKS_BACK).timestamp()))
        answer = search.first_page()
        found = []
        for hit in answer["hits"]:
            try:
                mention = _mention(hit)
            except border.Unreadable:
                continue  # a run would keep it with its reason
            if mention and border.concerns(mention, [brand]):
                found.append(mention)
        newest = sorted(found, key=lambda mention: mention.published_at, reverse=True)
        return Peek(border.count(answer.get("nbHits")) or 0, tuple(newest[:rows]))

    def _read(self, term: str, brands: Sequence[Brand], start: datetime, now: datetime, state: SliceState) -> Part:
        if state.get("brands") != border.fingerprint(*brands):
            state = {}  # the search terms changed: a hit skipped earlier may match now
        since = state.get("since")
        search = _Search(self._web, self._base, term, int(start.timestamp()) if since is None else since - OVERLAP)
        reader = SliceReader(SOURCE, term, _Hits(search, brands, state, now))
        reader.take(search.hits())
        reader.gaps += search.gaps
        return reader.part(more=search.stopped_at is not None)


def _as_hit(item: Mapping[str, Any]) -> Hit:
    """An item as a hit of the search, without the items below it."""
    told = "comment_text" if item.get("type") == "comment" else "story_text"
    return {**item, "objectID": item.get("id"), told: item.get("text"), "children": None}


def _terms(brand: Brand) -> set[str]:
    return set(map(sought, brand.terms))


class _Hits(SliceCursor):
    """The newest time of any hit, and fingerprints by id of the hits near it that named a brand."""

    def __init__(self, search: _Search, brands: Sequence[Brand], before: SliceState, now: datetime) -> None:
        self._search, self._brands, self._before, self._now = search, brands, before, now
        self._marks: Mapping[str, str] = before.get("known", {})
        self._met: dict[str, str] = {}

    def meet(self, item: Any) -> Iterable[Mention]:
        mention = _mention(item)
        if mention is None or not border.concerns(mention, self._brands):
            return ()
        mark = border.fingerprint(mention.title, mention.text)
        is_known = mark in (self._marks.get(mention.id), self._met.get(mention.id))
        self._met[mention.id] = mark
        return () if is_known else (mention,)

    def meet_unreadable(self, mark: str) -> bool:
        self._met[mark] = ""
        return mark not in self._marks

    def stored(self) -> dict[str, Any]:
        # A wrong time in the future must not move the cursor: all hits before it would be skipped.
        newest = min(self._search.newest, int(self._now.timestamp()) + 86_400)
        reached = newest if self._search.stopped_at is None else self._search.stopped_at
        since = max(self._before.get("since") or 0, reached)
        if not since:
            return {}  # nothing was ever seen: the next run looks back like a first one
        return {"brands": border.fingerprint(*self._brands), "since": since, "known": self._met}


def _mention(hit: object) -> Mention | None:
    if not isinstance(hit, dict):
        raise border.Unreadable("it is no hit")
    return None if is_gone(hit) else to_mention(hit)
