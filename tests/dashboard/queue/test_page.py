"""The reply queue: the list, the verbs, two people at once, strangers' text, rows in words."""

from __future__ import annotations

import getpass
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.queue import presses, queue_list, triage
from dashboard.runtime import open_runtime, use_runtime
from dashboard.shared import frame, words
from data import setup
from data.brands import brands
from data.ingest import absorber
from data.models import Action, ActionKind, Brand, Reason, Sentiment, Status
from data.people import people
from data.people.rights import Role, lead
from data.queue import queue
from data.queue.triage import record
from data.settings import Places
from tests.dashboard import queue_bench
from tests.dashboard.queue_bench import NOON, chosen, give, history, press, said, take_in, texts

filled, runtime, page = queue_bench.filled, queue_bench.runtime, queue_bench.page


def test_the_most_urgent_mention_is_chosen_and_its_points_are_explained(filled, page):
    page.run()
    assert not page.exception
    assert chosen(page) == "reddit:t3_1"
    assert any("points**" in element.value and "complaint words" in element.value for element in page.markdown)


def test_a_competitors_mention_is_not_in_the_queue(filled, page):
    page.run()
    assert "reddit:t3_4" not in page.session_state.triage_state.shown
    assert len(page.session_state.triage_state.shown) == 4


def test_a_user_without_a_name_can_work(filled, page, monkeypatch):
    monkeypatch.setattr(getpass, "getuser", lambda: {}["uid 12345"])
    del page.query_params["me"]
    page.run()
    assert not page.exception
    press(page, "claim")
    assert history(filled, chosen(page))[-1].actor == f"user {os.getuid()}"


def test_next_and_previous_walk_the_list(filled, page):
    page.run()
    first = chosen(page)
    press(page, "next")
    assert chosen(page) == page.session_state.triage_state.shown[1]
    press(page, "previous")
    assert chosen(page) == first


def test_moving_on_ranks_nothing_anew_until_something_is_written(filled, page, monkeypatch):
    looks, clock = [], [NOON]
    rank = queue.page
    monkeypatch.setattr(queue, "page", lambda *given, **more: looks.append(1) or rank(*given, **more))
    use_runtime(replace(filled, clock=lambda: clock[0]))
    page.run()
    press(page, "next")
    press(page, "next")
    assert len(looks) == 1
    take_in(filled, [said(6, "Acme caught fire and hurt my hand")])
    press(page, "previous")
    assert "reddit:t3_6" in page.session_state.triage_state.shown
    assert len(looks) == 2
    clock[0] += timedelta(seconds=4)
    press(page, "next")
    assert len(looks) == 3


@pytest.mark.parametrize("verb", list(presses.VERBS))
def test_a_key_that_was_meant_for_the_mention_before_writes_nothing(filled, page, verb):
    if verb == "reopen":
        page.query_params["tab"] = "resolved"
        for mention in ("reddit:t3_1", "reddit:t3_2"):
            record(
                filled.store,
                filled.judgement.ranking,
                Action("", mention, ActionKind.RESOLVE, "Ben", NOON),
                None,
                lead("Ben"),
            )
    page.run()
    first, second = page.session_state.triage_state.shown[:2]
    before = history(filled, first) + history(filled, second)
    page.text_area(key=page.session_state.triage_state.box(first)).set_value("We are on it").run()
    page.session_state.triage_state.chosen = second  # picked, and its detail not drawn yet
    press(page, verb)
    assert history(filled, first) + history(filled, second) == before
    assert "press it again" in texts(page)


@pytest.mark.parametrize("menu, option", [("assign", "Ana"), ("mute", "author")])
def test_a_menu_that_was_opened_for_the_mention_before_writes_nothing(filled, page, menu, option):
    page.run()
    first, second = page.session_state.triage_state.shown[:2]
    chosen_option = next(one for one in page.menu_button(key=menu).options if option in one)
    page.session_state.triage_state.chosen = second
    page.menu_button(key=menu).click(chosen_option).run()
    assert not history(filled, first) + history(filled, second)
    assert len(page.session_state.triage_state.shown) == 4
    assert "press it again" in texts(page)


def _page_of_a_browser():
    from types import SimpleNamespace

    import streamlit as st

    from dashboard.queue import presses
    from dashboard.queue.triage import triage_state

    triage_state().me = "Ana"
    triage_state().shown = ["reddit:t3_1", "reddit:t3_2", "reddit:t3_3"]
    triage_state().chosen = triage_state().chosen or "reddit:t3_1"
    for message in st.session_state.messages:
        st.session_state.queue_list = SimpleNamespace(did=message)
        presses.follow()
    st.text(triage_state().trouble)


