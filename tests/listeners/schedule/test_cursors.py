"""The sources' cursors: each is what its source writes, and one that was damaged is kept aside and said once."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from data import setup
from data.models import Brand
from data.settings import Places
from data.spool.budgets import CAP
from listeners.registry import LISTENERS
from listeners.schedule import cursor_shapes, cursors
from listeners.schedule.schedule import Schedule
from tests.listeners.clockwork import NOON
from tests.listeners.worlds import worlds
from tests.odd_things import ODD

HOUR = timedelta(hours=1)
WITHOUT_SLICES = {"sample", "webhook"}
OTHERS = (None, 5, -1e300, "a text", [1], {"a": 1}, True)  # what may stand in the place of anything


@pytest.fixture
def world(request, monkeypatch, tmp_path):
    """One source's server, where something was said an hour ago."""
    built = {one.source: one for one in worlds(NOON)}
    chosen = built.pop(request.param)
    for one in built.values():
        one.server.close()
    monkeypatch.setattr("data.settings.SECRETS", tmp_path / "no-secrets.toml")
    for name, value in chosen.secrets.items():
        monkeypatch.setenv(name, value)
    chosen.be(NOON)
    if chosen.speaks:
        for number in (1, 2):
            chosen.say(number, NOON - number * HOUR, f"my acme kettle broke {number}")
    yield chosen
    chosen.server.close()


@pytest.fixture
def places(world, tmp_path):
    here = Places(tmp_path / "kept")
    setup.save_brands(here.setup, [Brand("Acme", ("acme",))])
    setup.save_source(here.setup, world.source, world.setup | ({CAP: 5_000} if world.is_paid else {}))
    world.meet(here)
    return here


def visit(world, places, at=NOON):
    """One run at `at`: how it ended, and what was said."""
    said: list[str] = []
    [outcome] = Schedule([world.listener()], places, said.append, clock=lambda: at).once(setup.load(places.setup))
    return outcome, said


def parts(value, path=()):
    """The paths to a few values on every level, and to the whole."""
    yield path
    held = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    for name, one in held[:2] + held[-1:]:
        yield from parts(one, (*path, name))


def changed(value, path, other):
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], other)
    return copy


def test_every_source_that_keeps_slices_says_what_they_look_like():
    assert {listener.source for listener in LISTENERS} - WITHOUT_SLICES == set(cursor_shapes.SLICES)


@pytest.mark.parametrize("world", sorted(cursor_shapes.SLICES), indirect=True)
def test_what_a_source_writes_fits_and_what_does_not_fit_fails_no_run(world, places):
    for at in (NOON, NOON + HOUR):
        world.be(at)
        outcome, said = visit(world, places, at)
        assert not outcome.failed, said
    file = places.cursors / f"{world.source}.json"
    good = json.loads(file.read_bytes())
    assert cursor_shapes.wrong(world.source, good) is None
    for number, path in enumerate(dict.fromkeys(parts(good))):
        file.write_text(json.dumps(changed(good, path, OTHERS[number % len(OTHERS)])), encoding="utf-8")
        outcome, said = visit(world, places, NOON + HOUR)
        assert "fault of Hearback" not in "".join(said), path
        assert not outcome.failed, (path, said)


DAMAGED = {
    "nothing": b"",
    "half": b'{"turns": {"a": {"read_at"',
    "no text": bytes(range(128, 256)),
    "a list": b"[]",
    "deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "turns a list": b'{"turns": []}',
    "a turn without its instant": b'{"turns": {"acme": {"due": "2026-11-23T12:00:00+00:00"}}}',
    "an instant without a zone": b'{"turns": {"acme": {"read_at": "2026-11-23T12:00:00"}}}',
    "a slice a number": b'{"stretches": {"acme": 7}}',
    "a known one a number": b'{"stretches": {"acme": {"known": {"hackernews:1": 1}}}}',
    "a time a text": b'{"stretches": {"acme": {"since": "now"}}}',
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_cursor_is_kept_aside_and_said_once(tmp_path, what):
    said: list[str] = []
    (tmp_path / "hackernews.json").write_bytes(DAMAGED[what])
    assert cursors.load(tmp_path, "hackernews", said.append) == {}
    assert (tmp_path / "hackernews.broken").read_bytes() == DAMAGED[what]
    [sentence] = said
    assert sentence.startswith("hackernews: hackernews.json in ")
    assert sentence.endswith("kept as hackernews.broken; the source is read anew.")
    assert cursors.load(tmp_path, "hackernews", said.append) == {}
    assert len(said) == 1


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_file_is_kept_aside_too(tmp_path, odd):
    (tmp_path / "cursors").mkdir()
    ODD[odd](tmp_path / "cursors" / "hackernews.json")
    assert cursors.load(tmp_path / "cursors", "hackernews") == {}
    cursors.save(tmp_path / "cursors", "hackernews", {"asked_for": "acme"})
    assert cursors.load(tmp_path / "cursors", "hackernews") == {"asked_for": "acme"}


def test_what_another_version_adds_is_left_alone():
    cursor = {"news": 1, "turns": {"a": {"read_at": NOON.isoformat(), "new": []}}, "stretches": {"a": {"new": {}}}}
    assert cursor_shapes.wrong("hackernews", cursor) is None
