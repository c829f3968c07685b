"""What the data room's tests are built from: mentions, actions, a ranking and a scorer of a few lines, and a room."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from data.ingest import absorber
from data.ingest.batch import Absorbed
from data.models import Action, ActionKind, Answer, Brand, Case, Found, Mention, Reason, Sentiment
from data.people.rights import lead
from data.queue import queue, triage
from data.scores import scorer
from data.scores.scorer import Judgement
from data.settings import Places
from data.setup import save_brands
from data.spool.batches import drop
from data.store.store import Store

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACME = Brand("Acme", terms=("acme",))
BOLT = Brand("Bolt", terms=("bolt",))
RIVAL = Brand("Rival", terms=("rival",), competitor=True)


def mention(n: int = 1, **what_matters: Any) -> Mention:
    """The n-th mention: of Acme, neutral, an n-th minute older than noon, unless it says otherwise."""
    plain = Mention(
        id=f"test:{n}",
        source="test",
        kind="post",
        text=f"acme number {n}",
        published_at=NOON - n * timedelta(minutes=1),
        author=f"author {n}",
    )
    return replace(plain, **what_matters)


def found(n: int = 1, brands: Sequence[str] = (), **what_matters: Any) -> Found:
    """The n-th mention on its way in."""
    return Found(mention(n, **what_matters), tuple(brands))


def answer(n: int = 1, text: str = "sorry about that", after: timedelta = HOUR, author: str | None = None) -> Answer:
    """The brand's own reply to the n-th mention."""
    return Answer(f"test:{n}", text, mention(n).published_at + after, author)


def action(kind: ActionKind | str, n: int = 1, actor: str = "ana", at: datetime = NOON, **what_matters: Any) -> Action:
    """What `actor` does to the n-th mention."""
    return Action("", f"test:{n}", ActionKind(kind), actor, at, **what_matters)


def row(n: int = 1, **what_matters: Any) -> dict[str, Any]:
    """The n-th mention as a line of a batch."""
    plain = {
        "id": f"test:{n}",
        "source": "test",
        "kind": "post",
        "text": f"acme number {n}",
        "published_at": (NOON - n * timedelta(minutes=1)).isoformat(),
    }
    return {name: value for name, value in (plain | what_matters).items() if value is not ...}


def lines(*rows: object) -> bytes:
    """Rows as the bytes of a batch."""
    return "".join(f"{json.dumps(one)}\n" for one in rows).encode()


class FewRules:
    """A ranking that fits on a screen: negative 3, one star 5, a cue 1, a further complaint 2; waiting adds nothing."""

    def rank(self, case: Case) -> tuple[Reason, ...]:
        reasons = [Reason("negative", 3)] if case.label is Sentiment.NEGATIVE else []
        if case.rating is not None and case.rating < 2:
            reasons.append(Reason("1 star", 5))
        if case.nth_complaint > 1:
            reasons.append(Reason(f"complaint {case.nth_complaint}", 2))
        return (*reasons, *(Reason(cue, 1) for cue in sorted(case.cues)))

    def waiting(self, published_at: datetime, reply_within: timedelta, now: datetime) -> Reason | None:
        return None


def score_line(line: dict[str, Any]) -> dict[str, Any]:
    """A scorer that knows three words: "bad", "good" and "how", which is a question."""
    words = line["text"].lower().split()
    label = "negative" if "bad" in words else "positive" if "good" in words else "neutral"
    return {
        "mention_id": line["id"],
        "scorer": "three-words",
        "label": label,
        "compound": {"negative": -0.5, "positive": 0.5, "neutral": 0.0}[label],
        "rests_on": "words",
        "words": [["bad", -0.5]] if label == "negative" else [],
        "cues": {"question": ["how"]} if "how" in words else {},
    }


RANKING = FewRules()
JUDGEMENT = Judgement(RANKING, score_line)


@dataclass(frozen=True)
class Room:
    """A store with its folder, and everything a test does to them in one word."""

    places: Places
    store: Store
    clock: Callable[[], datetime] = lambda: NOON  # when what it takes in is taken in

    def listen_for(self, *brands: Brand) -> None:
        """Write these brands into setup.toml and let the store follow."""
        save_brands(self.places.setup, brands)
        self.absorb()

    def drop(self, *arriving: Found, at: datetime = NOON, **more: Any) -> Path:
        """Write one batch."""
        return drop(self.places.incoming, "test", at, found=arriving, **more)

    def lay(self, content: bytes, name: str = "test-20261120T110000000000-00000aaaaaa.jsonl") -> Path:
        """Write one batch of these very bytes."""
        self.places.incoming.mkdir(parents=True, exist_ok=True)
        batch = self.places.incoming / name
        batch.write_bytes(content)
        return batch

    def take_in(self) -> list[Absorbed]:
        """Take in whatever waits, and leave it unscored."""
        return list(absorber.absorb_waiting(self.store, JUDGEMENT, self.places, self.clock))

    def absorb(self) -> list[Absorbed]:
        """Take in and score whatever waits."""
        done = self.take_in()
        scorer.score_waiting(self.store, JUDGEMENT, self.clock)
        return done

    def take(self, *arriving: Found, **more: Any) -> Absorbed:
        """Write one batch, take it in and score it."""
        self.drop(*arriving, **more)
        [done] = self.absorb()
        return done

    def record(self, done: Action, seen: int | None = None) -> Action:
        """Write one action."""
        return triage.record(self.store, RANKING, done, seen, lead(done.actor))

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """What the store answers."""
        with self.store.read() as connection:
            return connection.rows(sql, **values)

    def value(self, sql: str, **values: Any) -> Any:
        """The first column of the first row."""
        with self.store.read() as connection:
            return connection.value(sql, **values)

    def ids(self, table: str = "mention", column: str = "id") -> list[str]:
        """The ids in a table, sorted, with their repeats."""
        return [one["id"] for one in self.rows(f"SELECT {column} AS id FROM {table} ORDER BY ALL")]

    def page(self, now: datetime = NOON, **view: Any) -> list[queue.QueueRow]:
        """One page of the queue."""
        with self.store.read() as connection:
            return queue.page(connection, RANKING, queue.View(**view), now)

    def open(self, now: datetime = NOON, **view: Any) -> list[str]:
        """The ids on one page of the queue."""
        return [one.mention_id for one in self.page(now, **view)]

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """Everything that is kept but the moments it was written at and the record of batches."""
        moments = {"mention": "collected_at", "score": "scored_at", "action": "recorded_at", "rejected": "rejected_at"}
        kept = (
            "brand",
            "mention",
            "match",
            "score",
            "unscored",
            "action",
            "queue",
            "run",
            "rejected",
            "correction",
            "blind",
            "layer",
            "applied",
        )
        return {
            table: self.rows(f"SELECT * EXCLUDE ({moments[table]}) FROM {table} ORDER BY ALL")
            if table in moments
            else self.rows(f"SELECT * FROM {table} ORDER BY ALL")
            for table in kept
        }


def numbers(ids: Iterable[str]) -> list[int]:
    """The n of each id."""
    return [int(one.partition(":")[2]) for one in ids]
