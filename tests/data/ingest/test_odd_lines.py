"""Odd lines, one by one: what becomes of each is the same alone, among good lines and beside a bad one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from data.ingest.batch import Absorbed, absorb
from data.ingest.context import IngestContext
from data.settings import Places
from data.store.store import Store
from tests.data.builders import ACME, NOON, RANKING, Room, lines, row

AT, SHOWN = "2026-11-20T11:58:00.000000+00:00", "2026-11-20T11:58:00+00:00"
LATE, EARLY = "2026-11-22T12:00:00+00:00", "1990-01-01T00:00:00+00:00"
ANSWER = {"mention_id": "test:1", "text": "sorry", "answered_at": AT}
RUN = {"source": "test", "started_at": AT, "ended_at": AT, "found": 3}
TOPIC = {"source": "test", "brand": "Acme", "subject": "B0", "week_on": "2026-11-16", "topic": "fit",
    "sentiment": "negative"}  # fmt: skip
DELIVERY = {"letter_id": "l1", "mention_id": "test:1", "state": "sent", "happened_at": AT, "approved_by": "ana"}
MENTION = row(2, published_at=AT)


def said(**odd: object) -> bytes:
    return lines(MENTION | odd)


def raw(odd: str, line: dict[str, Any] = MENTION) -> bytes:
    """A line with raw JSON at its end."""
    return (json.dumps(line)[:-1] + f", {odd}}}\n").encode()


def inside(name: str, told: dict[str, Any], **odd: object) -> bytes:
    return lines({name: told | odd})


# name: the line, and either the reason why it is refused or the table that keeps it and what it keeps
ODD: dict[str, tuple[bytes, str | tuple[str, dict[str, Any]]]] = {
    "engagement 3.5": (said(engagement=3.5), "engagement must be a number without a fraction, not '3.5'"),
    "engagement 3.0": (said(engagement=3.0), ("mention", {"engagement": 3})),
    "engagement 1E3": (raw('"engagement": 1E3'), ("mention", {"engagement": 1000})),
    "engagement -0": (raw('"engagement": -0'), ("mention", {"engagement": 0})),
    "engagement in quotes": (said(engagement="3"), "engagement must be a number, not '3'"),
    "engagement true": (said(engagement=True), "engagement must be a number, not 'True'"),
    "reach of sixteen digits": (said(reach=2**53 - 1), ("mention", {"reach": 2**53 - 1})),
    "reach too large": (said(reach=2**53), "reach must be a number under 9,007,199,254,740,992"),
    "reach far too large": (said(reach=10**400), "reach must be a number under"),
    "rating in quotes": (said(rating="4.5"), "rating must be a number, not '4.5'"),
    "rating empty": (said(rating=""), "rating must be a number, not ''"),
    "rating NaN": (said(rating=float("nan")), "rating must be a number under"),
    "rating nan": (raw('"rating": nan'), "not a whole JSON line"),
    "rating 1e400": (raw('"rating": 1e400'), "rating must be a number under"),
    "rating very small": (said(rating=1e-7), ("mention", {"rating": 1e-7})),
    "rating null": (said(rating=None), ("mention", {"rating": None})),
    "text 42": (said(text=42), ("mention", {"text": "42"})),
    "text 42 in quotes": (said(text="42"), ("mention", {"text": "42"})),
    "text 1e22": (raw('"title": 1e22'), ("mention", {"title": "1e+22"})),
    "text 4.50": (raw('"title": 4.50'), ("mention", {"title": "4.5"})),
    "text 4.50 in quotes": (said(title="4.50"), ("mention", {"title": "4.50"})),
    "text NaN": (said(title=float("nan")), "title must be text, not a number"),
    "text NaN in quotes": (said(text="NaN"), ("mention", {"text": "NaN"})),
    "author a long number": (said(author=10**25), ("mention", {"author": "1" + "0" * 25})),
    "author true": (said(author=True), "author must be text, not true or false"),
    "author true in quotes": (said(author="true"), ("mention", {"author": "true"})),
    "url an object": (said(url={"href": "x"}), "url must be text, not an object"),
    "text an object in quotes": (said(text='{"a": 1}'), ("mention", {"text": '{"a": 1}'})),
    "language a list": (said(language=["en"]), "language must be text, not a list"),
    "NUL in the author": (said(author="a\x00"), ("mention", {"author": "a\N{REPLACEMENT CHARACTER}"})),
    "text twice": (raw('"text": "b"'), "text stands there twice"),
    "an unknown field twice": (raw('"mood": 1, "mood": 2'), ("mention", {"id": "test:2"})),
    "an unknown field without end": (raw('"mood": ' + "[" * 3000 + "]" * 3000), ("mention", {"id": "test:2"})),
    "an unknown field of 5,000 digits": (raw('"mood": ' + "9" * 5000), ("mention", {"id": "test:2"})),
    "an unknown field inf": (raw('"mood": -inf'), ("mention", {"id": "test:2"})),
    "a comma too many": (raw('"mood": 1,'), ("mention", {"id": "test:2"})),
    "a name in capitals": (raw('"Title": "b"'), ("mention", {"title": None})),
    "a hard space in the id": (said(id="te\xa0st:2"), ("mention", {"id": "te\xa0st:2"})),
    "a tab in the id": (said(id="te\x0bst:2"), "id must be text such as"),
    "a byte order mark": (b"\xef\xbb\xbf" + said(), ("mention", {"id": "test:2"})),
    "a brand that is null": (said(brands=["Acme", None]), "brands must be a list of names"),
    "a brand that is a number": (said(brands=[5]), "brands must be a list of names"),
    "published in a week": (said(published_at="2026-W45-1"), "published_at is not a time: '2026-W45-1'"),
    "published on a day of the year": (said(published_at="2026-324"), "published_at is not a time"),
    "published on a date": (
        said(published_at="2026-11-20"),
        ("mention", {"published_at": "2026-11-20T00:00:00+00:00"}),
    ),
    "published without a zone": (said(published_at="2026-11-20T11:58"), ("mention", {"published_at": SHOWN})),
    "published in short": (said(published_at="20261120T115800Z"), ("mention", {"published_at": SHOWN})),
    "published at 24:00": (said(published_at="2026-11-20T24:00:00Z"), "published_at is not a time"),
    "published in a leap second": (said(published_at="2026-11-20T23:59:60Z"), "published_at is not a time"),
    "published on 30 February": (said(published_at="2026-02-30T00:00:00Z"), "published_at is not a time"),
    "published in Berlin": (said(published_at="2026-11-20T11:58:00 Europe/Berlin"), "published_at is not a time"),
    "published in other digits": (said(published_at="２０２６-11-20"), "published_at is not a time"),
    "published now": (said(published_at="now"), "published_at is not a time"),
    "published at the latest": (said(published_at=LATE), ("mention", {"published_at": LATE})),
    "published too late": (said(published_at="2026-11-22T12:00:01+00:00"), "published_at cannot be true"),
    "edited at the earliest": (said(edited_at=EARLY), ("mention", {"edited_at": EARLY})),
    "edited too early": (said(edited_at="1989-12-31T23:59:59Z"), "edited_at cannot be true"),
    "an answer in a mention": (lines(MENTION | {"answer": ANSWER}), "not of answer and of a mention"),
    "an answer and a run": (lines({"answer": ANSWER, "run": RUN}), "not of answer and of run"),
    "an answer that is null": (lines(MENTION | {"answer": None}), ("mention", {"id": "test:2"})),
    "an answer that is false": (lines({"answer": False}), "not an object"),
    "an answer to a number": (inside("answer", ANSWER, mention_id=5), "mention_id must be text such as"),
    "an answer that is a number": (inside("answer", ANSWER, text=42), ("action", {"body": "42"})),
    "an answer told twice": (
        b'{"answer": {"text": "a", ' + json.dumps(ANSWER)[1:].encode() + b"}\n",
        "text stands there twice",
    ),
    "an answer too long": (inside("answer", ANSWER, text="a" * 1_000_001), "the text has 1,000,001 characters"),
    "found 3.5": (inside("run", RUN, found=3.5), "found must be a number without a fraction"),
    "found in quotes": (inside("run", RUN, found="3"), "found must be a number, not '3'"),
    "found 3.0": (inside("run", RUN, found=3.0), ("run", {"found": 3})),
    "permanent in quotes": (inside("run", RUN, permanent="true"), "permanent must be true or false, not 'true'"),
    "next some day": (inside("run", RUN, next_at="soon"), "next_at is not a time: 'soon'"),
    "next at infinity": (inside("run", RUN, next_at="infinity"), "next_at is not a time"),
    "a gap with more in it": (
        inside("run", RUN, gaps=[{"why": "é", "mood": 1, "query": "a", "since": AT, "until": "20261120"}]),
        ("run", {"gaps": f'[{{"why":"é","query":"a","since":"{AT}","until":"2026-11-20T00:00:00+00:00"}}]'}),
    ),
    "a topic in a week": (inside("topic", TOPIC, week_on="2026-W45-1"), "week_on is not a day: '2026-W45-1'"),
    "a topic at a time": (inside("topic", TOPIC, week_on="2026-11-16T00:00:00"), "week_on is not a day"),
    "a topic of the future": (inside("topic", TOPIC, week_on="2026-11-30"), "week_on cannot be true"),
    "a topic on a short day": (inside("topic", TOPIC, week_on="20261116"), ("topic", {"week_on": "2026-11-16"})),
    "a topic of another mood": (inside("topic", TOPIC, sentiment="sour"), "sentiment must be one of negative, neutral"),
    "a topic with half a mention": (inside("topic", TOPIC, mentions=1.5), "mentions must be a number without"),
    "a topic with a share in quotes": (inside("topic", TOPIC, share="0.5"), "share must be a number, not '0.5'"),
    "a delivery lost": (inside("delivery", DELIVERY, state="lost"), "state must be one of sent, refused, in doubt"),
    "a delivery in doubt": (inside("delivery", DELIVERY, state="in doubt"), ("delivery", {"state": "in doubt"})),
    "a line that was refused at 3.5": (
        inside("rejected", {"file": "a", "reason": "b"}, line=3.5),
        "line must be a number",
    ),
}
GOOD = lines(row(50), {"checked": {"id": "test:1", "checked_at": AT}})
BAD = b'{"broken\n'
COMPANY = {"alone": (b"", b""), "among good lines": (GOOD, lines(row(51))), "beside bad ones": (BAD, BAD)}  # fmt: skip
TABLES = ("match", "unscored", "rejected", "batch", "run", "action", "topic", "delivery", "sighting", "queue")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """One room for all the lines of a table: each test leaves the first mention in it alone."""
    room = Room(Places(tmp_path_factory.mktemp("odd")), Store(":memory:", settings={"threads": "1"}))
    room.listen_for(ACME)
    take(room, lines(row(1)))
    yield room
    room.store.close()


@pytest.fixture
def used(kept):
    with kept.store.write() as transaction:
        for table in TABLES:
            transaction.run(f"DELETE FROM {table}")
        transaction.run("DELETE FROM mention WHERE id <> 'test:1'")
    return kept


def take(room: Room, content: bytes) -> Absorbed:
    return absorb(IngestContext(room.store, RANKING, room.places, NOON), room.lay(content))


def told(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize(("before", "after"), COMPANY.values(), ids=COMPANY.keys())
@pytest.mark.parametrize(("line", "outcome"), ODD.values(), ids=ODD.keys())
def test_an_odd_line_has_one_outcome_in_any_company(used, line, outcome, before, after):
    done = take(used, before + line + after)
    assert done.unreadable is None
    assert done.rejected == (before + after).count(BAD) + isinstance(outcome, str)
    assert used.value("SELECT count(*) FROM mention WHERE id IN ('test:50', 'test:51')") == 2 * (GOOD in before)
    if isinstance(outcome, str):
        [reason] = used.rows("SELECT reason FROM rejected WHERE line = $line", line=before.count(b"\n") + 1)
        assert outcome in reason["reason"]
    else:
        table, fields = outcome
        ours = "WHERE id NOT IN ('test:1', 'test:50', 'test:51')" if table == "mention" else ""
        [stored] = used.rows(f"SELECT * FROM {table} {ours}")
        assert {name: told(stored[name]) for name in fields} == fields
