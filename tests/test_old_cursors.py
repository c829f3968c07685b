"""What the listeners of an older version left in its data folder (tests/data/old_folder) is read, and they go on."""

from __future__ import annotations

import json
import shutil
import socket

import pytest

from data.settings import Places
from data.setup import load, save_source
from data.spool.batches import waiting
from data.spool.pushes import SUFFIX
from listeners.budget import Ledger
from listeners.schedule.rechecks import RecheckSchedule
from listeners.schedule.runs import tasks
from listeners.schedule.schedule import Schedule
from tests import old_folder
from tests.listeners.worlds import worlds
from tests.old_folder import NOON
from tests.test_old_folder import HOUR, command

EACH = (
    *("hackernews", "reddit", "reddit_feed", "rss", "stackexchange", "bluesky", "mastodon", "youtube", "product_page"),
    *("trustpilot", "yelp", "google_business", "google_play", "app_store", "x"),
)
UNREAD = {"x": 7}  # six that its cap left unread, and the oldest that was read, where the two stretches meet
NEW = "my acme umbrella stand fell over for the third time, please help"


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return old_folder.unpack(tmp_path_factory.mktemp("old"))


@pytest.fixture
def told(archive):
    return archive[1]


@pytest.fixture
def places(archive, tmp_path):
    return Places(shutil.copytree(archive[0].root, tmp_path / "kept"))


@pytest.fixture
def world(request, monkeypatch, tmp_path, told):
    """One source's server, by the name it had for the old version, where everything was said that was said then."""
    built = {one.source: one for one in worlds(NOON)}
    chosen = built[request.param]
    for one in built.values():
        if one is not chosen:
            one.server.close()
    host, port = f"{chosen.source.replace('_', '-')}.harbour.test", int(chosen.server.url.rpartition(":")[2])
    well = socket.getaddrinfo

    def known(name, *rest, **more):
        here = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
        return [here] if name == host else well(name, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", known)
    monkeypatch.setattr(type(chosen.server), "url", f"http://{host}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,.harbour.test")
    monkeypatch.setattr("data.settings.SECRETS", tmp_path / "no-secrets.toml")
    for name, value in chosen.secrets.items():
        monkeypatch.setenv(name, value)
    for number, instant, words in told["said"][chosen.source]:
        chosen.say(number, NOON.fromisoformat(instant), words)
    yield chosen
    chosen.server.close()


def visit(world, places, now=NOON):
    """One visit at `now`; the lines of the batch it left, and what it said of troubles."""
    before, said = waiting(places.incoming), []
    [outcome] = Schedule([world.listener()], places, said.append, clock=lambda: now).once(load(places.setup))
    assert (outcome.failed, outcome.error) == (False, None), said
    [batch] = [path for path in waiting(places.incoming) if path not in before]
    return [json.loads(line) for line in batch.read_bytes().splitlines()]


def numbers(lines, sayings):
    """Which sayings the mentions among these lines are, each as often as it came."""
    words = [f"{line.get('title') or ''} {line['text']}" for line in lines if "id" in line]
    return sorted(number for number, _, text in sayings for one in words if text in one)


@pytest.mark.parametrize("world", EACH, indirect=True)
def test_a_source_is_read_on_from_its_old_cursor_and_not_from_the_start(world, places, told):
    sayings = told["said"][world.source]
    new = [len(sayings) + 1, (NOON - HOUR).isoformat(), NEW]
    world.say(new[0], NOON - HOUR, NEW)
    world.be(NOON)
    if world.source == "mastodon":
        for tag in ("bolt", "rivalware"):
            world.instance.lists[f"/api/v1/timelines/tag/{tag}"] = []
            world.server.answers[f"/api/v1/timelines/tag/{tag}"] = world.instance.page
    if world.is_paid:
        save_source(places.setup, world.source, {"dollars_a_month": 50})
    lines = visit(world, places)
    left = [number for number, _, _ in sayings][: UNREAD.get(world.source, 0)]
    assert numbers(lines, [*sayings, new]) == [*left, new[0]]
    assert len([line for line in lines if "id" in line]) == len(left) + 1
    assert not list(places.cursors.glob("*.broken"))
    world.be(NOON + HOUR)
    assert numbers(visit(world, places, NOON + HOUR), [*sayings, new]) == []


@pytest.mark.parametrize("world", ["hackernews"], indirect=True)
def test_a_word_that_the_old_cursor_does_not_know_is_looked_for_from_the_start(world, places):
    setup = places.setup.read_text(encoding="utf-8")
    places.setup.write_text(setup.replace('terms = ["acme"]', 'terms = ["acme", "my acme"]'), encoding="utf-8")
    brought = {line["id"] for line in visit(world, places) if "id" in line}
    assert brought == {f"hackernews:{number}" for number in (1, 2, 3, 4)}


@pytest.mark.parametrize("world", ["amazon"], indirect=True)
def test_a_week_of_topics_that_was_counted_is_not_told_again(world, places):
    world.be(NOON)
    lines = visit(world, places)
    assert {line["topic"]["subject"] for line in lines if "topic" in line} <= {"B0EXAMPLE4"}  # the one not read yet


@pytest.mark.parametrize("world", ["hackernews"], indirect=True)
def test_the_list_of_what_to_look_for_again_is_worked_off(world, places):
    world.take_back(2, NOON)
    listener, before = world.listener(), waiting(places.incoming)
    rechecks = RecheckSchedule([world.rechecker(listener)], places, print, lambda: NOON, lambda work: work())
    rechecks.round(tasks([listener], load(places.setup)))
    [batch] = [path for path in waiting(places.incoming) if path not in before]
    lines = [json.loads(line) for line in batch.read_bytes().splitlines()]
    assert [line["gone"]["id"] for line in lines if "gone" in line] == ["hackernews:2"]
    assert {line["checked"]["id"] for line in lines if "checked" in line} == {"hackernews:1", "hackernews:3"}


def test_what_was_spent_this_month_still_counts_against_the_cap(places):
    options = load(places.setup).sources["x"]
    assert round(Ledger(places.budgets, "x", options, NOON).spent, 3) == 0.06
    assert round(Ledger(places.budgets, "yelp", {"dollars_a_month": 1}, NOON).left, 3) == 0.98


def test_a_push_that_waits_is_taken_in_and_the_one_that_was_read_goes(places, told):
    assert len(list(places.intake.glob(f"*{SUFFIX}"))) == 2
    before = waiting(places.incoming)
    for brought in ([5], []):
        done = command(places, "--once", "--only", "webhook", module="listeners", HEARBACK_WEBHOOK_NEWSFEED="x" * 32)
        assert (done.returncode, done.stderr) == (0, "")
        [batch] = [path for path in waiting(places.incoming) if path not in before]
        before.append(batch)
        lines = [json.loads(line) for line in batch.read_bytes().splitlines()]
        assert numbers(lines, told["said"]["webhook"]) == brought
    assert list(places.intake.glob(f"*{SUFFIX}")) == []
