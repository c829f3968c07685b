"""The X source: posts of the last seven days by search, mentions of our account, and its answers. Each item is paid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from data.models import Answer, Brand, Mention
from listeners import border
from listeners.base import (
    Budget,
    Cursor,
    Estimate,
    FetchResult,
    Listener,
    ListenerError,
    Options,
    Policy,
    ReplyRule,
    Setting,
    required,
)
from listeners.budget import CAP
from listeners.http.web import Web
from listeners.sources.x.client import (
    A_COUNT,
    A_PERSON,
    A_POST,
    AN_OWN_POST,
    HOST,
    Credentials,
    OpenLedger,
    XClient,
    credentials,
    ledger,
)
from listeners.sources.x.paging import XListing, XRun, read
from listeners.sources.x.posts import Person, Post, counted, referenced, to_answer, to_mention
from listeners.sources.x.query import each, mentioning
from listeners.sync.reader import About
from listeners.sync.slices import Slice, first_run_start, gather

SOURCE = "x"
WINDOW = timedelta(days=7)  # how far X's search reaches back
TIMELINE = 800  # posts that the timeline of mentions lists at most
OWN_TIMELINE = 3200
FIRST_DAYS = 1.0
REPLY = ReplyRule(280, "characters as X counts them", "Only where the author mentioned or quoted our account.")


class X(Listener):
    """Slices: searches per brand and our account's timelines. Their state: the newest post, and what stayed unread."""

    source = SOURCE
    every = timedelta(minutes=15)
    policy = Policy(
        name="X",
        keeps_text=True,
        deletions="Delete what was deleted, protected or suspended there; within 24 hours when X or the author asks.",
        replies="Through the API only where the author mentioned or quoted our account; else by hand through the link.",
        credentials="Keys and tokens hold until they are made anew or revoked.",
        checked_on=date(2026, 11, 24),
        terms="https://docs.x.com/developer-terms/policy",
        approval="paid credits for X's API and a use case there that names listening",
        secrets=("X_BEARER_TOKEN",),
        recheck_every=timedelta(days=7),  # a recheck costs as much as reading the post
        display="Text unmodified, name and @handle linked, time linked, with View on X; never inside an iframe.",
        dollars_per_item=A_POST + A_PERSON,
        reply=REPLY,
        settings=(
            Setting(
                "handle",
                "Our account's handle",
                "text",
                placeholder="@acme",
                hint="Its own posts are left out, and whoever names it can be answered from here.",
                pattern=r"@?[A-Za-z0-9_]{1,15}",
                slip="This is no handle: letters, digits and underscores only, 15 at most.",
            ),
            Setting("inbox_brand", "Brand our account speaks for", "text", hint="Left empty: the first of ours."),
        ),
    )

    def __init__(self, base: str = HOST, web: Web | None = None, open_ledger: OpenLedger = ledger) -> None:
        self._base = base
        self._web = web or Web()
        self._open_ledger = open_ledger
        self._client: XClient | None = None
        self._held: Credentials | None = None

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """New posts that name a brand; the first run looks back `first_days` (1; seven at most)."""
        floor = max(first_run_start(SOURCE, options, now, FIRST_DAYS), now - WINDOW)
        client = self._connected()
        run = XRun(client, required(SOURCE, budget), now)
        readings = [*self._searches(client, brands, options, floor), *_timelines(client, brands, options, floor)]
        fetched = gather(SOURCE, [Slice(one.key, partial(read, run, one)) for one in readings], cursor, now)
        troubles = [*fetched.troubles, *([str(run.stopped)] if run.stopped else [])]
        return replace(fetched, left=client.left, troubles=list(dict.fromkeys(troubles)))

    def estimate(self, brands: Sequence[Brand], options: Options, now: datetime) -> Estimate:
        """Estimate a month of 30 days from X's own count of the last seven. One cheap request per query, which the
        ledger records when there is a cap."""
        client = self._connected()
        asked = [query for _, query in each(brands, handle(options))]
        if client.user_id and handle(options):
            asked.append(mentioning(str(handle(options))))
        if CAP in options:
            budget = self._open_ledger(options, now)
            budget.reserve(A_COUNT * len(asked))
            budget.charge([f"{SOURCE}:count:{now.isoformat()}:{place}" for place in range(len(asked))], A_COUNT)
        seven_days = sum(_counted(client, query) for query in asked)
        month = round(seven_days * 30 / 7)
        told = f"{seven_days:,} posts in the last seven days, by X's own count; ${A_POST:.3f} for each and"
        told += f" ${A_PERSON:.3f} for its author, who is billed once a day. Counting cost ${A_COUNT * len(asked):.3f}."
        return Estimate(month, month * (A_POST + A_PERSON), told)

    def _connected(self) -> XClient:
        held = credentials()
        if self._client is None or held != self._held:
            self._client, self._held = XClient(held, self._web, self._base), held
        return self._client

    def _searches(
        self, client: XClient, brands: Sequence[Brand], options: Options, floor: datetime
    ) -> Iterator[XListing]:
        # Searches leave out our own posts, which are no mentions; our timeline gives our answers for less money.
        for brand, query in each(brands, handle(options)):
            tell = partial(_told, own=client.user_id, handle=handle(options))
            find = partial(client.search, query)
            yield XListing(f"search:{query}", find, tell, About((brand,)), floor, A_POST, window=WINDOW)


def _timelines(client: XClient, brands: Sequence[Brand], options: Options, floor: datetime) -> Iterator[XListing]:
    """Our account's mentions, and its own posts for our answers; both need its keys."""
    ours = options.get("inbox_brand") or next((brand.name for brand in brands if not brand.competitor), None)
    if not client.user_id or not ours:
        return
    tell = partial(_told, own=client.user_id, handle=handle(options))
    paged = partial(XListing, floor=floor, dollars=AN_OWN_POST, token="pagination_token", smallest=5)  # noqa: S106
    yield paged("mentions", client.mentions, tell, About(ours=str(ours)), ceiling=TIMELINE)
    yield paged("own", client.own_posts, tell, About(), with_people=False, ceiling=OWN_TIMELINE)


def _told(post: Post, authors: Mapping[str, Person], *, own: str | None, handle: str | None) -> Mention | Answer | None:
    """A post as a mention, as an answer when our account wrote it, or None for a repost or a post that answers
    nobody."""
    if not isinstance(post, dict):
        raise border.Unreadable("it is no post")
    if referenced(post, "retweeted"):
        return None
    author = authors.get(str(post.get("author_id")))
    name = border.name((author or {}).get("username"))
    if (own and str(post.get("author_id")) == own) or (handle and name and name.lower() == handle.lower()):
        return to_answer(post, handle or name)
    return to_mention(post, author)


def _counted(client: XClient, query: str) -> int:
    try:
        return counted(client.count(query))
    except border.Unreadable:
        raise ListenerError(SOURCE, "X answered a count with something else") from None


def handle(options: Options) -> str | None:
    """Our account's handle without its @; None when none is set. ListenerError when it is malformed."""
    said = options.get("handle")
    if not said:
        return None
    name = str(said).strip().removeprefix("@")
    if not re.fullmatch(r"\w{1,15}", name, re.ASCII):
        raise ListenerError(SOURCE, f"handle must be our account's name on X, not {str(said)[:40]!r}", permanent=True)
    return name
