"""Draws what was not taken in, each with its reason: gaps nobody read, quarantined batches, rejected rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from dashboard.shared import tables, words
from data import files

SHOWN = 200  # rejected rows
COUNTED = 2_000  # rejected rows whose reasons are counted
TALL = 8  # rows of a table before it scrolls
DIFFERS = re.compile(r"(?<!\S)(?!UTF)\S*\d\S*( \S*\d\S*)*")  # ids, times, places
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class QuarantinedBatch:
    """A batch that could not be read: its file, its size in words, since when, and why; "" where that is not known."""

    file: str
    size: str
    since: datetime
    why: str


def quarantined_batches(folder: Path, rejected: Sequence[Row]) -> list[QuarantinedBatch]:
    """The `.rejected` files of the drop folder, the latest first."""
    reasons = {row["file"]: row["reason"] for row in rejected if row["line"] == 0}
    found = []
    for path in _rejected(folder):
        try:
            facts = path.lstat()
        except OSError:  # somebody mended it this very moment
            continue
        large = size(facts.st_size) if files.is_plain(path) else files.kind(facts)
        why = reasons.get(path.name.removesuffix(".rejected"), "")
        found.append(QuarantinedBatch(path.name, large, datetime.fromtimestamp(facts.st_mtime, UTC), why))
    return sorted(found, key=lambda one: one.since, reverse=True)


def _rejected(folder: Path) -> list[Path]:
    try:
        return files.named(folder, files.REJECTED)
    except OSError:  # the absorber says so
        return []


def kinds(rejected: Sequence[Row]) -> list[tuple[str, int]]:
    """How many rows were rejected for each kind of reason, the most first. Ids, times and numbers become an ellipsis,
    so that "id 7 stands on an earlier line" and "id 8 stands ..." are one kind."""
    return Counter(DIFFERS.sub("\N{HORIZONTAL ELLIPSIS}", words.shown(row["reason"])) for row in rejected).most_common()


def size(count: int) -> str:
    """A file's size: "812 bytes", "3 kB", "41 MB"."""
    for unit, share in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= share:
            return f"{count / share:,.0f} {unit}"
    return f"{count} bytes"


def query_text(query: str) -> str:
    """A query of a source as people read it: "comments:acme" is "comments in r/acme"."""
    kind, colon, rest = query.partition(":")
    said = {"search": "search for ", "comments": "comments in r/"}
    return words.shown(said[kind] + rest if colon and kind in said else query)


def instants(zone: str | None) -> Any:
    """A column of instants, to the minute, in the reader's IANA time zone; UTC where it is not known."""
    return st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", timezone=zone or "UTC", width=140)


def draw_gaps(gaps: Sequence[Row], zone: str | None) -> None:
    """Draw the gaps that were not read. `gaps`: as monitoring.figures.gaps gives them."""
    if not gaps:
        st.caption("Nothing was passed over: each visit that went well read down to what was known already.")
        return
    st.subheader("Not read", anchor=False)
    st.caption("Sources list no more than so much at once. What was said between these instants may be missing.")
    tables.draw(
        {
            "Source": [words.source(gap["source"]) for gap in gaps],
            "Asked for": [query_text(gap["query"]) for gap in gaps],
            "From": [gap["since"] and datetime.fromisoformat(gap["since"]) for gap in gaps],
            "To": [gap["until"] and datetime.fromisoformat(gap["until"]) for gap in gaps],
            "Why": [words.shown(gap["why"]) for gap in gaps],
        },
        hide_index=True,
        column_config={"From": instants(zone), "To": instants(zone), "Why": st.column_config.Column(width="large")},
    )


def draw_batches(held: Sequence[QuarantinedBatch], waiting: int, folder: Path, zone: str | None) -> None:
    """Draw how many batches wait, and those that are quarantined."""
    if not held:
        st.caption(f"{_waiting(waiting)} None is set aside.")
        return
    st.subheader("Batches", anchor=False)
    st.caption(
        f"{_waiting(waiting)} Those below could not be read and are kept whole: mend one and take “.rejected” off its "
        "name to have it taken in, or delete it. They lie in this folder:"
    )
    st.code(str(folder), language=None)
    tables.draw(
        {
            "Since": [one.since for one in held],
            "Batch": [words.shown(one.file) for one in held],
            "Size": [one.size for one in held],
            "Why": [words.shown(one.why) or "not recorded" for one in held],
        },
        hide_index=True,
        column_config={"Since": instants(zone), "Size": st.column_config.Column(width=80)},
    )


def _waiting(count: int) -> str:
    if not count:
        return "No batch waits to be taken in."
    return f"{count:,} {'batch waits' if count == 1 else 'batches wait'} to be taken in."


def draw_rejected(rejected: Sequence[Row], total: int, zone: str | None) -> None:
    """Draw the rejected rows: how many for which reason, then the latest. `total`: of all that are stored."""
    if not rejected:
        st.caption("Every row that came could be taken in.")
        return
    st.subheader("Rejected rows", anchor=False)
    counted = kinds(rejected)
    among = "" if total <= len(rejected) else f" The latest {len(rejected):,} were rejected because:"
    st.caption(f"{total:,} {'row' if total == 1 else 'rows'} could not be taken in; the rest of each file was.{among}")
    tables.draw(
        {"Rows": [count for _, count in counted], "Reason": [kind for kind, _ in counted]},
        hide_index=True,
        width=760,
        height=_height(counted),
        column_config={"Rows": st.column_config.NumberColumn(width=70, format="localized")},
    )
    st.caption(f"The latest {SHOWN} of them:" if total > SHOWN else "One by one, the latest first:")
    _latest(rejected[:SHOWN], zone)


def _height(rows: Sequence[object]) -> Literal["content"] | int:
    return "content" if len(rows) <= TALL else 318


def _latest(rejected: Sequence[Row], zone: str | None) -> None:
    tables.draw(
        {
            "When": [row["rejected_at"] for row in rejected],
            "File": [words.shown(row["file"]) for row in rejected],
            "Line": [f"{row['line']:,}" if row["line"] else "whole file" for row in rejected],
            "Why": [words.shown(row["reason"]) for row in rejected],
            "Begins with": [words.shown(row["content"]) for row in rejected],
        },
        hide_index=True,
        height=_height(rejected),
        column_config={
            "When": instants(zone),
            "File": st.column_config.Column(width=190),
            "Line": st.column_config.Column(width=80),
            "Why": st.column_config.Column(width=400),
        },
    )
