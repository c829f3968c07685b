"""What fails on a page is one part of it, said in a sentence; its cause is in the log, not on the page."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import edge


def broken_page():
    import streamlit as st

    from dashboard import edge
    from data.models import HearbackError

    with edge.part("The list"), st.container():
        st.text("begun")
        raise ValueError("/a/path of ours, and a stranger's words")
    with edge.part("The reply"):
        raise HearbackError("The disk is full. Make room, then try again.")
    with edge.part("The history"):
        st.text("all the rest")


def test_a_part_that_fails_leaves_the_others_standing(caplog, failed_parts):
    with caplog.at_level(logging.ERROR):
        page = AppTest.from_function(broken_page, default_timeout=500).run()
    assert [str(fault).partition(" ")[0] for fault in failed_parts] == ["/a/path", "The"]
    failed_parts.clear()
    assert not page.exception
    assert [one.value.partition(" cannot")[0] for one in page.error] == ["The list", "The reply"]
    shown = " ".join(one.value for one in page.text)
    assert "The disk is full" in shown and "all the rest" in shown
    assert "/a/path" not in shown and not any("/a/path" in one.value for one in page.error)
    assert next(record.exc_info[0] for record in caplog.records if record.exc_info) is ValueError


def test_stopping_and_starting_anew_are_no_failures():
    def page():
        import streamlit as st

        from dashboard import edge

        with edge.part("The list"):
            if "again" not in st.session_state:
                st.session_state.again = True
                st.rerun()
            st.text("second time")
            st.stop()

    shown = AppTest.from_function(page, default_timeout=500).run()
    assert not shown.error and not shown.exception
    assert [one.value for one in shown.text] == ["second time"]


def broken_buttons():
    import streamlit as st

    from data.models import HearbackError

    def fail():
        raise ValueError("/a/path of ours")

    def refuse():
        raise HearbackError("The disk is full. Make **room**.")

    @st.fragment
    def part():
        st.button("inner", on_click=fail)
        st.text("the part")

    st.button("broken", on_click=fail)
    st.button("refused", on_click=refuse)
    st.selectbox("choice", ["one", "two"], on_change=fail)
    part()
    st.text("the rest of the page")


@pytest.mark.parametrize("press", ["broken", "inner"])
def test_a_press_that_fails_is_said_and_the_page_stands(press, caplog, failed_parts):
    page = AppTest.from_function(broken_buttons, default_timeout=500).run()
    with caplog.at_level(logging.ERROR):
        next(one for one in page.button if one.label == press).click().run()
    assert not page.exception
    assert [one.value for one in page.toast] == ["What you pressed could not be done. The log of the app says why."]
    assert "the rest of the page" in [one.value for one in page.text]
    assert next(record.exc_info[0] for record in caplog.records if record.exc_info) is ValueError
    assert len(failed_parts) == 1
    failed_parts.clear()
    page.run()
    assert not page.toast


def test_what_a_press_was_refused_for_is_said_as_text(failed_parts):
    page = AppTest.from_function(broken_buttons, default_timeout=500).run()
    next(one for one in page.button if one.label == "refused").click().run()
    [note] = page.toast
    assert note.value == r"What you pressed could not be done. The disk is full\. Make \*\*room\*\*\."
    failed_parts.clear()


def test_a_choice_that_fails_holds_all_the_same(failed_parts):
    page = AppTest.from_function(broken_buttons, default_timeout=500).run()
    page.selectbox[0].select("two").run()
    assert (page.selectbox[0].value, len(page.toast), len(failed_parts)) == ("two", 1, 1)
    failed_parts.clear()


def test_a_class_is_watched_once():
    class State:
        def _run_callback_and_record_rerun(self, votes, run): ...

    edge.watch_presses(State)
    first = State._run_callback_and_record_rerun
    edge.watch_presses(State)
    assert State._run_callback_and_record_rerun is first
