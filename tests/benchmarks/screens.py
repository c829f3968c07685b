"""What people feel: the time from a key to the next mention, from the command to the first page, and the memory."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from statistics import median

from playwright.sync_api import Browser

from data.ingest import absorber
from data.scores import scorer
from data.settings import Places
from data.spool.batches import drop
from data.store.store import Store
from listeners.sources.sample import Sample, sample_brands
from tests.benchmarks import servers
from tests.benchmarks.browsing import Screen, browser, open_page
from tests.benchmarks.figures import Figure, p95
from tests.benchmarks.ground import Ground

QUEUE = ("row", "detail")
EMPTY = ("line",)
EMPTY_PAGE = "one shortcut button and a text on an empty Streamlit page"
VERBS = {"j": "next", "e": "resolve"}


def _sample(ground: Ground) -> Places:
    """A data folder with the fictional sample, taken in and scored."""
    places, now = Places(ground.room()), datetime.now(UTC)
    fetched = Sample().listen(sample_brands(), {}, {}, now)
    drop(places.incoming, "sample", now, found=fetched.found, answers=fetched.answers)
    store = Store(places.store)
    list(absorber.absorb_waiting(store, ground.judgement, places))
    scorer.score_waiting(store, ground.judgement)
    store.close()
    return places


def _stores(ground: Ground) -> Iterator[tuple[str, Places]]:
    yield "sample", _sample(ground)
    yield f"{ground.sizes.stored:,} mentions", ground.million()


def keys(ground: Ground) -> Iterator[Figure]:
    """J (next) and E (resolve) in turns with J on an empty page, in one browser."""
    with browser() as started, servers.empty_page(ground.room()) as empty:
        empty.wait_until_well("/_stcore/health")
        beside = open_page(started, empty.address, EMPTY)
        for size, places in _stores(ground):
            with servers.app(places.root) as app:
                app.wait_until_well("/healthz")
                for key, verb in VERBS.items():
                    queue = open_page(started, app.address, QUEUE)
                    yield from _press(queue, beside, key, f"{key.upper()} ({verb}), {size}", ground.sizes.presses)
                    queue.page.context.close()


def _press(
    queue: Screen, beside: Screen, key: str, name: str, presses: int, other: str = EMPTY_PAGE
) -> Iterator[Figure]:
    queue.press(key), beside.press("j")
    ours, theirs = [], []
    for _ in range(presses):
        ours.append(queue.press(key))
        theirs.append(beside.press("j"))
    seen = [taken for taken in ours if taken]
    empties = [max(taken.values()) for taken in theirs if taken]
    yield Figure(f"key {name}: presses without effect", len(ours) - len(seen), f"of {presses}")
    if len(seen) > 1:
        yield from _spread(f"key {name}: row selected", [taken["row"] for taken in seen], empties, other)
        yield from _spread(
            f"key {name}: row and detail on the screen", [max(taken.values()) for taken in seen], empties, other
        )


def _spread(name: str, ours: Sequence[float], theirs: Sequence[float], other: str) -> Iterator[Figure]:
    for what, measure in (("median", median), ("p95", p95)):
        yield Figure(f"{name}, {what}", measure(ours), "ms", f"{what} of {other}", measure(ours) / measure(theirs))


def start(ground: Ground) -> Iterator[Figure]:
    """From the command to an answer of /healthz, and to the queue in a browser that stands ready; not the first start
    of these files, as for everybody who comes back the next day."""
    with browser() as started:
        for size, places in _stores(ground):
            _first_page(started, ground, places)
            took = [_first_page(started, ground, places) for _ in range(max(1, ground.sizes.rounds - 2))]
            for place, what in enumerate(("/healthz", "queue in Chromium")):
                ours, theirs = (median(one[side][place] for one in took) for side in (0, 1))
                against = "an empty Streamlit page, to its health answer and to its text"
                yield Figure(f"start to {what}, {size}", ours, "s", against, ours / theirs)


def _first_page(started: Browser, ground: Ground, places: Places) -> tuple[tuple[float, float], tuple[float, float]]:
    """Seconds to the health answer and to the page: the app's, the empty page's."""
    with servers.app(places.root) as app:
        ours = _waited(started, app, "/healthz", QUEUE)
    with servers.empty_page(ground.room()) as empty:
        theirs = _waited(started, empty, "/_stcore/health", EMPTY)
    return ours, theirs


def _waited(started: Browser, server: servers.Server, health: str, parts: tuple[str, ...]) -> tuple[float, float]:
    well = server.wait_until_well(health)
    screen = open_page(started, server.address, parts)
    seen = time.perf_counter() - server.started
    screen.page.context.close()
    return well, seen


def memory(ground: Ground) -> Iterator[Figure]:
    """What the app's process holds after its first page."""
    with browser() as started:
        with servers.empty_page(ground.room()) as empty:
            theirs = _held(started, empty, "/_stcore/health", EMPTY)
        for size, places in _stores(ground):
            with servers.app(places.root) as app:
                ours = _held(started, app, "/healthz", QUEUE)
            yield Figure(f"memory after the first page, {size}", ours, "MB", "an empty Streamlit page", ours / theirs)


def _held(started: Browser, server: servers.Server, health: str, parts: tuple[str, ...]) -> float:
    server.wait_until_well(health)
    screen = open_page(started, server.address, parts)
    held = server.resident_mb()
    screen.page.context.close()
    return held
