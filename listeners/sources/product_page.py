"""The product page source: reviews in the schema.org markup of listed pages, where their robots.txt allows reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from requests import Response

from data.models import Brand, Mention
from listeners import addresses, border
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
    Setting,
)
from listeners.formats import schema_org
from listeners.formats.review_markup import SOURCE, to_mention
from listeners.formats.schema_org import Markup, Reviewed
from listeners.http.robots import Robots
from listeners.http.web import AddressError, Web, address
from listeners.sync.reader import About, SliceCursor, SliceReader
from listeners.sync.slices import Part, Slice, SliceState, gather

WEEK = timedelta(days=7)
EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """A page the team listed. `brand`: the brand of all its reviews; None: the brand that a review's text names."""

    url: str
    brand: str | None = None


class _Recheck(NamedTuple):
    at: datetime
    markup: Markup


class ProductPage(Listener):
    """A slice per page. Its state: when each review was first seen, which is the time of those without a date."""

    source = SOURCE
    every = timedelta(hours=6)
    ids_at_once = 1_000
    policy = Policy(
        name="Product pages",
        keeps_text=True,
        deletions="Taken out when a page that lists all of its reviews no longer lists one.",
        replies="By hand, on the page.",
        checked_on=date(2026, 11, 24),
        recheck_every=WEEK,  # for reviews of a run that died before it saved its cursor
        terms="the publisher's own terms, which you confirm for each page you list; robots.txt is obeyed",
        settings=(
            Setting(
                "pages",
                "Pages with reviews",
                needed=True,
                placeholder="https://shop.example.com/kettle = Acme",
                hint='One a line; with " = " and a brand behind it when all its reviews are about that brand.',
                pattern=r"https?://[^\s/]+\S*( = .+)?",
                slip='Each line is a whole address, https://..., with or without " = " and a brand.',
            ),
        ),
        looks_back=False,
    )

    def __init__(self, web: Web | None = None) -> None:
        self._web = web or Web()
        self._robots = Robots(self._web, self._web.clock)
        self._read_at: dict[str, datetime] = {}  # address -> when it was last fetched
        self._rechecked: dict[str, _Recheck] = {}  # address -> the last recheck
        self._parts: dict[str, datetime] = {}  # address -> when it was found to list only some of its reviews

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """The new and changed reviews of every page in `options["pages"]`, and the ids of those removed from it."""
        slices = [Slice(page.url, partial(self._read, page, brands, now)) for page in pages(options)]
        return gather(SOURCE, slices, cursor, now, each_alone=True)

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """Read each page once. A review that a complete page does not list is gone. Reviews with an address of their
        own, and those of pages that the team no longer lists, are undecided."""
        wanted: dict[str, list[str]] = {}
        for one in held:
            wanted.setdefault(one.url or "", []).append(one.id)
        self._rechecked = {url: last for url, last in self._rechecked.items() if last.at == now}
        results: list[RecheckResult] = []
        troubles: list[ListenerError] = []
        for page in pages(options):
            if page.url in wanted and now - self._parts.get(page.url, EPOCH) >= WEEK:
                try:
                    results.append(self._look(page, wanted[page.url], now))
                except ListenerError as trouble:
                    troubles.append(trouble)
        if troubles and not results:
            raise troubles[0]
        return RecheckResult(
            [own for look in results for own in look.gone], [own for look in results for own in look.present]
        )

    def _look(self, page: Page, ids: Sequence[str], now: datetime) -> RecheckResult:
        # A second recheck at the same time uses the same page: robots.txt may forbid to fetch it again so soon.
        if page.url not in self._rechecked:
            self._check_robots(page.url, {}, now)
            markup = self._markup(page.url, self._web.fetch(SOURCE, page.url))
            self._rechecked[page.url] = _Recheck(now, markup)
        held = self._rechecked[page.url].markup
        cursor = _Reviews(page, now, {"known": dict.fromkeys(ids, _Seen(now.isoformat(), ""))})
        _read_all(SliceReader(SOURCE, page.url, cursor, content_of=_content), held)
        if not held.lists_all:
            self._parts[page.url] = now
        return RecheckResult(cursor.gone(held), [one for one in ids if one in cursor.met])

    def _markup(self, url: str, response: Response) -> Markup:
        content_type = response.headers.get("content-type", "").lower()
        return schema_org.read(response.content, url, response.encoding if "charset" in content_type else None)

    def _read(self, page: Page, brands: Sequence[Brand], now: datetime, state: SliceState) -> Part:
        self._check_robots(page.url, state, now)
        about = About(brands, page.brand)
        if state.get("brands") != about.asked_for:
            state = {"known": state.get("known", {}), "again": True}  # the brands changed: read all reviews again
        asked = {"If-None-Match": state.get("etag"), "If-Modified-Since": state.get("modified")}
        response = self._web.fetch(SOURCE, page.url, headers={key: said for key, said in asked.items() if said})
        if response.status_code == 304:
            return Part({**state, "read_at": now.isoformat()})
        held = self._markup(page.url, response)
        cursor = _Reviews(page, now, state)
        reader = SliceReader(SOURCE, page.url, cursor, about.keep, content_of=_content)
        _read_all(reader, held)
        if held.is_cut:
            many = f"more than {schema_org.MOST_REVIEWS:,} reviews"
            reader.note_gap(f"the page holds {many}; those after them were not read")
        marks = {"etag": response.headers.get("etag"), "modified": response.headers.get("last-modified")}
        told = {key: said for key, said in marks.items() if said is not None}
        part = reader.part()
        return replace(part, state={"brands": about.asked_for, **told, **part.state}, gone=cursor.gone(held))

    def _check_robots(self, url: str, state: SliceState, now: datetime) -> None:
        rules, asks = self._robots.of(SOURCE, url), f"the robots.txt of {addresses.split(url).hostname} asks"
        if not rules.allow(url):
            said = f"{asks} us not to read {address(url)}: take it off the list"
            raise AddressError(SOURCE, said, permanent=True)
        told = datetime.fromisoformat(state["read_at"]) if "read_at" in state else EPOCH
        wait = max(told, self._read_at.get(url, EPOCH)) + rules.pause - now
        if wait > timedelta(0):
            said = f"{asks} for more time between two visits"
            raise ListenerError(SOURCE, said, retry_after=wait.total_seconds())
        self._read_at[url] = now


