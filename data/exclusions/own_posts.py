"""Own posts: finds mentions written by our brands' own accounts; those that answer a mention become its reply."""

from __future__ import annotations

from collections.abc import Sequence

from data.models import Brand
from data.queue import ranks
from data.queue.ranks import Ranking
from data.store.store import Connection


def find_in_batch(store: Connection, known: Sequence[Brand], *, edited: bool) -> None:
    """Add the mentions in `arrived` that own accounts wrote to `own_post`. `edited`: whether any was stored before with
    other words."""
    if not any(brand.handles for brand in known):
        return
    if edited:
        store.run("DELETE FROM own_post WHERE action_id IS NULL AND mention_id IN (SELECT id FROM arrived)")
    store.run(FIND_ARRIVED)


def find_in_all(store: Connection) -> None:
    """Find own posts among all stored mentions anew; mentions that became or ceased to be own posts are
    added to `touched`."""
    with store.given("told", store.run(TELL_ALL).to_arrow_table()):
        store.run(CHANGED)
        store.run("DELETE FROM own_post WHERE mention_id NOT IN (SELECT mention_id FROM told)")
        store.run("INSERT INTO own_post SELECT * FROM told WHERE mention_id NOT IN (SELECT mention_id FROM own_post)")


def answer(store: Connection, ranking: Ranking, *, all_stored: bool = False) -> None:
    """Insert own posts as replies to the mentions that they answer, each once. Without `all_stored` only where the post
    or the answered mention is in `arrived`."""
    if not store.value("SELECT count(*) FROM own_post WHERE parent_id IS NOT NULL AND action_id IS NULL"):
        return
    answering = store.run(ANSWERING_ALL if all_stored else ANSWERING).to_arrow_table()
    if answering.num_rows == 0:
        return
    with store.given("answering", answering):
        store.run(WRITE_DOWN)
        store.run(NOTE)
        ranks.rebuild(store, ranking, "SELECT DISTINCT parent_id AS mention_id FROM answering")


# "@Acme_Help", "u/acme_help" and "acme_help" are one account; a handle without a source is ours everywhere.
_ACCOUNT = "lower(regexp_replace(trim({name}), '^(@|/?u/)', ''))"
_SITE = "CASE {source} WHEN 'twitter' THEN 'x' WHEN 'reddit_feed' THEN 'reddit' ELSE {source} END"
_TOLD = """
SELECT said.id AS mention_id, min(account.brand) AS brand, any_value(said.parent_id) AS parent_id,
    CAST(NULL AS VARCHAR) AS action_id
FROM {said} AS said
JOIN (
    SELECT
        brand,
        CASE WHEN regexp_matches(handle, '^[a-z][a-z_]*:') THEN {handle_site} END AS site,
        {handle} AS account
    FROM (SELECT name AS brand, unnest(handles) AS handle FROM brand)
) AS account
    ON account.account = {author} AND coalesce(account.site, {site}) = {site}
WHERE said.author IS NOT NULL
GROUP BY said.id
""".format(
    said="{said}",
    handle=_ACCOUNT.format(name="regexp_replace(handle, '^[a-z][a-z_]*:', '')"),
    handle_site=_SITE.format(source="split_part(handle, ':', 1)"),
    author=_ACCOUNT.format(name="said.author"),
    site=_SITE.format(source="said.source"),
)

FIND_ARRIVED = """
INSERT INTO own_post
SELECT * FROM ({told})
WHERE mention_id NOT IN (SELECT mention_id FROM own_post)
""".format(
    told=_TOLD.format(
        said="(SELECT * FROM fresh WHERE line IN (SELECT line FROM arrived WHERE differs AND is_current))"
    )
)
CHANGED = """
INSERT INTO touched
SELECT mention_id FROM told WHERE mention_id NOT IN (SELECT mention_id FROM own_post)
UNION ALL
SELECT mention_id FROM own_post WHERE mention_id NOT IN (SELECT mention_id FROM told)
"""

TELL_ALL = _TOLD.format(said="mention")

# What was said, without the name it begins with, however it was told: typed by hand, found by a listener, or posted.
_PLAIN = "trim(regexp_replace(lower({text}), '(^\\s*(@\\S+\\s+)+)|https?://\\S+|\\s+', ' ', 'g'))"
_ANSWERING = """
SELECT
    own_post.mention_id, own_post.parent_id, said.author, said.text, said.published_at,
    greatest(said.collected_at, parent.collected_at) AS known_at,
    own_post.parent_id || '/reply/' || md5(said.text) AS action_id,
    EXISTS (
        SELECT 1
        FROM action
        WHERE action.mention_id = own_post.parent_id AND action.kind = 'reply'
            AND (action.id = own_post.parent_id || '/reply/' || md5(said.text) OR {before} = {now_said})
    ) AS is_known
FROM own_post
JOIN brand ON brand.name = own_post.brand AND NOT brand.competitor
JOIN mention AS said ON said.id = own_post.mention_id
JOIN mention AS parent ON parent.id = own_post.parent_id
WHERE own_post.action_id IS NULL AND said.text <> ''
    AND own_post.parent_id NOT IN (SELECT mention_id FROM own_post)
    {which}
QUALIFY row_number() OVER (PARTITION BY own_post.parent_id, md5(said.text) ORDER BY said.published_at, said.id) = 1
"""
_SAME = {"before": _PLAIN.format(text="action.body"), "now_said": _PLAIN.format(text="said.text")}
ANSWERING_ALL = _ANSWERING.format(which="", **_SAME)
ANSWERING = _ANSWERING.format(
    which="AND (own_post.mention_id IN (SELECT id FROM arrived) OR own_post.parent_id IN (SELECT id FROM arrived))",
    **_SAME,
)

WRITE_DOWN = """
INSERT INTO action
SELECT
    answering.action_id, answering.parent_id,
    coalesce(known.version, 0)
        + row_number() OVER (PARTITION BY answering.parent_id ORDER BY answering.published_at, answering.mention_id),
    'reply', answering.author, answering.published_at, answering.known_at, answering.text, NULL, NULL, NULL, NULL
FROM answering
LEFT JOIN (SELECT mention_id, max(version) AS version FROM action GROUP BY mention_id) AS known
    ON known.mention_id = answering.parent_id
WHERE NOT answering.is_known
"""

NOTE = """
UPDATE own_post
SET action_id = answering.action_id
FROM answering
WHERE answering.mention_id = own_post.mention_id
"""
