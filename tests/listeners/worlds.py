"""A world for each source that has a local server: what is said there, and how the source is set up to hear it.

To add one: a class with `source`, `options`, `secrets` and `say`, named in `worlds`, and an entry in GIVEN of
tests/benchmarks/listening.py, which says what the source's constructor is given.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from types import MappingProxyType
from typing import Any

from tests.benchmarks.listening import listener_at
from tests.listeners import test_bluesky, test_reddit_feed
from tests.listeners.reddit_server import RedditServer, a_comment
from tests.listeners.review_benches import BENCHES, Bench, Said, TrustpilotBench
from tests.listeners.server import Answer, Request, Server
from tests.listeners.test_bluesky import Pds
from tests.listeners.test_hackernews import Index, a_hit
from tests.listeners.test_mastodon import TAG, Instance, a_status
from tests.listeners.test_product_page import product, review, written
from tests.listeners.test_reddit_feed import COMMENTS, POSTS, an_entry
from tests.listeners.test_rss import a_feed, an_item
from tests.listeners.test_stackexchange import Site, a_question
from tests.listeners.x_server import SEARCH, XServer, a_post

Failure = Callable[[], Answer | None]


class World:
    """One source's server. `now` is what time it is there."""

    source = ""
    options: Mapping[str, Any] = MappingProxyType({})
    secrets: Mapping[str, str] = MappingProxyType({})
    shows_twice = True  # its listings are an index's, in which one thing may stand twice
    misses_bursts = False  # what comes at once can be more than the source ever shows

    def __init__(self, server: Server | None = None) -> None:
        self.server = server or Server()

    @property
    def setup(self) -> dict[str, Any]:
        """What setup.toml says of the source."""
        return {"on": True, "approved": "the tests", "first_days": 7, **self.options}

    def listener(self) -> Any:
        """The source itself, sent to this server."""
        return listener_at(self.source, self.server.url)

    def say(self, number: int, at: datetime, text: str) -> None:
        """Somebody says something; `text` names the brand."""
        raise NotImplementedError

    def take_back(self, number: int, at: datetime) -> None:
        """Somebody deletes what they said."""
        raise NotImplementedError

    def be(self, now: datetime) -> None:
        """It is this late."""

    @property
    def tells_deletions(self) -> bool:
        """Whether a visit hears of deletions by itself, without a second look at what is kept."""
        return type(self).take_back is not World.take_back

    def fail_with(self, failure: Failure) -> None:
        """From now on each request may be answered with a failure."""
        well = self.server.answer

        def answer(request: Request) -> Answer:
            return failure() or well(request)

        self.server.answer = answer

    def remember_answers(self) -> None:
        """Give the same answer to the same question, made once: what counts is how quickly it is read."""
        well, held = self.server.answer, {}

        def answer(request: Request) -> Answer:
            asked = (request.method, request.path, *sorted(request.query.items()))
            if asked not in held:
                told = well(request)
                held[asked] = Answer(told.bytes, told.status, told.headers, told.manner)
            return held[asked]

        self.server.answer = answer


class HackerNewsWorld(World):
    source = "hackernews"

    def __init__(self) -> None:
        super().__init__()
        self.index = Index(self.server)

    def say(self, number: int, at: datetime, text: str) -> None:
        self.index.hits.append(a_hit(number, int(at.timestamp()), text))


class RedditWorld(World):
    source = "reddit"
    boards = tuple(f"board{n}" for n in range(5))
    options = MappingProxyType({"subreddits": list(boards)})
    secrets = MappingProxyType({"REDDIT_CLIENT_ID": "id", "REDDIT_CLIENT_SECRET": "s3cret"})

    def __init__(self) -> None:
        super().__init__(RedditServer())
        self.server.listings = {f"/r/{board}/comments/": [] for board in self.boards} | {"/r/all/search/": []}

    def say(self, number: int, at: datetime, text: str) -> None:
        listed = self.server.listings[f"/r/{self.boards[number % len(self.boards)]}/comments/"]
        listed.append(a_comment(number, at.timestamp(), text))
        listed.sort(key=lambda one: -one["data"]["created_utc"])


class RssWorld(World):
    source = "rss"
    shown = 100_000

    def __init__(self) -> None:
        super().__init__()
        self.items: list[str] = []
        self.server.answers["/feed"] = lambda _: Answer(a_feed(*self.items[: self.shown]))

    @property
    def setup(self) -> dict[str, Any]:
        return super().setup | {"feeds": [f"{self.server.url}/feed"]}

    def say(self, number: int, at: datetime, text: str) -> None:
        self.items.insert(0, an_item(number, text, "", f"{at:%a, %d %b %Y %H:%M:%S} GMT"))


