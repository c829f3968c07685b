"""Layers: keeps each version of what was learned from corrections, and which version is active; version 0 is the
shipped scorer alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.models import HearbackError
from data.people.rights import Actor, Verb
from data.store.store import Connection, Store

SHIPPED = 0
OURSELVES = "Hearback"  # the requester of versions that no person requested: those of a new shipped scorer


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the scorer: the shipped one, or a layer over it."""

    layer: int = SHIPPED
    corrections: int = 0
    content: str | None = None  # JSON; None: the shipped scorer alone


@dataclass(frozen=True, slots=True)
class Making:
    """A requested version whose scores are being made: `done` of `total` mentions. `stopped_by`: who paused it."""

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
    """One stored layer, without its content. `figures`: see analysis.adapting.learning."""

    version: int
    scorer: str
    made_by: str
    made_at: datetime
    corrections: int
    figures: Mapping[str, Any]


def active_version(store: Connection) -> Version:
    """The version whose scores are in the table `score`."""
    return version(store, int(store.value(ACTIVE_VERSION) or SHIPPED))


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
    """Every request for a version, latest first: version, asked_by, asked_at, counts_from (None: not active yet)."""
    return store.rows("SELECT version, asked_by, asked_at, counts_from FROM applied ORDER BY asked_at DESC")


def fits(store: Connection, number: int, scorer: str) -> bool:
    """Whether a version was learned over this scorer."""
    return bool(store.value(FITS, version=number, scorer=scorer))


def making(store: Connection) -> Making | None:
    """The version whose scores are being made; None when there is none."""
    for row in store.rows(MAKING):
        return Making(**row)
    return None


def keep(store: Store, layer: Layer, content: str) -> int:
    """Store a layer under the next version number and return the number; `layer.version` is ignored. Candidates that
    were never requested are deleted."""
    with store.write() as transaction:
        number = 1 + int(transaction.value(HIGHEST))
        transaction.run(FORGET_CANDIDATES)
        transaction.run(
            "INSERT INTO layer VALUES ($version, $scorer, $content, $made_by, $made_at, $corrections, $figures)",
            version=number, scorer=layer.scorer, content=content, made_by=layer.made_by, made_at=layer.made_at,
            corrections=layer.corrections, figures=json.dumps(layer.figures),
        )  # fmt: skip
    return number


def apply(store: Store, number: int, scorer: str, by: Actor, now: datetime) -> None:
    """Request that a version becomes active: its scores are made in the background and replace the others all at once.
    A version that was being made is given up; requesting the active version does only that. HearbackError when the
    version is not stored or was learned over another scorer, or while a new shipped scorer's scores are being made.
    Forbidden."""
    by.insist(Verb.TRAIN)
    with store.write() as transaction:
        version(transaction, number)
        if number != SHIPPED and not fits(transaction, number, scorer):
            raise HearbackError(
                f"Version {number} was learned over an earlier scorer and cannot count any more. A new version is "
                "learned from the same corrections by itself; choose that one."
            )
        now_making = making(transaction)
        if now_making and now_making.is_update and by.name != OURSELVES:
            raise HearbackError("Everything is being scored by the new scorer; choose again when that is done.")
        transaction.run("DELETE FROM applied WHERE counts_from IS NULL")
        transaction.run("DELETE FROM rescored")
        if active_version(transaction).layer != number or by.name == OURSELVES:
            transaction.run(APPLY, version=number, scorer=scorer, who=by.name, now=now)


def stop(store: Store, by: Actor) -> None:
    """Pause the making of the requested version's scores; those made so far are kept. Forbidden."""
    by.insist(Verb.TRAIN)
    with store.write() as transaction:
        transaction.run("UPDATE applied SET stopped_by = $who WHERE counts_from IS NULL", who=by.name)


def resume(store: Store, by: Actor) -> None:
    """Resume the making of scores after `stop`. Forbidden."""
    by.insist(Verb.TRAIN)
    with store.write() as transaction:
        transaction.run("UPDATE applied SET stopped_by = NULL WHERE counts_from IS NULL")


ACTIVE_VERSION = "SELECT arg_max(version, counts_from) FROM applied WHERE counts_from IS NOT NULL"

FITS = "SELECT count(*) FROM layer WHERE version = $version AND scorer = $scorer"

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
