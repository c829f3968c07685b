"""The routes of the login: the page, a password, a one-time link, a provider, and the way out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit.auth_util import encode_provider_token
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from dashboard.http import door, login_page
from dashboard.runtime import now, runtime
from data.models import HearbackError
from data.people import audit, links, login, people, providers, sessions
from data.people.audit import Event
from data.people.login import TooManyTries, WrongPassword
from data.people.passwords import Tries
from data.people.people import Person

Handler = Callable[[Request], Awaitable[Response]]

LARGEST_FORM = 8_192  # bytes
MOST_FIELDS = 10
MOST_CHECKS = 1  # passwords that are looked at together: each takes a core and 64 MiB
MOST_WAITING = 4  # of one address; more would keep all others waiting
NO_STORE = {"Cache-Control": "no-store"}

_tries = Tries()
_checking = asyncio.Semaphore(MOST_CHECKS)
_waiting: Counter[str] = Counter()  # by address


@asynccontextmanager
async def _turn(address: str) -> AsyncIterator[None]:
    """Wait for a core. TooManyTries where others of this address wait already."""
    if _waiting[address] >= MOST_WAITING:
        raise TooManyTries(2.0, "Several people log in from your network at this moment")
    _waiting[address] += 1
    try:
        async with _checking:
            yield
    finally:
        _waiting[address] -= 1
        if not _waiting[address]:
            del _waiting[address]


async def show(request: Request) -> Response:
    """The login page; the way to the pages for whoever is logged in, or where there is no login."""
    here = runtime().places
    if not door.asks_for_login(here) or sessions.person_of(here, request.cookies.get(sessions.COOKIE), now()):
        return _to("/")
    return _page()


async def enter(request: Request) -> Response:
    """Log in with a name and a password."""
    form = await _form(request)
    if form is None:
        return _page("That was too long.", 413)
    name, address = form.get("name", ""), _address(request)
    try:
        if wait := _tries.wait(name, address):
            raise TooManyTries(wait)  # before anybody waits for a core
        async with _turn(address):
            person = await run_in_threadpool(
                login.by_password, runtime().places, _tries, name, form.get("password", ""), address
            )
    except TooManyTries as refusal:
        return _page(str(refusal), 429, name, {"Retry-After": str(max(1, round(refusal.wait)))})
    except WrongPassword as refusal:
        return _page(str(refusal), 401, name)
    return _let_in(request, person)


async def show_link(request: Request) -> Response:
    """The page of a one-time link, which sets a password."""
    token = request.query_params.get("token", "")
    try:
        person = links.holder(runtime().places, token, now())
    except HearbackError as refusal:
        return HTMLResponse(login_page.notice("This link does not work", str(refusal)), 410, NO_STORE)
    return HTMLResponse(login_page.choose_password(token, person.name), headers=NO_STORE)


async def use_link(request: Request) -> Response:
    """Set the password by a one-time link and log in."""
    token, form = request.query_params.get("token", ""), await _form(request) or {}
    try:
        person = links.holder(runtime().places, token, now())
        if form.get("password") != form.get("again"):
            said = "The two are not the same. Type both again."
            return HTMLResponse(login_page.choose_password(token, person.name, said=said), 422, NO_STORE)
        async with _turn(_address(request)):
            person = await run_in_threadpool(links.use, runtime().places, token, form.get("password", ""), now())
    except HearbackError as refusal:
        return await _link_refused(token, refusal)
    audit.note(runtime().places, Event.LOGIN, person.name, how="link", address=_address(request))
    return _let_in(request, person)


async def _link_refused(token: str, refusal: HearbackError) -> Response:
    try:
        person = links.holder(runtime().places, token, now())
    except HearbackError:
        return HTMLResponse(login_page.notice("This link does not work", str(refusal)), 410, NO_STORE)
    return HTMLResponse(login_page.choose_password(token, person.name, said=str(refusal)), 422, NO_STORE)


async def go_to_provider(request: Request) -> Response:
    """The way to a provider's own login, by Streamlit's route for it."""
    name = request.path_params["provider"]
    if name not in providers.known():
        return HTMLResponse(login_page.notice("There is no such provider", "Choose another way."), 404, NO_STORE)
    return _to(f"/auth/login?{urlencode({'provider': encode_provider_token(name)})}")


async def leave(request: Request) -> Response:
    """Log out: every session of the person ends. A link on another site cannot do it."""
    if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
        return _to("/")
    here = runtime().places
    person = sessions.person_of(here, request.cookies.get(sessions.COOKIE), now())
    if person is not None:
        audit.note(here, Event.LOGOUT, person.name)
        await run_in_threadpool(people.end_sessions, here, person.id)
    answer = _to("/auth/logout" if USER_COOKIE_NAME in request.cookies else "/login")
    answer.delete_cookie(sessions.COOKIE, path="/", httponly=True, samesite="lax")
    return answer


def _told(answer: Handler) -> Handler:
    """The same handler, which says in a page of ours why nobody can log in: a damaged list of people, a full disk."""

    async def told(request: Request) -> Response:
        try:
            return await answer(request)
        except HearbackError as trouble:
            return HTMLResponse(login_page.notice("Nobody can log in just now", str(trouble)), 503, NO_STORE)

    return told


ROUTES = [
    Route("/login", _told(show), methods=["GET"]),
    Route("/login", _told(enter), methods=["POST"]),
    Route("/login/link", _told(show_link), methods=["GET"]),
    Route("/login/link", _told(use_link), methods=["POST"]),
    Route("/login/with/{provider}", _told(go_to_provider), methods=["GET"]),
    Route("/logout", _told(leave), methods=["GET"]),
]


def _let_in(request: Request, person: Person) -> Response:
    answer = _to("/")
    answer.set_cookie(
        sessions.COOKIE, sessions.cookie_for(runtime().places, person, now()),
        max_age=int(sessions.LASTS.total_seconds()), path="/", httponly=True, samesite="lax",
        secure=door.is_by_https(request.url.scheme),
    )  # fmt: skip
    return answer


def _page(said: str = "", status: int = 200, name: str = "", headers: dict[str, str] | None = None) -> Response:
    ways = [(_label(one), f"/login/with/{one}") for one in providers.known()]
    shown = login_page.login(
        said=said, name=name[: people.LONGEST_NAME * 2], providers=ways,
        has_passwords=login.has_passwords(runtime().places) or not ways,
    )  # fmt: skip
    return HTMLResponse(shown, status, NO_STORE | (headers or {}))


def _label(provider: str) -> str:
    return "Log in with your account" if provider == providers.DEFAULT else f"Log in with {provider.capitalize()}"


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303, NO_STORE)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a posted form; None where it is too long, or has too many."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            return None
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return None
