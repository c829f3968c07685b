"""Re-scoring: makes another version's scores for all stored mentions, then replaces the active scores all at once.

Each block is stored in the table `rescored`, so the work goes on where it was after a stop or a kill. Mentions that
change meanwhile are scored by the active version and made again here. At the end `rescored` replaces `score`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import pyarrow

from data.clock import Clock, now_in_utc
from data.people import rights
from data.queue import ranks
from data.queue.ranks import Ranking
from data.scores import layers, scores, workers
from data.scores.layers import Making, Version
from data.store.store import Store

AT_ONCE = 100_000  # mentions read in one round; bounds the memory it takes
KEPT_AT_ONCE = 10_000  # scores written in one transaction; a key press waits for no longer than that takes


class Rescoring:
    """Makes the scores of the requested version. `scorer`: the shipped scorer's name; when stored scores are by another
    one, their version is requested."""

    def __init__(self, store: Store, ranking: Ranking, scorer: str, clock: Clock = now_in_utc) -> None:
        self._store = store
        self._ranking = ranking
        self._scorer = scorer
        self._clock = clock
        self._is_shipped_known = False

    def go_on(self, leaving: Callable[[], bool] = lambda: False) -> bool:
        """Make the missing scores of the requested version; return whether it is active now. `leaving`: whether the
        process is about to end; it is asked after each block."""
        self._follow_shipped()
        making, version = self._requested()
        if making is None or making.stopped_by:
            return False
        while rows := _waiting(self._store):
            if not self._make(rows, version, leaving):
                return False
        return self._switch(making, self._clock())

    def _follow_shipped(self) -> None:
        """Request a re-scoring when the shipped scorer has changed; checked once per process."""
        if self._is_shipped_known:
            return
        with self._store.read() as reading:
            making = layers.making(reading)
            is_left = making is None or not (making.is_update or layers.fits(reading, making.version, self._scorer))
            is_new = is_left and bool(reading.value(OTHERS, scorer=self._scorer))
            active = layers.active_version(reading).layer
            number = active if layers.fits(reading, active, self._scorer) else layers.SHIPPED
        if is_new:
            layers.apply(self._store, number, self._scorer, rights.lead(layers.OURSELVES), self._clock())
        self._is_shipped_known = True

    def _requested(self) -> tuple[Making | None, Version]:
        with self._store.read() as reading:
            making = layers.making(reading)
            return making, layers.version(reading, making.version) if making else scores.SHIPPED

    def _make(self, rows: list[dict[str, Any]], version: Version, leaving: Callable[[], bool]) -> bool:
        """Score these mentions and store the scores; False when it was stopped before the end."""
        done = 0
        blocks = workers.score([_input(row) for row in rows], scores.names(self._store), layer=version.content)
        for lines in _gathered(blocks):
            making, _ = self._requested()
            if leaving() or making is None or making.stopped_by or making.version != version.layer:
                blocks.close()
                return False
            _keep(self._store, lines, rows[done : done + len(lines)], version, self._clock())
            done += len(lines)
        return True

    def _switch(self, making: Making, now: datetime) -> bool:
        """Make the new scores the active ones if every scored mention has one; False otherwise."""
        with self._store.read() as reading:
            moved = reading.run(MOVED, shared=ranks.SHARED_NAME).to_arrow_table()
        with self._store.bulk(), self._store.write() as transaction:
            current = layers.making(transaction)
            if current is None or current.version != making.version or current.stopped_by:
                return False
            transaction.run(CARRY_OVER)
            if not transaction.value(COMPLETE):
                transaction.run(FORGET_GONE)
                return False
            for sql in PUT_IN_PLACE:
                transaction.run(sql)
            transaction.run("UPDATE applied SET counts_from = $now WHERE counts_from IS NULL", now=now)
            with transaction.given("moved", moved):
                ranks.rebuild(transaction, self._ranking, "SELECT mention_id FROM moved")
        return True


def is_updating(store: Store) -> bool:
    """Whether scores of a new shipped scorer are being made. New mentions wait until that is done, because the scorer
    of the active version is not installed any more."""
    with store.read() as reading:
        making = layers.making(reading)
        return making is not None and making.is_update


def _input(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "title", "text", "rating", "brands")}


def _gathered(blocks: Iterator[list[bytes]]) -> Iterator[list[bytes]]:
    """The workers' blocks joined to blocks of KEPT_AT_ONCE scores."""
    size = KEPT_AT_ONCE // workers.BLOCK
    while several := [block for _, block in zip(range(size), blocks, strict=False)]:
        yield list(chain.from_iterable(several))


def _waiting(store: Store) -> list[dict[str, Any]]:
    with store.read() as reading:
        return reading.rows(WAITING, limit=AT_ONCE)


