"""All sources for days on end, with faults: nothing is lost, nothing doubled, no budget passed, deletions followed.

Time is simulated: both clocks jump from one event to the next. Three hours run with the suite, ten days with
`make bench`; HEARBACK_SOAK_DAYS says another length.
"""

from __future__ import annotations

import json
import os
import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from data import absorber, rewriting, setup
from data.incoming import waiting
from data.models import Brand
from data.store import Store
from listeners import cursors
from listeners.budget import Ledger
from tests.data.builders import JUDGEMENT
from tests.listeners.clockwork import NOON, Hours
from tests.listeners.worlds import XWorld, faults, worlds

DAYS = float(os.environ.get("HEARBACK_SOAK_DAYS", "10"))
SEED = 20261124
HOUR, DAY = 3_600.0, 86_400.0
UNCOMPRESSED = {"force_compression": "uncompressed"}  # else a search for erased words could not fail
FAULTS, TWICE, LATE, KILLS, TAKEN_BACK = 0.05, 0.03, 0.1, 0.01, 0.05  # shares: of requests, of what is said, of visits


class Soak:
    """Worlds in which people speak at random, and the listeners that must hear them all."""

    def __init__(self, kept, monkeypatch, *, cap=1_000.0, only=None, stored=False):
        """`stored`: with a real store that takes the batches in, which is most of the time it takes. It goes by the
        real clock and sets aside what lies days ahead of it, so the simulated days end before the present."""
        self.kept, self.cap = kept, cap
        self.began = datetime.now(UTC) - timedelta(days=DAYS + 3) if stored else NOON
        self.chance = random.Random(SEED)
        self.hours = Hours(self.chance.random, self.began)
        built = [world for world in worlds(self.began) if not world.misses_bursts]
        self.worlds = [world for world in built if only is None or world.source in only]
        self.trouble = 0.0  # the share of requests that fail
        self.out: dict[str, float] = {}  # world -> until when it answers nothing
        self.said: dict[str, set[int]] = {world.source: set() for world in self.worlds}
        self.gone: set[int] = set()
        self.told: list[str] = []
        self.taken_back = TAKEN_BACK
        self.kills = 0
        self.number = 0
        kept.root.mkdir(parents=True)
        setup.save_brands(kept.setup, [Brand("Acme", ("acme",))])
        for world in self.worlds:
            paid = {"dollars_a_month": cap} if isinstance(world, XWorld) else {}
            setup.save_source(kept.setup, world.source, world.setup | paid)
            world.fail_with(self._weather(world))
            for name, value in world.secrets.items():
                monkeypatch.setenv(name, value)
        self._die_at_random(monkeypatch)
        self.store = Store(kept.store, settings=UNCOMPRESSED) if stored else None
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
        """A new listeners' process."""
        self.hours.started.waiting.clear()
        sources = [world.listener() for world in self.worlds]
        self.schedule = self.hours.schedule(self.kept, *sources, said=self.told)
        self.schedule.follow(setup.load(self.kept.setup))

    def listen(self, seconds):
        """The listeners work for so long."""
        ends = self.hours.steady + seconds
        while self.hours.steady < ends:
            killed = self.kills
            wait = self.hours.look()
            if self.kills > killed:
                self.start()
            self._pass(min(wait, ends - self.hours.steady))

    def _pass(self, seconds):
        self.hours.pass_by(max(seconds, 0.001))
        for world in self.worlds:
            world.be(self.hours.wall)
            world.server.requests.clear()

    def speak(self, world, count=1):
        for _ in range(count):
            self.number += 1
            late = self.chance.random() < LATE and not isinstance(world, XWorld)
            at = self.hours.wall - timedelta(seconds=self.chance.uniform(0, 240) if late else 0)
            for _ in range(2 if world.shows_twice and self.chance.random() < TWICE else 1):
                world.say(self.number, at.replace(microsecond=0), f"acme case{self.number:07}case is slow")
            self.said[world.source].add(self.number)

    def take_back(self, world):
        """Somebody deletes what they said a while ago, where the source tells of it by itself."""
        mine = sorted(self.said[world.source])[-200:-3]
        if mine and world.tells_deletions:
            number = self.chance.choice(mine)
            world.take_back(number, self.hours.wall)
            self.said[world.source].discard(number)
            self.gone.add(number)

    def days_go_by(self, days):
        """People speak, servers fail, lines break, processes die; every few hours something larger happens."""
        self.trouble, ends = FAULTS, self.hours.steady + days * DAY
        while self.hours.steady < ends:
            for world in self.worlds:
                self.speak(world, self.chance.choice((0, 0, 1, 1, 2)))
                if self.chance.random() < self.taken_back:
                    self.take_back(world)
            self.listen(self.chance.uniform(0.1, 1) * HOUR)
            self._something_larger()
        self.trouble = 0.0
        self.out.clear()

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
        elif event < 0.25:
            self.absorb()

    def absorb(self):
        if self.store:
            done = list(absorber.absorb_waiting(self.store, JUDGEMENT, self.kept))
            assert not [one for one in done if one.unreadable]

    def heard(self):
        """Per source, the numbers of all that was said and is in the store, or in the batches when there is none."""
        rows = self.rows(MENTIONS) if self.store else self._lines()
        found = {world.source: [] for world in self.worlds}
        for row in rows:
            found[row["source"]].append(int(row["words"].split("case")[1]))
        return found

    def _lines(self):
        lines = [json.loads(line) for batch in waiting(self.kept.incoming) for line in batch.read_bytes().splitlines()]
        self.visits = [line["run"] for line in lines if "run" in line]
        once = {line["id"]: line for line in lines if "id" in line}.values()
        return [{"source": one["source"], "words": f"{one.get('title', '')} {one['text']}"} for one in once]

    def rows(self, sql):
        with self.store.read() as connection:
            return connection.rows(sql)

    def close(self):
        if self.store:
            self.store.close()
        for world in self.worlds:
            world.server.close()


