"""Draws when the newest backup was made, and why the latest one failed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.shared import words

NO_SCHEDULE = "No backups are made by themselves: docs/backup.md says how to set that up."


def draw(backup: Mapping[str, Any], now: datetime) -> None:
    """Draw the state of the backups. `backup`: as Runtime.health gives it."""
    if backup["trouble"]:
        st.warning("The latest backup could not be made. It is tried again by itself:", icon=":material/warning:")
        st.text(backup["trouble"])
    st.caption(said(backup, now))


def said(backup: Mapping[str, Any], now: datetime) -> str:
    """The state in a sentence or two."""
    if backup["schedule"] == "no schedule":
        return NO_SCHEDULE
    newest = datetime.fromisoformat(backup["newest"]) if backup["newest"] else None
    latest = f"The newest was made {words.ago(newest, now)}." if newest else "None was made yet."
    return f"A backup is made {backup['schedule']}. {latest}"
