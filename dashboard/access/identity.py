"""Who works in this session: the person who is logged in or, where there is no login, the name in the corner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.http import door
from dashboard.runtime import now, runtime
from data.models import HearbackError
from data.people import audit, login, people, providers, rights, sessions
from data.people.audit import Event
from data.people.people import Person
from data.people.rights import Actor, Verb
from data.settings import user

LINK = (
    "display: inline-block; padding: 0.4rem 0.9rem; border: 1px solid currentColor; border-radius: 0.375rem; "
    "color: inherit; text-decoration: none; font-weight: 600;"
)
NO_LOGIN = "Working as, without a login"  # page.css writes the last two words into the field


class NotLoggedIn(HearbackError):
    """Nobody is logged in in this session, or not any more."""


def acting() -> Actor:
    """Who does what is pressed now. NotLoggedIn; HearbackError where the list of people cannot be read."""
    if not door.asks_for_login(runtime().places):
        return rights.lead(_named())
    person = logged_in()
    if person is None:
        raise NotLoggedIn("You are not logged in any more. Nothing was done; log in again.")
    return person.actor


def logged_in() -> Person | None:
    """The person of this session, by our cookie or by a provider's account; None for anybody else."""
    here = runtime().places
    person = sessions.person_of(here, st.context.cookies.get(sessions.COOKIE), now())
    if person is not None or not providers.known():
        return person
    claims = provider_claims()
    return login.by_provider(here, claims, now()) if claims else None


def note_provider() -> None:
    """Write into the audit log that this session's person, or nobody of ours, logged in at a provider."""
    if claims := provider_claims():
        login.note_provider(runtime().places, claims, login.holder(runtime().places, claims))


def is_over() -> bool:
    """Whether a provider's account of somebody on the team was logged in too long ago, or its session was ended."""
    return login.holder(runtime().places, provider_claims()) is not None


def provider_claims() -> Mapping[str, Any]:
    """What a provider told of whoever logged in there; empty where nobody did."""
    claims = st.user.to_dict()
    return claims if claims.get("is_logged_in") else {}


def may(verb: Verb) -> bool:
    """Whether whoever works here may do something; for what is drawn. What is written asks again."""
    try:
        return acting().may(verb)
    except HearbackError:
        return False


def insisted(verb: Verb) -> bool:
    """Whether whoever works here may do something; where they may not, the reason is drawn."""
    try:
        acting().insist(verb)
    except HearbackError as refusal:
        st.info(str(refusal).removesuffix(" Nothing was done."), icon=":material/lock:")
        return False
    return True


def ask() -> str:
    """Draw who works here and return the name: the person who is logged in, with what they may change of themselves;
    or, without a login, the field for the name, at first that of this machine's user. The address carries that name
    from page to page."""
    if door.asks_for_login(runtime().places):
        try:
            return _draw_person(acting())
        except NotLoggedIn:
            st.rerun()  # the whole page, and the gate before it
    name = st.text_input(
        NO_LOGIN, user(), key="me", bind="query-params", max_chars=40, label_visibility="collapsed",
        placeholder="Your name",
    )  # fmt: skip
    return (name or "").strip() or "somebody"


def _draw_person(actor: Actor) -> str:
    one = people.known(runtime().places).by_id.get(actor.person_id or "")
    with st.popover(_label(actor.name), icon=":material/person:", width="stretch"):
        st.text(f"{actor.name}, {actor.role.value}")
        if one is not None:
            st.toggle("Away", one.is_away, key="away", on_change=_set_away)
        if _is_by_cookie():
            leads_to("Log out", "/logout")
        else:
            st.button("Log out", key="log_out", on_click=_leave_provider)
    return actor.name


def _is_by_cookie() -> bool:
    """Whether this session's person logged in by a password, not at a provider."""
    return sessions.person_of(runtime().places, st.context.cookies.get(sessions.COOKIE), now()) is not None


def _leave_provider() -> None:
    """End every session of the person, then have Streamlit forget the provider's answer."""
    if actor := logged_in():
        audit.note(runtime().places, Event.LOGOUT, actor.name)
        people.end_sessions(runtime().places, actor.id)
    st.logout()


def leads_to(label: str, path: str) -> None:
    """Draw a link to a path of ours that is no page of Streamlit's, such as /login, which opens in the same tab."""
    st.html(f'<a href="{path}" style="{LINK}">{label}</a>')


def _label(name: str) -> str:
    return "".join(f"\\{one}" if one in r"\`*_{}[]()#+-.!:~$<>|" else one for one in name)


def _set_away() -> None:
    actor = acting()
    people.set_away(runtime().places, actor.name, actor, is_away=bool(st.session_state.away))


def current() -> str:
    """The name under which this session works."""
    return acting().name


def _named() -> str:
    return str(st.session_state.get("me") or "").strip() or user()
