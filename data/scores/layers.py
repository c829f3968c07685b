"""Layers: what was learned from corrections, version by version, and which version's scores count; 0 is the shipped
scorer alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.models import HearbackError
from data.store.store import Connection, Store

SHIPPED = 0
OURSELVES = "Hearback"  # who asks for what nobody asked for: a new shipped scorer


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the judgement, as whoever scores needs it."""

    layer: int = SHIPPED
    corrections: int = 0
    content: str | None = None  # JSON; None: the shipped scorer alone


@dataclass(frozen=True, slots=True)
class Making:
    """A version that was asked for and whose scores are being made. `done` of `total`; `stopped_by` when it rests."""

    version: int
    asked_by: str
    asked_at: datetime
    stopped_by: str | None
    done: int
    total: int

    @property
    def is_update(self) -> bool:
        """Whether the shipped scorer itself has changed."""
        return self.asked_by == OURSELVES


@dataclass(frozen=True, slots=True)
class Layer:
    """What was learned, once. `figures`: see analysis.adapting.learning."""

    version: int
    scorer: str
    made_by: str
    made_at: datetime
    corrections: int
    figures: Mapping[str, Any]


def counting(store: Connection) -> Version:
    """The version whose scores count."""
    return version(store, int(store.value(COUNTING) or SHIPPED))


def version(store: Connection, number: int) -> Version:
    """A version by its number. HearbackError when it is not kept."""
    if number == SHIPPED:
        return Version()
    for row in store.rows("SELECT corrections, content FROM layer WHERE version = $number", number=number):
        return Version(number, row["corrections"], row["content"])
    raise HearbackError(f"Version {number} of the judgement is not kept any more; choose another on Judgement.")


def known(store: Connection) -> list[Layer]:
    """Every layer that is kept, the newest first."""
    rows = store.rows("SELECT * EXCLUDE (content) FROM layer ORDER BY version DESC")
    return [Layer(**row | {"figures": json.loads(row["figures"])}) for row in rows]


def history(store: Connection) -> list[dict[str, Any]]:
    """Which version was asked for by whom and when, and since when it counts; the latest first."""
    return store.rows("SELECT version, asked_by, asked_at, counts_from FROM applied ORDER BY asked_at DESC")


def making(store: Connection) -> Making | None:
    """The version whose scores are being made; None when there is none."""
    for row in store.rows(MAKING):
        return Making(**row)
    return None


def keep(store: Store, layer: Layer, content: str) -> int:
    """Keep a layer under the next version number, which is returned; `layer.version` is passed over. A candidate that
    nobody ever asked for makes room for it, and what is asked for already is left alone."""
    with store.write() as transaction:
        number = 1 + int(transaction.value(HIGHEST))
        transaction.run(FORGET_CANDIDATES)
        transaction.run(
            "INSERT INTO layer VALUES ($version, $scorer, $content, $made_by, $made_at, $corrections, $figures)",
            version=number, scorer=layer.scorer, content=content, made_by=layer.made_by, made_at=layer.made_at,
            corrections=layer.corrections, figures=json.dumps(layer.figures),
        )  # fmt: skip
    return number


def apply(store: Store, number: int, scorer: str, who: str, now: datetime) -> None:
    """Ask for a version to count: its scores are made in the background, and count all at once. What was being made
    before is given up. Asking for the one that counts already only does that."""
    with store.write() as transaction:
        version(transaction, number)
        now_making = making(transaction)
        if now_making and now_making.is_update and who != OURSELVES:
            raise HearbackError("Everything is being scored by the new scorer; choose again when that is done.")
        transaction.run("DELETE FROM applied WHERE counts_from IS NULL")
        transaction.run("DELETE FROM rescored")
        if counting(transaction).layer != number or who == OURSELVES:
            transaction.run(APPLY, version=number, scorer=scorer, who=who, now=now)


def stop(store: Store, who: str) -> None:
    """Let the making of the version that was asked for rest; what is made is kept."""
    with store.write() as transaction:
        transaction.run("UPDATE applied SET stopped_by = $who WHERE counts_from IS NULL", who=who)


def resume(store: Store) -> None:
    """Go on with the making where it rested."""
    with store.write() as transaction:
        transaction.run("UPDATE applied SET stopped_by = NULL WHERE counts_from IS NULL")


COUNTING = "SELECT arg_max(version, counts_from) FROM applied WHERE counts_from IS NOT NULL"

MAKING = """
SELECT version, asked_by, asked_at, stopped_by, done, (SELECT count(*) FROM score) AS total
FROM applied
WHERE counts_from IS NULL
"""

HIGHEST = """
SELECT greatest(
    coalesce((SELECT max(version) FROM layer), 0), coalesce((SELECT max(version) FROM applied), 0)
)
"""

FORGET_CANDIDATES = "DELETE FROM layer WHERE version NOT IN (SELECT version FROM applied)"

APPLY = "INSERT INTO applied VALUES ($version, $scorer, $who, $now, NULL, NULL, 0)"
