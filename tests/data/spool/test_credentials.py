"""Credentials that end: by the date in setup.toml, by what the source told, and what stands where people look."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from data.models import Run
from data.monitoring.health import whole
from data.spool.credentials import endings, last_day
from tests.data.builders import HOUR, NOON

DAY = timedelta(days=1)
NOWHERE = Path("no such folder")


def written(days, now=NOON):
    """What is said when setup.toml names a day so many days from now."""
    return written_as((now + days * DAY).date(), now)


def written_as(said, now=NOON):
    return list(endings({"expires": said}, NOWHERE, "x", now))


def told(folder, ahead, source="google_business"):
    (folder / f"{source}.json").write_text(json.dumps({"credentials_end": (NOON + ahead).isoformat()}))
    return list(endings({}, folder, source, NOON))


def test_a_date_is_told_fourteen_days_before_and_once_it_has_passed_it_is_an_error():
    assert written(15) == []
    [before], [last], [after] = written(14), written(0), written(-1)
    assert (before.over, last.over, after.over) == (False, False, True)
    assert "in 14 days, by the date in setup.toml" in before.says
    assert ", today, " in last.says
    assert after.says.startswith("Its credentials ended on ")
    assert after.says.endswith("Make new ones, then set the new date under Setup, Sources.")


def test_the_day_is_named_in_words():
    [one] = list(endings({"expires": date(2027, 1, 31)}, NOWHERE, "x", datetime(2027, 1, 30, 12, tzinfo=NOON.tzinfo)))
    assert one.says.startswith("Its credentials end on 31 January 2027, tomorrow, ")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        (date(2027, 1, 31), date(2027, 1, 31)),
        ("2027-01-31", date(2027, 1, 31)),
        (datetime(2027, 1, 31, 8), date(2027, 1, 31)),
        ("soon", None),
        ("", None),
        (True, None),
        (None, None),
    ],
)
def test_a_date_is_read_as_toml_writes_it_or_as_text(said, day):
    assert last_day({"expires": said}) == day


def test_a_date_that_cannot_be_read_is_said_and_is_no_error():
    [one] = written_as("next year")
    assert (one.over, "write it as 2027-01-31" in one.says) == (False, True)
    assert written_as("") == []


def test_what_the_source_told_is_passed_on_three_days_before(tmp_path):
    assert told(tmp_path, 73 * HOUR) == []
    [before], [after] = told(tmp_path, 71 * HOUR), told(tmp_path, -HOUR)
    assert (before.over, after.over) == (False, True)
    assert before.says.startswith("Its refresh token ends on ")
    assert after.says.startswith("Its refresh token ended on ")


def test_it_is_named_in_utc_whatever_zone_the_cursor_has(tmp_path):
    at = (NOON + DAY).astimezone(timezone(5 * HOUR))
    (tmp_path / "x.json").write_text(json.dumps({"credentials_end": at.isoformat()}))
    [one] = endings({}, tmp_path, "x", NOON)
    assert f"{NOON + DAY:%H:%M} UTC" in one.says


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"credentials_end": 7}', '{"credentials_end": "soon"}', "{"])
def test_a_cursor_that_tells_nothing_says_nothing(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    assert list(endings({}, tmp_path, "x", NOON)) == []


def test_it_stands_in_the_status_and_only_what_has_ended_waits_for_a_person(room):
    setup = '[[brand]]\nname = "Acme"\n[sources.x]\nexpires = {:%Y-%m-%d}\n[sources.rss]\nexpires = "{:%Y-%m-%d}"\n'
    room.places.setup.write_text(setup.format(NOON - DAY, NOON + 3 * DAY))
    for source in ("x", "rss", "hackernews"):
        room.drop(run=Run(source, NOON, NOON))
    room.absorb()
    with room.store.read() as store:
        known = whole(store, room.places, NOON)["listeners"]
    assert [(one["kind"], one["broken"]) for one in known["x"]["concerns"]] == [("credentials", True)]
    assert [(one["kind"], one["broken"]) for one in known["rss"]["concerns"]] == [("credentials", False)]
    assert known["hackernews"]["concerns"] == []
