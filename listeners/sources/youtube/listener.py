"""The YouTube source: comments and replies on our own channels and on listed videos."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from data.models import Answer, Brand, Found, Mention
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
    ReplyRule,
    Setting,
)
from listeners.http.web import Web
from listeners.sources.youtube.client import ROOT, SOURCE, TOKENS, Quota, YouTubeClient
from listeners.sync.posts import Posts
from listeners.sync.reader import About, Fetch, Pager, read_down
from listeners.sync.reviews import Listing, items_of, listings
from listeners.sync.slices import Part, Slice, SliceState, first_run_start, gather

PAGE = 100
REQUESTS = 100  # for one channel or video in one run
REPLIES = 10  # pages of one comment's replies
OVERLAP = timedelta(days=3)  # how long a run sees edits of a comment and replies to it; later, only a recheck does
COMMENT = re.compile(r"[A-Za-z0-9_.\-]{1,128}")
CHANNEL = re.compile(r"UC[A-Za-z0-9_\-]{22}")
VIDEO = re.compile(r"[A-Za-z0-9_\-]{11}")
SITE = "https://www.youtube.com"
EMPTY = frozenset({"kind", "etag", "pageInfo"})  # the keys that an empty list has beside its items
RULE = ReplyRule(10_000, only_when="Only below comments on our own channels or on the videos listed.")

Comment = Mapping[str, Any]


def to_mention(comment: Comment) -> Mention:
    """One comment, or a reply to one, as a mention. Unreadable when it has no id, no time or no words."""
    number, snippet = comment.get("id"), comment.get("snippet")
    told: Mapping[str, Any] = snippet if isinstance(snippet, dict) else {}
    if not isinstance(number, str) or not COMMENT.fullmatch(number):
        raise border.Unreadable("it has no id")
    # Only the author is shown the original; to us the display text is plain, as we ask for it.
    text = border.words(told.get("textOriginal")) or border.words(told.get("textDisplay"))
    if not text.strip():
        raise border.Unreadable("it has no words")
    published = border.moment(told.get("publishedAt"))
    updated = border.moment(told["updatedAt"]) if told.get("updatedAt") else published
    parent = border.name(told.get("parentId"))
    return Mention(
        id=f"{SOURCE}:{number}",
        source=SOURCE,
        kind="comment",
        text=text,
        author=border.name(told.get("authorDisplayName")),
        author_url=border.name(told.get("authorChannelUrl")),
        url=_url(number, told),
        engagement=border.count(told.get("likeCount")),
        thread_id=f"{SOURCE}:{parent}" if parent else None,
        parent_id=f"{SOURCE}:{parent}" if parent else None,
        published_at=published,
        edited_at=updated if updated > published else None,
    )


def _url(number: str, told: Mapping[str, Any]) -> str | None:
    video, channel = told.get("videoId"), told.get("channelId")
    if isinstance(video, str) and VIDEO.fullmatch(video):
        return f"{SITE}/watch?v={video}&lc={number}"
    return f"{SITE}/channel/{channel}" if isinstance(channel, str) and CHANNEL.fullmatch(channel) else None


def author_of(comment: Comment) -> str | None:
    """The id of the channel that wrote the comment."""
    snippet = comment.get("snippet")
    told = snippet.get("authorChannelId") if isinstance(snippet, dict) else None
    return border.name(told.get("value")) if isinstance(told, dict) else None


@dataclass(frozen=True, slots=True)
class _Place:
    """A channel or a video: its slice's key, the parameter that requests its threads, and their brand."""

    key: str
    what: Mapping[str, str]
    brand: str


@dataclass(frozen=True, slots=True)
class _Run:
    """What the slices of one run share: the quota, our channels, how far back a first run reads, and the present
    time."""

    quota: Quota
    ours: frozenset[str]
    start: datetime
    now: datetime


