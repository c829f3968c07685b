"""The fast and the careful way to read a batch: whatever a line holds, both store the same of it or refuse it alike."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.ingest import reading
from data.ingest.lines import ENVELOPES, MENTION, Field, Kind, Type
from data.ingest.validation import validate
from data.settings import Places
from data.store.store import Connection, Store
from tests.data.builders import ACME, NOON, Room, lines, row

AT = "2026-11-20T11:58:00.000000+00:00"
GAP = {"query": "acme", "since": AT, "until": AT, "why": "a ceiling"}
GOOD: dict[str, dict[str, Any]] = {
    "a mention": row(2, published_at=AT, kind="review", author="jo", author_url="https://a.example/jo", title="so so",
        url="https://a.example/2", language="en", thread_id="test:0", parent_id="12345", reach=12, engagement=-3,
        rating=4.5, edited_at=AT, brands=["Acme", 'the "Bolt"']),
    "answer": {"mention_id": "test:1", "text": "sorry\n\x1b!", "answered_at": AT, "author": "Acme"},
    "brand": {"name": "Bolt", "competitor": True},
    "rejected": {"file": "reviews.csv", "line": 7, "reason": "no time", "content": "x,y"},
    "run": {"source": "test", "started_at": AT, "ended_at": AT, "found": 3, "error": "refused", "permanent": False,
        "next_at": "2027-03-01T00:00:00.000000+00:00", "gaps": [GAP, GAP]},
    "gone": {"id": "test:1"},
    "checked": {"id": "test:1", "checked_at": AT},
    "erase": {"asked_by": "ana", "mention_id": "test:1", "source": "test", "author": "author 1"},
    "topic": {"source": "test", "brand": "Acme", "subject": "B0", "week_on": "2026-11-16", "topic": "battery",
        "sentiment": "negative", "mentions": 12, "share": 0.25, "stars": -0.5, "title": "Acme One"},
    "delivery": {"letter_id": "l1", "mention_id": "test:1", "state": "in doubt", "happened_at": AT,
        "approved_by": "ana", "reply_id": "test:r1", "url": "https://a.example/r1", "why": "no reply"},
}  # a line of each kind with all that it may hold  # fmt: skip
KINDS = {kind.name: kind for kind in (MENTION, *ENVELOPES)}

ODD_TIMES = (
    "2026-W45-1", "2026-W45", "2026-324", "2026-02-30", "20261120", "20261120T115800Z", "2026-11-20", "2026-11-20T11",
    "2026-11-20T11:58", "2026-11-20 11:58:00", "2026-11-20T11:58:00", "2026-11-20T11:58:00Z", "2026-11-20T11:58:00,5",
    "2026-11-20T13:58:00+02:00", "2026-11-20T13:58:00+02", "2026-11-20T13:58+02:00", "2026-11-20t11:58:00z",
    "2026-11-20T11:58:00.1234567Z", "2026-11-20T11:58:00.5-23:59", "2026-11-20T24:00:00Z", "2026-11-20T23:59:60Z",
    "1990-01-01T00:00:00+00:00", "1989-12-31T23:59:59.999999+00:00", "1990-01-01T00:00:00+14:00",
    "2026-11-22T12:00:00+00:00", "2026-11-22T12:00:00.000001+00:00", "0001-01-01", "9999-12-31T23:59:59+00:00",
    "0001-01-01T00:00:00+14:00", "infinity", "-infinity", "epoch", "now", "today", "２０２６-11-20", " 2026-11-20",
    "26-1-1", "2026-11-20T11:58:00 Europe/Berlin", "2026-11-20 (BC)", "yesterday", "",
)  # fmt: skip
ODD_TEXTS = (
    "42", "-1", "007", "3.5", "1e5", "NaN", "nan", "INF", "-Infinity", "true", "False", "null", "[1]", "[1,]", "[help]",
    "{}", "{acme", '"x"', "\x00", "a\x00b", r"\u0000", "\ud83d", "\x1b[31m", "\ufeff", "a\u2028b\x85", " ", "test:1",
    "a b:1", "a\xa0b:1", "a\x0bb:1", "a\x1cb:1", "a:\n", "a:\x00", ":1", "[a:1", "{a:1}", "sample:1", "9" * 19,
    "negative", "Negative", "in doubt", "x" * 1_000_001,
)  # fmt: skip
ODD_JSON = (
    "null", "true", "false", "0", "-0", "-0.0", "3", "3.0", "3.5", "1e3", "1E3", "1E-3", "1e22", "1e400", "0.00001",
    "42", "1e16", "9007199254740991", "9007199254740992", "-9007199254740993", "12345678901234567890", "9" * 400,
    "9" * 5000,
    "NaN", "nan", "Infinity", "-Infinity", "inf", "-INF", "0.30000000000000004", "123456789012345.678", "[]", "{}",
    "[1]", "[1,]", '{"a":1,}', '["Acme",null]', '["Acme",5]', '["a\\u0000"]', '[""]', '["Acme","Acme"]',
    '{"id":"test:1","id":"test:2"}',
    '{"id":"test:1","u":1,"u":2}', "01", "+1", ".5", "1.", "0x10", "'a'", '"\t"', '"\\x"', '"a',
    "[" * 2000 + "]" * 2000,
)  # fmt: skip


def typical(text: str) -> str:
    return json.dumps(text)


odd_json = st.one_of(
    st.sampled_from(ODD_JSON),
    st.sampled_from((*ODD_TIMES, *ODD_TEXTS)).map(typical),
    st.text(st.characters(codec=None), max_size=12).map(typical),
    st.floats().map(typical),  # type: ignore[arg-type]
    st.integers().map(str),
    st.datetimes().map(lambda when: typical(when.isoformat())),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=5,
    ).map(json.dumps),
)


rarely = st.sampled_from([False] * 9 + [True])


def written(fields: list[tuple[str, str]], comma: str = "") -> str:
    return "{" + ",".join(f"{json.dumps(name)}:{value}" for name, value in fields) + comma + "}"


@st.composite
def odd_fields(draw: st.DrawFn, fields: dict[str, Any], known: tuple[Field, ...]) -> str:
    """A JSON object of good fields of which some are odd, absent, unknown or told twice."""
    told = {name: json.dumps(value) for name, value in fields.items()}
    names = st.sampled_from([*(one.name for one in known), *(one.name for one in known), "mood"])
    for name in draw(st.lists(names, max_size=2)):
        if draw(st.booleans()):
            told[name] = draw(odd_json)
        else:
            told.pop(name, None)
    if "gaps" in told and draw(st.booleans()):
        told["gaps"] = f"[{draw(odd_fields(GAP, KINDS['run'].fields[-1].fields))}]"
    pairs = list(told.items())
    if draw(rarely):
        pairs.append((draw(names), draw(odd_json)))
    if draw(rarely):
        pairs = draw(st.permutations(pairs))
    return written(pairs, draw(st.sampled_from([""] * 9 + [","])))


@st.composite
def odd_lines(draw: st.DrawFn) -> bytes:
    """A line of any kind, with something odd in it or nothing."""
    name = draw(st.sampled_from(list(KINDS)))
    line = draw(odd_fields(GOOD[name], KINDS[name].fields))
    if name != MENTION.name:
        envelope = line if not draw(rarely) else draw(odd_json)
        beside = [(draw(st.sampled_from(["id", "text", "gone", "brand", "mood"])), draw(odd_json))]
        line = written([(name, envelope)] + beside * draw(rarely))
    raw = line.encode("utf-8", "surrogatepass")
    around = st.sampled_from([b""] * 60 + [b" ", b"\xef\xbb\xbf", b"\r", b"\x00", b"\xff", b"\x0b", b"\xc2\xa0", b"x"])
    return draw(around) + raw.replace(b"\n", b" ") + draw(around) + b"\n"


@pytest.fixture(scope="module")
def store():
    opened_store = Store(":memory:", settings={"threads": "1"})
    with opened_store.read() as connection:
        yield connection
    opened_store.close()


STORED = {
    Type.WHOLE: "TRY_CAST({} AS BIGINT)",
    Type.NUMBER: "TRY_CAST({} AS DOUBLE)",
    Type.FLAG: "{} = 'true'",
    Type.INSTANT: "CAST({} AS TIMESTAMPTZ)",
    Type.DAY: "CAST({} AS DATE)",
}  # what is done with a field of an envelope when it is stored


def in_fresh(store: Connection) -> list[dict[str, Any]]:
    """What lies in `fresh`, kind and fields of each line, as it will be stored."""
    told = []
    for line in store.rows("SELECT * FROM fresh ORDER BY line"):
        [kind] = [one for one in ENVELOPES if line[one.name] is not None] or [MENTION]
        fields = {one.name: line[one.name] for one in kind.fields} if kind is MENTION else opened(store, kind, line)
        told.append({"kind": kind.name} | {name: value for name, value in fields.items() if value is not None})
    return told


def opened(store: Connection, kind: Kind, line: dict[str, Any]) -> dict[str, Any]:
    values = [STORED.get(one.type, "{}").format(f"(told ->> '{one.name}')") for one in kind.fields]
    names = [f"{value} AS {one.name}" for one, value in zip(kind.fields, values, strict=True)]
    [fields] = store.rows(f"SELECT {', '.join(names)} FROM (SELECT $told::JSON AS told)", told=line[kind.name])
    return fields


def as_stored(line: str) -> dict[str, Any]:
    """The same of a line that the careful way wrote, by Python alone."""
    told = json.loads(line)
    [kind] = [one for one in ENVELOPES if one.name in told] or [MENTION]
    fields = told.get(kind.name, told)
    return {"kind": kind.name} | {
        one.name: python_value(one, fields[one.name]) for one in kind.fields if one.name in fields
    }


def python_value(field: Field, value: Any) -> Any:
    if field.type is Type.INSTANT:
        instant = datetime.fromisoformat(value)
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    if field.type is Type.DAY:
        return date.fromisoformat(value)
    if field.type is Type.OBJECTS:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value


def read_fast(store: Connection, batch) -> bool:
    try:
        reading.read(store, batch)
        return reading.is_plain(store, NOON)
    except duckdb.Error:
        return False


def hold_to_each_other(store, folder, line: bytes) -> None:
    batch = folder / "batch.jsonl"
    batch.write_bytes(line)
    is_plain = read_fast(store, batch)
    validated = validate(batch, NOON)
    if is_plain:
        assert not validated.rejected, validated.rejected
        assert in_fresh(store) == list(map(as_stored, validated.good))
    batch.write_text("".join(f"{good}\n" for good in validated.good), encoding="utf-8")
    if validated.good:
        reading.read(store, batch)
        assert in_fresh(store) == list(map(as_stored, validated.good))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(line=odd_lines())
def test_what_the_fast_way_takes_the_careful_way_takes_with_the_same_values(store, tmp_path_factory, line):
    hold_to_each_other(store, tmp_path_factory.getbasetemp(), line)


@pytest.mark.parametrize("name", KINDS)
def test_a_line_of_each_kind_with_all_its_fields_is_plain_and_so_is_one_with_the_least(store, tmp_path, name):
    kind, batch = KINDS[name], tmp_path / "batch.jsonl"
    least = {field.name: GOOD[name][field.name] for field in kind.fields if field.required}
    if kind.either:
        least |= {field: GOOD[name][field] for field in kind.either[-1]}
    rows = [GOOD[name], least]
    batch.write_bytes(lines(*(rows if kind is MENTION else [{name: told} for told in rows])))
    assert read_fast(store, batch)
    assert {field.name for field in kind.fields} == set(GOOD[name])


# A field of each type, of a mention and of an envelope, which other statements read. Chance seldom puts into a field
# just what is odd for its type.
OF_EACH_TYPE = {
    f"{'a mention' if kind is MENTION else 'an envelope'}, {field.type.name.lower()}": (kind, field)
    for kind in (MENTION, *ENVELOPES)
    for field in kind.fields
    if field.type not in (Type.TEXT, Type.OBJECTS)
}
ODD_FOR = {
    **dict.fromkeys((Type.WHOLE, Type.NUMBER, Type.FLAG, Type.NAMES), ()),
    **dict.fromkeys((Type.INSTANT, Type.DAY), ODD_TIMES),
    **dict.fromkeys((Type.ID, Type.CHOICE), tuple(text for text in ODD_TEXTS if len(text) < 100)),
}  # beside what is odd JSON; to a text much is a text


@pytest.mark.parametrize("name", OF_EACH_TYPE)
def test_an_odd_value_in_a_field_of_each_type_is_read_alike(store, tmp_path, name):
    kind, field = OF_EACH_TYPE[name]
    good = {told: json.dumps(value) for told, value in GOOD[kind.name].items()}
    for value in (*ODD_JSON, *map(typical, ODD_FOR[field.type])):
        line = written([*(good | {field.name: value}).items()])
        if kind is not MENTION:
            line = written([(kind.name, line)])
        hold_to_each_other(store, tmp_path, line.encode("utf-8", "surrogatepass") + b"\n")


# Around the line; what is beside it is left out of what is compared.
COMPANION = lines(row(50), {"topic": GOOD["topic"] | {"subject": "Z9"}})
BROKEN = b'{"broken\n'
COMPANIES = ((b"", b""), (COMPANION, b""), (COMPANION, BROKEN))
BASE_TABLES = """
SELECT table_name AS name, list(column_name ORDER BY column_name) AS columns
FROM information_schema.columns
JOIN information_schema.tables USING (table_catalog, table_schema, table_name)
WHERE table_type = 'BASE TABLE' AND table_schema = 'main' AND table_name NOT IN ('batch', 'migration')
GROUP BY table_name
ORDER BY table_name
"""
BY_CHANCE = {("unscored", "token"), ("run", "added"), ("rejected", "batch"), ("rejected", "file"), ("rejected", "line"),
    ("erasure", "id")}  # an id of its own, how many mentions are new, a place in the batch  # fmt: skip


def kept_of(room: Room) -> dict[str, list[str]]:
    """All that the store keeps of a line, without its companions."""
    tables = {}
    for table in room.rows(BASE_TABLES):
        if table["name"] == "identity":  # each store has its own
            continue
        rows = room.rows(f"SELECT * FROM {table['name']}")
        known = [
            {name: value for name, value in one.items() if (table["name"], name) not in BY_CHANCE}
            for one in rows
            if "test:50" not in one.values()
            and "Z9" not in one.values()
            and one.get("content") != BROKEN.decode().strip()
        ]
        tables[table["name"]] = sorted(map(repr, known))
    return tables


def taken(folder, line: bytes, before: bytes, after: bytes) -> dict[str, list[str]]:
    room = Room(Places(folder), Store(":memory:", settings={"threads": "1"}))
    room.listen_for(ACME)
    for content in (lines(row(1)), before + line + after):
        room.lay(content)
        [done] = room.take_in()
    assert done.unreadable is None or before + after == b""
    kept = kept_of(room)
    room.store.close()
    return kept


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(line=odd_lines().filter(bytes.strip))
def test_whatever_a_line_holds_the_same_is_kept_of_it_in_any_company(tmp_path_factory, line):
    alone, *others = (taken(tmp_path_factory.mktemp("room"), line, *company) for company in COMPANIES)
    for other in others:
        assert other == alone
