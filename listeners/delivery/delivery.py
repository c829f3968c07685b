"""Delivery: approved letters go out once each; after any doubt we look for our answer before anything is sent again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from data.clock import Clock
from data.models import Answer, Delivery, DeliveryState, HearbackError, Letter
from data.settings import Places
from data.setup import Setup
from data.spool import outbox
from data.spool.batches import drop
from data.spool.outbox import Place, Posted
from listeners.base import Doubtful, ListenerError, Options, Responder, Sent

SHOWS_WITHIN = timedelta(minutes=10)  # an answer that arrived is found at its source after so long at the latest
LOOK_AFTER = timedelta(minutes=1)  # and seldom at once
SHORTEST_WAIT = 60.0  # seconds until a letter that was put off is tried again


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round made of one letter: a state in the reader's words and, where there is one, the reason."""

    letter: Letter
    state: str  # "sent", "refused", "in doubt", "put off", "looking"
    why: str | None = None


@dataclass
class Post:
    """The people who carry letters: one responder a source. `clock` is asked anew for each letter."""

    responders: Sequence[Responder]
    places: Places
    clock: Clock
    options: Mapping[str, Options] = field(default_factory=dict)  # setup.toml's tables

    def deliver(self) -> tuple[list[Outcome], list[str]]:
        """One round: settle what an earlier round left open, send what is approved and due. How each went, and a
        sentence for each file that is no letter. HearbackError when another process delivers."""
        with outbox.alone(self.places.outbox):
            posted, troubles = outbox.letters(self.places.outbox)
            return [outcome for one in posted for outcome in self._turn(one)], troubles

    def _turn(self, posted: Posted) -> Iterator[Outcome]:
        if posted.not_before and self.clock() < posted.not_before:
            return
        if posted.place is Place.SENDING:
            yield self._look(posted)
        elif posted.place is Place.APPROVED:
            yield self._send(posted)

    def _send(self, posted: Posted) -> Outcome:
        letter = posted.letter
        try:
            responder = self._responder(letter)
            if refusal := responder.refuses(letter, self._options(letter)):
                return self._hold(posted, DeliveryState.REFUSED, refusal)
            # The intent is on the disk before the request leaves: whoever dies in between finds it and looks.
            posted = outbox.move(posted, Place.SENDING, tried_at=self.clock(), why=None, not_before=None)
            sent = responder.send(letter, self._options(letter), self.clock())
        except Doubtful as doubt:
            outbox.move(posted, Place.SENDING, why=str(doubt), not_before=self.clock() + LOOK_AFTER)
            return Outcome(letter, "looking", str(doubt))
        except ListenerError as trouble:
            if trouble.permanent:
                return self._hold(posted, DeliveryState.REFUSED, str(trouble))
            return self._put_off(posted, trouble)
        return self._keep(posted, sent)

    def _look(self, posted: Posted) -> Outcome:
        """Whether a letter that may have arrived did. It is never sent again from here: only a person may say so."""
        letter = posted.letter
        try:
            found = self._responder(letter).find(letter, self._options(letter), self.clock())
        except ListenerError as trouble:
            wait = max(SHORTEST_WAIT, trouble.retry_after or 0.0)
            outbox.move(posted, Place.SENDING, why=str(trouble), not_before=self.clock() + timedelta(seconds=wait))
            return Outcome(letter, "looking", str(trouble))
        if found:
            return self._keep(posted, found)
        if posted.tried_at and self.clock() - posted.tried_at < SHOWS_WITHIN:
            outbox.move(posted, Place.SENDING, not_before=self.clock() + LOOK_AFTER)
            return Outcome(letter, "looking", "not found at its source yet")
        said = "it may have arrived, but is not found at its source: look there, then send it again or take it out"
        return self._hold(posted, DeliveryState.IN_DOUBT, said)

    def _keep(self, posted: Posted, sent: Sent) -> Outcome:
        """The outcome first, then the letter goes: whoever dies in between finds the answer again; it counts once."""
        letter = posted.letter
        told = Delivery(
            letter.id, letter.mention_id, DeliveryState.SENT, sent.sent_at, letter.approved_by, sent.reply_id, sent.url
        )
        answer = Answer(letter.mention_id, letter.text, sent.sent_at, letter.approved_by)
        drop(self.places.incoming, "delivery", self.clock(), answers=[answer], deliveries=[told])
        outbox.take_out(posted)
        return Outcome(letter, "sent")

    def _hold(self, posted: Posted, state: DeliveryState, why: str) -> Outcome:
        letter, now = posted.letter, self.clock()
        told = Delivery(letter.id, letter.mention_id, state, now, letter.approved_by, why=why)
        drop(self.places.incoming, "delivery", now, deliveries=[told])
        outbox.move(posted, Place.HELD, why=why, not_before=None)
        return Outcome(letter, state.value, why)

    def _put_off(self, posted: Posted, trouble: ListenerError) -> Outcome:
        """Refused for sure and for now only: it waits as long as it was told to."""
        wait = timedelta(seconds=max(SHORTEST_WAIT, trouble.retry_after or 0.0))
        outbox.move(posted, Place.APPROVED, why=str(trouble), not_before=self.clock() + wait)
        return Outcome(posted.letter, "put off", str(trouble))

    def _options(self, letter: Letter) -> Options:
        return self.options.get(source_of(letter), {})

    def _responder(self, letter: Letter) -> Responder:
        source = source_of(letter)
        for responder in self.responders:
            if responder.source == source:
                return responder
        said = f"{source} takes no answers through an API: copy the text, open the link, and mark it replied"
        raise ListenerError(source, said, permanent=True)


def source_of(letter: Letter) -> str:
    """The source of the mention that a letter answers: ids begin with it."""
    return letter.mention_id.split(":", 1)[0]


def again(places: Places, letter_id: str) -> None:
    """Send a held letter again in the next round: a person has looked and says that it did not arrive."""
    with outbox.alone(places.outbox):
        outbox.move(_held(places, letter_id), Place.APPROVED, why=None, not_before=None, tried_at=None)


def take_out(places: Places, letter_id: str) -> None:
    """Take a letter out that is not under way. HearbackError when it is, or when there is none."""
    with outbox.alone(places.outbox):
        posted = _one(places, letter_id)
        if posted.place is Place.SENDING:
            raise HearbackError(f"Letter {letter_id} is under way; wait until it is sent or held.")
        outbox.take_out(posted)


def _held(places: Places, letter_id: str) -> Posted:
    posted = _one(places, letter_id)
    if posted.place is not Place.HELD:
        raise HearbackError(f"Letter {letter_id} is not held but {posted.place.value}; there is nothing to send again.")
    return posted


def _one(places: Places, letter_id: str) -> Posted:
    for posted in outbox.letters(places.outbox)[0]:
        if posted.letter.id == letter_id:
            return posted
    raise HearbackError(f"There is no letter {letter_id} in {places.outbox}.")


def post_office(responders: Sequence[Responder], places: Places, setup: Setup, clock: Clock) -> Post:
    """A post that knows what setup.toml says of each source."""
    return Post(responders, places, clock, setup.sources)
