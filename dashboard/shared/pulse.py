"""Shows whether the listeners' process and the threads run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

THREADS = {
    "absorber": "Taking in",
    "scorer": "Scoring",
    "publisher": "Publishing",
    "upkeep": "Upkeep",
    "rescorer": "Re-scoring",
    "trainer": "Learning",
    "archiver": "Backups",
    "healer": "Opening the store again",
    "store": "The store",
}
Sign = tuple[str, str, Any]  # word, icon, colour
RUNNING: Sign = ("running", ":material/check_circle:", "green")
STOPPED = ("stopped short", ":material/error:", "red")
OUTSIDE = ("not run by this app", ":material/do_not_disturb_on:", "gray")
AGAIN = ("starting again", ":material/restart_alt:", "orange")


def parts(report: Mapping[str, Any]) -> list[tuple[str, Sign, str]]:
    """(title, sign, reason) of each part; the reason is "" unless it stopped. `report`: as Runtime.health gives it."""
    child = report["listeners"]
    listening = RUNNING if child == "ok" else AGAIN if child == "starting again" else OUTSIDE
    threads = [
        (title, RUNNING if report[name] == "ok" else STOPPED, "" if report[name] == "ok" else str(report[name]))
        for name, title in THREADS.items()
        if name in report
    ]
    return [("Listeners", listening, ""), *threads]


def draw(report: Mapping[str, Any]) -> None:
    """Draw one badge while all parts run, which lists them on hovering; else one for each part."""
    all_parts = parts(report)
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if all(sign is RUNNING for _, sign, _ in all_parts):
            _, icon, colour = RUNNING
            told = ", ".join(title.lower() for title, _, _ in all_parts)
            st.badge("All parts are running", icon=icon, color=colour, help=f"{told.capitalize()}.")
            return
        for title, (word, icon, colour), _ in all_parts:
            st.badge(f"{title}: {word}", icon=icon, color=colour)


def troubles(report: Mapping[str, Any]) -> dict[str, str]:
    """{thread: why it stopped} of the threads that stopped. `report`: as Runtime.health gives it."""
    return {name: str(report[name]) for name in THREADS if report.get(name, "ok") != "ok"}


def draw_troubles(troubles: Mapping[str, str], *, but: str = "") -> None:
    """Draw why threads stopped, each reason once. `but`: a reason that the page shows already."""
    for why in dict.fromkeys(why for why in troubles.values() if why != but):
        titles = [THREADS.get(name, name) for name, reason in troubles.items() if reason == why]
        st.error(f"{', '.join(titles)} stopped short and is tried again by itself:", icon=":material/error:")
        st.text(why)
