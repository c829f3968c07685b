"""A soak: every source in a world of its own, days of simulated time, faults and kills in the middle of it."""

from __future__ import annotations

import json
import os
import random
from datetime import timedelta
from functools import partial

from data import setup
from data.analytics.published import Publisher
from data.ingest import absorber
from data.models import Brand
from data.retention.upkeep import Upkeep
from data.scores import scorer
from data.spool.batches import waiting
from data.store.store import Store
from listeners.retention import retention_policies
from listeners.schedule import cursors
from listeners.schedule.rechecks import BETWEEN, RecheckSchedule
from listeners.schedule.runs import tasks
from tests.data.builders import JUDGEMENT
from tests.listeners.clockwork import NOON, Hours
from tests.listeners.world import faults
from tests.listeners.worlds import worlds

SEED = 20261124
HOUR, DAY = 3_600.0, 86_400.0
# Uncompressed, else a search for erased words could not fail; one thread, for what is asked is little.
SETTINGS = {"force_compression": "uncompressed", "threads": "1"}
FAULTS, KILLS = 0.05, 0.01  # shares: of requests, of visits
TWICE, LATE, TAKEN_BACK, SAID_AGAIN = 0.03, 0.1, 0.05, 0.02  # of what is said, of turns
SHOWS = {"rss": 200}  # so that things leave a feed without having been deleted
LONGEST_LOOK = max(one.recheck_every for one in retention_policies() if one.recheck_every)


