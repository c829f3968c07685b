"""Computes the rank of queue rows anew after an erasure removed what it was made of."""

from __future__ import annotations

import pyarrow

from data.queue import ranks
from data.queue.ranks import Ranking
from data.store.store import Connection, Store

AT_ONCE = 5_000  # rows of the queue


def rank_anew(store: Store, ranking: Ranking) -> None:
    """Rank the rows of the queue whose case an erasure removed: other mentions of the same authors, whose complaints
    are counted anew. Ranks are computed outside the transaction, because key presses wait for a transaction. Rows that
    are left when the process ends are ranked by the next one."""
    while unranked := store.remembered(_unranked, "queue"):
        waiting = pyarrow.table({"mention_id": unranked})
        with store.bulk():
            with store.read() as reading, reading.given("unranked", waiting):
                computed = ranks.compute(reading, ranking, "SELECT mention_id FROM unranked")
            with (
                store.prepare() as writer,
                writer.given("unranked", waiting), writer.given("computed", computed),
                store.write() as transaction,
            ):  # fmt: skip
                transaction.run(RANK)
                if computed.num_rows < len(unranked):
                    ranks.rebuild(transaction, ranking, NOT_COMPUTED)


def _unranked(store: Connection) -> list[str]:
    return [row["mention_id"] for row in store.rows(UNRANKED, portion=AT_ONCE)]


RANK = """
UPDATE queue
SET points = computed.points, reasons = computed.reasons, told = computed.told
FROM computed
WHERE computed.mention_id = queue.mention_id AND queue.told IS NULL
"""
NOT_COMPUTED = "SELECT mention_id FROM unranked WHERE mention_id NOT IN (SELECT mention_id FROM computed)"
UNRANKED = "SELECT mention_id FROM queue WHERE told IS NULL ORDER BY mention_id LIMIT $portion"
