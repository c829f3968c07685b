"""Delivery: an approved answer goes out at most once, whatever the source says and whoever dies in between."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from data.models import ApprovedReply, HearbackError
from data.people.rights import lead
from data.settings import ROOT
from data.spool import outbox
from data.spool.outbox import OutboxState
from listeners.base import Doubtful, ListenerError, ReplyRule, Sent
from listeners.commands import deliver as delivery_command
from listeners.delivery.delivery import SEARCH_AFTER, SHOWS_WITHIN, ReplyDelivery, again, take_out
from tests.listeners.delivering_once import Board
from tests.listeners.servers.server import Answer as Said

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Desk:
    """A source that does as the test says and remembers what it was asked to send."""

    source = "desk"
    rule = ReplyRule(longest=20)

    def __init__(self, *says, there=None):
        self.says = list(says) or [Sent("desk:r1", NOON, "https://desk.example/r1")]
        self.there = there
        self.sent = []
        self.looks = 0

    def refuses(self, approved, options):
        return "the answer is too long" if len(approved.text) > self.rule.longest else options.get("closed")

    def send(self, approved, options, now):
        self.sent.append(approved.text)
        said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        if isinstance(said, Exception):
            raise said
        return said

    def find(self, approved, options, now):
        self.looks += 1
        if isinstance(self.there, Exception):
            raise self.there
        return self.there


class Clock:
    now = NOON

    def __call__(self):
        return self.now

    def later(self, span):
        self.now += span


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def office(kept, clock):
    return lambda desk, **options: ReplyDelivery([desk], kept, clock, {"desk": options})


def approved(n=1, source="desk", text="we are on it", **more):
    return ApprovedReply(f"l{n}", f"{source}:{n}", text, "Ana", NOON + timedelta(seconds=n), **more)


def told(kept):
    lines = [json.loads(line) for path in kept.incoming.glob("*.jsonl") for line in path.read_text().splitlines()]
    return {kind: [line[kind] for line in lines if kind in line] for kind in ("answer", "delivery")}


def places_of(kept):
    return {one.reply.id: one.place for one in outbox.replies(kept.outbox)[0]}


def deliver(post):
    outcomes, troubles = post.deliver()
    assert not troubles
    return [(one.reply.id, one.state) for one in outcomes]


def test_an_approved_answer_is_sent_and_comes_back_as_a_batch(kept, office):
    outbox.post(kept.outbox, approved())
    desk = Desk()
    assert deliver(office(desk)) == [("l1", "sent")]
    assert deliver(office(desk)) == []
    assert desk.sent == ["we are on it"]
    batch = told(kept)
    assert batch["answer"][0]["mention_id"] == "desk:1"
    assert batch["delivery"][0]["state"] == "sent"
    assert batch["delivery"][0]["reply_id"] == "desk:r1"
    assert places_of(kept) == {}


def test_an_answer_over_the_limit_is_held_before_anything_is_sent(kept, office):
    outbox.post(kept.outbox, approved(text="x" * 21))
    desk = Desk()
    assert deliver(office(desk)) == [("l1", "refused")]
    assert desk.sent == []
    assert told(kept)["delivery"][0]["why"] == "the answer is too long"
    assert places_of(kept) == {"l1": OutboxState.HELD}


def test_one_that_is_refused_for_good_is_held_and_stops_no_other(kept, office):
    for n in (1, 2):
        outbox.post(kept.outbox, approved(n))
    desk = Desk(ListenerError("desk", "closed thread", permanent=True), Sent("desk:r2", NOON))
    assert deliver(office(desk)) == [("l1", "refused"), ("l2", "sent")]


def test_one_that_is_refused_for_now_waits_as_long_as_it_was_told(kept, office, clock):
    outbox.post(kept.outbox, approved())
    desk = Desk(ListenerError("desk", "slow down", retry_after=300), Sent("desk:r1", NOON))
    assert deliver(office(desk)) == [("l1", "put off")]
    clock.later(timedelta(seconds=299))
    assert deliver(office(desk)) == []
    clock.later(timedelta(seconds=1))
    assert deliver(office(desk)) == [("l1", "sent")]


def test_after_a_doubt_it_is_looked_for_and_never_sent_twice(kept, office, clock):
    outbox.post(kept.outbox, approved())
    desk = Desk(Doubtful("desk", "no answer in time"))
    assert deliver(office(desk)) == [("l1", "looking")]
    assert deliver(office(desk)) == []  # it has not had the time to show
    clock.later(SEARCH_AFTER)
    desk.there = Sent("desk:r9", NOON)
    assert deliver(office(desk)) == [("l1", "sent")]
    assert desk.sent == ["we are on it"]
    assert told(kept)["delivery"][0]["reply_id"] == "desk:r9"


def test_what_is_never_found_is_held_for_a_person_who_may_send_it_again(kept, office, clock):
    outbox.post(kept.outbox, approved())
    desk = Desk(Doubtful("desk", "cut off"), Sent("desk:r1", NOON))
    deliver(office(desk))
    clock.later(SHOWS_WITHIN)
    assert deliver(office(desk)) == [("l1", "in doubt")]
    clock.later(timedelta(days=1))
    assert deliver(office(desk)) == []
    assert len(desk.sent) == 1
    again(kept, "l1", lead("ana"))
    assert deliver(office(desk)) == [("l1", "sent")]


def test_a_source_that_cannot_tell_is_asked_again_later(kept, office, clock):
    outbox.post(kept.outbox, approved())
    desk = Desk(Doubtful("desk", "cut off"), there=ListenerError("desk", "overloaded", retry_after=120))
    deliver(office(desk))
    clock.later(SHOWS_WITHIN)
    assert deliver(office(desk)) == [("l1", "looking")]
    clock.later(timedelta(seconds=119))
    assert deliver(office(desk)) == []
    clock.later(timedelta(seconds=1))
    desk.there = Sent("desk:r1", NOON)
    assert deliver(office(desk)) == [("l1", "sent")]


def test_a_source_without_an_api_for_answers_says_what_to_do(kept, office):
    outbox.post(kept.outbox, approved(source="hackernews"))
    assert deliver(office(Desk())) == [("l1", "refused")]
    assert "copy the text, open the link" in told(kept)["delivery"][0]["why"]


def test_a_second_reply_to_one_mention_is_refused_while_the_first_stands(kept):
    outbox.post(kept.outbox, approved())
    with pytest.raises(HearbackError, match="is in the outbox already"):
        outbox.post(kept.outbox, ApprovedReply("l2", "desk:1", "and more", "Ben", NOON))


def test_a_reply_may_be_taken_out_unless_it_is_under_way(kept, office):
    outbox.post(kept.outbox, approved(1))
    outbox.post(kept.outbox, approved(2))
    take_out(kept, "l1", lead("ana"))
    desk = Desk(Doubtful("desk", "cut off"))
    assert deliver(office(desk)) == [("l2", "looking")]
    with pytest.raises(HearbackError, match="under way"):
        take_out(kept, "l2", lead("ana"))


def test_a_damaged_reply_is_told_of_and_stops_no_other(kept, office):
    outbox.post(kept.outbox, approved())
    (kept.outbox / "l0.approved.json").write_text("{", encoding="utf-8")
    outcomes, troubles = office(Desk()).deliver()
    assert [one.state for one in outcomes] == ["sent"]
    assert "l0.approved.json cannot be read" in troubles[0]
    assert (kept.outbox / "l0.approved.json").exists()


def test_two_processes_never_deliver_from_one_outbox(kept, office):
    outbox.post(kept.outbox, approved())
    with outbox.alone(kept.outbox), pytest.raises(HearbackError, match="Another process is delivering"):
        office(Desk()).deliver()


@pytest.mark.parametrize("arrived", [True, False], ids=["it arrived", "it did not"])
def test_a_process_killed_in_the_middle_of_its_request_never_sends_twice(kept, server, clock, arrived):
    """The server takes the answer, or loses it, and the process dies before it hears."""
    replies, asked = [], threading.Event()

    def take(request):
        if request.method == "GET":
            return Said({"ids": replies})
        if arrived or replies:
            replies.append(len(replies) + 1)
        asked.set()
        return Said(manner="hang")

    server.answers["/replies"] = take
    outbox.post(kept.outbox, approved(source="board"))
    command = [sys.executable, "-m", "tests.listeners.delivering_once", server.url, str(kept.root)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.stdin.write("go\n")
    process.stdin.flush()
    assert asked.wait(60)
    process.kill()
    process.communicate()
    assert places_of(kept) == {"l1": OutboxState.SENDING}

    clock.now = datetime.now(UTC) + SHOWS_WITHIN
    ended = deliver(ReplyDelivery([Board(server.url)], kept, clock))
    assert ended == [("l1", "sent" if arrived else "in doubt")]
    assert len([one for one in server.requests if one.method == "POST"]) == 1


def test_the_command_sends_lists_and_says_what_failed(kept, monkeypatch, capsys):
    monkeypatch.setenv("HEARBACK_DATA", str(kept.root))
    monkeypatch.setattr(delivery_command, "RESPONDERS", (Desk(Sent("desk:r1", NOON)),))
    outbox.post(kept.outbox, approved(1))
    outbox.post(kept.outbox, approved(2, text="far too long for this desk"))
    assert delivery_command.run(["--list"]) == 0
    assert "l1  approved  desk:1" in capsys.readouterr().out
    assert delivery_command.run(["--json"]) == 2
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["letter"], row["state"]) for row in rows] == [("l1", "sent"), ("l2", "refused")]
    assert delivery_command.run(["--take-out", "l2"]) == 0
    assert delivery_command.run([]) == 0
    assert "Nothing in the outbox is due." in capsys.readouterr().out


def test_the_command_has_no_reply_of_that_name(kept, monkeypatch):
    monkeypatch.setenv("HEARBACK_DATA", str(kept.root))
    with pytest.raises(HearbackError, match="There is no letter nope"):
        delivery_command.run(["--again", "nope"])
