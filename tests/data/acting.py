"""A process that acts: claims, notes, snoozes and resolves what it finds in the queue, and says so after each."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from analysis import ranking
from data.models import Action, ActionKind, Status
from data.people.rights import lead
from data.queue import queue, triage
from data.settings import places
from data.store.opening import StoreIsHeld
from data.store.store import Store

VERBS = (ActionKind.ASSIGN, ActionKind.NOTE, ActionKind.SNOOZE, ActionKind.RESOLVE)


def main(arguments: Sequence[str]) -> int:
    """`python -m tests.data.acting NAME COUNT`: so many actions by NAME; exit code 3 when the store is held."""
    name, count = arguments[0], int(arguments[1])
    try:
        store = Store(places().store)
    except StoreIsHeld:
        return 3
    now = datetime.now(UTC)
    chance = random.Random(name)
    for _ in range(count):
        with store.read() as connection:
            tabs = (queue.View(), queue.View(status=Status.OLD))  # a file of years ago has nothing open
            rows = next(filter(None, (queue.page(connection, ranking, tab, now) for tab in tabs)), [])
        if not rows:
            break
        row = chance.choice(rows)
        wanted = Action(
            "", row.mention_id, chance.choice(VERBS), name, now, "seen", name, until=now + timedelta(days=1)
        )
        print(triage.record(store, ranking, wanted, row.version, lead(name)).id, flush=True)
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
