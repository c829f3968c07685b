"""The Stack Exchange source: questions found by full-text search on listed sites; a free key raises the quota."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from html import unescape
from typing import Any

from requests import Response

from data.matching import sought
from data.models import Brand, Found, HearbackError, Mention
from data.settings import secret
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
    Setting,
)
from listeners.http.web import LONGEST_PATIENCE, Web, json_object, refusal
from listeners.sync.posts import SeenPost, listed
from listeners.sync.reader import Pager, SliceCursor, SliceReader
from listeners.sync.reviews import items_of
from listeners.sync.slices import Part, Slice, SliceState, first_run_start, gather

SOURCE = "stackexchange"
PAGE = 100
REQUESTS = 20  # for one term on one site in one run; the next run reads on
OVERLAP = int(timedelta(hours=1).total_seconds())  # the search index lags
AHEAD = 86_400  # seconds
THROTTLED = re.compile(r"available in (\d{1,7}) seconds")
SITE = re.compile(r"[a-z0-9][a-z0-9.\-]{1,60}")

Question = Mapping[str, Any]


def to_mention(question: Question, site: str) -> Mention:
    """One question as a mention. `site`: "stackoverflow". Unreadable when it has no id, no time or no words."""
    number = border.count(question.get("question_id"))
    title = unescape(border.words(question.get("title"))) or None  # "How do I use &quot;acme&quot;?"
    text = border.plain(border.words(question.get("body")))
    if number is None:
        raise border.Unreadable("it has no id")
    if not (title or text):
        raise border.Unreadable("it has neither title nor text")
    asked_by = question.get("owner")
    owner: Mapping[str, Any] = asked_by if isinstance(asked_by, dict) else {}  # none: the account is gone
    edited = question.get("last_edit_date")
    return Mention(
        id=f"{SOURCE}:{site}/{number}",
        source=SOURCE,
        kind="post",
        title=title,
        text=text,
        author=unescape(border.words(owner.get("display_name"))) or None,
        author_url=border.name(owner.get("link")),
        url=border.name(question.get("link")),
        engagement=border.count(question.get("score")),
        published_at=border.instant(question.get("creation_date")),
        edited_at=border.instant(edited) if edited else None,
    )


class StackExchange(Listener):
    """A slice per site and term, ordered by activity, so that edits are found. Its state: the last activity seen."""

    source = SOURCE
    every = timedelta(minutes=30)
    ids_at_once = 100
    policy = Policy(
        name="Stack Exchange",
        keeps_text=True,
        deletions="Delete what the API no longer knows by its id.",
        replies="By hand, through the link; answers written by a machine are not welcome there.",
        display="With the author's name, linked to the profile, and a link to the question (CC BY-SA).",
        credentials="A key states no end.",
        checked_on=date(2026, 11, 24),
        terms="https://stackoverflow.com/legal/api-terms-of-use",
        recheck_every=timedelta(days=7),
        settings=(
            Setting(
                "sites",
                "Sites",
                needed=True,
                placeholder="stackoverflow",
                hint="By the names the API knows them by. STACKEXCHANGE_KEY makes 10,000 requests a day of 300.",
                pattern=r"[A-Za-z0-9][A-Za-z0-9.\-]{1,60}",
                slip="One of these is no site: stackoverflow, or cooking.stackexchange.com.",
            ),
        ),
    )

    def __init__(self, base: str = "https://api.stackexchange.com/2.3", web: Web | None = None) -> None:
        self._base = base
        self._web = web or Web()

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """New and edited questions that name a brand. Options: `sites`, `first_days` that the first run looks back
        (30)."""
        ask = _Ask(self._web, self._base, now, cursor.get("not_before"))
        start = first_run_start(SOURCE, options, now)
        terms = dict.fromkeys(sought(term) for brand in brands for term in brand.terms)
        slices = [
            Slice(f"{site}: {term}", partial(_read, ask, site, term, _named(brands, term), start))
            for site in _sites(options)
            for term in terms
        ]
        fetched = gather(SOURCE, slices, cursor, now)
        waits = {"not_before": ask.not_before} if ask.not_before else {}
        return replace(fetched, cursor={**fetched.cursor, **waits}, left=ask.left)

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """Ask by id for up to 100 questions of one site in a request; those missing from the response are gone."""
        ask = _Ask(self._web, self._base, now)
        by_site: dict[str, dict[str, str]] = {}
        for one in held:
            site, _, number = one.id.removeprefix(f"{SOURCE}:").partition("/")
            if SITE.fullmatch(site) and number.isdigit():
                by_site.setdefault(site, {})[number] = one.id
        results = []
        for site, ids in by_site.items():
            if ask.not_before:
                break  # the other sites' questions are undecided; they are rechecked later
            results.append(_look(ask, site, ids))
        return RecheckResult(
            gone=[gone for one in results for gone in one.gone],
            present=[present for one in results for present in one.present],
            found=[found for one in results for found in one.found],
        )


def _look(ask: _Ask, site: str, ids: Mapping[str, str]) -> RecheckResult:
    answer = ask.get(f"questions/{';'.join(ids)}", site, {"pagesize": PAGE, "filter": "withbody"})
    told = [to_mention(item, site) for item in items_of(SOURCE, answer, "items") if isinstance(item, dict)]
    there = {mention.id for mention in told}
    edited = [Found(mention) for mention in told if mention.edited_at]
    return RecheckResult([id for id in ids.values() if id not in there], sorted(there), edited)


def _sites(options: Options) -> list[str]:
    sites = [site.lower() for site in listed(options, "sites")]
    wrong = next((site for site in sites if not SITE.fullmatch(site)), None)
    if wrong:
        raise ListenerError(SOURCE, f"{wrong[:60]!r} is not the name of a site, as stackoverflow is", permanent=True)
    return sites


def _named(brands: Sequence[Brand], term: str) -> list[Brand]:
    return [brand for brand in brands if term in set(map(sought, brand.terms))]


@dataclass
class _Ask:
    """Sends requests to the API, and keeps what it says of our use: a pause it wants, and the rest of the day's
    quota."""

    web: Web
    base: str
    now: datetime
    not_before: str | None = None
    left: float | None = None

    def __post_init__(self) -> None:
        if self.not_before and self._pause() <= 0:
            self.not_before = None

    def _pause(self) -> float:
        """Seconds still to wait; 0 for a wait beyond a day, as the clock was set back."""
        left = (datetime.fromisoformat(self.not_before or "") - self.now).total_seconds()
        return left if left <= LONGEST_PATIENCE else 0.0

    def get(self, path: str, site: str, params: Mapping[str, str | int]) -> Mapping[str, Any]:
        """GET one page. ListenerError when it fails, or when the last response asked us to wait."""
        if self.not_before:
            raise ListenerError(
                SOURCE, "Stack Exchange asked us to wait; the rest is read then", retry_after=self._pause()
            )
        response = self.web.send(SOURCE, "GET", f"{self.base}/{path}", params={**params, "site": site, **_key()})
        if response.status_code != 200:
            raise _refusal(response, self.web.clock())
        answer = json_object(SOURCE, response)
        self._note(answer)
        return answer

    def _note(self, answer: Mapping[str, Any]) -> None:
        backoff, most = border.count(answer.get("backoff")), border.count(answer.get("quota_max"))
        remaining = border.count(answer.get("quota_remaining"))
        if most and remaining is not None:
            self.left = remaining / most
        if backoff:
            self.not_before = (self.now + timedelta(seconds=min(backoff, LONGEST_PATIENCE))).isoformat()


def _key() -> dict[str, str]:
    try:
        held = secret("STACKEXCHANGE_KEY")
    except HearbackError as trouble:
        raise ListenerError(SOURCE, str(trouble), permanent=True) from None
    return {"key": held} if held else {}


def _refusal(response: Response, now: datetime) -> ListenerError:
    """The error for a response's status. The API's own errors are a 400 with a name; "throttle_violation" gives
    seconds."""
    try:
        told = json_object(SOURCE, response)
    except ListenerError:
        return refusal(SOURCE, response, now)
    waits = THROTTLED.search(str(told.get("error_message")))
    if told.get("error_name") == "throttle_violation":
        wait = min(float(waits[1]), LONGEST_PATIENCE) if waits else None
        return ListenerError(SOURCE, "Stack Exchange's quota of requests is used up for today", retry_after=wait)
    if told.get("error_name") == "temporarily_unavailable":
        return ListenerError(SOURCE, "Stack Exchange is being mended")
    if told.get("error_name") == "bad_parameter" and "key" in str(told.get("error_message")):
        return ListenerError(SOURCE, "Stack Exchange does not accept STACKEXCHANGE_KEY: check it", permanent=True)
    return refusal(SOURCE, response, now)


def _read(ask: _Ask, site: str, term: str, brands: Sequence[Brand], start: datetime, state: SliceState) -> Part:
    cursor = _Activity(site, brands, start, ask.now, state)
    reader = SliceReader(SOURCE, f"{site}: {term}", cursor)
    pager = Pager(partial(_page, ask, cursor, term), REQUESTS)
    done = reader.read(pager)
    if cursor.cut():
        reader.note_gap(pager.cut)
    return reader.part(more=not done and not cursor.cut())


def _page(ask: _Ask, cursor: _Activity, term: str, _: str | None) -> tuple[Sequence[Any], str | None]:
    low, page = cursor.turn()
    phrase = " ".join(term.replace('"', " ").split())
    asked: dict[str, str | int] = {
        "q": f'"{phrase}"' if " " in phrase else phrase,
        "sort": "activity",
        "order": "asc",
        "min": low,
        "page": page,
        "pagesize": PAGE,
        "filter": "withbody",
    }
    answer = ask.get("search/advanced", cursor.site, asked)
    cursor.has_more = answer.get("has_more") is True
    # When the API asks for a pause, reading stops; the cursor says where to continue.
    goes_on = cursor.has_more and not ask.not_before
    return items_of(SOURCE, answer, "items"), f"{low}/{page}" if goes_on else None


class _Activity(SliceCursor):
    """The last activity seen, and the questions near it that named a brand. Questions come in the order of activity,
    the oldest first, so the cursor is valid after every page."""

    def __init__(self, site: str, brands: Sequence[Brand], start: datetime, now: datetime, state: SliceState) -> None:
        self._asked_for = border.fingerprint(*brands)
        if state.get("brands") != self._asked_for:
            state = {}  # the search terms changed: a question skipped earlier may match now
        self.site, self._brands, self._now = site, brands, now
        self._floor: int = state.get("floor", int(start.timestamp()))
        self._since: int | None = state.get("since")
        self._ceiling = int(now.timestamp()) + AHEAD  # a later time is wrong, and must not move the cursor
        self._known = {key: SeenPost(*was) for key, was in state.get("known", {}).items()}
        self._latest: int | None = None
        self._met: set[str] = set()
        self._met_before = 0  # this page
        self._low = self._floor if self._since is None else max(self._floor, self._since - OVERLAP)
        self._page = 0
        self.has_more = False

    def turn(self) -> tuple[int, int]:
        """The next request: the least activity, in epoch seconds, and the page, from 1."""
        # By the last activity instead of the page number: new activity meanwhile would shift the pages.
        if self._latest is not None and self._latest > self._low:
            self._low, self._page = self._latest, 0
        self._page += 1
        return self._low, self._page

    def begin_page(self) -> None:
        self._met_before = len(self._met)

    def cut(self) -> str | None:
        is_new = len(self._met) > self._met_before
        return "it gave the same page twice" if self.has_more and self._page > 1 and not is_new else None

    def unread(self) -> tuple[datetime, datetime]:
        return datetime.fromtimestamp(self._low, UTC), self._now

    def meet(self, item: Any) -> Iterable[Mention]:
        self._met.add(str(item.get("question_id")) if isinstance(item, dict) else repr(item)[:100])
        if not isinstance(item, dict):
            raise border.Unreadable("it is no question")
        activity = border.count(item.get("last_activity_date"))
        if activity is None:
            raise border.Unreadable("it has no time")
        if activity <= self._ceiling:
            self._latest = max(activity, self._latest or 0)
        mention = to_mention(item, self.site)
        if mention.published_at.timestamp() < self._floor or not border.concerns(mention, self._brands):
            return ()
        seen = SeenPost(border.fingerprint(mention.title, mention.text), activity)
        was, self._known[mention.id] = self._known.get(mention.id), seen
        return () if was and was.mark == seen.mark else (mention,)

    def meet_unreadable(self, mark: str) -> bool:
        is_new = mark not in self._known
        self._known[mark] = SeenPost("", self._latest or 0)
        return is_new

    def stored(self) -> dict[str, Any]:
        newest = max((at for at in (self._since, self._latest) if at is not None), default=None)
        near = (newest or 0) - OVERLAP
        known = {key: list(was) for key, was in self._known.items() if was.at >= near}
        return {"brands": self._asked_for, "floor": self._floor, "since": newest, "known": known}
