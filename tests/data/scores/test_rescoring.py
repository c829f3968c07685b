"""Re-scoring: beside what counts, to the end after every stop, and all at once; two versions never stand together."""

from __future__ import annotations

import json
from itertools import chain

import pytest

from data.analytics.trends import tallies
from data.models import HearbackError, Sentiment
from data.people.rights import lead
from data.scores import layers, rescoring, scorer, workers
from data.scores.layers import Layer
from data.scores.rescoring import Rescoring
from tests.data.builders import HOUR, JUDGEMENT, NOON, RANKING, action, found, score_line

NEGATIVE, POSITIVE = Sentiment.NEGATIVE, Sentiment.POSITIVE


@pytest.fixture
def read_by(monkeypatch):
    """The workers in this process: under a layer {"word": label} that word decides, else the three words do. Returns
    what it was asked to score, block by block, and calls `during` before each."""

    class Scored(list):
        during = staticmethod(lambda: None)

        def score(self, rows, names, *, size=None, layer=None):
            for start in range(0, len(rows), workers.BLOCK):
                block = rows[start : start + workers.BLOCK]
                self.append([row["id"] for row in block])
                self.during()
                yield [json.dumps(_said(row, json.loads(layer or "{}"))).encode() + b"\n" for row in block]

    asked = Scored()
    monkeypatch.setattr(workers, "score", asked.score)
    monkeypatch.setattr(workers, "BLOCK", 2)
    monkeypatch.setattr(rescoring, "KEPT_AT_ONCE", 2)
    monkeypatch.setattr(scorer, "BY_HAND", -1)
    return asked


def _said(row, layer):
    line = score_line(row)
    for word, label in layer.items():
        if word in row["text"]:
            line |= {"label": label}
    return line


def learn(room, corrections=50, **words):
    """Keep a layer; return its version."""
    layer = Layer(0, "three-words", "ana", NOON, corrections, {})
    return layers.keep(room.store, layer, json.dumps(words))


def ask(room, version, who="ana"):
    layers.apply(room.store, version, "three-words", lead(who), NOON)


def rescore(room, scorer="three-words", leaving=lambda: False):
    return Rescoring(room.store, RANKING, scorer).go_on(leaving)


def labels(room):
    return {row["mention_id"]: (row["label"], row["layer"]) for row in room.rows("FROM score")}


def making(room):
    with room.store.read() as store:
        return layers.making(store)


@pytest.fixture
def six(room, read_by):
    room.take(*(found(n, text="acme is sick") for n in range(1, 7)))
    read_by.clear()
    return room


def test_without_being_asked_nothing_is_scored_again(six, read_by):
    learn(six, sick="positive")
    assert not rescore(six)
    assert read_by == []
    assert {layer for _, layer in labels(six).values()} == {0}


def test_the_version_that_was_asked_for_counts_with_its_number_and_what_it_knew(six):
    ask(six, learn(six, corrections=61, sick="positive"))
    assert rescore(six)
    assert labels(six) == {f"test:{n}": ("positive", 1) for n in range(1, 7)}
    assert six.value("SELECT DISTINCT corrections FROM score") == 61
    assert making(six) is None
    assert six.value("SELECT count(*) FROM rescored") == 0
    assert not rescore(six)


def test_the_queue_and_the_weeks_follow_in_the_same_moment(six):
    ask(six, learn(six, sick="negative"))
    rescore(six)
    assert {(row.label, row.points) for row in six.page()} == {(NEGATIVE, 3)}
    assert {(one.sentiment, one.mentions) for one in tallies(six.store)} == {(NEGATIVE, 6)}


def test_until_all_is_made_everybody_sees_the_former_version_alone(six, read_by):
    seen = []

    def look():
        seen.append(
            ({one.sentiment for one in tallies(six.store)}, {row.label for row in six.page()}, making(six).done)
        )

    ask(six, learn(six, sick="negative"))
    read_by.during = look
    rescore(six)
    assert seen == [({Sentiment.NEUTRAL}, {Sentiment.NEUTRAL}, done) for done in (0, 2, 4)]


