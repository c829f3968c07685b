"""HTTP requests with limits on time and size; every failure becomes a ListenerError in plain words."""

from __future__ import annotations

import io
import logging
import math
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from data.clock import Clock, now_in_utc
from data.settings import VERSION
from listeners import addresses
from listeners.base import Doubtful, ListenerError
from listeners.http import server_time

AGENT = f"Hearback/{VERSION} (reads what people say about its team's own brands)"
CHUNK = 65_536
REDIRECTS = 5
LONGEST_PATIENCE = 86_400.0  # seconds; a source that asks for more than a day is asked again after one
EPOCH_LIKE = 1e9  # a number of seconds that large is an instant, not a wait
MOVED = frozenset({301, 302, 303, 307, 308})

# What a status means, for people. Those in PERMANENT need a person. For other 4xx and 5xx see `refusal`.
PERMANENT = {
    401: "does not accept our credentials (401): check them, or make new ones",
    403: "refuses us (403): it may be private, or we may lack the rights",
    404: "has nothing there (404): check the address",
    410: "says that this is gone for good (410)",
    451: "may not show this for legal reasons (451)",
}
PASSING = {
    408: "gave up waiting for us (408)",
    425: "asks us to come later (425)",
    429: "asks us to slow down (429)",
    503: "is overloaded or being mended (503)",
}
NO_ADDRESS = (
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidURL,
    urllib3.exceptions.LocationValueError,
    UnicodeError,
)


# At DEBUG urllib3 writes whole addresses, and some sources want their key in there.
logging.getLogger("urllib3").setLevel(logging.INFO)


class AddressError(ListenerError):
    """One address is closed to us; others of the same source may be open."""


class NothingThere(AddressError):
    """There is nothing at this address, or no longer (404, 410)."""


class CredentialsError(ListenerError):
    """The source refused our credentials; a new token may help."""


class NeverSent(ListenerError):
    """No connection was made, so the request has not arrived."""


