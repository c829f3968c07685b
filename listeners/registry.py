"""All sources that there are, and what each can do beside listening; a new one is added here and nowhere else."""

from __future__ import annotations

from listeners.base import Listener, LiveView, PaidListener, Rechecker, Responder
from listeners.hackernews import HackerNews
from listeners.reddit import Reddit
from listeners.rss import Rss
from listeners.sample import Sample
from listeners.stackexchange import StackExchange
from listeners.x import X
from listeners.x_replies import XRechecks, XReplies

LISTENERS: tuple[Listener | PaidListener, ...] = (
    Reddit(),
    X(),
    HackerNews(),
    Rss(),
    StackExchange(),
    Sample(),
)

# What can look for mentions again, what takes answers, and what is shown live only; one of a kind per source.
RECHECKERS: tuple[Rechecker, ...] = (
    StackExchange(),
    XRechecks(),
)
RESPONDERS: tuple[Responder, ...] = (XReplies(),)
LIVE_VIEWS: tuple[LiveView, ...] = ()
