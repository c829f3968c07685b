"""All sources for days on end, with faults: nothing is lost, nothing doubled, no budget passed, deletions followed.

Time is simulated: all clocks jump from one event to the next. Three hours run with the suite, ten days with
`make bench`; HEARBACK_SOAK_DAYS says another length. A source that shows only its newest few is not told more at once
than it ever shows: what nobody can hear cannot be lost.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from datetime import timedelta

import pyarrow.parquet
import pytest

from data.analytics.published import latest
from listeners.budget import Ledger
from listeners.retention import retention_policies
from tests.listeners.clockwork import NOON
from tests.listeners.soaking import DAY, EXPIRED, FAULTS, HOUR, LONGEST_LOOK, RUNS, SEEN, TOPICS, Soak, words
from tests.listeners.worlds import worlds

DAYS = float(os.environ.get("HEARBACK_SOAK_DAYS", "10"))


@pytest.fixture
def begin(kept, monkeypatch):
    begun = []

    def soak(**facts):
        begun.append(Soak(kept, monkeypatch, **facts))
        return begun[0]

    yield soak
    for one in begun:
        one.close()


def the_world(soak, source):
    return next(world for world in soak.worlds if world.source == source)


def lose_nothing(soak):
    heard = soak.heard()
    for source, said in soak.said.items():
        missing, doubled = said.keys() - set(heard[source]), len(heard[source]) - len(set(heard[source]))
        assert (source, sorted(missing)[:5], doubled) == (source, [], 0)


def know_every_weeks_topics_once(soak):
    known = Counter(tuple(row.values()) for row in soak.rows(TOPICS))
    assert known == Counter(the_world(soak, "amazon").expected)
    assert known


def spend_no_more_than_the_cap(soak):
    soak.settle()
    assert all(soak.settled[world.source] > 0 for world in soak.worlds if world.is_paid)


def test_three_hours_of_faults_lose_nothing_and_double_nothing(begin):
    soak = begin(only={world.source for world in worlds(NOON) if world.listener().every <= timedelta(hours=1)})
    for world in soak.worlds:
        soak.speak(world)
    soak.days_go_by(1 / 8)
    soak.listen(1.5 * HOUR)  # in peace: back-offs end, what was put off is read
    lose_nothing(soak)
    assert not [gap for run in soak.runs for gap in run["gaps"]]
    counted = {(one["week_on"], one["subject"], one["topic"], one["mentions"]) for one in soak.topics}
    assert counted == the_world(soak, "amazon").expected
    spend_no_more_than_the_cap(soak)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_ten_days_of_faults_lose_nothing_double_nothing_and_keep_nothing_that_was_deleted(begin):
    soak, began = begin(stored=True), time.monotonic()
    soak.days_go_by(DAYS)
    soak.listen(1.5 * DAY)
    soak.absorb()
    speed = (soak.hours.steady - 1000.0) / (time.monotonic() - began)
    lose_nothing(soak)
    know_every_weeks_topics_once(soak)
    [runs] = soak.rows(RUNS)
    assert runs["gaps"] == 0
    spend_no_more_than_the_cap(soak)
    keep_nothing_expired(soak)
    soak.recheck_each(times=2 * LONGEST_LOOK.days + 2, hours=12)
    lose_nothing(soak)
    expired = keep_nothing_expired(soak)
    keep_nothing_deleted(soak)
    print(
        f"{soak.number:,} things said, {runs}, {soak.kills} kills, {len(soak.gone)} deleted, {expired} expired, "
        f"{speed:,.0f} times life, {time.process_time():,.0f} s of a core"
    )
    assert DAYS < 1 or speed > 100, "a hundred times as fast as life at least"


@pytest.mark.timeout(1800)
def test_what_was_deleted_at_its_source_is_found_in_no_file(begin):
    soak = begin(only={"trustpilot", "product_page", "mastodon", "yelp", "webhook"}, stored=True)
    soak.taken_back, soak.said_again = 0.6, 0.5
    for _ in range(3):
        for world in soak.worlds:
            soak.speak(world, 5)
        soak.days_go_by(1 / 16)
        soak.absorb()
    soak._pass(8 * HOUR)  # nobody listens, until every source is due, Yelp last
    soak.listen(HOUR)
    soak.recheck_each(times=3, hours=12)
    lose_nothing(soak)
    assert keep_nothing_expired(soak)
    assert set(soak.gone.values()) == {"trustpilot", "product_page", "mastodon", "webhook"}
    keep_nothing_deleted(soak)


def keep_nothing_deleted(soak):
    """Not in the store, and no byte of it in any file; what stands is found the same way."""
    heard = {number for numbers in soak.heard().values() for number in numbers}
    assert soak.gone
    assert not heard & soak.gone.keys()
    held, expired = everything(soak), numbers_expired(soak)
    assert all(words(number) in held for number in sorted(heard - expired)[:50])
    assert not [number for number in sorted(soak.gone) if words(number) in held]


def keep_nothing_expired(soak):
    """No word that is older than its source allows is in the store or any file; how many expired."""
    seen = {row["source"]: row["seen_at"] for row in soak.rows(SEEN)}
    for one in retention_policies():
        if one.lifetime and one.source in seen:
            assert soak.hours.wall - seen[one.source] < one.lifetime
    held, expired = everything(soak), numbers_expired(soak)
    assert not [number for number in sorted(expired) if words(number) in held]
    return len(expired)


def numbers_expired(soak):
    by_brought = {world.brings: world for world in soak.worlds}
    return {by_brought[row["source"]].number_of(row["id"]) for row in soak.rows(EXPIRED)}


def everything(soak):
    """All that the data folder holds, as text; the published copies are compressed, so they are read."""
    soak.hours.pass_by(DAY / 4)  # whatever the upkeep puts off to spare the disk is due by then
    soak.upkeep.round()
    assert not soak.rows("SELECT id FROM erasure WHERE rewritten_at IS NULL")
    files = [path for path in soak.kept.root.rglob("*") if path.is_file()]
    assert latest(soak.kept.published)
    tables = [pyarrow.parquet.read_table(path).to_pylist() for path in files if path.suffix == ".parquet"]
    return b"".join(path.read_bytes() for path in files).decode("latin-1") + repr(tables)


@pytest.mark.parametrize("cap", [0.4])
def test_with_little_money_the_bill_never_passes_the_cap(begin, kept, cap):
    soak = begin(cap=cap, only={"x"})
    [x] = soak.worlds
    soak.trouble = FAULTS
    for _ in range(30):
        soak.speak(x, 12)
        soak.listen(HOUR)
    ledger = Ledger(kept.budgets, "x", {"dollars_a_month": cap}, soak.hours.wall)
    assert 0.1 < x.server.bill <= ledger.spent + 0.001 <= cap + 0.002
    assert any("the month's cap of $0.40 is reached" in said for said in soak.told)
    assert len(soak.heard()["x"]) >= 20, "what was paid for is kept"
