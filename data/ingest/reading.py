"""The fast way to read a batch: DuckDB reads the whole file, then counts the lines that are not plain. Every plain line
is good, not every good line plain: a file with another line is read again by the careful way (`validation`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from data.ingest import lines
from data.ingest.lines import EARLIEST, ENVELOPES, LONGEST_TEXT, MENTION, MOST, Field, Kind, Type
from data.store.paths import one_file
from data.store.store import Connection

LARGEST_LINE = 32 * 2**20  # bytes


def read(store: Connection, batch: Path, largest: int = LARGEST_LINE) -> None:
    """Read a file into `fresh`, a row for each line that is not blank. `largest`: bytes that one line may have.
    duckdb.Error when the file holds anything but JSON objects."""
    store.run(READ, batch=one_file(batch), largest=largest)


def is_plain(store: Connection, now: datetime) -> bool:
    """Whether `fresh` holds lines, and all of them are plainly good."""
    [counts] = store.rows(COUNTS)
    kinds = [kind.name for kind in ENVELOPES if counts[kind.name]]
    is_mixed = counts["enveloped"] < sum(counts[kind] for kind in kinds) or counts["mixed"] > 0
    return counts["lines"] > 0 and not is_mixed and not any(_doubtful(store, kinds, now))


def _doubtful(store: Connection, kinds: list[str], now: datetime) -> Iterator[int]:
    values = {"earliest": EARLIEST, "now": now, "longest": LONGEST_TEXT}
    for statement in (DOUBTFUL_MENTIONS, *(DOUBTFUL[kind] for kind in kinds)):
        yield store.value(statement, **{name: value for name, value in values.items() if f"${name}" in statement})


# What a plain value looks like in DuckDB's JSON, which is without blanks and escapes no more than it must.
_CHARACTER = r'([^"\\]|\\(["\\/bfnrt]|u00(0[1-9A-F]|1[0-9A-F])))'  # NUL is not plain
_STRING = f'"{_CHARACTER}*"'
PLAIN = {
    Type.TEXT: _STRING,
    Type.ID: rf'"[^ "\\:{{\[]+:[^"\\]{_CHARACTER}*"',
    Type.WHOLE: "-?[0-9]{1,16}",
    Type.NUMBER: "-?[0-9][-+.0-9Ee]*",
    Type.FLAG: "true|false",
    Type.INSTANT: f'"{lines.INSTANT}"',
    Type.DAY: f'"{lines.CALENDAR}"',
    Type.NAMES: rf"\[({_STRING}(,{_STRING})*)?\]",
}
ENVELOPE = f"coalesce({', '.join(kind.name for kind in ENVELOPES)})"  # of what is no mention
_STORED_AS = {Type.WHOLE: "BIGINT", Type.NUMBER: "DOUBLE", Type.NAMES: "VARCHAR[]", Type.INSTANT: "TIMESTAMPTZ"}
# A mention's value that is not plain is read as one that is never plain, and found by that.
_NOT_PLAIN = {Type.WHOLE: str(MOST), Type.NUMBER: str(MOST), Type.NAMES: "['']", Type.INSTANT: "TIMESTAMPTZ 'infinity'"}


def _columns(types: dict[Type, str]) -> str:
    mention = {field.name: types.get(field.type, "VARCHAR") for field in MENTION.fields}
    return str(mention | {kind.name: "JSON" for kind in ENVELOPES})


def _stored(field: Field) -> str:
    """A mention's field as it stands in `fresh`."""
    if field.type not in _STORED_AS:
        return field.name
    pattern = lines.INSTANT if field.type is Type.INSTANT else PLAIN[field.type]
    plain = f"TRY_CAST(CAST({field.name} AS VARCHAR) AS {_STORED_AS[field.type]})"
    if field.type is Type.NAMES:
        plain = f"CAST({field.name} AS VARCHAR[])"
    otherwise = _NOT_PLAIN[field.type]
    return f"""
    CASE
        WHEN regexp_full_match({field.name}, '{pattern}') THEN coalesce({plain}, {otherwise})
        WHEN {field.name} IS NOT NULL THEN {otherwise}
    END AS {field.name}"""


def _doubts(field: Field) -> Iterator[str]:
    """What makes a mention's field doubtful; none is true of NULL. A text is doubtful where it may have been a number,
    a list, an object, true or false in the file; a whole number of few digits is the same text either way."""
    name = field.name
    match field.type:
        case Type.ID:
            yield f"NOT regexp_matches({name}, '{lines.ID}')"
            yield f"contains({name}, chr(0))"
        case Type.TEXT:
            yield f"contains({name}, chr(0))"
            is_short_number = f"regexp_full_match({name}, '[0-9]{{1,18}}')"
            yield f"{name} >= '-' AND {name} < ':' AND NOT {is_short_number} AND json_valid({name})"
            yield f"{name} >= '[' AND {name} < '\\' AND json_valid({name})"
            yield f"{name} >= '{{' AND {name} < '|' AND json_valid({name})"
            is_word = f"regexp_full_match({name}, '(?i)true|false|nan|inf|infinity')"
            yield f"CASE WHEN strlen({name}) > 8 THEN FALSE ELSE {is_word} END"
        case Type.INSTANT:
            yield f"NOT {name} BETWEEN $earliest AND {_latest(field)}"
        case Type.WHOLE | Type.NUMBER:
            yield f"abs({name}) >= {MOST}"
        case Type.NAMES:
            yield f"{name} = {_NOT_PLAIN[field.type]}"
    if field.required:
        yield f"{name} IS NULL"
        if not field.may_be_empty and field.type is Type.TEXT:
            yield f"{name} = ''"


