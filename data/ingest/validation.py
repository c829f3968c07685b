"""The careful way to read a batch: line by line, each bad line with its reason. It is slow, and used for batches in
which the fast way (`reading`) finds a line that is not plain."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow

from data import files
from data.ingest import lines
from data.ingest.lines import EARLIEST, ENVELOPES, LONGEST_TEXT, MENTION, MOST, Field, Kind, Type
from data.models import Rejected

ESCAPED_NUL = re.compile(r"((?<!\\)(?:\\\\)*)\\u0000")  # not where the backslash is itself escaped
KNOWN = {kind.name: kind for kind in ENVELOPES}
FIELDS = frozenset(field.name for field in MENTION.fields)
TOLD = (*(field.name for field in MENTION.fields), *KNOWN)  # every name that a line may have at its top


@dataclass(frozen=True, slots=True)
class Validated:
    """A batch read line by line: `good`, the lines as JSON that the fast way reads, and the rejected ones."""

    good: list[str]
    rejected: list[Rejected]


class _Bad(Exception):
    """Why a line cannot go in."""


class _Broken(_Bad):
    """Why a line is no JSON; `line`: itself."""

    def __init__(self, line: str, trouble: Exception) -> None:
        super().__init__(f"not a whole JSON line: {trouble}")
        self.line = line


class _Twice(dict[str, Any]):
    """A JSON object in which names stand more than once; `names`: those."""

    names: frozenset[str]


def validate(batch: Path, now: datetime) -> Validated:
    """Read each line of a batch and sort it into good or rejected; blank lines are skipped. `now`: times that
    lie too far after it are rejected. OSError when the file cannot be read."""
    good: dict[int, str] = {}
    rejected: dict[int, Rejected] = {}
    broken: dict[int, str] = {}
    with files.opened(batch) as file:
        for number, raw in enumerate(file, start=1):
            if not raw.strip():
                continue
            try:
                good[number] = _written(_checked(_parsed(raw), now))
            except _Bad as reason:
                content = raw.decode("utf-8", "replace").strip()[:LONGEST_TEXT]
                rejected[number] = Rejected(batch.name, number, str(reason), content)
                if isinstance(reason, _Broken) and reason.line.startswith("{") and reason.line.endswith("}"):
                    broken[number] = reason.line
    mended = _mended(broken, now) if broken else {}
    return Validated(
        [line for _, line in sorted((good | mended).items())],
        [one for number, one in rejected.items() if number not in mended],
    )


def _mended(broken: dict[int, str], now: datetime) -> dict[int, str]:
    """The lines that Python's reader refuses and the store's does not, where a comma too many is the cause or whatever
    stands in a field that is not kept: number -> the line as the store takes it."""
    table = pyarrow.table({"number": list(broken), "line": list(broken.values())})
    with duckdb.connect() as reader:
        reader.register("broken", table)
        found = reader.execute(KEPT, {"paths": [f"$.{name}" for name in TOLD]}).fetchall()
    mended = {}
    for number, values in found:
        try:
            row = {name: _decode(value) for name, value in zip(TOLD, values, strict=True) if value}
            mended[number] = _written(_checked(row, now))
        except (_Bad, ValueError, RecursionError):  # what it was refused for stands in a field that is kept
            continue
    return mended


KEPT = "SELECT number, json_extract(line, $paths) FROM broken WHERE json_valid(line) AND json_type(line) = 'OBJECT'"


def fault(row: dict[str, Any], now: datetime) -> str | None:
    """Why a mention's row would be rejected, a sentence; None when it is good."""
    try:
        _checked(row, now)
    except _Bad as reason:
        return str(reason)
    return None


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8").strip()
    except UnicodeDecodeError as trouble:
        raise _Bad(f"not valid UTF-8 at byte {trouble.start + 1}") from None
    text = text.removeprefix("\ufeff").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    try:
        row = _decode(text)
    except (ValueError, RecursionError) as trouble:  # ValueError: broken JSON, or a number of thousands of digits
        raise _Broken(text, trouble) from None
    if not isinstance(row, dict):
        raise _Bad("a line must be a JSON object")
    return row


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) == len(pairs):
        return told
    twice = _Twice(told)
    twice.names = frozenset(name for name, often in Counter(name for name, _ in pairs).items() if often > 1)
    return twice


_decode = json.JSONDecoder(object_pairs_hook=_object).decode


