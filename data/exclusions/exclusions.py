"""Noise: what is kept out of the queue as it arrives, and told anew when a brand changes."""

from __future__ import annotations

from collections.abc import Sequence

from data.duplicates import duplicates
from data.exclusions import mutes, own_posts
from data.models import Brand
from data.queue.ranks import Ranking
from data.store.store import Connection


def find_in_batch(store: Connection, brands: Sequence[Brand], *, edited: bool) -> None:
    """Find what `arrived` from these brands' own accounts and what is muted. `edited`: whether any of it was known and
    says something else now. What repeats another mention is told with its score: until then it has no row in the
    queue."""
    own_posts.find_in_batch(store, brands, edited=edited)
    mutes.find_in_batch(store)
    if edited:
        duplicates.forget_edited(store)


def follow_brands(store: Connection, ranking: Ranking) -> None:
    """Tell all of it anew for the mentions in `touched`, and for the posts of accounts that are ours only now or no
    more, which are added to `touched`. Whom a group's row goes to then stands in `canonical`."""
    own_posts.find_in_all(store)
    own_posts.answer(store, ranking, all_stored=True)
    duplicates.follow_brands(store)
