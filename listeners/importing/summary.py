"""The summary of an import: as a value, and as sentences for the terminal and the Setup page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.models import Brand, Rejected
from listeners.importing.mapping.columns import ColumnMapping
from listeners.importing.mapping.shapes import Shape
from listeners.importing.prospects import Prospects

FROM_ANYWHERE = "No source was named: a later file with the same ids counts as a newer version of these rows."
NAMED = 12  # ignored columns and brands that are named one by one
REMARKS = {  # the border's key for a changed cell -> the sentence for it, for one and for several
    "zone": (
        "time had no zone and was read as UTC; with --zone, as of that zone",
        "times had no zone and were read as UTC; with --zone, as of that zone",
    ),
    "month": (
        "time names a month only and was read as its first day",
        "times name a month only and were read as its first day",
    ),
    "serial": (
        "time was a day number of a spreadsheet and was counted from 1900; with --dates 1904, from 1904",
        "times were day numbers of a spreadsheet and were counted from 1900; with --dates 1904, from 1904",
    ),
    "serial_1904": (
        "time was a day number of a spreadsheet and was counted from 1904",
        "times were day numbers of a spreadsheet and were counted from 1904",
    ),
    "edited": (
        "time of editing could not be read and was left out",
        "times of editing could not be read and were left out",
    ),
    "reply_at": (
        "reply had no time that could be read and was taken as given when the mention was last changed",
        "replies had no time that could be read and were taken as given when the mention was last changed",
    ),
    "reply_text": ("reply is told of without its words", "replies are told of without their words"),
    "no_id": (
        "row has no id; if its text is another one in a later file, it comes in as another mention",
        "rows have no id; those whose text is another one in a later file come in as other mentions",
    ),
    "rounded": (
        "id had been rounded by a spreadsheet (5.7E+17) and was not used",
        "ids had been rounded by a spreadsheet (5.7E+17) and were not used",
    ),
    "damaged": (
        "text held what cannot be shown, NUL bytes for instance; it stands as \N{REPLACEMENT CHARACTER}",
        "texts held what cannot be shown, NUL bytes for instance; it stands as \N{REPLACEMENT CHARACTER}",
    ),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of an import: rows = taken + own + repeats + rejected."""

    file: str
    called: str  # what it was read as
    reading: ColumnMapping
    rows: int
    taken: int  # mentions
    own: int  # rows the brand wrote
    repeats: int  # rows of an id that stands in the file already, in the same or an older version
    rejected: int
    answers: int  # to mentions, from own rows and beside the mentions themselves
    to_nobody: int  # own rows that answer nothing
    reasons: tuple[Rejected, ...]  # the first few
    brands: tuple[Brand, ...]
    unmet: tuple[str, ...]  # competitors that no row names
    remarks: Mapping[str, int]  # -> how many cells
    batches: tuple[Path, ...]
    shape: Shape | None = None  # what it was recognised as
    notes: tuple[str, ...] = ()  # how it was read, and what of it was not, as sentences
    prospects: Prospects | None = None  # what becomes of the mentions; None where nobody asked
    is_from_anywhere: bool = False  # its ids stand beside those of every other file that names no source


def sentences(summary: Summary) -> list[str]:
    """The summary as lines for a terminal, without control characters."""
    lines = [
        f"{summary.file}: {summary.called}, {plural(summary.rows, 'row')}.",
        *recognised(summary.shape),
        *_columns(summary.reading),
        *summary.notes,
        *_rows(summary),
        *_remarks(summary.remarks),
        *_brands(summary),
        *_prospects(summary),
        *([f"{FROM_ANYWHERE} --source NAME keeps files apart."] if summary.is_from_anywhere else []),
    ]
    return [printable(line) for line in lines]


def recognised(shape: Shape | None) -> list[str]:
    """Sentences on the shape a file was recognised as; none for an unknown one."""
    if shape is None:
        return []
    return [f"Recognised: {shape.name}, by {shape.told_by}.", *([shape.note] if shape.note else [])]


