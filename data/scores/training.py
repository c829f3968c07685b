"""Trains candidate layers on corrections, in a process of its own, and counts what each would change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import orjson

from data.cli import USERS_ERROR
from data.clock import Clock, now_in_utc
from data.models import HearbackError
from data.people.rights import Actor, Verb
from data.scores import layers, scores, workers
from data.scores.layers import OURSELVES, Layer
from data.settings import ROOT
from data.store.store import Connection, Store

FIRST = 50  # corrections, from which on the first training is due
STEP = 10  # new ones, after which another training is due
TRIED = 2_000  # stored mentions on which a candidate is tried out
SHOWN = 5  # examples of each way a label would change
WORKER = (sys.executable, "-m", "analysis", "learn")
LONGEST = 600.0  # seconds a worker is given

Lexicon = Mapping[str, str]  # word -> sentiment


@dataclass(frozen=True, slots=True)
class Counts:
    """How many mentions were corrected, and how many of them are usable for training: not edited since, not expired."""

    corrected: int
    usable: int


class Trainer:
    """Trains a candidate layer when there are enough new corrections or somebody requests it. It never activates
    one."""

    def __init__(self, store: Store, scorer: str, clock: Clock = now_in_utc) -> None:
        self._store = store
        self._scorer = scorer
        self._clock = clock
        self._request: tuple[str, Lexicon] | None = None
        self._changes_seen: tuple[int, ...] = ()
        self.trouble = ""  # why the latest learning came to nothing

    def ask(self, by: Actor, lexicon: Lexicon) -> None:
        """Request a training with these words added to the active lexicon; `go_on` does it in the background.
        Forbidden."""
        by.insist(Verb.TRAIN)
        self._request = by.name, lexicon

    @property
    def is_asked(self) -> bool:
        """Whether a requested training is not done yet."""
        return self._request is not None

    def go_on(self) -> int | None:
        """Train a candidate if one is due or requested; return its version, None when none was. HearbackError when the
        worker fails."""
        request = self._request
        if request is None and not self._is_due():
            return None
        try:
            number = self._learn(*(request or (OURSELVES, {})))
            self.trouble = ""
            return number
        except HearbackError as trouble:
            self.trouble = str(trouble)
            raise
        finally:
            if self._request is request:
                self._request = None

    def _is_due(self) -> bool:
        changes = tuple(self._store.changes[table] for table in ("correction", "layer", "expired"))
        if changes == self._changes_seen:
            return False
        self._changes_seen = changes
        with self._store.read() as reading:
            usable = count(reading).usable
            known = reading.value(LATEST_KNEW, scorer=self._scorer)
        # A layer must not keep what was erased: fewer corrections than before are a reason to train, too.
        return usable >= FIRST and (known is None or usable < known or usable >= known + STEP)

    def _learn(self, who: str, lexicon: Lexicon) -> int:
        with self._store.read() as reading:
            rows = training_corrections(reading)
            active_lexicon = _lexicon(layers.active_version(reading).content)
        wanted = {word: sentiment for word, sentiment in ({**active_lexicon, **lexicon}).items() if sentiment}
        names = scores.names(self._store)
        learned = _learned([{**row, "names": names} for row in rows], wanted)
        content = json.dumps(learned.pop("layer"))
        figures = {**learned, **try_out(self._store, content, names), "lexicon": wanted}
        layer = Layer(0, self._scorer, who, self._clock(), len(rows), figures)
        return layers.keep(self._store, layer, content)


def count(store: Connection) -> Counts:
    """How many corrections are stored and usable."""
    return Counts(**store.rows(COUNTS)[0])


def training_corrections(store: Connection) -> list[dict[str, Any]]:
    """Every correction that is usable for training: id, title, text, rating, sentiment, needs_reply."""
    return store.rows(TRAINING_CORRECTIONS)


def _lexicon(content: str | None) -> Lexicon:
    return dict(json.loads(content).get("lexicon") or {}) if content else {}


def _learned(rows: Sequence[Mapping[str, Any]], lexicon: Lexicon) -> dict[str, Any]:
    """The output of a worker process that trains on the corrections: layer, held_out, words."""
    told = b"\n".join([orjson.dumps({"lexicon": lexicon}), *map(orjson.dumps, rows), b""])
    done = subprocess.run(
        WORKER, cwd=ROOT, env=os.environ | workers.ALONE, input=told, capture_output=True, check=False, timeout=LONGEST
    )
    if done.returncode != 0:
        raise HearbackError(f"Learning from corrections ended early: {_why(done.returncode, done.stderr)}")
    learned: dict[str, Any] = orjson.loads(done.stdout)
    return learned


def _why(code: int, told: bytes) -> str:
    """Why the worker ended: its sentence; of a fault only the type, for its text may quote a mention."""
    said = told.decode(errors="replace").strip().splitlines()
    if not said:
        return f"code {code}"
    return said[-1] if code == USERS_ERROR else ":".join(said[-1].split(":")[:2])


def try_out(store: Store, content: str, names: Sequence[str]) -> dict[str, Any]:
    """What a candidate would change among stored mentions that nobody corrected: `tried` of `stored` mentions,
    `changes` (counts by "old label > new label"), up to SHOWN `examples` of each, and `replies` (more and fewer that
    need one)."""
    with store.read() as reading:
        rows = reading.rows(SAMPLE, wanted=TRIED)
        stored = int(reading.value("SELECT count(*) FROM score"))
    inputs = [{name: row[name] for name in ("id", "title", "text", "rating")} for row in rows]
    lines = chain.from_iterable(workers.score(inputs, names, layer=content))
    changes: dict[str, list[str]] = {}
    replies = {"more": 0, "fewer": 0}
    for row, line in zip(rows, map(orjson.loads, lines), strict=True):
        if line["label"] != row["label"]:
            changes.setdefault(f"{row['label']} > {line['label']}", []).append(row["id"])
        before, after = _needed(row["needs_reply"]), _needed(line.get("needs_reply"))
        replies["more"] += after and not before
        replies["fewer"] += before and not after
    return {
        "stored": stored,
        "tried": len(rows),
        "changes": {way: len(ids) for way, ids in changes.items()},
        "examples": {way: ids[:SHOWN] for way, ids in changes.items()},
        "replies": replies,
    }


def _needed(likely: float | None) -> bool:
    return (likely or 0.0) >= 0.5


def examples(store: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The first 160 characters of these mentions, by id; mentions that are not stored any more are left out."""
    return {row["id"]: row["excerpt"] for row in store.rows(EXCERPTS, ids=list(ids))}


