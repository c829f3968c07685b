"""The webhook's endpoint: checks a pushed request, stores its body for the webhook source, and answers.

Requests are signed by the Standard Webhooks specification: `webhook-id`, `webhook-timestamp` and `webhook-signature`,
which is "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body" with the shared secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data import files
from data.models import HearbackError
from data.settings import Places, secret
from data.setup import Setup
from data.spool.batches import Content, drop
from data.spool.pushes import SUFFIX
from listeners.base import Options
from listeners.sources.webhook_seen import TOLERANCE, SeenRequests

SOURCE = "webhook"
LARGEST = 8 * 1024 * 1024  # bytes of one body
A_MINUTE = 60  # requests to one intake
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


TAKEN, BEFORE = Answered(202, "Taken in."), Answered(202, "Taken in before.")
ANOTHER = Answered(409, "This id came before with another body.")
TOO_LARGE = Answered(413, f"At most {LARGEST:,} bytes a request; send it in parts.")


@dataclass
class WebhookEndpoint:
    """Receives requests for one data folder. Safe to share between threads. `rest`: returns the content of a body
    without erased mentions, None when it has none."""

    places: Places
    rest: Callable[[Path, Options, datetime], Content | None] = lambda *_: None
    _changes: threading.Condition = field(default_factory=threading.Condition)  # guards all below
    _requests: dict[tuple[str, bool], list[datetime]] = field(default_factory=dict)
    _seen: dict[str, SeenRequests] = field(default_factory=dict)  # by intake
    _storing: set[tuple[str, str]] = field(default_factory=set)  # intake and id of the bodies that are being stored

    def receive(self, setup: Setup, name: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Answered:
        """Receive one request to the intake `name`. OSError when its body cannot be stored: the sender must send it
        again."""
        if name not in names(setup.sources.get(SOURCE, {})) or not is_on(setup):
            return Answered(404, "There is no intake of that name, or it is switched off.")
        if len(body) > LARGEST:
            return TOO_LARGE
        fault = _fault(name, headers, body, now)
        with self._changes:
            wait = self._wait((name, fault is None), now)
        if wait:
            return Answered(429, f"At most {A_MINUTE} requests a minute under one name.", wait)
        return fault or self._keep(setup.sources[SOURCE], name, headers["webhook-id"], body, now)

    def _wait(self, who: tuple[str, bool], now: datetime) -> int:
        """Seconds until the next request is allowed; 0: now. Signed and unsigned requests are counted apart, so that
        unsigned ones cannot block the others."""
        # A clock that is set back must not count what came before for as long as it was set back.
        times = [at for at in self._requests.get(who, []) if abs(now - at) < timedelta(minutes=1)]
        if len(times) >= A_MINUTE:
            return 1 + int((times[0] + timedelta(minutes=1) - now).total_seconds())
        self._requests[who] = [*times, now]
        return 0

    def _keep(self, options: Options, name: str, message_id: str, body: bytes, now: datetime) -> Answered:
        """Store the body, once per id; a sender that retries after a lost response gets the same status. Bodies with
        other ids are stored meanwhile: the disk then syncs several at once."""
        fingerprint, request = hashlib.sha256(body).hexdigest(), (name, message_id)
        with self._changes:
            self._changes.wait_for(lambda: request not in self._storing)
            before = self._of(name).fingerprint(message_id, now)
            if before:
                return BEFORE if before == fingerprint else ANOTHER
            self._storing.add(request)
        try:
            mark = hashlib.sha256(f"{message_id} {fingerprint}".encode()).hexdigest()[:12]
            self._take(self.places.intake / f"{name}-{now:%Y%m%dT%H%M%S%f}-{mark}{SUFFIX}", body, options, now)
            with self._changes:
                self._of(name).add(message_id, fingerprint, now)
        finally:
            with self._changes:
                self._storing.discard(request)
                self._changes.notify_all()
        return TAKEN

    def _of(self, name: str) -> SeenRequests:
        if name not in self._seen:
            self._seen[name] = SeenRequests(self.places.intake / f"{name}.seen")
        return self._seen[name]

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


def unread_fault(headers: Mapping[str, str], now: datetime) -> Answered | None:
    """The response that refuses a request by its headers alone, before its body is read; None when they are in order.
    Who does not know how to sign keeps no body open."""
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length[:20]) > LARGEST:
        return TOO_LARGE
    message_id, seconds = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not ID.fullmatch(message_id) or not re.fullmatch(r"\d{1,12}", seconds):
        return Answered(401, "webhook-id, webhook-timestamp and webhook-signature must sign the request.")
    if abs(now.timestamp() - int(seconds)) > TOLERANCE.total_seconds():
        return Answered(401, "The request is too old or from the future; set the sender's clock.")
    return None


def _fault(name: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Answered | None:
    """The response that refuses a request; None when it is signed and recent."""
    try:
        key = secret(secret_name(name))
    except HearbackError:
        key = None
    if not key or len(key) < SHORTEST_SECRET:
        return Answered(503, f"{secret_name(name)} is not set here, or has fewer than {SHORTEST_SECRET} characters.")
    if fault := unread_fault(headers, now):
        return fault
    signature = sign(key, headers["webhook-id"], int(headers["webhook-timestamp"]), body).encode()
    given = headers.get("webhook-signature", "").encode("utf-8", "replace").split()
    if not any(hmac.compare_digest(signature, one) for one in given):
        return Answered(401, "The signature is not that of this request.")
    return None
