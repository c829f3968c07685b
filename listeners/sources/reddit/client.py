"""PRAW within our limits: time-outs, no sleeping, no retries, and one bad item does not lose its page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import praw
import prawcore
import requests
from praw.exceptions import PRAWException
from praw.models import Comment, Listing, Submission
from prawcore.sessions import RetryStrategy

from data.models import HearbackError
from data.settings import secret
from listeners import addresses, border
from listeners.base import ListenerError
from listeners.http.web import AddressError, NeverSent, Web, doubtful, json_object, not_as_agreed, refusal

SOURCE = "reddit"
KINDS: Mapping[str, type[Comment] | type[Submission]] = {"t1": Comment, "t3": Submission}
LIMITS = ("x-ratelimit-remaining", "x-ratelimit-used", "x-ratelimit-reset")
ANSWERS = "api/comment/"  # the path of replies only
SHORT_RESET = 600.0  # seconds; Reddit's rate limit window, where it gives no reset
Credentials = Mapping[str, str | None]


class TokenError(ListenerError):
    """Reddit no longer accepts our token or our app."""


def credentials() -> Credentials:
    """Reddit's secrets by name; optional ones may be None. ListenerError names the missing ones; their values are never
    shown."""
    names = ("CLIENT_ID", "CLIENT_SECRET", "USERNAME", "PASSWORD", "REFRESH_TOKEN")
    try:
        held = {name.lower(): secret(f"REDDIT_{name}") for name in names}
    except HearbackError as trouble:
        raise ListenerError(SOURCE, str(trouble), permanent=True) from None
    missing = [f"REDDIT_{name}" for name in names[:2] if not held[name.lower()]]
    if missing:
        raise ListenerError(SOURCE, f"Reddit needs {' and '.join(missing)} in the environment", permanent=True)
    return held


def has_account(held: Credentials) -> bool:
    """Whether the credentials include our account, which has the inbox."""
    return bool(held["refresh_token"] or (held["username"] and held["password"]))


class _Requestor(prawcore.Requestor):
    """Sends PRAW's requests with our session and limits, and raises ListenerError for refusals before prawcore sees
    them.

    prawcore fails on some: a date in Retry-After, a 401 without WWW-Authenticate, a 415 that is no JSON.
    """

    def __init__(self, *, web: Web, monotonic: Callable[[], float], **settings: Any) -> None:
        super().__init__(session=web.session, **settings)
        self._web = web
        self._monotonic = monotonic
        self._resumes = 0.0  # monotonic seconds; no request is sent before

    def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> requests.Response:
        left = self._resumes - self._monotonic()
        if left > 0:
            raise ListenerError(SOURCE, "Reddit's limit of requests is used up for now", retry_after=left)
        is_answer = addresses.split(str(args[1])).path.endswith(ANSWERS)
        response = self._written(*args, **kwargs) if is_answer else self._web.send(SOURCE, *args, **kwargs)
        self._note_limits(response)
        if response.status_code == 401:
            raise TokenError(SOURCE, str(refusal(SOURCE, response, self._web.clock())), permanent=True)
        if response.status_code >= 400:
            raise refusal(SOURCE, response, self._web.clock())
        return response

    def _written(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one write. Doubtful when it may have arrived: no complete response, a status of 500 or more, or no
        JSON."""
        try:
            response = self._web.send(SOURCE, *args, **kwargs)
            if response.status_code >= 500:
                raise refusal(SOURCE, response, self._web.clock())
            if response.status_code < 300:
                json_object(SOURCE, response)
        except (NeverSent, AddressError):
            raise
        except ListenerError as trouble:
            raise doubtful(trouble) from None
        return response

    def _note_limits(self, response: requests.Response) -> None:
        """Note Reddit's rate limit and hide it from prawcore, which would sleep up to ten minutes in the next call."""
        remaining, _, reset = (_number(response.headers.get(name)) for name in LIMITS)
        for name in LIMITS:
            response.headers.pop(name, None)
        if remaining is not None and remaining < 1:
            self._resumes = self._monotonic() + (SHORT_RESET if reset is None else min(reset, SHORT_RESET))


def _number(said: str | None) -> float | None:
    try:
        number = float(said or "")
    except ValueError:
        return None
    return number if number >= 0 else None


class _Once(RetryStrategy):
    """Sends each request once; the schedule retries. prawcore's own strategy with 0 retries sleeps 2-4 s first."""

    def _sleep_seconds(self) -> float | None:
        return None

    def consume_available_retry(self) -> RetryStrategy:
        return self

    def should_retry_on_failure(self) -> bool:
        return False


class RedditClient(praw.Reddit):
    """PRAW, with listings that hold border.Unreadable in place of an item that PRAW cannot build."""

    def get(self, path: str, *, params: dict[str, str | int] | None = None) -> Any:
        answer = self.request(method="GET", path=path, params=params)
        page = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(page, dict) or not isinstance(page.get("children"), list):
            raise ListenerError(SOURCE, f"Reddit answered {path} with something else than a listing")
        listing = Listing(self, _data={"after": page.get("after")})
        # Not set by PRAW's own setter, which fails for the whole page when one item is bad.
        vars(listing)["children"] = [self._build(child) for child in page["children"]]
        return listing

    def _build(self, child: Any) -> Comment | Submission | border.Unreadable:
        try:
            return KINDS[child["kind"]](self, _data=child["data"])
        except (KeyError, TypeError, ValueError, AttributeError):
            return border.Unreadable("it is neither a post nor a comment that Reddit would send")


def connect(
    held: Credentials,
    web: Web,
    *,
    reddit_url: str,
    oauth_url: str,
    monotonic: Callable[[], float] = time.monotonic,
) -> RedditClient:
    """A client, which fetches its token at the first request. `web` must not be shared: prawcore sets its user
    agent."""
    client = RedditClient(
        **held,
        user_agent=f"python:hearback:0.1 (by /u/{held['username'] or 'unknown'})",
        reddit_url=reddit_url,
        oauth_url=oauth_url,
        check_for_updates=False,
        check_for_async=False,
        requestor_class=_Requestor,
        requestor_kwargs={"web": web, "monotonic": monotonic},
    )
    for core in (client._core, client._read_only_core, client._authorized_core):
        if core is not None:
            core._retry_strategy_class = _Once
    return client


@contextmanager
def as_listener_errors(web: Web) -> Iterator[None]:
    """Turn what PRAW raises inside the `with` block into a ListenerError; PRAW's own messages may hold what was
    sent."""
    try:
        yield
    except prawcore.OAuthException as trouble:
        said = f"Reddit does not accept our credentials ({trouble.error}): check REDDIT_* in the environment"
        raise ListenerError(SOURCE, said, permanent=True) from None
    except prawcore.BadJSON as trouble:
        raise not_as_agreed(SOURCE, trouble.response, "JSON") from None
    except prawcore.Redirect as trouble:
        raise AddressError(SOURCE, f"Reddit knows no such place ({trouble.path!r})", permanent=True) from None
    except prawcore.ResponseException as trouble:
        raise refusal(SOURCE, trouble.response, web.clock()) from None
    except requests.JSONDecodeError:
        raise ListenerError(SOURCE, "Reddit gave us something unreadable instead of a token") from None
    except (PRAWException, prawcore.PrawcoreException, KeyError, TypeError, ValueError) as trouble:
        raise ListenerError(SOURCE, f"Reddit's answer could not be read ({type(trouble).__name__})") from None
