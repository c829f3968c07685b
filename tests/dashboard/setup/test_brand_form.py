"""A brand as it is typed, tried out, saved and removed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.setup import brand_entry, brand_trial
from dashboard.setup.brand_entry import BrandEntry, phrases, slips, to_brand, written
from dashboard.setup.brand_trial import offered
from data import setup
from data.brands import matches
from data.files import beside
from data.models import Brand, Found, HearbackError, Mention
from data.scores import scorer
from data.setup import Setup
from data.spool.batches import drop
from listeners.http.web import Web
from listeners.sources.hackernews import HackerNews
from tests.dashboard import setup_bench
from tests.dashboard.setup_bench import (
    ACME,
    NOON,
    RIVAL,
    absorb,
    choose,
    field,
    heard,
    kept,
    known,
    opened_page,
    queued,
    rows,
    said,
)
from tests.listeners.servers.server import Answer

runtime, server = setup_bench.runtime, setup_bench.server

# A brand as it is typed


def test_phrases_stand_one_a_line_or_with_commas_between_each_once():
    assert phrases("acme, acme  inc\n@acme\n\n , acme") == ("acme", "acme inc", "@acme")


def test_a_phrase_in_quotes_may_hold_a_comma():
    assert phrases('"Hello, Inc", hi') == ("Hello, Inc", "hi")


@pytest.mark.parametrize("brand", [ACME, Brand("H", ("Hello, Inc", '"quoted"', 'a "b" c'), ("x",), ("y", "z"), True)])
def test_a_brand_comes_back_from_its_fields_as_it_was(brand):
    assert to_brand(written(brand)) == brand


@pytest.mark.parametrize(
    "told",
    [(), (("default", 10),), (("default", 10), ("reviews", 90)), (("reddit", 7), ("reviews", 365)), (("reviews", 30),)],
)
def test_the_days_of_a_brand_come_back_from_their_fields_as_they_were(told):
    assert to_brand(written(replace(ACME, old_after=told))).old_after == told


@pytest.mark.parametrize(
    ("posts", "reviews", "told"),
    [
        (30, 90, ()),
        (14, 90, (("default", 14), ("reviews", 90))),
        (90, 90, (("default", 90),)),
        (30, 7, (("reviews", 7),)),
    ],
)
def test_days_that_are_typed_hold_for_posts_and_for_reviews(posts, reviews, told):
    brand = to_brand(BrandEntry(name="Acme", posts_days=posts, reviews_days=reviews))
    assert brand.old_after == told
    assert [brand.old_after_days("x", is_review=kind) for kind in (False, True)] == [posts, reviews]


def test_without_terms_a_brand_goes_by_its_name():
    assert to_brand(BrandEntry(name="  Acme   Inc ")).terms == ("Acme Inc",)


@pytest.mark.parametrize(
    ("entry", "field", "begins"),
    [
        (BrandEntry(), "name", "Give the brand its name"),
        (BrandEntry(name="acme"), "name", "There is a brand of that name already"),
        (BrandEntry(name="?!"), "name", "A name holds at least one letter"),
        (BrandEntry(name="x" * 81), "name", "A name has at most 80"),
        (BrandEntry(name="Zed (sample)"), "name", "Names that end in"),
        (BrandEntry(name="Zed", terms="zed, --"), "terms", "Each word or phrase holds"),
        (BrandEntry(name="Zed", required="y" * 101), "required", "One of these has more than 100"),
        (BrandEntry(name="Zed", excluded="ZED"), "excluded", "One of these is a term as well"),
        (BrandEntry(name="Zed", handles="acme help"), "handles", "Each is one account's name"),
        (BrandEntry(name="Zed", handles="reddit:"), "handles", "Each is one account's name"),
        (BrandEntry(name="Zed", required="bank", excluded="Bank"), "excluded", "One of these is a required word"),
        (BrandEntry(name="Zed", hours=0), "hours", "Give a number of hours"),
        (BrandEntry(name="Zed", hours=9_000), "hours", "Give a number of hours"),
    ],
)
def test_what_cannot_be_saved_is_told_beside_its_field(entry, field, begins):
    found = slips(entry, ["Acme"])
    assert list(found) == [field]
    assert found[field].startswith(begins)


def test_a_good_entry_has_no_slips_in_any_script():
    assert slips(BrandEntry(name="Ünïcødé 株", terms="株式, C++, @株", excluded="street"), ["Acme"]) == {}


# What a brand matches


def test_trying_a_brand_out_counts_and_shows_and_changes_nothing(runtime):
    heard(runtime, "I love ACME", "Acme Street is closed", "acmeville", "ask @acmehelp about it")
    with runtime.store.read() as store:
        trial = matches.try_out(store, ACME)
    assert trial == {"stored": 4, "count": 2, "examples": ["I love ACME", "ask @acmehelp about it"]}
    assert rows(runtime, "SELECT * FROM match WHERE brand = 'Acme'") == []


def test_a_trial_counts_what_saving_then_matches(runtime):
    heard(runtime, "Acme bank", "acme", "the bank of acme, Acme street", "bank")
    brand = Brand("Acme", ("acme",), required=("bank",), excluded=("acme street",))
    saved = brand_entry.save(runtime, brand, None)
    assert saved.count == len(rows(runtime, "SELECT * FROM match WHERE brand = 'Acme'")) == 1


def test_a_trial_leaves_fiction_out(runtime):
    absorb(runtime)
    drop(runtime.places.incoming, "sample", NOON, found=[Found(Mention("sample:1", "sample", "post", "Acme!", NOON))])
    absorb(runtime)
    with runtime.store.read() as store:
        assert matches.try_out(store, ACME) == {"stored": 0, "count": 0, "examples": []}


# Saving and removing


def test_saving_writes_the_file_and_the_store_follows(runtime):
    heard(runtime, "Acme is down", "nothing")
    saved = brand_entry.save(runtime, ACME, None)
    scorer.score_waiting(runtime.store, runtime.judgement, runtime.clock)
    assert kept(runtime).brands == (ACME,)
    assert (known(runtime), queued(runtime)) == (["Acme"], {"x:1"})
    assert (saved.count, saved.stored, saved.is_first, saved.is_new) == (1, 2, True, True)


def test_a_brand_that_somebody_else_changed_meanwhile_is_not_overwritten(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    changed = Brand("Acme", ("Acme", "acme.com"))
    setup.save_brands(runtime.places.setup, [changed])
    with pytest.raises(HearbackError, match="changed or removed meanwhile"):
        brand_entry.save(runtime, Brand("Acme", ("other",)), opened=ACME)
    with pytest.raises(HearbackError, match="added meanwhile"):
        brand_entry.save(runtime, Brand("ACME", ("other",)), opened=None)
    assert kept(runtime).brands == (changed,)
    setup.save_brands(runtime.places.setup, [replace(changed, old_after=(("default", 7),))])
    with pytest.raises(HearbackError, match="changed or removed meanwhile"):
        brand_entry.save(runtime, ACME, opened=changed)


def test_others_edits_of_other_brands_stay(runtime):
    setup.save_brands(runtime.places.setup, [ACME, RIVAL])
    brand_entry.save(runtime, Brand("Acme", ("acme",)), opened=ACME)
    assert kept(runtime).brands == (Brand("Acme", ("acme",)), RIVAL)


def test_a_file_that_cannot_be_written_is_a_sentence(runtime):
    beside(runtime.places.setup).mkdir()
    with pytest.raises(HearbackError, match="could not be written"):
        brand_entry.save(runtime, ACME, None)


def test_the_first_brand_is_told_what_goes_and_what_comes():
    saved = brand_entry.Saved(ACME, 0, 0, is_first=True, is_new=True)
    said = " ".join(brand_entry.told(saved, hears=True, runs=True))
    assert "The sample goes with the first real mention" in said
    assert "Hacker News is listened to at once" in said
    assert "python -m listeners" in " ".join(brand_entry.told(saved, hears=True, runs=False))
    assert "Hacker News" not in " ".join(brand_entry.told(saved, hears=False, runs=True))


def test_hacker_news_is_heard_unless_it_was_switched_off():
    assert brand_entry.hears_hackernews(Setup((ACME,)))
    assert not brand_entry.hears_hackernews(Setup((ACME,), {"hackernews": {"on": False}}))


def test_removing_says_what_leaves_before_it_does(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    heard(runtime, "Acme is down", "acme again", "nothing")
    said = " ".join(brand_entry.consequences(runtime, ACME, [ACME], NOON))
    assert "2 mentions in the queue name it" in said
    assert "its 2 stored mentions count again" in said
    assert "your last brand" in said
    brand_entry.remove(runtime, "Acme")
    assert (kept(runtime).brands, queued(runtime)) == ((), set())
    assert len(rows(runtime, "SELECT * FROM mention")) == 3


def test_a_competitor_leaves_trends_only():
    said = brand_entry.farewell(RIVAL, 0, 1, is_last=False)
    assert said == [
        "It leaves Trends; the queue stays as it is.",
        "Nothing is deleted: add it again, and its 1 stored mention count again.",
    ]


# The test bench


def bench(page, begins):
    return next(one for one in page.menu_button if one.key.startswith(begins))


def test_a_change_of_words_shows_what_it_gains_and_loses_before_it_is_saved(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    heard(runtime, "Acme is down", "the kettle is down", "ask @acmehelp about it", "nothing")
    page = choose(opened_page(), 0)
    field(page.text_area, "Terms").set_value("acme, kettle").run()
    assert "Matches 2 of 4 stored mentions." in said(page) and "Hacker News 2" in said(page)
    assert "Gained 1" in str(page.segmented_control[0].options) and "Lost 1" in str(page.segmented_control[0].options)
    page.segmented_control[0].set_value("lost").run()
    assert "ask @acmehelp about it" in said(page) and "the kettle is down" not in said(page)
    assert queued(runtime) == {"x:1", "x:3"}  # nothing is saved


def test_one_click_leaves_a_word_out_and_it_can_be_taken_back_in_the_field(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    heard(runtime, "Acme kettles are down", "Acme is down")
    page = choose(opened_page(), 0)
    assert "Matches 2 of 2" in said(page)
    menus = [one for one in page.menu_button if one.key.startswith("bench_out")]
    menus[0].click("the word kettles").run()
    assert field(page.text_area, "Excluded words").value == "acme street\nkettles"
    assert "Matches 1 of 2" in said(page) and "Lost 1" in str(page.segmented_control[0].options)
    assert kept(runtime).brands == (ACME,)


def test_days_are_set_on_the_page_and_a_competitor_has_none(runtime):
    setup.save_brands(runtime.places.setup, [replace(ACME, old_after=(("reddit", 7),)), RIVAL])
    page = choose(opened_page(), 0)
    assert field(page.number_input, "Posts are old after (days)").value == 30
    field(page.number_input, "Reviews are old after (days)").set_value(14).run()
    page.button(key="brand_save").click().run()
    assert kept(runtime).brands[0].old_after == (("reddit", 7), ("reviews", 14))
    page = choose(page, 1)
    assert not [one for one in page.number_input if "old after" in one.label]


def test_the_words_offered_are_not_those_that_name_the_brand():
    assert offered("Acme Kettles: the @acmehelp kettles broke!", ACME) == ["kettles", "broke"]


def test_examples_reach_to_the_last_page(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    heard(runtime, *(f"Acme number {n} is down" for n in range(1, 13)))
    page = choose(opened_page(), 0)
    assert "Acme number 1 is down" in said(page) and "Acme number 12 is down" not in said(page)
    page.session_state["bench_page_hits_" + page.session_state["brand_form"].key("bench")] = 3
    page.run()
    assert "Acme number 12 is down" in said(page)


def test_a_source_is_asked_on_a_press_and_what_fails_is_said(runtime, monkeypatch, server):
    setup.save_brands(runtime.places.setup, [ACME])
    monkeypatch.setattr(brand_trial, "source", lambda: HackerNews(server.url, Web(brand_trial.PATIENCE)))
    hit = {"objectID": "7", "comment_text": "Acme is slow", "created_at_i": int(NOON.timestamp()), "author": "max"}
    server.answers["/search_by_date"] = Answer({"hits": [hit], "nbHits": 1, "nbPages": 1})
    page = choose(opened_page(), 0)
    assert server.requests == []
    press = next(one for one in page.button if one.label == "Try on Hacker News")
    press.click().run()
    assert "Hacker News: about 1 in the last 30 days; these are the newest 1." in said(page)
    assert "Acme is slow" in said(page)
    server.answers["/search_by_date"] = Answer({}, status=503)
    next(one for one in page.button if one.label == "Try on Hacker News").click().run()
    assert "Hacker News could not be asked" in said(page) and "Acme is slow" not in said(page)
