"""The route /healthz: the whole report for this machine and for who has the token, else only whether all is well."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
import time
from dataclasses import dataclass

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from dashboard.http.origins import LOOPBACK, host_name
from dashboard.runtime import report
from data.models import HearbackError
from data.settings import VERSION, secret

TOKEN = "HEARBACK_HEALTH_TOKEN"  # noqa: S105  # the name of the setting
AGAIN_AFTER = 1.0  # seconds for which others are told what was found last: asking costs the store some work
# What a proxy adds. One on this machine connects from the loopback, too.
FORWARDED = {"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip"}


async def healthz(request: Request) -> Response:
    """Answer 200 when all is well, else 503, with the report of Runtime.health as far as the asker may see it."""
    client = request.client.host if request.client else ""
    if is_from_here(client, request.headers) or await run_in_threadpool(has_token, request.headers):
        well, told = await run_in_threadpool(report)
        return _answer(well, {"version": VERSION, **told})
    well = await _status.is_well()
    return _answer(well, {"status": "ok" if well else "trouble"})


def _answer(is_well: bool, told: dict[str, object]) -> Response:
    content = orjson.dumps(told, default=str)  # what is no number is null: the answer can be read at every moment
    headers = {"cache-control": "no-store"}
    return Response(content, 200 if is_well else 503, headers, media_type="application/json")


def is_from_here(client: str, headers: Headers) -> bool:
    """Whether a request comes from this machine and through no proxy. `client`: the address it comes from. A proxy that
    tells of no other machine, but keeps the name it was asked under, is told apart by that name."""
    forwarded = any(name in FORWARDED or name.startswith("x-forwarded-") for name in headers)
    return _is_loopback(client) and not forwarded and host_name(headers.get("host", "")) in _LOOPBACK_NAMES


_LOOPBACK_NAMES = {host_name(name) for name in LOOPBACK}


def _is_loopback(client: str) -> bool:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return False
    inner = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (inner or address).is_loopback


def has_token(headers: Headers) -> bool:
    """Whether a request carries the token of the setting HEARBACK_HEALTH_TOKEN. Where none is set, none fits."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return False
    try:
        wanted = (secret(TOKEN) or "").strip()
    except HearbackError:  # the pages say why the secrets cannot be read
        return False
    return bool(wanted) and secrets.compare_digest(given.strip().encode("latin-1", "replace"), wanted.encode())


@dataclass
class _Status:
    """Whether all is well, as it was found last."""

    at: float = -AGAIN_AFTER  # seconds of the monotonic clock
    found: bool = False

    def __post_init__(self) -> None:
        self._asking = asyncio.Lock()

    async def is_well(self) -> bool:
        """What was found within AGAIN_AFTER, or what is found now; one looks while the others wait."""
        async with self._asking:
            if time.monotonic() - self.at >= AGAIN_AFTER:
                self.found, _ = await run_in_threadpool(report)
                self.at = time.monotonic()
            return self.found


_status = _Status()
