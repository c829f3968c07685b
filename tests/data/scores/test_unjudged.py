"""What is not English has no figures in the store, says so in the queue, is ranked by what is known, and is nowhere
counted as neutral."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis import ranking
from analysis.scoring import scoring
from analysis.scoring.request import SCORER
from data.analytics.trends import tallies
from data.models import Sentiment
from data.people.rights import lead
from data.queue import details, triage
from data.scores import scorer
from data.scores.rescoring import Rescoring
from data.scores.scorer import Judgement
from tests.data.builders import ACME, action, found

JAPANESE = "Acmeの新しいやかんは三日で壊れました。返金してください"
OURS = replace(ACME, handles=("@acmehelp",))


@pytest.fixture
def heard(empty):
    """Take in one mention and score it by Hearback itself; the room."""

    def take(text=JAPANESE, score_line=scoring.score_line, **facts):
        empty.listen_for(OURS)
        empty.drop(found(1, text=text, **facts))
        empty.take_in()
        scorer.score_waiting(empty.store, Judgement(ranking, score_line))
        return empty

    return take


def record(room, done):
    triage.record(room.store, ranking, done, None, lead(done.actor))


def told(room):
    """The reasons of the only row in the queue, with their points."""
    return room.value("SELECT reasons FROM queue")


def test_the_figures_are_absent(heard):
    room = heard()
    (row,) = room.rows("SELECT label, compound, neg, pos, confidence, needs_reply, rests_on, language FROM score")
    assert row["rests_on"] == "not judged"
    assert row["language"] == "ja"
    assert [row[name] for name in ("label", "compound", "neg", "pos", "confidence", "needs_reply")] == [None] * 6


def test_the_queue_and_the_card_say_so(heard):
    room = heard()
    assert "Not judged: Japanese" in told(room)
    assert [row.label for row in room.page()] == [None]
    with room.store.read() as store:
        detail = details.find(store, "test:1")
    assert (detail.score.label, detail.score.language, detail.needs_reply) == (None, "ja", False)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"rating": 1.0}, "1 star"),
        ({"text": "@acmehelp " + JAPANESE}, "written to us"),
        ({"text": JAPANESE + "。いつですか？"}, "asks a question"),
    ],
)
def test_stars_handles_and_question_marks_rank_it(heard, facts, reason):
    room = heard(**facts)
    assert reason in told(room)
    assert "Not judged: Japanese" in told(room)


@pytest.mark.parametrize("handle", ["@acmehelpers", "x@acmehelp", "@acme_help"])
def test_another_s_handle_is_not_ours(heard, handle):
    assert "written to us" not in told(heard(f"{handle} {JAPANESE}"))


def test_it_counts_as_neutral_nowhere(heard):
    room = heard()
    assert [(one.sentiment, one.mentions) for one in tallies(room.store)] == [(None, 1)]
    assert room.page(sentiment=Sentiment.NEUTRAL) == []
    assert room.value("SELECT sentiment FROM judged") is None


def test_a_person_s_word_is_its_sentiment(heard):
    room = heard()
    record(room, action("judge", 1, sentiment=Sentiment.NEGATIVE))
    assert [row.label for row in room.page()] == [Sentiment.NEGATIVE]
    assert "Not judged" not in told(room)
    assert room.value("SELECT said FROM correction") is None
    assert room.value("SELECT sentiment FROM judged") == "negative"


def test_who_only_says_that_it_needs_a_reply_leaves_it_not_judged(heard):
    room = heard()
    record(room, action("expect", 1, body="yes"))
    assert [row.label for row in room.page()] == [None]
    assert "Not judged: Japanese" in told(room)


def test_a_resolved_one_is_listed(heard):
    room = heard()
    record(room, action("resolve", 1))
    assert room.page() == []
    assert room.value("SELECT count(*) FROM judged WHERE sentiment IS NULL") == 1


def test_what_an_earlier_scorer_called_harmless_is_scored_anew(heard):
    room = heard(score_line=_harmless)
    assert room.value("SELECT needs_reply FROM score") == 0
    assert "Not judged" not in told(room)
    assert Rescoring(room.store, ranking, SCORER).go_on()
    assert room.value("SELECT needs_reply FROM score") is None
    assert "Not judged: Japanese" in told(room)


def _harmless(row):
    """The line of a scorer that made a 0 of what it could not judge."""
    return {
        "mention_id": row["id"], "scorer": "hearback-2", "label": "neutral", "compound": 0.0, "neg": 0.0, "pos": 0.0,
        "confidence": 0.0, "needs_reply": 0.0, "rests_on": "not judged", "words": [], "cues": {}, "cue_confidence": {},
    }  # fmt: skip
