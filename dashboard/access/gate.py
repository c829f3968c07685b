"""The gate before every page: nobody passes who is not logged in, and an open page stops when its person is removed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import streamlit as st

from dashboard.access import identity
from dashboard.http import door
from dashboard.runtime import runtime
from data.models import HearbackError

Draw = TypeVar("Draw", bound=Callable[..., Any])

LOOK_EVERY = 3.0  # seconds between two looks at whether the person of an open page is still let in
STRANGER = "You are logged in there, but nobody on this team has that account."
ASK_LEAD = "Ask the lead of the team to add your mail address under Setup, People."


def is_open() -> bool:
    """Whether this session may see the pages; where it may not, why is drawn, and nothing else."""
    try:
        if not door.asks_for_login(runtime().places):
            return True
        person = identity.logged_in()
        identity.note_provider()
    except HearbackError as trouble:
        _refuse("Nobody can be let in just now", str(trouble))
        return False
    if person is None:
        _refuse_whoever_it_is()
        return False
    _watch(person.id)
    return True


def fragment(run_every: float | None = None) -> Callable[[Draw], Draw]:
    """A decorator like st.fragment, for a part of a page that is drawn for whoever is let in. A browser may ask for a
    fragment alone, past the gate before the whole page; so the fragment asks, too, and has the whole page drawn anew
    for whoever is not let in any more."""

    def asking(draw: Draw) -> Draw:
        return st.fragment(_guarded(draw), run_every=run_every)

    return asking


def _guarded(draw: Draw) -> Draw:
    @wraps(draw)
    def drawn(*given: Any, **more: Any) -> Any:
        if not _may_stay():
            st.rerun()
        return draw(*given, **more)

    return cast(Draw, drawn)


def _may_stay(person_id: str | None = None) -> bool:
    """Whether this session is let in still, as that person where one is given."""
    try:
        if not door.asks_for_login(runtime().places):
            return True
        person = identity.logged_in()
    except HearbackError:
        return False
    return person is not None and person_id in (None, person.id)


@st.fragment(run_every=LOOK_EVERY)
def _watch(person_id: str) -> None:
    """Draw the whole page anew once its person is not let in any more."""
    if not _may_stay(person_id):
        st.rerun()


def _refuse_whoever_it_is() -> None:
    if not identity.provider_claims():
        _refuse("You are not logged in", "Your session has ended, or your account was changed.", log_in=True)
    elif identity.is_over():
        _refuse("You are not logged in any more", "Your session has ended. Log in again.")
        identity.leads_to("Log in", "/logout")  # which forgets the provider's old answer first
    else:
        _refuse_stranger()


def _refuse_stranger() -> None:
    mail = str(identity.provider_claims().get("email") or "")
    _refuse(STRANGER, f"{mail}\n{ASK_LEAD}".strip(), log_in=False)
    identity.leads_to("Log in as somebody else", "/logout")


def _refuse(title: str, why: str, *, log_in: bool = False) -> None:
    st.subheader(title, anchor=False)
    st.text(why)
    if log_in:
        identity.leads_to("Log in", "/login")
