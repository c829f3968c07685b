"""tweepy within our limits: it uses our session with time-outs, never waits, and raises ListenerError."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

from data.models import HearbackError
from data.settings import places, secret
from data.spool.time_check import reckoned
from listeners import border
from listeners.base import Budget, ListenerError, Options
from listeners.budget import Ledger
from listeners.http.web import (
    LONGEST_PATIENCE,
    AddressError,
    CredentialsError,
    NeverSent,
    Web,
    address,
    doubtful,
    json_object,
    refusal,
    retry_after,
)

SOURCE = "x"
HOST = "https://api.x.com"
TWEEPYS_HOST = "https://api.twitter.com"  # a literal in tweepy
BEARER = "X_BEARER_TOKEN"
KEYS = ("X_CONSUMER_KEY", "X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")  # of our own account
PAGE = 100
SMALLEST_PAGE = 10
FIELDS: Mapping[str, list[str]] = {
    "tweet_fields": [
        "author_id",
        "conversation_id",
        "created_at",
        "edit_history_tweet_ids",
        "in_reply_to_user_id",
        "lang",
        "note_tweet",
        "public_metrics",
        "referenced_tweets",
    ],
    "user_fields": ["name", "public_metrics", "username"],
    "expansions": ["author_id"],
}

# US dollars. Each post and each person in a response is billed, once a UTC day.
A_POST = 0.005
AN_OWN_POST = 0.001  # on our own account's timelines
A_PERSON = 0.010
A_COUNT = 0.005  # per request
AN_ANSWER = 0.010  # to an author who named us
WITH_A_LINK = 0.200

OpenLedger = Callable[[Options, datetime], Budget]


@dataclass(frozen=True, slots=True)
class Credentials:
    """The secrets for X. Their values are never shown."""

    bearer: str
    keys: tuple[str, ...] = ()  # all four or none

    @property
    def user_id(self) -> str | None:
        """Our account's id, which the access token begins with."""
        number = self.keys[KEYS.index("X_ACCESS_TOKEN")].partition("-")[0] if self.keys else ""
        return number if number.isdigit() else None


def credentials(*, own: bool = False) -> Credentials:
    """The credentials from the secrets. `own`: our account's keys are needed, too. ListenerError names the missing
    ones."""
    try:
        bearer, keys = secret(BEARER), [secret(name) for name in KEYS]
    except HearbackError as trouble:
        raise ListenerError(SOURCE, str(trouble), permanent=True) from None
    missing = [] if bearer else [BEARER]
    if own or any(keys):
        missing += [name for name, key in zip(KEYS, keys, strict=True) if not key]
    if missing:
        raise ListenerError(SOURCE, f"X needs {' and '.join(missing)} in the environment", permanent=True)
    held = Credentials(str(bearer), tuple(str(key) for key in keys if key))
    if own and not held.user_id:
        raise ListenerError(SOURCE, "X_ACCESS_TOKEN is not one of X: it begins with the account's id", permanent=True)
    return held


def ledger(options: Options, now: datetime) -> Budget:
    """The ledger for rechecks and replies, the same file as a run's. ListenerError when there is no usable cap."""
    here = places()
    return Ledger(here.budgets, SOURCE, options, reckoned(here.clock, now))


class XRefusal(ListenerError):
    """X understood the request and refused it, so nothing was written."""


class _Line:
    """The session for tweepy. It raises ListenerError for refusals before tweepy sees them, which fails on some
    headers."""

    def __init__(self, web: Web, base: str) -> None:
        self._web, self._base = web, base
        self.left: float | None = None  # the smallest share of a request budget seen

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        """Send one request, once. Doubtful for a POST that may have arrived."""
        try:
            response = self._web.send(SOURCE, method, self._base + url.removeprefix(TWEEPYS_HOST), **kwargs)
            self._note_limits(response.headers)
            if response.status_code >= 300:
                raise _refused(response, self._web.clock())
            if method == "POST":
                json_object(SOURCE, response)
        except (NeverSent, XRefusal, AddressError, CredentialsError):
            raise
        except ListenerError as trouble:
            raise doubtful(trouble) if method == "POST" else trouble from None
        return response

    def _note_limits(self, headers: Mapping[str, str]) -> None:
        remaining, limit = (_number(headers.get(f"x-rate-limit-{name}")) for name in ("remaining", "limit"))
        if remaining is not None and limit:
            share = min(remaining / limit, 1.0)
            self.left = share if self.left is None else min(self.left, share)


