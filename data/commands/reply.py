"""`python -m data reply`: puts a reply that a person approved into the outbox."""

from __future__ import annotations

import argparse

from data.cli import text
from data.clock import now_in_utc
from data.commands.invocation import Invocation
from data.people import acting
from data.queue import replies
from data.spool import outbox

NAME, HELP = "reply", "approve an answer; python -m listeners deliver sends it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the mention's id, --text and --by."""
    parser.add_argument("mention", metavar="MENTION", type=text, help="the id of what it answers")
    parser.add_argument("--text", required=True, type=text, help="the answer, word for word")
    parser.add_argument("--by", required=True, type=text, metavar="NAME", help="who approves it")


def run(invocation: Invocation) -> int:
    """Put the approved reply into the outbox and print its id. Returns 0. HearbackError when it may not be sent."""
    chosen = invocation.chosen
    by = acting.of_command(invocation.places, chosen.by)
    with invocation.reading() as store:
        reply = replies.approve(store, chosen.mention, chosen.text, by, now_in_utc())
    outbox.post(invocation.places.outbox, reply)
    print(reply.id)
    return 0
