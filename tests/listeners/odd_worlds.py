"""Worlds that are no plain listing: three excerpts and no more, numbers instead of words, and somebody who pushes."""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from data import setup
from data.models import Erase
from data.settings import Places
from data.spool.batches import drop
from listeners.sources.amazon import monday
from listeners.sources.webhook_endpoint import WebhookEndpoint, secret_name, sign
from tests.listeners.servers.server import Answer, Request
from tests.listeners.sources.test_amazon import topic
from tests.listeners.sources.test_webhook import KEY
from tests.listeners.sources.test_yelp import PATH, foreign, shown
from tests.listeners.world import Failure, ShortWorld, World


class YelpWorld(ShortWorld):
    """A business with three excerpts, each call paid. Nobody tells of deletions there; the words expire."""

    source = "yelp"
    shows = 3
    shows_twice = False
    is_paid = True
    price = 0.02
    options = MappingProxyType({"business_ids": ["acme-cafe"], "dollars_per_call": price, "dollars_a_month": 100})
    secrets = MappingProxyType({"YELP_API_KEY": "s3cret"})

    def __init__(self) -> None:
        super().__init__()
        self.server.answers[PATH] = self._page

    def say(self, number: int, at: datetime, text: str) -> None:
        self.add(foreign(f"r{number:07}", text=text, time_created=f"{at:%Y-%m-%dT%H:%M:%SZ}"))

    def number_of(self, mention_id: str) -> int:
        return int(mention_id.removeprefix("yelp:r"))

    def _page(self, _: Request) -> Answer:
        self.bill += self.price
        return shown(*self.shown())


class AmazonWorld(World):
    """Topics of five products as numbers; every Monday there are those of the week before."""

    source = "amazon"
    speaks = False
    products = tuple(f"B0EXAMPLE{number}" for number in range(5))
    named = ("lid", "design", "price")
    options = MappingProxyType({"asins": list(products)})
    secrets = MappingProxyType({f"AMAZON_{name}": "s3cret" for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN")})

    def __init__(self) -> None:
        super().__init__()
        self.weeks: set[str] = set()
        self.server.answers["/token"] = Answer({"access_token": "bearer", "expires_in": 3600})
        self.server.answers["*"] = self._topics

    def be(self, now: datetime) -> None:
        self._ends = datetime.combine(monday(now), now.timetz().replace(hour=0, minute=0)) - timedelta(minutes=1)
        self.weeks.add(f"{monday(self._ends)}")

    def counted(self, week_on: str, product: str, name: str) -> int:
        """How many buyers spoke of it in a week."""
        return random.Random(f"{week_on} {product} {name}").randint(1, 900)

    @property
    def expected(self) -> set[tuple[str, str, str, int]]:
        """All that must be known by now: week, product, topic, mentions."""
        return {
            (week, product, name, self.counted(week, product, name))
            for week in self.weeks
            for product in self.products
            for name in self.named
        }

    def _topics(self, request: Request) -> Answer:
        product = request.path.split("/")[4]
        week = f"{monday(self._ends)}"
        said = [topic(name, self.counted(week, product, name)) for name in self.named]
        span = {"startDate": f"{self._ends - timedelta(days=28):%Y-%m-%dT%H:%M:%SZ}"}
        span["endDate"] = f"{self._ends:%Y-%m-%dT%H:%M:%SZ}"
        topics = {"positiveTopics": said[:1], "negativeTopics": said[1:]}
        return Answer({"asin": product, "itemName": "Kettle 3000", "topics": topics, "dateRange": span})


@dataclass(frozen=True)
class Pushed:
    """One request of the provider's, as it was sent."""

    number: int
    body: bytes
    headers: Mapping[str, str]


class WebhookWorld(World):
    """A provider that pushes, tries again until it is told that we have it, and now and then says a thing twice.

    What goes wrong is the line: a request is lost on its way, or the answer to it is. Its door is the app's own,
    without the server around it. A visit reads what came; it is made every five minutes here and not every 20 seconds.
    """

    source = "webhook"
    intake = "newsfeed"
    options = MappingProxyType({"names": [f"{intake} = Acme"], "every_minutes": 5})
    secrets = MappingProxyType({secret_name(intake): KEY})
    shows_twice = False

    def __init__(self) -> None:
        super().__init__()
        self.waiting: deque[tuple[int, bytes]] = deque()
        self.sent: list[Pushed] = []
        self._fails: Failure = lambda: None
        self._chance = random.Random(7)

    @property
    def brings(self) -> str:
        return self.intake

    def meet(self, kept: Places) -> None:
        self.kept, self.endpoint = kept, WebhookEndpoint(kept)
        self.told = setup.load(kept.setup)

    def fail_with(self, failure: Failure) -> None:
        self._fails = failure

    def say(self, number: int, at: datetime, text: str) -> None:
        row = {"id": str(number), "text": text, "created_at": at.isoformat(), "author": f"Person {number}"}
        self.waiting.append((number, json.dumps([row]).encode()))

    def take_back(self, number: int, at: datetime) -> None:
        """The provider tells the team, and somebody there has it erased."""
        self.waiting = deque(one for one in self.waiting if one[0] != number)
        drop(self.kept.incoming, "erase", at, erase=[Erase("ada", mention_id=f"{self.intake}:{number}")])

    def be(self, now: datetime) -> None:
        while self.waiting and self._push(Pushed(*self.waiting[0], self._signed(*self.waiting[0], now)), now):
            self.waiting.popleft()
        if self.sent and self._chance.random() < self.says_again:
            self._say_again(now)

    def _say_again(self, now: datetime) -> None:
        """Something that was taken in comes once more: recorded and sent by somebody else, or by the provider."""
        old = self._chance.choice(self.sent[-100:])
        if self._chance.random() < 0.5:
            self._push(old, now)
        else:
            self._push(Pushed(old.number, old.body, self._signed(old.number, old.body, now)), now)

    def _signed(self, number: int, body: bytes, now: datetime) -> dict[str, str]:
        seconds, own = int(now.timestamp()), f"msg_{number}"
        signature = sign(KEY, own, seconds, body)
        return {"webhook-id": own, "webhook-timestamp": str(seconds), "webhook-signature": signature}

    def _push(self, request: Pushed, now: datetime) -> bool:
        """Whether we were told that it is there."""
        lost = self._fails()
        if lost and lost.manner != "cut":
            return False
        answered = self.endpoint.receive(self.told, self.intake, request.headers, request.body, now)
        if lost or answered.status != 202:
            return False
        self.sent.append(request)
        return True
