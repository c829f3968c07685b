"""What the judgement says of a brand is what counts for that brand, under a person's word and under stars."""

from __future__ import annotations

import json

import pytest

from analysis import ranking
from analysis.scoring import scoring
from data.models import Brand, Sentiment
from data.queue import details
from data.scores import layers, rescoring, scorer
from data.scores.scorer import Judgement
from tests.data.builders import ACME, BOLT, action, found

OURS = Judgement(ranking, scoring.score_line)
SAID = "I'm switching from acme to bolt"


@pytest.fixture
def judge(empty):
    """Take one mention in and let Hearback itself score it; what counts for each brand afterwards."""

    def take(text=SAID, brands=(ACME, BOLT), **facts):
        empty.listen_for(*brands)
        empty.drop(found(1, text=text, **facts))
        empty.take_in()
        scorer.score_waiting(empty.store, OURS)
        return counted(empty)

    take.room = empty
    return take


def counted(room):
    return {row["brand"]: str(row["sentiment"]) for row in room.rows("SELECT brand, sentiment FROM judged")}


def test_a_comparison_is_bad_for_one_brand_and_good_for_the_other(judge):
    assert judge() == {"Acme": "negative", "Bolt": "positive"}


def test_where_brands_fare_alike_the_whole_counts(judge):
    assert judge("I love acme and bolt") == {"Acme": "positive", "Bolt": "positive"}


def test_stars_stand_above_what_is_said_of_a_brand(judge):
    assert judge(rating=1.0) == {"Acme": "negative", "Bolt": "negative"}


def test_a_person_stands_above_both(judge):
    judge()
    judge.room.record(action("judge", 1, sentiment=Sentiment.NEUTRAL))
    assert counted(judge.room) == {"Acme": "neutral", "Bolt": "neutral"}


@pytest.mark.parametrize("name", ['Ac"me', "Ac/me", "Ac~me", "Ac'me", "$.[0]"])
def test_an_odd_name_is_a_brand_like_any_other(judge, name):
    assert judge(brands=(Brand(name, terms=("acme",)), BOLT)) == {name: "negative", "Bolt": "positive"}


def test_all_that_was_judged_is_kept_with_the_mention(judge):
    judge()
    with judge.room.store.read() as store:
        score = details.find(store, "test:1").score
    assert (score.scorer, score.language) == (scoring.SCORER, "en")
    assert score.by_brand["Acme"]["label"] == "negative"
    assert 0 <= score.needs_reply <= 1
    assert 0 < score.confidence <= 1
    [row] = judge.room.rows("SELECT neg, pos, cues, cue_confidence FROM score")
    assert 0 <= row["neg"] + row["pos"] <= 1
    assert json.loads(row["cues"]).keys() == json.loads(row["cue_confidence"]).keys()


def test_another_version_tells_brands_apart_as_well(judge):
    judge()
    with judge.room.store.write() as transaction:
        transaction.run("UPDATE score SET scorer = 'hearback-0', by_brand = NULL")
    making = rescoring.Rescoring(judge.room.store, ranking, scoring.SCORER)
    assert making.go_on()
    assert counted(judge.room) == {"Acme": "negative", "Bolt": "positive"}
    with judge.room.store.read() as store:
        assert layers.active_version(store).layer == 0
