"""The days of `make test-days`: none lies in the past, and the clock is moved for all that tells the time."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.days import __main__ as command

ON_A_LEAP_DAY = datetime(2028, 2, 29, 23, 30, tzinfo=UTC)
TOLD = """
import datetime, os, pathlib, sys, threading, time
import duckdb
file = pathlib.Path(sys.argv[1])
file.write_text("x")
began = time.monotonic()
time.sleep(0.01)
threading.Event().wait(0.01)
assert 0.01 < time.monotonic() - began
assert abs(time.time() - file.stat().st_mtime) < 60
os.utime(file, (time.time() - 3600,) * 2)
assert 3500 < time.time() - file.stat().st_mtime < 3700
print(datetime.datetime.now(datetime.UTC).date(), duckdb.sql("SELECT CAST(now() AS DATE)").fetchone()[0])
"""


@pytest.mark.parametrize(
    "now", [ON_A_LEAP_DAY, datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)]
)
def test_each_day_is_the_next_of_its_kind(now):
    runs = list(command.days(now))
    assert len(runs) == 14
    assert all(now < run.begins < now + timedelta(days=4 * 366 + 1) for run in runs)
    assert [run.begins.astimezone(ZoneInfo(run.zone)).strftime("%d %b") for run in runs if run.name == "leap day"] == (
        ["29 Feb"] * 2
    )


def test_clocks_are_changed_where_the_run_says_so():
    changes = [run for run in command.days(ON_A_LEAP_DAY) if run.name == "change of summer time"]
    for run in changes:
        before, after = (at.astimezone(ZoneInfo(run.zone)) for at in (run.begins, run.begins + 2 * command.EARLIER))
        assert before.utcoffset() != after.utcoffset()
    assert [run.zone for run in changes] == [command.BERLIN] * 2 + [command.ST_JOHNS] * 2


def test_a_process_of_a_moved_clock_lives_on_that_day(tmp_path):
    try:
        clock = command.built(tmp_path)
    except command.NoClock as reason:
        pytest.skip(str(reason))
    ahead = int(os.environ.get("CLOCK_AHEAD", "0")) + 400 * 86_400  # on one of those days our own clock is moved
    environment = os.environ | {"LD_PRELOAD": str(clock), "CLOCK_AHEAD": str(ahead), "TZ": "UTC"}
    days = [datetime.now(UTC).date() + timedelta(days=400)]
    done = subprocess.run(
        [sys.executable, "-c", TOLD, str(tmp_path / "file")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    days.append(datetime.now(UTC).date() + timedelta(days=400))
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.strip() in [f"{day} {day}" for day in days]
