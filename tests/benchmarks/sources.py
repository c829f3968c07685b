"""How quickly all sources together are taken in, how much memory that needs, and what a daemon costs that is idle."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.models import SAMPLE, Brand
from data.settings import ROOT, Places
from data.setup import save_brands, save_source
from data.spool.batches import waiting
from listeners.registry import LISTENERS
from tests.benchmarks.figures import Figure, NotMeasured
from tests.benchmarks.ground import Ground
from tests.listeners.world import World
from tests.listeners.worlds import RssWorld, worlds

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ACME = Brand("Acme", ("acme",))
APART = timedelta(seconds=60)
WITHIN = 300.0  # seconds that a process is given


def sources(ground: Ground) -> Iterator[Figure]:
    """Mentions a second from all sources side by side, the process's memory, and the share of a core when idle."""
    # Without those that are no reading from a server: numbers instead of mentions, and what is pushed to us.
    built = [world for world in worlds(NOON) if world.speaks and world.brings == world.source]
    missing = {one.source for one in LISTENERS} - {world.source for world in built} - {SAMPLE}
    if missing:
        print(f"sources: no local server for {', '.join(sorted(missing))}", file=sys.stderr, flush=True)
    try:
        yield from _taking_in(ground, built)
    finally:
        for world in built:
            world.server.close()
    yield _idle(ground)


def _taking_in(ground: Ground, built: list[World]) -> Iterator[Figure]:
    for number in range(ground.sizes.listened):
        for world in built:
            world.say(number + 1, NOON - APART * (number + 1), ground.texts[number % len(ground.texts)].text + " acme")
    for world in built:
        world.remember_answers()
    _listen(ground, built)  # so that every answer is made before the clock starts
    done, brought = _listen(ground, built)
    if short := {world.source for world in built} - brought.keys():
        raise NotMeasured(f"Nothing came from {', '.join(sorted(short))}: {done['said']}")
    count = sum(brought.values())
    print(f"sources: {dict(brought)}", file=sys.stderr, flush=True)
    yield Figure(f"listen to {len(built)} sources, {count:,} mentions", count / done["seconds"], "mentions/s")
    # On a machine that others use too, what the process itself worked says more than the clock on the wall.
    yield Figure("the same by the processor's time", count / done["worked"], "mentions/s")
    yield Figure("the listeners' process at most", done["megabytes"], "MB")


def _listen(ground: Ground, built: list[World]) -> tuple[dict, Counter[str]]:
    here = Places(ground.room())
    save_brands(here.setup, [ACME])
    for world in built:
        save_source(here.setup, world.source, world.setup)
    command = [sys.executable, "-m", "tests.benchmarks.listening", str(NOON.timestamp())]
    urls = {world.source: world.server.url for world in built}
    secrets = {name: value for world in built for name, value in world.secrets.items()}
    environment = os.environ | secrets | {"HEARBACK_DATA": str(here.root), "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        [*command, json.dumps(urls)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )
    if done.returncode:
        raise NotMeasured(f"The listeners' process broke off: {done.stderr[-500:]}")
    ids = {
        line["id"]: line["source"]
        for batch in waiting(here.incoming)
        for line in map(json.loads, batch.read_bytes().splitlines())
        if "id" in line
    }
    return json.loads(done.stdout), Counter(ids.values())


def _idle(ground: Ground) -> Figure:
    """A daemon that has read a feed and waits for the next visit, minutes away."""
    here, feed = Places(ground.room()), RssWorld()
    save_brands(here.setup, [ACME])
    for one in LISTENERS:
        save_source(here.setup, one.source, feed.setup if one.source == feed.source else {"on": False})
    environment = os.environ | {"HEARBACK_DATA": str(here.root)}
    daemon = subprocess.Popen([sys.executable, "-m", "listeners"], cwd=ROOT, env=environment)
    try:
        time.sleep(min(5.0, ground.sizes.idle_seconds))  # it starts; that is not what is measured
        before, began = _seconds_worked(daemon.pid), time.perf_counter()
        time.sleep(ground.sizes.idle_seconds)
        share = (_seconds_worked(daemon.pid) - before) / (time.perf_counter() - began)
    finally:
        daemon.terminate()
        daemon.wait(timeout=20)
        feed.server.close()
    if not waiting(here.incoming):
        raise NotMeasured("The daemon never visited its feed.")
    return Figure(f"an idle daemon, over {ground.sizes.idle_seconds:g} s", 100 * share, "% of a core")


def _seconds_worked(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
