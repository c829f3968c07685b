"""The chosen mention: its text, its reasons and points, its history, and the buttons of what can be done to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from analysis.language_names import called
from dashboard import edge
from dashboard.queue import alike, copy_button, muting, presses, triage
from dashboard.runtime import runtime
from dashboard.shared import words
from data.models import Action, ActionKind, Reason, Sentiment, Status
from data.people import people
from data.people.people import Team
from data.queue.details import Detail, others
from data.queue.status import wake

SENTIMENTS = {
    Sentiment.NEGATIVE: ("Negative", ":material/sentiment_dissatisfied:"),
    Sentiment.NEUTRAL: ("Neutral", ":material/sentiment_neutral:"),
    Sentiment.POSITIVE: ("Positive", ":material/sentiment_satisfied:"),
}
KEYS = {called: key for key, called in presses.SHORTCUTS.items()}
MARKS = {ActionKind.NOTE: ":material/sticky_note_2:", ActionKind.REPLY: ":material/reply:"}


def draw(
    detail: Detail, reasons: Sequence[Reason], me: str, acted: Sequence[str], now: datetime, *, many: int = 0
) -> None:
    """Draw one mention. `acted`: everybody who worked on mentions; `many`: how many duplicates it has."""
    status = Status.OLD if detail.is_old else wake(detail.state, now).status
    with edge.part("Who said it, and when"):
        _heading(detail, status, now)
    with edge.part("The text"):
        _said(detail)
    with edge.part("What is alike"):
        alike.draw(detail.mention.id, many, now)
    with edge.part("Why it stands here"):
        _why(detail, reasons)
    with edge.part("The buttons that close it"):
        _decide(detail, status)
    with edge.part("The reply"):
        _compose(detail)
    with edge.part("The buttons that leave it here"):
        _settle(detail, me, acted)
    with edge.part("Its history"):
        _history(detail, now)


def _said(detail: Detail) -> None:
    with st.container(border=True, key="said"):
        if detail.mention.title:
            with st.container(key="title"):
                st.text(words.shown(detail.mention.title), width="stretch")
        st.text(words.shown(detail.notice or detail.mention.text) or "(no words, only stars)", width="stretch")


def _heading(detail: Detail, status: Status, now: datetime) -> None:
    mention = detail.mention
    parts = [
        words.shown(mention.author or "Author unknown"),
        words.source(mention.source),
        ", ".join(detail.brands),
        words.stars(mention.rating),
        f"{mention.reach:,} followers" if mention.reach else "",
        words.ago(mention.published_at, now),
        "edited" if mention.edited_at else "",
    ]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.text(
            " · ".join(part for part in parts if part), width="stretch",
            help=f"{mention.published_at:%-d %B %Y, %H:%M} UTC",
        )  # fmt: skip
        if status is not Status.OPEN:
            st.badge(_status(detail, status, now), color="gray")
    if detail.state.edited:
        why = words.plain(detail.state.edited)
        st.badge(why[:1].upper() + why[1:], icon=":material/edit:", color="orange")


def _status(detail: Detail, status: Status, now: datetime) -> str:
    if status is Status.SNOOZED and detail.state.snoozed_until:
        return f"Snoozed, back {words.ago(detail.state.snoozed_until, now)}"
    if status is Status.OLD:
        return "Too old to answer when it came in"
    outcomes = {ActionKind.REPLY: "Replied", ActionKind.DISMISS: "Not relevant"}
    return outcomes.get(detail.state.outcome or ActionKind.RESOLVE, "Resolved")


def _why(detail: Detail, reasons: Sequence[Reason]) -> None:
    """Draw the points and their reasons. Reasons are our own words, so they may be markup."""
    if reasons:
        total = sum(reason.points for reason in reasons)
        badges = " ".join(f":gray-badge[{reason.points:+} {reason.why}]" for reason in reasons)
        with st.container(key="why"):
            st.markdown(f"**{total} points** {badges}")
    score = detail.score
    if score and score.words:
        told = ", ".join(f"{words.shown(word)} {valence:+.1f}" for word, valence in score.words)
        rests = "Judged by its stars; its words" if score.rests_on == "stars" else "Judged by its words"
        st.text(f"{rests}: {told}")
    if score and score.language not in (None, "en"):
        st.text(f"Not judged: {called(score.language)}. Only English words are judged.")
    if score and score.rests_on == "danger":
        st.text("Not counted as positive: it reports a danger.")


def _decide(detail: Detail, status: Status) -> None:
    """Draw the buttons that close, snooze or reopen a mention, undo, and the mute menu."""
    with st.container(horizontal=True, gap="small"):
        if status is Status.RESOLVED:
            _verb("Open again", "reopen", detail)
        else:
            if status is Status.OLD:
                _verb("Bring back", "reopen", detail, type="primary")
            _verb("Resolve", "resolve", detail, type="secondary" if status is Status.OLD else "primary")
            _verb("Not relevant", "dismiss", detail)
            if status is not Status.OLD:
                _snooze(detail)
        if status is Status.SNOOZED:
            _verb("Open again", "reopen", detail)
        st.button(
            "Undo", shortcut=KEYS[presses.UNDO], key=presses.UNDO, on_click=presses.undo,
            disabled=not triage.triage_state().may_work,
        )  # fmt: skip
        muting.menu(detail)


def _verb(name: str, called: str, detail: Detail, **look: Any) -> None:
    """Draw the button of one of presses.VERBS, for this mention at this version. `look`: type, icon, help."""
    st.button(
        name, shortcut=KEYS[called], key=called, on_click=presses.press,
        args=(presses.VERBS[called], detail.mention.id, detail.state.version), **look,
        disabled=not triage.triage_state().may_work,
    )  # fmt: skip


def _snooze(detail: Detail) -> None:
    st.selectbox(
        "Snooze for", list(triage.SNOOZES), key="snooze_for", label_visibility="collapsed", width=150,
        index=list(triage.SNOOZES).index(triage.SNOOZED_FOR), persist_state="session",
        disabled=not triage.triage_state().may_work,
    )  # fmt: skip
    _verb("Snooze", "snooze", detail)


def _compose(detail: Detail) -> None:
    box = triage.triage_state().box(detail.mention.id)
    st.text_area(
        "Reply or note", key=box, height=96, on_change="ignore", persist_state="session", label_visibility="collapsed",
        placeholder="Your reply, or a note for the team. Esc leaves the box; then M: replied, N: note.",
        disabled=not triage.triage_state().may_work,
    )  # fmt: skip
    link = words.link(detail.mention.url)
    with st.container(horizontal=True, gap="small"):
        copy_button.draw(box)
        if link:
            st.link_button("Open mention", link, shortcut="l")
        _verb("Mark replied", "reply", detail)
        _verb("Note", "note", detail)


def _settle(detail: Detail, me: str, acted: Sequence[str]) -> None:
    """Draw the buttons that leave a mention in its tab: assignee, sentiment, need of a reply."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        _verb("Let go" if detail.state.assignee == me else "Claim", "claim", detail)
        _assign(detail, me, acted)
        counted = detail.state.sentiment or (detail.score.label if detail.score else None)
        for sentiment, (name, icon) in SENTIMENTS.items():
            kind = "secondary" if sentiment is counted else "tertiary"
            _verb(name, f"judge_{sentiment.value}", detail, icon=icon, type=kind)
        is_expected = detail.needs_reply
        _verb(
            "Needs a reply", "expect", detail, type="secondary" if is_expected else "tertiary",
            icon=":material/mark_chat_unread:" if is_expected else ":material/chat_bubble:",
            help="Sets or clears it; the queue and the scorer learn from it.",
        )  # fmt: skip


