"""An empty queue says why, and every next step is there to be taken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.queue.empty import reason
from data import setup
from data.ingest import absorber
from data.models import ActionKind, Brand, Run
from data.spool.batches import drop
from tests.dashboard import queue_bench
from tests.dashboard.queue_bench import NOON, press, record, said, take_in, texts

filled, runtime, page = queue_bench.filled, queue_bench.runtime, queue_bench.page
FACTS = {"is_filtered": False, "tab": "open", "mentions": 5, "coming": 0, "is_named": True}


def ran(runtime, source, error=None, hours=0):
    at = NOON - timedelta(hours=hours)
    drop(runtime.places.incoming, source, NOON, run=Run(source, at, at, error=error))
    list(absorber.absorb_waiting(runtime.store, runtime.judgement, runtime.places, runtime.clock))


def shown(page):
    return "\n".join([*(one.value for one in page.markdown), texts(page)])


@pytest.mark.parametrize("tab", ["open", "mine", "unassigned"])
def test_all_done_is_never_said_while_stored_mentions_name_no_brand(tab):
    title, step = reason(**FACTS | {"tab": tab}, unnamed=3)
    assert title == "Nothing open of your brands"
    assert step == "3 mentions mention none of your brands. Choose a brand for them."
    assert reason(**FACTS, unnamed=1)[1] == "1 mention mentions none of your brands. Choose a brand for it."


def test_without_a_brand_of_ours_it_says_to_name_one():
    title, step = reason(**FACTS | {"is_named": False}, unnamed=1)
    assert title == "1 mention mentions no brand yet"
    assert step == "Name your brand on **Setup**, and it is looked for in it."


def test_what_names_no_brand_is_given_one_with_a_button(runtime, page):
    take_in(runtime, [said(1, "It broke"), said(2, "Lovely")])
    page.run()
    assert page.subheader[0].value == "Nothing open of your brands"
    press(page, "give_brand")
    assert not page.exception
    assert len(page.session_state.triage_state.shown) == 2


def test_of_several_brands_one_is_chosen(runtime, page):
    setup.save_brands(runtime.places.setup, [Brand("Acme", ("Acme",)), Brand("Bolt", ("Bolt",))])
    take_in(runtime, [said(1, "It broke")])
    page.run()
    page.selectbox(key="brand_of_unnamed").set_value("Bolt").run()
    assert page.button(key="give_brand").label == "It is about Bolt"
    press(page, "give_brand")
    with runtime.store.read() as store:
        assert store.rows("SELECT mention_id, brand FROM match") == [{"mention_id": "reddit:t3_1", "brand": "Bolt"}]


def test_a_source_that_fails_is_named_where_its_mentions_are_looked_for(runtime, page):
    ran(runtime, "hackernews", hours=5)
    ran(runtime, "hackernews", "503 **Service** Unavailable")
    page.run()
    assert "**Hacker News is failing**; it was last read 5 h ago." in shown(page)
    assert "503 **Service** Unavailable" in texts(page)
    assert page.selectbox(key="source").placeholder == "Any source · 1 failing"
    page.selectbox(key="source").set_value("hackernews").run()
    assert shown(page).count("Hacker News is failing") == 1
    assert "Sources" in texts(page).splitlines()  # a link, where the other pages are there


def test_a_failing_source_is_understood_in_the_address(runtime, page):
    ran(runtime, "hackernews", "down")
    page.query_params["source"] = "hackernews"
    page.run()
    assert "Left out" not in texts(page) and "it was never read" in shown(page)


def test_a_source_that_is_switched_off_does_not_fail(runtime, page):
    ran(runtime, "hackernews", "down")
    setup.save_source(runtime.places.setup, "hackernews", {"on": False})
    page.run()
    assert "failing" not in shown(page)
    assert page.selectbox(key="source").placeholder == "Any source"


def test_filters_that_leave_nothing_are_cleared_with_a_button(filled, page):
    page.query_params.update({"text": "zebra", "source": "Reddit"})
    page.run()
    press(page, "clear_filters")
    assert not page.exception
    assert len(page.session_state.triage_state.shown) == 4


def test_old_news_has_a_tab_a_way_there_and_a_way_back(runtime, page):
    take_in(runtime, [said(1, "Acme broke", published_at=NOON - timedelta(days=400))])
    page.run()
    assert page.subheader[0].value == "All done"
    press(page, "see_old")
    assert not page.exception
    assert page.session_state.triage_state.shown == ["reddit:t3_1"]
    assert page.query_params["tab"] == ["old"] or page.query_params["tab"] == "old"
    assert [one.value for one in page.caption if "Too old to answer" in one.value]
    assert {one.key for one in page.button} >= {"reopen", "resolve", "dismiss"}
    press(page, "reopen")
    page.button_group[0].set_value("open").run()
    assert page.session_state.triage_state.shown == ["reddit:t3_1"]
    press(page, "undo")
    assert page.session_state.triage_state.shown == []


def test_the_tab_of_old_news_is_there_where_there_is_any(filled, page):
    page.run()
    assert not [label for label in page.button_group[0].options if label.startswith("Old")]
    take_in(filled, [said(9, "Acme broke", published_at=NOON - timedelta(days=400))])
    page.run()
    assert page.button_group[0].options[4:] == ["Old 1", "Resolved 0"]


def test_the_detail_says_why_an_edit_opened_it_again(filled, page):
    record(filled, "reddit:t3_3", ActionKind.REPLY, body="Thank you!")
    take_in(filled, [said(3, "Acme is dreadful, I want a refund", edited_at=NOON + timedelta(minutes=1))])
    page.query_params["text"] = "dreadful"
    page.run()
    assert page.session_state.triage_state.shown == ["reddit:t3_3"]
    assert "Edited after our answer" in shown(page)
    assert "Hearback opened it again just now: edited after our answer: other words" in texts(page)


def test_the_next_steps_are_links_to_their_pages(runtime):
    page = AppTest.from_file("../../../dashboard/main.py", default_timeout=500).run()
    assert not page.exception
    assert [one.label for one in page.get("page_link")] == ["Sources", "Setup"]
