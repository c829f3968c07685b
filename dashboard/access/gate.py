"""The gate before every page: nobody passes who is not logged in, and an open page stops when its person is removed."""

from __future__ import annotations

import streamlit as st

from dashboard.access import identity
from dashboard.runtime import runtime
from data.models import HearbackError
from data.people import login

LOOK_EVERY = 3.0  # seconds between two looks at whether the person of an open page is still let in
STRANGER = "You are logged in there, but nobody on this team has that account."
ASK_LEAD = "Ask the lead of the team to add your mail address under Setup, People."


def is_open() -> bool:
    """Whether this session may see the pages; where it may not, why is drawn, and nothing else."""
    try:
        if not login.is_on(runtime().places):
            return True
        person = identity.logged_in()
    except HearbackError as trouble:
        _refuse("Nobody can be let in just now", str(trouble))
        return False
    if person is None:
        _refuse_stranger() if identity.provider_claims() else _refuse(
            "You are not logged in", "Your session has ended, or your account was changed.", log_in=True
        )
        return False
    _watch(person.id)
    return True


@st.fragment(run_every=LOOK_EVERY)
def _watch(person_id: str) -> None:
    """Draw the whole page anew once its person is not let in any more."""
    try:
        person = identity.logged_in()
    except HearbackError:
        person = None
    if person is None or person.id != person_id:
        st.rerun()


def _refuse_stranger() -> None:
    mail = str(identity.provider_claims().get("email") or "")
    _refuse(STRANGER, f"{mail}\n{ASK_LEAD}".strip(), log_in=False)
    identity.leads_to("Log in as somebody else", "/logout")


def _refuse(title: str, why: str, *, log_in: bool = False) -> None:
    st.subheader(title, anchor=False)
    st.text(why)
    if log_in:
        identity.leads_to("Log in", "/login")
