"""`python -m data audit`: the log of logins, changes of people and settings, exports, erasures and restores."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

from data.commands.invocation import Invocation
from data.logs.lines import UNSAFE, escaped
from data.people import acting, audit
from data.people.audit import AuditEntry
from data.people.rights import Verb

NAME, HELP = "audit", "who logged in, changed people or settings, exported, erased, restored"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add --json and --since."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--since", type=_day, metavar="DAY", help="from this day on, in UTC, as 2027-01-31")


def _day(said: str) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{said!r} is no day; write it as 2027-01-31") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def run(invocation: Invocation) -> int:
    """Print the log, first to last. Returns 0. Forbidden for whoever is no lead."""
    acting.of_command(invocation.places).insist(Verb.READ_AUDIT)
    for entry in audit.entries(invocation.places, invocation.chosen.since):
        print(_json(entry) if invocation.chosen.json else _line(entry))
    return 0


def _json(entry: AuditEntry) -> str:
    """An entry as JSON, in which is escaped, too, what JSON lets stand and a terminal would follow."""
    told = json.dumps(audit.as_row(entry), ensure_ascii=False)
    return UNSAFE.sub(lambda hit: f"\\u{ord(hit[0]):04x}", told)


def _line(entry: AuditEntry) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in entry.facts.items())
    return escaped(f"{entry.at:%Y-%m-%d %H:%M:%S}  {entry.event:<16}  {entry.by}  {facts}".rstrip())
