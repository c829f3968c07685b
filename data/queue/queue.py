"""The reply queue: our brands' open and snoozed mentions, ranked by whole points with reasons, filtered and paged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from data.duplicates import duplicates
from data.folding import phrase
from data.models import Reason, Sentiment, Status
from data.queue.ranks import Ranking
from data.store.store import Connection

PAGE = 25
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class View:
    """The filters and the page of a queue listing. A field that is None does not filter."""

    status: Status = Status.OPEN
    brand: str | None = None
    source: str | None = None
    assignee: str | None = None  # "" stands for nobody
    sentiment: Sentiment | None = None
    text: str | None = None
    page: int = 1

    def bound(self, now: datetime) -> dict[str, Any]:
        """The values that the queue's SQL binds; `text` only when it is searched for."""
        values = {"brand": self.brand, "source": self.source, "assignee": self.assignee, "now": now}
        values["sentiment"] = self.sentiment.value if self.sentiment else None
        return values | ({"text": self.searched} if self.text else {})

    @property
    def searched(self) -> str | None:
        """What finds the text that is searched for, however it is typed; None where nothing is."""
        return phrase(self.text) if self.text else None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    mention_id: str
    points: int
    reasons: tuple[Reason, ...]
    status: Status
    brands: tuple[str, ...]
    source: str
    author: str | None
    excerpt: str
    rating: float | None
    label: Sentiment | None  # None: not judged
    published_at: datetime
    due_at: datetime
    assignee: str | None
    snoozed_until: datetime | None
    version: int
    alike: int = 0  # how many duplicates of it there are; they share its status
    # When it was published, edited since we closed it, or brought back; None: closed.
    waits_from: datetime | None = None
    edited: str | None = None  # why an edit opened it again


def page(store: Connection, ranking: Ranking, view: View, now: datetime, *, rows: int = PAGE) -> list[QueueRow]:
    """One page of open, snoozed or old mentions: most points first, then earliest due, then oldest; of the old ones the
    newest."""
    values = view.bound(now) | {"status": view.status.value, "rows": rows, "skipped": rows * (view.page - 1)}
    if view.status is Status.OLD:
        del values["now"]  # nobody waits for what is old
    found = store.rows(PAGES[view.status, bool(view.text)], **values)
    return [_row(row, ranking, now) for row in _with_edits(store, _with_alike(store, found))]


