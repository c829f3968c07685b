"""The sources that cannot be read, named where people look for their mentions."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from dashboard.runtime import Runtime
from dashboard.shared import words
from data.monitoring import figures


def sources(here: Runtime) -> dict[str, figures.Failing]:
    """The sources that are switched on and whose latest run failed, by name."""
    failed = here.store.remembered(figures.failing, "run")
    if not failed:
        return {}
    on = here.switched_on()
    return {name: one for name, one in failed.items() if on is None or name in on}


def draw(name: str, failed: figures.Failing, at: datetime) -> None:
    """Draw one of them: when it was last read, and its error as text."""
    last = f"it was last read {words.ago(failed.read_at, at)}" if failed.read_at else "it was never read"
    with st.container(gap=None, key=f"failing_{name}"):
        st.markdown(f":material/warning: **{words.plain(words.source(name))} is failing**; {last}.")
        st.text(words.shown(failed.error))
