"""Pushes over real HTTP to a real app: how many are accepted in a second, and how many then taken in."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from data.models import Brand
from data.settings import ROOT, Places
from data.setup import save_brands, save_source
from listeners.sources.webhook_endpoint import A_MINUTE, SOURCE, secret_name, sign
from tests.benchmarks.figures import Figure, NotMeasured
from tests.benchmarks.ground import Ground
from tests.benchmarks.servers import Server, app

KEY = "a-secret-of-the-benchmark"
AT_ONCE = 16  # senders
PATIENCE = 120.0  # seconds
LOOK_EVERY = 0.25  # seconds; what is asked for costs the app time, too


def pushes(ground: Ground) -> Iterator[Figure]:
    """Bodies of one row each, pushed by many senders at once, then read from the intake and stored by a listener."""
    names = [f"sender-{number}" for number in range(ground.sizes.intakes)]
    many = len(names) * A_MINUTE
    here = Places(ground.room())
    save_brands(here.setup, [Brand("Acme", ("acme",))])
    save_source(here.setup, "hackernews", {"on": False})
    save_source(here.setup, SOURCE, {"names": names})
    secrets = {secret_name(name): KEY for name in names}
    with app(here.root, **secrets) as server:
        server.wait_until_well("/healthz")
        taken = _push(server, names)
        yield Figure(f"{many:,} pushes accepted, {AT_ONCE} at a time", many / taken, "pushes/s")
        taken = _take_in(server, here, secrets, many)
        yield Figure(f"{many:,} pushed bodies taken in from the intake", many / taken, "bodies/s")


def _push(server: Server, names: Sequence[str]) -> float:
    """Push as many bodies under each name as may come in a minute; return the seconds that it took."""
    shares = [
        [(name, number) for name in names for number in range(A_MINUTE)][part::AT_ONCE] for part in range(AT_ONCE)
    ]
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as senders:
        for told in senders.map(lambda share: _send(server.port, share), shares):
            if told - {202}:
                raise NotMeasured(f"A push was answered {max(told)}.")
    return time.perf_counter() - started


def _send(port: int, share: Sequence[tuple[str, int]]) -> set[int]:
    """Push these over one connection; return the statuses of the answers."""
    line, told = http.client.HTTPConnection("127.0.0.1", port, timeout=60), set()
    for name, number in share:
        row = {"id": f"{name}-{number}", "text": f"acme is broken {number}", "created_at": "2026-11-24T10:00:00Z"}
        body, said, now = json.dumps([row]).encode(), f"{name}-{number}", int(datetime.now(UTC).timestamp())
        signed = {"webhook-id": said, "webhook-timestamp": str(now), "webhook-signature": sign(KEY, said, now, body)}
        line.request("POST", f"/ingest/{name}", body, signed)
        answer = line.getresponse()
        answer.read()
        told.add(answer.status)
    line.close()
    return told


def _take_in(server: Server, here: Places, secrets: dict[str, str], many: int) -> float:
    """Start a listener and wait until all is stored; return the seconds that it took, its start among them."""
    environment = os.environ | {"HEARBACK_DATA": str(here.root)} | secrets
    command = [sys.executable, "-m", "listeners", "--only", SOURCE]
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as listener:
        while (stored := _stored(server)) < many:
            if time.perf_counter() - started > PATIENCE:
                raise NotMeasured(f"{many - stored} pushed bodies were not taken in within {PATIENCE:.0f} s.")
            time.sleep(LOOK_EVERY)
        taken = time.perf_counter() - started
        listener.terminate()
    return taken


def _stored(server: Server) -> int:
    with urllib.request.urlopen(f"{server.address}/healthz", timeout=60) as answer:  # noqa: S310  # loopback
        return int(json.load(answer)["figures"]["mentions"])
