"""The temporary tables: what one module lays out for another within a transaction or a reading, declared in one place.

Each stands on one connection only, is made anew by whoever fills it, and is no part of what is kept. A table that only
one function would read is no table: it is passed as a value.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Temporary:
    """A temporary table. `filled_by`: the modules that fill it, the one that makes it first; they may read it too.
    `read_by`: the others that do."""

    name: str
    holds: str
    columns: tuple[str, ...]
    filled_by: tuple[str, ...]
    read_by: tuple[str, ...] = ()


# fmt: off
TEMPORARY = (
    Temporary(
        "fresh", "the lines of the batch that is being taken in",
        (
            "line", "answer", "brand", "rejected", "run", "gone", "checked", "erase", "topic", "delivery", "id",
            "source", "published_at", "text", "kind", "author", "author_url", "title", "url", "language", "thread_id",
            "parent_id", "reach", "engagement", "rating", "edited_at", "brands",
        ),
        filled_by=("data.ingest.reading", "data.retention.erasure"),  # the one takes out what must not come back
        read_by=(
            "data.ingest.answers", "data.ingest.batch", "data.ingest.edits", "data.ingest.runs",
            "data.ingest.sightings", "data.brands.matches", "data.exclusions.mutes", "data.exclusions.own_posts",
            "data.queue.replies", "data.analytics.topics",
        ),
    ),
    Temporary(
        "arrived", "one line of the batch for each mention: the newest state that it tells",
        ("id", "line", "is_new", "differs", "is_current"),
        filled_by=("data.ingest.batch",),
        read_by=(
            "data.ingest.edits", "data.ingest.sightings", "data.brands.matches", "data.exclusions.mutes",
            "data.exclusions.own_posts", "data.queue.corrections", "data.duplicates.duplicates",
        ),
    ),
    Temporary(
        "edited", "the stored mentions to which the batch gives fewer stars or other words",
        ("mention_id", "told_at", "is_reworded", "stars", "version"),
        filled_by=("data.ingest.edits",),
    ),
    Temporary(
        "said", "the words of what arrived, put together once for all brands", ("id", "words"),
        filled_by=("data.brands.matches",),
    ),
    Temporary(
        "touched", "the mentions that a change of brands concerns", ("mention_id",),
        filled_by=("data.brands.following", "data.exclusions.own_posts"), read_by=("data.duplicates.duplicates",),
    ),
    Temporary(
        "wanted", "the mentions whose rows of the queue are made anew", ("mention_id",),
        filled_by=("data.queue.ranks",),
    ),
    Temporary(
        "rankable", "those of the wanted that may have a row, with what it shows",
        (
            "id", "source", "author", "rating", "reach", "engagement", "published_at", "said", "excerpt", "brands",
            "reply_within_hours", "collected_at", "known_at", "usual", "days", "old_before",
        ),
        filled_by=("data.queue.ranks", "data.queue.old_news"), read_by=("data.queue.actions",),
    ),
    Temporary(
        "fact", "all that ranking looks at, and where each mention stands",
        ("mention_id", "status", "label", "assignee", "snoozed_until", "version", "waits_from", "told"),
        filled_by=("data.queue.ranks",),
    ),
    Temporary(
        "sifted", "the mentions to group, to compare or to take out of their groups", ("mention_id",),
        filled_by=("data.duplicates.duplicates",), read_by=("data.duplicates.fingerprints",),
    ),
    Temporary(
        "canonical", "the new canonical mention of a group, and the former one", ("former_id", "mention_id"),
        filled_by=("data.duplicates.duplicates",),
        read_by=("data.brands.following", "data.exclusions.mutes", "data.retention.erasure"),
    ),
    Temporary(
        "spoken", "the words of the sifted", ("id", "published_at", "rating", "words"),
        filled_by=("data.duplicates.fingerprints",),
    ),
    Temporary(
        "hashed", "their words as hashes, with the brands of ours that they name",
        ("id", "published_at", "ours", "is_review", "is_repost", "hashes"),
        filled_by=("data.duplicates.fingerprints",),
    ),
    Temporary(
        "printed", "the fingerprints of the sifted",
        (
            "mention_id", "published_at", "words", "is_repost", "whole", "mark_1", "mark_2", "mark_3", "mark_4",
            "shingles",
        ),
        filled_by=("data.duplicates.fingerprints",), read_by=("data.duplicates.duplicates",),
    ),
    Temporary(
        "near", "the stored fingerprints that may share enough with one of the printed",
        ("mention_id", "published_at", "words", "is_repost", "whole", "mark_1", "mark_2", "mark_3", "mark_4"),
        filled_by=("data.duplicates.fingerprints",),
    ),
    Temporary(
        "pair", "who is compared with whom", ("mention_id", "other_id"),
        filled_by=("data.duplicates.fingerprints",), read_by=("data.duplicates.duplicates",),
    ),
    Temporary(
        "candidate", "the pairs that may be alike by their length and time",
        ("mention_id", "other_id", "published_at", "is_same"),
        filled_by=("data.duplicates.duplicates",),
    ),
    Temporary(
        "other", "the texts of the stored mentions among them", ("id", "title", "text"),
        filled_by=("data.duplicates.duplicates",),
    ),
    Temporary(
        "link", "the pairs that are alike: who repeats whom", ("mention_id", "canonical_id", "likeness"),
        filled_by=("data.duplicates.duplicates",),
    ),
)
# fmt: on
