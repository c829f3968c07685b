"""Draws the blind check: one mention at a time without its score, one key a label, and the week's result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from analysis.measuring.intervals import right
from dashboard.access import identity
from dashboard.runtime import now, runtime
from dashboard.shared import words
from dashboard.shared.tables import plural
from data.models import Sentiment, Verdict
from data.people.rights import Verb
from data.scores import blind_check
from data.scores.blind_check import A_WEEK, Card

ANSWERS = {  # by row: whether a reply is needed, and the keys of the three sentiments
    "No reply needed": (False, "123"),
    "Needs a reply": (True, "456"),
}
ICONS = {
    Sentiment.NEGATIVE: ":material/sentiment_dissatisfied:",
    Sentiment.NEUTRAL: ":material/sentiment_neutral:",
    Sentiment.POSITIVE: ":material/sentiment_satisfied:",
}


def draw(cards: Sequence[Card], verdicts: Sequence[Verdict]) -> None:
    """Draw the next mention to label, or that the week is done."""
    if not cards:
        st.subheader("Nothing to label yet", anchor=False)
        st.markdown("Twenty of your brands' mentions are drawn here each week, as soon as there are any.")
        return
    done = [card for card in cards if card.labelled_by is not None]
    st.text(f"{len(done)} of {len(cards)} labelled in the week of {_week(cards)}")
    st.progress(len(done) / len(cards))
    if said := st.session_state.pop("blind_said", ""):
        st.text(said)
    card = next((card for card in cards if card.labelled_by is None), None)
    if card is None:
        _week_is_done(cards, verdicts)
        return
    left, right_side = st.columns([7, 5], gap="medium")
    with left:
        _show(card)
    with right_side:
        _ask(card)


def _week(cards: Sequence[Card]) -> str:
    return f"{cards[0].week:%-d %B}"


def _show(card: Card) -> None:
    when = words.ago(card.published_at, now())
    parts = [words.source(card.source), ", ".join(card.brands), words.stars(card.rating), when]
    st.text(" · ".join(part for part in parts if part))
    with st.container(border=True, key="said"):
        if card.title:
            with st.container(key="title"):
                st.text(words.shown(card.title), width="stretch")
        st.text(words.shown(card.text) or "(no words, only stars)", width="stretch")


def _ask(card: Card) -> None:
    may_label = identity.may(Verb.LABEL)
    for row, (needs_reply, keys) in ANSWERS.items():
        st.markdown(f"**{row}**")
        with st.container(horizontal=True, gap="small"):
            for sentiment, key in zip(Sentiment, keys, strict=True):
                st.button(
                    sentiment.value.capitalize(), shortcut=key, key=f"blind_{key}", icon=ICONS[sentiment],
                    on_click=_label, args=(card, sentiment), kwargs={"needs_reply": needs_reply},
                    disabled=not may_label,
                )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Cannot tell",
            shortcut="0",
            key="blind_0",
            on_click=_label,
            args=(card, None),
            kwargs={"needs_reply": None},
            disabled=not may_label,
        )
        st.button("Undo", shortcut="u", key="blind_undo", on_click=_take_back, disabled=not may_label)
    st.caption(
        "Judge by what is said about the brand. The score stays hidden until the figures, so that it cannot sway you."
    )


def _label(card: Card, sentiment: Sentiment | None, *, needs_reply: bool | None) -> None:
    if blind_check.label(runtime().store, card, sentiment, needs_reply, identity.acting(), now()):
        st.session_state.setdefault("blind_done", []).append(card)
    else:
        st.session_state.blind_said = "Somebody else was faster; theirs stands. Here is the next one."


def _take_back() -> None:
    """Undo the latest label of this session."""
    done: list[Card] = st.session_state.get("blind_done", [])
    if done:
        blind_check.take_back(runtime().store, done.pop(), identity.acting())
    else:
        st.session_state.blind_said = "There is nothing of yours to take back."


def _week_is_done(cards: Sequence[Card], verdicts: Sequence[Verdict]) -> None:
    this_week = [one for one in verdicts if one.week == cards[0].week]
    share = right(this_week)
    st.subheader("Done for this week", anchor=False)
    told = f" The scorer had said the same of {share.hits} of {share.of}." if share.of else ""
    more = (
        ""
        if len(cards) == A_WEEK
        else f" There were only {plural(len(cards), 'mention')} to draw; more come by themselves."
    )
    st.markdown(
        f"Thank you.{told}{more} The next {A_WEEK} are drawn on Monday, {cards[0].week + timedelta(weeks=1):%-d %B}."
    )
