"""The menu beside a mention that mutes its author, its community or its thread."""

from __future__ import annotations

import streamlit as st

from dashboard.queue import presses, triage
from dashboard.runtime import runtime
from dashboard.shared import words
from dashboard.shared.muted import said
from data.exclusions import mutes
from data.exclusions.mutes import Target
from data.queue.details import Detail


def menu(detail: Detail) -> None:
    """Draw the menu beside a mention; what it mutes leaves the queue, and the undo key takes it back."""
    with runtime().store.read() as store:
        offered = mutes.targets(store, detail.mention)
    if offered:
        st.menu_button(
            "Mute", [words.shown(f"This {said(target)}") for target in offered], key="mute", type="tertiary",
            icon=":material/volume_off:", on_click=presses.press,
            args=(_mute, detail.mention.id, detail.state.version, offered), format_func=words.plain,
            disabled=not triage.triage_state().may_work,
            help="Keeps them out of the queue from now on; Setup, Brands lists what is muted.",
        )  # fmt: skip


def _mute(offered: list[Target], mention: str, _: int | None) -> None:
    chosen = st.session_state.mute
    target = next((one for one in offered if words.shown(f"This {said(one)}") == chosen), None)
    if target:
        triage.mute(target, mention)
