"""Mastodon.py, made to keep our limits: our session, no waiting, no retries, and statuses as the server sent them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests

from listeners.base import ListenerError
from listeners.http.web import (
    AGENT,
    AddressError,
    NothingThere,
    Web,
    address,
    doubtful,
    json_object,
    refusal,
    share_left,
)

SOURCE = "mastodon"
READS = frozenset({"GET", "HEAD"})
T = TypeVar("T")


class _Session:
    """What Mastodon.py sends with. It wraps whatever fails into an error of its own, so the real one is kept here."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self.trouble: ListenerError | None = None
        self.sent: str | None = None  # the method of the last request
        self.url = ""
        self.left: float | None = None

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        self.trouble, self.sent, self.url = None, method, url
        kwargs.pop("timeout", None)  # ours is kept by Web
        if not kwargs.get("files"):
            kwargs.pop("files", None)
        try:
            return self._answer(method, url, **kwargs)
        except ListenerError as trouble:
            self.trouble = trouble
            raise

    def _answer(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        if method not in READS:
            return self._web.write(SOURCE, method, url, **kwargs)
        response = self._web.send(SOURCE, method, url, **kwargs)
        left = share_left(response.headers)
        self.left = self.left if left is None else left
        if response.status_code != 200:
            raise _refusal(response, self._web.clock())
        for name in [name for name in response.headers if name.lower().startswith("x-ratelimit")]:
            del response.headers[name]  # read above; Mastodon.py trips over dates it cannot read
        return response


def _refusal(response: requests.Response, now: datetime) -> ListenerError:
    """A server that is gone altogether, or was never one, must not pass for one whose posts were deleted."""
    refused = refusal(SOURCE, response, now)
    if isinstance(refused, NothingThere):
        try:
            json_object(SOURCE, response)
        except ListenerError:
            return AddressError(SOURCE, f"{refused}; it answers as if it were no Mastodon server", permanent=True)
    return refused


class _Table(dict[str, Any]):
    """A plain answer of which Mastodon.py can note where the next page is."""

    def __getattr__(self, name: str) -> Any:
        if name not in self:
            raise AttributeError(name)
        return self[name]


@lru_cache(maxsize=1)
def _library() -> Any:
    import mastodon  # 15 MB, only where a server is listened to
    from mastodon import types_base

    page: Any = types_base.PaginatableList

    class Plain(mastodon.Mastodon):
        """Statuses as plain values: its own types take 1.4 ms each, and make None of what they do not understand."""

        def _Mastodon__try_cast_to_type(self, value: Any, override_type: Any = None) -> tuple[Any, None]:
            if isinstance(value, list):
                return page(value), None
            return _Table(value) if isinstance(value, dict) else value, None

        def verify_minimum_version(self, version_str: str, cached: bool = False) -> bool:
            return True  # it would ask the server each time; one that is too old says so by itself

        def timeline_is_available(self, *args: Any, **kwargs: Any) -> bool:
            return True  # likewise

    return mastodon, Plain


class Server:
    """One server, asked with a token or without."""

    def __init__(self, web: Web, url: str, token: str | None) -> None:
        self.url = url.rstrip("/")
        self.host = urlsplit(self.url).netloc.lower()
        self.token = token
        self.down: ListenerError | None = None  # it failed in this visit; it is not tried over and over
        self._session = _Session(web)
        self._client: Any = None
        self._own: dict[str, Any] | None = None

    @property
    def left(self) -> float | None:
        return self._session.left

    def ask(self, call: Callable[[Any], T]) -> T:
        """Call Mastodon.py. ListenerError when it failed or was refused, Doubtful when a write may have arrived."""
        mastodon, client = _library()
        if self._client is None:
            self._client = client(
                api_base_url=self.url,
                access_token=self.token,
                session=self._session,
                ratelimit_method="throw",
                user_agent=AGENT,
            )
        try:
            return call(self._client)
        except mastodon.MastodonError:
            raise self._told() from None

    def own(self) -> dict[str, Any]:
        """The account that the token belongs to."""
        if self._own is None:
            told = self.ask(lambda client: client.account_verify_credentials())
            if not isinstance(told, dict) or not isinstance(told.get("id"), str):
                raise ListenerError(SOURCE, f"{self.host} does not say whose the token is")
            self._own = told
        return self._own

    def _told(self) -> ListenerError:
        if self._session.trouble:
            return self._session.trouble
        unread = ListenerError(SOURCE, f"{address(self._session.url)} answered with something else than agreed")
        return unread if self._session.sent in READS else doubtful(unread)
