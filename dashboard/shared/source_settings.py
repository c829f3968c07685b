"""A source's approval and lists as two pages set them: the fields, what is wrong in them, and writing setup.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from dashboard.access import identity
from dashboard.runtime import now, runtime
from dashboard.shared import signs, words
from dashboard.shared.source_state import is_approved, said_on
from data.models import HearbackError
from data.people import collecting
from data.settings import Places
from listeners.base import Options, Policy, Setting


def approval(name: str, today: date, *, is_ticked: bool) -> str:
    """The confirmation for setup.toml: "Ada Byron, 2 March 2026". HearbackError without a tick or a name."""
    who = " ".join(name.split())
    if not is_ticked:
        raise HearbackError("Tick the box: it is you who says that the team holds this approval.")
    if not any(character.isalpha() for character in who):
        raise HearbackError("Say who confirms it: a name that others on the team know.")
    return f"{who[:80]}, {said_on(today)}"


def slip(setting: Setting, value: Any) -> str | None:
    """What is wrong with a setting's value, a sentence; None when nothing is."""
    entries = value if isinstance(value, list) else [value] if isinstance(value, str) and value else []
    if setting.pattern and not all(re.fullmatch(setting.pattern, one) for one in entries):
        return setting.slip or f"One of these cannot be used: {setting.label} look like {setting.placeholder}."
    return None


def write(here: Places, source: str, options: Mapping[str, Any]) -> None:
    """Write some of a source's options into setup.toml. HearbackError when it cannot be read or written."""
    try:
        collecting.save_source(here, source, options, identity.acting())
    except OSError as trouble:
        raise HearbackError(words.unwritable(here.setup, trouble)) from None


def draw_trouble(source: str) -> None:
    """Draw why the last change of a source was not saved, where it was not."""
    trouble = st.session_state.get(f"trouble_{source}")
    if trouble:
        signs.failed("Not saved", trouble)


def draw_approval(source: str, policy: Policy, options: Options) -> None:
    """Draw who confirmed the platform's approval, or the form in which somebody does."""
    if is_approved(options):
        said, back = st.columns([7, 3], vertical_alignment="center")
        said.text(f"Approval confirmed by {words.shown(str(options['approved']))}")
        back.button("Take it back", key=f"unapprove_{source}", on_click=unapprove, args=(source,), type="tertiary")
        return
    with st.form(f"approval_{source}", border=False):
        st.checkbox(f"We hold {policy.approval}", key=f"approved_{source}")
        name, confirm = st.columns([7, 3], gap="small", vertical_alignment="bottom")
        name.text_input("Confirmed by", key=f"confirmed_{source}", placeholder="Your name", max_chars=80)
        confirm.form_submit_button("Confirm", on_click=approve, args=(source,), width="stretch")


def keep(source: str, options: dict[str, Any]) -> bool:
    """Save some of a source's options and say so; False, and noted for `draw_trouble`, where that failed."""
    st.session_state[f"trouble_{source}"] = None
    try:
        write(runtime().places, source, options)
    except HearbackError as trouble:
        st.session_state[f"trouble_{source}"] = str(trouble)
        return False
    st.toast("Saved.", icon=":material/check_circle:")
    return True


def approve(source: str) -> None:
    """Save who confirms the platform's approval, from the form of `draw_approval`."""
    name, ticked = st.session_state[f"confirmed_{source}"], st.session_state[f"approved_{source}"]
    try:
        said = approval(name, now().date(), is_ticked=ticked)
    except HearbackError as trouble:
        st.session_state[f"trouble_{source}"] = str(trouble)
        return
    keep(source, {"approved": said})


def unapprove(source: str) -> None:
    """Remove the approval and switch the source off."""
    keep(source, {"approved": "", "on": False})


def save_lists(source: str, settings: Sequence[Setting]) -> None:
    """Save the lists that were typed for a live view, or note the first slip for `draw_trouble`."""
    typed = {one.name: words.entries(st.session_state[f"list_{source}_{one.name}"]) for one in settings}
    slips = [wrong for one in settings if (wrong := slip(one, typed[one.name]))]
    st.session_state[f"trouble_{source}"] = slips[0] if slips else None
    if not slips:
        keep(source, typed)
