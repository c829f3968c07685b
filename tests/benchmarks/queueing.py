"""The queue over a million mentions, in the store alone: its first page, its counts, one mention, one action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

from data.models import Action, ActionKind
from data.people.rights import lead
from data.queue import details, queue, triage
from data.store.store import Connection, Store
from tests.benchmarks.figures import Figure, race, timed
from tests.benchmarks.ground import Ground

NEWCOMER = "a newcomer"

# What somebody with no layers would write: rank by points and by how long it waits, take 25.
BY_HAND = """
SELECT *
FROM queue
WHERE status = 'open'
ORDER BY points + least(4, floor(4 * (epoch_us($now) - epoch_us(published_at)) / (3.6e9 * reply_within_hours))) DESC,
    due_at, mention_id
LIMIT 25
"""


def queueing(ground: Ground) -> Iterator[Figure]:
    """Everything that one key press asks of the store, each against the SQL it cannot do without."""
    store = Store(ground.million().store)
    size = f"{ground.sizes.stored:,} mentions"
    try:
        with store.read() as connection:
            yield from _reading(ground, connection, size)
        yield from _writing(ground, store, size)
    finally:
        store.close()


def _reading(ground: Ground, store: Connection, size: str) -> Iterator[Figure]:
    now, view, ranking = datetime.now(UTC), queue.View(), ground.judgement.ranking
    bound = {"status": "open", "rows": queue.PAGE, "skipped": 0, **view.bound(now)}

    def page() -> object:
        return queue.page(store, ranking, view, now)

    def same() -> object:
        return store.raw.execute(queue.PAGE_OF_QUEUE, bound).to_arrow_table()

    def by_hand() -> object:
        return store.raw.execute(BY_HAND, {"now": now}).to_arrow_table()

    def against(name: str, ours: Callable[[], object], theirs: Callable[[], object], other: str) -> Figure:
        times = race(timed(ours), timed(theirs), ground.sizes.quick_rounds)
        return times.milliseconds(f"{name}, {size}", other)

    yield against("queue's first page", page, same, "the same statement through DuckDB alone")
    yield against("queue's first page", page, by_hand, "a plain ORDER BY ... LIMIT 25 over the same table")
    yield against(
        "queue's tab counts",
        lambda: queue.count(store, view, NEWCOMER, now),
        lambda: store.raw.execute("SELECT count(*), count(assignee) FROM queue").fetchall(),
        "a bare count over the same table",
    )
    yield against(
        "number of closed mentions",
        lambda: queue.count_acted(store),
        lambda: store.raw.execute("SELECT count(DISTINCT mention_id) FROM action").fetchall(),
        "a bare count of the mentions acted on",
    )
    yield against(
        "names of everybody who acted",
        lambda: queue.people(store),
        lambda: store.raw.execute("SELECT DISTINCT actor FROM action").fetchall(),
        "a bare SELECT DISTINCT actor",
    )
    ids = count()
    shown = [row.mention_id for row in queue.page(store, ranking, view, now, rows=100)]
    yield against(
        "one mention with all about it",
        lambda: details.find(store, shown[next(ids) % len(shown)]),
        lambda: store.raw.execute(
            "SELECT * FROM mention WHERE id = $id", {"id": shown[next(ids) % len(shown)]}
        ).fetch_arrow_table(),
        "a bare SELECT of the mention by its id",
    )


def _writing(ground: Ground, store: Store, size: str) -> Iterator[Figure]:
    now, ranking = datetime.now(UTC), ground.judgement.ranking
    with store.read() as connection:
        wanted = 12 * (ground.sizes.quick_rounds + 2)
        rows = iter(queue.page(connection, ranking, queue.View(assignee=""), now, rows=wanted))
    bare = (f"bare {number}" for number in count())

    def record(kind: ActionKind) -> Callable[[], object]:
        def do() -> object:
            row = next(rows)
            return triage.record(
                store, ranking, Action("", row.mention_id, kind, NEWCOMER, now), row.version, lead(NEWCOMER)
            )

        return do

    def by_hand() -> None:
        with store.write() as transaction:
            values = {"id": next(bare), "mention": next(rows).mention_id, "now": now}
            transaction.raw.execute(INSERT, values)
            transaction.raw.execute("DELETE FROM queue WHERE mention_id = $mention", {"mention": values["mention"]})

    other = "an INSERT and a DELETE by hand in one transaction"
    verbs = {
        "resolving a mention": ActionKind.RESOLVE,
        "assigning a mention": ActionKind.ASSIGN,
        "correcting a mention": ActionKind.EXPECT,
    }
    for name, kind in verbs.items():
        times = race(timed(record(kind)), timed(by_hand), ground.sizes.quick_rounds)
        yield times.milliseconds(f"{name}, {size}", other)


INSERT = """
INSERT INTO action
SELECT $id, $mention, 1, 'resolve', 'somebody', $now, $now, NULL, NULL, NULL, NULL, NULL
"""
