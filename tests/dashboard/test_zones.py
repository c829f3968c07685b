"""The browser's time zone: a known one counts, any other is UTC, which is said above every page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from dashboard import zones
from dashboard.queue import triage

ODD = ["", "Etc/Unknown", "Factory", "Nowhere/Land", "Europe", "../../etc/passwd", "a\0b", "x" * 5_000, " UTC", "é"]


def in_zone(monkeypatch, name):
    monkeypatch.setattr(ContextProxy, "timezone", property(lambda _: name))


@pytest.mark.parametrize("name", ["Europe/Berlin", "Asia/Calcutta", "Asia/Kolkata", "US/Pacific", "Etc/GMT+5", "UTC"])
def test_the_zone_of_the_browser_counts_and_nothing_is_said(monkeypatch, name):
    in_zone(monkeypatch, name)
    assert (zones.of_reader().key, zones.notice()) == (name, "")


@pytest.mark.parametrize("name", ODD)
def test_a_zone_that_nobody_knows_is_utc_and_said(monkeypatch, name):
    in_zone(monkeypatch, name)
    assert zones.of_reader().key == "UTC"
    assert zones.notice().startswith("Times are shown in UTC")
    assert len(zones.notice()) < 250
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert triage.wakes_at("until tomorrow 9:00", at, zones.of_reader().key) == datetime(2026, 3, 3, 9, tzinfo=UTC)


def test_without_a_browser_it_is_utc_and_there_is_nobody_to_tell(monkeypatch):
    in_zone(monkeypatch, None)
    assert (zones.of_reader().key, zones.notice()) == ("UTC", "")


def test_the_page_shows_the_name_as_the_browser_gave_it(monkeypatch):
    in_zone(monkeypatch, "*Etc*/<b>")

    def page():
        import streamlit as st

        from dashboard import zones
        from dashboard.shared import words

        st.caption(words.plain(zones.notice()))

    shown = AppTest.from_function(page, default_timeout=500).run()
    assert "<b>" not in shown.caption[0].value.replace("\\<", "")
