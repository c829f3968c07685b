"""The presses of keys and buttons: each verb is done to the mention that was on the screen when it was pressed.

The browser tells every step in order, with the mention's id and version (`queue_list.js`); of a button that it did not
catch, the arguments with which the button was drawn say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from dashboard.queue import triage
from dashboard.queue.triage import triage_state
from dashboard.runtime import runtime
from data.models import ActionKind, Sentiment
from data.queue import details

WRITES = {"reply": ActionKind.REPLY, "note": ActionKind.NOTE}  # the verbs that take what stands in the box
VERBS: dict[str, Callable[[str, int | None], None]] = {  # the button's key -> what it does to a mention, as seen
    "resolve": partial(triage.act, ActionKind.RESOLVE),
    "dismiss": partial(triage.act, ActionKind.DISMISS),
    "reopen": partial(triage.act, ActionKind.REOPEN),
    "snooze": triage.snooze,
    **{verb: partial(triage.write_down, kind) for verb, kind in WRITES.items()},
    "claim": triage.claim,
    "expect": triage.expect,
    **{f"judge_{sentiment.value}": partial(triage.judge, sentiment) for sentiment in Sentiment},
}
UNDO = "undo"
SHORTCUTS = {
    "e": "resolve", "x": "dismiss", "o": "reopen", "s": "snooze", "m": "reply", "n": "note", "a": "claim",
    "y": "expect", "u": UNDO, "1": "judge_negative", "2": "judge_neutral", "3": "judge_positive",
}  # fmt: skip
MOVES = ("resolve", "dismiss", "snooze", "reply", UNDO)  # after these another mention stands there


def follow() -> None:
    """Do what the browser told and what was not done yet, first to last."""
    state = triage_state()
    for step in getattr(st.session_state.get("queue_list"), "did", None) or ():
        if step["n"] > state.handled:
            state.handled = step["n"]
            _take(step)


def _take(step: Mapping[str, Any]) -> None:
    state, mention, verb = triage_state(), step.get("id"), step.get("verb")
    if "drafts" in step:
        state.gone = _not_stored(step["drafts"])
    elif verb == UNDO:
        triage.undo()
    elif mention:
        state.chosen, state.trouble = mention, ""
        if verb in WRITES:
            triage.write_down(WRITES[verb], mention, step.get("version"), step.get("text"))
        elif verb in VERBS:
            VERBS[verb](mention, step.get("version"))


def _not_stored(drafts: list[str]) -> tuple[str, ...]:
    with runtime().store.read() as store:
        return details.not_stored(store, drafts)


def press(do: Callable[..., None], mention: str, seen: int | None, *given: object) -> None:
    """Do something to a mention, as the callback of a button or a menu that was drawn for it; nothing, and the reason
    in the state, where another one is chosen by now."""
    follow()
    state = triage_state()
    if state.chosen != mention:
        state.trouble = "It came before this mention was on the screen. Nothing was written; press it again."
        return
    do(*given, mention, seen)


def undo() -> None:
    """Undo, as the callback of its button."""
    follow()
    triage.undo()


def step(by: int) -> None:
    """Go to the next or the previous mention, as a button's callback."""
    follow()
    triage_state().move(by)
