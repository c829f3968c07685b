"""Scores the mentions that wait for a score: a few in this process, many in worker processes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from data.clock import Clock, now_in_utc
from data.queue.ranks import Ranking
from data.scores import layers, rescoring, scores, workers
from data.scores.layers import Version
from data.store.store import Store

Score = Callable[[dict[str, Any]], dict[str, Any]]  # analysis.scoring.scoring.score_line
AT_ONCE = 200_000  # mentions scored in one round; bounds the memory a large import takes
KEPT_AT_ONCE = 8_000  # scores written in one transaction; a person's key press waits for no longer than that takes
BY_HAND = 200  # up to so many are scored here before a worker process would have started


@dataclass(frozen=True, slots=True)
class Judgement:
    """The ranking and the scoring that this folder is given from `analysis`."""

    ranking: Ranking
    score: Score
    under: Callable[[str], Score] | None = None  # the same under a layer, JSON; None: ask the workers


def expect(store: Store, unscored: int) -> None:
    """Start the workers while a batch is still being taken in, when it brings many mentions. `unscored`: how many
    mentions will wait for a score."""
    with store.read() as reading:
        is_shipped = layers.active_version(reading).content is None
    if unscored > BY_HAND and is_shipped and not rescoring.is_updating(store):
        workers.stand_by(scores.names(store))


def score_waiting(store: Store, judgement: Judgement, clock: Clock = now_in_utc) -> int:
    """Score every mention that waits, in rounds of AT_ONCE; return how many scores were stored."""
    kept = 0
    while not rescoring.is_updating(store) and (rows := scores.waiting(store, AT_ONCE)):
        with store.read() as reading:
            version = layers.active_version(reading)
        done = 0
        for block in _score(rows, scores.names(store), judgement, version):
            read, now = rows[done : done + len(block)], clock()
            if not scores.keep(store, judgement.ranking, block, read, now, version):
                break  # another version counts now
            done += len(block)
        kept += done
    return kept


def _score(
    rows: list[dict[str, Any]], names: Sequence[str], judgement: Judgement, version: Version
) -> Iterator[list[bytes]]:
    if len(rows) <= BY_HAND and (score := _by_hand(judgement, version)):
        yield [json.dumps(score(row | {"names": names})).encode() + b"\n" for row in rows]
        return
    gathered: list[bytes] = []
    for block in workers.score(rows, names, layer=version.content):
        gathered += block
        if len(gathered) >= KEPT_AT_ONCE:
            yield gathered
            gathered = []
    if gathered:
        yield gathered


def _by_hand(judgement: Judgement, version: Version) -> Score | None:
    """The function that scores in this process; None when only the workers can."""
    if version.content is None:
        return judgement.score
    return judgement.under(version.content) if judgement.under else None
