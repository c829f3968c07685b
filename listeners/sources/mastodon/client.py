"""Mastodon.py within our limits: it uses our session, never waits or retries, and returns statuses unchanged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import requests

from listeners import addresses
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
    """The session for Mastodon.py, which replaces errors by its own; the original ListenerError is kept in
    `trouble`."""

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
            del response.headers[name]  # read above; Mastodon.py fails on dates it cannot read
        return response


def _refusal(response: requests.Response, now: datetime) -> ListenerError:
    """The error for a response. A 404 without JSON is no NothingThere: the server itself may be gone, not the post."""
    refused = refusal(SOURCE, response, now)
    if isinstance(refused, NothingThere):
        try:
            json_object(SOURCE, response)
        except ListenerError:
            return AddressError(SOURCE, f"{refused}; it answers as if it were no Mastodon server", permanent=True)
    return refused


class _Table(dict[str, Any]):
    """A plain JSON object on which Mastodon.py can set the next page's address."""

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
        """Returns statuses as plain values: the library's types take 1.4 ms each and turn unknown values into None."""

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
    """One server, with a token or without."""

    def __init__(self, web: Web, url: str, token: str | None) -> None:
        self.url = url.rstrip("/")
        self.host = addresses.split(self.url).netloc.lower()
        self.token = token
        self.down: ListenerError | None = None  # its error in this run, after which it is not asked again
        self._session = _Session(web)
        self._client: Any = None
        self._own: dict[str, Any] | None = None

    @property
    def left(self) -> float | None:
        return self._session.left

    def ask(self, call: Callable[[Any], T]) -> T:
        """Call Mastodon.py. ListenerError when the call failed or was refused, Doubtful when a write may have
        arrived."""
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
        """The account that the token belongs to. Raises ListenerError."""
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
