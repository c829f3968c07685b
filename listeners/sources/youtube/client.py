"""Google's client for YouTube within our limits: it uses our session, never retries, and counts its quota."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import requests

from data.models import HearbackError
from data.settings import secret
from listeners.base import ListenerError
from listeners.http.tokens import Grant, TokenAccount, granted, needed
from listeners.http.web import (
    LONGEST_PATIENCE,
    AddressError,
    CredentialsError,
    Web,
    address,
    doubtful,
    json_object,
    refusal,
)

SOURCE = "youtube"
ROOT = "https://youtube.googleapis.com/"
TOKENS = "https://oauth2.googleapis.com/token"
UNITS_A_DAY = 10_000
READ, WRITE = 1, 50  # units
# The quota resets at midnight in California. Without summer time, we wait an hour too long in summer, never too short.
PACIFIC = timezone(timedelta(hours=-8))
USED_UP = frozenset({"quotaExceeded", "dailyLimitExceeded"})
SLOWER = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
CLOSED = {
    "commentsDisabled": "its comments are switched off",
    "videoNotFound": "there is no such video",
    "channelNotFound": "there is no such channel",
    "commentThreadNotFound": "the comment is gone",
    "parentCommentNotFound": "the comment is gone",
    "commentNotFound": "the comment is gone",
}


class Quota:
    """The units of the day's quota that we spent. Days are California's."""

    def __init__(self, told: Mapping[str, Any], now: datetime) -> None:
        self._now = now
        self._day = now.astimezone(PACIFIC).date().isoformat()
        self.spent = int(told.get("units", 0)) if told.get("day") == self._day else 0

    def spend(self, units: int) -> None:
        """Count units before the request that costs them. ListenerError when the day has too few left."""
        if self.spent + units > UNITS_A_DAY:
            raise used_up(self._now)
        self.spent += units

    @property
    def left(self) -> float:
        return max(0.0, 1 - self.spent / UNITS_A_DAY)

    def as_told(self) -> dict[str, Any]:
        return {"day": self._day, "units": self.spent}


def used_up(now: datetime) -> ListenerError:
    """The error for a spent quota; its `retry_after` is the next midnight in California."""
    local = now.astimezone(PACIFIC)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    wait = min((midnight - local).total_seconds(), LONGEST_PATIENCE)
    return ListenerError(SOURCE, f"YouTube's {UNITS_A_DAY:,} units of today are used up", retry_after=wait)


class _Http:
    """The transport for Google's client, in place of httplib2."""

    def __init__(self, web: Web, token: TokenAccount | None) -> None:
        self._web = web
        self._token = token

    def request(
        self, uri: str, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> tuple[Any, bytes]:
        from httplib2 import Response

        sent = {name: said for name, said in (headers or {}).items() if name.lower() != "content-length"}
        sent |= self._token.header() if self._token else {}
        try:
            response = self._answer(uri, method, body, sent)
        except CredentialsError:
            if self._token:
                self._token.forget()
            raise
        return Response({"status": str(response.status_code)}), response.content

    def _answer(self, uri: str, method: str, body: Any, sent: Mapping[str, str]) -> requests.Response:
        if method == "GET":
            response = self._web.send(SOURCE, method, uri, headers=sent)
            if response.status_code != 200:
                raise _refusal(SOURCE, response, self._web.clock())
            return response
        return self._web.write(SOURCE, method, uri, refused_as=_refusal, data=body, headers=sent)

    def close(self) -> None:
        pass  # the session is not ours to close


class YouTubeClient:
    """Calls YouTube's API, with an API key for public data and with our account's token for the rest."""

    def __init__(self, web: Web, root: str = ROOT, tokens: str = TOKENS) -> None:
        self._web = web
        self._root = root
        self._tokens = tokens
        self._account = TokenAccount(SOURCE, web, self._grant)
        self._built: dict[tuple[str | None, bool], Any] = {}

    def ask(self, quota: Quota, resource: str, method: str, *, ours: bool = False, **asked: Any) -> dict[str, Any]:
        """Call `resource.method` once. ListenerError when it failed, Doubtful when a write may have arrived."""
        writes = method == "insert"
        quota.spend(WRITE if writes else READ)
        request = getattr(getattr(self._calls(ours=ours), resource)(), method)(**asked)
        told = request.execute(num_retries=0)
        if isinstance(told, dict):
            return told
        unread = ListenerError(SOURCE, f"{address(self._root)} answered {resource} with something else than JSON")
        raise doubtful(unread) if writes else unread

    def _calls(self, *, ours: bool) -> Any:
        key = None if ours else needed(SOURCE, "YOUTUBE_API_KEY")[0]
        if (key, ours) not in self._built:
            from googleapiclient.discovery import build_from_document

            http = _Http(self._web, self._account if ours else None)
            described = {**_description(), "rootUrl": self._root, "baseUrl": self._root}
            self._built = {(key, ours): build_from_document(described, http=http, developerKey=key), **self._built}
        return self._built[key, ours]

    def _grant(self) -> Grant:
        names = ("YOUTUBE_CLIENT_ID", "YOUTUBE_CLIENT_SECRET", "YOUTUBE_REFRESH_TOKEN")
        app, word, refresh = needed(SOURCE, *names)
        form = {"client_id": app, "client_secret": word, "refresh_token": refresh, "grant_type": "refresh_token"}
        return granted(SOURCE, self._web, self._tokens, data=form)


def has_account() -> bool:
    """Whether there is a refresh token, so that replies can be sent. ListenerError when the secrets cannot be read."""
    try:
        return bool(secret("YOUTUBE_REFRESH_TOKEN"))
    except HearbackError as trouble:
        raise ListenerError(SOURCE, str(trouble), permanent=True) from None


@lru_cache(maxsize=1)
def _description() -> Mapping[str, Any]:
    """Google's description of the API from its package, without a request, cut to the resources we use."""
    import googleapiclient.discovery_cache as carried

    path = Path(carried.__file__).parent / "documents" / "youtube.v3.json"
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    kept = ("comments", "commentThreads", "channels")  # the rest would cost memory for nothing
    return {**told, "resources": {name: told["resources"][name] for name in kept}}


def _refusal(source: str, response: requests.Response, now: datetime) -> ListenerError:
    """The error for a response's status and reason; a spent quota and disabled comments are both a 403."""
    try:
        error = json_object(source, response).get("error")
    except ListenerError:
        return refusal(source, response, now)
    errors = error.get("errors") if isinstance(error, dict) else None
    reasons = {str(one.get("reason")) for one in errors if isinstance(one, dict)} if isinstance(errors, list) else set()
    if reasons & USED_UP:
        return used_up(now)
    plain = refusal(source, response, now)
    if reasons & SLOWER:
        return ListenerError(source, "YouTube asks us to slow down", retry_after=plain.retry_after)
    if reasons & {"keyInvalid", "API_KEY_INVALID", "badRequest"} and response.status_code == 400:
        said = f"{plain}: check YOUTUBE_API_KEY and the ids of channels and videos"
        return CredentialsError(source, said, permanent=True)
    for reason in reasons & CLOSED.keys():
        return AddressError(source, f"YouTube says: {CLOSED[reason]}", permanent=True)
    return plain
