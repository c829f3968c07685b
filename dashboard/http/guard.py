"""The middleware behind the gatekeeper: lets nobody past the login page who is not logged in."""

from __future__ import annotations

import logging

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from dashboard.http import door, health
from dashboard.runtime import now, runtime
from data.models import HearbackError
from data.people import links, login, providers, sessions

LOGIN, LOGOUT = "/login", "/logout"
OPEN_PATHS = (LOGIN, f"{LOGIN}/link", LOGOUT, "/healthz", "/auth/login", "/auth/logout", "/oauth2callback")
OPEN_BELOW = (f"{LOGIN}/with/", "/ingest/")  # a push carries a signature of its own
SAID = "Log in first."
NO_LOGIN = (
    "Hearback can be reached from other machines and has no login, so it answers nobody there. On its own machine, "
    "python -m data people add NAME --role lead and python -m data people link NAME make one."
)

_logger = logging.getLogger(__name__)


class Guard:
    """ASGI middleware for HTTP and websockets alike."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        refused = refusal(HTTPConnection(scope))
        if refused is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": SAID})
        else:
            await refused(scope, receive, send)


def is_open(path: str) -> bool:
    """Whether whoever is not logged in may ask for this path."""
    return path in OPEN_PATHS or path.startswith(OPEN_BELOW)


def refusal(asked: HTTPConnection) -> Response | None:
    """What is answered to whoever may not go on: the way to the login page for a page, else a sentence. None for those
    who may. Where people log in with a provider, the page itself looks at whom the provider's cookie names."""
    try:
        here = runtime().places
        if not door.asks_for_login(here):
            is_from_here = health.is_from_here(asked.client.host if asked.client else "", asked.headers)
            return None if is_from_here else JSONResponse({"said": NO_LOGIN}, 503)
        if not login.is_on(here) and not links.is_any_lead_expected(here, now()):
            return JSONResponse({"said": NO_LOGIN}, 503)
        if sessions.person_of(here, asked.cookies.get(sessions.COOKIE), now()):
            return None
        if USER_COOKIE_NAME in asked.cookies and providers.known():
            return None
    except HearbackError as trouble:
        _logger.error("Nobody can be let in: %s", trouble)
        return JSONResponse({"said": str(trouble)}, 503)
    return (
        RedirectResponse(LOGIN, 303) if _is_page(asked.headers, asked.url.path) else JSONResponse({"said": SAID}, 401)
    )


def _is_page(headers: Headers, path: str) -> bool:
    return "text/html" in headers.get("accept", "") and not path.startswith(("/_stcore/", "/media/", "/static/"))