def _number(said: str | None) -> float | None:
    return float(said) if said and said.isascii() and said.isdigit() else None


def _refused(response: requests.Response, now: datetime) -> ListenerError:
    status, where = response.status_code, address(response.url)
    if status == 402:
        return XRefusal(SOURCE, f"{where} wants money (402): buy credits in X's developer console", permanent=True)
    trouble = refusal(SOURCE, response, now)
    if status >= 500 or status == 401:
        return trouble
    why = _why(response) if status in (400, 403) else ""
    kind = AddressError if isinstance(trouble, AddressError) else XRefusal
    wait = trouble.retry_after
    if status == 429 and wait is None:
        wait = _until_reset(response.headers, now)
    return kind(SOURCE, f"{trouble}: {why}" if why else str(trouble), permanent=trouble.permanent, retry_after=wait)


def _why(response: requests.Response) -> str:
    """X's own reason for a refusal, from the first error or `detail`; "" when it gives none."""
    try:
        told = response.json()
    except ValueError:
        return ""
    told = told if isinstance(told, dict) else {}
    first = next((one for one in told.get("errors") or () if isinstance(one, dict)), {})
    said = first.get("message") or told.get("detail") or first.get("detail")
    return border.words(said)[:200] if isinstance(said, str) else ""


def _until_reset(headers: Mapping[str, str], now: datetime) -> float | None:
    reset = _number(headers.get("x-rate-limit-reset"))
    if reset is None:
        return None
    # Compared with the server's own clock, as Retry-After is.
    said = retry_after({"retry-after": _http_date(reset), "date": headers.get("date", "")}, now)
    return said if said is not None else min(max(reset - now.timestamp(), 0.0), LONGEST_PATIENCE)


def _http_date(seconds: float) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%a, %d %b %Y %H:%M:%S} GMT"
    except (ValueError, OverflowError, OSError):
        return ""


class XClient:
    """The calls of X's API that we use. Each is one request and returns X's JSON object; each raises ListenerError."""

    def __init__(self, held: Credentials, web: Web, base: str = HOST) -> None:
        import tweepy  # imported late: only teams that listen to X need it

        for library in ("tweepy", "requests_oauthlib", "oauthlib"):
            logging.getLogger(library).setLevel(logging.WARNING)  # at lower levels they log tokens and strangers' text
        self.user_id = held.user_id
        self._line = _Line(web, base)
        self._tweepy = tweepy.Client(held.bearer, *held.keys, return_type=requests.Response, wait_on_rate_limit=False)
        self._tweepy.session = self._line

    @property
    def left(self) -> float | None:
        """The remaining share of X's request budget, 0 to 1; None before a response told it."""
        return self._line.left

    def search(self, query: str, **asked: Any) -> dict[str, Any]:
        return self._ask(self._tweepy.search_recent_tweets, query, **FIELDS, **asked)

    def mentions(self, **asked: Any) -> dict[str, Any]:
        return self._ask(self._tweepy.get_users_mentions, self.user_id, user_auth=True, **FIELDS, **asked)

    def own_posts(self, **asked: Any) -> dict[str, Any]:
        fields = FIELDS["tweet_fields"]
        return self._ask(self._tweepy.get_users_tweets, self.user_id, user_auth=True, tweet_fields=fields, **asked)

    def look_up(self, ids: Sequence[str], *, with_people: bool = False) -> dict[str, Any]:
        fields = FIELDS if with_people else {"tweet_fields": FIELDS["tweet_fields"]}
        return self._ask(self._tweepy.get_tweets, list(ids), **fields)

    def count(self, query: str) -> dict[str, Any]:
        return self._ask(self._tweepy.get_recent_tweets_count, query, granularity="day")

    def answer(self, text: str, to: str) -> dict[str, Any]:
        return self._ask(self._tweepy.create_tweet, text=text, in_reply_to_tweet_id=to, user_auth=True)

    def _ask(self, method: Callable[..., requests.Response], *args: Any, **kwargs: Any) -> dict[str, Any]:
        return json_object(SOURCE, method(*args, **kwargs))