class YouTube(Listener):
    """A slice per channel and video, threads newest first. Its state: the newest time and the counts of replies."""

    source = SOURCE
    every = timedelta(minutes=15)
    ids_at_once = 20  # the greatest number of comments per request is not documented; 20 is the default page
    policy = Policy(
        name="YouTube",
        keeps_text=True,
        deletions="Within 30 days every comment is read again or deleted; what is not there any more is deleted.",
        replies="Through the API by our own channel, 50 of the day's 10,000 units each.",
        credentials="An API key does not end. A refresh token ends after 7 days while Google's consent screen is in "
        "testing, and after six months without use.",
        checked_on=date(2026, 11, 24),
        terms="https://developers.google.com/youtube/terms/developer-policies",
        approval="a Google Cloud project of your own with the YouTube Data API, whose terms you have accepted",
        secrets=("YOUTUBE_API_KEY",),
        lifetime=timedelta(days=30),
        recheck_every=timedelta(days=14),
        reply=RULE,
        settings=(
            Setting(
                "channels",
                "Own channels",
                placeholder="UCxxxxxxxxxxxxxxxxxxxxxx = Acme",
                hint="All comments there are about the brand named with it, else the first of ours.",
                pattern=r"UC[\w\-]{22}( ?= ?.+)?",
                slip="A channel is an id of 24 signs that begins with UC; a brand may follow.",
            ),
            Setting(
                "videos",
                "Videos",
                placeholder="dQw4w9WgXcQ = Acme",
                hint="The same for single videos of others.",
                pattern=r"[\w\-]{11}( ?= ?.+)?",
                slip="A video is the id of 11 signs in its address; a brand may follow.",
            ),
        ),
    )

    def __init__(self, root: str = ROOT, tokens: str = TOKENS, web: Web | None = None) -> None:
        self.client = YouTubeClient(web or Web(), root, tokens)

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """New comments on the channels and videos of the options; the first run looks back `first_days` (30)."""
        start, quota = first_run_start(SOURCE, options, now), Quota(cursor.get("quota", {}), now)
        channels = _places(options, "channels", CHANNEL, brands)
        videos = _places(options, "videos", VIDEO, brands)
        if not (channels or videos):
            raise ListenerError(SOURCE, "YouTube has neither channels nor videos: list one of them", permanent=True)
        ours = frozenset(channel.id for channel in channels)
        asked = [_Place(f"channel {one.id}", {"allThreadsRelatedToChannelId": one.id}, one.brand) for one in channels]
        asked += [_Place(f"video {one.id}", {"videoId": one.id}, one.brand) for one in videos]
        read = partial(self._read, _Run(quota, ours, start, now))
        fetched = gather(SOURCE, [Slice(one.key, partial(read, one)) for one in asked], cursor, now)
        return replace(fetched, cursor={**fetched.cursor, "quota": quota.as_told()}, left=quota.left)

    def recheck(self, held: Sequence[RecheckTarget], options: Options, now: datetime) -> RecheckResult:
        """Ask by id; comments missing from the response are gone."""
        ids = [one.id for one in held if COMMENT.fullmatch(one.id.removeprefix(f"{SOURCE}:"))][: self.ids_at_once]
        if not ids:
            return RecheckResult()
        own = [id.removeprefix(f"{SOURCE}:") for id in ids]
        asked: dict[str, Any] = {"part": "snippet", "id": ",".join(own), "textFormat": "plainText"}
        answer = self.client.ask(Quota({}, now), "comments", "list", **asked)
        there, found = set(), []
        for item in items_of(SOURCE, answer, "items"):
            if isinstance(item, dict):
                there.add(f"{SOURCE}:{item.get('id')}")
                found += _edited(item)
        return RecheckResult([id for id in ids if id not in there], [id for id in ids if id in there], found)

    def _read(self, run: _Run, place: _Place, state: SliceState) -> Part:
        known: Mapping[str, int] = state.get("replies", {})
        counts: dict[str, int] = {}
        posts = Posts(partial(_to_post, run.ours), About(ours=place.brand), run.start, run.now, OVERLAP)

        def fetch(token: str | None) -> tuple[Sequence[Any], str | None]:
            asked: dict[str, Any] = {"part": "snippet,replies", "order": "time", "maxResults": PAGE, **place.what}
            asked |= {"textFormat": "plainText", "pageToken": token}
            answer = self.client.ask(run.quota, "commentThreads", "list", **asked)
            threads = items_of(SOURCE, answer, "items", EMPTY)
            more = partial(self._replies, run.quota)
            comments = [one for thread in threads for one in _comments(thread, known, counts, more)]
            return comments, border.name(answer.get("nextPageToken"))

        part = read_down(posts.reader(SOURCE, place.key, state), Pager(fetch, REQUESTS))
        return replace(part, state={**part.state, "replies": counts} if part.state else part.state)

    def _replies(self, quota: Quota, parent: str) -> list[Any]:
        return [one for page in Pager(replies_to(parent, self.client, quota), REPLIES) for one in page]


def replies_to(parent: str, client: YouTubeClient, quota: Quota) -> Fetch:
    """Fetches the replies to one comment; each page costs one unit."""
    asked: dict[str, Any] = {"part": "snippet", "parentId": parent, "maxResults": PAGE, "textFormat": "plainText"}

    def fetch(token: str | None) -> tuple[Sequence[Any], str | None]:
        answer = client.ask(quota, "comments", "list", pageToken=token, **asked)
        return items_of(SOURCE, answer, "items", EMPTY), border.name(answer.get("nextPageToken"))

    return fetch


def _places(options: Options, setting: str, shape: re.Pattern[str], brands: Sequence[Brand]) -> list[Listing]:
    told = listings(SOURCE, options, setting, brands)
    wrong = next((one.id for one in told if not shape.fullmatch(one.id)), None)
    if wrong:
        said = f"{wrong[:60]!r} among {setting} is no id; a channel's begins with UC, a video's has 11 characters"
        raise ListenerError(SOURCE, said, permanent=True)
    return told


def _comments(
    thread: Any, known: Mapping[str, int], counts: dict[str, int], more: Callable[[str], list[Any]]
) -> Iterator[Any]:
    """A thread's comment and its replies. A thread includes some replies only; all are fetched when their count
    changed."""
    told = thread.get("snippet") if isinstance(thread, dict) else None
    if not isinstance(told, dict):
        yield thread
        return
    yield told.get("topLevelComment")
    beside, number, total = thread.get("replies"), thread.get("id"), border.count(told.get("totalReplyCount")) or 0
    listed = beside.get("comments") if isinstance(beside, dict) else None
    replies = listed if isinstance(listed, list) else []
    if isinstance(number, str):
        if total > len(replies) and known.get(number) != total:
            replies = more(number)
        counts[number] = total
    yield from replies


def _to_post(ours: frozenset[str], comment: Any) -> Mention | Answer | None:
    """A comment by somebody else becomes a mention, one by our channel an answer, or None if it answers nobody."""
    if not isinstance(comment, dict):
        raise border.Unreadable("it is no comment")
    mention = to_mention(comment)
    if author_of(comment) not in ours:
        return mention
    if mention.parent_id is None:
        return None
    return Answer(mention.parent_id, mention.text, mention.published_at, mention.author)


def _edited(item: Comment) -> list[Found]:
    try:
        mention = to_mention(item)
    except border.Unreadable:
        return []
    return [Found(mention)] if mention.edited_at else []
