"""The Bluesky source: posts found by full-text search, and those that tag or answer our account."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from data.matching import sought
from data.models import Answer, Brand, Mention
from listeners import border
from listeners.base import (
    Budget,
    Cursor,
    FetchResult,
    Listener,
    Options,
    Policy,
    RecheckResult,
    RecheckTarget,
    ReplyRule,
    Setting,
)
from listeners.http.web import Web
from listeners.sources.bluesky.client import ENTRYWAY, SOURCE, BlueskyAccount
from listeners.sync.posts import Posts, our_brand
from listeners.sync.reader import About, Fetch, Pager, read_down
from listeners.sync.reviews import items_of
from listeners.sync.slices import Part, Slice, SliceState, first_run_start, gather

PAGE = 100
REQUESTS = 100  # for one term in one run
ADDRESS = re.compile(r"at://(did:[a-z]{1,20}:[A-Za-z0-9._:%\-]{1,200})/app\.bsky\.feed\.post/([A-Za-z0-9._~:\-]{1,64})")
REASONS = ("mention", "reply", "quote")
SECOND = timedelta(seconds=1)
RULE = ReplyRule(300, "graphemes", "Only where the author tagged our account, or in a thread of ours.")

View = Mapping[str, Any]  # a post as search, threads and notifications return it


def to_mention(view: View) -> Mention:
    """One post as a mention. Unreadable when it has no address, no time or no words."""
    uri = view.get("uri")  # "at://did:plc:abc/app.bsky.feed.post/3kabc"
    place = ADDRESS.fullmatch(uri) if isinstance(uri, str) else None
    record, author = _table(view.get("record")), _table(view.get("author"))
    if place is None:
        raise border.Unreadable("it has no address")
    text = border.words(record.get("text")) or _beside(record)
    if not text:
        raise border.Unreadable("it has no words")
    reply = _table(record.get("reply"))
    return Mention(
        id=f"{SOURCE}:{uri}",
        source=SOURCE,
        kind="comment" if reply else "post",
        text=text,
        author=border.name(author.get("handle")),
        author_url=f"https://bsky.app/profile/{place[1]}",
        url=web_address(place),
        engagement=border.count(view.get("likeCount")),
        language=_language(record.get("langs")),
        thread_id=_reference(reply.get("root")),
        parent_id=_reference(reply.get("parent")),
        published_at=_said_at(record.get("createdAt"), view.get("indexedAt")),
    )


def web_address(place: re.Match[str]) -> str:
    """A post's address on the web."""
    return f"https://bsky.app/profile/{place[1]}/post/{place[2]}"


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _beside(record: Mapping[str, Any]) -> str:
    """The text of a post without words: its link's title and its pictures' descriptions."""
    embed = _table(record.get("embed"))
    media = _table(embed.get("media")) or embed
    images = media.get("images")
    told = [_table(media.get("external")).get("title")]
    told += [_table(image).get("alt") for image in images] if isinstance(images, list) else []
    return "\n".join(border.words(said) for said in told if isinstance(said, str) and said.strip())


def _reference(strong: object) -> str | None:
    uri = _table(strong).get("uri")
    return f"{SOURCE}:{uri}" if isinstance(uri, str) and uri else None


def _language(said: object) -> str | None:
    first = said[0] if isinstance(said, list) and said and isinstance(said[0], str) else ""
    return first[:2].lower() if first[:2].isalpha() and first[:2].isascii() and len(first) > 1 else None


def _said_at(created: object, indexed: object) -> datetime:
    """The author's time, or the network's where that is earlier."""
    said = border.moment(created)
    return min(said, border.moment(indexed)) if indexed else said


