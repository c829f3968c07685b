"""Opens a file as a table by its content, not its name: CSV, JSON, Parquet, a saved page or a saved feed."""

from __future__ import annotations

import codecs
import contextlib
import re
from pathlib import Path

from data.models import HearbackError
from listeners.importing.mapping.chunks import Table

LOOKED_AT = 1 << 20  # bytes at the start that tell what a file is
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
PARQUET, ZIP, GZIP = b"PAR1", b"PK\x03\x04", b"\x1f\x8b"
NO_TABLES = {  # how a file begins -> what it is, and what to do
    b"\xd0\xcf\x11\xe0": "an old workbook; save its sheet as CSV",
    b"%PDF-": "a PDF; get the same as CSV",
    b"SQLite format 3": "a database; export the table as CSV",
    b"\x89PNG": "an image; mentions come as CSV, JSON or Parquet",
    b"\xff\xd8\xff": "an image; mentions come as CSV, JSON or Parquet",
}
# What prose written as Windows-1252 holds beyond ASCII: quotes, dashes, signs and the letters of western Europe.
WESTERN = frozenset(b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa1\xa3\xa7\xa9\xae\xb0\xb4\xbf") | frozenset(
    range(0xC0, 0xFE)
)
FEED = re.compile(
    rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+)?(?:rss|feed|rdf:rdf|entry|item)\b",
    re.IGNORECASE | re.DOTALL,
)
PAGE = re.compile(
    rb"<(?:!doctype\s+html|!--|\?xml|html|head|body|meta|script|title|main|article|section|div|span|p|ul|ol|li|table)\b",
    re.IGNORECASE,
)
CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w-]{3,20})""", re.IGNORECASE)
FEWEST_WESTERN = 3  # lines that must look so: one or two may as well be damaged UTF-8


def open_table(path: Path, name: str | None = None) -> Table:
    """Open a file as a table; its rows are not read yet. `name`: its name in messages. HearbackError when it cannot be
    read as rows."""
    name = name or path.name
    head = _head(path, name)
    bare = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith(PARQUET):
        from listeners.importing.readers.parquet_rows import (
            ParquetTable,  # Arrow takes 0.15 s; text files need none of it
        )

        return ParquetTable(path, name)
    if path.suffix != ".csv" and bare.startswith((b"{", b"[", b"window.YTD.")):
        from listeners.importing.readers.json_rows import open_json

        return open_json(path, bare)
    return (None if path.suffix == ".csv" else _marked(path, name, head)) or _csv(path, name, head)


def _marked(path: Path, name: str, head: bytes) -> Table | None:
    """The table of a feed or a page; None for anything else, even if it begins with "<"."""
    bare = _narrow(head)
    if head.startswith(WIDE) and path.suffix != ".csv" and bare.startswith((b"{", b"[")):
        raise HearbackError(f"{name} is JSON written as UTF-16; save it as UTF-8.")
    if FEED.match(bare):
        from listeners.importing.readers.feed_rows import (
            open_feed,  # feedparser and lxml take 0.4 s that no other file needs
        )

        return open_feed(path, name)
    if PAGE.match(bare):
        from listeners.importing.readers.html_rows import open_page

        return open_page(path, name, _charset(head))
    return None


def _narrow(head: bytes) -> bytes:
    """The first bytes of a file, converted from UTF-16 to UTF-8, without byte order mark and leading blanks."""
    narrow = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode() if head.startswith(WIDE) else head
    return narrow.removeprefix(codecs.BOM_UTF8).lstrip()


def _charset(head: bytes) -> str:
    """A page's encoding: by its byte order mark or its meta element, where Python knows it, else by its bytes."""
    said = CHARSET.search(head)
    with contextlib.suppress(LookupError):
        if said and not head.startswith(WIDE):
            return codecs.lookup(said[1].decode()).name
    return encoding_of(head).removesuffix("-sig")


def _head(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(LOOKED_AT)
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


def _csv(path: Path, name: str, head: bytes) -> Table:
    from listeners.importing.readers.csv_rows import CsvTable, separator_of

    encoding = encoding_of(head)
    sample = head[: len(head) // 2 * 2].decode(encoding, "replace")
    return CsvTable(path, name, encoding, separator_of(sample))


def encoding_of(head: bytes) -> str:
    """The encoding of a text file from its first bytes: by its byte order mark, else UTF-8, or Windows-1252 when at
    least FEWEST_WESTERN lines are not UTF-8 and all of them look like western European text."""
    if head.startswith(WIDE):
        return "utf-16"
    text = head.decode("utf-8", "surrogateescape")
    beyond = [line for line in text.splitlines() if not line.isascii()]
    strays = {character for line in beyond for character in line if not character.isascii()}
    western = {chr(0xDC00 + byte) for byte in WESTERN}
    return "cp1252" if len(beyond) >= FEWEST_WESTERN and strays <= western else "utf-8-sig"