def test_it_is_stopped_and_goes_on_where_it_was(six, read_by):
    ask(six, learn(six, sick="negative"))
    read_by.during = lambda: len(read_by) == 2 and layers.stop(six.store, lead("ben"))
    assert not rescore(six)
    assert (making(six).stopped_by, making(six).done, making(six).total) == ("ben", 2, 6)
    assert not rescore(six)
    first = list(read_by)
    layers.resume(six.store, lead("ben"))
    read_by.clear()
    read_by.during = lambda: None
    assert rescore(six)
    assert sorted(chain.from_iterable(read_by)) == sorted({f"test:{n}" for n in range(1, 7)} - set(first[0]))
    assert {layer for _, layer in labels(six).values()} == {1}


def test_a_process_that_ends_leaves_off_between_two_blocks(six):
    ask(six, learn(six, sick="negative"))
    turns = iter([False, True])
    assert not rescore(six, leaving=lambda: next(turns))
    assert making(six).done == 2
    assert rescore(six)


def test_what_comes_in_meanwhile_has_a_score_before_and_after(six, read_by):
    def arrive():
        if len(read_by) == 2:
            read_by.during = lambda: None
            six.take(found(7, text="acme is sick and new"))
            assert labels(six)["test:7"] == ("neutral", 0)

    ask(six, learn(six, sick="negative"))
    read_by.during = arrive
    assert rescore(six)
    assert labels(six)["test:7"] == ("negative", 1)
    assert len(labels(six)) == len(six.open()) == 7


def test_what_is_edited_after_it_was_made_is_made_again(six, read_by):
    def edit():
        if len(read_by) == 3:
            read_by.during = lambda: None
            first = read_by[0][0]
            six.take(found(int(first.split(":")[1]), text="acme is fine", edited_at=NOON + HOUR))

    ask(six, learn(six, sick="negative"))
    read_by.during = edit
    assert rescore(six)
    assert sorted(label for label, _ in labels(six).values()) == ["negative"] * 5 + ["neutral"]


def test_what_waits_for_its_score_at_the_switch_is_scored_by_the_new_version(six, read_by):
    six.drop(found(8, text="acme is sick, unread"))
    six.take_in()
    ask(six, learn(six, sick="negative"))
    assert rescore(six)
    assert "test:8" not in labels(six)
    scorer.score_waiting(six.store, JUDGEMENT)
    assert labels(six)["test:8"] == ("negative", 1)


def test_a_score_made_by_the_version_before_the_switch_is_not_kept_after_it(six, read_by):
    six.drop(found(8, text="acme is sick, unread"))
    six.take_in()
    ask(six, learn(six, sick="negative"))

    def switch():
        read_by.during = lambda: None
        rescore(six)

    read_by.during = switch
    assert scorer.score_waiting(six.store, JUDGEMENT) == 1
    assert set(labels(six).values()) == {("negative", 1)}
    assert six.ids("unscored", "mention_id") == []


def test_a_correction_holds_through_a_new_version_and_back(six):
    six.record(action("judge", 1, sentiment=POSITIVE))
    six.record(action("expect", 1, body="yes"))
    ask(six, learn(six, sick="negative"))
    rescore(six)
    first = next(row for row in six.page() if row.mention_id == "test:1")
    assert first.label is POSITIVE
    ask(six, layers.SHIPPED)
    rescore(six)
    assert six.rows("SELECT sentiment, needs_reply FROM corrected") == [{"sentiment": "positive", "needs_reply": True}]
    assert set(labels(six).values()) == {("neutral", 0)}
    with six.store.read() as store:
        assert [(row["version"], row["asked_by"]) for row in layers.history(store)] == [(1, "ana"), (0, "ana")]


def test_asking_for_another_version_gives_up_the_one_that_is_being_made(six, read_by):
    ask(six, learn(six, sick="negative"))
    read_by.during = lambda: len(read_by) == 2 and layers.stop(six.store, lead("ana"))
    rescore(six)
    read_by.during = lambda: None
    ask(six, layers.SHIPPED)
    assert making(six) is None
    assert six.value("SELECT count(*) FROM rescored") == 0
    assert {layer for _, layer in labels(six).values()} == {0}


def test_a_version_that_is_not_kept_cannot_be_asked_for(six):
    with pytest.raises(HearbackError, match="Version 9"):
        ask(six, 9)
    assert making(six) is None


