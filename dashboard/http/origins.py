"""Tells whether a request is one of ours: its host name must be ours, and the page that sends it must be our own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from starlette.datastructures import Headers
from streamlit import config

from listeners import addresses

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
WILDCARDS = ("0.0.0.0", "::")  # noqa: S104  # addresses to listen on, and no host names
SETTING = "server.allowedHosts"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused: an HTTP status and a sentence."""

    status: int
    said: str


def refusal(headers: Headers) -> Refusal | None:
    """Why a request with these headers is refused; None when it is ours.

    A name that an attacker points at 127.0.0.1 is no host name of ours. A page on another host, port or name is
    another origin. What no browser sends has no Origin, and is told apart by its host name only.
    """
    host = headers.get("host", "")
    if host_name(host) not in host_names():
        return Refusal(421, f"This host name is not one of Hearback's. Add it to {SETTING}, as docs/processes.md says.")
    if not {f"http://{host}", f"https://{host}"}.issuperset(headers.getlist("origin")):
        return Refusal(403, "A page of another origin asked for this; only Hearback's own pages may.")
    if headers.get("sec-fetch-site") in ("cross-site", "same-site") and headers.get("sec-fetch-dest") != "document":
        return Refusal(403, "A page of another origin asked for this; only Hearback's own pages may.")
    return None


def host_names() -> frozenset[str]:
    """The host names under which Hearback answers: those of the loopback, the address it listens on, and those that
    people set."""
    given = (*config.get_option(SETTING), config.get_option("browser.serverAddress").partition("/")[0])
    return _host_names(config.get_option("server.address") or "", given)


@lru_cache(maxsize=8)  # asked several times for each press and each request
def _host_names(address: str, given: tuple[str, ...]) -> frozenset[str]:
    own = [] if address in WILDCARDS else [f"[{address}]" if ":" in address else address]
    names = map(host_name, [*LOOPBACK, *own, *map(str.strip, given)])
    return frozenset(name for name in names if name and name != "*")


def host_name(host: str) -> str | None:
    """The name in a Host header, in lower case and without its port; None where it is no host and port."""
    parts = addresses.split(f"//{host}")
    is_bare = parts.netloc == host and "@" not in host
    return parts.hostname.removesuffix(".") if parts.hostname and is_bare else None


def share_host_names() -> None:
    """Have Streamlit's own check of websockets know the same host names. It would else refuse the loopback where people
    set other names."""
    config.set_option(SETTING, sorted(host_names()))
