"""Sends approved replies, each once; after an unclear response it first searches the source for the reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from data.clock import Clock
from data.models import Answer, ApprovedReply, Delivery, DeliveryState, HearbackError
from data.people.rights import Actor, Verb
from data.settings import Places
from data.setup import Setup
from data.spool import outbox
from data.spool.batches import drop
from data.spool.outbox import OutboxEntry, OutboxState
from listeners.base import Doubtful, ListenerError, Options, Responder, Sent

SHOWS_WITHIN = timedelta(minutes=10)  # a reply that arrived is visible at its source by then
SEARCH_AFTER = timedelta(minutes=1)  # a reply is seldom visible at once
SHORTEST_WAIT = 60.0  # seconds until a postponed reply is tried again


@dataclass(frozen=True, slots=True)
class DeliveryOutcome:
    """What one round did with one approved reply: its state and, where there is one, the reason."""

    reply: ApprovedReply
    state: str  # "sent", "refused", "in doubt", "put off", "looking"
    why: str | None = None


@dataclass
class ReplyDelivery:
    """Sends approved replies, one responder per source. `clock` is read for each reply."""

    responders: Sequence[Responder]
    places: Places
    clock: Clock
    options: Mapping[str, Options] = field(default_factory=dict)  # setup.toml's tables

    def deliver(self) -> tuple[list[DeliveryOutcome], list[str]]:
        """Run one round: resolve what an earlier round left open, then send what is approved and due. Return the
        outcomes, and a sentence for each unreadable file. HearbackError when another process delivers."""
        with outbox.alone(self.places.outbox):
            entries, troubles = outbox.replies(self.places.outbox)
            return [outcome for one in entries for outcome in self._turn(one)], troubles

    def _turn(self, entry: OutboxEntry) -> Iterator[DeliveryOutcome]:
        if entry.not_before and self.clock() < entry.not_before:
            return
        if entry.place is OutboxState.SENDING:
            yield self._search(entry)
        elif entry.place is OutboxState.APPROVED:
            yield self._send(entry)

    def _send(self, entry: OutboxEntry) -> DeliveryOutcome:
        reply = entry.reply
        try:
            responder = self._responder(reply)
            if refusal := responder.refuses(reply, self._options(reply)):
                return self._hold(entry, DeliveryState.REFUSED, refusal)
            # The state is on disk before the request is sent: after a crash in between, the next round searches for it.
            entry = outbox.move(entry, OutboxState.SENDING, tried_at=self.clock(), why=None, not_before=None)
            sent = responder.send(reply, self._options(reply), self.clock())
        except Doubtful as doubt:
            outbox.move(entry, OutboxState.SENDING, why=str(doubt), not_before=self.clock() + SEARCH_AFTER)
            return DeliveryOutcome(reply, "looking", str(doubt))
        except ListenerError as trouble:
            if trouble.permanent:
                return self._hold(entry, DeliveryState.REFUSED, str(trouble))
            return self._put_off(entry, trouble)
        return self._keep(entry, sent)

    def _search(self, entry: OutboxEntry) -> DeliveryOutcome:
        """Check whether a reply that may have arrived did. This never resends it; only a person can ask for that."""
        reply = entry.reply
        try:
            found = self._responder(reply).find(reply, self._options(reply), self.clock())
        except ListenerError as trouble:
            wait = max(SHORTEST_WAIT, trouble.retry_after or 0.0)
            outbox.move(entry, OutboxState.SENDING, why=str(trouble), not_before=self.clock() + timedelta(seconds=wait))
            return DeliveryOutcome(reply, "looking", str(trouble))
        if found:
            return self._keep(entry, found)
        if entry.tried_at and self.clock() - entry.tried_at < SHOWS_WITHIN:
            outbox.move(entry, OutboxState.SENDING, not_before=self.clock() + SEARCH_AFTER)
            return DeliveryOutcome(reply, "looking", "not found at its source yet")
        said = "it may have arrived, but is not found at its source: look there, then send it again or take it out"
        return self._hold(entry, DeliveryState.IN_DOUBT, said)

    def _keep(self, entry: OutboxEntry, sent: Sent) -> DeliveryOutcome:
        """Drop the outcome, then remove the reply from the outbox. After a crash in between, the next round finds the
        reply at its source again, and it is counted once."""
        reply = entry.reply
        told = Delivery(
            reply.id, reply.mention_id, DeliveryState.SENT, sent.sent_at, reply.approved_by, sent.reply_id, sent.url
        )
        answer = Answer(reply.mention_id, reply.text, sent.sent_at, reply.approved_by)
        drop(self.places.incoming, "delivery", self.clock(), answers=[answer], deliveries=[told])
        outbox.take_out(entry)
        return DeliveryOutcome(reply, "sent")

    def _hold(self, entry: OutboxEntry, state: DeliveryState, why: str) -> DeliveryOutcome:
        reply, now = entry.reply, self.clock()
        told = Delivery(reply.id, reply.mention_id, state, now, reply.approved_by, why=why)
        drop(self.places.incoming, "delivery", now, deliveries=[told])
        outbox.move(entry, OutboxState.HELD, why=why, not_before=None)
        return DeliveryOutcome(reply, state.value, why)

    def _put_off(self, entry: OutboxEntry, trouble: ListenerError) -> DeliveryOutcome:
        """Postpone a reply that the source certainly refused for now, as long as the source asked."""
        wait = timedelta(seconds=max(SHORTEST_WAIT, trouble.retry_after or 0.0))
        outbox.move(entry, OutboxState.APPROVED, why=str(trouble), not_before=self.clock() + wait)
        return DeliveryOutcome(entry.reply, "put off", str(trouble))

    def _options(self, reply: ApprovedReply) -> Options:
        return self.options.get(source_of(reply), {})

    def _responder(self, reply: ApprovedReply) -> Responder:
        source = source_of(reply)
        for responder in self.responders:
            if responder.source == source:
                return responder
        said = f"{source} takes no answers through an API: copy the text, open the link, and mark it replied"
        raise ListenerError(source, said, permanent=True)


def source_of(reply: ApprovedReply) -> str:
    """The source of the mention that a reply answers: the first part of the mention's id."""
    return reply.mention_id.split(":", 1)[0]


