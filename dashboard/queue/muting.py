"""Muting: from a mention whom and what nobody wants in the queue; on Setup what is muted, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.queue import triage
from dashboard.runtime import house, now
from dashboard.shared import words
from data.exclusions import mutes
from data.exclusions.mutes import AUTHOR, COMMUNITY, Target
from data.models import HearbackError, Mention

KINDS = {AUTHOR: "author", COMMUNITY: "community"}


def said(target: Target) -> str:
    """A target as people read it: "author Max on X", "community r/cars", "this thread on Reddit"."""
    if target.kind == COMMUNITY:
        return f"community {target.name}"
    where = words.source(target.source or "")
    return f"author {target.name} on {where}" if target.kind == AUTHOR else f"thread on {where}"


def menu(mention: Mention, me: str) -> None:
    """The menu beside a mention; what it mutes leaves the queue, and the undo key takes it back."""
    with house().store.read() as store:
        offered = mutes.targets(store, mention)
    if offered:
        st.menu_button(
            "Mute", [words.shown(f"This {said(target)}") for target in offered], key="mute", type="tertiary",
            icon=":material/volume_off:", on_click=_mute, args=(offered, me), format_func=words.plain,
            help="Keeps them out of the queue from now on; Setup, Brands lists what is muted.",
        )  # fmt: skip


def _mute(offered: list[Target], me: str) -> None:
    chosen = st.session_state.mute
    target = next((one for one in offered if words.shown(f"This {said(one)}") == chosen), None)
    if target:
        triage.mute(target, me)


def muting(target: Target) -> Callable[[], None]:
    """A callback that mutes a target, from wherever it is offered."""

    def do() -> None:
        here = house()
        mutes.mute(here.store, here.judgement.ranking, target, triage.me(), now())

    return do


def listed() -> None:
    """What is muted, with who did it and how much it keeps out; nothing while nothing is."""
    with house().store.read() as store:
        standing = mutes.standing(store)
    if trouble := st.session_state.pop("mute_trouble", ""):
        st.text(trouble)
    if not standing:
        return
    st.subheader("Muted", anchor=False)
    st.caption("Kept and counted in Trends, but not in the queue. Taken back, each stands where it stood.")
    for row in standing:
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
    here = house()
    try:
        mutes.lift(here.store, here.judgement.ranking, mute_id, triage.me(), now())
    except HearbackError as trouble:
        st.session_state.mute_trouble = str(trouble)
