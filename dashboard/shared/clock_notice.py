"""The banner that says that the clock is not believed, with the button that confirms it."""

from __future__ import annotations

import streamlit as st

from dashboard.access import identity
from dashboard.runtime import runtime
from dashboard.shared import words
from data.retention import newest
from data.spool.time_check import TimeCheck, named


def draw() -> None:
    """Draw the banner while a person is needed; nothing is asked of the disk, for every page begins with this."""
    check = runtime().time_check
    if check is None or not check.latest.asks:
        return
    with st.container(key="clock"):
        st.error(check.latest.says, icon=":material/schedule:")
        with st.popover("The time is right"):
            st.write(f"It is **{named(check.now())}**, and what is too old by then may be deleted for good.")
            st.button("Confirm the time", on_click=_confirm, args=(check,), type="primary")


def _confirm(check: TimeCheck) -> None:
    try:
        newest.confirm(check, identity.acting())
    except OSError as trouble:
        st.toast(words.unwritable(check.folder, trouble), icon=":material/error:")
