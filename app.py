"""The entry point: builds the app, starts the runtime with the server and closes it with it."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.routing import Route

from dashboard import edge
from dashboard.http import door, login, logs, origins, slow_clients
from dashboard.http.gatekeeper import Gatekeeper
from dashboard.http.guard import Guard
from dashboard.http.health import healthz
from dashboard.http.ingest import ingest
from dashboard.runtime import open_runtime, use_runtime
from data.clock import now_in_utc
from data.models import HearbackError
from data.settings import VERSION, places

_logger = logging.getLogger("app")


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Start the runtime with the server, before any browser asks, and close it when the server ends."""
    origins.share_host_names()
    try:
        logs.begin()
        door.insist_on_login(places(), now_in_utc())
        opened = open_runtime(places(), listen=os.environ.get("HEARBACK_LISTEN", "on") != "off")
    except HearbackError as trouble:
        _logger.critical("Hearback cannot start. %s", trouble)
        os._exit(1)  # the server would otherwise go on without a store
    _logger.info("Hearback %s has started.", VERSION)
    use_runtime(opened)
    cutting_off = asyncio.create_task(slow_clients.cut_off())
    try:
        yield {}
    finally:
        cutting_off.cancel()
        use_runtime(None)
        await run_in_threadpool(opened.close)
        _logger.info("Hearback has ended.")


door.listen_where_told()
slow_clients.watch()
edge.watch_presses()
app = st.App(
    "dashboard/main.py",
    lifespan=lifespan,
    middleware=[Middleware(Gatekeeper), Middleware(Guard)],
    on_script_error=edge.page_failed,
    routes=[Route("/healthz", healthz), Route("/ingest/{name}", ingest, methods=["POST"]), *login.ROUTES],
)
