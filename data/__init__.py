"""Everything that is kept, and the only SQL. Analysts start with `data.snapshot()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb


def snapshot(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection over the published copy, with a view per table; see `data.analytics.published.snapshot`."""
    from data.analytics import published  # listeners import this package and must not pay for, nor touch, the store

    return published.snapshot(folder)
