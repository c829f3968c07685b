"""The page Reply queue: our brands' open mentions, the most urgent first, list and detail side by side."""

from __future__ import annotations

import streamlit as st

from dashboard import edge
from dashboard.access import gate
from dashboard.queue import mention_detail, queue_filters, queue_list, triage
from dashboard.queue.empty import nothing_to_show
from dashboard.runtime import now, runtime
from dashboard.shared import frame
from data.queue import details

OLD = "old"  # the tab
OLD_NEWS = "Too old to answer when they came in. O brings one back."
LOOK_EVERY = 4  # seconds between two queries for what others did and what came in


@gate.fragment(run_every=LOOK_EVERY)
@frame.patient()
def work() -> None:
    """Draw the list, the chosen mention and its buttons; a key press draws this part alone anew."""
    here, at, state = runtime(), now(), triage.triage_state()
    if frame.is_outdated():
        st.rerun()  # what stands above the page changes with the store and with the brands: the sample goes
    me, view, counts = queue_filters.draw(here.store, at)
    view = queue_filters.turn(view, state, counts)
    rows = queue_filters.rows(here.store, here.judgement.ranking, view, at)
    state.shown = [row.mention_id for row in rows]
    state.seen = {row.mention_id: row.version for row in rows}
    if state.chosen is None and rows:
        state.chosen = rows[0].mention_id
    row = next((row for row in rows if row.mention_id == state.chosen), None)
    with here.store.read() as store:
        detail = details.find(store, state.chosen, row) if state.chosen else None
    if not rows and detail is None:
        nothing_to_show(view, queue_filters.tab())
        return
    left, right = st.columns([5, 7], gap="medium")
    with left:
        if queue_filters.tab() == OLD:
            st.caption(OLD_NEWS)
        with st.container(height=600, border=False, key="list"), edge.part("The list"):
            queue_list.draw(rows, detail, me, at)
        queue_filters.steps(counts)
    with right:
        if state.trouble:
            st.warning("That key did nothing.", icon=":material/front_hand:")
            st.text(state.trouble)
        if detail:
            state.seen[detail.mention.id] = detail.state.version
            mention_detail.draw(
                detail, row.reasons if row else (), me, queue_filters.people(here.store), at,
                many=row.alike if row else 0,
            )  # fmt: skip


queue_filters.follow_address(runtime().store)
work()
