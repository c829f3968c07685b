"""What is muted: a target in words, the callback that mutes it, and the list from which it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.access import identity
from dashboard.runtime import now, runtime
from dashboard.shared import words
from data.exclusions import mutes
from data.exclusions.mutes import AUTHOR, COMMUNITY, Target
from data.models import HearbackError


def said(target: Target) -> str:
    """A target as people read it: "author Max on X", "community r/cars", "thread on Reddit"."""
    if target.kind == COMMUNITY:
        return f"community {target.name}"
    where = words.source(target.source or "")
    return f"author {target.name} on {where}" if target.kind == AUTHOR else f"thread on {where}"


def muter(target: Target) -> Callable[[], None]:
    """The callback of a button that mutes a target."""

    def do() -> None:
        here = runtime()
        mutes.mute(here.store, here.judgement.ranking, target, identity.acting(), now())

    return do


def draw_list() -> None:
    """Draw what is muted, with who did it, how many mentions it keeps out, and a button that takes it back; nothing
    where nothing is muted."""
    with runtime().store.read() as store:
        active = mutes.active(store)
    if trouble := st.session_state.pop("mute_trouble", ""):
        st.text(trouble)
    if not active:
        return
    st.subheader("Muted", anchor=False)
    st.caption("Kept and counted in Trends, but not in the queue. Taken back, each stands where it stood.")
    for row in active:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(_line(row, now()), width="stretch")
            st.button("Unmute", key=f"unmute_{row['id']}", on_click=_lift, args=(row["id"],))


def _line(row: dict[str, Any], at: datetime) -> str:
    target = Target(str(row["kind"]), str(row["name"]), str(row["source"]) if row["source"] else None)
    kept, when = row["kept"], row["muted_at"]
    many = f"keeps out {kept:,} {'mention' if kept == 1 else 'mentions'}"
    begun = words.shown(said(target))
    return f"{begun[:1].upper()}{begun[1:]} · {many} · {words.shown(str(row['muted_by']))}, {words.ago(when, at)}"


def _lift(mute_id: str) -> None:
    here = runtime()
    try:
        mutes.lift(here.store, here.judgement.ranking, mute_id, identity.acting(), now())
    except HearbackError as trouble:
        st.session_state.mute_trouble = str(trouble)