def browser_tells(*messages):
    """A session to which the browser tells these messages, each a list of steps, first to last."""
    session = AppTest.from_function(_page_of_a_browser, default_timeout=500)
    session.session_state.messages = messages
    return session.run()


FIRST, SECOND, THIRD = "reddit:t3_1", "reddit:t3_2", "reddit:t3_3"


def kinds(runtime, mention_id):
    return [one.kind for one in history(runtime, mention_id)]


def test_a_step_that_is_told_again_with_the_next_is_done_once(filled):
    resolve = {"n": 1.0, "id": FIRST, "verb": "resolve", "version": 0}
    pick = {"n": 2.0, "id": THIRD}
    session = browser_tells([resolve], [resolve, pick])
    assert kinds(filled, FIRST) == [ActionKind.RESOLVE]
    assert session.session_state.triage_state.chosen == THIRD
    assert not history(filled, SECOND) + history(filled, THIRD)


def test_verbs_are_done_in_order_each_to_the_mention_that_was_on_the_screen(filled):
    steps = [
        {"n": 1.0, "id": THIRD},
        {"n": 2.0, "id": THIRD, "verb": "judge_negative", "version": 0},
        {"n": 3.0, "id": THIRD, "verb": "resolve", "version": 0},  # pressed before the answer to the one before came
        {"n": 4.0, "id": SECOND},
        {"n": 5.0, "id": SECOND, "verb": "snooze", "version": 0},
    ]
    browser_tells(steps)
    assert kinds(filled, THIRD) == [ActionKind.JUDGE, ActionKind.RESOLVE]
    assert kinds(filled, SECOND) == [ActionKind.SNOOZE]
    assert not history(filled, FIRST)


def test_the_version_on_the_screen_tells_what_somebody_else_did_since(filled):
    ben = Action("", FIRST, ActionKind.NOTE, "Ben", NOON, "I am at it")
    record(filled.store, filled.judgement.ranking, ben, 0, lead("Ben"))
    session = browser_tells([{"n": 1.0, "id": FIRST, "verb": "resolve", "version": 0}])
    assert kinds(filled, FIRST) == [ActionKind.NOTE]
    assert "Ben left a note" in session.text[0].value


def test_an_undo_that_is_told_twice_takes_one_step_back(filled):
    steps = [{"n": float(n), "id": FIRST, "verb": verb, "version": n - 1} for n, verb in ((1, "claim"), (2, "resolve"))]
    undo = {"n": 3.0, "id": SECOND, "verb": "undo", "version": 0}
    browser_tells(steps, [*steps, undo], [undo])
    assert kinds(filled, FIRST) == [ActionKind.ASSIGN, ActionKind.RESOLVE, ActionKind.UNDO]


def test_drafts_of_mentions_that_are_stored_no_more_are_named_to_the_browser(filled):
    session = browser_tells([{"n": 1.0, "drafts": [FIRST, "reddit:t3_99"]}])
    assert session.session_state.triage_state.gone == ("reddit:t3_99",)


def test_resolving_writes_once_and_the_next_mention_comes_by_itself(filled, page):
    page.run()
    first, second = page.session_state.triage_state.shown[:2]
    press(page, "resolve")
    assert [action.kind for action in history(filled, first)] == [ActionKind.RESOLVE]
    assert chosen(page) == second
    press(page, "undo")
    assert chosen(page) == first
    assert [action.kind for action in history(filled, first)] == [ActionKind.RESOLVE, ActionKind.UNDO]


@pytest.mark.parametrize("key, kind", [("dismiss", ActionKind.DISMISS), ("snooze", ActionKind.SNOOZE)])
def test_a_verb_that_ends_the_work_moves_on(filled, page, key, kind):
    page.run()
    first = chosen(page)
    press(page, key)
    assert history(filled, first)[-1].kind is kind
    assert chosen(page) != first


def test_claiming_takes_the_mention_and_letting_go_gives_it_back(filled, page):
    page.run()
    press(page, "claim")
    assert history(filled, chosen(page))[-1].assignee == "Ana"
    press(page, "claim")
    assert history(filled, chosen(page))[-1].assignee is None


def test_assigning_to_somebody_keeps_their_name(filled, page):
    page.run()
    first = chosen(page)
    record(
        filled.store,
        filled.judgement.ranking,
        Action("", "reddit:t3_3", ActionKind.NOTE, "Ben", NOON, "hm"),
        0,
        lead("Ben"),
    )
    page.run()
    page.menu_button(key="assign").click("Ben").run()
    assert history(filled, first)[-1].assignee == "Ben"


