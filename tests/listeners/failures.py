"""Every way a source may fail, as one table for all of them: what the server says, and whether asking again helps."""

from __future__ import annotations

import pytest

from tests.listeners.servers.server import Answer

NOW = "Mon, 23 Nov 2026 12:00:00 GMT"

FAILURES = {
    "401": (Answer({"error": "?"}, 401), True),
    "403": (Answer({"error": "?"}, 403), True),
    "404": (Answer({"error": "?"}, 404), True),
    "410": (Answer({"error": "?"}, 410), True),
    "429": (Answer({"error": "?"}, 429), False),
    "500": (Answer("", 500), False),
    "502": (Answer("<html>", 502), False),
    "503": (Answer("", 503), False),
    "504": (Answer("", 504), False),
    "a web page": (Answer("<html><p>Welcome", headers={"Content-Type": "text/html"}), False),
    "nothing": (Answer(""), False),
    "cut": (Answer('{"posts": []}', manner="cut"), False),
    "hang": (Answer(manner="hang"), False),
    "drip": (Answer(manner="drip"), False),
}
WAITS = {
    "a number": ("90", 90.0),
    "a date": ("Mon, 23 Nov 2026 12:01:00 GMT", 60.0),
    "no sense": ("later", None),
    "nothing": (None, None),
}
# What a server may say to something sent: whether it may have arrived all the same.
ARRIVALS = {
    "400": (Answer({"error": "?"}, 400), False),
    "401": (Answer({"error": "?"}, 401), False),
    "403": (Answer({"error": "?"}, 403), False),
    "404": (Answer({"error": "?"}, 404), False),
    "429": (Answer({"error": "?"}, 429), False),
    "500": (Answer("", 500), True),
    "502": (Answer("", 502), True),
    "504": (Answer("", 504), True),
    "a web page": (Answer("<html><p>Welcome"), True),
    "cut": (Answer('{"id": 1}', manner="cut"), True),
    "hang": (Answer(manner="hang"), True),
}

each_failure = pytest.mark.parametrize(("answer", "permanent"), FAILURES.values(), ids=FAILURES)
each_wait = pytest.mark.parametrize(("said", "seconds"), WAITS.values(), ids=WAITS)
each_arrival = pytest.mark.parametrize(("answer", "doubtful"), ARRIVALS.values(), ids=ARRIVALS)


def told_to_wait(said: str | None) -> Answer:
    return Answer({"error": "slow down"}, 429, {"Retry-After": said, "Date": NOW} if said else {})
