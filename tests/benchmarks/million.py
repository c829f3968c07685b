"""The large store: a million mentions in the normal tables, put there by SQL, with all that people would have done."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pyarrow

from data.brands import brands
from data.models import Brand, Case, Sentiment
from data.scores.scorer import Judgement
from data.store.store import Connection, Store
from tests.benchmarks.texts import SEED, Said

DIFFERENT = 20_000  # texts that are really judged; each mention adds its own number to one of them


def build(file: Path, listed: Sequence[Brand], said: Sequence[Said], judgement: Judgement, count: int) -> None:
    """Write a store of `count` mentions. Three in ten name the competitor only; of ours four in ten were answered
    before they came in, two were resolved here, one is open: a few of those snoozed, assigned or with a note."""
    store = Store(file)
    with store.write() as transaction:
        brands.put(transaction, list(listed))
        with transaction.given("base", _judged(said, listed, judgement)):
            _fill(transaction, listed, count)
    with store.prepare() as connection:
        connection.run("CHECKPOINT")
    store.close()


def _fill(store: Connection, listed: Sequence[Brand], count: int) -> None:
    ours = [brand.name for brand in listed if not brand.competitor]
    theirs = [brand.name for brand in listed if brand.competitor]
    store.run(PLAN, count=count, different=store.value("SELECT count(*) FROM base"))
    for sql in (MENTIONS, SCORES, ACTIONS):
        store.run(sql)
    store.run(MATCHES, ours=ours, theirs=theirs)
    store.run(QUEUE)
    store.run("INSERT INTO batch SELECT 'made', 'made', count(*), count(*), now() FROM mention")
    store.run("DROP TABLE plan")


def _judged(said: Sequence[Said], listed: Sequence[Brand], judgement: Judgement) -> pyarrow.Table:
    names = [term for brand in listed for term in brand.terms]
    chosen = random.Random(SEED).sample(said, min(DIFFERENT, len(said)))
    return pyarrow.Table.from_pylist(
        [_base(number, one, names, judgement) for number, one in enumerate(chosen)], schema=BASE
    )


def _base(number: int, said: Said, names: Sequence[str], judgement: Judgement) -> dict[str, object]:
    score = judgement.score(
        {"id": str(number), "text": said.text, "title": None, "rating": said.rating, "names": names}
    )
    label = Sentiment(score["label"]) if score["label"] else None
    case = Case(label, said.rating, frozenset(score["cues"]), nth_complaint=int(label is Sentiment.NEGATIVE))
    reasons = [[reason.why, reason.points] for reason in judgement.ranking.rank(case)]
    return {
        "number": number,
        "text": said.text,
        "rating": said.rating,
        **{name: score[name] for name in ("scorer", "compound", "rests_on")},
        "label": label and label.value,
        "words": json.dumps(score["words"]),
        "cues": json.dumps(score["cues"]),
        "points": sum(points for _, points in reasons),
        "reasons": json.dumps(reasons),
        "told": json.dumps(asdict(case) | {"cues": sorted(case.cues)}),
    }


BASE = pyarrow.schema(
    [
        ("number", pyarrow.int32()),
        ("text", pyarrow.string()),
        ("rating", pyarrow.float64()),
        ("scorer", pyarrow.string()),
        ("compound", pyarrow.float64()),
        ("rests_on", pyarrow.string()),
        ("label", pyarrow.string()),
        ("words", pyarrow.string()),
        ("cues", pyarrow.string()),
        ("points", pyarrow.int32()),
        ("reasons", pyarrow.string()),
        ("told", pyarrow.string()),
    ]
)

# Two years of mentions, evenly; what is open is mostly of the last weeks. `fate` decides what became of each.
PLAN = """
CREATE TEMP TABLE plan AS
SELECT
    n,
    CASE WHEN n % 3 = 0 THEN 'google_play:' ELSE 'reddit:t1_' END || left(md5(CAST(n AS VARCHAR)), 12) AS id,
    CASE WHEN n % 3 = 0 THEN 'google_play' ELSE 'reddit' END AS source,
    CASE WHEN n % 3 = 0 THEN 'review' ELSE 'comment' END AS kind,
    'somebody ' || (hash(n) % ($count // 4 + 1)) AS author,
    now() - to_seconds(($count - n) * 63072000.0 / $count + 60) AS published_at,
    CASE
        WHEN hash(n + 1) % 10 < 3 THEN 'competitor'
        WHEN n >= $count * 0.8 AND hash(n + 2) % 14 < 10 OR hash(n + 2) % 1000 < 1 THEN 'open'
        WHEN hash(n + 3) % 3 < 2 THEN 'answered'
        ELSE 'resolved'
    END AS fate,
    base.* EXCLUDE (number, text),
    base.text || ' ' || n AS text
FROM (SELECT range AS n, hash(range) % $different AS chosen FROM range($count)) AS place
JOIN base ON base.number = place.chosen
ORDER BY n
"""

MENTIONS = """
INSERT INTO mention
SELECT
    id, source, kind, author, NULL, NULL, NULL, text, 'https://example.com/' || n, rating, n % 50, NULL, NULL, NULL,
    published_at, NULL, published_at + INTERVAL 1 MINUTE
FROM plan
"""

SCORES = """
INSERT INTO score (
    mention_id, scorer, label, compound, rests_on, words, cues, scored_at, layer, corrections
)
SELECT id, scorer, label, compound, rests_on, words, cues, published_at + INTERVAL 2 MINUTES, 0, 0
FROM plan
"""

MATCHES = """
INSERT INTO match
SELECT
    id,
    CASE WHEN fate = 'competitor' THEN $theirs[1 + n % len($theirs)] ELSE $ours[1 + n % len($ours)] END,
    CASE WHEN n % 3 = 0 THEN 'source' ELSE 'terms' END
FROM plan
"""

ACTIONS = """
INSERT INTO action
SELECT
    id || '/reply/' || md5(id), id, 1, 'reply', 'the brand', published_at + to_minutes(n % 900), published_at,
    'We are sorry to hear that, please write to us so that we can look into it. ' || n, NULL, NULL, NULL, NULL
FROM plan
WHERE fate = 'answered'
UNION ALL
SELECT
    md5(id), id, 1, 'resolve', 'worker ' || n % 12, published_at + to_minutes(n % 900), published_at,
    NULL, NULL, NULL, NULL, NULL
FROM plan
WHERE fate = 'resolved'
UNION ALL
SELECT
    md5(id), id, 1, CASE WHEN n % 60 = 0 THEN 'snooze' ELSE 'assign' END, 'worker ' || n % 12,
    published_at + to_minutes(n % 900), published_at, NULL,
    CASE WHEN n % 60 = 0 THEN NULL ELSE 'worker ' || n % 7 END,
    CASE WHEN n % 60 = 0 THEN now() + INTERVAL 2 DAYS END, NULL, NULL
FROM plan
WHERE fate = 'open' AND n % 10 = 0
"""

QUEUE = """
INSERT INTO queue
SELECT
    plan.id,
    CASE WHEN action.kind = 'snooze' THEN 'snoozed' ELSE 'open' END,
    [match.brand], plan.source, plan.author, left(plan.text, 240), plan.rating, plan.label, plan.points, plan.reasons,
    plan.published_at, brand.reply_within_hours,
    plan.published_at + to_microseconds(CAST(brand.reply_within_hours * 3.6e9 AS BIGINT)),
    action.assignee, action.until_at, coalesce(action.version, 0), plan.told, NULL
FROM plan
JOIN match ON match.mention_id = plan.id
JOIN brand ON brand.name = match.brand
LEFT JOIN action ON action.mention_id = plan.id
WHERE plan.fate = 'open'
ORDER BY plan.n
"""
