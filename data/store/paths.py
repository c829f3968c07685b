"""Paths as DuckDB takes them: in its functions that read files a path is a pattern, which may stand for many."""

from __future__ import annotations

from pathlib import Path

PATTERNS = frozenset("*?[")


def one_file(path: Path | str) -> str:
    """A path that stands for this one file, whatever is in its name, for read_json and read_parquet. There, also say
    hive_partitioning = false: a folder named "brand=x" would add a column."""
    said = str(path)
    if not PATTERNS & set(said):
        return said
    # A backslash cannot be written in a pattern; it is let stand for itself or any other one character.
    return "".join(f"[{one}]" if one in PATTERNS else "?" if one == "\\" else one for one in said)
