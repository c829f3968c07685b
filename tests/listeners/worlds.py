"""A world for each source that is listened to.

To add one: a class with `source`, `options`, `secrets` and `say`, named in `worlds`, and an entry in GIVEN of
tests/benchmarks/listening.py, which says what the source's constructor is given. Left out are `sample`, which is
fiction, and `tripadvisor`, of which nothing is ever kept: it is looked at live.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from types import MappingProxyType
from typing import Any

from listeners.sources import google_play
from tests.listeners.markup_pages import product, review, written
from tests.listeners.odd_worlds import AmazonWorld, WebhookWorld, YelpWorld
from tests.listeners.servers.reddit_server import RedditServer, a_comment
from tests.listeners.servers.reddit_server import listing as reddit_listing
from tests.listeners.servers.server import Answer, Request
from tests.listeners.servers.x_server import SEARCH, XServer, a_post
from tests.listeners.sources import test_reddit_feed
from tests.listeners.sources.bluesky import bluesky_bench
from tests.listeners.sources.bluesky.bluesky_bench import Pds
from tests.listeners.sources.mastodon.mastodon_bench import TAG, Instance, a_status
from tests.listeners.sources.reddit.test_replies import INFO
from tests.listeners.sources.review_benches import BENCHES, Bench, GooglePlayBench, Said, TrustpilotBench
from tests.listeners.sources.test_hackernews import Index, a_hit
from tests.listeners.sources.test_reddit_feed import COMMENTS, POSTS, an_entry
from tests.listeners.sources.test_rss import a_feed, an_item
from tests.listeners.sources.test_stackexchange import Site, a_question
from tests.listeners.sources.youtube import youtube_bench
from tests.listeners.sources.youtube.youtube_bench import OURS, Tube, a_thread
from tests.listeners.world import ShortWorld, World


class HackerNewsWorld(World):
    source = "hackernews"

    def __init__(self) -> None:
        super().__init__()
        self.index = Index(self.server)
        self.server.answers["*"] = self._item

    def say(self, number: int, at: datetime, text: str) -> None:
        self.index.hits.append(a_hit(number, int(at.timestamp()), text))

    def take_back(self, number: int, at: datetime) -> None:
        self.index.hits = [hit for hit in self.index.hits if hit["objectID"] != str(number)]

    def _item(self, request: Request) -> Answer:
        own = request.path.removeprefix("/items/")
        hit = next((hit for hit in self.index.hits if hit["objectID"] == own), None)
        if hit is None:
            return Answer({"status": 404, "error": "Not Found"}, 404)
        return Answer({**hit, "id": int(own), "type": "comment", "text": hit["comment_text"], "children": []})


class RedditWorld(World):
    source = "reddit"
    boards = tuple(f"board{n}" for n in range(5))
    options = MappingProxyType({"subreddits": list(boards)})
    secrets = MappingProxyType({"REDDIT_CLIENT_ID": "id", "REDDIT_CLIENT_SECRET": "s3cret"})

    def __init__(self) -> None:
        super().__init__(RedditServer())
        self.server.listings = {f"/r/{board}/comments/": [] for board in self.boards} | {"/r/all/search/": []}
        self.server.answers[INFO] = self._again
        self.comments: dict[str, dict[str, Any]] = {}

    def _board(self, number: int) -> str:
        return f"/r/{self.boards[number % len(self.boards)]}/comments/"

    def say(self, number: int, at: datetime, text: str) -> None:
        said = a_comment(number, at.timestamp(), text)
        self.comments[said["data"]["name"]] = said
        listed = self.server.listings[self._board(number)]
        listed.append(said)
        listed.sort(key=lambda one: -one["data"]["created_utc"])

    def take_back(self, number: int, at: datetime) -> None:
        """It leaves the lists; by its id it is there for ever, without its author and words."""
        name, board = f"t1_{number:06x}", self._board(number)
        self.server.listings[board] = [one for one in self.server.listings[board] if one["data"]["name"] != name]
        self.comments[name]["data"] |= {"body": "[deleted]", "author": "[deleted]"}

    def _again(self, request: Request) -> Answer:
        asked = request.query["id"].split(",")
        assert len(asked) <= 100
        return Answer(reddit_listing([self.comments[name] for name in asked if name in self.comments]))


class RssWorld(ShortWorld):
    """What leaves the feed was not deleted: it stays."""

    source = "rss"
    shows = 100_000

    def __init__(self) -> None:
        super().__init__()
        self.server.answers["/feed"] = lambda _: Answer(a_feed(*self.shown()))

    @property
    def setup(self) -> dict[str, Any]:
        return super().setup | {"feeds": [f"{self.server.url}/feed"]}

    def say(self, number: int, at: datetime, text: str) -> None:
        self.add(an_item(number, text, "", f"{at:%a, %d %b %Y %H:%M:%S} GMT"))


class StackExchangeWorld(World):
    source = "stackexchange"
    options = MappingProxyType({"sites": ["stackoverflow"]})

    def __init__(self) -> None:
        super().__init__()
        self.site = Site(self.server)
        self.server.answers["*"] = self._again

    def say(self, number: int, at: datetime, text: str) -> None:
        self.site.questions.append(a_question(number, int(at.timestamp()), text))

    def take_back(self, number: int, at: datetime) -> None:
        self.site.questions = [one for one in self.site.questions if one["question_id"] != number]

    def _again(self, request: Request) -> Answer:
        asked = {int(number) for number in request.path.removeprefix("/questions/").split(";")}
        assert len(asked) <= 100
        standing = {one["question_id"]: one for one in self.site.questions if one["question_id"] in asked}
        return Answer({"items": list(standing.values()), "has_more": False} | self.site.beside)


class XWorld(World):
    source = "x"
    shows_twice = False
    is_paid = True
    options = MappingProxyType({"dollars_a_month": 100_000})
    secrets = MappingProxyType({"X_BEARER_TOKEN": "s3cret"})

    def __init__(self, now: datetime) -> None:
        super().__init__(XServer(now))
        self.own: dict[int, str] = {}

    @property
    def bill(self) -> float:
        return self.server.bill

    def be(self, now: datetime) -> None:
        self.server.now = now

    def say(self, number: int, at: datetime, text: str) -> None:
        post = a_post(at, text, number % 4_000_000)
        self.own[number] = post["id"]
        self.server.posts[SEARCH].append(post)

    def take_back(self, number: int, at: datetime) -> None:
        kept = [post for post in self.server.posts[SEARCH] if post["id"] != self.own[number]]
        self.server.posts[SEARCH] = kept


class BlueskyWorld(World):
    source = "bluesky"
    secrets = MappingProxyType({"BLUESKY_HANDLE": "acme.example", "BLUESKY_APP_PASSWORD": "s3cret"})

    def __init__(self) -> None:
        super().__init__()
        self.pds = Pds(self.server)
        self.server.answers[bluesky_bench.POSTS] = self._again

    def say(self, number: int, at: datetime, text: str) -> None:
        self.pds.posts.append(bluesky_bench.a_post(number, at, text))

    def take_back(self, number: int, at: datetime) -> None:
        self.pds.posts = [post for post in self.pds.posts if post["uri"] != bluesky_bench.uri(number)]

    def _again(self, request: Request) -> Answer:
        asked = {said for name, said in request.pairs if name == "uris"}
        assert len(asked) <= 25
        standing = {post["uri"]: post for post in self.pds.posts if post["uri"] in asked}
        return Answer({"posts": list(standing.values())})


class MastodonWorld(World):
    source = "mastodon"
    shows_twice = False

    def __init__(self) -> None:
        super().__init__()
        self.instance = Instance(self.server)
        self.server.answers["*"] = self._again

    @property
    def setup(self) -> dict[str, Any]:
        return super().setup | {"servers": [self.server.url]}

    def say(self, number: int, at: datetime, text: str) -> None:
        listed = self.instance.lists[TAG]
        listed.append(a_status(number, at, f"<p>{text} #acme</p>"))
        listed.sort(key=lambda one: one["created_at"], reverse=True)

    def take_back(self, number: int, at: datetime) -> None:
        self.instance.lists[TAG] = [one for one in self.instance.lists[TAG] if one["id"] != str(number)]

    def _again(self, request: Request) -> Answer:
        own = request.path.removeprefix("/api/v1/statuses/")
        status = next((one for one in self.instance.lists[TAG] if one["id"] == own), None)
        return Answer(status) if status else Answer({"error": "Record not found"}, 404)


class YouTubeWorld(World):
    source = "youtube"
    options = MappingProxyType({"channels": [OURS]})
    secrets = MappingProxyType({"YOUTUBE_API_KEY": "key-s3cret"})
    shows_twice = False

    def __init__(self) -> None:
        super().__init__()
        self.tube = Tube(self.server)
        self.server.answers[youtube_bench.COMMENTS] = self._again

    def say(self, number: int, at: datetime, text: str) -> None:
        self.tube.threads.append(a_thread(number, at, text=text))

    def take_back(self, number: int, at: datetime) -> None:
        self.tube.threads = [one for one in self.tube.threads if one["id"] != f"Ug{number}"]

    def _again(self, request: Request) -> Answer:
        asked = request.query["id"].split(",")
        tops = (thread["snippet"]["topLevelComment"] for thread in self.tube.threads)
        return Answer({"kind": "list", "items": [comment for comment in tops if comment["id"] in asked]})


class ProductPageWorld(World):
    source = "product_page"

    def __init__(self) -> None:
        super().__init__()
        self.reviews: dict[int, dict[str, Any]] = {}
        self.server.answers["/kettle"] = self._page

    def _page(self, _: Request) -> Answer:
        whole = {"@type": "AggregateRating", "reviewCount": len(self.reviews)}  # else a missing one may be elsewhere
        return Answer(written(product(*self.reviews.values(), aggregateRating=whole)))

    @property
    def setup(self) -> dict[str, Any]:
        return super().setup | {"pages": [f"{self.server.url}/kettle"]}

    def say(self, number: int, at: datetime, text: str) -> None:
        self.reviews[number] = review(datePublished=f"{at:%Y-%m-%d}", reviewBody=text, author=f"Person {number}")

    def take_back(self, number: int, at: datetime) -> None:
        del self.reviews[number]


class RedditFeedWorld(ShortWorld):
    """Nobody tells of deletions there; the words expire."""

    source = "reddit_feed"
    options = MappingProxyType({"feeds": ["r/test"]})

    def __init__(self) -> None:
        super().__init__()
        self.server.answers[POSTS] = lambda _: test_reddit_feed.a_feed(*self.shown())
        self.server.answers[COMMENTS] = test_reddit_feed.a_feed()

    def say(self, number: int, at: datetime, text: str) -> None:
        minutes = (test_reddit_feed.NOON - at).total_seconds() / 60
        self.add(an_entry(f"t3_{number:x}", minutes, f"<p>{escape(text)}</p>"))

    def number_of(self, mention_id: str) -> int:
        return int(mention_id.removeprefix("reddit:t3_"), 16)


class ReviewWorld(World):
    """A site of reviews, on the bench that its own tests use."""

    shows_twice = False

    def __init__(self, bench: type[Bench]) -> None:
        super().__init__()
        self.bench = bench(self.server)
        self.source = bench.source
        self.options, self.secrets = bench.options, self.bench.secrets
        if bench is GooglePlayBench:
            self.tells_for = google_play.SURE - timedelta(days=2)  # a day between two looks, and a day of troubles

    def say(self, number: int, at: datetime, text: str) -> None:
        self.bench.reviews.append(Said(number, at, text))

    def take_back(self, number: int, at: datetime) -> None:
        self.bench.reviews = [said for said in self.bench.reviews if said.number != number]


class TrustpilotWorld(ReviewWorld):
    def __init__(self) -> None:
        super().__init__(TrustpilotBench)

    def take_back(self, number: int, at: datetime) -> None:
        super().take_back(number, at)
        self.bench.deleted.append((f"{number:024x}", f"{at:%Y-%m-%dT%H:%M:%SZ}"))


def worlds(now: datetime) -> list[World]:
    """One world a source, each with a server of its own."""
    kinds = (
        *(HackerNewsWorld, RedditWorld, RedditFeedWorld, RssWorld, StackExchangeWorld, BlueskyWorld, MastodonWorld),
        *(YouTubeWorld, ProductPageWorld, TrustpilotWorld, YelpWorld, AmazonWorld, WebhookWorld),
    )
    reviews = [ReviewWorld(bench) for bench in BENCHES if bench is not TrustpilotBench]
    return [XWorld(now), *(kind() for kind in kinds), *reviews]
