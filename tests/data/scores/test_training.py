"""Training: a real worker learns from real corrections, says what would change, and never lets it count by itself."""

from __future__ import annotations

import json

import pytest

from analysis import ranking
from analysis.scoring import scoring
from data.ingest import absorber
from data.models import Erase, HearbackError, Sentiment
from data.people.rights import lead
from data.scores import layers, scorer, training
from data.scores.rescoring import Rescoring
from data.scores.scorer import Judgement
from data.scores.training import FIRST, STEP, Trainer
from tests.data.builders import HOUR, NOON, action, found, lines, row

NEGATIVE, POSITIVE = Sentiment.NEGATIVE, Sentiment.POSITIVE
JUDGEMENT = Judgement(ranking, scoring.score_line, scoring.under)
PLACES = ("the counter", "the depot", "my kitchen", "the train", "the office", "our shop", "the garden")


@pytest.fixture
def room(room):
    """A hundred and twenty mentions by people who say "sick" when they are happy, scored as it is done in earnest."""
    said = [
        f"acme at {PLACES[n % 7]} is sick, number {n}" if n % 2 else f"acme at {PLACES[n % 7]} opens at {n}"
        for n in range(1, 121)
    ]
    room.drop(*(found(n, text=text) for n, text in enumerate(said, 1)))
    list(absorber.absorb_waiting(room.store, JUDGEMENT, room.places))
    scorer.score_waiting(room.store, JUDGEMENT)
    return room


def correct(room, first, last):
    for n in range(first, last + 1):
        room.record(action("judge", n, sentiment=POSITIVE if n % 2 else Sentiment.NEUTRAL))
        room.record(action("expect", n, body="no" if n % 2 else "yes"))


def trainer(room):
    return Trainer(room.store, scoring.SCORER, lambda: NOON)


@pytest.fixture
def quick(monkeypatch):
    """No worker and no trial: fixed answers stand in their place."""
    monkeypatch.setattr(training, "_learned", lambda _, lexicon: {"layer": {"lexicon": lexicon}})
    monkeypatch.setattr(training, "try_out", lambda *_: {})


def known(room):
    with room.store.read() as store:
        return layers.known(store)


def test_a_candidate_comes_by_itself_after_fifty_and_then_after_every_ten(room, quick):
    ours = trainer(room)
    correct(room, 1, FIRST - 1)
    assert ours.go_on() is None
    correct(room, FIRST, FIRST)
    assert ours.go_on() == 1
    assert ours.go_on() is None
    correct(room, FIRST + 1, FIRST + STEP - 1)
    assert ours.go_on() is None
    correct(room, FIRST + STEP, FIRST + STEP)
    assert ours.go_on() == 2
    [candidate] = known(room)
    assert (candidate.version, candidate.corrections, candidate.made_by) == (2, 60, "Hearback")
    assert candidate.made_at == NOON
    assert room.rows("SELECT * FROM applied") == []
    assert room.value("SELECT max(layer) FROM score") == 0


def test_a_candidate_that_forgets_comes_as_soon_as_a_correction_it_learned_from_is_gone(room, quick):
    ours = trainer(room)
    correct(room, 1, FIRST + 5)
    assert ours.go_on() == 1
    room.drop(erase=[Erase("ana", mention_id="test:7")])
    list(absorber.absorb_waiting(room.store, JUDGEMENT, room.places))
    assert ours.go_on() == 2
    assert [layer.corrections for layer in known(room)] == [FIRST + 4]


