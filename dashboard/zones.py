"""The reader's time zone: the one that the browser names, UTC where that is none that is known here."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

UTC = "UTC"
# What browsers and systems write where they do not know; the last three are files beside the zones.
NO_ZONES = frozenset(("Etc/Unknown", "Factory", "localtime", "posixrules"))
SHOWN = 60  # characters of a name in a sentence


def of_reader() -> ZoneInfo:
    """The zone in which the page shows times; its `key` is the IANA name."""
    return known(st.context.timezone) or ZoneInfo(UTC)


def known(name: str | None) -> ZoneInfo | None:
    """The zone of a name; None where it is the name of none."""
    if not name or name in NO_ZONES:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such zone; no name of one; a folder or an endless name
        return None


def notice() -> str:
    """The sentence that times are in UTC because the browser names no known zone; "" where it names one."""
    name = st.context.timezone
    if name is None or known(name):
        return ""
    why = f"calls its time zone “{name[:SHOWN]}”, which is not known here" if name else "names no time zone"
    return f"Times are shown in UTC, and a snooze until 9:00 ends at 9:00 UTC: this browser {why}."