def _latest(field: Field) -> str:
    return f"$now + INTERVAL {field.ahead.days} DAYS"


def _fits(field: Field, value: str) -> str:
    """Whether a field of an envelope is plain. `value`: the SQL of its JSON."""
    if field.type is Type.OBJECTS:
        names = [one.name for one in field.fields]
        each = " AND ".join(_fits(one, f"(told -> '{one.name}')") for one in field.fields)
        is_plain = f"coalesce(len(json_keys(told)) = {len(names)} AND {each}, FALSE)"
        objects = f"list_transform(json_transform({value}, '[\"JSON\"]'), lambda told: {is_plain})"
        fits = f"json_type({value}) = 'ARRAY' AND coalesce(list_bool_and({objects}), TRUE)"
    elif field.type is Type.CHOICE:
        choices = ", ".join(f"'\"{choice}\"'" for choice in field.choices)
        fits = f"{value} IN ({choices})"
    else:
        fits = f"regexp_full_match({value}, '{PLAIN[field.type]}')"
    if field.type in (Type.WHOLE, Type.NUMBER):
        fits += f" AND abs(TRY_CAST(CAST({value} AS VARCHAR) AS DOUBLE)) < {MOST}"
    if field.type is Type.INSTANT:
        fits += f" AND TRY_CAST(trim({value}, '\"') AS TIMESTAMPTZ) BETWEEN $earliest AND {_latest(field)}"
    if field.type is Type.DAY:
        latest = f"CAST({_latest(field)} AS DATE)"
        fits += f" AND TRY_CAST(trim({value}, '\"') AS DATE) BETWEEN CAST($earliest AS DATE) AND {latest}"
    if not field.required:
        return f"({value} IS NULL OR {fits})"
    return fits if field.may_be_empty else f"{fits} AND {value} <> '\"\"'"


def _doubtful_envelopes(kind: Kind) -> str:
    shape = json.dumps({field.name: "JSON" for field in kind.fields})
    fits = [_fits(field, f"field.{field.name}") for field in kind.fields]
    fits += [f"strlen(field.{name}) <= $longest" for name in kind.bounded]
    if kind.either:
        fits.append(_either(kind))
    known = [field.name for field in kind.fields]
    return f"""
SELECT count(*)
FROM (
    SELECT json_keys({kind.name}) AS keys, json_transform({kind.name}, '{shape}') AS field
    FROM fresh
    WHERE {kind.name} IS NOT NULL
)
WHERE NOT coalesce(len(keys) = list_unique(keys) AND list_has_all({known}, keys) AND {" AND ".join(fits)}, FALSE)
"""


def _either(kind: Kind) -> str:
    groups = (" AND ".join(f"field.{name} <> '\"\"'" for name in group) for group in kind.either)
    return f"({' OR '.join(groups)})"


COLUMNS = _columns(_STORED_AS)  # as they are stored
READ = f"""
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT
    row_number() OVER () AS line, {", ".join(kind.name for kind in ENVELOPES)},
    {", ".join(_stored(field) for field in MENTION.fields)}
FROM read_json(
    $batch, format = 'newline_delimited', hive_partitioning = false, maximum_object_size = $largest,
    columns = {_columns(dict.fromkeys((Type.WHOLE, Type.NUMBER, Type.NAMES), "JSON"))}
)
"""

COUNTS = f"""
SELECT
    (SELECT count(*) FROM fresh) AS lines, count(*) AS enveloped,
    {", ".join(f"count({kind.name}) AS {kind.name}" for kind in ENVELOPES)},
    count(coalesce({", ".join(f"CAST({field.name} AS VARCHAR)" for field in MENTION.fields)})) AS mixed
FROM fresh
WHERE {ENVELOPE} IS NOT NULL
"""

DOUBTFUL_MENTIONS = f"""
SELECT count(*)
FROM fresh
WHERE {ENVELOPE} IS NULL AND (
    {" OR ".join(doubt for field in MENTION.fields for doubt in _doubts(field))}
    OR {" + ".join(f"coalesce(strlen({name}), 0)" for name in MENTION.bounded)} > $longest
)
"""

DOUBTFUL = {kind.name: _doubtful_envelopes(kind) for kind in ENVELOPES}
