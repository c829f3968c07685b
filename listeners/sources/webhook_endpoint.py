"""The webhook's endpoint: checks a pushed request, stores its body for the webhook source, and answers.

Requests are signed by the Standard Webhooks specification: `webhook-id`, `webhook-timestamp` and `webhook-signature`,
which is "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body" with the shared secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from data import files
from data.models import HearbackError
from data.settings import Places, secret
from data.setup import Setup
from data.spool.batches import Content, drop
from data.spool.pushes import SUFFIX
from listeners.base import Options

SOURCE = "webhook"
LARGEST = 8 * 1024 * 1024  # bytes of one body
A_MINUTE = 60  # requests to one intake
TOLERANCE = timedelta(minutes=5)  # between the sender's clock and ours; an older request is a replay
SHORTEST_SECRET = 16  # characters
NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
ID = re.compile(r"[\w.:-]{1,200}")
RESERVED = frozenset({"on", "names", "approved", "every-minutes", "first-days"})


@dataclass(frozen=True, slots=True)
class Answered:
    """The response: an HTTP status and a sentence for its JSON; `wait`: seconds until the sender may try again."""

    status: int
    said: str
    wait: int | None = None


@dataclass
class WebhookEndpoint:
    """Receives requests for one data folder. Safe to share between threads. `rest`: returns the content of a body
    without erased mentions, None when it has none."""

    places: Places
    rest: Callable[[Path, Options, datetime], Content | None] = lambda *_: None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _requests: dict[tuple[str, bool], list[datetime]] = field(default_factory=dict)

    def receive(self, setup: Setup, name: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Answered:
        """Receive one request to the intake `name`. OSError when its body cannot be stored: the sender must send it
        again."""
        if name not in names(setup.sources.get(SOURCE, {})) or not is_on(setup):
            return Answered(404, "There is no intake of that name, or it is switched off.")
        if len(body) > LARGEST:
            return Answered(413, f"At most {LARGEST:,} bytes a request; send it in parts.")
        with self._lock:
            fault = _fault(name, headers, body, now)
            if wait := self._wait((name, fault is None), now):
                return Answered(429, f"At most {A_MINUTE} requests a minute under one name.", wait)
            if fault:
                return fault
            return self._keep(setup.sources[SOURCE], name, headers["webhook-id"], body, now)

    def _wait(self, who: tuple[str, bool], now: datetime) -> int:
        """Seconds until the next request is allowed; 0: now. Signed and unsigned requests are counted apart, so that
        unsigned ones cannot block the others."""
        times = [at for at in self._requests.get(who, []) if now - at < timedelta(minutes=1)]
        if len(times) >= A_MINUTE:
            return 1 + int((times[0] + timedelta(minutes=1) - now).total_seconds())
        self._requests[who] = [*times, now]
        return 0

    def _keep(self, options: Options, name: str, message_id: str, body: bytes, now: datetime) -> Answered:
        """Store the body, once per id; a sender that retries after a lost response gets the same status."""
        fingerprint = hashlib.sha256(body).hexdigest()
        seen_file = self.places.intake / f"{name}.seen"
        seen = _seen(seen_file, now)
        if message_id in seen:
            if seen[message_id].fingerprint != fingerprint:
                return Answered(409, "This id came before with another body.")
            return Answered(202, "Taken in before.")
        self._take(self.places.intake / f"{name}-{now:%Y%m%dT%H%M%S%f}-{fingerprint[:12]}{SUFFIX}", body, options, now)
        files.write(seen_file, json.dumps(seen | {message_id: _Seen(now.isoformat(), fingerprint)}).encode())
        return Answered(202, "Taken in.")

    def _take(self, path: Path, body: bytes, options: Options, now: datetime) -> None:
        """Store a body for the webhook source. Of one with erased mentions, only the rest is kept, as a batch.
        It is checked as an unfinished file, so that an erasure that ends later finds it."""
        partial = files.lay(path, body)
        rest = self.rest(partial, options, now)
        if rest is None:
            files.replace(partial, path)
            return
        if any(map(bool, rest.values())):
            drop(self.places.incoming, SOURCE, now, **rest)
        partial.unlink(missing_ok=True)


def names(options: Mapping[str, Any]) -> dict[str, str | None]:
    """The intakes of setup.toml: name -> the brand of all its mentions, None where none is given."""
    said = options.get("names", [])
    entries = [str(one).partition(" = ") for one in (said if isinstance(said, list) else [said])]
    return {name.strip(): brand.strip() or None for name, _, brand in entries if is_name(name.strip())}


def is_name(name: str) -> bool:
    """Whether an intake may have this name."""
    return bool(NAME.fullmatch(name)) and name not in RESERVED


def is_on(setup: Setup) -> bool:
    """Whether the webhook is switched on."""
    return setup.sources.get(SOURCE, {}).get("on") is not False


def secret_name(name: str) -> str:
    """The environment variable that holds an intake's secret: "HEARBACK_WEBHOOK_ACME_NEWS" for acme-news."""
    return f"HEARBACK_WEBHOOK_{name.upper().replace('-', '_')}"


def sign(key: str, message_id: str, seconds: int, body: bytes) -> str:
    """The signature of a request. `key`: "whsec_" and base64, as in the specification, or any other text."""
    said = f"{message_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(_bytes(key), said, "sha256")).decode()


def _bytes(key: str) -> bytes:
    if key.startswith("whsec_"):
        try:
            return base64.b64decode(key.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            pass  # no base64: use the text itself
    return key.encode()


def _fault(name: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Answered | None:
    """The response that refuses a request; None when it is signed and recent."""
    try:
        key = secret(secret_name(name))
    except HearbackError:
        key = None
    if not key or len(key) < SHORTEST_SECRET:
        return Answered(503, f"{secret_name(name)} is not set here, or has fewer than {SHORTEST_SECRET} characters.")
    message_id, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not ID.fullmatch(message_id) or not re.fullmatch(r"\d{1,12}", seconds):
        return Answered(401, "webhook-id, webhook-timestamp and webhook-signature must sign the request.")
    signature = sign(key, message_id, int(seconds), body).encode()
    given = headers.get("webhook-signature", "").encode("utf-8", "replace").split()
    if not any(hmac.compare_digest(signature, one) for one in given):
        return Answered(401, "The signature is not that of this request.")
    if abs(now.timestamp() - int(seconds)) > TOLERANCE.total_seconds():
        return Answered(401, "The request is too old or from the future; set the sender's clock.")
    return None


class _Seen(NamedTuple):
    """An accepted request: when, as ISO text, and the SHA-256 of its body."""

    at: str
    fingerprint: str


def _seen(path: Path, now: datetime) -> dict[str, _Seen]:
    """The accepted requests recent enough to be replayed, by id. A damaged file is deleted."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        seen = {key: _Seen(*one) for key, one in held.items()}
        return {key: one for key, one in seen.items() if now - datetime.fromisoformat(one.at) < 2 * TOLERANCE}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, IndexError, TypeError):
        path.unlink()
        return {}
