"""The reply queue's filters, tabs and pages: taken from the address, counted, and told when they leave nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.queue.empty import reason
from dashboard.shared import address
from data.models import ActionKind, Found
from data.queue import queue
from tests.dashboard import queue_bench
from tests.dashboard.queue_bench import chosen, give, history, press, record, said, take_in, texts

filled, runtime, page = queue_bench.filled, queue_bench.runtime, queue_bench.page


@pytest.mark.parametrize("field, value, left", [
    ("brand", "Acme", 4), ("source", "Reddit", 4), ("sentiment", "Positive", 1), ("text", "reset", 1),
    ("text", "zebra", 0),
])  # fmt: skip
def test_filters_come_from_the_address(filled, page, field, value, left):
    page.query_params[field] = value
    page.run()
    assert not page.exception
    shown = page.session_state.triage_state.shown
    assert len(shown) == left if field != "sentiment" else 0 < len(shown) < 4


@pytest.mark.parametrize("field, written, stands", [
    ("source", "reddit", "Reddit"), ("source", "REDDIT", "Reddit"), ("brand", "acme", "Acme"),
    ("sentiment", "positive", "Positive"), ("assignee", "ben", "Ben"),
])  # fmt: skip
def test_a_filter_is_taken_by_its_code_and_in_any_case_and_the_address_put_right(filled, page, field, written, stands):
    give(filled, "reddit:t3_3", "Ben")
    take_in(filled, [Found(replace(said(9, "Acme is slow").mention, id="rss:9", source="rss"))])
    page.query_params[field] = written
    page.run()
    assert not page.exception
    assert page.selectbox(key=field).value
    assert page.query_params[field] == stands
    assert len(page.session_state.triage_state.shown) < 5 or field == "brand"
    assert "Left out" not in texts(page)


def test_a_filter_that_is_not_understood_is_told_until_somebody_chooses(filled, page):
    page.query_params["source"], page.query_params["assignee"] = "gplay", "**Zed**"
    page.run()
    assert len(page.session_state.triage_state.shown) == 4
    assert texts(page).splitlines()[0] == (
        "Left out, because nothing here goes by that name: source “gplay”, assignee “**Zed**”."
    )
    page.selectbox(key="source").set_value("Reddit").run()
    assert "Left out" not in texts(page)


def test_what_could_mean_two_things_is_not_guessed():
    assert address.meant("ACME", ["Acme", "acme"]) is None
    assert address.meant("acme", ["Acme", "acme"]) == "acme"
    assert address.meant("12", [4, 12], lambda weeks: f"{weeks} weeks") == 12


@pytest.mark.parametrize("written, status", [("Resolved", 1), ("resolved", 1), ("closed", 3)])
def test_a_tab_is_taken_in_any_case_and_another_word_is_told(filled, page, written, status):
    page.run()
    press(page, "resolve")
    page = AppTest.from_file("../../../dashboard/queue/page.py", default_timeout=500)
    page.query_params["tab"] = written
    page.run()
    assert len(page.session_state.triage_state.shown) == status
    assert ("tab “closed”" in texts(page)) is (written == "closed")


@pytest.mark.parametrize("named", ["open", "unassigned"])
def test_a_key_that_comes_with_the_label_of_before_leaves_the_tab_and_the_mention(filled, page, named):
    page.query_params["tab"] = named
    page.run()
    press(page, "next")
    second = chosen(page)
    page.button_group[0].set_value(None).run()  # a label whose count is another by now means no tab
    assert page.query_params["tab"] == named
    assert page.session_state.tab == named
    assert chosen(page) == second
    assert "Left out" not in texts(page)


def test_other_filters_begin_at_their_own_top(filled, page):
    page.run()
    press(page, "next")
    page.text_input(key="text").set_value("no such word").run()
    assert page.subheader[0].value == "Nothing matches these filters"
    page.text_input(key="text").set_value("lovely").run()
    assert chosen(page) == "reddit:t3_3"


@pytest.mark.parametrize("written", ["2", "99", "9" * 5_000, "²", "-1"])
def test_a_page_beyond_the_last_is_the_last_one_that_the_filters_leave(runtime, page, monkeypatch, written):
    monkeypatch.setattr(queue, "PAGE", 2)
    monkeypatch.setattr("dashboard.queue.queue_filters.PAGE", 2)
    take_in(runtime, [said(n, f"Acme broke again, number {n} of many") for n in range(1, 8)])
    for n in range(1, 8):
        give(runtime, f"reddit:t3_{n}", "Ben" if n < 4 else "Cy")
        record(runtime, f"reddit:t3_{n}", ActionKind.RESOLVE)
    page.query_params.update({"tab": "resolved", "assignee": "Ben", "page": written})
    page.run()
    assert not page.exception
    assert page.button_group[0].options[-1] == "Resolved 3"
    assert len(page.session_state.triage_state.shown) == (1 if written.isdecimal() else 2)


def test_tabs_carry_counts(filled, page):
    page.run()
    assert page.button_group[0].options[:3] == ["Open 4", "Mine 0", "Unassigned 4"]
    press(page, "claim")
    assert page.button_group[0].options[:3] == ["Open 4", "Mine 1", "Unassigned 3"]


def test_an_assignee_in_the_address_narrows_the_list_and_its_count_alike(filled, page):
    page.run()
    first = chosen(page)
    press(page, "claim")
    again = AppTest.from_file("../../../dashboard/queue/page.py", default_timeout=500)
    again.query_params["assignee"] = "Ana"
    again.run()
    assert again.session_state.triage_state.shown == [first]
    assert again.button_group[0].options[:3] == ["Open 1", "Mine 0", "Unassigned 3"]


def test_resolved_mentions_can_be_opened_again(filled, page):
    page.run()
    first = chosen(page)
    press(page, "resolve")
    page.query_params["tab"] = "resolved"
    again = AppTest.from_file("../../../dashboard/queue/page.py", default_timeout=500)
    again.query_params["tab"] = "resolved"
    again.run()
    assert chosen(again) == first
    press(again, "reopen")
    assert history(filled, first)[-1].kind is ActionKind.REOPEN


def test_a_page_holds_twenty_five_and_a_key_turns_it(runtime, page):
    take_in(runtime, [said(n, f"Acme broke again, number {n}") for n in range(1, 31)])
    page.run()
    assert len(page.session_state.triage_state.shown) == 25
    for _ in range(25):
        press(page, "next")
    assert len(page.session_state.triage_state.shown) == 5
    assert chosen(page) == page.session_state.triage_state.shown[0]


def test_an_empty_store_says_what_comes_next(runtime, page):
    page.run()
    assert not page.exception
    assert page.subheader[0].value == "Nothing heard yet"


def test_the_tabs_count_under_the_filters_and_the_past_is_counted_for_who_looks_at_it(filled, page, monkeypatch):
    counted, count = [], queue.count_resolved
    monkeypatch.setattr(queue, "count_resolved", lambda *given: counted.append(1) or count(*given))
    page.run()
    press(page, "resolve")
    page.text_input(key="text").set_value("no such word").run()
    assert page.button_group[0].options == ["Open 0", "Mine 0", "Unassigned 0", "Snoozed 0", "Resolved"]
    assert not counted  # it takes long among a million, and would stand on the way of each key
    page.button_group[0].set_value("resolved").run()
    assert page.button_group[0].options[-1] == "Resolved 0"
    page.text_input(key="text").set_value("refund").run()
    assert page.button_group[0].options[-1] == "Resolved 1"


def test_whoever_named_a_brand_is_not_asked_to():
    facts = {"is_filtered": False, "tab": "open", "mentions": 0, "coming": 0}
    assert "Name your brand" in reason(**facts)[1]
    assert "Name your brand" not in reason(**facts, is_named=True)[1]


@pytest.mark.parametrize("facts, title", [
    ({"coming": 2}, "Mentions are on their way"),
    ({"is_filtered": True}, "Nothing matches these filters"),
    ({}, "All done"),
    ({"tab": "mine"}, "Nothing is yours"),
    ({"tab": "unassigned"}, "Nothing is unassigned"),
    ({"tab": "snoozed"}, "Nothing is snoozed"),
    ({"tab": "resolved"}, "Nothing is resolved yet"),
])  # fmt: skip
def test_an_empty_page_says_why(facts, title):
    assert reason(**{"is_filtered": False, "tab": "open", "mentions": 5, "coming": 0} | facts)[0] == title


@pytest.mark.parametrize("narrowed, title", [({}, "Nothing is yours"), ({"sentiment": "negative"}, "Nothing matches")])
def test_whose_a_tab_is_counts_as_no_filter(filled, page, narrowed, title):
    page.query_params.update({"tab": "mine"} | narrowed)
    page.run()
    assert page.subheader[0].value.startswith(title)
