"""Access tokens: fetched when needed, held in memory only, and renewed when the source refuses one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests

from data.models import HearbackError
from data.settings import secret
from listeners.base import ListenerError
from listeners.http.web import CredentialsError, NothingThere, Web, address, doubtful, json_object, refusal

A_YEAR = 366 * 86_400.0  # seconds; a longer lifetime is not reported
EARLIER = 60.0  # seconds before its end that a token is no longer used
REFUSED = frozenset({400, 401, 403})  # what token servers answer when the credentials are wrong


@dataclass(frozen=True, slots=True)
class Grant:
    """A token, its lifetime in seconds, and the lifetime of its refresh token in seconds, where the server tells."""

    token: str
    seconds: float
    refresh_seconds: float | None = None


class TokenAccount:
    """Sends a source's requests with a bearer token. `ask` fetches a new token; it raises ListenerError only."""

    def __init__(
        self, source: str, web: Web, ask: Callable[[], Grant], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._source, self._web, self._ask, self._monotonic = source, web, ask, monotonic
        self._held: tuple[str, float] | None = None  # the token, and when it is no longer used
        self.refresh_ends_at: datetime | None = None  # as the token server said when it was asked last

    def fetch_json(self, url: str, params: Mapping[str, str | int] | None = None) -> dict[str, Any]:
        """GET a JSON object. When the source refuses a held token, the request is repeated once with a new one."""
        had_one = self._is_held()
        try:
            return self._web.fetch_json(self._source, url, params, self.header())
        except CredentialsError:
            self._held = None
            if not had_one:
                raise
        return self._web.fetch_json(self._source, url, params, self.header())

    def stands(self, url: str) -> bool:
        """Whether an address exists; False only when the source answers 404 or 410. Raises ListenerError."""
        try:
            self.fetch_json(url)
        except NothingThere:
            return False
        return True

    def write(self, method: str, url: str, body: Mapping[str, Any]) -> None:
        """Send JSON once; the response must be JSON or empty. ListenerError when it was certainly refused, Doubtful
        when it may have arrived."""
        try:
            response = self._web.write(self._source, method, url, json=body, headers=self.header())
        except CredentialsError:
            self._held = None
            raise
        confirm(self._source, response)

    def _is_held(self) -> bool:
        return self._held is not None and self._monotonic() < self._held[1]

    def forget(self) -> None:
        """Drop the token, which the source refused."""
        self._held = None

    def header(self) -> dict[str, str]:
        """The Authorization header with a valid token. ListenerError when none is granted."""
        if self._held is None or self._monotonic() >= self._held[1]:
            grant = self._ask()
            self._held = (grant.token, self._monotonic() + grant.seconds - EARLIER)
            left = grant.refresh_seconds
            self.refresh_ends_at = None if left is None else self._web.clock() + timedelta(seconds=left)
        return {"Authorization": f"Bearer {self._held[0]}"}


def confirm(source: str, response: requests.Response) -> None:
    """Raise Doubtful when the response to a write is neither JSON nor empty: it may not come from the source."""
    if not response.content:
        return
    try:
        json_object(source, response)
    except ListenerError as trouble:
        raise doubtful(trouble) from None


def granted(source: str, web: Web, url: str, **kwargs: Any) -> Grant:
    """POST to a token server; `kwargs` are those of requests. ListenerError when it grants none."""
    response = web.send(source, "POST", url, **kwargs)
    if response.status_code in REFUSED:
        said = f"{address(url)} does not accept our credentials ({response.status_code}): check them, or make new ones"
        raise ListenerError(source, said, permanent=True)
    if response.status_code != 200:
        raise refusal(source, response, web.clock())
    answer = json_object(source, response)
    try:
        return Grant(str(answer["access_token"]), float(answer.get("expires_in", 3600)), _refresh_seconds(answer))
    except (KeyError, TypeError, ValueError):
        raise ListenerError(source, f"{address(url)} answered without a token that can be used") from None


def _refresh_seconds(answer: Mapping[str, Any]) -> float | None:
    """The refresh token's remaining seconds, as Google reports them for a limited one; None beyond a year."""
    said = answer.get("refresh_token_expires_in")
    whole = isinstance(said, int | float) and not isinstance(said, bool) and 0 <= said <= A_YEAR
    return float(said) if whole and said is not None else None


def needed(source: str, *names: str) -> list[str]:
    """The secrets of these names. ListenerError when one is missing."""
    try:
        held = [secret(name) for name in names]
    except HearbackError as trouble:
        raise ListenerError(source, str(trouble), permanent=True) from None
    missing = [name for name, said in zip(names, held, strict=True) if not said]
    if missing:
        said = f"{' and '.join(missing)} must be in the environment or in .streamlit/secrets.toml"
        raise ListenerError(source, said, permanent=True)
    return [said for said in held if said]
