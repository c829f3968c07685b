"""`python -m listeners deliver`: sends approved replies, lists the outbox, and resolves replies that are in doubt."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from data.cli import OTHER_ERROR, Parser
from data.clock import now_in_utc
from data.people import acting
from data.settings import Places, places
from data.setup import load
from data.spool import outbox
from data.spool.outbox import OutboxEntry
from listeners.delivery.delivery import DeliveryOutcome, again, reply_delivery, take_out
from listeners.registry import RESPONDERS

DESCRIPTION = """Sends every approved answer in the outbox that is due, each at most once. After any doubt it looks for
ours at the source first; what stays in doubt is held for a person. Exit code 0, or 2 when something was not sent."""


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code. HearbackError for wrong input."""
    chosen = _parser().parse_args(arguments)
    here = places()
    if chosen.list:
        return _show(here, as_json=chosen.json)
    if chosen.take_out:
        take_out(here, chosen.take_out, acting.of_command(here))
        print(f"Letter {chosen.take_out} was taken out; nothing was sent.")
        return 0
    if chosen.again:
        again(here, chosen.again, acting.of_command(here))
    done, troubles = reply_delivery(RESPONDERS, here, load(here.setup), now_in_utc).deliver()
    for outcome in done:
        print(json.dumps(_row(outcome)) if chosen.json else _sentence(outcome))
    if not done and not chosen.json:
        print("Nothing in the outbox is due.")
    _complain(troubles)
    return OTHER_ERROR if troubles or any(outcome.state != "sent" for outcome in done) else 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m listeners deliver", description=DESCRIPTION)
    parser.add_argument("--json", action="store_true", help="one JSON object a letter")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--list", action="store_true", help="show what is in the outbox and send nothing")
    which.add_argument("--again", metavar="LETTER", help="you looked, it did not arrive: send a held letter again")
    which.add_argument("--take-out", metavar="LETTER", help="take a letter out that is not under way")
    return parser


def _show(here: Places, *, as_json: bool) -> int:
    entries, troubles = outbox.replies(here.outbox)
    for one in entries:
        print(json.dumps(_listed(one)) if as_json else _line(one))
    if not entries and not as_json:
        print("The outbox is empty. python -m data reply MENTION --text ... --by NAME puts an answer in.")
    _complain(troubles)
    return OTHER_ERROR if troubles else 0


def _complain(troubles: Sequence[str]) -> None:
    for trouble in troubles:
        print(trouble, file=sys.stderr)


def _listed(entry: OutboxEntry) -> dict[str, object]:
    reply = entry.reply
    return {
        "letter": reply.id,
        "mention_id": reply.mention_id,
        "state": entry.place.value,
        "approved_by": reply.approved_by,
        "approved_at": reply.approved_at.isoformat(),
        "why": entry.why,
        "not_before": entry.not_before.isoformat() if entry.not_before else None,
    }


def _line(entry: OutboxEntry) -> str:
    why = f": {entry.why}" if entry.why else ""
    return f"{entry.reply.id}  {entry.place.value}  {entry.reply.mention_id}{why}"


def _row(outcome: DeliveryOutcome) -> dict[str, object]:
    reply = outcome.reply
    return {"letter": reply.id, "mention_id": reply.mention_id, "state": outcome.state, "why": outcome.why}


def _sentence(outcome: DeliveryOutcome) -> str:
    why = f": {outcome.why}" if outcome.why else ""
    return f"{outcome.reply.id} to {outcome.reply.mention_id}: {outcome.state}{why}."
