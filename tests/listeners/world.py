"""What a world is: one source's local server, what is said there, and how the source is set up to hear it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from data.settings import Places
from tests.benchmarks.listening import listener_at, rechecker_at
from tests.listeners.servers.server import Answer, Request, Server

Failure = Callable[[], Answer | None]


class World:
    """One source's server. `now` is what time it is there."""

    source = ""
    options: Mapping[str, Any] = MappingProxyType({})
    secrets: Mapping[str, str] = MappingProxyType({})
    shows_twice = True  # its listings are an index's, in which one thing may stand twice
    speaks = True  # people say something there; else only numbers come from it
    shows: int | None = None  # so many at most, ever: what comes at once beyond them nobody can hear
    tells_for: timedelta | None = None  # what was deleted later than so long after it was said nobody tells us of
    says_again = 0.0  # how often what was told is told once more, whenever time goes on
    is_paid = False
    bill = 0.0  # dollars

    def __init__(self, server: Server | None = None) -> None:
        self.server = server or Server()

    @property
    def setup(self) -> dict[str, Any]:
        """What setup.toml says of the source."""
        return {"on": True, "approved": "the tests", "first_days": 7, **self.options}

    @property
    def brings(self) -> str:
        """What its mentions say they came from."""
        return self.source

    @property
    def room(self) -> float:
        """How much more may be said before the source has shown what was said last."""
        return float("inf")

    def listener(self) -> Any:
        """The source itself, sent to this server."""
        return listener_at(self.source, self.server.url)

    def rechecker(self, listener: Any) -> Any:
        """What looks again for what `listener` brought; None where nobody can."""
        return rechecker_at(self.source, self.server.url, listener)

    def meet(self, kept: Places) -> None:
        """Hearback was started anew and keeps its files there."""

    def number_of(self, mention_id: str) -> int:
        """Which saying a mention is when its words are gone."""
        raise NotImplementedError

    def say(self, number: int, at: datetime, text: str) -> None:
        """Somebody says something; `text` names the brand."""
        raise NotImplementedError

    def take_back(self, number: int, at: datetime) -> None:
        """Somebody deletes what they said."""
        raise NotImplementedError

    def be(self, now: datetime) -> None:
        """It is this late."""

    @property
    def can_take_back(self) -> bool:
        """Whether Hearback can learn of it there."""
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


class ShortWorld(World):
    """A source that shows its newest few and no more."""

    shows = 25

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Any] = []  # newest first
        self._unseen = 0

    @property
    def room(self) -> float:
        return self.shows - self._unseen

    def add(self, item: Any) -> None:
        """It stands at the top now."""
        self.items.insert(0, item)
        self._unseen += 1

    def shown(self) -> list[Any]:
        """What whoever asks now is shown."""
        self._unseen = 0
        return self.items[: self.shows]