def _checked(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The line with nothing in it but what is kept, each value as the store reads it."""
    if isinstance(row, _Twice):
        _told_once(row, TOLD)
    told = {name: value for name, value in row.items() if value is not None}
    parts = [name for name in KNOWN if name in told] + [MENTION.name] * (not FIELDS.isdisjoint(told))
    if len(parts) > 1:
        raise _Bad(f"a line must tell of one thing, not of {' and of '.join(parts)}")
    if not parts or parts == [MENTION.name]:
        return _fields(MENTION, told, now)
    return {parts[0]: _fields(KNOWN[parts[0]], told[parts[0]], now)}


def _told_once(row: _Twice, known: Iterable[str]) -> None:
    if twice := [name for name in known if name in row.names]:
        raise _Bad(f"{', '.join(twice)} stands there twice")


def _fields(kind: Kind, told: object, now: datetime) -> dict[str, Any]:
    checked = _object_of(kind.fields, told, now)
    if kind.either and not any(all(checked.get(name) for name in group) for group in kind.either):
        raise _Bad(f"missing: {', '.join(name for name in kind.either[-1] if not checked.get(name))}")
    length = sum(len(checked.get(name, "")) for name in kind.bounded)
    if length > LONGEST_TEXT:
        raise _Bad(f"the text has {length:,} characters; at most {LONGEST_TEXT:,} are taken in")
    return checked


def _object_of(fields: tuple[Field, ...], told: object, now: datetime) -> dict[str, Any]:
    """The fields of an object that are known, in the order they are told, each checked."""
    if not isinstance(told, dict):
        raise _Bad("not an object")
    if isinstance(told, _Twice):
        _told_once(told, [field.name for field in fields])
    absent = [field.name for field in fields if field.required and _is_absent(field, told.get(field.name))]
    if absent:
        raise _Bad(f"missing: {', '.join(absent)}")
    checked = {
        field.name: _value(field, told[field.name], now)
        for field in fields
        if not _is_absent(field, told.get(field.name))
    }
    return {name: checked[name] for name in told if name in checked}


def _is_absent(field: Field, value: object) -> bool:
    """Whether nothing is told. An empty text is something where it need not be there; an empty id is nothing."""
    if value == "" and (field.required or field.type is Type.ID):
        return not field.may_be_empty
    return value is None


def _value(field: Field, value: Any, now: datetime) -> Any:
    if check := _CHECKS.get(field.type):
        return check(field, value)
    return _TIMED[field.type](field, value, now)


def _text(field: Field, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf"):
        return str(value)
    raise _Bad(f"{field.name} must be text, not {_called(value)}")


def _called(value: object) -> str:
    names = {dict: "an object", _Twice: "an object", list: "a list", bool: "true or false"}
    return names.get(type(value), "a number")


def _id(field: Field, value: Any) -> str:
    if isinstance(value, str) and re.search(lines.ID, value):
        return value
    raise _Bad(f'{field.name} must be text such as "reddit:t3_1abc", not {_shown(value)}')


def _shown(value: object) -> str:
    return repr(str(value)[:40])


def _number(field: Field, value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _Bad(f"{field.name} must be a number, not {_shown(value)}")
    if not abs(value) < MOST:  # nor is NaN
        raise _Bad(f"{field.name} must be a number under {MOST:,}, not {_shown(value)}")
    return value


def _whole(field: Field, value: Any) -> int:
    number = _number(field, value)
    if number != int(number):
        raise _Bad(f"{field.name} must be a number without a fraction, not {_shown(value)}")
    return int(number)


def _flag(field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _Bad(f"{field.name} must be true or false, not {_shown(value)}")


def _instant(field: Field, value: Any, now: datetime) -> str:
    told = _dated(field, value, "time")
    try:
        instant = datetime.fromisoformat(told)
        instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Bad(f"{field.name} is not a time: {_shown(value)}") from None
    if not EARLIEST <= instant <= now + field.ahead:
        raise _Bad(f"{field.name} cannot be true: {told[:40]}")
    return told if re.fullmatch(lines.INSTANT, told) else instant.isoformat()


def _day(field: Field, value: Any, now: datetime) -> str:
    told = _dated(field, value, "day")
    try:
        day = date.fromisoformat(told)
    except ValueError:
        raise _Bad(f"{field.name} is not a day: {_shown(value)}") from None
    if not EARLIEST.date() <= day <= (now + field.ahead).date():
        raise _Bad(f"{field.name} cannot be true: {told}")
    return day.isoformat()


def _dated(field: Field, value: Any, called: str) -> str:
    if not isinstance(value, str):
        raise _Bad(f"{field.name} must be text, not {_called(value)}")
    if "W" in value.upper():  # a week and a weekday, which nobody writes but by mistake
        raise _Bad(f"{field.name} is not a {called}: {_shown(value)}")
    return value


def _choice(field: Field, value: Any) -> str:
    if isinstance(value, str) and value in field.choices:
        return value
    raise _Bad(f"{field.name} must be one of {', '.join(field.choices)}, not {_shown(value)}")


def _names(field: Field, value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return value
    raise _Bad(f"{field.name} must be a list of names")


def _objects(field: Field, value: Any, now: datetime) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise _Bad(f"{field.name} must be a list")
    try:
        return [_object_of(field.fields, one, now) for one in value]
    except _Bad as reason:
        raise _Bad(f"{field.name.removesuffix('s')}: {reason}") from None


_CHECKS: dict[Type, Callable[[Field, Any], Any]] = {
    Type.TEXT: _text,
    Type.ID: _id,
    Type.WHOLE: _whole,
    Type.NUMBER: _number,
    Type.FLAG: _flag,
    Type.CHOICE: _choice,
    Type.NAMES: _names,
}
_TIMED: dict[Type, Callable[[Field, Any, datetime], Any]] = {
    Type.INSTANT: _instant,
    Type.DAY: _day,
    Type.OBJECTS: _objects,
}


def _written(row: dict[str, Any]) -> str:
    """The row as a line the store takes: half surrogate pairs and NUL characters, which it cannot keep, replaced."""
    line = _encode(row).encode("utf-8", "replace").decode("utf-8")
    return ESCAPED_NUL.sub("\\1\N{REPLACEMENT CHARACTER}", line) if r"\u0000" in line else line


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