def pages(options: Options) -> list[Page]:
    """The pages of the options, each once. ListenerError when an entry is no address."""
    said = options.get("pages", [])
    listed = [_page(one) for one in (said if isinstance(said, list) else [said])]
    return list({page.url: page for page in listed}.values())


def _page(said: object) -> Page:
    if isinstance(said, Mapping):
        said = f"{said.get('url', '')} = {said.get('brand') or ''}"
    url, _, brand = str(said).strip().partition(" = ")
    url = addresses.split(url.strip())._replace(fragment="").geturl()
    if not addresses.is_page(url):
        raise ListenerError(SOURCE, f"{str(said)[:80]!r} is no page: begin with https://", permanent=True)
    return Page(url, brand.strip() or None)


class _Seen(NamedTuple):
    """What the cursor keeps of a review: when it was first seen, as ISO text, and a fingerprint of its text."""

    first: str
    mark: str


class _Reviews(SliceCursor):
    """The reviews of one page, with the time each was first seen."""

    def __init__(self, page: Page, now: datetime, before: SliceState) -> None:
        self._page, self._now, self._read_at = page, now, before.get("read_at")
        self._again = bool(before.get("again"))
        self._before = {key: _Seen(*was) for key, was in before.get("known", {}).items()}
        self.met: dict[str, _Seen] = {}

    def meet(self, item: Reviewed) -> Iterable[Mention]:
        mention = self._told_apart(to_mention(item, self._page.url, self._now))
        was = self._before.get(mention.id, _Seen(self._now.isoformat(), ""))
        if mention.published_at == self._now:
            mention = replace(mention, published_at=datetime.fromisoformat(was.first).astimezone(UTC))
        mark = border.fingerprint(mention.title, mention.text, mention.rating)
        self.met[mention.id] = _Seen(was.first, mark)
        return (mention,) if mark != was.mark or self._again else ()

    def _told_apart(self, mention: Mention) -> Mention:
        """The mention; with a longer id when the page has another review by the same author on the same day."""
        if mention.id not in self.met:
            return mention
        return replace(mention, id=f"{mention.id}-{border.fingerprint(mention.title, mention.text)}")

    def gone(self, held: Markup) -> list[str]:
        """The ids of reviews removed from the page; none when it lists only a part of its reviews."""
        if not held.lists_all:
            return []
        return [key for key in self._before if key.startswith(f"{SOURCE}:") and key not in self.met]

    def meet_unreadable(self, mark: str) -> bool:
        self.met[mark] = _Seen(self._now.isoformat(), "")
        return mark not in self._before

    def unread(self) -> tuple[datetime, datetime]:
        return (datetime.fromisoformat(self._read_at) if self._read_at else self._now), self._now

    def stored(self) -> dict[str, Any]:
        return {"known": {key: list(seen) for key, seen in self.met.items()}, "read_at": self._now.isoformat()}


def _content(item: Reviewed | str) -> object:
    return item if isinstance(item, str) else dict(item.review)


def _read_all(reader: SliceReader[_Reviews], held: Markup) -> None:
    # Read from the end, where the oldest are: the first of two reviews by one author on one day then keeps its id.
    for line in range(len(held.reviews), 0, -1):
        reader.take_one(held.reviews[line - 1], line)
    reader.found.reverse()
    for why, block in held.broken:
        reader.refuse(block, 0, border.Unreadable(why))