_USABLE = "edited_at IS NULL AND NOT starts_with(mention_id, 'sample:')"

COUNTS = f"""
SELECT count(DISTINCT mention_id) AS corrected, count(DISTINCT CASE WHEN is_usable THEN mention_id END) AS usable
FROM (
    SELECT mention_id, {_USABLE} AND mention_id NOT IN (SELECT mention_id FROM expired) AS is_usable
    FROM correction
    WHERE NOT starts_with(mention_id, 'sample:')
)
"""

TRAINING_CORRECTIONS = f"""
SELECT mention.id, mention.title, mention.text, mention.rating, told.sentiment, told.needs_reply
FROM (
    SELECT mention_id, arg_max(sentiment, version) AS sentiment, arg_max(needs_reply, version) AS needs_reply
    FROM correction
    WHERE {_USABLE}
    GROUP BY mention_id
) AS told
JOIN mention ON mention.id = told.mention_id
WHERE mention.id NOT IN (SELECT mention_id FROM expired)
ORDER BY mention.id
"""

LATEST_KNEW = "SELECT arg_max(corrections, version) FROM layer WHERE scorer = $scorer"

# By a hash of the id: the same mentions for every candidate, as far as they are still there.
SAMPLE = """
SELECT mention.id, mention.title, mention.text, mention.rating, chosen.label, chosen.needs_reply
FROM (
    SELECT mention_id, label, needs_reply
    FROM score
    WHERE mention_id NOT IN (SELECT mention_id FROM correction)
        AND mention_id NOT IN (SELECT mention_id FROM expired)
    ORDER BY hash(mention_id)
    LIMIT $wanted
) AS chosen
JOIN mention ON mention.id = chosen.mention_id
ORDER BY mention.id
"""

EXCERPTS = """
SELECT id, left(coalesce(title || ': ', '') || text, 160) AS excerpt
FROM mention
WHERE list_contains($ids, id) AND id NOT IN (SELECT mention_id FROM expired)
"""
