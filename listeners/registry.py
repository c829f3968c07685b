"""All sources that there are, and what each can do beside listening; a new one is added here and nowhere else."""

from __future__ import annotations

from listeners.amazon import Amazon
from listeners.app_store import AppStore
from listeners.base import Listener, LiveView, PaidListener, Rechecker, Responder
from listeners.bluesky import Bluesky
from listeners.bluesky_replies import BlueskyReplies
from listeners.google_business import GoogleBusiness
from listeners.google_play import GooglePlay
from listeners.hackernews import HackerNews
from listeners.mastodon import Mastodon
from listeners.mastodon_replies import MastodonReplies
from listeners.product_page import ProductPage
from listeners.reddit import Reddit
from listeners.reddit_feed import RedditFeed
from listeners.reddit_replies import RedditRechecks, RedditReplies
from listeners.rss import Rss
from listeners.sample import Sample
from listeners.stackexchange import StackExchange
from listeners.tripadvisor import Tripadvisor
from listeners.trustpilot import Trustpilot
from listeners.webhook import Webhook
from listeners.x import X
from listeners.x_replies import XRechecks, XReplies
from listeners.yelp import Yelp
from listeners.youtube import YouTube
from listeners.youtube_replies import YouTubeReplies

TRUSTPILOT = Trustpilot()  # one of each, so that its token serves all that it does
HACKER_NEWS = HackerNews()
BLUESKY = Bluesky()
MASTODON = Mastodon()
YOUTUBE = YouTube()
GOOGLE_BUSINESS = GoogleBusiness()
GOOGLE_PLAY = GooglePlay()
APP_STORE = AppStore()
YELP = Yelp()
PRODUCT_PAGE = ProductPage()

LISTENERS: tuple[Listener | PaidListener, ...] = (
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

# What can look for mentions again, what takes answers, and what is shown live only; one of a kind per source.
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