def _assign(detail: Detail, me: str, acted: Sequence[str]) -> None:
    """Draw the menu of people to assign to: the team or, where nobody is on it yet, whoever acted before and a new
    name. A menu keeps no value that could pass to the next mention."""
    team, seen = people.known(runtime().places), (detail.mention.id, detail.state.version)
    names = sorted({*(team.workers or acted), me}, key=str.casefold)
    st.menu_button(
        words.plain(detail.state.assignee or "Assign to"), names if team.people else [*names, triage.SOMEBODY_NEW],
        key="assign", on_click=presses.press, args=(triage.assign, *seen),
        format_func=lambda name: words.plain(name) + (" · away" if _is_away(team, name) else ""),
        disabled=not triage.triage_state().may_work,
    )  # fmt: skip
    if triage.triage_state().asks_name:
        st.text_input(
            "Name", key="new_name", on_change=presses.press, args=(triage.assign_new, *seen),
            label_visibility="collapsed", width=170, placeholder="Their name, then Enter",
        )  # fmt: skip


def _is_away(team: Team, name: str) -> bool:
    return name in team.workers and team.workers[name].is_away


def _history(detail: Detail, now: datetime) -> None:
    undone = {action.undoes for action in detail.actions if action.undoes}
    with st.container(key="history", gap="xsmall"):
        for action in detail.actions[::-1]:
            _past(action, now, is_undone=action.id in undone)
    earlier = st.expander("More from this author", key="earlier", on_change="rerun")
    if earlier.open:
        with runtime().store.read() as store:
            said = others(store, detail.mention)
        for other in said:
            earlier.text(f"{words.ago(other['published_at'], now)} · {words.shown(other['excerpt'])}")
        if not said:
            earlier.text("Nothing else of theirs is stored.")


def _past(action: Action, now: datetime, *, is_undone: bool) -> None:
    did = f"{triage.name_of(action.actor)} {triage.DID[action.kind]} {words.ago(action.happened_at, now)}"
    if action.kind is ActionKind.ASSIGN:
        did += f" to {action.assignee}" if action.assignee else " to nobody"
    elif action.kind is ActionKind.JUDGE and action.sentiment:
        did += f": {action.sentiment.value}"
    elif action.kind in (ActionKind.EXPECT, ActionKind.REOPEN) and action.body:
        did += f": {action.body}"
    if is_undone:
        did += " (taken back)"
    if action.body and action.kind in MARKS:
        with st.container(border=True, gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
                st.caption(MARKS[action.kind], width="content")
                st.text(words.shown(did), width="stretch")
            st.text(words.shown(action.body.strip()), width="stretch")
    else:
        st.text(words.shown(did))
