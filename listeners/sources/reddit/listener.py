"""The Reddit source: posts found by search, comments of listed subreddits that name a brand, and our inbox."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from praw.models import Comment, Submission

from data.folding import plain
from data.models import Brand, Mention
from listeners import border
from listeners.base import Budget, Cursor, FetchResult, Listener, ListenerError, Options, Policy, ReplyRule, Setting
from listeners.formats.placeholders import is_placeholder
from listeners.formats.reddit_entries import SITE
from listeners.http.web import Web
from listeners.sources.reddit.client import (
    Credentials,
    RedditClient,
    TokenError,
    as_listener_errors,
    connect,
    credentials,
    has_account,
)
from listeners.sync.reader import About, SliceCursor, SliceReader
from listeners.sync.slices import Part, Slice, SliceState, first_run_start, gather

SOURCE = "reddit"
PARTS = ("title", "selftext", "body")  # of a post, of a comment
REMEMBERED = 300  # items that a slice's state keeps, so that known content is found although some are deleted
ENOUGH = 25  # known items in a row that mark known content; fewer may only be out of order
PAGE = 100
LONGEST_QUERY = 500  # characters; Reddit cuts off what is longer
REPLY = ReplyRule(10_000)

Item = Submission | Comment


def to_mention(submission: Submission) -> Mention:
    """One Reddit post as a mention. `submission` is PRAW's; times there are epoch seconds, UTC."""
    told = vars(submission)  # not by attribute: PRAW would fetch what is missing
    return _mention(told, kind="post", title=border.words(told.get("title")) or None, text=told.get("selftext"))


def comment_to_mention(comment: Comment) -> Mention:
    """One Reddit comment as a mention, from a listing, or from the inbox, where it has `context` and no `permalink`."""
    told = vars(comment)
    return _mention(
        told,
        kind="comment",
        title=None,
        text=told.get("body"),
        thread_id=_id(told.get("link_id")) or _thread(told),
        parent_id=_id(told.get("parent_id")),
    )


def _mention(told: Mapping[str, Any], *, title: str | None, text: object, **rest: Any) -> Mention:
    body = border.words(text)
    if not (title or body):
        raise border.Unreadable("it has neither title nor text")
    author = border.words(told["author"].name) if told.get("author") else None  # None: the account is gone
    return Mention(
        id=f"{SOURCE}:{_fullname(told)}",  # "reddit:t3_1abcde"
        source=SOURCE,
        title=title,
        text=body,
        author=author,
        author_url=f"{SITE}/user/{author}" if author else None,
        url=_url(told),
        engagement=border.count(told.get("score")),
        published_at=border.instant(told.get("created_utc")),
        edited_at=_edited_at(told),
        **rest,
    )


def is_edited(item: Item) -> bool:
    """Whether the author changed the item after it was published."""
    return bool(vars(item).get("edited"))


def _edited_at(told: Mapping[str, Any]) -> datetime | None:
    edited = told.get("edited")  # when; False, or True for what was edited in Reddit's first years
    return border.instant(edited) if edited and edited is not True else None


def _fullname(told: Mapping[str, Any]) -> str:
    fullname = border.words(told.get("name"))
    if not re.fullmatch(r"t[13]_[a-z0-9]+", fullname):
        raise border.Unreadable("it has no id")
    return fullname


def _id(fullname: object) -> str | None:
    return f"{SOURCE}:{fullname}" if isinstance(fullname, str) and fullname else None


def _thread(told: Mapping[str, Any]) -> str | None:
    found = re.search(r"/comments/([a-z0-9]+)/", str(told.get("context") or ""))
    return f"{SOURCE}:t3_{found[1]}" if found else None


def _url(told: Mapping[str, Any]) -> str:
    path = border.name(told.get("permalink")) or border.name(told.get("context"))
    if path and path.startswith("/"):
        return SITE + path.removesuffix("?context=3")
    kind, number = _fullname(told).split("_")
    post = str(told.get("link_id") or "").removeprefix("t3_")
    return f"{SITE}/comments/{number}/" if kind == "t3" else f"{SITE}/comments/{post}/_/{number}/"


