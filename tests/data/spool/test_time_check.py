"""The time check: the clock is believed by the time that passed, by what a source said, or by what a person says."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from data import clock as clocks_module
from data.clock import Moment
from data.spool import time_check
from data.spool.time_check import KEEP_EVERY, KEPT, PATIENCE, TOLD, TimeCheck, note_told, read
from tests.data.builders import HOUR, NOON
from tests.odd_things import ODD

DAY = timedelta(days=1)


class Machine:
    """A machine whose clocks are moved by hand."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.at, self.seconds, self.boot = folder, NOON, 5_000.0, "first"
        self._monkeypatch = monkeypatch
        self._use_boot()

    def _use_boot(self):
        self._monkeypatch.setattr(clocks_module, "boot", lambda: self.boot)

    def passes(self, length):
        """Time goes by, awake or asleep: both clocks see it."""
        self.at += length
        self.seconds += length.total_seconds()

    def jumps(self, length):
        """Somebody sets the wall clock."""
        self.at += length

    def starts_anew(self, off=timedelta()):
        """The machine was off for so long, and started."""
        self.at += off
        self.seconds, self.boot = 20.0, self.boot + "+"

    def check(self, newest=None):
        """What a process that begins now goes by."""
        return TimeCheck(self.folder, lambda: newest, lambda: self.at, lambda: self.seconds)

    def is_told(self, at):
        """A source answers, and tells the time with it."""
        note_told(self.folder, at, Moment(self.at, self.boot, self.seconds))


@pytest.fixture
def machine(tmp_path, monkeypatch):
    return Machine(tmp_path / "clock", monkeypatch)


@pytest.fixture
def check(machine):
    """A check that has looked once."""
    check = machine.check()
    assert check.look().is_believed
    return check


@pytest.mark.parametrize("length", [timedelta(seconds=2), HOUR, 3 * DAY, 400 * DAY], ids=str)
def test_time_that_passes_while_the_machine_runs_or_sleeps_is_believed(machine, check, length):
    machine.passes(length)
    assert check.look() == time_check.BELIEVED
    assert machine.check().look() == time_check.BELIEVED, "an app that was off meanwhile"


@pytest.mark.parametrize("jump", [2 * HOUR, 365 * DAY, -2 * HOUR, -365 * DAY], ids=str)
def test_a_clock_that_is_set_is_not_believed_until_it_comes_back(machine, check, jump):
    machine.jumps(jump)
    for looking in (check, machine.check()):
        verdict = looking.look()
        assert (verdict.is_believed, verdict.asks) == (False, True)
        assert ("ahead" if jump > timedelta() else "back") in verdict.says
    machine.passes(2 * DAY)
    assert not check.look().is_believed
    machine.jumps(-jump)
    assert check.look() == time_check.BELIEVED


@pytest.mark.parametrize("jump", [timedelta(minutes=50), timedelta(minutes=-50)], ids=str)
def test_a_small_correction_is_believed(machine, check, jump):
    machine.jumps(jump)
    assert check.look().is_believed


def test_a_jump_is_told_with_the_time_and_what_to_do(machine, check):
    machine.jumps(365 * DAY)
    said = check.look().says
    assert said.startswith("The clock of this machine says 20 November 2027, 12:00 UTC: it was set ahead by 365 days, ")
    assert "python -m data clock --confirm" in said


def test_a_jump_is_rounded_since_it_is_seen_a_moment_later(machine, check):
    machine.jumps(365 * DAY)
    machine.passes(timedelta(seconds=2))
    machine.jumps(timedelta(seconds=-4))
    assert "it was set ahead by 365 days, which did not pass" in check.look().says


def test_a_person_confirms_and_it_holds_for_other_processes(machine, check):
    machine.jumps(365 * DAY)
    assert not check.look().is_believed
    assert machine.check().confirm() == machine.at
    assert check.look() == time_check.BELIEVED
    machine.jumps(-365 * DAY)
    assert not check.look().is_believed


