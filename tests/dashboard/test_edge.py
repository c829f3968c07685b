"""What fails on a page is one part of it, said in a sentence; its cause is in the log, not on the page."""

from __future__ import annotations

import logging

from streamlit.testing.v1 import AppTest


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


def test_a_part_that_fails_leaves_the_others_standing(caplog):
    with caplog.at_level(logging.ERROR):
        page = AppTest.from_function(broken_page).run()
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

    shown = AppTest.from_function(page).run()
    assert not shown.error and not shown.exception
    assert [one.value for one in shown.text] == ["second time"]
