"""Calls Bluesky's XRPC through the account's own server with our own HTTP; the session is held in memory only.

Plain HTTP instead of the atproto package, which costs 44 MB of memory and half a second of start, has an HTTP client
without our limits, and refuses a page of 100 posts for one bad post.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

from listeners.base import ListenerError, Options
from listeners.http.tokens import needed
from listeners.http.web import AddressError, CredentialsError, Web, address, json_object, refusal, share_left

SOURCE = "bluesky"
ENTRYWAY = "https://bsky.social"
FRESH = 3_600.0  # seconds a session is used before it is refreshed; access tokens hold about two hours
STALE = frozenset({"ExpiredToken", "InvalidToken"})
WORD = re.compile(r"[A-Za-z]{1,60}")


class BlueskyRefusal(AddressError):
    """A request that the server understood and refused. `name`: its error name, such as "RecordNotFound"."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(SOURCE, message, permanent=True)
        self.name = name


@dataclass(frozen=True, slots=True)
class BlueskySession:
    """Our account and its tokens. Never shown and never stored."""

    did: str
    handle: str
    access: str
    refresh: str
    endpoint: str  # the account's own server
    began: float  # monotonic seconds


class BlueskyAccount:
    """Our account on its server. Options: `server`, where it is not Bluesky's own."""

    def __init__(self, web: Web, base: str = ENTRYWAY, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._web = web
        self._base = base
        self._monotonic = monotonic
        self._session: BlueskySession | None = None
        self._opened_with: tuple[str, ...] = ()
        self.left: float | None = None  # the share of the server's rate limit, as it last said

    def session(self, options: Options) -> BlueskySession:
        """The present session: kept, else refreshed, else opened anew, as only 300 logins a day are allowed. Raises
        ListenerError."""
        handle, password = needed(SOURCE, "BLUESKY_HANDLE", "BLUESKY_APP_PASSWORD")
        server = self._server(options)
        if self._session is None or self._opened_with != (server, handle, password):
            self._session = self._open(server, handle.removeprefix("@"), password)
            self._opened_with = (server, handle, password)
        elif self._monotonic() - self._session.began > FRESH:
            self._session = self._refreshed(self._session)
        if self._session is None:
            self._session = self._open(server, handle.removeprefix("@"), password)
        return self._session

    def get(self, options: Options, name: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Send one query. When the token has expired, it is refreshed and the query is sent again. Raises
        ListenerError."""
        session = self.session(options)
        try:
            return self._ask(session, name, params)
        except CredentialsError:
            self._session = self._refreshed(session)
        return self._ask(self.session(options), name, params)

    def write(self, options: Options, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Call one procedure, once. ListenerError when it was certainly refused, Doubtful when it may have arrived."""
        session = self.session(options)
        url = f"{session.endpoint}/xrpc/{name}"
        return self._web.write_json(
            SOURCE, "POST", url, refused_as=_refusal, json=body, headers=_bearer(session.access)
        )

    def _ask(self, session: BlueskySession, name: str, params: Mapping[str, Any]) -> dict[str, Any]:
        url = f"{session.endpoint}/xrpc/{name}"
        response = self._web.send(SOURCE, "GET", url, params=params, headers=_bearer(session.access))
        left = share_left(response.headers)
        self.left = self.left if left is None else left
        if response.status_code != 200:
            raise _refusal(SOURCE, response, self._web.clock())
        return json_object(SOURCE, response)

    def _open(self, server: str, handle: str, password: str) -> BlueskySession:
        url = f"{server}/xrpc/com.atproto.server.createSession"
        response = self._web.send(SOURCE, "POST", url, json={"identifier": handle, "password": password})
        if response.status_code in (400, 401):
            said = (
                f"{address(url)} does not accept BLUESKY_HANDLE and BLUESKY_APP_PASSWORD: check them, or make a new one"
            )
            raise ListenerError(SOURCE, said, permanent=True)
        if response.status_code != 200:
            raise refusal(SOURCE, response, self._web.clock())
        return self._told(json_object(SOURCE, response), server)

    def _refreshed(self, session: BlueskySession) -> BlueskySession | None:
        """The session with new tokens; None when the server no longer accepts it."""
        url = f"{session.endpoint}/xrpc/com.atproto.server.refreshSession"
        response = self._web.send(SOURCE, "POST", url, headers=_bearer(session.refresh))
        if response.status_code in (400, 401):
            return None
        if response.status_code != 200:
            raise refusal(SOURCE, response, self._web.clock())
        return self._told(json_object(SOURCE, response), session.endpoint)

    def _told(self, answer: Mapping[str, Any], server: str) -> BlueskySession:
        told = [answer.get(name) for name in ("did", "handle", "accessJwt", "refreshJwt")]
        did, handle, access, refresh = (said if isinstance(said, str) else "" for said in told)
        if not (did and access and refresh):
            raise ListenerError(SOURCE, f"{address(server)} opened a session without the tokens for it")
        return BlueskySession(did, handle, access, refresh, _endpoint(answer.get("didDoc"), server), self._monotonic())

    def _server(self, options: Options) -> str:
        said = str(options.get("server") or self._base).strip().rstrip("/")
        if said != self._base and not said.startswith("https://"):
            raise ListenerError(SOURCE, "server must be an address that begins with https://", permanent=True)
        return said


def _endpoint(document: object, server: str) -> str:
    """The account's own server by its DID document; `server` where the document names none that is reached by https."""
    services = document.get("service") if isinstance(document, dict) else None
    for entry in services if isinstance(services, list) else []:
        if isinstance(entry, dict) and str(entry.get("id", "")).endswith("#atproto_pds"):
            said = str(entry.get("serviceEndpoint") or "").rstrip("/")
            if said.startswith("https://") and server.startswith("https://"):
                return said
    return server


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _refusal(source: str, response: requests.Response, now: datetime) -> ListenerError:
    """The error for a response's status. Bluesky's own errors are a 400 with a name; those in STALE ask for a new
    token."""
    if response.status_code != 400:
        return refusal(source, response, now)
    try:
        name = str(json_object(source, response).get("error"))
    except ListenerError:
        return refusal(source, response, now)
    where = address(response.url)
    if name in STALE:
        return CredentialsError(source, f"{where} says that our session has ended", permanent=False)
    return BlueskyRefusal(f"{where} refuses this (400{', ' + name if WORD.fullmatch(name) else ''})", name)
