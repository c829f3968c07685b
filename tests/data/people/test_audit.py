"""The audit log only grows, whole lines each, and is read whatever lies in it."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from data.people import audit, collecting, rights
from data.people.audit import Event
from data.settings import Places
from tests.data.builders import ACME, HOUR, NOON


def lines(places):
    return (places.audit / audit.FILE).read_text().splitlines()


def test_it_grows_by_a_line_each(places):
    audit.note(places, Event.EXPORT, "Ann", lambda: NOON, folder="out")
    first = lines(places)
    audit.note(places, Event.EXPORT, "Bo\nb", lambda: NOON + timedelta(days=1), rows=3)
    assert lines(places)[:1] == first
    assert [json.loads(line)["by"] for line in lines(places)] == ["Ann", "Bo\nb"]
    assert stat.S_IMODE((places.audit / audit.FILE).stat().st_mode) == 0o600


def test_it_is_read_from_a_day_on(places):
    for day in range(3):
        audit.note(places, Event.EXPORT, "Ann", lambda day=day: NOON + timedelta(days=day))
    assert len(list(audit.entries(places))) == 3
    assert next(entry.at for entry in audit.entries(places, NOON + timedelta(days=1))) == NOON + timedelta(days=1)
    assert list(audit.entries(places, NOON + timedelta(days=9))) == []


def test_many_who_write_lose_no_line(places):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: audit.note(places, Event.LOGIN, f"n{number}"), range(64)))
    assert sorted(entry.by for entry in audit.entries(places)) == sorted(f"n{number}" for number in range(64))


def test_half_a_line_of_a_power_cut_is_told_and_spoils_no_other(places):
    audit.note(places, Event.LOGIN, "Ann")
    with (places.audit / audit.FILE).open("ab") as file:
        file.write(b'{"at": "2026-')
    audit.note(places, Event.LOGIN, "Bo")
    with (places.audit / audit.FILE).open("ab") as file:
        file.write(b"\xff\xfe\n[1]\n\n")
    told = [(entry.event, entry.by) for entry in audit.entries(places)]
    assert told == [("login", "Ann"), ("unreadable line", ""), ("login", "Bo"), *[("unreadable line", "")] * 2]


@pytest.mark.parametrize(
    ("here", "after"),
    [
        ([], ["login", "export"]),
        (["restore"], ["login", "export", "restore"]),
        (["login", "restore"], ["login", "export", "restore"]),
        (["login", "export", "restore"], ["login", "export", "restore"]),
        (["logout"], ["logout"]),
        (["login", "restore", "logout"], ["login", "restore", "logout"]),
    ],
)
def test_a_backups_log_comes_first_where_nothing_but_restores_was_added(places, tmp_path, here, after):
    times = {"login": NOON, "export": NOON + HOUR, "restore": NOON + 2 * HOUR, "logout": NOON + 3 * HOUR}
    backup = Places(tmp_path / "backup")
    for log, events in ((backup, ["login", "export"]), (places, here)):
        for event in events:
            audit.note(log, Event(event), "Ann", lambda event=event: times[event])
    audit.bring_in(places, backup.audit / audit.FILE)
    assert [entry.event for entry in audit.entries(places)] == after
    assert stat.S_IMODE((places.audit / audit.FILE).stat().st_mode) == 0o600


def test_a_backup_without_a_log_changes_nothing(places, tmp_path):
    audit.bring_in(places, tmp_path / audit.FILE)
    assert list(audit.entries(places)) == []
    audit.note(places, Event.LOGIN, "Ann")
    before = lines(places)
    audit.bring_in(places, tmp_path / audit.FILE)
    assert lines(places) == before


def test_nothing_is_read_where_there_is_no_log(places):
    assert list(audit.entries(places)) == []


def test_settings_that_change_what_is_collected_are_in_it(places):
    by = rights.lead("Lea")
    collecting.save_brands(places, [ACME], by)
    collecting.save_source(places, "rss", {"on": True, "token": "secret"}, by)
    told = [entry.facts for entry in audit.entries(places)]
    assert told == [{"brands": ["Acme"]}, {"source": "rss", "options": ["on", "token"]}]
