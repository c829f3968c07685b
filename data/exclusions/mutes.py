"""Mutes: authors, communities and threads whose mentions are stored and counted but not shown in the queue."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.duplicates import duplicates
from data.models import HearbackError, Mention
from data.people.rights import Actor, Verb
from data.queue import ranks
from data.queue.ranks import Ranking
from data.store.store import Connection, Store

AUTHOR, COMMUNITY, THREAD = "author", "community", "thread"


@dataclass(frozen=True, slots=True)
class Target:
    """What can be muted: an author on a source, a community by the name that says where it is ("r/cars",
    "blog.example.com"), a thread by its id."""

    kind: str
    name: str
    source: str | None = None


def targets(store: Connection, mention: Mention) -> list[Target]:
    """What could be muted so that a mention leaves the queue: its author, its community, its thread, as far as they
    are known."""
    community = store.value(WHERE_SAID, source=mention.source, url=mention.url)
    offered = (
        (AUTHOR, mention.author, mention.source),
        (COMMUNITY, community, None),
        (THREAD, mention.thread_id, mention.source),
    )
    return [Target(kind, name, source) for kind, name, source in offered if name]


def mute(store: Store, ranking: Ranking, target: Target, by: Actor, now: datetime) -> str:
    """Keep what a target says out of the queue from now on; return the mute's id. An active
    mute of the same target is returned instead of a second one. Forbidden."""
    by.insist(Verb.MUTE)
    values: dict[str, Any] = {"kind": target.kind, "source": target.source, "name": target.name}
    with store.write() as transaction:
        known: str | None = transaction.value(ACTIVE, **values)
        if known:
            return known
        mute_id = uuid.uuid4().hex
        transaction.run(INSERT, id=mute_id, by=by.name, now=now, **values)
        transaction.run(FIND_ALL, id=mute_id)
        duplicates.leave(transaction, KEPT_BY, id=mute_id)
        ranks.rebuild(transaction, ranking, AND_CANONICALS, id=mute_id)
    return mute_id


def lift(store: Store, ranking: Ranking, mute_id: str, by: Actor, now: datetime) -> None:
    """Lift a mute; its mentions return to the queue with the status they had. HearbackError when it is lifted
    already, Forbidden."""
    by.insist(Verb.MUTE)
    with store.write() as transaction:
        if not transaction.value("SELECT count(*) FROM mute WHERE id = $id AND lifted_at IS NULL", id=mute_id):
            raise HearbackError("That was taken back already.")
        transaction.run(
            "UPDATE mute SET lifted_by = $by, lifted_at = $now WHERE id = $id", id=mute_id, by=by.name, now=now
        )
        freed = transaction.run(KEPT_BY, id=mute_id).to_arrow_table()
        transaction.run("DELETE FROM muted WHERE mute_id = $id", id=mute_id)
        with transaction.given("freed", freed):
            duplicates.find_among(transaction, "SELECT mention_id FROM freed")
            ranks.rebuild(transaction, ranking, "SELECT mention_id FROM freed")


def find_in_batch(store: Connection) -> None:
    """Add the mentions in `arrived` that a mute matches to `muted`."""
    if store.value("SELECT count(*) FROM mute WHERE lifted_at IS NULL"):
        store.run(FIND_ARRIVED)


def active(store: Connection) -> list[dict[str, Any]]:
    """The mutes that are not lifted, the latest first: id, kind, source, name, muted_by, muted_at, and `kept`: how many
    mentions each keeps out."""
    return store.rows(LISTED)


# Where a mention was said, as far as its address tells: the subreddit; on feeds, forums and servers the site.
COMMUNITY_OF = """
CASE
    WHEN regexp_matches(lower(url), '^https?://([a-z]+\\.)?reddit\\.com/r/[^/?#]+')
        THEN 'r/' || regexp_extract(lower(url), 'reddit\\.com/r/([^/?#]+)', 1)
    WHEN source IN ('rss', 'mastodon', 'stackexchange', 'product_page')
        THEN nullif(regexp_replace(regexp_extract(lower(url), '^https?://([^/:?#]+)', 1), '^www\\.', ''), '')
END
"""

WHERE_SAID = f"SELECT {COMMUNITY_OF} FROM (SELECT CAST($source AS VARCHAR) AS source, CAST($url AS VARCHAR) AS url)"

ACTIVE = """
SELECT id
FROM mute
WHERE kind = $kind AND source IS NOT DISTINCT FROM $source AND lifted_at IS NULL
    AND CASE WHEN kind = 'thread' THEN name = $name ELSE lower(name) = lower($name) END
"""

INSERT = "INSERT INTO mute VALUES ($id, $kind, $source, $name, $by, $now, NULL, NULL)"

_FIND = """
INSERT INTO muted
SELECT said.id, mute.id
FROM (SELECT id, source, author, thread_id, {community} AS community FROM {said}) AS said
JOIN mute ON
    CASE mute.kind
        WHEN 'author' THEN mute.source = said.source AND lower(mute.name) = lower(said.author)
        WHEN 'thread' THEN mute.source = said.source AND mute.name IN (said.thread_id, said.id)
        ELSE mute.name = said.community
    END
WHERE mute.lifted_at IS NULL AND {which}
    AND (said.id, mute.id) NOT IN (SELECT (mention_id, mute_id) FROM muted)
"""
FIND_ALL = _FIND.format(community=COMMUNITY_OF, said="mention", which="mute.id = $id")
FIND_ARRIVED = _FIND.format(
    community=COMMUNITY_OF, said="fresh WHERE line IN (SELECT line FROM arrived WHERE is_current)", which="TRUE"
)

KEPT_BY = "SELECT mention_id FROM muted WHERE mute_id = $id"
AND_CANONICALS = "SELECT mention_id FROM muted WHERE mute_id = $id UNION SELECT mention_id FROM canonical"

LISTED = """
SELECT mute.id, mute.kind, mute.source, mute.name, mute.muted_by, mute.muted_at, count(muted.mention_id) AS kept
FROM mute
LEFT JOIN muted ON muted.mute_id = mute.id
WHERE mute.lifted_at IS NULL
GROUP BY ALL
ORDER BY mute.muted_at DESC, mute.id
"""
