"""Tells a text file's encoding from its first bytes, and from the lines that hold bytes beyond ASCII."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from data.models import HearbackError

BLOCK = 1 << 20  # bytes read at a time
MOST_LINES, MOST_BYTES = 400, 1 << 16  # that older encodings are told from
UNICODE = "utf-8-sig"
MARKS = (  # byte order marks; that of UTF-32 begins like that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, UNICODE),
)
FEWEST_ZEROS = 0.1  # of a text's bytes where each letter takes two or four
DAMAGED = 4  # bytes in lines that are not UTF-8 for each in one that is: with fewer those lines are damaged UTF-8
NO_TEXT = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"))
CHOICES = {  # encodings to choose from -> what people call them
    "utf-8": "UTF-8",
    "cp1252": "Western European (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "iso8859-2": "Central European (ISO 8859-2)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "iso8859-5": "Cyrillic (ISO 8859-5)",
    "cp866": "Cyrillic (DOS)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp1257": "Baltic (Windows-1257)",
    "cp1258": "Vietnamese (Windows-1258)",
    "cp874": "Thai (Windows-874)",
    "shift_jis": "Japanese (Shift JIS)",
    "euc-jp": "Japanese (EUC-JP)",
    "cp949": "Korean (EUC-KR)",
    "gb18030": "Chinese, simplified (GB 18030)",
    "big5": "Chinese, traditional (Big5)",
    "utf-16": "UTF-16",
    "mac-roman": "Western European (Mac)",
    "cp850": "Western European (DOS)",
}
HOW = (
    "Say which it is: --encoding NAME, or choose it on the Setup page (cp1255 is Hebrew, cp1251 or koi8-r Russian, "
    "cp1250 Polish; utf-8 sets those lines aside)."
)


def chosen(name: str) -> str:
    """The encoding that a person names, as Python calls it. HearbackError where there is none by that name."""
    try:
        found = codecs.lookup(name.strip())
        "id".encode(found.name)
    except (LookupError, ValueError, TypeError):
        raise HearbackError(_unknown(name)) from None
    if found.name in NO_TEXT or found.name.replace("-", "_") in NO_TEXT:
        raise HearbackError(_unknown(name))
    return UNICODE if found.name == "utf-8" else found.name


def _unknown(name: str) -> str:
    return f"There is no encoding {name!r}. Among those there are: {', '.join(CHOICES)}."


def encoding_of(path: Path, head: bytes, name: str) -> str:
    """A text file's encoding, as Python calls it. `head`: the file's first BLOCK bytes; `name`: what people call it.
    HearbackError where it is not UTF-8 and nothing tells which of the older ones it is."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    if wide := _wide(head):
        return wide
    if _begins_as_unicode(head):
        return UNICODE
    return _by_lines(path, head, name)


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark: the letters of header and dates leave every other byte zero."""
    zeros = [head[place::4].count(0) / max(1, len(head) // 4) for place in range(4)]
    if sum(zeros) / 4 < FEWEST_ZEROS:
        return None
    filled = [share > FEWEST_ZEROS for share in zeros]
    kinds = {
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
    }
    return kinds.get((filled[0], filled[1], filled[2], filled[3]))


def _begins_as_unicode(head: bytes) -> bool:
    """Whether the first bytes hold characters beyond ASCII and all of them are UTF-8."""
    return not head.isascii() and _is_unicode(head, is_cut=len(head) >= BLOCK)


def _by_lines(path: Path, head: bytes, name: str) -> str:
    sound, damaged, size = 0, [], 0
    for number, line in enumerate(_lines_beyond_ascii(path), start=1):
        if _is_unicode(line, is_cut=len(line) >= MOST_BYTES):
            sound += _beyond_ascii(line)
        else:
            damaged.append(line)
        size += len(line)
        if number >= MOST_LINES or size >= MOST_BYTES or (sound and not damaged):
            break
    if not damaged:
        return "iso2022_jp" if b"\x1b$" in head else UNICODE
    if DAMAGED * sound >= sum(map(_beyond_ascii, damaged)):
        return UNICODE
    return _older(b"\n".join(damaged), len(damaged), name)


def _older(sample: bytes, count: int, name: str) -> str:
    # Only files that are not UTF-8 pay for the tables of letters.
    from listeners.importing.encodings.east_asian import encoding_by_characters
    from listeners.importing.encodings.letters import encoding_by_letters

    east_asian, may_be = encoding_by_characters(sample)
    if found := east_asian or encoding_by_letters(sample, joins_words=may_be):
        return found
    lines, they = ("1 line is", "it is") if count == 1 else (f"{count:,} lines are", "they are")
    raise HearbackError(f"{name}: {lines} not UTF-8, and nothing tells for sure how {they} written. {HOW}")


def _beyond_ascii(line: bytes) -> int:
    return sum(1 for byte in line if byte > 0x7F)


def _lines_beyond_ascii(path: Path) -> Iterator[bytes]:
    """The lines that hold bytes beyond ASCII, each at most MOST_BYTES of it; blocks that hold none are passed over."""
    with path.open("rb") as file:
        rest = b""
        while block := file.read(BLOCK):
            if block.isascii() and (not rest or rest.isascii()):
                rest = block[block.rfind(b"\n") + 1 :][-BLOCK:]
                continue
            *lines, rest = (rest + block).split(b"\n")
            yield from (line[:MOST_BYTES] for line in lines if not line.isascii())
            if len(rest) > MOST_BYTES:
                yield rest[:MOST_BYTES]
                rest = b""
        if not rest.isascii():
            yield rest


def _is_unicode(line: bytes, *, is_cut: bool) -> bool:
    """Whether some bytes are UTF-8. `is_cut`: a character may be cut off at their end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(line, final=not is_cut)
    except UnicodeDecodeError:
        return False
    return True
