"""`python -m listeners sources` and `estimate`: list every source as a table or JSON; estimate what one would cost."""

from __future__ import annotations

import json
from collections.abc import Sequence

from data.cli import Parser, say
from data.clock import now_in_utc
from data.models import HearbackError
from data.settings import places, secret
from data.setup import load
from listeners.base import ListenerError
from listeners.catalog import cap_of, catalog, every_task, plain, unknown
from listeners.schedule.runs import estimate

COLUMNS = "{:<16} {:<4} {:<34} {}"


def run(arguments: Sequence[str]) -> int:
    """Print the sources and return exit code 0. HearbackError when setup.toml cannot be read."""
    parser = Parser(prog="python -m listeners sources", description="Every source and how it is set up.")
    parser.add_argument("--json", action="store_true", help="one JSON object: {source: {...}}; times in seconds")
    chosen = parser.parse_args(arguments)
    setup = load(places().setup)
    for sentence in (*unknown(setup), *_secrets_trouble()):
        say(sentence)
    listed = catalog(setup)
    if chosen.json:
        print(json.dumps(listed))
        return 0
    print(COLUMNS.format("SOURCE", "ON", "CAN ALSO", "WHAT IT LACKS"))
    for source, row in listed.items():
        also = ", ".join(name.replace("_", " ") for name, can in row["can"].items() if can and name != "listen")
        lacking = "; ".join(one["says"] for one in row["lacks"]) or ("" if row["on"] else row["why_off"])
        print(COLUMNS.format(source, "yes" if row["on"] else "no", also or "-", lacking).rstrip())
    return 0


def _secrets_trouble() -> list[str]:
    """Why secrets.toml cannot be read, as a list of at most one sentence; otherwise its secrets would look missing."""
    try:
        secret("HEARBACK")  # any name that the environment does not have
    except HearbackError as trouble:
        return [str(trouble)]
    return []


def price(arguments: Sequence[str]) -> int:
    """Print what a source would cost and return exit code 0. HearbackError when no estimate can be made."""
    parser = Parser(prog="python -m listeners estimate", description="What a source would cost a month.")
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument("--json", action="store_true", help="as one JSON object")
    chosen = parser.parse_args(arguments)
    setup = load(places().setup)
    try:
        task = next(one for one in every_task(setup) if one.listener.source == chosen.source)
    except StopIteration:
        raise HearbackError(f"There is no source {chosen.source!r}: python -m listeners sources lists them.") from None
    try:
        told = estimate(task, now_in_utc())
    except ListenerError as trouble:
        raise HearbackError(f"{str(trouble)[:1].upper()}{str(trouble)[1:].rstrip('.')}.") from None
    if chosen.json:
        print(json.dumps(plain(told) | {"cap": cap_of(task)}))
        return 0
    if task.listener.policy.is_paid:
        about = f"about {told.items_a_month:,} mentions and ${told.dollars_a_month:,.2f} a month"
        print(f"{task.listener.policy.name}: {about}.")
    print(told.based_on)
    capped = cap_of(task)
    if capped is not None and capped < told.dollars_a_month:
        days = int(30 * capped / told.dollars_a_month)
        print(f"Its cap of ${capped:,.2f} would be reached after about {days} days; it then stops until next month.")
    return 0
