"""The time that servers tell: read off their answers, believed only over TLS, and handed to the app."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from data.spool.time_check import TOLD, read
from listeners.http import server_time

SAID = "Fri, 20 Nov 2026 12:00:00 GMT"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def unheard(monkeypatch):
    monkeypatch.setattr(server_time, "_latest", [])


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        ({"Date": SAID}, NOON),
        ({"Date": SAID, "Age": "90"}, NOON.replace(minute=1, second=30)),
        ({"Date": "Fri, 20 Nov 2026 17:30:00 +0530"}, NOON),
        ({"Date": SAID, "Age": "soon"}, None),
        ({"Date": "yesterday"}, None),
        ({"Date": ""}, None),
        ({}, None),
    ],
    ids=str,
)
def test_the_time_is_read_off_an_answer(headers, at):
    assert server_time.told(headers) == at


def test_what_a_server_told_is_written_for_the_app(tmp_path):
    server_time.note("https://example.org/x", {"Date": SAID})
    server_time.keep(tmp_path / "clock")
    assert read(tmp_path / "clock" / TOLD).at == NOON


@pytest.mark.parametrize("url", ["http://example.org/x", "http://127.0.0.1:8000/"])
def test_a_server_that_does_not_prove_who_it_is_tells_nothing(tmp_path, url):
    server_time.note(url, {"Date": SAID})
    server_time.keep(tmp_path / "clock")
    assert not (tmp_path / "clock").exists()


def test_where_nothing_can_be_written_a_run_goes_on(tmp_path):
    (tmp_path / "clock").write_text("in the way")
    server_time.note("https://example.org/x", {"Date": SAID})
    server_time.keep(tmp_path / "clock")
