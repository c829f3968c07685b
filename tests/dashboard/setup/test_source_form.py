"""How a source is set: rules in sentences, fields that keep what the file says, prices before money is spent."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.setup import source_entry
from dashboard.shared import source_settings, words
from dashboard.shared.source_state import rules
from data import setup
from data.models import HearbackError
from listeners.registry import LISTENERS, LIVE_VIEWS
from listeners.sources.rss import Feed
from tests.dashboard import setup_bench
from tests.dashboard.setup_bench import ACME, field, kept, opened_page, said

runtime = setup_bench.runtime

# How a source is set


def listener(name):
    return next(one for one in LISTENERS if one.source == name)


def test_rules_are_sentences_with_the_day_they_were_checked():
    told = dict(rules(listener("reddit").policy))
    assert told["Only with"].startswith("Reddit's written approval")
    assert told["Rules checked"] == "on 24 November 2026"
    assert dict(rules(listener("rss").policy))["Terms"] == "The publisher's copyright."


def test_an_approval_needs_the_tick_and_a_name():
    today = date(2026, 3, 2)
    assert source_settings.approval(" Ada  Byron ", today, is_ticked=True) == "Ada Byron, 2 March 2026"
    for name, ticked in (("Ada", False), ("", True), ("--", True)):
        with pytest.raises(HearbackError):
            source_settings.approval(name, today, is_ticked=ticked)


def test_what_the_file_holds_and_cannot_be_used_stands_as_the_default():
    entry = source_entry.entry(listener("reddit"), {"every_minutes": "often", "first_days": True, "subreddits": "one"})
    assert (entry.minutes, entry.days, entry.given) == (3.0, 30.0, {"subreddits": "one", "inbox_brand": ""})
    assert source_entry.entry(listener("rss"), {"every_minutes": 0.5}).days is None


def test_subreddits_are_read_as_people_write_them():
    typed = source_entry.SourceEntry(5, 7, None, {"subreddits": "r/Gadgets, /r/kettles/\ngadgets_2"})
    options, found = source_entry.to_options(listener("reddit"), typed, {})
    assert found == {}
    assert options == {"every_minutes": 5, "first_days": 7, "subreddits": ["r/Gadgets", "/r/kettles/", "gadgets_2"]}


@pytest.mark.parametrize(
    ("typed", "entries"),
    [
        ("a, b\n c  d ,\na", ["a", "b", "c d"]),
        ("B0EXAMPLE1 = Acme, Inc\nB0EXAMPLE2 = Acme", ["B0EXAMPLE1 = Acme, Inc", "B0EXAMPLE2 = Acme"]),
        ("https://shop.example/a,b\nhttps://c.example", ["https://shop.example/a,b", "https://c.example"]),
        ("https://shop.example/a,b = Acme, Inc", ["https://shop.example/a,b = Acme, Inc"]),
        ("one = Acme, two = Other", ["one = Acme", "two = Other"]),
        ("https://a.example, https://b.example", ["https://a.example", "https://b.example"]),
        ('"Hello, world", hi', ["Hello, world", "hi"]),
        ('"a = B = C, D"', ["a = B = C, D"]),
        ("", []),
    ],
)
def test_an_entry_of_a_list_may_hold_a_comma_and_comes_back_from_its_field_as_it_was(typed, entries):
    assert words.entries(typed) == entries
    assert words.entries(words.as_lines(entries)) == entries


@pytest.mark.parametrize(
    "held", [["Acme, Inc"], ["x = Acme, Inc"], ['say "hi"', '"quoted"'], ["a = b = c"], ["https://a/b,c = D, E"], "one"]
)
def test_what_setup_toml_holds_is_not_taken_apart_by_saving_it_again(held):
    pages = listener("product_page")
    shown = source_entry.entry(pages, {"pages": held}).given["pages"]
    assert words.entries(shown) == (held if isinstance(held, list) else [held])


@pytest.mark.parametrize(
    ("entry", "field_name"),
    [
        (source_entry.SourceEntry(0.5), "minutes"),
        (source_entry.SourceEntry(20_000), "minutes"),
        (source_entry.SourceEntry(5, 0), "days"),
        (source_entry.SourceEntry(5, 7, -1.0), "dollars"),
        (source_entry.SourceEntry(5, 7, None, {"subreddits": "not a name!"}), "subreddits"),
    ],
)
def test_settings_that_cannot_be_used_are_told_beside_their_field(entry, field_name):
    assert list(source_entry.to_options(listener("reddit"), entry, {})[1]) == [field_name]


def test_the_day_that_credentials_hold_until_is_kept_changed_and_taken_back():
    reddit, day = listener("reddit"), date(2027, 1, 31)
    assert source_entry.entry(reddit, {"expires": "2027-01-31"}).expires == day
    assert source_entry.entry(listener("rss"), {"expires": day}).expires is None, "nothing of it can end"
    assert source_entry.to_options(reddit, source_entry.SourceEntry(5, 7, expires=day), {})[0]["expires"] == day
    assert source_entry.to_options(reddit, source_entry.SourceEntry(5, 7), {"expires": day})[0]["expires"] == ""
    assert "expires" not in source_entry.to_options(reddit, source_entry.SourceEntry(5, 7), {})[0]


def test_an_interval_that_somebody_wrote_into_the_file_on_purpose_may_stay():
    assert source_entry.to_options(listener("rss"), source_entry.SourceEntry(0.5), {"every_minutes": 0.5})[1] == {}


@pytest.mark.parametrize(
    "address",
    ["", "example.com/feed", "ftp://example.com/x", "https://", "http://[::1", "https://a b.com", "file:///x"],
)
def test_only_whole_web_addresses_are_feeds(address):
    with pytest.raises(HearbackError, match="whole address"):
        source_entry.add_feed([], address, None)


def test_feeds_keep_their_brand_and_are_listed_once(runtime):
    held = [Feed("https://a.example/feed")]
    added = source_entry.add_feed(held, " https://b.example/feed ", "Acme")
    source_settings.write(runtime.places, "rss", {"feeds": added})
    assert source_entry.feeds(kept(runtime).sources["rss"]) == [*held, Feed("https://b.example/feed", "Acme")]
    with pytest.raises(HearbackError, match="already"):
        source_entry.add_feed(held, "https://a.example/feed", None)


# The sources on the page


def test_sources_that_are_listened_to_stand_first_each_with_how_it_stands(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    page = opened_page("Sources")
    choice = page.radio(key="platform")
    assert (choice.value, choice.options[0]) == ("hackernews", "Hacker News")
    for source in (one.source for one in LISTENERS):
        page.radio(key="platform").set_value(source).run()
        assert not page.exception, source
        assert [one.value for one in page.subheader] == [listener(source).policy.name]


@pytest.mark.parametrize("one", LISTENERS, ids=lambda one: one.source)
def test_a_source_can_be_saved_as_it_stands(one):
    typed = source_entry.entry(one, {})
    assert source_entry.to_options(one, typed, {})[1] == {}


def settings_with_a_placeholder():
    return [
        (one.policy.name, setting)
        for one in (*LISTENERS, *LIVE_VIEWS)
        for setting in one.policy.settings
        if setting.placeholder and setting.kind in ("list", "text") and setting.name != "feeds"
    ]


@pytest.mark.parametrize(("name", "setting"), settings_with_a_placeholder())
def test_what_a_field_shows_as_its_example_can_be_saved_and_nonsense_cannot(name, setting):
    example, nonsense = setting.placeholder, "htp://no such <thing>!"
    if setting.kind == "list":
        assert source_settings.slip(setting, words.entries(example)) is None
        assert source_settings.slip(setting, words.entries(nonsense))
    else:
        assert source_settings.slip(setting, example) is None
        assert source_settings.slip(setting, nonsense)


def test_switching_a_source_off_and_on_writes_the_file(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    page = opened_page("Sources", "hackernews")
    assert not page.exception
    page.toggle(key="on_hackernews_True").set_value(False).run()
    assert kept(runtime).sources["hackernews"]["on"] is False
    page.toggle(key="on_hackernews_False").set_value(True).run()
    assert kept(runtime).sources["hackernews"]["on"] is True
    assert kept(runtime).brands == (ACME,)


def test_reddit_can_be_switched_on_only_once_somebody_confirmed_the_approval(runtime, monkeypatch):
    monkeypatch.setenv("REDDIT_CLIENT_ID", "not-to-be-shown")
    monkeypatch.delenv("REDDIT_CLIENT_SECRET", raising=False)
    setup.save_brands(runtime.places.setup, [ACME])
    page = opened_page("Sources", "reddit")
    assert page.toggle(key="on_reddit_False").disabled
    page.text_input(key="confirmed_reddit").set_value("Ada")
    field(page.button, "Confirm").click().run()
    assert "Tick the box" in said(page)
    page.checkbox(key="approved_reddit").check()
    field(page.button, "Confirm").click().run()
    assert kept(runtime).sources["reddit"]["approved"].startswith("Ada, ")
    page.toggle(key="on_reddit_False").set_value(True).run()
    assert kept(runtime).sources["reddit"]["on"] is True
    assert "It needs REDDIT_CLIENT_SECRET in the environment" in said(page)
    assert "not-to-be-shown" not in said(page)
    field(page.button, "Take it back").click().run()
    assert (kept(runtime).sources["reddit"]["on"], kept(runtime).sources["reddit"]["approved"]) == (False, "")


def test_a_paid_source_is_priced_before_it_is_switched_on(runtime, monkeypatch):
    monkeypatch.setenv("YELP_API_KEY", "not-to-be-shown")
    setup.save_brands(runtime.places.setup, [ACME])
    setup.save_source(
        runtime.places.setup, "yelp",
        {"approved": "Ada, 2 March 2026", "business_ids": ["acme-cafe"], "every_minutes": 1440, "dollars_a_month": 5},
    )  # fmt: skip
    page = opened_page("Sources", "yelp")
    field(page.button, "Estimate the cost").click().run()
    assert "About 90 mentions and $0.30 a month. 30 calls a month" in said(page)
    assert "not-to-be-shown" not in said(page)


def test_a_price_that_cannot_be_told_says_why(runtime, monkeypatch):
    monkeypatch.delenv("YELP_API_KEY", raising=False)
    setup.save_brands(runtime.places.setup, [ACME])
    page = opened_page("Sources", "yelp")
    field(page.button, "Estimate the cost").click().run()
    assert "It cannot be told: " in said(page)


def test_settings_of_a_source_are_saved_and_its_other_options_stay(runtime):
    runtime.places.setup.write_text('[sources.reddit]\ninbox_brand = "Acme" # ours\n')
    page = opened_page("Sources", "reddit")
    field(page.number_input, "Visit every (minutes)").set_value(7.0)
    field(page.text_area, "Subreddits whose comments are read").set_value("r/kettles")
    page.button(key="save_reddit").click().run()
    assert kept(runtime).sources["reddit"] == {
        "inbox_brand": "Acme", "every_minutes": 7, "first_days": 30, "subreddits": ["r/kettles"],
    }  # fmt: skip
    assert "# ours" in runtime.places.setup.read_text()
    field(page.text_area, "Subreddits whose comments are read").set_value("no such name!")
    page.button(key="save_reddit").click().run()
    assert "no subreddit's name" in said(page)
    assert kept(runtime).sources["reddit"]["subreddits"] == ["r/kettles"]


@pytest.mark.parametrize("expires, told", [
    ("1999-01-01", "ended on 1 January 1999"), ("2999-01-01", ""), ('"soon"', "is no date"),
])  # fmt: skip
def test_credentials_that_end_are_told_where_their_date_is_set(runtime, expires, told):
    runtime.places.setup.write_text(f'[sources.stackexchange]\nsites = ["stackoverflow"]\nexpires = {expires}\n')
    page = opened_page("Sources", "stackexchange")
    assert not page.exception
    assert told in said(page)
    assert ("credentials end" in said(page)) is (expires == "1999-01-01")


def test_how_long_credentials_hold_is_set_and_cleared_on_the_page(runtime):
    runtime.places.setup.write_text('[sources.stackexchange]\nsites = ["stackoverflow"]\nexpires = 1999-01-01 # odd\n')
    page = opened_page("Sources", "stackexchange")
    assert not page.exception
    assert field(page.date_input, "Credentials hold until").value is None
    field(page.date_input, "Credentials hold until").set_value(date(2027, 1, 31))
    page.button(key="save_stackexchange").click().run()
    assert kept(runtime).sources["stackexchange"]["expires"] == date(2027, 1, 31)
    assert field(page.date_input, "Credentials hold until").value == date(2027, 1, 31)
    field(page.date_input, "Credentials hold until").set_value(None)
    page.button(key="save_stackexchange").click().run()
    assert not kept(runtime).sources["stackexchange"]["expires"]
    page.radio(key="platform").set_value("rss").run()
    assert not page.date_input, "feeds have no keys"


def test_feeds_are_added_and_removed(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    page = opened_page("Sources", "rss")
    page.text_input(key="feed_url").set_value("example.com")
    field(page.button, "Add feed").click().run()
    assert "Give the feed's whole address" in said(page)
    page.text_input(key="feed_url").set_value("https://example.com/feed.xml")
    page.selectbox(key="feed_brand").select("Acme")
    field(page.button, "Add feed").click().run()
    assert source_entry.feeds(kept(runtime).sources["rss"]) == [Feed("https://example.com/feed.xml", "Acme")]
    assert "https://example.com/feed.xml\nall of it about Acme" in said(page)
    field(page.button, "Remove").click().run()
    assert source_entry.feeds(kept(runtime).sources["rss"]) == []
