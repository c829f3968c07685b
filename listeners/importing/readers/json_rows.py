"""Reads JSON as rows: one object a line, an array of objects, or an object that holds such an array."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from listeners.importing.encodings.telling import UNICODE
from listeners.importing.mapping.chunks import SHOWN, Broken, Chunk, header_of
from listeners.importing.mapping.nests import Nest
from listeners.importing.mapping.responses import nest_of
from listeners.importing.mapping.shapes import Shape
from listeners.importing.readers.json_lists import (
    TRIED,
    left_within,
    opened,
    path_of_posts,
    rows_at,
    rows_of,
    rows_within,
)

ROWS = 1_000  # in a chunk
STEP = 1 << 20  # characters of an array read at a time
LONGEST_ITEM = 1 << 26  # characters; an item that has not ended by then is damaged
LARGEST_OBJECT = 200_000_000  # bytes of a file that is one object: it must be read whole
ASSIGNED = "window.YTD."  # X's archives are programs that assign their array to this
NESTED = (dict, list)
_decoder = json.JSONDecoder(strict=False)  # control characters inside a text are the text's, not an error

Item = tuple[int, "dict[str, Any] | Broken"]
Value = tuple[int, object, str]  # where it begins, the value or a Broken, its text


@dataclass(frozen=True, slots=True)
class JsonTable:
    """One JSON file; `shape` is "lines", "array", "object" or, for an object that is itself a row, "one". Names of
    nested values are joined by dots. `held`: the rows of an object, which had to be read whole; `within`: where the
    rows lie in each of many objects."""

    path: Path
    shape: str
    nest: Nest | None = None  # where its objects hold the rows
    encoding: str = UNICODE
    held: Sequence[dict[str, Any]] = ()
    within: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        return {"lines": "JSON Lines", "array": "JSON array", "one": "one JSON object"}.get(
            self.shape, "JSON object holding a list"
        )

    @property
    def known(self) -> Shape | None:
        return self.nest.shape if self.nest else None

    def chunks(self, wanted: Collection[str] | None = None) -> Iterator[Chunk]:
        """See Table; the header grows when a later object brings a new name."""
        header: dict[str, None] = {}
        items = self._items()
        while found := list(islice(items, ROWS)):
            yield _chunk(found, header)

    def _items(self) -> Iterator[Item]:
        if self.shape not in READERS:
            yield from ((number, _opened(row, "\\u", number)) for number, row in enumerate(self.held, start=1))
            return
        values = READERS[self.shape](self.path, self.encoding)
        if self.nest is None and not self.within:
            yield from ((line, _opened(value, text, line)) for line, value, text in values)
            return
        for line, value, text in values:
            yield from ((line, _opened(row, text, line)) for row in self._rows(value))

    def _rows(self, value: object) -> Iterable[object]:
        if self.nest is not None:
            return self.nest.rows(value) if isinstance(value, dict) and self.nest.fits(value) else [value]
        return rows_at(value, self.within) if self.within else [value]


def open_json(path: Path, head: str, encoding: str) -> JsonTable:
    """Open a JSON file and find its form: one object a line, an array, or one object, and the nest of its first object.

    `head`: the file's beginning, without leading blanks.
    """
    if head.startswith(("[", ASSIGNED)):
        return _of_many(path, "array", encoding)
    whole = _whole_object(path, encoding)
    if whole is None:
        return _of_many(path, "lines", encoding)
    nest, rows = nest_of(whole), rows_of(whole)
    is_one = nest.alone if nest else rows == [whole]
    notes = tuple(f"Not read: {what} ({count:,})." for what, count in left_within(whole) if count)
    return JsonTable(path, "one" if is_one else "object", nest, encoding, rows, notes=notes)


def _of_many(path: Path, shape: str, encoding: str) -> JsonTable:
    """A file of many objects: posts, or pages that each hold a list of posts."""
    first = [value for _, value, _ in islice(READERS[shape](path, encoding), TRIED) if isinstance(value, dict)]
    nest = nest_of(first[0]) if first else None
    within = path_of_posts(first[0]) if first and nest is None else None
    left = dict.fromkeys(what for value in first for what, count in left_within(value, is_row=not within) if count)
    notes = tuple(f"Not read: {what}." for what in left)
    return JsonTable(path, shape, nest, encoding, within=within or (), notes=notes)


def _whole_object(path: Path, encoding: str) -> dict[str, Any] | None:
    """The content of a file that is one object, over several lines or with a list of rows inside; None for any
    other."""
    if path.stat().st_size > LARGEST_OBJECT:
        return None
    with path.open(encoding=encoding, errors="surrogateescape" if encoding == UNICODE else "replace") as file:
        first, second = file.readline(), file.readline()
        if _object_in(first) is not None and second.strip():
            return None
        whole = _object_in(first + second + file.read())
    return whole if whole is not None and (second.strip() or nest_of(whole) or rows_within(whole)) else None


def _object_in(content: str) -> dict[str, Any] | None:
    try:
        value = json.loads(content, strict=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _chunk(items: list[Item], header: dict[str, None]) -> Chunk:
    found = [(line, item) for line, item in items if isinstance(item, dict)]
    for _, item in found:
        header.update(dict.fromkeys(item))
    rows = [[item.get(name) for name in header] for _, item in found]
    broken = [item for _, item in items if isinstance(item, Broken)]
    return Chunk(header_of(tuple(header)), [line for line, _ in found], rows, broken)


def _lines(path: Path, encoding: str) -> Iterator[Value]:
    if encoding != UNICODE:
        with path.open(encoding=encoding, errors="replace") as text:
            yield from (
                (number, *_row(raw.encode(), number)) for number, raw in enumerate(text, start=1) if raw.strip()
            )
        return
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if raw.strip():
                yield number, *_row(raw, number)


def _row(raw: bytes, line: int) -> tuple[object, str]:
    try:
        text = raw.decode("utf-8-sig" if line == 1 else "utf-8")
        value = _decoder.decode(text)
    except UnicodeDecodeError as trouble:
        reason = f"not valid UTF-8 at byte {trouble.start + 1}"
        return Broken(line, reason, raw[:SHOWN].decode("utf-8", "replace")), ""
    except (ValueError, RecursionError) as trouble:
        return Broken(line, f"not a whole JSON object: {trouble}", text[:SHOWN].strip()), ""
    return value, text


def _opened(value: object, text: str, line: int) -> dict[str, Any] | Broken:
    if isinstance(value, Broken):
        return value
    if not isinstance(value, dict):
        return Broken(line, "not a JSON object", text[:SHOWN].strip())
    flat = opened(value) if any(isinstance(inner, NESTED) for inner in value.values()) else value
    return {name: _whole(cell) for name, cell in flat.items()} if "\\u" in text else flat


def _whole(cell: object) -> object:
    """Replace unpaired surrogates in a text: an escape such as "\\ud83d" alone cannot be written as UTF-8."""
    return cell.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(cell, str) else cell


def _array(path: Path, encoding: str) -> Iterator[Value]:
    errors = "surrogateescape" if encoding == UNICODE else "replace"
    with path.open(encoding=encoding, errors=errors) as file:
        yield from _Items(file).read()


class _Items:
    """Iterates over the items of one array while reading the file in steps, so that memory holds a few items only."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = file.read(STEP)
        self._place = self._text.index("[") + 1
        self._line = 1 + self._text.count("\n", 0, self._place)

    def read(self) -> Iterator[Value]:
        while self._skip() not in ("]", ""):
            line = self._line
            try:
                value, end = self._next()
            except (ValueError, RecursionError) as trouble:
                reason = f"not a whole JSON object: {trouble}; nothing after it could be read"
                yield line, Broken(line, reason, _shown(self._text[:SHOWN])), ""
                return
            start = self._place
            text = self._text[start:end]
            self._advance(end)
            yield line, _checked(value, text, line), text
        if self._skip() == "":
            yield self._line, Broken(self._line, "the file breaks off before its end", ""), ""

    def _skip(self) -> str:
        """Skip the characters between items; return the first character of the next item, "" at the end of the file."""
        while True:
            bare = len(self._text)
            for place in range(self._place, len(self._text)):
                if self._text[place] not in " \t\r\n,":
                    bare = place
                    break
            self._advance(bare)
            if bare < len(self._text):
                return self._text[bare]
            if not self._more():
                return ""

    def _next(self) -> tuple[object, int]:
        while True:
            try:
                return _decoder.raw_decode(self._text, self._place)
            except ValueError:
                if len(self._text) - self._place > LONGEST_ITEM or not self._more():
                    raise

    def _more(self) -> bool:
        # Twice as much each time, so that one long item is not parsed from its start at every step.
        fresh = self._file.read(max(STEP, len(self._text) - self._place))
        self._text, self._place = self._text[self._place :] + fresh, 0
        return bool(fresh)

    def _advance(self, place: int) -> None:
        self._line += self._text.count("\n", self._place, place)
        self._place = place


def _checked(value: object, text: str, line: int) -> object:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return Broken(line, "not valid UTF-8", _shown(text[:SHOWN]))
    return value


def _shown(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()


READERS = {"lines": _lines, "array": _array}