def test_a_new_candidate_takes_the_place_of_one_nobody_asked_for_and_numbers_go_on(six):
    ask(six, learn(six, sick="negative"))
    rescore(six)
    assert [learn(six), learn(six), learn(six)] == [2, 3, 4]
    with six.store.read() as store:
        assert [layer.version for layer in layers.known(store)] == [4, 1]


def test_only_rows_that_are_judged_otherwise_are_ranked_again(six, monkeypatch):
    ranked = []
    six.take(found(7, text="acme is fine"))
    monkeypatch.setattr(RANKING.__class__, "rank", lambda _, case: ranked.append(case) or ())
    ask(six, learn(six, sick="negative"))
    rescore(six)
    assert {case.label for case in ranked} == {NEGATIVE}


def test_an_authors_other_complaints_are_counted_anew(six):
    six.take(found(10, text="acme is bad", author="zoe"), found(9, text="acme was sick", author="zoe"))
    ask(six, learn(six, sick="negative"))
    rescore(six)
    assert {row.mention_id: row.points for row in six.page()}["test:9"] == 5


def test_another_shipped_scorer_scores_everything_anew_before_anything_new_is_scored(six, read_by):
    with six.store.write() as store:
        store.run("UPDATE score SET scorer = 'an older one'")
    ask(six, learn(six, sick="negative"))
    rescore(six)
    with six.store.write() as store:
        store.run("UPDATE score SET scorer = 'an older one'")
        store.run("UPDATE layer SET scorer = 'an older one'")
    seen = []

    def arrive():
        read_by.during = lambda: None
        six.take(found(7, text="acme is new"))
        seen.append((making(six).is_update, "test:7" in labels(six)))

    read_by.during = arrive
    assert rescore(six)
    assert seen == [(True, False)]
    assert set(labels(six).values()) == {("neutral", 0)}  # a layer over the older scorer does not fit the new one
    scorer.score_waiting(six.store, JUDGEMENT)
    assert labels(six)["test:7"] == ("neutral", 0)


def test_nobody_chooses_a_version_while_a_new_scorer_scores_everything(six, read_by):
    number = learn(six, sick="negative")
    layers.apply(six.store, layers.SHIPPED, "three-words", lead(layers.OURSELVES), NOON)
    with pytest.raises(HearbackError, match="by the new scorer"):
        ask(six, number)


def test_a_score_whose_mention_is_gone_does_not_hold_up_the_switch(six):
    with six.store.write() as store:
        store.run("DELETE FROM mention WHERE id = 'test:3'")
    ask(six, learn(six, sick="negative"))
    assert not rescore(six)
    assert rescore(six)
    assert len(labels(six)) == 5


def test_a_reading_of_one_moment_stays_whole_through_the_switch(six):
    ask(six, learn(six, sick="negative"))
    with six.store.still() as (reading, _):
        rescore(six)
        assert {row["label"] for row in reading.rows("SELECT label FROM score")} == {"neutral"}
        assert {row["sentiment"] for row in reading.rows("SELECT sentiment FROM judged")} == {"neutral"}
    assert {label for label, _ in labels(six).values()} == {"negative"}


def test_the_table_that_is_made_beside_keeps_the_shape_of_the_one_that_counts(six):
    ask(six, learn(six, sick="negative"))
    rescore(six)
    shapes = [six.rows(f"SELECT column_name, column_type FROM (DESCRIBE {table})") for table in ("score", "rescored")]
    assert shapes[0] == shapes[1]


def test_a_version_learned_over_an_earlier_scorer_is_refused_with_what_to_do(six):
    number = learn(six, sick="negative")
    with pytest.raises(HearbackError, match="learned over an earlier scorer"):
        layers.apply(six.store, number, "four-words", lead("ana"), NOON)
    assert making(six) is None


def test_a_version_that_was_asked_for_before_the_scorer_changed_gives_way_to_the_new_scorer(six):
    ask(six, learn(six, sick="negative"))
    with six.store.write() as transaction:
        transaction.run("UPDATE layer SET scorer = 'two-words'")
        transaction.run("UPDATE score SET scorer = 'two-words'")
    assert rescore(six)
    assert {layer for _, layer in labels(six).values()} == {0}
    assert six.value("SELECT DISTINCT scorer FROM score") == "three-words"