def _columns(reading: ColumnMapping) -> list[str]:
    width = max((len(guess.column) for guess in reading.guesses if guess.field), default=0)
    lines = [f"  {guess.column:<{width}} -> {guess.field} ({guess.why})" for guess in reading.guesses if guess.field]
    if reading.ignored:
        lines.append(f"  not read: {_listed(reading.ignored)}")
    return lines


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _rows(summary: Summary) -> list[str]:
    answers = f", and {plural(summary.answers, 'answer')} of the brand" if summary.answers else ""
    lines = [f"Taken in: {plural(summary.taken, 'mention')}{answers}."]
    if summary.own:
        lines.append(f"Written by the brand itself: {plural(summary.own, 'row')}; to nobody: {summary.to_nobody:,}.")
    if summary.repeats:
        lines.append(f"Repeating another one: {plural(summary.repeats, 'row')}.")
    if summary.rejected:
        lines.append(f"Set aside: {plural(summary.rejected, 'row')}:")
        lines += [f"  line {one.line}: {one.reason}" for one in summary.reasons]
    if summary.rejected > len(summary.reasons):
        lines.append(f"  and {summary.rejected - len(summary.reasons):,} more; the Sources page shows them.")
    return lines


def _remarks(remarks: Mapping[str, int]) -> list[str]:
    return [remark(word, count) for word, count in remarks.items()]


def remark(word: str, count: int) -> str:
    """The sentence on changed cells. What is no key of REMARKS names what was left out: "stars outside 1 to 5"."""
    return f"{count:,} {REMARKS[word][count != 1]}." if word in REMARKS else f"{count:,} left out: {word}."


def _brands(summary: Summary) -> list[str]:
    lines = []
    if summary.brands:
        named = tuple(f"{brand.name}{' (competitor)' if brand.competitor else ''}" for brand in summary.brands)
        lines.append(f"Brands, created where not known yet: {_listed(named)}.")
    if summary.unmet:
        lines.append(f"No row names {', '.join(summary.unmet)}; no such competitor was created.")
    return lines


def _prospects(summary: Summary) -> list[str]:
    lines = queued(summary.prospects, summary.rows, summary.rejected)
    if summary.prospects and summary.prospects.of_nobody:
        lines[1:] = [*lines[1:], "To give them a brand, import the file again with --brand NAME; nothing is doubled."]
    return lines


def queued(prospects: Prospects | None, rows: int, rejected: int) -> list[str]:
    """Sentences on how many rows will be in the queue, and why others will not; none where nobody asked."""
    if prospects is None:
        return []
    others = {
        "answered already": prospects.answered,
        "too old to answer and will be under Old": prospects.too_old,
        "about competitors": prospects.of_competitors,
        "set aside": rejected,
    }
    why = [f"{count:,} {'is' if count == 1 else 'are'} {word}" for word, count in others.items() if count]
    lines = [f"{prospects.in_queue:,} of {plural(rows, 'row')} will be in the queue{_why(why)}."]
    if edited := prospects.edited:
        were = f"{plural(edited, 'row')} {'was' if edited == 1 else 'were'} edited after the answer"
        lines.append(f"{were}: open again where stars fell or words changed since the last import.")
    if nobody := prospects.of_nobody:
        lines.append(f"{plural(nobody, 'row')} {'matches' if nobody == 1 else 'match'} none of your brands.")
    return lines


def _why(reasons: list[str]) -> str:
    return f"; {', '.join(reasons)}" if reasons else ""


def plural(number: int, noun: str) -> str:
    """A number and its noun: "1 row", "1,200 rows"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def as_plain(summary: Summary) -> dict[str, Any]:
    """The summary as plain JSON."""
    return {
        "file": summary.file,
        "read_as": summary.called,
        "recognised": summary.shape and summary.shape.name,
        "how": summary.shape and summary.shape.told_by,
        "columns": {guess.column: guess.field for guess in summary.reading.guesses},
        **{name: getattr(summary, name) for name in ("rows", "taken", "own", "repeats", "rejected", "answers")},
        "reasons": [{"line": one.line, "reason": one.reason} for one in summary.reasons],
        "brands": [{"name": brand.name, "competitor": brand.competitor} for brand in summary.brands],
        "unmet": list(summary.unmet),
        "remarks": dict(summary.remarks),
        "notes": list(summary.notes),
        "prospects": summary.prospects and asdict(summary.prospects),
        "batches": [str(batch) for batch in summary.batches],
    }


def printable(line: str) -> str:
    """A line with U+FFFD for unprintable characters: terminal codes, marks of writing direction."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)