def test_a_candidate_says_what_would_change_and_a_person_lets_it_count(room):
    correct(room, 1, 70)
    trainer(room).go_on()
    [candidate] = known(room)
    figures = candidate.figures
    assert figures["tried"] == 50
    assert figures["stored"] == 120
    assert sum(figures["changes"].values()) > 0
    assert set(figures["changes"]) == set(figures["examples"])
    assert figures["held_out"]["corrections"] == 70
    assert figures["held_out"]["after"]["negative"]["of"] == 0

    layers.apply(room.store, candidate.version, scoring.SCORER, lead("ana"), NOON)
    assert Rescoring(room.store, ranking, scoring.SCORER, lambda: NOON).go_on()
    assert room.value("SELECT max(scored_at) FROM score") == NOON
    [made] = room.rows("SELECT DISTINCT scorer, layer, corrections FROM score")
    assert made == {"scorer": scoring.SCORER, "layer": 1, "corrections": 70}
    happy = room.rows("SELECT label FROM score WHERE mention_id = 'test:101'")
    assert happy == [{"label": "positive"}]


def test_what_comes_in_under_a_layer_is_scored_by_it_alone_and_in_bulk(room, monkeypatch):
    correct(room, 1, 60)
    trainer(room).go_on()
    layers.apply(room.store, 1, scoring.SCORER, lead("ana"), NOON)
    Rescoring(room.store, ranking, scoring.SCORER).go_on()
    for number, by_hand in ((501, scorer.BY_HAND), (502, -1)):
        monkeypatch.setattr(scorer, "BY_HAND", by_hand)
        room.lay(lines(row(number, text="acme at the depot is sick")), f"test-20261120T1100000000{number}-00000a.jsonl")
        list(absorber.absorb_waiting(room.store, JUDGEMENT, room.places))
        assert scorer.score_waiting(room.store, JUDGEMENT) == 1
    told = room.rows(
        "SELECT label, confidence, layer, corrections FROM score WHERE mention_id IN ('test:501', 'test:502')"
    )
    assert told[0] == told[1]
    assert (told[0]["layer"], told[0]["corrections"]) == (1, 60)


def test_an_accepted_word_is_in_the_next_candidate_and_can_be_taken_out(room, quick):
    correct(room, 1, 60)
    ours = trainer(room)
    ours.go_on()
    ours.ask(lead("ana"), {"sick": "positive"})
    assert ours.is_asked
    number = ours.go_on()
    assert not ours.is_asked
    with room.store.write() as store:
        store.run("INSERT INTO applied VALUES ($n, 's', 'ana', $at, $at, NULL, 0)", n=number, at=NOON)
    assert json.loads(room.value("SELECT content FROM layer WHERE version = $n", n=number))["lexicon"] == {
        "sick": "positive"
    }
    ours.ask(lead("ana"), {})
    ours.go_on()
    assert known(room)[0].figures["lexicon"] == {"sick": "positive"}
    ours.ask(lead("ana"), {"sick": ""})
    ours.go_on()
    assert known(room)[0].figures["lexicon"] == {}
    assert known(room)[0].made_by == "ana"


def test_nothing_is_learned_from_words_that_were_edited_since_nor_from_fiction(room):
    correct(room, 1, 52)
    room.take(found(1, text="acme said otherwise now", edited_at=NOON + HOUR))
    with room.store.read() as store:
        assert training.count(store) == training.Counts(corrected=52, usable=51)
        assert "test:1" not in [one["id"] for one in training.training_corrections(store)]
    with room.store.write() as store:
        store.run("UPDATE correction SET mention_id = 'sample:' || mention_id WHERE mention_id <> 'test:2'")
    with room.store.read() as store:
        assert training.count(store) == training.Counts(corrected=1, usable=1)


def test_a_learning_that_fails_says_why_and_nothing_is_kept(room):
    correct(room, 1, 3)
    ours = trainer(room)
    ours.ask(lead("ana"), {})
    with pytest.raises(HearbackError, match="3 corrections are too few to learn from: 50 are needed"):
        ours.go_on()
    assert "too few" in ours.trouble
    assert known(room) == []
    assert not ours.is_asked


def test_examples_are_looked_up_and_those_that_are_gone_left_out(room):
    with room.store.read() as store:
        assert training.examples(store, ["test:1", "test:gone"]) == {"test:1": "acme at the depot is sick, number 1"}
