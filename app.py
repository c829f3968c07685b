"""The entry point: builds the app, starts the runtime with the server and closes it with it."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.runtime import now, open_runtime, report, runtime, use_runtime
from data import setup
from data.models import HearbackError
from data.retention import erasure
from data.settings import Places, places
from data.spool.batches import Content
from listeners.base import Options
from listeners.sources import webhook
from listeners.sources.webhook_endpoint import LARGEST, Answered, WebhookEndpoint


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start the runtime with the server, before any browser asks, and close it when the server ends."""
    try:
        opened = open_runtime(places(), listen=os.environ.get("HEARBACK_LISTEN", "on") != "off")
    except HearbackError as trouble:
        print(f"\nHearback cannot start. {trouble}\n", file=sys.stderr, flush=True)  # noqa: T201
        os._exit(1)  # the server would otherwise go on without a store
    use_runtime(opened)
    try:
        yield {}
    finally:
        use_runtime(None)
        await run_in_threadpool(opened.close)


async def healthz(_: Request) -> Response:
    """Answer with the report of Runtime.health: 200 when all is well, else 503."""
    well, told = await run_in_threadpool(report)
    return JSONResponse(told, status_code=200 if well else 503)


async def ingest(request: Request) -> Response:
    """Take a push under a source's name: write its body down, then answer; the listeners read it later."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            break  # the endpoint answers how much it takes
    answered = await run_in_threadpool(_receive, request, bytes(body))
    wait = {"Retry-After": str(answered.wait)} if answered.wait else None
    return JSONResponse({"said": answered.said}, answered.status, wait)


@cache
def _endpoint(here: Places) -> WebhookEndpoint:
    return WebhookEndpoint(here, _beside_erased)


def _beside_erased(body: Path, options: Options, moment: datetime) -> Content | None:
    with runtime().store.read() as store:
        if not erasure.suppresses_any(store):
            return None
    return webhook.rest(body, options, moment, lambda ids: _erased(ids, moment))


def _erased(ids: Collection[str], moment: datetime) -> set[str]:
    with runtime().store.read() as store:
        return erasure.suppressed(store, ids, moment)


def _receive(request: Request, body: bytes) -> Answered:
    try:
        listed = setup.load(runtime().places.setup)
        return _endpoint(runtime().places).receive(listed, request.path_params["name"], request.headers, body, now())
    except (HearbackError, OSError):
        return Answered(503, "It could not be written down here; keep it and come again.", 60)


app = st.App(
    "dashboard/main.py",
    lifespan=lifespan,
    routes=[Route("/healthz", healthz), Route("/ingest/{name}", ingest, methods=["POST"])],
)
