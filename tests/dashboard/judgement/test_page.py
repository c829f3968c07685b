"""The Judgement page: figures or why there are none, the blind check by key, what was learned and who lets it count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from analysis.scoring.scoring import SCORER
from dashboard.judgement import accuracy_report, training
from dashboard.runtime import open_runtime, use_runtime
from dashboard.shared.palettes import LIGHT
from data import setup
from data.ingest import absorber
from data.models import Action, ActionKind, Brand, Found, Mention, Sentiment, Verdict
from data.people.rights import lead
from data.queue import triage
from data.scores import blind_check, layers, scorer
from data.scores.layers import Layer
from data.settings import Places
from data.spool.batches import drop

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NEGATIVE, NEUTRAL, POSITIVE = Sentiment
TEXTS = ("Acme is terrible, I hate it", "Acme opens at nine", "Acme is lovely, thank you")


@pytest.fixture
def runtime(tmp_path):
    here = Places(tmp_path)
    setup.save_brands(here.setup, [Brand("Acme", ("Acme",))])
    opened = open_runtime(here, listen=False, clock=lambda: NOON)
    for loop in opened.loops.values():
        loop.stop()
    use_runtime(opened)
    list(absorber.absorb_waiting(opened.store, opened.judgement, here, opened.clock))
    yield opened
    use_runtime(None)
    opened.store.close()


@pytest.fixture
def filled(runtime):
    found = [
        Found(Mention(f"reddit:{n}", "reddit", "post", f"{TEXTS[n % 3]}, number {n}", NOON - timedelta(hours=n)))
        for n in range(1, 91)
    ]
    drop(runtime.places.incoming, "reddit", NOON, found=found)
    list(absorber.absorb_waiting(runtime.store, runtime.judgement, runtime.places, runtime.clock))
    scorer.score_waiting(runtime.store, runtime.judgement, runtime.clock)
    return runtime


def page(part: str = "") -> AppTest:
    test = AppTest.from_file("../../../dashboard/judgement/page.py", default_timeout=500)
    test.query_params["me"] = "Ana"
    if part:
        test.query_params["part"] = part
    return test.run()


def press(test: AppTest, key: str) -> AppTest:
    return test.button(key=key).click().run()


def texts(test: AppTest) -> str:
    shown = (*test.text, *test.markdown, *test.caption, *test.subheader)
    return "\n".join(element.value for element in shown)


def correct(runtime, count, sentiment=NEGATIVE):
    for n in range(1, count + 1):
        made = Action("", f"reddit:{n}", ActionKind.JUDGE, "Ana", NOON, sentiment=sentiment)
        triage.record(runtime.store, runtime.judgement.ranking, made, None, lead(made.actor))


def verdict(said=NEGATIVE, sentiment=NEGATIVE, **more) -> Verdict:
    facts = {"confidence": 0.9, "said_needs_reply": 0.9, "needs_reply": True, "layer": 0, "week": None} | more
    return Verdict("reddit:1", "reddit", ("Acme",), said, sentiment=sentiment, scorer="s", **facts)


@pytest.mark.parametrize("part", ["How right are we", "Teach", "Blind check"])
def test_an_empty_store_says_what_comes_next(runtime, part):
    test = page(part)
    assert not test.exception
    assert any(said in texts(test) for said in ("Nothing to measure yet", "to label yet", "1, 2, 3 set the sentiment"))


def test_figures_come_with_intervals_and_too_few_say_so(filled):
    correct(filled, 40)
    test = page("How right are we")
    assert not test.exception
    row = test.dataframe[0].value.iloc[0]
    assert row["Measure"] == "Sentiment right"
    assert row["Blind check: random"] == "too few to say: 0"
    assert row["Corrections: what looked wrong"].endswith("%) of 40")
    assert "mostly because they looked wrong" in texts(test)


def test_a_measure_tells_its_share_its_interval_and_of_how_many():
    told = accuracy_report.measures([verdict()] * 30 + [verdict(POSITIVE)] * 10, [])
    assert told[0]["Blind check: random"] == "75% (60 to 86%) of 40"
    assert told[1]["Blind check: random"] == "100% (89 to 100%) of 30"
    assert told[2]["Blind check: random"] == "75% (60 to 86%) of 40"
    assert {row["Corrections: what looked wrong"] for row in told} == {"too few to say: 0"}


def test_a_brand_that_looks_like_a_formula_is_none():
    [row] = accuracy_report.breakdown([verdict()], lambda _: ("=1+1",), "Brand")
    assert row["Brand"] == "'=1+1"


def test_a_band_of_few_is_drawn_hollow():
    from analysis.measuring.intervals import calibration

    bands = calibration([verdict()] * 30 + [verdict(confidence=0.55)] * 3)
    figure = accuracy_report.picture(bands, LIGHT)
    assert list(figure.data[1].marker.symbol) == ["circle-open", "circle"]


def test_one_key_labels_a_mention_and_the_next_one_comes(filled):
    test = page("Blind check")
    cards = blind_check.cards(filled.store, NOON)
    assert cards[0].text in texts(test)
    press(test, "blind_4")
    again = blind_check.cards(filled.store, NOON)
    assert (again[0].sentiment, again[0].needs_reply, again[0].labelled_by) == (NEGATIVE, True, "Ana")
    assert cards[1].text in texts(test)
    press(test, "blind_2")
    assert blind_check.cards(filled.store, NOON)[1].needs_reply is False
    press(test, "blind_undo")
    assert blind_check.cards(filled.store, NOON)[1].labelled_by is None
    assert cards[1].text in texts(test)


def test_the_score_is_nowhere_to_be_seen_while_one_labels(filled):
    test = page("Blind check")
    assert not test.dataframe
    assert not any(said in texts(test).lower() for said in ("judged by", "points", "confidence", "compound"))


def test_the_second_of_two_people_is_told_and_goes_on(filled):
    test = page("Blind check")
    card = blind_check.cards(filled.store, NOON)[0]
    blind_check.label(filled.store, card, POSITIVE, False, lead("Ben"), NOON)
    press(test, "blind_1")
    assert "Somebody else was faster" in texts(test)
    again = blind_check.cards(filled.store, NOON)
    assert again[0].labelled_by == "Ben"
    assert again[1].labelled_by is None


def test_a_week_that_is_done_says_how_often_the_scorer_had_said_the_same(filled):
    test = page("Blind check")
    for _ in range(blind_check.A_WEEK - 1):
        press(test, "blind_1")
    press(test, "blind_0")
    assert test.subheader[0].value == "Done for this week"
    assert f"of {blind_check.A_WEEK - 1}." in texts(test)
    assert "The next 20 are drawn on Monday" in texts(test)


def measured(precision, recall, of, called):
    return {"precision": precision, "recall": recall, "of": of, "called": called}


def candidate(runtime, **figures):
    facts = {
        "stored": 90, "tried": 90, "changes": {"neutral > negative": 3}, "replies": {"more": 1, "fewer": 0},
        "examples": {"neutral > negative": ["reddit:1", "reddit:4", "reddit:gone"]}, "lexicon": {}, "words": [],
        "held_out": {
            "corrections": 61,
            "before": {"negative": measured(0.5, 0.4, 50, 40), "needs_reply": measured(None, None, 0, 0)},
            "after": {"negative": measured(0.9, 0.72, 50, 40), "needs_reply": measured(None, None, 0, 0)},
        },
    } | figures  # fmt: skip
    return layers.keep(runtime.store, Layer(0, SCORER, "Hearback", NOON, 61, facts), '{"lexicon": {}}')


def test_a_candidate_shows_what_would_change_and_counts_only_when_a_person_says_so(filled):
    correct(filled, 61)
    candidate(filled)
    test = page("Teach")
    assert not test.exception
    shown = texts(test)
    assert "a candidate that does not count yet" in shown
    assert "It would judge **3** of the 90 stored mentions otherwise." in shown
    assert "number 4" in shown
    held_out = test.dataframe[0].value
    assert held_out["As shipped"][0].startswith("50%")
    assert held_out["Candidate"][0].startswith("90%")
    with filled.store.read() as store:
        assert layers.making(store) is None
    press(test, "apply")
    with filled.store.read() as store:
        making = layers.making(store)
    assert (making.version, making.asked_by) == (1, "Ana")
    assert "Everything is being scored by version 1: 0 of 90" in texts(test)


def test_the_making_is_stopped_and_let_go_on_by_name(filled):
    candidate(filled)
    test = press(page("Teach"), "apply")
    press(test, "stop")
    assert "stopped by Ana" in texts(test)
    press(test, "resume")
    with filled.store.read() as store:
        assert layers.making(store).stopped_by is None


def test_one_goes_back_to_any_version_that_once_counted(filled):
    number = candidate(filled)
    with filled.store.write() as store:
        store.run("INSERT INTO applied VALUES ($n, $scorer, 'Ana', now(), now(), NULL, 0)", n=number, scorer=SCORER)
    test = page("Teach")
    versions = test.dataframe[-1].value
    assert list(versions["Version"]) == ["Version 1", "As shipped"]
    assert list(versions["State"]) == ["counts", "earlier"]
    press(test, "go_back")
    with filled.store.read() as store:
        assert layers.making(store).version == layers.SHIPPED


def test_a_word_is_offered_and_asked_for_with_the_same_preview(filled):
    correct(filled, 55)
    candidate(
        filled, words=[{"word": "sick", "sentiment": "positive", "said": 9, "of": 11}], lexicon={"fire": "positive"}
    )
    test = page("Teach")
    assert "In 9 of 11 corrections “sick” was positive." in texts(test)
    assert "“fire” is taken as positive." in texts(test)
    press(test, "add-sick")
    assert filled.trainer.is_asked
    assert "Learning…" in texts(test)


def test_of_a_sample_it_is_said_that_it_is_one():
    said = training.would_change({"tried": 2000, "stored": 90_000, "changes": {"neutral > negative": 100}})
    assert said == (
        "It would judge about **5.0%** of all otherwise (4.1 to 6.0%): 100 in a sample of 2,000 of the 90,000 stored "
        "mentions."
    )


def test_corrections_whose_words_were_edited_since_are_named(filled):
    correct(filled, 20)
    with filled.store.write() as store:
        store.run("UPDATE correction SET edited_at = now() WHERE mention_id IN ('reddit:1', 'reddit:2')")
    test = page("Teach")
    assert not test.exception
    assert "18 of 50 corrections to learn from (2 more teach nothing" in texts(test)
