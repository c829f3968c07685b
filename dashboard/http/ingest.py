"""The route for pushes: reads a body with limits on its size, its time and how many are open, and has it stored."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from dashboard.runtime import now, runtime
from data import setup
from data.models import HearbackError
from data.retention import erasure
from data.settings import Places
from data.spool.batches import Content
from listeners.base import Options
from listeners.sources import webhook
from listeners.sources.webhook_endpoint import LARGEST, Answered, WebhookEndpoint, unread_fault

MOST_OPEN = 16  # bodies that are read at the same time
LONGEST_WAIT = 10.0  # seconds that a request waits for one of them to end
LONGEST_READ = 120.0  # seconds for a whole body
BUSY = Answered(503, f"{MOST_OPEN} requests are being read already; come again.", 2)
TOO_SLOW = Answered(408, f"The body was not whole within {LONGEST_READ:.0f} seconds; send it in parts.")
NOT_STORED = Answered(503, "It could not be written down here; keep it and come again.", 60)

_reading = asyncio.Semaphore(MOST_OPEN)


async def ingest(request: Request) -> Response:
    """Take a push under a source's name: write its body down, then answer; the listeners read it later."""
    answered = await _answer(request)
    wait = {"Retry-After": str(answered.wait)} if answered.wait else None
    return JSONResponse({"said": answered.said}, answered.status, wait)


async def _answer(request: Request) -> Answered:
    if refused := unread_fault(request.headers, now()):
        return refused
    try:
        await asyncio.wait_for(_reading.acquire(), LONGEST_WAIT)
    except TimeoutError:
        return BUSY
    try:
        async with asyncio.timeout(LONGEST_READ):
            body = await _read(request)
        return await run_in_threadpool(_receive, request, body)
    except TimeoutError:
        return TOO_SLOW
    except ClientDisconnect:
        return TOO_SLOW  # nobody hears it
    finally:
        _reading.release()


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            break  # the endpoint answers how much it takes
    return bytes(body)


@cache
def _endpoint(here: Places) -> WebhookEndpoint:
    return WebhookEndpoint(here, _beside_erased)


def _beside_erased(body: Path, options: Options, moment: datetime) -> Content | None:
    if not runtime().store.remembered(erasure.suppresses_any, "suppressed"):
        return None
    return webhook.rest(body, options, moment, lambda ids: _erased(ids, moment))


def _erased(ids: Collection[str], moment: datetime) -> set[str]:
    with runtime().store.read() as store:
        return erasure.suppressed(store, ids, moment)


def _setup(path: Path) -> setup.Setup:
    """What setup.toml says; read again when its file has changed."""
    try:
        seen = path.stat()
    except OSError:  # it is missing, or what is wrong is said by whoever reads it
        return setup.load(path)
    return _loaded(path, (seen.st_ino, seen.st_size, seen.st_mtime_ns))


@lru_cache(maxsize=1)
def _loaded(path: Path, _: tuple[int, int, int]) -> setup.Setup:
    return setup.load(path)


def _receive(request: Request, body: bytes) -> Answered:
    try:
        listed = _setup(runtime().places.setup)
        return _endpoint(runtime().places).receive(listed, request.path_params["name"], request.headers, body, now())
    except (HearbackError, OSError):
        return NOT_STORED
