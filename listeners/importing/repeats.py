"""Tells the new rows of a file from repeated ones, by the ids and content read so far."""

from __future__ import annotations

from enum import Enum

from data.models import Answer, Found
from listeners.importing.border import ImportedRow

FACTS = REPLY = 32  # bits kept of each hash, beside the 64 of the id's
MASK = (1 << 32) - 1


class RepeatKind(Enum):
    """How a row relates to earlier rows with its id."""

    NEW = "first of its id"
    NEWER = "a later version"
    ANSWERED = "the same mention, another answer"
    AGAIN = "exactly as before"
    OTHER = "something else under a known id"


class Repeats:
    """Remembers one number per id instead of the rows, so that a file of a million rows fits in memory."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def place(self, row: ImportedRow) -> RepeatKind:
        """Compare the row with earlier ones of its id, and remember it when it is new or newer."""
        key = hash(row.id)
        version = int(row.version.timestamp() * 1_000_000)
        facts, reply = _facts(row.found, row.answer), _said(row.answer)
        seen = self._known.get(key)
        packed = ((version << FACTS) | facts) << REPLY | reply
        if seen is None:
            self._known[key] = packed
            return RepeatKind.NEW
        if seen == packed:
            return RepeatKind.AGAIN
        if version > seen >> (FACTS + REPLY):
            self._known[key] = packed
            return RepeatKind.NEWER
        if facts != (seen >> REPLY) & MASK:
            return RepeatKind.OTHER
        self._known[key] = packed
        return RepeatKind.ANSWERED if row.answer else RepeatKind.AGAIN


def _facts(found: Found | None, answer: Answer | None) -> int:
    if found is None:
        return hash(answer and answer.text) & MASK
    mention = found.mention
    return hash((mention.text, mention.title, mention.author, mention.rating)) & MASK


def _said(answer: Answer | None) -> int:
    return 0 if answer is None else hash((answer.text, answer.answered_at)) & MASK
