"""Which tables a statement of ours writes, read off its head: DuckDB tells a statement's kind, not its table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|\w+|[^\s\w]""", re.S)
_COMMENTS = ("--", "/*")
_VERBS = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "ALTER", "DROP", "TRUNCATE", "COPY"})
_WRITE_NO_TABLE = frozenset(
    {
        "SELECT",
        "FROM",
        "VALUES",
        "UNION",
        "INTERSECT",
        "EXCEPT",
        "EXPLAIN",
        "DESCRIBE",
        "SHOW",
        "PRAGMA",
        "SET",
        "USE",
        "CALL",
        "LOAD",
    }
    | {"BEGIN", "COMMIT", "ROLLBACK", "CHECKPOINT", "FORCE", "ATTACH", "DETACH", "ANALYZE", "VACUUM"}
)
_BEFORE_A_NAME = frozenset({"INTO", "FROM", "TABLE", "IF", "NOT", "EXISTS", "OR", "REPLACE", "IGNORE"})
_TEMPORARY = frozenset({"TEMP", "TEMPORARY"})
_OURS = frozenset({"main", "temp"})  # schemas that may stand before a table's name; anything else is another database


@dataclass(frozen=True, slots=True)
class Effect:
    """The tables that a statement writes, and which of them it makes as temporary ones."""

    written: frozenset[str] = frozenset()
    temporary: frozenset[str] = frozenset()

    def __or__(self, other: Effect) -> Effect:
        return Effect(self.written | other.written, self.temporary | other.temporary)


@lru_cache(maxsize=1024)
def effect(sql: str) -> Effect:
    """What a statement, or several of them, writes. Views, indexes and other databases do not count. ValueError for a
    kind of statement that is not known here: a table that was written unnoticed would make every copy of it stale."""
    found = Effect()
    for tokens in _statements(sql):
        found |= _effect(tokens)
    return found


def _statements(sql: str) -> Iterator[list[str]]:
    """Each statement as its tokens outside of brackets; comments are left out."""
    statement: list[str] = []
    depth = 0
    for part in _TOKEN.findall(sql):
        if part.startswith(_COMMENTS):
            continue
        if part == ";" and not depth:
            yield statement
            statement = []
            continue
        depth += {"(": 1, ")": -1}.get(part, 0)
        if not depth and part != ")":
            statement.append(part)
    yield statement


def _effect(tokens: Sequence[str]) -> Effect:
    words = [token.upper() for token in tokens]
    if not words:
        return Effect()
    if words[0] == "WITH":  # WITH a AS (...), b AS (...) INSERT INTO ...
        start = next(place for place, word in enumerate(words) if word in _VERBS or word in _WRITE_NO_TABLE)
        return _effect(tokens[start:])
    if words[0] not in _VERBS and words[0] not in _WRITE_NO_TABLE:
        raise ValueError(f"Which table does a statement write that begins with {words[0]!r}?")
    if words[0] in _WRITE_NO_TABLE or words[:3] == ["COPY", "FROM", "DATABASE"] or not _is_of_a_table(words):
        return Effect()
    is_temporary = words[0] == "CREATE" and bool(_TEMPORARY & set(words[1:4]))
    start = next(
        place for place, word in enumerate(words) if place and word not in _BEFORE_A_NAME and word not in _TEMPORARY
    )
    written = frozenset(filter(None, [_name(tokens[start:]), *_renamed(tokens)]))
    return Effect(written, written if is_temporary else frozenset())


def _is_of_a_table(words: Sequence[str]) -> bool:
    """Whether a statement that makes, changes or drops something does so to a table."""
    return words[0] not in ("CREATE", "ALTER", "DROP") or "TABLE" in words[1:5]


def _renamed(tokens: Sequence[str]) -> list[str]:
    """The new name that ALTER TABLE ... RENAME TO gives."""
    words = [token.upper() for token in tokens]
    if words[0] == "ALTER" and words[-3:-1] == ["RENAME", "TO"]:
        return [tokens[-1].strip('"')]
    return []


def _name(tokens: Sequence[str]) -> str | None:
    """The table's name that stands first here; None for a table of another database."""
    parts = [tokens[0].strip('"')]
    while len(tokens) > 2 and tokens[1] == ".":
        tokens = tokens[2:]
        parts.append(tokens[0].strip('"'))
    return parts[-1] if set(parts[:-1]) <= _OURS else None