class Bluesky(Listener):
    """Slices: a search per term, the inbox, and our own answers. Their state: the newest time and the posts near it."""

    source = SOURCE
    every = timedelta(minutes=5)
    ids_at_once = 25
    policy = Policy(
        name="Bluesky",
        keeps_text=True,
        deletions="Delete what the network no longer shows.",
        replies="Through the API by our own account, only where it was tagged or in a thread of its own.",
        credentials="An app password holds until it is deleted.",
        checked_on=date(2026, 11, 24),
        terms="https://bsky.social/about/support/tos",
        approval="an account of your own there that is marked as automated in its settings",
        secrets=("BLUESKY_HANDLE", "BLUESKY_APP_PASSWORD"),
        recheck_every=timedelta(days=1),
        reply=RULE,
        settings=(
            Setting("inbox_brand", "Brand that the account speaks for", "text", hint="Else the first of ours."),
            Setting(
                "server",
                "Server of the account",
                "text",
                placeholder=ENTRYWAY,
                hint="Only where it is another.",
                pattern=r"https?://[^\s/]+/?",
                slip="This is no server; write https://bsky.social.",
            ),
        ),
    )

    def __init__(self, base: str = ENTRYWAY, web: Web | None = None, account: BlueskyAccount | None = None) -> None:
        self.account = account or BlueskyAccount(web or Web(), base)

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """New posts that name a brand, tag our account or answer it. Options: `inbox_brand`, `server`, `first_days`
        that the first run looks back (30)."""
        start = first_run_start(SOURCE, options, now)
        terms = dict.fromkeys(sought(term) for brand in brands for term in brand.terms)
        slices = [Slice(f"search: {term}", partial(self._search, term, brands, options, start, now)) for term in terms]
        if ours := our_brand(options, brands):
            slices.append(Slice("inbox", partial(self._inbox, ours, options, start, now)))
            slices.append(Slice("answers", partial(self._answers, ours, options, start, now)))
        fetched = gather(SOURCE, slices, cursor, now)
        return replace(fetched, left=self.account.left)

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """Ask for 25 posts in a request; those missing from the response are gone. Posts cannot be edited."""
        ids = [one.id for one in held if ADDRESS.fullmatch(one.id.removeprefix(f"{SOURCE}:"))]
        if not ids:
            return RecheckResult()
        answer = self.account.get(
            options, "app.bsky.feed.getPosts", {"uris": [id.removeprefix(f"{SOURCE}:") for id in ids]}
        )
        there = {f"{SOURCE}:{_table(view).get('uri')}" for view in items_of(SOURCE, answer, "posts")}
        return RecheckResult(gone=[id for id in ids if id not in there], present=[id for id in ids if id in there])

    def _search(
        self, term: str, brands: Sequence[Brand], options: Options, start: datetime, now: datetime, state: SliceState
    ) -> Part:
        """Read in windows of time: Bluesky's page cursor may end early, and then the time before it is asked for."""
        named = [brand for brand in brands if term in set(map(sought, brand.terms))]
        reader = Posts(self._border(options), About(named), start, now).reader(SOURCE, term, state)
        cursor, left, until = reader.cursor, REQUESTS, None
        while left > 0:
            pager = Pager(
                self._pages(options, "app.bsky.feed.searchPosts", "posts", _query(term, cursor.low, until)), left
            )
            before, asked = len(cursor.met), reader.pages
            done = reader.read(pager)
            left -= reader.pages - asked
            if len(cursor.met) == before or cursor.oldest is None:
                reader.note_gap(None if done else pager.cut)
                return reader.part()
            until = datetime.fromtimestamp(cursor.oldest, UTC) + SECOND
        reader.note_gap(f"more than {REQUESTS} pages")
        return reader.part()

    def _inbox(self, ours: str, options: Options, start: datetime, now: datetime, state: SliceState) -> Part:
        posts = Posts(self._border(options), About(ours=ours), start, now, place=_indexed_at)
        asked = {"limit": PAGE, "reasons": list(REASONS)}
        pages = self._pages(options, "app.bsky.notification.listNotifications", "notifications", asked)
        wanted = partial(_only, lambda item: item.get("reason") in REASONS, pages)
        return read_down(posts.reader(SOURCE, "inbox", state), Pager(wanted, REQUESTS))

    def _answers(self, ours: str, options: Options, start: datetime, now: datetime, state: SliceState) -> Part:
        """Our account's own replies, however they were sent."""
        did = self.account.session(options).did
        posts = Posts(self._border(options), About(ours=ours), start, now)
        asked = {"actor": did, "filter": "posts_with_replies", "limit": PAGE}
        pages = self._pages(options, "app.bsky.feed.getAuthorFeed", "feed", asked)
        return read_down(posts.reader(SOURCE, "answers", state), Pager(partial(_own, did, pages), REQUESTS))

    def _border(self, options: Options) -> Callable[[View], Mention | Answer | None]:
        return partial(_to_post, self.account.session(options).did)

    def _pages(self, options: Options, name: str, key: str, params: Mapping[str, Any]) -> Fetch:
        def fetch(token: str | None) -> tuple[Sequence[Any], str | None]:
            answer = self.account.get(options, name, {**params, **({"cursor": token} if token else {})})
            return items_of(SOURCE, answer, key), border.name(answer.get("cursor"))

        return fetch


def _query(term: str, since: datetime, until: datetime | None) -> dict[str, Any]:
    phrase = " ".join(term.replace('"', " ").split())
    asked = {"q": f'"{phrase}"' if " " in phrase else phrase, "sort": "latest", "limit": PAGE, "since": _iso(since)}
    return asked if until is None else {**asked, "until": _iso(until)}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _to_post(did: str, view: View) -> Mention | Answer | None:
    """A post by somebody else becomes a mention, one by our account an answer, or None when it answers nobody."""
    if not isinstance(view, dict):
        raise border.Unreadable("it is no post")
    mention = to_mention(view)
    if _table(view.get("author")).get("did") != did:
        return mention
    if mention.parent_id is None:
        return None
    return Answer(mention.parent_id, mention.text, mention.published_at, mention.author)


def _indexed_at(view: View) -> datetime:
    return border.moment(view.get("indexedAt"))


def _only(wanted: Callable[[Mapping[str, Any]], bool], pages: Fetch, token: str | None) -> tuple[list[Any], str | None]:
    items, after = pages(token)
    return [item for item in items if wanted(_table(item))], after


def _own(did: str, pages: Fetch, token: str | None) -> tuple[list[Any], str | None]:
    """Our own posts in our feed, without reposts."""
    items, after = pages(token)
    posts = [_table(item).get("post") for item in items if not _table(item).get("reason")]
    return [post for post in posts if _table(_table(post).get("author")).get("did") == did], after
