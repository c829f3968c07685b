"""robots.txt: fetches each site's rules once a day, for sources that read web pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from data.clock import Clock
from listeners import addresses
from listeners.base import ListenerError
from listeners.http.web import AddressError, Web

NAME = "Hearback"  # our name in a robots.txt
GOOD_FOR = timedelta(hours=24)  # RFC 9309, 2.4: not longer
LARGEST = 512_000  # bytes; RFC 9309, 2.5: at least 500 KiB must be read


@dataclass(frozen=True, slots=True)
class Rules:
    """One site's rules. `parsed` is Protego's; None: the site has no rules."""

    parsed: Any
    read_at: datetime

    def allow(self, url: str) -> bool:
        """Whether we may read this address."""
        return self.parsed is None or bool(self.parsed.can_fetch(url, NAME))

    @property
    def pause(self) -> timedelta:
        """The site's crawl delay: the least time between two requests, a day at most."""
        seconds = self.parsed.crawl_delay(NAME) if self.parsed else None
        return timedelta(seconds=min(float(seconds or 0.0), 86_400.0))


@dataclass
class Robots:
    """The rules of each site, cached for a day. By RFC 9309 a missing file allows everything, and a server error allows
    nothing."""

    web: Web
    clock: Clock
    _known: dict[str, Rules] = field(default_factory=dict)

    def of(self, source: str, url: str) -> Rules:
        """The rules for an address. ListenerError when its robots.txt cannot be fetched now: then read nothing
        there."""
        parts = addresses.split(url)
        site = f"{parts.scheme}://{parts.netloc}"
        known = self._known.get(site)
        if known is None or self.clock() - known.read_at >= GOOD_FOR:
            known = self._known[site] = Rules(self._ask(source, f"{site}/robots.txt"), self.clock())
        return known

    def _ask(self, source: str, url: str) -> Any:
        from protego import Protego

        try:
            response = self.web.fetch(source, url)
        except AddressError:
            return None  # the site has no rules for us
        except ListenerError as trouble:
            if trouble.permanent:
                return None  # 401 is "unavailable" too (RFC 9309, 2.3.1.3)
            raise
        return Protego.parse(response.content[:LARGEST].decode("utf-8", "replace"))
