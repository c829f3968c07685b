"""The page Judgement: how right the scorer is for this team, what it learned from corrections, the blind check."""

from __future__ import annotations

import streamlit as st

from dashboard import edge
from dashboard.access import gate, identity
from dashboard.judgement import accuracy_report, blind_check, training
from dashboard.runtime import now, runtime
from dashboard.shared import address, frame
from dashboard.shared.palettes import palette
from data.analytics import verdicts
from data.scores.blind_check import cards

LOOK_EVERY = 3  # seconds
PARTS = ("How right are we", "Teach", "Blind check")


@gate.fragment()
@frame.patient()
def check() -> None:
    """The blind check; a key press draws this part alone anew."""
    this_week = cards(runtime().store, now())
    blind_check.draw(this_week, runtime().store.remembered(verdicts.of_blind, "blind", "match", "brand", "mention"))


@gate.fragment(run_every=LOOK_EVERY)
@frame.patient()
def learned() -> None:
    """What was learned from corrections; drawn anew every LOOK_EVERY seconds."""
    training.draw()


title, who = st.columns([15, 3], vertical_alignment="center")
title.title("Judgement", anchor=False)
with who:
    identity.ask()
address.follow(address.Choice("part", PARTS))
address.tell("part")
figures, training_part, labelling = st.tabs(PARTS, key="part", bind="query-params", on_change=address.forget)
store = runtime().store
if figures.open:
    with figures, edge.part("How right the scorer is"):
        accuracy_report.draw(
            store.remembered(verdicts.of_blind, "blind", "match", "brand", "mention"),
            store.remembered(verdicts.of_corrections, "correction", "match", "brand", "mention"),
            palette(st.context.theme.type),
        )
if training_part.open:
    with training_part, edge.part("What was learned"):
        learned()
if labelling.open:
    with labelling, edge.part("The blind check"):
        check()