def _keep(
    store: Store, lines: Sequence[bytes], read: Sequence[dict[str, Any]], version: Version, now: datetime
) -> None:
    """Insert scores into `rescored`. Mentions whose active score changed since they were read are left out and made
    again."""
    seen = pyarrow.table({name: [row[name] for row in read] for name in SEEN.names}, schema=SEEN)
    with store.read() as reading:  # not the writing connection: nobody has to wait while they are read
        made = scores.read_lines(reading, lines)
    with (
        store.bulk(),
        store.write() as transaction,
        transaction.given("made", made),
        transaction.given("looked_at", seen),
    ):
        if (current := layers.making(transaction)) is None or current.version != version.layer:
            return
        transaction.run(INSERT, now=now, layer=version.layer, corrections=version.corrections)
        transaction.run("UPDATE applied SET done = (SELECT count(*) FROM rescored) WHERE counts_from IS NULL")


SEEN = pyarrow.schema([("id", pyarrow.string()), ("scored_at", pyarrow.timestamp("us", "UTC"))])

OTHERS = """
SELECT count(*)
FROM (
    SELECT 1
    FROM score
    WHERE scorer <> $scorer AND mention_id NOT IN (SELECT mention_id FROM expired)
    LIMIT 1
)
"""

WAITING = """
SELECT mention.id, mention.title, mention.text, mention.rating, several.brands, score.scored_at
FROM mention
JOIN score ON score.mention_id = mention.id
LEFT JOIN (
    SELECT match.mention_id, list_sort(list({'name': brand.name, 'terms': brand.terms})) AS brands
    FROM match
    JOIN brand ON brand.name = match.brand
    WHERE match.mention_id IN (SELECT mention_id FROM match GROUP BY mention_id HAVING count(*) > 1)
    GROUP BY match.mention_id
) AS several ON several.mention_id = mention.id
WHERE mention.id NOT IN (SELECT mention_id FROM rescored) AND mention.id NOT IN (SELECT mention_id FROM expired)
LIMIT $limit
"""

INSERT = """
INSERT INTO rescored BY NAME
SELECT made.*, $now AS scored_at, $layer AS layer, $corrections AS corrections
FROM made
JOIN looked_at ON looked_at.id = made.mention_id
JOIN score ON score.mention_id = made.mention_id AND score.scored_at = looked_at.scored_at
WHERE made.mention_id NOT IN (SELECT mention_id FROM rescored)
    AND made.mention_id NOT IN (SELECT mention_id FROM expired)
"""

# Expired mentions have no words to score: their scores are copied, with the name of the scorer that made them.
CARRY_OVER = """
INSERT INTO rescored BY NAME
SELECT *
FROM score
WHERE score.mention_id IN (SELECT mention_id FROM expired)
    AND score.mention_id NOT IN (SELECT mention_id FROM rescored)
"""

# Each mention has one score, and what is made beside is made of those only.
COMPLETE = "SELECT (SELECT count(*) FROM score) = (SELECT count(*) FROM rescored)"

FORGET_GONE = "DELETE FROM score WHERE mention_id NOT IN (SELECT id FROM mention)"

# The queue's rows whose rank may move: those judged otherwise now, and the other mentions of authors whose number of
# complaints changes. Names with very many complaints are many people's, and are not counted.
MOVED = """
WITH changed AS (
    SELECT
        score.mention_id,
        (score.label = 'negative') IS DISTINCT FROM (rescored.label = 'negative') AS is_complaint_or_not
    FROM score
    JOIN rescored ON rescored.mention_id = score.mention_id
    WHERE score.label IS DISTINCT FROM rescored.label
        OR json_keys(score.cues) <> json_keys(rescored.cues)
        OR (coalesce(score.needs_reply, 0) >= 0.5) <> (coalesce(rescored.needs_reply, 0) >= 0.5)
        OR score.language IS DISTINCT FROM rescored.language
        OR (score.needs_reply IS NULL) <> (rescored.needs_reply IS NULL)
),
author AS (
    SELECT source, author
    FROM mention
    WHERE author IS NOT NULL AND id IN (SELECT mention_id FROM changed WHERE is_complaint_or_not)
    GROUP BY source, author
)
SELECT mention_id FROM queue WHERE mention_id IN (SELECT mention_id FROM changed)
UNION
SELECT queue.mention_id
FROM queue
JOIN author ON author.source = queue.source AND author.author = queue.author
QUALIFY count(*) OVER (PARTITION BY queue.source, queue.author) <= 2 * $shared
"""

PUT_IN_PLACE = (
    "DROP TABLE score",
    "ALTER TABLE rescored RENAME TO score",
    "CREATE TABLE rescored AS SELECT * FROM score LIMIT 0",
)