def test_somebody_new_is_asked_for_by_name(filled, page):
    page.run()
    first = chosen(page)
    page.menu_button(key="assign").click("Somebody new…").run()
    page.text_input(key="new_name").input("Zoë").run()
    assert history(filled, first)[-1].assignee == "Zoë"
    assert not [box for box in page.text_input if box.key == "new_name"]


def test_a_reply_keeps_what_was_said_and_answers_the_mention(filled, page):
    page.run()
    first = chosen(page)
    page.text_area[0].input("We are sorry; the refund is on its way.").run()
    press(page, "reply")
    replied = history(filled, first)[-1]
    assert (replied.kind, replied.actor) == (ActionKind.REPLY, "Ana")
    assert replied.body == "We are sorry; the refund is on its way."
    assert first not in page.session_state.triage_state.shown


def test_an_empty_reply_is_not_written_and_the_box_gets_the_cursor(filled, page):
    page.run()
    press(page, "reply")
    assert history(filled, chosen(page)) == ()
    assert page.session_state.triage_state.focus.split()[1] == page.session_state.triage_state.box(chosen(page))


def test_a_note_stays_with_the_mention_and_leaves_it_open(filled, page):
    page.run()
    first = chosen(page)
    page.text_area[0].input("Asked the warehouse").run()
    press(page, "note")
    assert history(filled, first)[-1].body == "Asked the warehouse"
    assert chosen(page) == first
    assert "Asked the warehouse" in texts(page)
    assert page.text_area[0].value == ""


def test_setting_the_sentiment_ranks_the_mention_anew(filled, page):
    page.run()
    first = chosen(page)
    with filled.store.read() as store:
        before = queue.page(store, filled.judgement.ranking, queue.View(), NOON)[0]
    press(page, "judge_positive")
    with filled.store.read() as store:
        rows = queue.page(store, filled.judgement.ranking, queue.View(), NOON)
    after = next(row for row in rows if row.mention_id == first)
    assert (before.label, after.label) == (Sentiment.NEGATIVE, Sentiment.POSITIVE)
    assert after.points < before.points


def test_one_key_says_that_a_mention_needs_a_reply_and_clears_it_again(filled, page):
    page.run()
    first = chosen(page)  # the scorer says of it that it needs one
    press(page, "expect")
    assert [(one.kind, one.body) for one in history(filled, first)] == [(ActionKind.EXPECT, "no")]
    page.session_state.triage_state.chosen = first
    page.run()
    assert any("needs no reply, says a person" in element.value for element in page.markdown)
    press(page, "expect")
    assert history(filled, first)[-1].body == "yes"
    assert any("needs a reply, says a person" in element.value for element in page.markdown)
    press(page, "undo")
    assert any("needs no reply, says a person" in element.value for element in page.markdown)


def test_the_second_of_two_people_is_refused_and_told_what_happened(filled, page):
    page.run()
    first = chosen(page)
    ben = Action("", first, ActionKind.RESOLVE, "Ben", NOON)
    record(filled.store, filled.judgement.ranking, ben, 0, lead("Ben"))
    triage_key = page.button(key="dismiss")
    triage_key.click().run()
    assert [action.actor for action in history(filled, first)] == ["Ben"]
    assert "Ben resolved it just now. Nothing of yours was written" in texts(page)


def test_strangers_text_is_shown_as_text_and_never_as_markup(filled, page):
    page.run()
    while chosen(page) != "reddit:t3_5":
        press(page, "next")
    shown = texts(page)
    assert "<script>alert(1)</script> [click](javascript:alert(1))" in shown
    assert "\\u202e" in shown and "\u202e" not in shown
    assert "\\u001b[31m" in shown
    for element in (*page.markdown, *page.caption):
        assert "<script>" not in element.value and "javascript:" not in element.value


def test_a_snooze_until_tomorrow_ends_at_nine_where_the_reader_lives():
    at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert triage.wakes_at("until tomorrow 9:00", at, "Europe/Berlin") == datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert triage.wakes_at("4 hours", at, None) == at + timedelta(hours=4)


def test_a_row_tells_its_state_in_words_not_in_colour_alone():
    row = queue.QueueRow(
        "x:1", 7, (Reason("1 star", 5),), Status.OPEN, ("Acme",), "google_play", "zoe", "It broke", 1.0,
        Sentiment.NEGATIVE, NOON - timedelta(hours=9), NOON - timedelta(hours=1), "Ana", None, 1,
    )  # fmt: skip
    item = queue_list.as_item(row, "Ana", NOON)
    assert item["about"] == "Google Play · Acme · ★☆☆☆☆"
    assert (item["when"], item["late"], item["who"], item["label"]) == ("9 h ago", True, "you", "negative")


