"""The page Sources: how each source fares, which batches wait, and what could not be taken in."""

from __future__ import annotations

import streamlit as st

from dashboard import edge, zones
from dashboard.access import gate
from dashboard.runtime import now, runtime
from dashboard.shared import frame, pulse
from dashboard.shared.source_state import states
from dashboard.sources import backup_state, live_view, quarantine, source_list
from data import setup
from data.models import HearbackError
from data.monitoring import figures
from data.settings import VERSION
from data.setup import Setup
from listeners.registry import LISTENERS

LOOK_EVERY = 5  # seconds


def load_setup() -> Setup | None:
    """Read setup.toml; where it cannot be read, draw why and return None."""
    try:
        return setup.load(runtime().places.setup)
    except HearbackError as trouble:
        st.error("setup.toml cannot be read. Mend this file; it is read again by itself:", icon=":material/error:")
        st.code(str(runtime().places.setup), language=None)
        st.text(str(trouble))
        return None


@gate.fragment(run_every=LOOK_EVERY)
@frame.patient()
def overview() -> None:
    """Draw the page but for the live views; drawn anew every LOOK_EVERY seconds."""
    here, at, zone = runtime(), now(), zones.of_reader().key
    if frame.is_outdated():
        st.rerun()
    _, report = here.health(at)
    with here.store.read() as store:
        runs, gaps = figures.listeners(store), figures.gaps(store)
        rejected = figures.rejected(store, quarantine.COUNTED)
    title, beside = st.columns([3, 9], vertical_alignment="center")
    title.title("Sources", anchor=False)
    with beside:
        pulse.draw(report)
    listed = load_setup()
    pulse.draw_troubles(pulse.troubles(report), but=frame.trouble_with_setup() if listed is None else "")
    if listed is not None and not listed.brands:
        st.page_link(
            "setup/page.py", label="Name your brand: Hacker News, which needs no key, is then listened to at once.",
            icon=":material/arrow_forward:",
        )  # fmt: skip
    known = report["figures"]["listeners"]
    with edge.part("The list of sources"):
        source_list.draw(states(LISTENERS, listed, runs, at, runs_here=here.listeners is not None, known=known))
    with edge.part("What was not read"):
        quarantine.draw_gaps(gaps, zone)
    with edge.part("What waits"):
        held = quarantine.quarantined_batches(here.places.incoming, rejected)
        quarantine.draw_batches(held, report["figures"]["waiting"], here.places.incoming, zone)
    with edge.part("What was rejected"):
        quarantine.draw_rejected(rejected, report["figures"]["rejected"], zone)
    with edge.part("The backups"):
        backup_state.draw(report["backup"], at)


overview()
live_view.draw()
st.caption(f"Hearback {VERSION}")
