"""Residual files: finds and deletes what files beside the store still hold of a mention, by searching for its words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow

from data import files as disk
from data.clock import now_in_utc
from data.settings import Places
from data.spool import batches, pushes
from data.spool.batches import REJECTED

ABANDONED = 60.0  # seconds after which an unfinished letter or push has no writer any more
LEAST = 4  # bytes of an own id, below which it would be found in anything
OF_ANY_SOURCE = ("import", "webhook")  # what batches are called that may bring what any source's authors said
SAYS_ENOUGH = 12  # characters of a text that nobody else is likely to have written
SAYS_ALL = 300  # of a longer one, which may have been cut where it was set aside
IN_A_TABLE = (
    ",{},",
    ";{};",
    "\t{}\t",
    ",{};",
    ";{},",
    ",{}\t",
    "\t{},",
)  # a comma stands for a row's beginning and end


def of(doomed: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The strings to search files for, each with the prefix of the batch names it counts in: the id with and without
    its source, the text plain, as JSON, and as JSON within JSON. `doomed`: rows of id, source, author, title, text; a
    row without an id stands for every mention of that author, who is searched for by name."""
    found: dict[tuple[str, str], None] = {}
    for row in doomed:
        if row["id"] is not None:
            found.update((("", one), None) for one in _of_mention(row))
        elif row["author"]:
            names = [around.format(name) for name in _spellings(row["author"]) for around in IN_A_TABLE]
            names += _quoted(row["author"])
            batches = dict.fromkeys((row["source"], *OF_ANY_SOURCE))
            found.update(((f"{batch}-", one), None) for batch in batches for one in names)
    return list(found)


def _of_mention(row: Mapping[str, Any]) -> Iterator[str]:
    own = row["id"].partition(":")[2]
    for one in (row["id"], *([own] if len(own.encode()) >= LEAST else [])):
        yield from _quoted(one)  # with what stands around it: "test:1" must not be found in "test:10"
        yield from (f",{one},", f"/{one}/")
    for text in (row["text"], row["title"]):
        if text and len(text) >= SAYS_ENOUGH:
            yield from _spellings(text[:SAYS_ALL])


def _quoted(value: str) -> Iterator[str]:
    for spelt in _spellings(value):
        yield from (f'"{spelt}"', f'\\"{spelt}\\"')


def _spellings(said: str) -> Iterable[str]:
    """The text plain, as JSON writes it, and as JSON within JSON."""
    once = [json.dumps(said)[1:-1], json.dumps(said, ensure_ascii=False)[1:-1]]
    return dict.fromkeys([said, *once, *(json.dumps(one, ensure_ascii=False)[1:-1] for one in once)])


def table(found: Sequence[tuple[str, str]]) -> pyarrow.Table:
    """The strings as an Arrow table of batch and said, both text."""
    return pyarrow.table([[batch for batch, _ in found], [said for _, said in found]], names=["batch", "said"])


def brought_by(batch: str) -> str:
    """The source in a batch's name; "import" or "webhook" where it came from a file or a push."""
    return batch.rsplit("-", 2)[0]


def holding(here: Places, found: Sequence[tuple[str, str]]) -> dict[str, int]:
    """How many files hold one of these strings: "batches" set aside, and "bodies" of pushes that wait."""
    waiting = pushes.holding(here.intake, _pushed(found))
    return {"batches": len(aside_with(here.incoming, found)), "bodies": len(waiting)}