class StackExchangeWorld(World):
    source = "stackexchange"
    options = MappingProxyType({"sites": ["stackoverflow"]})

    def __init__(self) -> None:
        super().__init__()
        self.site = Site(self.server)

    def say(self, number: int, at: datetime, text: str) -> None:
        self.site.questions.append(a_question(number, int(at.timestamp()), text))


class XWorld(World):
    source = "x"
    shows_twice = False
    options = MappingProxyType({"dollars_a_month": 100_000})
    secrets = MappingProxyType({"X_BEARER_TOKEN": "s3cret"})

    def __init__(self, now: datetime) -> None:
        super().__init__(XServer(now))

    def be(self, now: datetime) -> None:
        self.server.now = now

    def say(self, number: int, at: datetime, text: str) -> None:
        self.server.posts[SEARCH].append(a_post(at, text, number % 4_000_000))


class BlueskyWorld(World):
    source = "bluesky"
    secrets = MappingProxyType({"BLUESKY_HANDLE": "acme.example", "BLUESKY_APP_PASSWORD": "s3cret"})

    def __init__(self) -> None:
        super().__init__()
        self.pds = Pds(self.server)

    def say(self, number: int, at: datetime, text: str) -> None:
        self.pds.posts.append(test_bluesky.a_post(number, at, text))


class MastodonWorld(World):
    source = "mastodon"
    shows_twice = False

    def __init__(self) -> None:
        super().__init__()
        self.instance = Instance(self.server)

    @property
    def setup(self) -> dict[str, Any]:
        return super().setup | {"servers": [self.server.url]}

    def say(self, number: int, at: datetime, text: str) -> None:
        listed = self.instance.lists[TAG]
        listed.append(a_status(number, at, f"<p>{text} #acme</p>"))
        listed.sort(key=lambda one: one["created_at"], reverse=True)


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


class RedditFeedWorld(World):
    source = "reddit_feed"
    options = MappingProxyType({"feeds": ["r/test"]})
    misses_bursts = True  # a feed holds the newest 25

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[str] = []
        self.server.answers[POSTS] = lambda _: test_reddit_feed.a_feed(*self.entries[:25])
        self.server.answers[COMMENTS] = test_reddit_feed.a_feed()

    def say(self, number: int, at: datetime, text: str) -> None:
        minutes = (test_reddit_feed.NOON - at).total_seconds() / 60
        self.entries.insert(0, an_entry(f"t3_{number:x}", minutes, f"<p>{escape(text)}</p>"))


class ReviewWorld(World):
    """A site of reviews, on the bench that its own tests use."""

    shows_twice = False

    def __init__(self, bench: type[Bench]) -> None:
        super().__init__()
        self.bench = bench(self.server)
        self.source = bench.source
        self.options, self.secrets = bench.options, self.bench.secrets

    def say(self, number: int, at: datetime, text: str) -> None:
        self.bench.reviews.append(Said(number, at, text))


class TrustpilotWorld(ReviewWorld):
    def __init__(self) -> None:
        super().__init__(TrustpilotBench)

    def take_back(self, number: int, at: datetime) -> None:
        self.bench.reviews = [said for said in self.bench.reviews if said.number != number]
        self.bench.deleted.append((f"{number:024x}", f"{at:%Y-%m-%dT%H:%M:%SZ}"))


def worlds(now: datetime) -> list[World]:
    """One world a source, each with a server of its own."""
    kinds = (HackerNewsWorld, RedditWorld, RedditFeedWorld, RssWorld, StackExchangeWorld, BlueskyWorld, MastodonWorld)
    reviews = [ReviewWorld(bench) for bench in BENCHES if bench is not TrustpilotBench]
    return [*(kind() for kind in kinds), XWorld(now), ProductPageWorld(), TrustpilotWorld(), *reviews]


def faults(chance: random.Random, share: float) -> Failure:
    """Of `share` of all requests: what servers and lines do when they are in trouble."""
    kinds = (
        Answer("try later", 503),
        Answer("slow down", 429, {"Retry-After": "45"}),
        Answer("slow down", 429),
        Answer("oops", 500),
        Answer("<!doctype html><title>Be back soon</title>", 200, {"Content-Type": "text/html"}),
        Answer(b"x" * 1000, 200, manner="cut"),
        Answer("gateway", 504),
    )
    return lambda: chance.choice(kinds) if chance.random() < share else None
