"""Exclusions: finds own posts and muted mentions in a batch, and again when brands change."""

from __future__ import annotations

from collections.abc import Sequence

from data.duplicates import duplicates
from data.exclusions import mutes, own_posts
from data.models import Brand
from data.queue.ranks import Ranking
from data.store.store import Connection


def find_in_batch(store: Connection, brands: Sequence[Brand], *, edited: bool) -> None:
    """Find the mentions in `arrived` that own accounts wrote or that are muted. `edited`: whether any was stored before
    with other words. Duplicates are found later, when scores are stored: until then a mention has no row anyway."""
    own_posts.find_in_batch(store, brands, edited=edited)
    mutes.find_in_batch(store)
    if edited:
        duplicates.forget_edited(store)


def follow_brands(store: Connection, ranking: Ranking) -> None:
    """Find exclusions anew for the mentions in `touched`. Posts of accounts that became or ceased to be ours are added
    to `touched`; new canonical mentions of groups are in `canonical`."""
    own_posts.find_in_all(store)
    own_posts.answer(store, ranking, all_stored=True)
    duplicates.follow_brands(store)