def wipe(here: Places, found: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Delete the lines and rows with one of these strings from the batches set aside and the pushes that wait; return
    how many files of each kind changed."""
    return {"batches": wipe_aside(here, found), "bodies": wipe_pushed(here.intake, found)}


def wipe_pushed(intake: Path, found: Sequence[tuple[str, str]]) -> int:
    """Delete the rows with one of these strings from the pushes that wait; return how many bodies changed."""
    return pushes.wipe(intake, _pushed(found))


def _pushed(found: Sequence[tuple[str, str]]) -> list[str]:
    return [said for batch, said in found if "webhook-".startswith(batch)]


def wipe_aside(here: Places, found: Sequence[tuple[str, str]]) -> int:
    """Delete the lines with one of these strings from every batch set aside, and unfinished files that hold one; return
    how many batches changed. Lines are searched as bytes, since a batch set aside need not be JSON."""
    wanted = [said.encode("utf-8", "replace") for _, said in found]
    for partial in _unfinished(here):  # of a writer that was killed; one at work finds it gone, and writes it again
        if _holds(_content(partial), wanted):
            partial.unlink(missing_ok=True)
    files = aside_with(here.incoming, found)
    for file in files:
        _wipe(file, _wanted_in(file, found))
    return len(files)


def aside_with(incoming: Path, found: Sequence[tuple[str, str]]) -> list[Path]:
    """The batches set aside that hold one of these strings."""
    files = disk.plain(incoming, REJECTED)
    return [file for file in files if _holds(_content(file), _wanted_in(file, found))]


def _wanted_in(file: Path, found: Sequence[tuple[str, str]]) -> list[bytes]:
    return [said.encode("utf-8", "replace") for batch, said in found if file.name.startswith(batch)]


def _holds(content: bytes, wanted: Sequence[bytes]) -> bool:
    framed = _framed(content)
    return any(one in content or one in framed for one in wanted)


def _framed(content: bytes) -> bytes:
    """The content with a comma before and after each line, so that the first and last cell are found like the
    others."""
    return b"," + content.replace(b"\r\n", b"\n").replace(b"\n", b",\n,") + b","


def _wipe(file: Path, wanted: Sequence[bytes]) -> None:
    lines = disk.read(file).splitlines(keepends=True)
    kept = b"".join(line for line in lines if not _holds(line, wanted))
    if _holds(kept, wanted):  # a text over several lines: no line can be told from another
        kept = b""
    pushes.keep(file, kept)


def _unfinished(here: Places) -> Iterator[Path]:
    for folder in (here.incoming, here.intake, here.outbox, here.recheck):
        yield from disk.plain(folder, disk.PARTIAL)


def _content(file: Path) -> bytes:
    try:
        return disk.read(file, most=batches.LARGEST)
    except (FileNotFoundError, PermissionError, disk.TooLarge):  # finished meanwhile; or none that we wrote
        return b""


def sweep(here: Places) -> None:
    """Remove unfinished files in the outbox and the intake whose writer was killed. The reply is approved again, the
    push is sent again."""
    for left_over in (*disk.plain(here.outbox, disk.PARTIAL), *disk.plain(here.intake, disk.PARTIAL, ".rows")):
        try:
            if now_in_utc().timestamp() - left_over.lstat().st_mtime > ABANDONED:
                left_over.unlink()
        except OSError:  # it was at work; or is another user's, and stops no other
            continue


def forget_batches(incoming: Path, source: str, before: datetime) -> int:
    """Remove the batches of a source that were set aside before an instant; return how many. What cannot be removed
    stays, and stops no other."""
    gone = 0
    for file in disk.plain(incoming, REJECTED):
        with suppress(OSError):
            if file.name.startswith(f"{source}-") and file.lstat().st_mtime < before.timestamp():
                file.unlink()
                gone += 1
    return gone


def left(root: Path, said: Iterable[str]) -> dict[str, list[Path]]:
    """The files under `root` that still hold one of these strings, by string; empty when none does. The store's own
    file can be searched only when it was written with force_compression = 'uncompressed'."""
    wanted = {one: one.encode() for one in said}
    found: dict[str, list[Path]] = {}
    for file in sorted(filter(disk.is_plain, disk.within(root))):
        content = disk.read(file)
        for one, as_bytes in wanted.items():
            if as_bytes in content or json.dumps(one)[1:-1].encode() in content:
                found.setdefault(one, []).append(file)
    return found
