"""A process that listens to local servers until nothing new comes, and says how much that was, how long it took and how
much memory it held: `python -m tests.benchmarks.listening SECONDS_SINCE_EPOCH {"hackernews": "http://..."}`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.incoming import waiting
from data.settings import places
from data.setup import load
from listeners.registry import LISTENERS
from listeners.schedule import Schedule

# What each source's constructor takes, after the server's own address; the rest of it is the source's default.
ADDRESSES: dict[str, tuple[str, ...]] = {
    "app_store": ("", ""),
    "google_business": ("", "/token"),
    "google_play": ("", "/token"),
    "hackernews": ("",),
    "reddit": ("", ""),
    "rss": (),
    "stackexchange": ("",),
    "trustpilot": ("",),
    "x": ("",),
}


def listener_at(source: str, url: str) -> Any:
    """The source as it is registered, sent to a server at `url`."""
    [kind] = [type(one) for one in LISTENERS if one.source == source]
    return kind(*(url + path for path in ADDRESSES[source]))


def main(arguments: Sequence[str]) -> int:
    """Visit every source again and again until none brings anything; print one JSON object."""
    now, urls = datetime.fromtimestamp(float(arguments[0]), UTC), json.loads(arguments[1])
    here = places()
    listeners = [listener_at(source, url) for source, url in urls.items()]
    setup, said = load(here.setup), []
    began = ended = time.perf_counter()
    while True:
        before = len(waiting(here.incoming))
        Schedule(listeners, here, said.append, clock=lambda: now).once(setup)
        if not any(_brought(batch) for batch in waiting(here.incoming)[before:]):
            break
        ended = time.perf_counter()
    print(json.dumps({"seconds": ended - began, "megabytes": held(), "said": said}))
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
