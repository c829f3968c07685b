"""An uploaded file: written to disk while it is read, previewed, its rows counted, its columns chosen."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data import files
from data.folding import key
from data.models import Brand, HearbackError
from listeners.formats.times import SAY_ORDER
from listeners.importing import imports
from listeners.importing.encodings.telling import HOW
from listeners.importing.imports import Forecast, Instructions, Preview
from listeners.importing.mapping.columns import FIELDS, ColumnMapping
from listeners.importing.mapping.conventions import ASK
from listeners.importing.readers.csv_rows import SKIP
from listeners.importing.readers.tables import NO_ENCODING, NO_SKIP
from listeners.importing.summary import queued

ENDINGS = ("csv", "tsv", "txt", "json", "jsonl", "ndjson", "parquet", "js", "html", "htm", "xml", "rss", "atom")
MAIN = ("text", "published_at", "author", "rating", "brand", "url", "title", "source")  # fields always offered
COUNTED = 300_000  # rows counted before the button says "all rows" instead of how many
MOST_BRANDS = 50  # that are offered as competitors one by one
MOST_SKIPPED = 1_000  # lines above a header
WRITING = "How the file is written"  # what the part is called in which a person says that
OF_OPTIONS = {  # what names an option of the command line -> what to do on the page
    HOW: f"Choose its encoding under “{WRITING}”; as UTF-8, those lines are set aside.",
    ASK: "choose it below",
    SAY_ORDER: "choose the order here",
    SKIP: f"Where other lines stand above the header, say how many under “{WRITING}”",
    NO_SKIP: "Say nothing about lines above a header",
    NO_ENCODING: f"Choose “as the file tells” under “{WRITING}”",
    "; with --dates 1904, from 1904": f" (“{WRITING}” has 1904, too)",
    "; with --zone, as of that zone": f" (“{WRITING}” has other zones)",
}
Picks = Mapping[str, str | None]  # field -> the column it is read from


@contextmanager
def on_disk(name: str, content: bytes) -> Iterator[Path]:
    """Write an upload to a temporary file, which is removed afterwards. HearbackError where it cannot be written."""
    ending = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="hearback-") as folder:
        path = Path(folder) / f"upload{ending if ending.lstrip('.') in ENDINGS else ''}"
        try:
            files.write(path, content)
        except OSError as trouble:
            raise HearbackError(f"The file could not be laid down to be read ({trouble.strerror}).") from None
        yield path


@dataclass(frozen=True, slots=True)
class Survey:
    """How many rows a file has and which brands they name. `is_whole`: False when counting stopped at COUNTED rows."""

    rows: int
    brands: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class UploadPreview:
    """The first rows of a file under one choice of columns, and its survey."""

    preview: Preview
    survey: Survey


def preview(path: Path, told: Instructions, now: datetime) -> UploadPreview:
    """Read the first rows of a file and count its rows and brands. HearbackError when it cannot be read."""
    first = imports.preview(path, told, now=now)
    return UploadPreview(first, _survey(path, told, first))


def _survey(path: Path, told: Instructions, preview: Preview) -> Survey:
    column, rows = preview.reading.columns.get("brand"), 0
    brands: dict[str, str] = {}  # folded -> as it was first written
    # One column is enough to count by, and Parquet then reads no other.
    table, _ = imports.open_known(path, told.shown_name, told.layout)
    for chunk in table.chunks(wanted=frozenset([column or preview.header[0]])):
        rows += len(chunk.rows) + len(chunk.broken)
        if column is not None and column in chunk.header and len(brands) < MOST_BRANDS:
            place = chunk.header.index(column)
            for brand in dict.fromkeys(one for row in chunk.rows for one in _names(row[place])):
                brands.setdefault(key(brand), brand)
        if rows >= COUNTED:
            return Survey(rows, tuple(brands.values())[:MOST_BRANDS], is_whole=False)
    return Survey(rows, tuple(brands.values())[:MOST_BRANDS], is_whole=True)


def _names(cell: object) -> list[str]:
    cells = cell if isinstance(cell, list) else [cell]
    return [name for one in cells if isinstance(one, str) and (name := " ".join(one.split()))]


def offered(reading: ColumnMapping) -> tuple[list[str], list[str]]:
    """The fields to choose columns for: the main and the guessed ones, and the rest."""
    shown = [*MAIN, *(field for field in reading.columns if field not in MAIN)]
    return shown, [field for field in FIELDS if field not in shown]


def reason(reading: ColumnMapping, field: str) -> str:
    """Why a field is read from its column, for people; "" when it is not read."""
    why = next((guess.why for guess in reading.guesses if guess.field == field), "")
    return {"its name": "by its name", "longest text": "it has the longest text"}.get(why, why)


def choices(guessed: ColumnMapping, picks: Picks) -> dict[str, str | None]:
    """{column: field} where the picks differ from the guesses; None for a column that is no longer read."""
    chosen = {column: field for field, column in picks.items() if column}
    freed = {column: None for field, column in guessed.columns.items() if field in picks and picks[field] != column}
    changed = {column: field for column, field in chosen.items() if guessed.columns.get(field) != column}
    return {**freed, **changed}


def doubles(picks: Picks) -> dict[str, str]:
    """The fields whose column an earlier field has, each with the sentence to show beside it."""
    first: dict[str, str] = {}
    slips = {}
    for field, column in picks.items():
        if column and column in first:
            slips[field] = f"This column is read as “{FIELDS[first[column]]}” already; choose another."
        elif column:
            first[column] = field
    return slips


def missing(reading: ColumnMapping) -> dict[str, str]:
    """What must be chosen before the file can be taken in, a sentence by field."""
    columns, slips = reading.columns, {}
    if "text" not in columns and "title" not in columns:
        slips["text"] = "No column looks like text. Choose the one that holds what people wrote."
    if "published_at" not in columns:
        slips["published_at"] = "No column looks like a time. Choose the one that says when it was written."
    return slips


def has_encoding(preview: Preview) -> bool:
    """Whether a person can say how the letters of such a file are written."""
    return not preview.called.startswith(("Parquet", "a saved feed"))


def has_header(preview: Preview) -> bool:
    """Whether lines can stand above the header of such a file."""
    return preview.called.startswith("CSV")


def on_page(sentence: str) -> str:
    """A sentence of an import with what to do on the page in place of the options of the command line."""
    for option, instead in OF_OPTIONS.items():
        sentence = sentence.replace(option, instead)
    return sentence


def is_about_writing(sentence: str) -> bool:
    """Whether a sentence asks how the file is written."""
    return any(option in sentence for option in (HOW, SKIP, NO_SKIP, NO_ENCODING))


def ours(known: Collection[Brand]) -> list[str]:
    """The names of the brands that are ours and real."""
    return [brand.name for brand in known if not (brand.competitor or brand.is_sample)]


def told(forecast: Forecast) -> list[str]:
    """What will become of the rows, in sentences; how to give a brand to those that match none."""
    first, *rest = queued(forecast.prospects, forecast.rows, forecast.rejected)
    lines = [first if forecast.is_whole else f"Of the first {counted(forecast.rows)}: {first}", *rest]
    return [*lines, "Choose a brand for them under “For all rows”."] if forecast.prospects.of_nobody else lines


def button(survey: Survey, forecast: Forecast | None = None) -> str:
    """The label of the button."""
    if not survey.is_whole:
        return "Import all rows"
    skipped = forecast.rejected if forecast and forecast.is_whole else 0
    return f"Import {counted(survey.rows)}" + (f" ({skipped:,} will be skipped)" if skipped else "")


def counted(count: int) -> str:
    """A number of rows in words: "1 row", "12,650 rows"."""
    return "1 row" if count == 1 else f"{count:,} rows"
