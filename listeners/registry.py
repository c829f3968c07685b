"""All sources, and those that can recheck mentions, send replies or be shown live. A new source is added here only."""

from __future__ import annotations

from listeners.base import Listener, LiveView, Rechecker, Responder
from listeners.sources.amazon import Amazon
from listeners.sources.app_store.listener import AppStore
from listeners.sources.bluesky.listener import Bluesky
from listeners.sources.bluesky.replies import BlueskyReplies
from listeners.sources.google_business import GoogleBusiness
from listeners.sources.google_play import GooglePlay
from listeners.sources.hackernews import HackerNews
from listeners.sources.mastodon.listener import Mastodon
from listeners.sources.mastodon.replies import MastodonReplies
from listeners.sources.product_page import ProductPage
from listeners.sources.reddit.listener import Reddit
from listeners.sources.reddit.replies import RedditRechecks, RedditReplies
from listeners.sources.reddit_feed import RedditFeed
from listeners.sources.rss import Rss
from listeners.sources.sample import Sample
from listeners.sources.stackexchange import StackExchange
from listeners.sources.tripadvisor import Tripadvisor
from listeners.sources.trustpilot import Trustpilot
from listeners.sources.webhook import Webhook
from listeners.sources.x.listener import X
from listeners.sources.x.replies import XRechecks, XReplies
from listeners.sources.yelp import Yelp
from listeners.sources.youtube.listener import YouTube
from listeners.sources.youtube.replies import YouTubeReplies

TRUSTPILOT = Trustpilot()  # one instance per source, so that all its uses share a token
HACKER_NEWS = HackerNews()
BLUESKY = Bluesky()
MASTODON = Mastodon()
YOUTUBE = YouTube()
GOOGLE_BUSINESS = GoogleBusiness()
GOOGLE_PLAY = GooglePlay()
APP_STORE = AppStore()
YELP = Yelp()
PRODUCT_PAGE = ProductPage()

LISTENERS: tuple[Listener, ...] = (
    Reddit(),
    RedditFeed(),
    X(),
    HACKER_NEWS,
    BLUESKY,
    MASTODON,
    YOUTUBE,
    Rss(),
    StackExchange(),
    TRUSTPILOT,
    GOOGLE_BUSINESS,
    GOOGLE_PLAY,
    APP_STORE,
    YELP,
    Amazon(),
    PRODUCT_PAGE,
    Webhook(),
    Sample(),
)

# Sources that can recheck mentions, that take replies, and that are shown live only; at most one of a kind per source.
RECHECKERS: tuple[Rechecker, ...] = (
    HACKER_NEWS,
    TRUSTPILOT,
    RedditRechecks(),
    BLUESKY,
    MASTODON,
    YOUTUBE,
    StackExchange(),
    XRechecks(),
    GOOGLE_BUSINESS,
    GOOGLE_PLAY,
    APP_STORE,
    PRODUCT_PAGE,
)
RESPONDERS: tuple[Responder, ...] = (
    RedditReplies(),
    BlueskyReplies(account=BLUESKY.account),
    MastodonReplies(MASTODON),
    YouTubeReplies(YOUTUBE),
    XReplies(),
    TRUSTPILOT,
    GOOGLE_BUSINESS,
    GOOGLE_PLAY,
    APP_STORE,
    YELP,
)
LIVE_VIEWS: tuple[LiveView, ...] = (Tripadvisor(),)
