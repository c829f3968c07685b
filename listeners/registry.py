"""All sources that there are; a new one is added here and nowhere else."""

from __future__ import annotations

from listeners.base import Listener
from listeners.hackernews import HackerNews
from listeners.reddit import Reddit
from listeners.rss import Rss
from listeners.sample import Sample

LISTENERS: tuple[Listener, ...] = (Reddit(), HackerNews(), Rss(), Sample())
