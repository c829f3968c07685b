"""Whether Hearback's own parts run: the listeners' process and the threads, in words."""

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
    "teacher": "Learning",
}
Sign = tuple[str, str, Any]  # word, icon, colour
RUNNING: Sign = ("running", ":material/check_circle:", "green")
STOPPED = ("stopped short", ":material/error:", "red")
OUTSIDE = ("not run by this app", ":material/do_not_disturb_on:", "gray")
AGAIN = ("starting again", ":material/restart_alt:", "orange")


def parts(report: Mapping[str, Any]) -> list[tuple[str, Sign, str]]:
    """Each part with how it runs and, where it stopped, why. `report`: the one of House.health."""
    child = report["listeners"]
    listening = RUNNING if child == "ok" else AGAIN if child == "starting again" else OUTSIDE
    threads = [
        (title, RUNNING if report[name] == "ok" else STOPPED, "" if report[name] == "ok" else str(report[name]))
        for name, title in THREADS.items()
        if name in report
    ]
    return [("Listeners", listening, ""), *threads]


def draw(report: Mapping[str, Any]) -> None:
    """One badge while all is well, with what runs told on demand; else one for each part."""
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
    """Why each thread that stopped did. `report`: the one of House.health."""
    return {name: str(report[name]) for name in THREADS if report.get(name, "ok") != "ok"}


def draw_troubles(troubles: Mapping[str, str], *, but: str = "") -> None:
    """Why each thread that stopped did. `but`: what the page says already."""
    for name, why in troubles.items():
        if why != but:
            st.error(f"{THREADS[name]} stopped short and is tried again by itself:", icon=":material/error:")
            st.text(why)
