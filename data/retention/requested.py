"""What an erasure request is about: ids, rows, and the strings by which files and rejected rows are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from data.models import Erase
from data.retention import files
from data.store.store import Connection

PORTION = 500  # mentions that go in one transaction; it takes hardly longer than one mention does


def ids(store: Connection, wanted: Erase) -> list[str]:
    """The ids of the mentions that go, sorted; the one that is named also where it is not stored."""
    stored = {row["id"] for row in store.rows(REQUESTED, **values_of(wanted))}
    return sorted(stored | ({wanted.mention_id} if wanted.mention_id else set()))


def values_of(wanted: Erase) -> dict[str, str | None]:
    """What the statements about a request are bound to."""
    return {"mention_id": wanted.mention_id, "source": wanted.source, "author": wanted.author}


def rows_about(store: Connection, wanted: Erase) -> int:
    """How many mentions, rejected rows and mutes of a store a request is about."""
    return sum(count_about(store, wanted, sought_texts(store, wanted)).values())


def count_about(store: Connection, wanted: Erase, found: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The same by table. `found`: the texts of `sought_texts`."""
    with store.given("residual", files.table(found)):
        counts = {"rejected": store.value(f"SELECT count(*) FROM rejected WHERE {ABOUT}")}
    if wanted.author:
        counts["mute"] = store.value(MUTES, source=wanted.source, author=wanted.author)
    return counts | {"mention": len(store.rows(REQUESTED, **values_of(wanted)))}


def sought_texts(store: Connection, wanted: Erase) -> list[tuple[str, str]]:
    """The strings by which files and rejected rows are known to be about a request, of PORTION mentions at most."""
    rows = store.rows(SAID, most=PORTION, **values_of(wanted))
    if wanted.mention_id and not rows:
        rows = [{"id": wanted.mention_id, "source": None, "author": None, "title": None, "text": None}]
    return files.of([*rows, *whole_author(wanted)])


def whole_author(wanted: Erase | None) -> list[dict[str, Any]]:
    """The author whose every mention is to go, as a row without an id, since only lines set aside may name them; empty
    for a request about one mention."""
    if wanted is None or not wanted.author:
        return []
    return [{"id": None, "source": wanted.source, "author": wanted.author, "title": None, "text": None}]


ASKED_FOR = "(id = $mention_id OR source = $source AND author = $author)"
# With what our own accounts answered: it speaks to them of what they said.
REQUESTED = f"""
SELECT id FROM mention WHERE {ASKED_FOR}
UNION
SELECT mention_id AS id
FROM own_post
WHERE parent_id IN (SELECT id FROM mention WHERE {ASKED_FOR})
    AND brand IN (SELECT name FROM brand WHERE NOT competitor)
"""

# An author's name is looked for only in what their own source, a file or a push brought: elsewhere it is somebody
# else's. With a comma around it all, so that the first and the last of a table's row are found as the rest is.
ABOUT = """
EXISTS (
    SELECT 1
    FROM residual
    WHERE starts_with(rejected.batch, residual.batch) AND contains(',' || rejected.content || ',', said)
)
"""

SAID = f"SELECT id, source, author, title, text FROM mention WHERE id IN ({REQUESTED}) ORDER BY id LIMIT $most"
MUTES = "SELECT count(*) FROM mute WHERE kind = 'author' AND source = $source AND lower(name) = lower($author)"
