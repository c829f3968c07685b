"""The middleware in front of all routes: refuses requests that are not ours, and adds headers to each response."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from functools import cache, lru_cache
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.http import origins
from dashboard.http.origins import Refusal

INDEX = Path(st.__file__).parent / "static" / "index.html"
HEADERS = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # without a referrer to us a form of ours would come from nowhere
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}

_logger = logging.getLogger(__name__)


class Gatekeeper:
    """ASGI middleware for HTTP and websockets alike."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = origins.refusal(headers)
        if refused is None:
            await self._app(scope, receive, _with_headers(send, headers.get("host", "")))
            return
        _logger.warning("Refused: %s", refused.said)
        await _refuse(refused, scope, receive, send)


async def _refuse(refused: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": refused.said})
        return
    answer = JSONResponse({"said": refused.said}, refused.status)
    await answer(scope, receive, _with_headers(send, ""))


def _with_headers(send: Send, host: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS | {"content-security-policy": policy(host)})
        await send(message)

    return sending


@lru_cache(maxsize=64)  # a host may come with any port
def policy(host: str) -> str:
    """The content security policy of a page on `host`, a host name of ours and its port.

    Streamlit draws its styles inline, loads the scripts of our components from blobs, and reckons whole numbers of 64
    bits in WebAssembly. Older browsers do not count websockets to 'self'.
    """
    sockets = f" ws://{host} wss://{host}" if host else ""
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", "blob:", "'wasm-unsafe-eval'", *_inline_scripts()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "'self' blob:",
        "connect-src": f"'self'{sockets}",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {allowed}" for name, allowed in rules.items())


@cache
def _inline_scripts() -> tuple[str, ...]:
    """The hashes of the scripts that stand in Streamlit's own page."""
    scripts = re.findall(r"<script>(.*?)</script>", INDEX.read_text(encoding="utf-8"), re.DOTALL)
    return tuple(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts)
