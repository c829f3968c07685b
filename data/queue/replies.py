"""Approved replies: makes one from a person's words and a stored mention, and keeps the outcome of each delivery."""

from __future__ import annotations

import re
import uuid
from datetime import datetime
from typing import Any

from data.models import ApprovedReply, HearbackError
from data.people.rights import Actor, Verb
from data.store.store import Connection

LONGEST = 10_000  # characters; each source has a limit of its own below this
HANDLE = re.compile(r"(?<![\w@])@([\w.\-]+(?:@[\w.\-]+\w)?)")


def approve(store: Connection, mention_id: str, text: str, by: Actor, now: datetime) -> ApprovedReply:
    """An approved reply to a stored mention, with what its source needs to know of the mention. HearbackError when
    there is no such mention, `text` or the name is blank, the text is longer than LONGEST characters, or the same words
    were sent to it before. Forbidden."""
    by.insist(Verb.APPROVE)
    said, who = text.strip(), " ".join(by.name.split())
    if not said or not who:
        raise HearbackError("An answer needs its words and the name of who approves them.")
    if len(said) > LONGEST:
        raise HearbackError(f"The answer has {len(said):,} characters; no source takes more than {LONGEST:,}.")
    found = store.rows(MENTION, id=mention_id)
    if not found:
        raise HearbackError(f"There is no mention {mention_id!r}; python -m data queue shows what is open.")
    if store.value(SAID_BEFORE, id=mention_id, text=said):
        raise HearbackError(f"These very words were sent to {mention_id} before.")
    return _approved(found[0], said, who, now)


def _approved(mention: dict[str, Any], text: str, by: str, now: datetime) -> ApprovedReply:
    words = f"{mention['title'] or ''} {mention['text']}"
    return ApprovedReply(
        id=uuid.uuid4().hex[:12],
        mention_id=mention["id"],
        text=text,
        approved_by=by,
        approved_at=now,
        author=mention["author"],
        url=mention["url"],
        thread_id=mention["thread_id"],
        parent_id=mention["parent_id"],
        kind=mention["kind"],
        named=tuple(dict.fromkeys(handle.lower() for handle in HANDLE.findall(words))),
    )


def of_mention(store: Connection, mention_id: str) -> list[dict[str, Any]]:
    """Every delivery of a reply to a mention, first to last: approved_reply_id, state, happened_at, approved_by,
    reply_id, url, why."""
    return store.rows(DELIVERIES, id=mention_id)


def take(store: Connection) -> None:
    """Insert the deliveries of the batch in `fresh` into their table, each outcome once."""
    if store.value("SELECT count(delivery) FROM fresh"):
        store.run(INSERT)


INSERT = """
INSERT INTO delivery
SELECT DISTINCT
    delivery ->> 'letter_id' AS approved_reply_id, delivery ->> 'mention_id' AS mention_id,
    delivery ->> 'state' AS state, CAST(delivery ->> 'happened_at' AS TIMESTAMPTZ) AS happened_at,
    delivery ->> 'approved_by' AS approved_by, delivery ->> 'reply_id' AS reply_id, delivery ->> 'url' AS url,
    delivery ->> 'why' AS why
FROM fresh
WHERE delivery IS NOT NULL
    AND NOT EXISTS (
        SELECT 1
        FROM delivery AS known
        WHERE known.approved_reply_id = (fresh.delivery ->> 'letter_id') AND known.state = (fresh.delivery ->> 'state')
            AND known.happened_at = CAST(fresh.delivery ->> 'happened_at' AS TIMESTAMPTZ)
    )
    AND (delivery ->> 'mention_id') IN (SELECT id FROM mention)
"""

MENTION = "SELECT id, author, url, thread_id, parent_id, kind, title, text FROM mention WHERE id = $id"

SAID_BEFORE = "SELECT count(*) FROM action WHERE mention_id = $id AND kind = 'reply' AND body = $text"

DELIVERIES = """
SELECT approved_reply_id, state, happened_at, approved_by, reply_id, url, why
FROM delivery
WHERE mention_id = $id
ORDER BY happened_at, approved_reply_id
"""
