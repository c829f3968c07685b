"""Runs the suite on other days and in other zones, and prints a line for each run.

`python -m tests.days [--only WORD] [PYTEST ARGUMENT ...]`; without arguments the whole suite, once for each day.
"""

from __future__ import annotations

import argparse
import calendar
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
CLOCK = Path(__file__).with_name("moved_clock.c")
KOLKATA, ST_JOHNS, BERLIN = "Asia/Kolkata", "America/St_Johns", "Europe/Berlin"
SUITE = ("--numprocesses", "3", "--dist", "loadfile", "--no-loadscope-reorder")
EARLIER = timedelta(minutes=2)  # a run begins before the moment and ends after it
TROUBLE = 60  # lines of a failed run that are shown


@dataclass(frozen=True)
class Day:
    """When a run begins, and in which zone."""

    name: str
    zone: str
    begins: datetime


def days(now: datetime) -> Iterator[Day]:
    """All runs. Each date is the next of its kind after `now`: the tests know moments that a clock set back would put
    into the future."""
    for zone in (KOLKATA, ST_JOHNS):
        yield Day("in 40 days", zone, now + timedelta(days=40))
        yield Day("in 200 days", zone, now + timedelta(days=200))
        yield Day("leap day", zone, _leap_day(now, ZoneInfo(zone)))
        yield Day("last minute of the year", zone, _last_minute(now, ZoneInfo(zone)))
    yield Day("last minute of the year in UTC", ST_JOHNS, _last_minute(now, UTC))
    yield Day("last minutes of a week in UTC", KOLKATA, _monday(now) - EARLIER)
    for zone in (BERLIN, ST_JOHNS):
        for change in _changes(zone, now):
            yield Day("change of summer time", zone, change - EARLIER)


def _leap_day(now: datetime, zone: ZoneInfo) -> datetime:
    years = (year for year in range(now.year, now.year + 9) if calendar.isleap(year))
    return next(noon for year in years if (noon := datetime(year, 2, 29, 12, tzinfo=zone)) > now)


def _last_minute(now: datetime, zone: tzinfo) -> datetime:
    return next(end for n in (0, 1) if (end := datetime(now.year + n, 12, 31, 23, 59, tzinfo=zone)) > now)


def _monday(now: datetime) -> datetime:
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=7 - midnight.weekday())


def _changes(zone: str, now: datetime) -> Iterator[datetime]:
    """The moments of the coming year at which the zone's clocks are changed."""
    began = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    quarters = (began + n * timedelta(minutes=15) for n in range(1, 366 * 96))
    for before, after in pairwise(quarters):
        if before.astimezone(ZoneInfo(zone)).utcoffset() != after.astimezone(ZoneInfo(zone)).utcoffset():
            yield after


def main(arguments: Sequence[str]) -> int:
    """Run the suite once for each day; exit code 1 when a run failed, 2 when no clock can be moved here."""
    parser = argparse.ArgumentParser(prog="python -m tests.days", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORD", help="runs whose day or zone has this in its name")
    parser.add_argument("--list", action="store_true", help="print the runs and leave")
    chosen, more = parser.parse_known_args(arguments)
    runs = [day for day in days(datetime.now(UTC)) if chosen.only.lower() in _title(day).lower()]
    if not runs:
        parser.error(f"no run has {chosen.only!r} in its name")
    if chosen.list:
        print("\n".join(map(_title, runs)))
        return 0
    with tempfile.TemporaryDirectory(prefix="hearback-days-") as folder:
        try:
            clock = built(Path(folder))
        except NoClock as reason:
            print(reason, file=sys.stderr)
            return 2
        red = [day for day in runs if not _is_green(day, clock, more)]
    return int(bool(red))


class NoClock(Exception):
    """No clock can be moved on this machine; the message says what to do."""


def built(folder: Path) -> Path:
    """The library that moves the clock, compiled into `folder`; NoClock where that cannot be done."""
    compiler = shutil.which("cc")
    if not sys.platform.startswith("linux") or compiler is None:
        raise NoClock("To move the clock takes Linux and a C compiler: apt-get install gcc libc6-dev")
    library = folder / "moved_clock.so"
    done = subprocess.run(
        [compiler, "-std=gnu11", "-O2", "-shared", "-fPIC", "-o", str(library), str(CLOCK)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NoClock(f"{CLOCK.name} cannot be built, perhaps without: apt-get install libc6-dev\n{done.stderr}")
    return library


def _is_green(day: Day, clock: Path, more: Sequence[str]) -> bool:
    ahead = round((day.begins - datetime.now(UTC)).total_seconds())
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *SUITE, *more],
        cwd=ROOT, env=os.environ | {"LD_PRELOAD": str(clock), "CLOCK_AHEAD": str(ahead), "TZ": day.zone},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    result = next((line.strip("= ") for line in reversed(lines) if " in " in line), f"ended early, {done.returncode}")
    print(f"{'failed' if done.returncode else 'green'}: {_title(day)}: {result}", flush=True)
    if done.returncode:
        print("\n".join(lines[-TROUBLE:]), flush=True)
    return done.returncode == 0


def _title(day: Day) -> str:
    return f"{day.name}, {day.begins.astimezone(ZoneInfo(day.zone)):%a %-d %B %Y %H:%M} {day.zone}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