def is_gone(item: Item) -> bool:
    """Whether the author deleted the item or a moderator removed it."""
    told = vars(item)
    return any(is_placeholder(told.get(part)) for part in PARTS) or bool(told.get("removed_by_category"))


class Reddit(Listener):
    """Slices: searches per brand, comments per subreddit, the inbox. Their state: ids and times of the newest items."""

    source = SOURCE
    every = timedelta(minutes=3)
    policy = Policy(
        name="Reddit",
        keeps_text=True,
        deletions="Delete what was deleted there, and all that was made of it, within 48 hours.",
        replies="Through the API by our own account, whose profile says that a bot delivers; or by hand at the link.",
        credentials="An app's secret and a refresh token hold until they are revoked.",
        checked_on=date(2026, 11, 24),
        terms="https://redditinc.com/policies/data-api-terms",
        approval="Reddit's written approval to use its data commercially",
        secrets=("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET"),
        settings=(
            Setting(
                "subreddits",
                "Subreddits whose comments are read",
                placeholder="askacme, gadgets",
                hint="One a line, or with commas between; posts are searched everywhere.",
                pattern=r"(?:/?r/)?\w{2,50}/?",
                slip="One of these is no subreddit's name: letters, digits and underscores only.",
            ),
            Setting("inbox_brand", "Brand our account speaks for", "text", hint="Left empty: the first of ours."),
        ),
        recheck_every=timedelta(hours=24),
        reply=REPLY,
    )

    def __init__(
        self,
        reddit_url: str = "https://www.reddit.com",
        oauth_url: str = "https://oauth.reddit.com",
        web: Web | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._web = web or Web()
        self._connect = partial(connect, web=self._web, reddit_url=reddit_url, oauth_url=oauth_url, monotonic=monotonic)
        self._client: RedditClient | None = None
        self._held: Credentials = {}

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """New posts and comments that name a brand, and our inbox. Options: `subreddits` whose comments are read,
        `inbox_brand` of our account (else the first of ours), `first_days` that the first search looks back (30)."""
        held = credentials()
        if held != self._held:
            self._client, self._held = None, held
        floor = first_run_start(SOURCE, options, now)
        slices = [*_searches(brands, floor), *_listings(brands, options)]
        ours = options.get("inbox_brand") or next((brand.name for brand in brands if not brand.competitor), None)
        if has_account(held) and ours:
            slices.append(_Listing("inbox", lambda client: client.inbox.mentions(limit=None), (), floor, str(ours)))
        return gather(SOURCE, [Slice(one.key, partial(self._read, one)) for one in slices], cursor, now)

    def _read(self, reading: _Listing, state: SliceState) -> Part:
        """Read one slice. When Reddit refuses a held token, the slice is read again once with a new one."""
        had_one = self._client is not None
        try:
            return self._once(reading, state)
        except TokenError:
            self._client = None
            if not had_one:
                raise
        return self._once(reading, state)

    def _once(self, reading: _Listing, state: SliceState) -> Part:
        with as_listener_errors(self._web):
            self._client = self._client or self._connect(self._held)
            return reading.read(self._client, state)


def _searches(brands: Iterable[Brand], floor: datetime) -> Iterator[_Listing]:
    for brand in brands:
        for query in queries(brand.terms):
            find = partial(_search, query)
            yield _Listing(f"search:{query}", find, (brand,), floor)


def _search(query: str, client: RedditClient) -> Iterator[Any]:
    # Over all time: the end of a shorter filter could not be told from Reddit's ceiling, which leaves a gap.
    return client.subreddit("all").search(query, sort="new", time_filter="all", limit=None)


def queries(terms: Iterable[str]) -> list[str]:
    """The terms joined into as few search queries as Reddit's limit of length allows: `"acme" OR "acme inc"`."""
    quoted = ['"' + " ".join(term.replace('"', " ").split()) + '"' for term in map(plain, terms)]
    full: list[str] = []
    for phrase in quoted:
        if full and len(full[-1]) + len(phrase) + 4 <= LONGEST_QUERY:
            full[-1] += f" OR {phrase}"
        else:
            full.append(phrase)
    return full


def _listings(brands: Sequence[Brand], options: Options) -> Iterator[_Listing]:
    said = options.get("subreddits", [])
    for entry in said if isinstance(said, list) else [said]:
        name = str(entry).strip("/ ").removeprefix("r/")
        if not re.fullmatch(r"\w{2,50}", name, re.ASCII):
            raise ListenerError(SOURCE, f"{name[:60]!r} is not the name of a subreddit", permanent=True)
        yield _Listing(f"comments:{name.lower()}", partial(_comments, name), brands, None)


def _comments(name: str, client: RedditClient) -> Iterator[Any]:
    yield from client.subreddit(name).comments(limit=None)


@dataclass(frozen=True, slots=True)
class _Listing:
    """A slice: a listing, newest first, that is read down to known content."""

    key: str
    list_items: Callable[[RedditClient], Iterator[Any]]
    brands: Sequence[Brand]  # an item must name one of them
    floor: datetime | None  # how far back a first run reads; None: to the listing's end
    ours: str | None = None  # in our inbox: the brand of every item

    def read(self, client: RedditClient, state: SliceState) -> Part:
        about = About(self.brands, self.ours)
        reader = SliceReader(SOURCE, self.key, _Newest(about, self.floor, state), about.keep, content_of=_name)
        for item in self.list_items(client):
            reader.take([item])  # one by one: the listing fetches its next page when that is asked for
            if reader.cursor.reached():
                break
        reader.note_gap(f"Reddit lists no more than the newest {reader.cursor.listed}")
        return reader.part()


class _Newest(SliceCursor):
    """The newest items seen, and their times. Known content begins with ENOUGH items in a row that are known or older
    than all known ones.

    One known item is not enough, because it may be out of order; none must be met, because each may have been deleted.
    """

    def __init__(self, about: About, floor: datetime | None, state: SliceState) -> None:
        self._asked_for = about.asked_for
        # The brands changed: items skipped earlier may match now.
        self._again = state.get("brands") not in (None, self._asked_for)
        known: Mapping[str, float] = state.get("known", {})
        self._known = known
        self._horizon = min(known.values()) if known else floor.timestamp() if floor else None
        self._top = max(known.values()) if known else self._horizon
        self._times: dict[str, float] = {}
        self._row = 0
        self._met_known = False
        self.listed = 0

    def reached(self) -> bool:
        return self._row >= ENOUGH and not self._again

    def meet(self, item: Any) -> Iterable[Mention]:
        self.listed += 1
        is_old = self._is_old(item)
        self._row = self._row + 1 if is_old else 0
        self._met_known |= is_old
        if is_old and not (self._again and not self._is_before_all(item)):
            return ()
        mention = _told(item)
        return (mention,) if mention else ()

    def _is_old(self, item: Any) -> bool:
        fullname, created = _place(item)
        if fullname is None or created is None:
            return False
        self._times[fullname] = created
        return fullname in self._known or self._is_before_all(item)

    def _is_before_all(self, item: Any) -> bool:
        created = _place(item)[1]
        return self._horizon is not None and created is not None and created < self._horizon

    def unread(self) -> tuple[datetime, datetime] | None:
        """The time span between the oldest item of a listing that ended too early and the known content."""
        if self._met_known or self._top is None or self.listed < PAGE or not self._times:
            return None
        return datetime.fromtimestamp(self._top, UTC), datetime.fromtimestamp(min(self._times.values()), UTC)

    def stored(self) -> dict[str, Any]:
        seen = {**self._known, **self._times}
        newest = sorted(seen.items(), key=lambda pair: pair[1], reverse=True)[:REMEMBERED]
        return {"brands": self._asked_for, "known": dict(newest)}


def _place(item: Any) -> tuple[str | None, float | None]:
    told = vars(item) if isinstance(item, Submission | Comment) else {}
    try:
        return _fullname(told), border.instant(told.get("created_utc")).timestamp()
    except border.Unreadable:
        return None, None


def _told(item: Any) -> Mention | None:
    """The item as a mention; None when it is gone."""
    if isinstance(item, border.Unreadable):
        raise item
    if is_gone(item):
        return None
    return to_mention(item) if isinstance(item, Submission) else comment_to_mention(item)


def _name(item: Any) -> object:
    return vars(item).get("name", "") if isinstance(item, Submission | Comment) else ""
