"""The door: on which address Hearback listens, under which name it is reached, and that no door stands open."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from streamlit import config
from uvicorn import Server

from dashboard.http.origins import SETTING, host_names
from data.models import HearbackError
from data.people import links, login
from data.settings import Places, secrets_file
from listeners import addresses

ADDRESS, URL = "HEARBACK_ADDRESS", "HEARBACK_URL"
REFUSED = (
    "It would {reached}, and has no login: whoever found it could do everything. First make a lead: python -m data "
    "people add NAME --role lead, then python -m data people link NAME. With that link the lead chooses a password, "
    "here or once it runs. Or set up a provider in .streamlit/secrets.toml, as docs/people.md says."
)


def listen_where_told(server: Any = Server) -> None:
    """Listen on HEARBACK_ADDRESS, where it is set, and answer under the name of HEARBACK_URL; called before the server
    listens. Streamlit has bound a socket by its own setting by then, so uvicorn's server is extended in place, once, to
    exchange it."""
    config.set_option("secrets.files", [str(secrets_file())])
    with suppress(HearbackError):  # said when it starts
        config.set_option(SETTING, [*config.get_option(SETTING), *_public_names()])
    address = os.environ.get(ADDRESS, "").strip()
    startup = server.startup
    if not address or getattr(startup, "is_told", False):
        return
    config.set_option("server.address", address)

    async def told(self: Any, sockets: list[Any] | None = None) -> None:
        self.config.host = address
        if sockets is not None:
            for bound in sockets:
                bound.close()
            sockets[:] = [self.config.bind_socket()]
        await startup(self, sockets=sockets)

    told.is_told = True  # type: ignore[attr-defined]
    server.startup = told


def _public_names() -> list[str]:
    """The host name of HEARBACK_URL; none where it is not set. HearbackError where it is no address."""
    said = os.environ.get(URL, "").strip()
    if not said:
        return []
    parts = addresses.split(said)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise HearbackError(f"{URL} is {said!r}. Write the address people type, as https://hearback.example.com.")
    return [parts.hostname]


def insist_on_login(here: Places, now: datetime) -> None:
    """HearbackError where others could reach Hearback and nobody has to log in, or HEARBACK_URL is no address. A lead
    whose link still holds can log in once it runs."""
    _public_names()
    if not is_on_this_machine() and not login.is_on(here) and not links.is_any_lead_expected(here, now):
        raise HearbackError(REFUSED.format(reached=_reached()))


def _reached() -> str:
    if not _is_loopback(config.get_option("server.address") or ""):
        address = config.get_option("server.address") or "every address"
        return f"listen on {address}, where other machines reach it"
    names = sorted(name for name in host_names() if not _is_loopback(name))
    return f"answer under {names[0]}, as behind a proxy that others reach"


def asks_for_login(here: Places) -> bool:
    """Whether people must log in: where a lead can, and wherever others could reach Hearback."""
    return login.is_on(here) or not is_on_this_machine()


def is_on_this_machine() -> bool:
    """Whether only this machine reaches Hearback: it listens on the loopback, and answers under no other name."""
    return _is_loopback(config.get_option("server.address") or "") and all(map(_is_loopback, host_names()))


@lru_cache(maxsize=64)
def _is_loopback(name: str) -> bool:
    """Whether an address or a host name is this machine's alone. A name, and none at all, may be any."""
    bare = name.strip("[]")
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return bare == "localhost"


def is_by_https(scheme: str) -> bool:
    """Whether a browser came by TLS. `scheme`: of the request, as the proxy on this machine told it."""
    return scheme in ("https", "wss") or os.environ.get(URL, "").strip().startswith("https:")


def public_url(host: str, scheme: str) -> str:
    """Where people find Hearback, without a slash at its end: HEARBACK_URL, or the address of the request."""
    return os.environ.get(URL, "").strip().rstrip("/") or f"{scheme}://{host}"
