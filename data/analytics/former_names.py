"""The names that tables and columns of the published copy had in earlier versions.

Older copies and exports are read by them, and what analysts wrote by them goes on working.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

TABLES = {"sighting": "look"}
COLUMNS = {
    "repost": {"canonical_id": "leader_id"},
    "delivery": {"approved_reply_id": "letter_id"},
    "score": {"cue_confidence": "certainty"},
    "unscored": {"token": "asked"},
}


def file_of(copy: Path, table: str) -> Path:
    """The file of a table in a copy; that of its former name where the copy is older. It need not exist."""
    file = copy / f"{table}.parquet"
    if table in TABLES and not file.exists() and (former := copy / f"{TABLES[table]}.parquet").exists():
        return former
    return file


def renamed(table: str, columns: Collection[str]) -> str:
    """What to select of a copy's table with these columns, so that each has its present name."""
    old = {former: name for name, former in COLUMNS.get(table, {}).items() if former in columns}
    return f"* RENAME ({', '.join(f'{former} AS {name}' for former, name in old.items())})" if old else "*"


def beside(table: str) -> str:
    """What to select of a table whose columns have their present names, so that each has its former name, too."""
    return ", ".join(["*", *(f"{name} AS {former}" for name, former in COLUMNS.get(table, {}).items())])