@pytest.mark.parametrize(
    "minutes, told", [(0, "just now"), (5, "5 min ago"), (125, "2 h ago"), (60 * 50, "2 d ago"), (-90, "in 1 h")]
)
def test_instants_are_told_in_their_largest_unit(minutes, told):
    assert words.ago(NOON - timedelta(minutes=minutes), NOON) == told


AGAIN = "Acme lost my parcel for the third time this month and nobody answers the phone"


def test_what_says_the_same_is_one_row_that_says_how_many_and_who(runtime, page):
    take_in(runtime, [said(3, AGAIN), said(2, f"RT @x: {AGAIN}"), said(1, AGAIN.upper()), said(4, "How is Acme?")])
    page.run()
    assert page.session_state.triage_state.shown == ["reddit:t3_3", "reddit:t3_4"]
    assert "and 2 more like it" in [one.label for one in page.expander]
    press(page, "resolve")
    assert page.session_state.triage_state.shown == ["reddit:t3_4"]
    press(page, "undo")
    assert page.session_state.triage_state.shown == ["reddit:t3_3", "reddit:t3_4"]


def test_a_row_says_how_many_more_say_the_same():
    row = queue.QueueRow(
        "x:1", 7, (), Status.OPEN, ("Acme",), "x", None, "It broke", None, Sentiment.NEGATIVE, NOON, NOON, None, None,
        1, 14,
    )  # fmt: skip
    assert queue_list.as_item(row, "Ana", NOON)["alike"] == "+14 alike"
    assert queue_list.as_item(replace(row, alike=0), "Ana", NOON)["alike"] == ""


def test_an_author_is_muted_from_a_mention_and_undo_takes_it_back(filled, page):
    page.run()
    before, first = len(page.session_state.triage_state.shown), chosen(page)
    author = next(option for option in page.menu_button(key="mute").options if "author" in option)
    page.menu_button(key="mute").click(author).run()
    assert not page.exception
    assert (
        first not in page.session_state.triage_state.shown and len(page.session_state.triage_state.shown) == before - 1
    )
    assert page.session_state.triage_state.said == "Muted · U takes it back"
    press(page, "undo")
    assert chosen(page) == first and len(page.session_state.triage_state.shown) == before


@pytest.fixture
def bare(tmp_path):
    """A runtime that began without a brand, so it holds the sample's."""
    opened = open_runtime(Places(tmp_path / "bare"), listen=False, clock=lambda: NOON)
    for loop in opened.loops.values():
        loop.stop()
    list(absorber.absorb_waiting(opened.store, opened.judgement, opened.places, opened.clock))
    use_runtime(opened)
    yield opened
    use_runtime(None)
    opened.store.close()


def test_the_banner_of_the_sample_goes_though_the_sample_went_while_the_page_was_drawn(bare, monkeypatch):
    """The brands changed after the banner was drawn, and before the queue was."""
    draw, drawn = frame.clock_notice.draw, []

    def draw_and_change():
        draw()
        drawn.append([brand.is_sample for brand in bare.store.remembered(brands.known, "brand")])
        if len(drawn) == 1:
            setup.save_brands(bare.places.setup, [Brand("Acme", ("Acme",))])
            take_in(bare, [said(2, "Acme is broken")])

    monkeypatch.setattr(frame.clock_notice, "draw", draw_and_change)
    page = AppTest.from_file("../../../dashboard/main.py", default_timeout=500).run()
    assert [all(are_sample) for are_sample in drawn] == [True, False]
    assert "fictional" not in " ".join(one.value for one in page.info)


@pytest.mark.parametrize("is_on_the_team", [False, True])
def test_a_mention_is_assigned_to_the_team_and_who_is_away_is_marked(filled, page, is_on_the_team):
    first = lead("founder")
    if is_on_the_team:
        for name, role in (("Ana", Role.LEAD), ("Ben", Role.AGENT), ("Vic", Role.VIEWER)):
            people.add(filled.places, name, role, first)
        people.set_away(filled.places, "Ben", first, is_away=True)
    give(filled, "reddit:t3_2", "Zoe")
    page.run()
    offered = page.menu_button(key="assign").options
    assert offered == (["Ana", "Ben · away"] if is_on_the_team else ["Ana", "Zoe", "Somebody new…"])
    page.menu_button(key="assign").click(offered[1]).run()
    said_of_it = "Assigned, though Ben is away · U takes it back" if is_on_the_team else "Assigned · U takes it back"
    assert page.session_state.triage_state.said == said_of_it