def again(places: Places, reply_id: str, by: Actor) -> None:
    """Let the next round send a held reply again, once a person has checked that it did not arrive. HearbackError when
    it is not held, or does not exist; Forbidden."""
    by.insist(Verb.APPROVE)
    with outbox.alone(places.outbox):
        outbox.move(_held(places, reply_id), OutboxState.APPROVED, why=None, not_before=None, tried_at=None)


def take_out(places: Places, reply_id: str, by: Actor) -> None:
    """Remove a reply from the outbox. HearbackError when it is being sent, or does not exist;
    Forbidden."""
    by.insist(Verb.APPROVE)
    with outbox.alone(places.outbox):
        entry = _one(places, reply_id)
        if entry.place is OutboxState.SENDING:
            raise HearbackError(f"Letter {reply_id} is under way; wait until it is sent or held.")
        outbox.take_out(entry)


def _held(places: Places, reply_id: str) -> OutboxEntry:
    entry = _one(places, reply_id)
    if entry.place is not OutboxState.HELD:
        raise HearbackError(f"Letter {reply_id} is not held but {entry.place.value}; there is nothing to send again.")
    return entry


def _one(places: Places, reply_id: str) -> OutboxEntry:
    for entry in outbox.replies(places.outbox)[0]:
        if entry.reply.id == reply_id:
            return entry
    raise HearbackError(f"There is no letter {reply_id} in {places.outbox}.")


def reply_delivery(responders: Sequence[Responder], places: Places, setup: Setup, clock: Clock) -> ReplyDelivery:
    """A ReplyDelivery with the options of each source from setup.toml."""
    return ReplyDelivery(responders, places, clock, setup.sources)
