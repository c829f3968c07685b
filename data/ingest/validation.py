"""Which lines of a batch can go in, and why the others cannot: the careful, slow reading of what the store refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from data.models import Rejected, Sentiment

LONGEST_TEXT = 1_000_000  # characters; more is set aside: nobody reads it and every screen would choke on it
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before this no platform existed: the time was misread
AHEAD = timedelta(days=2)  # clocks differ, time zones get lost; what lies further ahead was misread
ID = r"^[^\s:{\[]+:."  # a source, a colon, its own id; Python and the store's RE2 read it alike
MOST = 2**53  # beyond it a JSON number is no longer itself
ESCAPED_NUL = re.compile(r"((?<!\\)(?:\\\\)*)\\u0000")  # not where the backslash is itself escaped

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
        row = json.loads(text.removeprefix("\ufeff").replace("\x00", "\N{REPLACEMENT CHARACTER}"))
    except (ValueError, RecursionError) as trouble:  # ValueError: broken JSON, or a number of thousands of digits
        return text, f"not a whole JSON line: {trouble}"
    if not isinstance(row, dict):
        return text, "a line must be a JSON object"
    for kind, check in ENVELOPES.items():
        if row.get(kind) is not None:
            reason = check(row[kind], now)
            return (text, reason) if reason else (_written(row), None)
    reason = fault(row, now)
    return (text, reason) if reason else (_written(_settled(row)), None)


def _written(row: dict[str, Any]) -> str:
    """The row as a line the store takes: half surrogate pairs and NUL characters, which it cannot keep, replaced."""
    line = json.dumps(row, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    return ESCAPED_NUL.sub("\\1\N{REPLACEMENT CHARACTER}", line)


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
        if isinstance(row.get(name), dict | list | bool):  # a number may be a text: somebody posted "42"
            return f"{name} must be text, not {_called(row[name])}"
    for name in TIMES:
        if isinstance(row.get(name), int | float):
            return f"{name} must be text, not a number"
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
    length = len(str(row["text"])) + len(str(row.get("title") or ""))
    return (
        f"the text has {length:,} characters; at most {LONGEST_TEXT:,} are taken in" if length > LONGEST_TEXT else None
    )


def _needs(*names: str, times: tuple[str, ...] = ()) -> Check:
    """A check for the lines that are not mentions: these texts and times must be there."""

    def check(value: Any, now: datetime) -> str | None:
        if not isinstance(value, dict):
            return "not an object"
        absent = [name for name in (*names, *times) if not isinstance(value.get(name), str) or not value[name]]
        if absent:
            return f"missing: {', '.join(absent)}"
        return next((why for name in times if (why := _mistimed(name, value[name], now))), None)

    return check


def _visit(value: Any, now: datetime) -> str | None:
    """A check for a run: its own fields, then those of the gaps it tells of."""
    if reason := _needs("source", times=("started_at", "ended_at"))(value, now):
        return reason
    gaps = value.get("gaps")
    if not isinstance(gaps, list | None):
        return "gaps must be a list"
    gap = _needs("query", "why", times=("since", "until"))
    return next((f"gap: {reason}" for one in gaps or () if (reason := gap(one, now))), None)


def _request(value: Any, now: datetime) -> str | None:
    """A check for the request to erase one mention, or all of one author on one source."""
    if isinstance(value, dict) and value.get("mention_id"):
        return _needs("asked_by", "mention_id")(value, now)
    return _needs("asked_by", "source", "author")(value, now)


def _counted(value: Any, now: datetime) -> str | None:
    """A check for a topic: its week must be a date, its sentiment one of ours."""
    if reason := _needs("source", "brand", "subject", "topic", "sentiment", "week_on")(value, now):
        return reason
    try:
        date.fromisoformat(value["week_on"])
        Sentiment(value["sentiment"])
    except ValueError as trouble:
        return f"a topic's week or sentiment: {trouble}"
    return None


Check = Callable[[Any, datetime], str | None]
ENVELOPES: dict[str, Check] = {
    "answer": _needs("mention_id", "text", times=("answered_at",)),
    "brand": _needs("name"),
    "rejected": _needs("file", "reason"),
    "run": _visit,
    "gone": _needs("id"),
    "checked": _needs("id", times=("checked_at",)),
    "erase": _request,
    "topic": _counted,
    "delivery": _needs("letter_id", "mention_id", "state", "approved_by", times=("happened_at",)),
}