@pytest.mark.parametrize("off", [timedelta(), timedelta(minutes=40)], ids=str)
def test_a_machine_that_starts_anew_soon_is_believed(machine, check, off):
    machine.starts_anew(off)
    assert machine.check().look().is_believed


@pytest.mark.parametrize("off", [10 * HOUR, 60 * DAY, -60 * DAY], ids=str)
def test_after_a_long_pause_a_source_settles_it_and_nobody_is_asked(machine, check, off):
    machine.starts_anew(off)
    begun = machine.check()
    verdict = begun.look()
    assert (verdict.is_believed, verdict.asks) == (False, False)
    machine.passes(timedelta(seconds=30))
    machine.is_told(machine.at + timedelta(seconds=2))
    assert begun.look() == time_check.BELIEVED
    (machine.folder / TOLD).unlink()
    assert begun.look() == time_check.BELIEVED, "it was kept"


def test_where_no_source_answers_a_person_is_asked_after_a_while(machine, check):
    machine.starts_anew(10 * HOUR)
    begun = machine.check()
    assert not begun.look().asks
    machine.passes(timedelta(seconds=PATIENCE + 1))
    verdict = begun.look()
    assert (verdict.is_believed, verdict.asks) == (False, True)
    assert "Hearback did not run for 10 hours, or the clock is wrong" in verdict.says


def test_a_machine_that_starts_with_a_wrong_clock_hears_the_right_time(machine, check):
    machine.starts_anew(365 * DAY)
    machine.is_told(NOON + HOUR)
    verdict = machine.check().look()
    assert not verdict.is_believed
    assert "By what a source said, it is 20 November 2026, 13:00 UTC now." in verdict.says


def test_what_a_source_said_before_the_machine_started_anew_settles_nothing(machine, check):
    machine.is_told(machine.at)
    machine.starts_anew(10 * HOUR)
    assert not machine.check().look().is_believed


def test_a_clock_that_was_wrong_from_the_first_start_counts_time_all_the_same(machine, check):
    machine.is_told(machine.at - 100 * DAY)
    assert check.look().is_believed
    machine.passes(DAY)
    assert check.look().is_believed


def test_what_the_store_knows_stands_in_where_no_moment_was_kept(machine):
    assert machine.check(newest=NOON - 30 * timedelta(minutes=1)).look().is_believed
    (machine.folder / KEPT).unlink()
    assert not machine.check(newest=NOON - 30 * DAY).look().is_believed
    assert not (machine.folder / KEPT).exists()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"at": 3}', '{"at": "2026-11-20T12:00:00", "boot": "", "running": 1}']
)
def test_a_damaged_file_is_as_good_as_none(machine, content):
    machine.folder.mkdir()
    (machine.folder / KEPT).write_text(content)
    (machine.folder / TOLD).write_text(content)
    assert read(machine.folder / KEPT) is None
    assert not machine.check(newest=NOON - DAY).look().is_believed
    assert machine.check().look().is_believed


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_file_is_as_good_as_none(machine, odd):
    machine.folder.mkdir()
    for name in (KEPT, TOLD):
        ODD[odd](machine.folder / name)
        assert read(machine.folder / name) is None
        (machine.folder.parent / "outside.txt").unlink(missing_ok=True)
    assert not machine.check(newest=NOON - DAY).look().is_believed
    assert machine.check().look().is_believed


def test_the_newest_moment_is_written_now_and_then_only(machine, check):
    first = json.loads((machine.folder / KEPT).read_text())
    machine.passes(timedelta(seconds=KEEP_EVERY / 2))
    check.look()
    assert json.loads((machine.folder / KEPT).read_text()) == first
    machine.passes(timedelta(seconds=KEEP_EVERY))
    check.look()
    assert json.loads((machine.folder / KEPT).read_text())["at"] == machine.at.isoformat()


def test_a_jump_never_becomes_the_newest_moment(machine, check):
    first = json.loads((machine.folder / KEPT).read_text())
    machine.jumps(365 * DAY)
    for _ in range(3):
        machine.passes(DAY)
        check.look()
    assert json.loads((machine.folder / KEPT).read_text()) == first
