"""The People part of Setup: who is on the team, in which role, how they log in; and who did what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard import zones
from dashboard.access import identity
from dashboard.http import door
from dashboard.runtime import now, runtime
from dashboard.shared import signs, tables, words
from data.models import HearbackError
from data.people import audit, links, people
from data.people.people import Person, Team
from data.people.rights import ORDER, Role
from data.settings import Places

TOLD = "people_told"  # what the last press did, in the session
TROUBLE = "people_trouble"
LINK = "people_link"
ENTRIES = 200  # of the log, the latest
NO_LOGIN = (
    "There is no login yet: whoever opens Hearback on this machine may do everything, and other machines are not let "
    "in. Add yourself first, as the lead; then make your link and open it to choose a password. From then on everybody "
    "logs in."
)
MAY = {
    Role.VIEWER: "reads everything",
    Role.AGENT: "works on mentions",
    Role.APPROVER: "also approves answers, imports and exports",
    Role.LEAD: "also changes brands, sources, people, and erases",
}


@dataclass(frozen=True)
class _Press:
    """The callback of a button: does something, and keeps what it did or why it failed for the next drawing."""

    do: Callable[..., str]
    arguments: tuple[Any, ...] = ()

    def __call__(self) -> None:
        st.session_state[TOLD] = st.session_state[TROUBLE] = ""
        st.session_state[LINK] = None
        try:
            st.session_state[TOLD] = self.do(*self.arguments)
        except (HearbackError, OSError) as trouble:
            st.session_state[TROUBLE] = str(trouble)


def draw() -> None:
    """Draw the list, the form for one person, and the audit log."""
    here = runtime().places
    team = people.known(here)
    if not door.asks_for_login(here):
        st.info(NO_LOGIN, icon=":material/lock_open:")
    _outcome()
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _list(team)
    with right, st.container(border=True):
        _add(team)
    if team.people:
        with right, st.container(border=True):
            _change(team)
    _log(here)


def _outcome() -> None:
    if trouble := st.session_state.get(TROUBLE):
        signs.failed("Not done", trouble)
    elif told := st.session_state.get(TOLD):
        signs.done("Done", [told])
    if link := st.session_state.get(LINK):
        st.text(link[0])
        st.code(link[1], language=None, wrap_lines=True)


def _list(team: Team) -> None:
    st.subheader("The team", anchor=False)
    if not team.people:
        st.caption("Nobody yet.")
        return
    tables.draw(
        {
            "Name": [words.shown(one.name) for one in team.people],
            "Role": [one.role.value for one in team.people],
            "Logs in with": [words.shown(_ways(one)) for one in team.people],
            "Away": ["away" if one.is_away else "" for one in team.people],
        },
        hide_index=True,
    )
    st.caption(". ".join(f"{role.value.capitalize()}: {what}" for role, what in MAY.items()) + ".")


def _ways(one: Person) -> str:
    ways = [*(["a password"] if one.password else []), *filter(None, [one.mail, one.subject])]
    return ", ".join(ways) or ("its link, not opened yet" if one.link else "nothing yet")


def _add(team: Team) -> None:
    st.markdown("**Add a person**")
    with st.form("add_person", border=False, clear_on_submit=True):
        st.text_input("Name", key="person_name", max_chars=people.LONGEST_NAME)
        st.text_input("Mail address, where they log in at a provider", key="person_mail", max_chars=people.LONGEST_MAIL)
        _roles("person_role", Role.AGENT if team.people else Role.LEAD)
        st.form_submit_button("Add", icon=":material/person_add:", on_click=_Press(_do_add))


def _roles(key: str, chosen: Role) -> None:
    st.segmented_control("Role", list(ORDER), default=chosen, key=key, format_func=str.capitalize, required=True)


def _do_add() -> str:
    state = st.session_state
    one = people.add(
        runtime().places, state.person_name, Role(state.person_role), identity.acting(), mail=state.person_mail
    )
    state["person_chosen"] = one.name
    return f"{one.name} is on the team as {one.role.value}."


def _change(team: Team) -> None:
    names = [one.name for one in team.people]
    st.markdown("**Change a person**")
    name = st.selectbox("Person", names, key="person_chosen", label_visibility="collapsed")
    one = team.named(name or names[0])
    if one is None:
        return
    _roles(f"role_{one.id}", one.role)
    st.text_input("Mail address at a provider", one.mail or "", key=f"mail_{one.id}")
    with st.container(horizontal=True, gap="small"):
        st.button("Save", key="save_person", on_click=_Press(_do_save, (one,)), type="primary")
        st.button("Make a link", key="link_person", on_click=_Press(_do_link, (one,)), icon=":material/link:")
        away = "Is back" if one.is_away else "Is away"
        st.button(away, key="away_person", on_click=_Press(_do_away, (one,)))
        with st.popover("Remove", icon=":material/person_remove:"):
            st.text(f"{one.name} is logged out everywhere. What they did stays.")
            st.button("Remove for good", key="remove_person", on_click=_Press(_do_remove, (one,)))


def _do_save(one: Person) -> str:
    here, by, state = runtime().places, identity.acting(), st.session_state
    role, mail = Role(state[f"role_{one.id}"] or one.role), people.checked_mail(state[f"mail_{one.id}"])
    people.change(here, one.name, by, role=role, account=(mail, one.subject))
    return f"{one.name} is {role.value}{f' and logs in with {mail}' if mail else ''}."


def _do_link(one: Person) -> str:
    token = links.make(runtime().places, one.name, identity.acting(), now())
    host = st.context.headers.get("host", "127.0.0.1:8501")
    scheme = "https" if str(st.context.url or "").startswith("https:") else "http"
    said = f"For {one.name} alone, once, within three days; it sets a new password:"
    st.session_state[LINK] = (said, f"{door.public_url(host, scheme)}{links.PATH}{token}")
    return "The link is made. Earlier ones hold no more."


def _do_away(one: Person) -> str:
    changed = people.set_away(runtime().places, one.name, identity.acting(), is_away=not one.is_away)
    return f"{one.name} is {'away' if changed.is_away else 'back'}."


def _do_remove(one: Person) -> str:
    people.remove(runtime().places, one.name, identity.acting())
    return f"{one.name} is removed."


def _log(here: Places) -> None:
    log = st.expander("Who did what", key="audit_log", on_change="rerun")
    if not log.open:
        return
    found = list(audit.entries(here))[-ENTRIES:][::-1]
    with log:
        if not found:
            st.caption("Nothing yet. Logins, changes of people and settings, exports, erasures and restores come here.")
            return
        tables.draw(
            {
                "When": [entry.at for entry in found],
                "What": [entry.event for entry in found],
                "Who": [words.shown(entry.by) for entry in found],
                "More": [
                    words.shown(", ".join(f"{key}: {value}" for key, value in entry.facts.items())) for entry in found
                ],
            },
            hide_index=True,
            column_config={
                "When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm:ss", timezone=zones.of_reader().key)
            },
        )
        st.caption("All of it: python -m data audit --json")