class Soak:
    """Worlds in which people speak at random, the listeners that must hear them all, and the app that keeps it."""

    def __init__(self, kept, monkeypatch, *, cap=1_000.0, only=None, stored=False):
        """`stored`: with a real store that takes the batches in, has rechecks made and lets go what may not
        stay, which is most of the time it takes."""
        self.kept, self.cap = kept, cap
        self.chance = random.Random(SEED)
        self.hours = Hours(self.chance.random)
        self.worlds = [world for world in worlds(NOON) if only is None or world.source in only]
        for world in self.worlds:
            world.shows = SHOWS.get(world.source, world.shows)
        self.trouble = 0.0  # the share of requests that fail
        self.out: dict[str, float] = {}  # world -> until when it answers nothing
        self.said = {world.source: {} for world in self.worlds}  # number -> when
        self.gone: dict[int, str] = {}  # number -> where it was said
        self.settled = dict.fromkeys(self.said, 0.0)  # dollars of months that are over
        self.told: list[str] = []
        self.taken_back, self.said_again = TAKEN_BACK, SAID_AGAIN
        self.kills = self.number = 0
        kept.root.mkdir(parents=True)
        monkeypatch.setenv("HEARBACK_DATA", str(kept.root))
        setup.save_brands(kept.setup, [Brand("Acme", ("acme",))])
        for world in self.worlds:
            paid = {"dollars_a_month": cap} if world.is_paid else {}
            setup.save_source(kept.setup, world.source, world.setup | paid)
            world.fail_with(self._weather(world))
            for name, value in world.secrets.items():
                monkeypatch.setenv(name, value)
        self._die_at_random(monkeypatch)
        monkeypatch.setattr(os, "fsync", lambda _: None)  # processes die here, the power stays on
        monkeypatch.setattr(scorer, "BY_HAND", 1_000_000)  # no worker process for a few words
        self.store = Store(kept.store, settings=SETTINGS) if stored else None
        if self.store:
            publisher = Publisher(self.store, kept.published)
            clocks = (lambda: self.hours.wall, lambda: self.hours.steady)
            self.upkeep = Upkeep(self.store, kept, retention_policies(), publisher, *clocks)
        self.start()

    def _weather(self, world):
        fault = faults(self.chance, 1.0)
        return lambda: fault() if self._fails(world) else None

    def _fails(self, world):
        return self.hours.steady < self.out.get(world.source, 0.0) or self.chance.random() < self.trouble

    def _die_at_random(self, monkeypatch):
        """A kill between the batch and its cursor, the worst moment; and none of what the process knew is left."""
        save = cursors.save

        def save_or_die(*arguments):
            if self.chance.random() < KILLS * (self.trouble > 0):
                self.kills += 1
                raise SystemExit
            save(*arguments)

        monkeypatch.setattr(cursors, "save", save_or_die)

    def start(self):
        """A new listeners' process, and a new app beside it."""
        self.hours.started.clear()
        standing, sources, looks = setup.load(self.kept.setup), [], []
        for world in self.worlds:
            world.meet(self.kept)
            sources.append(world.listener())
            looks.append(world.rechecker(sources[-1]))
        self.schedule = self.hours.schedule(self.kept, *sources, said=self.told)
        self.schedule.follow(standing)
        self.on = tasks(sources, standing)
        self.looks = RecheckSchedule(
            [one for one in looks if one], self.kept, self.told.append,
            lambda: self.hours.wall, lambda work: work(), lambda: self.hours.steady, self.hours.chance,
        )  # fmt: skip

    def listen(self, seconds):
        """The listeners work for so long."""
        ends = self.hours.steady + seconds
        while self.hours.steady < ends:
            killed = self.kills
            wait = self.hours.look()
            if self.kills > killed:
                self.start()
            self.looks.round(self.on)
            self._pass(min(wait, ends - self.hours.steady))

    def _pass(self, seconds):
        if (self.hours.wall + timedelta(seconds=seconds)).month != self.hours.wall.month:
            self.settle()
        self.hours.pass_by(max(seconds, 0.001))
        for world in self.worlds:
            world.be(self.hours.wall)
            world.server.requests.clear()

    def settle(self):
        """The month's bills beside the ledger: no bill is larger than it says, and all are within the cap."""
        for world in (one for one in self.worlds if one.is_paid):
            booked = json.loads((self.kept.budgets / f"{world.source}.json").read_text())
            billed = world.bill - self.settled[world.source]
            assert billed <= booked["spent"] + 0.001 <= self.cap + 0.002
            self.settled[world.source] = world.bill

    def speak(self, world, count=1):
        for _ in range(count):
            if not world.speaks or world.room < 1 + world.shows_twice:
                return
            self.number += 1
            late = self.chance.random() < LATE and not world.is_paid
            at = self.hours.wall - timedelta(seconds=self.chance.uniform(0, 240) if late else 0)
            for _ in range(2 if world.shows_twice and self.chance.random() < TWICE else 1):
                world.say(self.number, at.replace(microsecond=0), f"acme {words(self.number)} is slow")
            self.said[world.source][self.number] = self.hours.wall

    def take_back(self, world):
        """Somebody deletes what they said a while ago."""
        said, since = self.said[world.source], self.hours.wall - (world.tells_for or timedelta(days=99))
        mine = [number for number, at in said.items() if at >= since][-200:-3]
        if mine and world.can_take_back:
            number = self.chance.choice(mine)
            world.take_back(number, self.hours.wall)
            del said[number]
            self.gone[number] = world.source

    def days_go_by(self, days):
        """People speak, servers fail, lines break, processes die; every few hours something larger happens."""
        self.trouble, ends = FAULTS, self.hours.steady + days * DAY
        for world in self.worlds:
            world.says_again = self.said_again
        while self.hours.steady < ends:
            for world in self.worlds:
                self.speak(world, self.chance.choice((0, 0, 1, 1, 2)))
                if self.chance.random() < self.taken_back:
                    self.take_back(world)
            self.listen(self.chance.uniform(0.1, 1) * HOUR)
            self._something_larger()
        self.trouble = 0.0
        self.out.clear()
        for world in self.worlds:
            world.says_again = 0.0

    def _something_larger(self):
        event, world = self.chance.random(), self.chance.choice(self.worlds)
        if event < 0.03:
            self.out[world.source] = self.hours.steady + self.chance.uniform(1, 6) * HOUR
        elif event < 0.06:
            self.speak(world, 300)
        elif event < 0.09:
            self.start()
        elif event < 0.11:
            self._pass(self.chance.uniform(1, 8) * HOUR)  # nobody listens
            self.start()
        elif event < 0.41:
            self.absorb()

    def absorb(self):
        """What the app does all the time: take in, score, let go what may not stay, list what is due."""
        if self.store:
            clock = partial(getattr, self.hours, "wall")
            done = list(absorber.absorb_waiting(self.store, JUDGEMENT, self.kept, clock))
            assert not [one for one in done if one.unreadable or one.rejected]
            scorer.score_waiting(self.store, JUDGEMENT, clock)
            self.upkeep.round()

    def recheck_each(self, times, hours):
        """Nobody speaks and nobody listens; what is kept is looked for again, `times` times, so many hours apart."""
        for _ in range(times):
            self._pass(hours * HOUR)
            self.absorb()
            told = -1
            while told != (told := len(waiting(self.kept.incoming))):
                self._pass(BETWEEN)
                self.looks.round(self.on)
            self.absorb()

    def heard(self):
        """Per source, the numbers of all that was said and is in the store, or in the batches when there is none."""
        rows = self.rows(MENTIONS) if self.store else self._lines()
        by_brought, found = {world.brings: world for world in self.worlds}, {one.source: [] for one in self.worlds}
        for row in rows:
            world = by_brought[row["source"]]
            is_there = "case" in row["words"]
            found[world.source].append(int(row["words"].split("case")[1]) if is_there else world.number_of(row["id"]))
        return found

    def _lines(self):
        lines = [json.loads(line) for batch in waiting(self.kept.incoming) for line in batch.read_bytes().splitlines()]
        self.runs = [line["run"] for line in lines if "run" in line]
        self.topics = [line["topic"] for line in lines if "topic" in line]
        once = {line["id"]: line for line in lines if "id" in line}.values()
        return [
            {"id": one["id"], "source": one["source"], "words": f"{one.get('title', '')} {one['text']}"} for one in once
        ]

    def rows(self, sql):
        with self.store.read() as connection:
            return connection.rows(sql)

    def close(self):
        if self.store:
            self.store.close()
        for world in self.worlds:
            world.server.close()


def words(number):
    """By which what was said is found again, wherever it lies."""
    return f"case{number:07}case"


RUNS = "SELECT count(*) AS visits, count(error) AS failed, count(*) FILTER (gaps <> '[]') AS gaps FROM run"
MENTIONS = "SELECT id, source, coalesce(title, '') || ' ' || text AS words FROM mention"
EXPIRED = "SELECT id, source FROM mention WHERE id IN (SELECT mention_id FROM expired)"
SEEN = """
SELECT mention.source, min(sighting.checked_at) AS seen_at
FROM mention JOIN sighting ON sighting.mention_id = mention.id
WHERE mention.id NOT IN (SELECT mention_id FROM expired)
GROUP BY mention.source
"""
TOPICS = "SELECT CAST(week_on AS VARCHAR) AS week, subject, topic, mentions FROM topic"
