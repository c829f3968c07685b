"""The sample source: fictional mentions of fictional brands, sent once, with times that end now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from data import setup
from data.models import SAMPLE, Answer, Brand, Found, HearbackError, Mention
from data.settings import ROOT
from listeners.base import Budget, Cursor, FetchResult, Listener, ListenerError, Options, Policy

FOLDER = ROOT / "data" / "sample"
LAST_BEFORE_NOW = timedelta(minutes=3)  # the newest mention's age

Line = Mapping[str, Any]  # one line of mentions-*.jsonl; the README.md beside them describes it


class Sample(Listener):
    """Replaces the other sources until a real brand is set up."""

    source = SAMPLE
    policy = Policy(
        name="Sample (fictional)",
        keeps_text=True,
        deletions="Nothing to follow: nobody wrote these.",
        replies="Nowhere to send one: its links lead to example.com.",
        checked_on=date(2026, 11, 23),
        terms="Written for Hearback; data/sample/README.md says how",
        looks_back=False,
    )
    every = timedelta(hours=24)

    def listen(
        self, brands: Sequence[Brand], options: Options, cursor: Cursor, now: datetime, budget: Budget | None = None
    ) -> FetchResult:
        """All mentions, ending just before `now`, in the first run and only while there is no real brand; else
        nothing."""
        if cursor.get("replayed_at") or not all(brand.is_sample for brand in brands):
            return FetchResult(cursor=dict(cursor))
        lines, end = read_lines(), now - LAST_BEFORE_NOW
        answers = (shift_answer(line, end) for line in lines)
        return FetchResult(
            found=[shift(line, end) for line in lines],
            answers=[answer for answer in answers if answer is not None and answer.answered_at <= now],
            cursor={"replayed_at": now.isoformat()},
        )


def shift(line: Line, end: datetime) -> Found:
    """One line as a mention, `minutes_before_end` before `end`."""
    thread, parent = line.get("thread"), line.get("parent")
    mention = Mention(
        id=_id(line["n"]),
        source=line["source"],
        kind=line["kind"],
        text=line["text"],
        published_at=_published_at(line, end),
        title=line.get("title"),
        author=line["author"],
        url=f"https://example.com/sample/{line['n']}",
        rating=line.get("rating"),
        reach=line.get("reach"),
        engagement=line.get("engagement"),
        language=line.get("language"),
        thread_id=None if thread is None else _id(thread),
        parent_id=None if parent is None else _id(parent),
    )
    return Found(mention, tuple(line.get("brands", ())))


def shift_answer(line: Line, end: datetime) -> Answer | None:
    """The brand's answer to one line, `minutes_after` the mention; None when there is none."""
    answer = line.get("answer")
    if answer is None:
        return None
    answered_at = _published_at(line, end) + timedelta(minutes=answer["minutes_after"])
    return Answer(_id(line["n"]), answer["text"], answered_at, answer["author"])


def sample_brands(folder: Path = FOLDER) -> tuple[Brand, ...]:
    """The fictional brands; ours first. Raises ListenerError when their file is missing or damaged."""
    path = folder / "brands.toml"
    try:
        brands = setup.load(path).brands
    except HearbackError as trouble:
        raise _damaged(path, trouble) from None
    if not brands:
        raise _damaged(path, "nothing there")
    return brands


def read_lines(folder: Path = FOLDER) -> list[Line]:
    """Every line of the sample, oldest first. Raises ListenerError when a file is missing or damaged."""
    lines = [line for path in sorted(folder.glob("mentions-*.jsonl")) for line in _lines_of(path)]
    if not lines:
        raise _damaged(folder / "mentions-*.jsonl", "nothing there")
    return sorted(lines, key=lambda line: int(line["n"]))


def _lines_of(path: Path) -> Iterator[Line]:
    try:
        for text in path.read_text(encoding="utf-8").split("\n"):
            if text:
                yield json.loads(text)
    except (OSError, ValueError) as trouble:
        raise _damaged(path, trouble) from None


def _published_at(line: Line, end: datetime) -> datetime:
    return end - timedelta(minutes=line["minutes_before_end"])


def _id(n: int) -> str:
    return f"{SAMPLE}:{n}"


def _damaged(path: Path, trouble: object) -> ListenerError:
    message = f"The sample's {path.name} cannot be read: {trouble}. Fetch data/sample again, or set up a brand."
    return ListenerError(SAMPLE, message, permanent=True)