KINDS: dict[int, type[ListenerError]] = {
    401: CredentialsError,
    403: AddressError,
    404: NothingThere,
    410: NothingThere,
    451: AddressError,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a request, in seconds and bytes. `read`: until all headers are there, and between two pieces."""

    connect: float = 10.0
    read: float = 25.0
    total: float = 60.0
    size: int = 32 * 1024 * 1024


class _Prompt(HTTPConnection):
    """A connection whose headers must all arrive within the read time-out, which a slow sender would keep renewing."""

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]
        late = threading.Event()
        timer = threading.Timer(self.timeout or Limits().read, _cut, (self.sock, late))
        timer.daemon = True
        timer.start()
        try:
            response = super().getresponse()
        except (OSError, HTTPException):
            if late.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()
        if late.is_set():  # the cut passes for the end of the headers
            raise TimeoutError
        return response


def _cut(connection: Any, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):  # it may be gone already
        # The plain socket's own method: TLS would wait for a farewell that a hanging server never sends.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class _PromptSecure(_Prompt, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Prompt


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _PromptSecure


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        return None  # we follow them ourselves: requests would read a redirect's body without any limit


class Web:
    """One session with limits. Safe to share between threads: it keeps no cookies."""

    def __init__(self, limits: Limits | None = None, clock: Clock | None = None) -> None:
        self.limits = limits or Limits()
        self.clock = clock or now_in_utc
        self.session = _Session()
        self.session.headers["User-Agent"] = AGENT
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, _Adapter())

    def send(self, source: str, method: str, url: str, **kwargs: Any) -> requests.Response:
        """Send one request and return its complete response, whatever its status; redirects are not followed.

        `kwargs` are those of requests. ListenerError when no complete response came within the limits.
        """
        ends = time.monotonic() + self.limits.total
        kwargs |= {"stream": True, "timeout": (self.limits.connect, self.limits.read)}
        try:
            response = self.session.request(method, url, **kwargs)
        except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as trouble:
            raise unreachable(source, url, trouble) from None
        response.raw = io.BytesIO(self._body(source, url, response, ends))
        server_time.note(response.url, response.headers)
        return response

    def _body(self, source: str, url: str, response: requests.Response, ends: float) -> bytes:
        body = bytearray()
        try:
            while piece := response.raw.read1(CHUNK, decode_content=True):
                body += piece
                if len(body) > self.limits.size:
                    text = f"{address(url)} sent more than {self.limits.size:,} bytes; we stopped reading"
                    raise ListenerError(source, text, permanent=True)
                if time.monotonic() > ends:
                    raise ListenerError(source, f"{address(url)} was not done after {self.limits.total:g} s")
        except (urllib3.exceptions.HTTPError, HTTPException, OSError) as trouble:
            raise unreachable(source, url, trouble) from None
        finally:
            response.raw.close()
        return bytes(body)

    def fetch(
        self,
        source: str,
        url: str,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """GET `url`, following redirects; the response has status 2xx or 304. ListenerError for everything else."""
        sent_to = url
        for _ in range(REDIRECTS + 1):
            response = self.send(source, "GET", url, params=params, headers=headers)
            if response.status_code not in MOVED or "location" not in response.headers:
                break
            following = addresses.joined(response.url, response.headers["location"])
            if following is None:
                raise ListenerError(source, f"{address(sent_to)} sends us on to what is no address", permanent=True)
            url, params = following, None
        else:
            raise ListenerError(source, f"{address(sent_to)} sends us round in circles", permanent=True)
        if response.status_code >= 300 and response.status_code != 304:
            raise refusal(source, response, self.clock())
        return response

    def fetch_json(
        self,
        source: str,
        url: str,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """GET a JSON object. ListenerError when the response is anything else."""
        return json_object(source, self.fetch(source, url, params, headers))

    def write(
        self, source: str, method: str, url: str, refused_as: Refuse | None = None, **kwargs: Any
    ) -> requests.Response:
        """Send a write once, without redirects or retries. The response has status 2xx.

        `kwargs` are those of requests; `refused_as` makes the error for other statuses, instead of `refusal`.
        ListenerError when it was certainly refused, Doubtful when it may have arrived.
        """
        try:
            response = self.send(source, method, url, **kwargs)
        except (NeverSent, AddressError):
            raise
        except ListenerError as trouble:
            raise doubtful(trouble) from None
        if response.status_code >= 300:
            refused = (refused_as or refusal)(source, response, self.clock())
            raise doubtful(refused) if response.status_code >= 500 else refused
        return response

    def write_json(self, source: str, method: str, url: str, **kwargs: Any) -> dict[str, Any]:
        """Send a write as `write` does; return the response's JSON object. Doubtful when it is anything else."""
        response = self.write(source, method, url, **kwargs)
        try:
            return json_object(source, response)
        except ListenerError as trouble:
            raise doubtful(trouble) from None


Refuse = Callable[[str, requests.Response, datetime], ListenerError]


def doubtful(trouble: ListenerError) -> Doubtful:
    """The error of a write that may have arrived in spite of `trouble`."""
    said = f"{trouble}; whether it arrived is not known"
    return Doubtful(trouble.source, said, permanent=trouble.permanent, retry_after=trouble.retry_after)


def json_object(source: str, response: requests.Response) -> dict[str, Any]:
    """A response's JSON object. ListenerError when it holds anything else."""
    try:
        answer = response.json()
    except ValueError:
        raise not_as_agreed(source, response, "JSON") from None
    if not isinstance(answer, dict):
        raise not_as_agreed(source, response, "a JSON object")
    return answer


def address(url: str) -> str:
    """Host and path of a URL, without the parts that may be secret (user, query)."""
    parts = addresses.split(url)
    return f"{parts.hostname or ''}{parts.path}" or "the address"


def unreachable(source: str, url: str, trouble: Exception) -> ListenerError:
    """The error for a request without a complete response: why, in plain words; NeverSent when no connection was
    made."""
    where = address(url)
    if isinstance(trouble, (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)):
        kind = NeverSent if isinstance(trouble, requests.ConnectTimeout) else ListenerError
        return kind(source, f"{where} did not answer in time")
    if isinstance(trouble, requests.exceptions.SSLError | urllib3.exceptions.SSLError):
        return ListenerError(source, f"{where} could not prove who it is (TLS)")
    if isinstance(trouble, NO_ADDRESS):
        return AddressError(source, f"{where} is no address that can be fetched", permanent=True)
    if "resol" in str(trouble).casefold():
        return NeverSent(source, f"the name of {where} could not be looked up: is there a network?")
    reason = getattr(trouble.args[0], "reason", None) if trouble.args else None
    kind = NeverSent if isinstance(reason, urllib3.exceptions.NewConnectionError) else ListenerError
    return kind(source, f"the connection to {where} failed or was cut")


def refusal(source: str, response: requests.Response, now: datetime) -> ListenerError:
    """The error for a response's status."""
    status, where = response.status_code, address(response.url)
    wait = retry_after(response.headers, now)
    if wait is None and status == 429:
        wait = reset_after(response.headers, now)
    if status in PERMANENT:
        return KINDS.get(status, ListenerError)(
            source, f"{where} {PERMANENT[status]}", permanent=True, retry_after=wait
        )
    if status in PASSING or status >= 500:
        meaning = PASSING.get(status, f"is in trouble ({status})")
        return ListenerError(source, f"{where} {meaning}", retry_after=wait)
    return AddressError(source, f"{where} did not understand us ({status})", permanent=True, retry_after=wait)


def not_as_agreed(source: str, response: requests.Response, wanted: str) -> ListenerError:
    """The error for a response of status 200 that does not hold `wanted`."""
    page = response.content.lstrip()[:100].lower().startswith((b"<!doctype html", b"<html"))
    got = "a web page" if page else "nothing" if not response.content else "something unreadable"
    return ListenerError(source, f"{address(response.url)} answered with {got} instead of {wanted}")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait by the Retry-After header, a number or a date; None when it gives no usable one.

    A date is compared with the server's own Date header, in case our clock is wrong. 0 to a day.
    """
    said = headers.get("retry-after", "").strip()
    try:
        seconds = float(said)
    except ValueError:
        until = _http_date(said)
        if until is None:
            return None
        seconds = (until - (_http_date(headers.get("date", "")) or now)).total_seconds()
    return min(max(seconds, 0.0), LONGEST_PATIENCE) if math.isfinite(seconds) else None


def reset_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until a rate limit resets, by RateLimit-Reset or X-RateLimit-Reset: an instant in epoch seconds or ISO
    8601, or seconds from now. 0 to a day; None when there is no usable one."""
    said = headers.get("ratelimit-reset") or headers.get("x-ratelimit-reset") or ""
    server_now = _http_date(headers.get("date", "")) or now
    try:
        seconds = float(said)
        seconds -= server_now.timestamp() if seconds > EPOCH_LIKE else 0.0
    except ValueError:
        try:
            until = datetime.fromisoformat(said)
        except ValueError:
            return None
        seconds = ((until if until.tzinfo else until.replace(tzinfo=UTC)) - server_now).total_seconds()
    return min(max(seconds, 0.0), LONGEST_PATIENCE) if math.isfinite(seconds) else None


def share_left(headers: Mapping[str, str]) -> float | None:
    """The remaining share of a rate limit by its headers, 0 to 1; None when they do not tell."""
    for prefix in ("ratelimit", "x-ratelimit"):
        try:
            most, left = float(headers[f"{prefix}-limit"]), float(headers[f"{prefix}-remaining"])
        except (KeyError, ValueError):
            continue
        if most > 0 and math.isfinite(most) and math.isfinite(left):
            return min(max(left / most, 0.0), 1.0)
    return None


def _http_date(said: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
