"""Opens a file as a table by its content, not its name: CSV, JSON, Parquet, a saved page or a saved feed."""

from __future__ import annotations

import codecs
import contextlib
import re
from pathlib import Path
from typing import NamedTuple

from data.models import HearbackError
from listeners.importing.encodings import telling
from listeners.importing.mapping.chunks import Table

SAMPLED = telling.BLOCK  # bytes at the start that tell what a file is
ASCII = bytes(range(0x80))
FEWEST_IN_JSON = 8  # bytes beyond ASCII that tell another encoding than UTF-8
NO_SKIP, NO_ENCODING = "Leave --skip away", "Leave --encoding away"
PARQUET, ZIP, GZIP = b"PAR1", b"PK\x03\x04", b"\x1f\x8b"
NO_TABLES = {  # how a file begins -> what it is, and what to do
    b"\xd0\xcf\x11\xe0": "an old workbook; save its sheet as CSV",
    b"%PDF-": "a PDF; get the same as CSV",
    b"SQLite format 3": "a database; export the table as CSV",
    b"\x89PNG": "an image; mentions come as CSV, JSON or Parquet",
    b"\xff\xd8\xff": "an image; mentions come as CSV, JSON or Parquet",
}
FEED = re.compile(
    rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+)?(?:rss|feed|rdf:rdf|entry|item)\b",
    re.IGNORECASE | re.DOTALL,
)
PAGE = re.compile(
    rb"<(?:!doctype\s+html|!--|\?xml|html|head|body|meta|script|title|main|article|section|div|span|p|ul|ol|li|table)\b",
    re.IGNORECASE,
)
CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{3,20})""", re.IGNORECASE)


class Layout(NamedTuple):
    """How a person says that a file is written; None where it is left to be told from the file."""

    encoding: str | None = None
    skip: int | None = None  # lines above the header of a CSV file


AS_TOLD = Layout()


def open_table(path: Path, name: str | None = None, layout: Layout = AS_TOLD) -> Table:
    """Open a file as a table; its rows are not read yet. `name`: its name in messages. HearbackError when it cannot be
    read as rows."""
    name = name or path.name
    head = _head(path, name)
    if head.startswith(PARQUET):
        from listeners.importing.readers.parquet_rows import (
            ParquetTable,  # Arrow takes 0.15 s; text files need none of it
        )

        _refuse_layout(name, "Parquet", layout)
        return ParquetTable(path, name)
    return _text(path, name, head, layout)


def _text(path: Path, name: str, head: bytes, layout: Layout) -> Table:
    if path.suffix != ".csv" and (marked := _marked(path, name, head, layout)) is not None:
        return marked
    encoding = telling.chosen(layout.encoding) if layout.encoding else _encoding(path, name, head)
    text = _decoded(head, encoding)
    bare = text.lstrip()
    if path.suffix != ".csv" and bare.startswith(("{", "[", "window.YTD.")):
        from listeners.importing.readers.json_rows import open_json

        _refuse_layout(name, "JSON", Layout(skip=layout.skip))
        return open_json(path, bare, encoding)
    from listeners.importing.readers.csv_rows import open_csv

    return open_csv(path, name, encoding, text, layout.skip)


def _encoding(path: Path, name: str, head: bytes) -> str:
    """A file's encoding. JSON should be UTF-8: a few bytes that are not, or that tell nothing else, are damage, and
    their lines are set aside."""
    is_json = path.suffix != ".csv" and _narrow(head).startswith((b"{", b"["))
    try:
        told = telling.encoding_of(path, head, name)
    except HearbackError:
        if is_json:
            return telling.UNICODE
        raise
    is_damage = is_json and b"\0" not in head and len(head.translate(None, ASCII)) < FEWEST_IN_JSON
    return telling.UNICODE if is_damage and not told.startswith("iso2022") else told


def _decoded(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("replace").decode(head)


def _refuse_layout(name: str, kind: str, layout: Layout) -> None:
    """HearbackError where a person says of a file what a file of its kind does not have. `kind`: what it is."""
    if layout.skip is not None:
        raise HearbackError(f"{name} is {kind}, which has no header that lines could stand above. {NO_SKIP}.")
    if layout.encoding is not None:
        raise HearbackError(f"{name} is {kind}, which says itself how its letters are written. {NO_ENCODING}.")


def _marked(path: Path, name: str, head: bytes, layout: Layout) -> Table | None:
    """The table of a feed or a page; None for anything else, even if it begins with "<"."""
    bare = _narrow(head)
    if FEED.match(bare):
        from listeners.importing.readers.feed_rows import (
            open_feed,  # feedparser and lxml take 0.4 s that no other file needs
        )

        _refuse_layout(name, "a feed", layout)
        return open_feed(path, name)
    if PAGE.match(bare):
        from listeners.importing.readers.html_rows import open_page

        _refuse_layout(name, "a page", Layout(skip=layout.skip))
        said = telling.chosen(layout.encoding) if layout.encoding else None
        return open_page(path, name, said or _charset(path, head, name))
    return None


def _narrow(head: bytes) -> bytes:
    """The first bytes of a file, converted from UTF-16 or UTF-32 to UTF-8, without byte order mark and blanks."""
    wide = next((encoding for mark, encoding in telling.MARKS if head.startswith(mark)), None)
    narrow = head if wide in (None, telling.UNICODE) else _decoded(head, wide).encode("utf-8", "replace")
    return narrow.removeprefix(codecs.BOM_UTF8).lstrip()


def _charset(path: Path, head: bytes, name: str) -> str:
    """A page's encoding: by its byte order mark or its meta element, where Python knows it, else by its bytes."""
    said = CHARSET.search(head)
    is_marked = any(head.startswith(mark) for mark, _ in telling.MARKS)
    with contextlib.suppress(LookupError):
        if said and not is_marked:
            return codecs.lookup(said[1].decode()).name
    return telling.encoding_of(path, head, name).removesuffix("-sig")


def _head(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(SAMPLED)
    except FileNotFoundError:
        raise HearbackError(f"There is no file {name}.") from None
    except IsADirectoryError:
        raise HearbackError(f"{name} is a directory; name a file in it.") from None
    except OSError as trouble:
        raise HearbackError(f"{name} cannot be read: {trouble.strerror}.") from None
    _refuse(head, path, name)
    return head


def _refuse(head: bytes, path: Path, name: str) -> None:
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise HearbackError(f"{name} is empty.")
    if head.startswith(ZIP):
        raise HearbackError(f"{name} is a workbook or an archive; save its sheet as CSV, or unpack it.")
    if head.startswith(GZIP):
        raise HearbackError(f"{name} is compressed; unpack it first.")
    for beginning, told in NO_TABLES.items():
        if head.startswith(beginning):
            raise HearbackError(f"{name} is {told}.")
    if path.suffix == ".parquet" and not head.startswith(PARQUET):
        raise HearbackError(f"{name} is not a Parquet file, or its beginning is damaged.")
