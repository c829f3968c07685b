"""Checks a store: reads every table whole, and says what does not fit together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from data.backup.restoring import CHECKS
from data.models import Action, HearbackError, Status
from data.people.rights import Actor, Verb
from data.queue import actions
from data.queue.status import state_after
from data.store.store import TABLES, Connection, Store


@dataclass(slots=True)
class Checked:
    """What a check found. `rows`: of each table that can be read; `wrong`: sentences."""

    rows: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def check(store: Store, by: Actor, now: datetime) -> Checked:
    """Read the whole store and say what is wrong with it; nothing is changed, and people work on. Forbidden when `by`
    may not."""
    by.insist(Verb.READ)
    done = Checked()
    for table in _tables(store):
        try:
            with store.read() as reading:
                reading.value(_of(READ_ALL, table))
                done.rows[table] = int(reading.value(_of(COUNT, table)))
        except HearbackError as trouble:
            done.wrong.append(f"The table {table} cannot be read whole: {trouble}")
    if not done.wrong:
        with store.still() as (reading, _):
            done.wrong += _contradictions(reading, now)
            done.wrong += _queue_against_actions(reading)
    return done


def _tables(store: Store) -> list[str]:
    with store.read() as reading:
        return sorted(row["table_name"] for row in reading.rows(TABLES))


def _contradictions(reading: Connection, now: datetime) -> list[str]:
    checks = [(told, reading.value(sql)) for told, sql in (CHECKS | FURTHER).items()]
    checks.append(("mentions stand in it that were erased", reading.value(ERASED, now=now)))
    return [f"{told[:1].upper()}{told[1:]}: {many:,}." for told, many in checks if many]


def _queue_against_actions(reading: Connection) -> list[str]:
    """What the queue shows of mentions otherwise than their actions tell."""
    histories = actions.of_queued(reading)
    wrong = [row["mention_id"] for row in reading.rows(ACTED_ON) if not _agrees(row, histories[row["mention_id"]])]
    wrong += [row["mention_id"] for row in reading.rows(WRONG_UNTOUCHED)]  # most have no action: asked of the store
    if not wrong:
        return []
    return [f"Rows of the queue show another state than the actions tell: {len(wrong):,}, such as {wrong[0]}."]


def _agrees(row: dict[str, object], history: list[Action]) -> bool:
    state = state_after(history)
    statuses = {state.status.value} | ({Status.OLD.value} if state.status is Status.OPEN else set())
    told = (row["assignee"], row["snoozed_until"], row["version"])
    return row["status"] in statuses and told == (state.assignee, state.snoozed_until, state.version)


def _of(statement: str, table: str) -> str:
    return statement.replace("{table}", f'"{table}"')


READ_ALL = "SELECT sum(hash(whole)) FROM {table} AS whole"
COUNT = "SELECT count(*) FROM {table}"
ACTED_ON = """
SELECT mention_id, status, assignee, snoozed_until, version
FROM queue
WHERE mention_id IN (SELECT mention_id FROM action)
ORDER BY mention_id
"""
WRONG_UNTOUCHED = """
SELECT mention_id
FROM queue
WHERE mention_id NOT IN (SELECT mention_id FROM action)
    AND (status NOT IN ('open', 'old') OR assignee IS NOT NULL OR snoozed_until IS NOT NULL OR version <> 0)
ORDER BY mention_id
"""
ERASED = """
SELECT count(*)
FROM mention
WHERE sha256(id) IN (SELECT digest FROM suppressed WHERE until_at IS NULL OR until_at > $now)
"""
FURTHER = {
    "some mentions stand in the queue twice": "SELECT count(*) - count(DISTINCT mention_id) FROM queue",
    "some mentions have two scores": "SELECT count(*) - count(DISTINCT mention_id) FROM score",
    "there are scores of versions that are not known": (
        "SELECT count(*) FROM score WHERE layer <> 0 AND layer NOT IN (SELECT version FROM layer)"
    ),
    "there are matches of brands that are not known": (
        "SELECT count(*) FROM match WHERE brand NOT IN (SELECT name FROM brand)"
    ),
    "there are matches of mentions that it does not hold": (
        "SELECT count(*) FROM match WHERE mention_id NOT IN (SELECT id FROM mention)"
    ),
    "there are scored mentions of your brands that nobody closed and that stand in no queue": """
        SELECT count(*)
        FROM mention
        WHERE id IN (
                SELECT mention_id FROM match WHERE brand IN (SELECT name FROM brand WHERE NOT competitor)
            )
            AND id IN (SELECT mention_id FROM score)
            AND id NOT IN (SELECT mention_id FROM unscored)
            AND id NOT IN (SELECT mention_id FROM kept_out)
            AND id NOT IN (SELECT mention_id FROM action)
            AND id NOT IN (SELECT mention_id FROM queue)
    """,
}
