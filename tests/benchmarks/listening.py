"""A process that listens to local servers until nothing new comes, and says how much that was, how long it took and how
much memory it held: `python -m tests.benchmarks.listening SECONDS_SINCE_EPOCH {"hackernews": "http://..."}`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.settings import places
from data.setup import load
from data.spool.batches import waiting
from listeners.registry import LISTENERS, RECHECKERS
from listeners.schedule.schedule import Schedule

# What each source's constructor is given so that it asks a server at this address and nobody else.
GIVEN: dict[str, Callable[[str], dict[str, Any]]] = {
    "amazon": lambda url: {"base": url, "token_url": f"{url}/token"},
    "app_store": lambda url: {"base": url, "feeds": url},
    "bluesky": lambda url: {"base": url},
    "google_business": lambda url: {"base": url, "tokens": f"{url}/token"},
    "google_play": lambda url: {"base": url, "tokens": f"{url}/token"},
    "hackernews": lambda url: {"base": url},
    "mastodon": lambda _: {"plain_http": True},  # its servers stand in the options, as a feed's and a page's address do
    "product_page": lambda _: {},
    "reddit": lambda url: {"reddit_url": url, "oauth_url": url},
    "reddit_feed": lambda url: {"base": url},
    "rss": lambda _: {},
    "stackexchange": lambda url: {"base": url},
    "trustpilot": lambda url: {"base": url},
    "webhook": lambda _: {},  # it reads what lies in the data folder
    "x": lambda url: {"base": url},
    "yelp": lambda url: {"base": url, "partner": url},
    "youtube": lambda url: {"root": f"{url}/", "tokens": f"{url}/token"},
}


def listener_at(source: str, url: str) -> Any:
    """The source as it is registered, sent to a server at `url`."""
    [kind] = [type(one) for one in LISTENERS if one.source == source]
    return kind(**GIVEN[source](url))


def rechecker_at(source: str, url: str, listener: Any) -> Any:
    """What looks again for the source's mentions, sent to a server at `url`: the listener itself where it can; None
    where nobody can."""
    for kind in (type(one) for one in RECHECKERS if one.source == source):
        return listener if isinstance(listener, kind) else kind(**GIVEN[source](url))
    return None


def main(arguments: Sequence[str]) -> int:
    """Visit every source again and again until none brings anything; print one JSON object."""
    now, urls = datetime.fromtimestamp(float(arguments[0]), UTC), json.loads(arguments[1])
    here = places()
    listeners = [listener_at(source, url) for source, url in urls.items()]
    setup, said = load(here.setup), []
    began = ended = time.perf_counter()
    began_work = worked = time.process_time()
    while True:
        before = len(waiting(here.incoming))
        Schedule(listeners, here, said.append, clock=lambda: now).once(setup)
        if not any(_brought(batch) for batch in waiting(here.incoming)[before:]):
            break
        ended, worked = time.perf_counter(), time.process_time()
    print(json.dumps({"seconds": ended - began, "worked": worked - began_work, "megabytes": held(), "said": said}))
    return 0


def _brought(batch: Path) -> bool:
    return any(b'"found":0' not in line for line in batch.read_bytes().splitlines() if line.startswith(b'{"run"'))


def held() -> float:
    """The most memory this process ever held, in MB (10^6 bytes)."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    [most] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(most) * 1024 / 1e6


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