RUNS = "SELECT count(*) AS visits, count(error) AS failed, count(*) FILTER (gaps <> '[]') AS gaps FROM run"
MENTIONS = "SELECT source, coalesce(title, '') || ' ' || text AS words FROM mention"


@pytest.fixture
def begin(kept, monkeypatch):
    begun = []

    def soak(**facts):
        begun.append(Soak(kept, monkeypatch, **facts))
        return begun[0]

    yield soak
    for one in begun:
        one.close()


def lose_nothing(soak):
    heard = soak.heard()
    for source, said in soak.said.items():
        missing, doubled = said - set(heard[source]), len(heard[source]) - len(set(heard[source]))
        assert (source, sorted(missing)[:5], doubled) == (source, [], 0)


def spend_no_more_than_the_cap(soak):
    [x] = [world for world in soak.worlds if isinstance(world, XWorld)]
    booked = json.loads((soak.kept.budgets / "x.json").read_text())
    assert x.server.bill > 0
    assert booked["spent"] <= soak.cap
    if booked["month"] == f"{soak.began:%Y-%m}":
        assert x.server.bill <= booked["spent"] + 0.001, "no bill is larger than the books say"


def test_three_hours_of_faults_lose_nothing_and_double_nothing(begin):
    soak = begin(only={world.source for world in worlds(NOON) if world.listener().every <= timedelta(hours=1)})
    soak.days_go_by(1 / 8)
    soak.listen(1.5 * HOUR)  # in peace: back-offs end, what was put off is read
    lose_nothing(soak)
    assert not [gap for run in soak.visits for gap in run["gaps"]]
    spend_no_more_than_the_cap(soak)


@pytest.mark.soak
def test_ten_days_of_faults_lose_nothing_double_nothing_and_keep_nothing_that_was_deleted(begin):
    soak, began = begin(stored=True), time.monotonic()
    soak.days_go_by(DAYS)
    soak.listen(1.5 * DAY)
    soak.absorb()
    speed = (soak.hours.steady - 1000.0) / (time.monotonic() - began)
    lose_nothing(soak)
    [runs] = soak.rows(
        "SELECT count(*) AS visits, count(error) AS failed, count(*) FILTER (gaps <> '[]') AS gaps FROM run"
    )
    assert runs["gaps"] == 0
    spend_no_more_than_the_cap(soak)
    assert soak.gone
    keep_nothing_deleted(soak)
    print(f"{soak.number:,} things said, {runs}, {soak.kills} kills, {len(soak.gone)} deleted, {speed:,.0f} times life")
    assert DAYS < 1 or speed > 100, "a hundred times as fast as life at least"


def test_what_was_deleted_at_its_source_is_found_in_no_file(begin):
    soak = begin(only={"trustpilot", "product_page"}, stored=True)
    soak.taken_back = 0.3
    for _ in range(5):
        soak.days_go_by(1 / 16)
        soak.absorb()
    soak.listen(8 * HOUR)
    soak.absorb()
    lose_nothing(soak)
    assert soak.gone
    keep_nothing_deleted(soak)


def keep_nothing_deleted(soak):
    """Not in the store, and after it was written anew no byte of it in any file; what stands is found the same way."""
    heard = {number for numbers in soak.heard().values() for number in numbers}
    assert not heard & soak.gone
    assert rewriting.rewrite(soak.store, soak.hours.wall)
    held = b"".join(path.read_bytes() for path in soak.kept.root.rglob("*") if path.is_file())
    assert all(f"case{number:07}case".encode() in held for number in list(heard)[:50])
    assert not [number for number in soak.gone if f"case{number:07}case".encode() in held]


@pytest.mark.parametrize("cap", [0.4])
def test_with_little_money_the_bill_never_passes_the_cap(begin, kept, cap):
    soak = begin(cap=cap, only={"x"})
    [x] = soak.worlds
    soak.trouble = FAULTS
    for _ in range(30):
        soak.speak(x, 12)
        soak.listen(HOUR)
    books = Ledger(kept.budgets, "x", {"dollars_a_month": cap}, soak.hours.wall)
    assert 0.1 < x.server.bill <= books.spent + 0.001 <= cap + 0.002
    assert any("the month's cap of $0.40 is reached" in said for said in soak.told)
    assert len(soak.heard()["x"]) >= 20, "what was paid for is kept"
