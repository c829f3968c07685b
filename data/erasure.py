"""Erasure: the only place where anything that was recorded is taken out again."""

from __future__ import annotations

from data.store import Connection


def erase_sample(store: Connection) -> None:
    """Take out every fictional mention, with its matches, scores and actions, and the fictional brands."""
    for statement in SAMPLE_GOES:
        store.run(statement)


SAMPLE_GOES = (
    "DELETE FROM mention WHERE starts_with(id, 'sample:')",
    "DELETE FROM match WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM score WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM unscored WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM queue WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM action WHERE starts_with(mention_id, 'sample:')",
    "DELETE FROM run WHERE source = 'sample'",
    "DELETE FROM brand WHERE ends_with(name, ' (sample)')",
)
