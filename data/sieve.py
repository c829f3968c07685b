"""Which lines of a batch can go in, and why the others cannot: the careful, slow reading of what the store refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from data.models import Rejected

LONGEST_TEXT = 1_000_000  # characters; more is set aside: nobody reads it and every screen would choke on it
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before this no platform existed: the time was misread
AHEAD = timedelta(days=2)  # clocks differ, time zones get lost; what lies further ahead was misread
ID = r"^[^\s:{\[]+:."  # a source, a colon, its own id; Python and the store's RE2 read it alike
MOST = 2**53  # beyond it a JSON number is no longer itself

TEXTS = ("id", "source", "kind", "text", "title", "author", "author_url", "url", "language", "thread_id", "parent_id")
NUMBERS = ("rating", "reach", "engagement")
TIMES = ("published_at", "edited_at")


@dataclass(frozen=True, slots=True)
class Sieved:
    """A batch read line by line: what can go in, and what cannot."""

    good: list[str]
    rejected: list[Rejected]


def sieve(batch: Path, now: datetime) -> Sieved:
    """Part the good lines of a batch from the bad ones, each bad one with its reason. Slow; for batches the store
    refused to read whole."""
    good: list[str] = []
    rejected: list[Rejected] = []
    with batch.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if not raw.strip():
                continue
            line, reason = _judge(raw, now)
            if reason is None:
                good.append(line)
            else:
                rejected.append(Rejected(batch.name, number, reason, line[:LONGEST_TEXT]))
    return Sieved(good, rejected)


def _judge(raw: bytes, now: datetime) -> tuple[str, str | None]:
    """The line as text, and why it cannot go in; a good line comes back as the store reads it."""
    try:
        text = raw.decode("utf-8").strip()
    except UnicodeDecodeError as trouble:
        return raw.decode("utf-8", "replace").strip(), f"not valid UTF-8 at byte {trouble.start + 1}"
    try:
        row = json.loads(text.replace("\x00", "\N{REPLACEMENT CHARACTER}"))
    except (json.JSONDecodeError, RecursionError) as trouble:
        return text, f"not a whole JSON line: {trouble}"
    if not isinstance(row, dict):
        return text, "a line must be a JSON object"
    for kind, check in ENVELOPES.items():
        if row.get(kind) is not None:
            return text, check(row[kind])
    reason = fault(row, now)
    return (text, reason) if reason else (json.dumps(_settled(row), ensure_ascii=False), None)


def fault(row: dict[str, Any], now: datetime) -> str | None:
    """Why a mention's row cannot go in; None when it can."""
    return (
        _missing(row)
        or _mistyped(row)
        or _mistimed("published_at", row.get("published_at"), now)
        or _mistimed("edited_at", row.get("edited_at"), now)
        or _oversized(row)
    )


def _settled(row: dict[str, Any]) -> dict[str, Any]:
    """The row with every time written one way and every text as text."""
    times = {name: _instant(row[name]).isoformat() for name in TIMES if row.get(name)}
    return {name: str(value) if name in TEXTS and value is not None else value for name, value in row.items()} | times


def _missing(row: dict[str, Any]) -> str | None:
    absent = [name for name in ("id", "source", "published_at") if not row.get(name)]
    if row.get("text") is None:
        absent.append("text")
    return f"missing: {', '.join(absent)}" if absent else None


def _mistyped(row: dict[str, Any]) -> str | None:
    if not (isinstance(row["id"], str) and re.search(ID, row["id"])):
        return f'id must be text such as "reddit:t3_1abc", not {str(row["id"])[:40]!r}'
    for name in (*TEXTS, *TIMES):
        if isinstance(row.get(name), dict | list | bool):
            return f"{name} must be text, not {_called(row[name])}"
    for name in NUMBERS:
        if not _is_number(row.get(name), whole=name != "rating"):
            return f"{name} must be a number, not {str(row[name])[:40]!r}"
    brands = row.get("brands")
    if brands is not None and not (isinstance(brands, list) and all(isinstance(brand, str) for brand in brands)):
        return "brands must be a list of names"
    return None


def _is_number(value: object, *, whole: bool) -> bool:
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < MOST and (not whole or value == int(value))


def _called(value: object) -> str:
    return {dict: "an object", list: "a list", bool: "true or false"}.get(type(value), "something else")


def _instant(value: str) -> datetime:
    instant = datetime.fromisoformat(value)
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _mistimed(name: str, value: object, now: datetime) -> str | None:
    if value is None:
        return None
    try:
        instant = _instant(str(value))
    except (ValueError, OverflowError):
        return f"{name} is not a time: {str(value)[:40]!r}"
    if not EARLIEST <= instant <= now + AHEAD:
        return f"{name} cannot be true: {value}"
    return None


def _oversized(row: dict[str, Any]) -> str | None:
    length = len(row["text"]) + len(row.get("title") or "")
    return (
        f"the text has {length:,} characters; at most {LONGEST_TEXT:,} are taken in" if length > LONGEST_TEXT else None
    )


def _needs(*names: str, times: tuple[str, ...] = ()) -> Callable[[Any], str | None]:
    """A check for the lines that are not mentions: these texts and times must be there."""

    def check(value: Any) -> str | None:
        if not isinstance(value, dict):
            return "not an object"
        absent = [name for name in (*names, *times) if not isinstance(value.get(name), str) or not value[name]]
        if absent:
            return f"missing: {', '.join(absent)}"
        return next(
            (why for name in times if (why := _mistimed(name, value[name], datetime.max.replace(tzinfo=UTC) - AHEAD))),
            None,
        )

    return check


ENVELOPES: dict[str, Callable[[Any], str | None]] = {
    "answer": _needs("mention_id", "text", times=("answered_at",)),
    "brand": _needs("name"),
    "rejected": _needs("file", "reason"),
    "run": _needs("source", times=("started_at", "ended_at")),
}
