"""Scores: what waits for one, and keeping it together with the queue's rows."""

from __future__ import annotations

import json

from data.scores import scorer, scores, workers
from tests.data.builders import ACME, BOLT, JUDGEMENT, NOON, RANKING, found, mention, score_line


def drop_unscored(room, *arriving):
    room.drop(*arriving)
    room.take_in()


def said(row, **more):
    return json.dumps(score_line(row) | more).encode() + b"\n"


def test_the_oldest_wait_first_and_only_so_many(room):
    drop_unscored(room, *(found(n) for n in (1, 3, 2)))
    waiting = scores.waiting(room.store, 2)
    assert [row["id"] for row in waiting] == ["test:3", "test:2"]
    assert {name: waiting[0][name] for name in ("source", "title", "text", "rating")} == {
        "source": "test",
        "title": None,
        "text": "acme number 3",
        "rating": None,
    }


def test_every_brands_terms_are_names_that_must_not_weigh(room):
    room.listen_for(ACME, BOLT)
    assert scores.names(room.store) == ["acme", "bolt"]


def test_a_score_takes_the_place_of_the_former_one_whoever_made_it(room):
    """Two would count the mention twice on every chart."""
    drop_unscored(room, found(1))
    read = scores.waiting(room.store, 10)
    for by, label in (("a", "neutral"), ("b", "neutral"), ("a", "negative")):
        scores.keep(room.store, RANKING, [said(read[0], scorer=by, label=label)], read, NOON)
    assert room.rows("SELECT scorer, label FROM score") == [{"scorer": "a", "label": "negative"}]


def test_a_score_says_its_confidence_and_what_it_was_made_by(room):
    drop_unscored(room, found(1))
    read = scores.waiting(room.store, 10)
    scores.keep(room.store, RANKING, [said(read[0], confidence=0.75, needs_reply=0.5)], read, NOON)
    assert room.rows("SELECT scorer, confidence, needs_reply, layer, corrections FROM score") == [
        {"scorer": "three-words", "confidence": 0.75, "needs_reply": 0.5, "layer": 0, "corrections": 0}
    ]


def test_a_mention_that_went_away_while_it_was_scored_stays_away(room):
    drop_unscored(room, found(1))
    read = scores.waiting(room.store, 10)
    gone = {"id": "test:9", "token": None, "text": "bad"}
    scores.keep(room.store, RANKING, [said(read[0]), said(gone)], [*read, gone], NOON)
    assert room.ids("score", "mention_id") == room.ids("queue", "mention_id") == ["test:1"]


def test_words_and_cues_come_back_as_they_were_said(room):
    drop_unscored(room, found(1, text='acme how "bad"? bad'))
    room.absorb()
    [kept] = room.rows("SELECT words, cues FROM score")
    assert (json.loads(kept["words"]), json.loads(kept["cues"])) == ([["bad", -0.5]], {"question": ["how"]})
    assert [reason.why for reason in room.page()[0].reasons] == ["negative", "question"]


def test_a_large_import_is_scored_in_rounds_and_each_text_once(room, monkeypatch):
    monkeypatch.setattr(scorer, "AT_ONCE", 40)
    drop_unscored(room, *(found(n) for n in range(1, 101)))
    assert scorer.score_waiting(room.store, JUDGEMENT) == 100
    assert scorer.score_waiting(room.store, JUDGEMENT) == 0
    assert room.ids("score", "mention_id") == sorted(mention(n).id for n in range(1, 101))


def test_the_workers_and_the_one_who_does_it_by_hand_keep_alike(room, monkeypatch):
    monkeypatch.setattr(scorer, "BY_HAND", 10)
    monkeypatch.setattr(scorer, "KEPT_AT_ONCE", 20)
    blocks = []

    def at_hand(rows, names, layer):
        for start in range(0, len(rows), 10):
            blocks.append(rows[start : start + 10])
            yield [said(row) for row in blocks[-1]]

    monkeypatch.setattr(workers, "score", at_hand)
    for many in (40, 45):  # a multiple of what is kept at once, and not
        drop_unscored(room, *(found(n, text="acme is bad") for n in range(many * 100, many * 101)))
        assert scorer.score_waiting(room.store, JUDGEMENT) == many
    assert room.value("SELECT count(*) FROM queue WHERE points >= 3") == 85
    assert room.ids("unscored", "mention_id") == []


def test_what_was_scored_before_a_worker_failed_is_kept(room, monkeypatch):
    monkeypatch.setattr(scorer, "BY_HAND", 1)
    monkeypatch.setattr(scorer, "KEPT_AT_ONCE", 10)

    def failing(rows, names, layer):
        yield [said(row) for row in rows[:10]]
        raise workers.WorkersFailed("A scoring process ended early.")

    drop_unscored(room, *(found(n) for n in range(1, 31)))
    monkeypatch.setattr(workers, "score", failing)
    for kept in (10, 20, 30):
        try:
            scorer.score_waiting(room.store, JUDGEMENT)
        except workers.WorkersFailed:
            assert len(room.ids("score", "mention_id")) == kept
    assert room.ids("unscored", "mention_id") == []