def _with_alike(store: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the number of duplicates of each, counted for this page only, so that it is not stored."""
    many = duplicates.count(store, [row["mention_id"] for row in rows])
    return [row | {"alike": many.get(row["mention_id"], 0)} for row in rows]


def _with_edits(store: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with why an edit opened each again, looked up for those only that do not wait since they were said."""
    ids = [row["mention_id"] for row in rows if row["waits_from"]]
    edited = {row["mention_id"]: row["edited"] for row in store.rows(EDITED, ids=ids)} if ids else {}
    return [row | {"edited": edited.get(row["mention_id"])} for row in rows]


def _row(row: dict[str, Any], ranking: Ranking, now: datetime) -> QueueRow:
    within = timedelta(hours=row.pop("reply_within_hours"))
    reasons = [Reason(why, points) for why, points in json.loads(row.pop("reasons"))]
    row["waits_from"] = row["waits_from"] or row["published_at"]
    status = Status(row["status"])
    waited = None if status is Status.OLD else ranking.waiting(row["waits_from"], within, now)
    row.update(
        reasons=tuple(reasons + ([waited] if waited else [])),
        status=status,
        label=row["label"] and Sentiment(row["label"]),
        brands=tuple(row["brands"]),
        excerpt=" ".join(row["excerpt"].split()),
    )
    return QueueRow(**row)


def count(store: Connection, view: View, me: str, now: datetime) -> dict[str, int]:
    """How many mentions each tab holds under the view's filters: open, mine, unassigned, snoozed, old. The view's
    assignee narrows only open, snoozed and old."""
    sql = SEARCHED_COUNTS if view.text else COUNTS
    return store.rows(sql, me=me, **view.bound(now))[0]


def resolved(store: Connection, view: View) -> list[QueueRow]:
    """One page of our brands' resolved mentions, latest first. They have no rank: points is 0 and reasons is empty."""
    values = view.bound(LONG_AGO)
    del values["now"]
    found = store.rows(RESOLVED, rows=PAGE, skipped=PAGE * (view.page - 1), **values | {"text": view.searched})
    found = _with_alike(store, found)
    for row in found:
        label = row["label"] and Sentiment(row["label"])
        row.update(status=Status.RESOLVED, label=label, brands=tuple(row["brands"]), reasons=())
    return [QueueRow(**row) for row in found]


def count_resolved(store: Connection, view: View) -> int:
    """How many resolved mentions pass the view's filters. It reads the whole log of actions; without filters
    `count_acted` is faster."""
    values = view.bound(LONG_AGO)
    del values["now"]
    return int(store.value(RESOLVED_COUNT, **values | {"text": view.searched}))


def count_acted(store: Connection) -> int:
    """How many mentions have actions and are neither open nor snoozed now."""
    return int(store.value(ACTED))


def count_strangers(store: Connection) -> int:
    """How many mentions have actions from imports but name none of our brands or have no score, so that no tab shows
    them. Only batches change this number, never a key press."""
    return int(store.value(ACTED)) - int(store.value(CLOSED))


def people(store: Connection) -> list[str]:
    """The names of everybody who acted or was assigned a mention, sorted; at most 200."""
    return [row["name"] for row in store.rows(PEOPLE)]


def sources(store: Connection) -> list[str]:
    """The sources of all stored mentions, sorted."""
    return [row["source"] for row in store.rows("SELECT DISTINCT source FROM mention ORDER BY source")]


# A snooze ends by itself: nothing has to run for a mention to come back on time.
NOW_STATUS = """
CASE
    WHEN status = 'open' THEN 'open'
    WHEN status = 'snoozed' AND snoozed_until > $now THEN 'snoozed'
    WHEN status = 'old' THEN 'old'
    ELSE 'open'
END
"""

# The steps of analysis.ranking.waiting; a test holds them together. `waited`: the wait as a part of the target.
WAITING = """
CASE
    WHEN waited < 0.25 THEN 0
    WHEN waited < 0.50 THEN 1
    WHEN waited < 0.75 THEN 2
    WHEN waited < 1 THEN 3
    ELSE 4 + CAST(floor(log2(waited) / 2) AS INTEGER)
END
"""

_FILTER = """
    ($brand IS NULL OR list_contains(brands, $brand))
    AND ($source IS NULL OR source = $source)
    AND ($sentiment IS NULL OR label = $sentiment)
"""

_GIVEN_TO = "($assignee IS NULL OR coalesce(assignee, '') = $assignee)"

_SAID = """
    AND mention_id IN (
        SELECT id
        FROM mention
        WHERE regexp_matches(text, $text) OR regexp_matches(coalesce(title, ''), $text)
            OR regexp_matches(coalesce(author, ''), $text)
    )
"""

_PAGE = """
SELECT
    mention_id, points + {waiting} AS points, reasons, $status AS status, brands, source, author, excerpt, rating,
    label, published_at, reply_within_hours, due_at, assignee, snoozed_until, version, waits_from
FROM (
    SELECT *, {waited} AS waited
    FROM queue
) AS waiting
WHERE {stands} AND {given_to} AND {filter}
ORDER BY points + {waiting} DESC, {next}, mention_id
LIMIT $rows OFFSET $skipped
"""

_COUNTS = """
SELECT
    count(*) FILTER (WHERE now_status = 'open' AND {given_to}) AS open,
    count(*) FILTER (WHERE now_status = 'open' AND assignee = $me) AS mine,
    count(*) FILTER (WHERE now_status = 'open' AND assignee IS NULL) AS unassigned,
    count(*) FILTER (WHERE now_status = 'snoozed' AND {given_to}) AS snoozed,
    count(*) FILTER (WHERE now_status = 'old' AND {given_to}) AS old
FROM (SELECT {status} AS now_status, assignee FROM queue WHERE {filter})
"""

_PARTS = {"waiting": WAITING, "status": NOW_STATUS, "given_to": _GIVEN_TO}
_WAITED = "(epoch_us($now) - epoch_us(coalesce(waits_from, published_at))) / (3.6e9 * reply_within_hours)"
_NEXT = "due_at, published_at"  # of equal points
_TABS = {  # what stands in a tab, as NOW_STATUS has it; how long it has waited; which of equal points comes first
    Status.OPEN: ("(status = 'open' OR status = 'snoozed' AND (snoozed_until > $now) IS NOT TRUE)", _WAITED, _NEXT),
    Status.SNOOZED: ("(status = 'snoozed' AND snoozed_until > $now)", _WAITED, _NEXT),
    Status.OLD: ("status = 'old'", "0", "published_at DESC"),
}
PAGES = {
    (status, is_searched): _PAGE.format(
        **_PARTS, stands=stands, waited=waited, next=following, filter=_FILTER + (_SAID if is_searched else "")
    )
    for status, (stands, waited, following) in _TABS.items()
    for is_searched in (False, True)
}
PAGE_OF_QUEUE = PAGES[Status.OPEN, False]
EDITED = """
SELECT mention_id, json_extract_string(told, '$.edited') AS edited FROM queue WHERE list_contains($ids, mention_id)
"""
COUNTS = _COUNTS.format(**_PARTS, filter=_FILTER)
SEARCHED_COUNTS = _COUNTS.format(**_PARTS, filter=_FILTER + _SAID)

PEOPLE = """
SELECT DISTINCT name
FROM (
    SELECT assignee AS name FROM action
    UNION ALL
    SELECT actor FROM action WHERE kind <> 'reply' AND actor <> 'system' -- an imported reply's actor is the brand
)
WHERE name IS NOT NULL
ORDER BY name
LIMIT 200
"""

# Closed: acted on, and neither open nor snoozed. Read from the log of the past, so it costs more than the open page.
_CLOSED = """
    SELECT
        mention_id, max(happened_at) AS happened_at, max(version) AS version,
        arg_max(coalesce(assignee, ''), version) FILTER (
            WHERE kind = 'assign' AND id NOT IN (SELECT undoes FROM action WHERE undoes IS NOT NULL)
        ) AS given_to -- "" and NULL: nobody
    FROM action
    WHERE mention_id NOT IN (SELECT mention_id FROM queue UNION ALL SELECT mention_id FROM own_post)
        AND mention_id IN (
            SELECT match.mention_id
            FROM match
            JOIN brand ON brand.name = match.brand
            JOIN score ON score.mention_id = match.mention_id
            WHERE NOT brand.competitor
        )
    GROUP BY mention_id
"""

# The log holds each mention's first action once; the queue knows which of its own were acted on.
ACTED = """
SELECT
    (SELECT count(*) FROM action WHERE version = 1) - (SELECT count(*) FROM queue WHERE version > 0)
"""

CLOSED = f"SELECT count(*) FROM ({_CLOSED})"

_RESOLVED = f"""
WITH closed AS ({_CLOSED}),
seen AS (
    SELECT
        mention_id, list_sort(list(brand)) AS brands, any_value(sentiment) AS label, any_value(source) AS source
    FROM judged
    WHERE NOT competitor AND mention_id IN (SELECT mention_id FROM closed)
    GROUP BY mention_id
)
SELECT {{columns}}
FROM closed
JOIN seen ON seen.mention_id = closed.mention_id
JOIN mention ON mention.id = closed.mention_id
LEFT JOIN expired ON expired.mention_id = mention.id
WHERE ($brand IS NULL OR list_contains(seen.brands, $brand))
    AND ($source IS NULL OR seen.source = $source)
    AND ($sentiment IS NULL OR seen.label = $sentiment)
    AND ($assignee IS NULL OR coalesce(closed.given_to, '') = $assignee)
    AND ($text IS NULL OR regexp_matches(mention.text, $text)
        OR regexp_matches(coalesce(mention.title, ''), $text)
        OR regexp_matches(coalesce(mention.author, ''), $text))
"""

RESOLVED_COUNT = _RESOLVED.format(columns="count(*)")

_SHOWN = """
    closed.mention_id, 0 AS points, seen.brands, seen.source, mention.author,
    coalesce(expired.notice, left(coalesce(mention.title || ': ', '') || mention.text, 240)) AS excerpt,
    mention.rating, seen.label,
    mention.published_at, closed.happened_at AS due_at, nullif(closed.given_to, '') AS assignee, NULL AS snoozed_until,
    closed.version
"""

RESOLVED = f"""
{_RESOLVED.format(columns=_SHOWN)}
ORDER BY closed.happened_at DESC, closed.mention_id
LIMIT $rows OFFSET $skipped
"""
