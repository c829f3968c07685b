"""Sources: what is listened to and how it fares, what waits, and what could not be taken in."""

from __future__ import annotations

import streamlit as st

from dashboard.runtime import house, now
from dashboard.shared import frame, pulse
from dashboard.shared.source_state import states
from dashboard.sources import live_view, set_aside, source_list
from data import setup
from data.models import HearbackError
from data.monitoring import figures
from data.setup import Setup
from listeners.registry import LISTENERS

LOOK_EVERY = 5  # seconds


def standing() -> Setup | None:
    """What setup.toml says; None, and said so, when it cannot be read."""
    try:
        return setup.load(house().places.setup)
    except HearbackError as trouble:
        st.error("setup.toml cannot be read. Mend this file; it is read again by itself:", icon=":material/error:")
        st.code(str(house().places.setup), language=None)
        st.text(str(trouble))
        return None


@st.fragment(run_every=LOOK_EVERY)
def overview() -> None:
    """All of it, drawn anew every few seconds."""
    here, at, zone = house(), now(), st.context.timezone
    _, report = here.health(at)
    with here.store.read() as store:
        runs, gaps = figures.listeners(store), figures.gaps(store)
        rejected = figures.rejected(store, set_aside.COUNTED)
    title, beside = st.columns([3, 9], vertical_alignment="center")
    title.title("Sources", anchor=False)
    with beside:
        pulse.draw(report)
    listed = standing()
    pulse.draw_troubles(pulse.troubles(report), but=frame.trouble_with_setup() if listed is None else "")
    if listed is not None and not listed.brands:
        st.page_link(
            "setup/page.py", label="Name your brand: Hacker News, which needs no key, is then listened to at once.",
            icon=":material/arrow_forward:",
        )  # fmt: skip
    known = report["figures"]["listeners"]
    source_list.draw(states(LISTENERS, listed, runs, at, runs_here=here.listeners is not None, known=known))
    set_aside.draw_gaps(gaps, zone)
    aside = set_aside.batches_aside(here.places.incoming, rejected)
    set_aside.draw_batches(aside, report["figures"]["waiting"], here.places.incoming, zone)
    set_aside.draw_rejected(rejected, report["figures"]["rejected"], zone)


overview()
live_view.draw()
