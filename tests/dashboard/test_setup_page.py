"""The Setup page: brands, sources and files, what is written and what is refused with a sentence."""

from __future__ import annotations

import tempfile
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis import ranking, scoring
from dashboard.components import brand_entry, brand_form, brand_trial, import_form, import_outcome, source_entry, upload
from dashboard.components.brand_entry import Entry, phrases, slips, to_brand, written
from dashboard.components.brand_trial import offered
from dashboard.house import House, use
from data import absorber, brands, matches, mutes, setup
from data.absorber import Judgement
from data.incoming import drop
from data.models import Brand, Found, HearbackError, Mention
from data.mutes import Target
from data.settings import Places
from data.setup import Setup
from data.store import Store
from listeners import imports
from listeners.columns import Guess, Reading
from listeners.hackernews import HackerNews
from listeners.registry import LISTENERS, LIVE_VIEWS
from listeners.rss import Feed
from listeners.web import Web
from tests.listeners.server import Answer, Server

MAIN = str(Path(__file__).parents[2] / "dashboard" / "main.py")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ACME = Brand("Acme", ("Acme", "@acmehelp"), excluded=("acme street",), handles=("@acmehelp", "reddit:acme_support"))
RIVAL = Brand("Rival", ("Rival",), competitor=True)
CSV = b"""when,who,review,stars,company
2026-02-01 10:00,ann,"The kettle **broke** <b>again</b>",1,Acme
2026-02-02 11:00,bob,works fine so far,5,acme
never,eve,hm,3,Rival
"""


@pytest.fixture
def house(tmp_path):
    opened = House(
        Places(tmp_path), Store(tmp_path / "store.duckdb"), Judgement(ranking, scoring.score_line), {}, None
    )  # fmt: skip
    use(opened)
    yield opened
    use(None)
    opened.store.close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


def heard(house, *texts):
    found = [
        Found(Mention(f"x:{n}", "hackernews", "comment", text, NOON - timedelta(hours=n)))
        for n, text in enumerate(texts, start=1)
    ]
    drop(house.places.incoming, "hackernews", NOON, found=found)
    absorb(house)


def absorb(house):
    list(absorber.absorb_waiting(house.store, house.judgement, house.places))
    absorber.score_waiting(house.store, house.judgement)


def rows(house, sql, **values):
    with house.store.read() as store:
        return store.rows(sql, **values)


def queued(house):
    return {row["mention_id"] for row in rows(house, "SELECT mention_id FROM queue")}


def known(house):
    with house.store.read() as store:
        return [brand.name for brand in brands.known(store)]


def kept(house):
    return setup.load(house.places.setup)


# A brand as it is typed


def test_phrases_stand_one_a_line_or_with_commas_between_each_once():
    assert phrases("acme, acme  inc\n@acme\n\n , acme") == ("acme", "acme inc", "@acme")


def test_a_phrase_in_quotes_may_hold_a_comma():
    assert phrases('"Hello, Inc", hi') == ("Hello, Inc", "hi")


@pytest.mark.parametrize("brand", [ACME, Brand("H", ("Hello, Inc", '"quoted"', 'a "b" c'), ("x",), ("y", "z"), True)])
def test_a_brand_comes_back_from_its_fields_as_it_was(brand):
    assert to_brand(written(brand)) == brand


def test_without_terms_a_brand_goes_by_its_name():
    assert to_brand(Entry(name="  Acme   Inc ")).terms == ("Acme Inc",)


@pytest.mark.parametrize(
    ("entry", "field", "begins"),
    [
        (Entry(), "name", "Give the brand its name"),
        (Entry(name="acme"), "name", "There is a brand of that name already"),
        (Entry(name="?!"), "name", "A name holds at least one letter"),
        (Entry(name="x" * 81), "name", "A name has at most 80"),
        (Entry(name="Zed (sample)"), "name", "Names that end in"),
        (Entry(name="Zed", terms="zed, --"), "terms", "Each word or phrase holds"),
        (Entry(name="Zed", required="y" * 101), "required", "One of these has more than 100"),
        (Entry(name="Zed", excluded="ZED"), "excluded", "One of these is a term as well"),
        (Entry(name="Zed", handles="acme help"), "handles", "Each is one account's name"),
        (Entry(name="Zed", handles="reddit:"), "handles", "Each is one account's name"),
        (Entry(name="Zed", required="bank", excluded="Bank"), "excluded", "One of these is a required word"),
        (Entry(name="Zed", hours=0), "hours", "Give a number of hours"),
        (Entry(name="Zed", hours=9_000), "hours", "Give a number of hours"),
    ],
)
def test_what_cannot_be_saved_is_told_beside_its_field(entry, field, begins):
    found = slips(entry, ["Acme"])
    assert list(found) == [field]
    assert found[field].startswith(begins)


def test_a_good_entry_has_no_slips_in_any_script():
    assert slips(Entry(name="Ünïcødé 株", terms="株式, C++, @株", excluded="street"), ["Acme"]) == {}


# What a brand matches


def test_trying_a_brand_out_counts_and_shows_and_changes_nothing(house):
    heard(house, "I love ACME", "Acme Street is closed", "acmeville", "ask @acmehelp about it")
    with house.store.read() as store:
        trial = matches.try_out(store, ACME)
    assert trial == {"stored": 4, "count": 2, "examples": ["I love ACME", "ask @acmehelp about it"]}
    assert rows(house, "SELECT * FROM match WHERE brand = 'Acme'") == []


def test_a_trial_counts_what_saving_then_matches(house):
    heard(house, "Acme bank", "acme", "the bank of acme, Acme street", "bank")
    brand = Brand("Acme", ("acme",), required=("bank",), excluded=("acme street",))
    saved = brand_entry.save(house, brand, None)
    assert saved.count == len(rows(house, "SELECT * FROM match WHERE brand = 'Acme'")) == 1


def test_a_trial_leaves_fiction_out(house):
    absorb(house)
    drop(house.places.incoming, "sample", NOON, found=[Found(Mention("sample:1", "sample", "post", "Acme!", NOON))])
    absorb(house)
    with house.store.read() as store:
        assert matches.try_out(store, ACME) == {"stored": 0, "count": 0, "examples": []}


# Saving and removing


def test_saving_writes_the_file_and_the_store_follows(house):
    heard(house, "Acme is down", "nothing")
    saved = brand_entry.save(house, ACME, None)
    absorber.score_waiting(house.store, house.judgement)
    assert kept(house).brands == (ACME,)
    assert (known(house), queued(house)) == (["Acme"], {"x:1"})
    assert (saved.count, saved.stored, saved.is_first, saved.is_new) == (1, 2, True, True)


def test_a_brand_that_somebody_else_changed_meanwhile_is_not_overwritten(house):
    setup.save_brands(house.places.setup, [ACME])
    changed = Brand("Acme", ("Acme", "acme.com"))
    setup.save_brands(house.places.setup, [changed])
    with pytest.raises(HearbackError, match="changed or removed meanwhile"):
        brand_entry.save(house, Brand("Acme", ("other",)), opened=ACME)
    with pytest.raises(HearbackError, match="added meanwhile"):
        brand_entry.save(house, Brand("ACME", ("other",)), opened=None)
    assert kept(house).brands == (changed,)


def test_others_edits_of_other_brands_stay(house):
    setup.save_brands(house.places.setup, [ACME, RIVAL])
    brand_entry.save(house, Brand("Acme", ("acme",)), opened=ACME)
    assert kept(house).brands == (Brand("Acme", ("acme",)), RIVAL)


def test_a_file_that_cannot_be_written_is_a_sentence(house):
    house.places.setup.with_suffix(".part").mkdir()
    with pytest.raises(HearbackError, match="could not be written"):
        brand_entry.save(house, ACME, None)


def test_the_first_brand_is_told_what_goes_and_what_comes():
    saved = brand_entry.Saved(ACME, 0, 0, is_first=True, is_new=True)
    said = " ".join(brand_entry.told(saved, hears=True, runs=True))
    assert "The sample is gone" in said
    assert "Hacker News is listened to at once" in said
    assert "python -m listeners" in " ".join(brand_entry.told(saved, hears=True, runs=False))
    assert "Hacker News" not in " ".join(brand_entry.told(saved, hears=False, runs=True))


def test_hacker_news_is_heard_unless_it_was_switched_off():
    assert brand_entry.hears_hackernews(Setup((ACME,)))
    assert not brand_entry.hears_hackernews(Setup((ACME,), {"hackernews": {"on": False}}))


def test_removing_says_what_leaves_before_it_does(house):
    setup.save_brands(house.places.setup, [ACME])
    heard(house, "Acme is down", "acme again", "nothing")
    said = " ".join(brand_entry.consequences(house, ACME, [ACME], NOON))
    assert "2 mentions in the queue name it" in said
    assert "its 2 stored mentions count again" in said
    assert "your last brand" in said
    brand_entry.remove(house, "Acme")
    assert (kept(house).brands, queued(house)) == ((), set())
    assert len(rows(house, "SELECT * FROM mention")) == 3


def test_a_competitor_leaves_trends_only():
    said = brand_entry.farewell(RIVAL, 0, 1, is_last=False)
    assert said == [
        "It leaves Trends; the queue stays as it is.",
        "Nothing is deleted: add it again, and its 1 stored mention count again.",
    ]


# The brands on the page


def opened_page(part=None, source=None):
    page = AppTest.from_file(MAIN, default_timeout=90).run()
    page.switch_page("setup_page.py")
    if part:
        page.query_params["part"] = part
    page.run()
    return page.radio(key="platform").set_value(source).run() if source else page


def test_a_part_and_a_source_are_taken_from_the_address_in_any_case(house):
    page = opened_page("sources")
    assert page.radio(key="platform")
    page = AppTest.from_file(MAIN, default_timeout=90).run()
    page.switch_page("setup_page.py")
    page.query_params.update({"part": "Sources", "platform": "stackexchange"})
    assert page.run().radio(key="platform").value == "stackexchange"


def test_a_part_that_there_is_not_is_told(house):
    assert "goes by that name: part “brand”" in said(opened_page("brand"))


def field(elements, label):
    return next(one for one in elements if one.label == label)


def said(page):
    return "\n".join(one.value for one in (*page.text, *page.caption, *page.warning, *page.markdown))


def choose(page, place):
    """Click the list's row at `place`. A click tells the page by a callback, which a test cannot press."""
    held = page.session_state["brand_form"]
    held.open(kept_brand(page, place))
    return page.run()


def kept_brand(page, place):
    return setup.load(Path(page.code[0].value)).brands[place]


def test_a_newcomer_is_told_what_adding_a_brand_does(house):
    page = opened_page()
    assert not page.exception
    assert "The sample goes, and Hacker News" in said(page)
    assert page.code[0].value == str(house.places.setup)


def test_adding_a_brand_previews_then_writes_file_and_store(house):
    heard(house, "ACME is down", "quiet")
    page = opened_page()
    field(page.text_input, "Name").set_value("Acme").run()
    assert "Matches 1 of 2 stored mentions." in said(page)
    assert "ACME is down" in said(page)
    assert kept(house).brands == ()
    field(page.text_area, "Terms").set_value("acme, @acmehelp")
    page.button(key="brand_save").click().run()
    assert kept(house).brands == (Brand("Acme", ("acme", "@acmehelp")),)
    assert known(house) == ["Acme"]
    assert "Acme is added. Matches 1 of 2 stored mentions." in said(page)
    assert field(page.text_input, "Name").value == ""


def test_bad_fields_are_told_beside_them_and_nothing_is_written(house):
    page = opened_page()
    page.button(key="brand_save").click().run()
    assert "Give the brand its name." in said(page)
    field(page.text_input, "Name").set_value("Acme")
    field(page.text_area, "Excluded words").set_value("acme").run()
    assert "One of these is a term as well" in said(page)
    page.button(key="brand_save").click().run()
    assert not house.places.setup.exists()


def test_changing_a_brand_keeps_its_name_and_changes_the_queue(house):
    setup.save_brands(house.places.setup, [ACME, RIVAL])
    heard(house, "Acme is down", "the kettle is down")
    page = choose(opened_page(), 0)
    assert field(page.text_input, "Name").disabled
    field(page.text_area, "Terms").set_value("kettle")
    field(page.text_area, "Excluded words").set_value("")
    page.button(key="brand_save").click().run()
    absorber.score_waiting(house.store, house.judgement)
    assert kept(house).brands == (Brand("Acme", ("kettle",), handles=ACME.handles), RIVAL)
    assert queued(house) == {"x:2"}
    assert "Acme is changed." in said(page)


def test_removing_asks_first_and_keeping_removes_nothing(house):
    setup.save_brands(house.places.setup, [ACME])
    heard(house, "Acme is down")
    page = choose(opened_page(), 0)
    page.button(key="brand_remove").click().run()
    assert "1 mention in the queue names it" in said(page)
    page.button(key="brand_keep").click().run()
    assert kept(house).brands == (ACME,)
    page.button(key="brand_remove").click().run()
    page.button(key="brand_remove_yes").click().run()
    assert (kept(house).brands, queued(house)) == ((), set())


def test_the_list_leaves_columns_out_that_nobody_uses():
    assert list(brand_form.table([RIVAL])) == ["Brand", "Whose", "Answer in", "Terms"]
    assert brand_form.table([ACME, RIVAL])["Excluded"] == [["acme street"], []]


@pytest.mark.parametrize("part", ["Brands", "Sources", "Import"])
def test_a_broken_setup_toml_is_shown_with_its_path_and_never_written_over(house, part):
    broken = "[[brand]]\nname = 'Acme'\nterms = [unquoted]\n"
    house.places.setup.write_text(broken)
    page = opened_page(part)
    assert not page.exception
    assert "line 3" in said(page)
    assert page.code[0].value == str(house.places.setup)
    assert not [one for one in page.button if one.key in ("brand_save", "save_hackernews")]
    with pytest.raises(HearbackError):
        brand_entry.save(house, ACME, None)
    with pytest.raises(HearbackError):
        source_entry.keep(house.places.setup, "rss", {"on": True})
    assert house.places.setup.read_text() == broken


def test_a_setup_toml_that_breaks_while_a_form_is_open_is_told_on_saving(house):
    page = opened_page()
    field(page.text_input, "Name").set_value("Acme").run()
    house.places.setup.write_text("[[brand]\n")
    page.button(key="brand_save").click().run()
    assert not page.exception
    assert house.places.setup.read_text() == "[[brand]\n"


# How a source is set


def listener(name):
    return next(one for one in LISTENERS if one.source == name)


def test_rules_are_sentences_with_the_day_they_were_checked():
    rules = dict(source_entry.rules(listener("reddit").policy))
    assert rules["Only with"].startswith("Reddit's written approval")
    assert rules["Rules checked"] == "on 24 November 2026"
    assert dict(source_entry.rules(listener("rss").policy))["Terms"] == "The publisher's copyright."


def test_an_approval_needs_the_tick_and_a_name():
    today = date(2026, 3, 2)
    assert source_entry.approval(" Ada  Byron ", True, today) == "Ada Byron, 2 March 2026"
    for name, ticked in (("Ada", False), ("", True), ("--", True)):
        with pytest.raises(HearbackError):
            source_entry.approval(name, ticked, today)


def test_what_the_file_holds_and_cannot_be_used_stands_as_the_default():
    entry = source_entry.entry(listener("reddit"), {"every_minutes": "often", "first_days": True, "subreddits": "one"})
    assert (entry.minutes, entry.days, entry.given) == (3.0, 30.0, {"subreddits": "one", "inbox_brand": ""})
    assert source_entry.entry(listener("rss"), {"every_minutes": 0.5}).days is None


def test_subreddits_are_read_as_people_write_them():
    typed = source_entry.Entry(5, 7, None, {"subreddits": "r/Gadgets, /r/kettles/\ngadgets_2"})
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
    assert source_entry.listed(typed) == entries
    assert source_entry.listed(source_entry.lines(entries)) == entries


@pytest.mark.parametrize(
    "held", [["Acme, Inc"], ["x = Acme, Inc"], ['say "hi"', '"quoted"'], ["a = b = c"], ["https://a/b,c = D, E"], "one"]
)
def test_what_setup_toml_holds_is_not_taken_apart_by_saving_it_again(held):
    pages = listener("product_page")
    shown = source_entry.entry(pages, {"pages": held}).given["pages"]
    assert source_entry.listed(shown) == (held if isinstance(held, list) else [held])


@pytest.mark.parametrize(
    ("entry", "field_name"),
    [
        (source_entry.Entry(0.5), "minutes"),
        (source_entry.Entry(20_000), "minutes"),
        (source_entry.Entry(5, 0), "days"),
        (source_entry.Entry(5, 7, -1.0), "dollars"),
        (source_entry.Entry(5, 7, None, {"subreddits": "not a name!"}), "subreddits"),
    ],
)
def test_settings_that_cannot_be_used_are_told_beside_their_field(entry, field_name):
    assert list(source_entry.to_options(listener("reddit"), entry, {})[1]) == [field_name]


def test_the_day_that_credentials_hold_until_is_kept_changed_and_taken_back():
    reddit, day = listener("reddit"), date(2027, 1, 31)
    assert source_entry.entry(reddit, {"expires": "2027-01-31"}).expires == day
    assert source_entry.entry(listener("rss"), {"expires": day}).expires is None, "nothing of it can end"
    assert source_entry.to_options(reddit, source_entry.Entry(5, 7, expires=day), {})[0]["expires"] == day
    assert source_entry.to_options(reddit, source_entry.Entry(5, 7), {"expires": day})[0]["expires"] == ""
    assert "expires" not in source_entry.to_options(reddit, source_entry.Entry(5, 7), {})[0]


def test_an_interval_that_somebody_wrote_into_the_file_on_purpose_may_stay():
    assert source_entry.to_options(listener("rss"), source_entry.Entry(0.5), {"every_minutes": 0.5})[1] == {}


@pytest.mark.parametrize(
    "address",
    ["", "example.com/feed", "ftp://example.com/x", "https://", "http://[::1", "https://a b.com", "file:///x"],
)
def test_only_whole_web_addresses_are_feeds(address):
    with pytest.raises(HearbackError, match="whole address"):
        source_entry.add_feed([], address, None)


def test_feeds_keep_their_brand_and_are_listed_once(house):
    held = [Feed("https://a.example/feed")]
    added = source_entry.add_feed(held, " https://b.example/feed ", "Acme")
    source_entry.keep(house.places.setup, "rss", {"feeds": added})
    assert source_entry.feeds(kept(house).sources["rss"]) == [*held, Feed("https://b.example/feed", "Acme")]
    with pytest.raises(HearbackError, match="already"):
        source_entry.add_feed(held, "https://a.example/feed", None)


# The sources on the page


def test_sources_that_are_listened_to_stand_first_each_with_how_it_stands(house):
    setup.save_brands(house.places.setup, [ACME])
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
        assert source_entry.slip(setting, source_entry.listed(example)) is None
        assert source_entry.slip(setting, source_entry.listed(nonsense))
    else:
        assert source_entry.slip(setting, example) is None
        assert source_entry.slip(setting, nonsense)


def test_switching_a_source_off_and_on_writes_the_file(house):
    setup.save_brands(house.places.setup, [ACME])
    page = opened_page("Sources", "hackernews")
    assert not page.exception
    page.toggle(key="on_hackernews_True").set_value(False).run()
    assert kept(house).sources["hackernews"]["on"] is False
    page.toggle(key="on_hackernews_False").set_value(True).run()
    assert kept(house).sources["hackernews"]["on"] is True
    assert kept(house).brands == (ACME,)


def test_reddit_can_be_switched_on_only_once_somebody_confirmed_the_approval(house, monkeypatch):
    monkeypatch.setenv("REDDIT_CLIENT_ID", "not-to-be-shown")
    monkeypatch.delenv("REDDIT_CLIENT_SECRET", raising=False)
    setup.save_brands(house.places.setup, [ACME])
    page = opened_page("Sources", "reddit")
    assert page.toggle(key="on_reddit_False").disabled
    page.text_input(key="confirmed_reddit").set_value("Ada")
    field(page.button, "Confirm").click().run()
    assert "Tick the box" in said(page)
    page.checkbox(key="approved_reddit").check()
    field(page.button, "Confirm").click().run()
    assert kept(house).sources["reddit"]["approved"].startswith("Ada, ")
    page.toggle(key="on_reddit_False").set_value(True).run()
    assert kept(house).sources["reddit"]["on"] is True
    assert "It needs REDDIT_CLIENT_SECRET in the environment" in said(page)
    assert "not-to-be-shown" not in said(page)
    field(page.button, "Take it back").click().run()
    assert (kept(house).sources["reddit"]["on"], kept(house).sources["reddit"]["approved"]) == (False, "")


def test_a_paid_source_is_priced_before_it_is_switched_on(house, monkeypatch):
    monkeypatch.setenv("YELP_API_KEY", "not-to-be-shown")
    setup.save_brands(house.places.setup, [ACME])
    setup.save_source(
        house.places.setup, "yelp",
        {"approved": "Ada, 2 March 2026", "business_ids": ["acme-cafe"], "every_minutes": 1440, "dollars_a_month": 5},
    )  # fmt: skip
    page = opened_page("Sources", "yelp")
    field(page.button, "Estimate the cost").click().run()
    assert "About 90 mentions and $0.30 a month. 30 calls a month" in said(page)
    assert "not-to-be-shown" not in said(page)


def test_a_price_that_cannot_be_told_says_why(house, monkeypatch):
    monkeypatch.delenv("YELP_API_KEY", raising=False)
    setup.save_brands(house.places.setup, [ACME])
    page = opened_page("Sources", "yelp")
    field(page.button, "Estimate the cost").click().run()
    assert "It cannot be told: " in said(page)


def test_settings_of_a_source_are_saved_and_its_other_options_stay(house):
    house.places.setup.write_text('[sources.reddit]\ninbox_brand = "Acme" # ours\n')
    page = opened_page("Sources", "reddit")
    field(page.number_input, "Visit every (minutes)").set_value(7.0)
    field(page.text_area, "Subreddits whose comments are read").set_value("r/kettles")
    page.button(key="save_reddit").click().run()
    assert kept(house).sources["reddit"] == {
        "inbox_brand": "Acme", "every_minutes": 7, "first_days": 30, "subreddits": ["r/kettles"],
    }  # fmt: skip
    assert "# ours" in house.places.setup.read_text()
    field(page.text_area, "Subreddits whose comments are read").set_value("no such name!")
    page.button(key="save_reddit").click().run()
    assert "no subreddit's name" in said(page)
    assert kept(house).sources["reddit"]["subreddits"] == ["r/kettles"]


@pytest.mark.parametrize("expires, told", [
    ("1999-01-01", "ended on 1 January 1999"), ("2999-01-01", ""), ('"soon"', "is no date"),
])  # fmt: skip
def test_credentials_that_end_are_told_where_their_date_is_set(house, expires, told):
    house.places.setup.write_text(f'[sources.stackexchange]\nsites = ["stackoverflow"]\nexpires = {expires}\n')
    page = opened_page("Sources", "stackexchange")
    assert not page.exception
    assert told in said(page)
    assert ("credentials end" in said(page)) is (expires == "1999-01-01")


def test_how_long_credentials_hold_is_set_and_cleared_on_the_page(house):
    house.places.setup.write_text('[sources.stackexchange]\nsites = ["stackoverflow"]\nexpires = 1999-01-01 # odd\n')
    page = opened_page("Sources", "stackexchange")
    assert not page.exception
    assert field(page.date_input, "Credentials hold until").value is None
    field(page.date_input, "Credentials hold until").set_value(date(2027, 1, 31))
    page.button(key="save_stackexchange").click().run()
    assert kept(house).sources["stackexchange"]["expires"] == date(2027, 1, 31)
    assert field(page.date_input, "Credentials hold until").value == date(2027, 1, 31)
    field(page.date_input, "Credentials hold until").set_value(None)
    page.button(key="save_stackexchange").click().run()
    assert not kept(house).sources["stackexchange"]["expires"]
    page.radio(key="platform").set_value("rss").run()
    assert not page.date_input, "feeds have no keys"


def test_feeds_are_added_and_removed(house):
    setup.save_brands(house.places.setup, [ACME])
    page = opened_page("Sources", "rss")
    page.text_input(key="feed_url").set_value("example.com")
    field(page.button, "Add feed").click().run()
    assert "Give the feed's whole address" in said(page)
    page.text_input(key="feed_url").set_value("https://example.com/feed.xml")
    page.selectbox(key="feed_brand").select("Acme")
    field(page.button, "Add feed").click().run()
    assert source_entry.feeds(kept(house).sources["rss"]) == [Feed("https://example.com/feed.xml", "Acme")]
    assert "https://example.com/feed.xml\nall of it about Acme" in said(page)
    field(page.button, "Remove").click().run()
    assert source_entry.feeds(kept(house).sources["rss"]) == []


# A file on its way in


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_bytes(CSV)
    return path


def test_a_look_counts_rows_and_names_brands(csv):
    seen = upload.look(csv, "reviews.csv", {}, NOON)
    assert seen.survey == upload.Survey(3, True, ("Acme", "Rival"))
    assert upload.button(seen.survey) == "Take in 3 rows"
    assert seen.preview.reading.columns["published_at"] == "when"


def test_a_file_too_long_to_count_is_taken_in_all_the_same():
    assert upload.button(upload.Survey(300_000, False, ())) == "Take in all rows"
    assert upload.button(upload.Survey(1, True, ())) == "Take in 1 row"


def test_the_upload_lies_on_disk_only_while_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with upload.on_disk("../../evil name.CSV", b"a,b\n") as path:
        assert path.read_bytes() == b"a,b\n"
        assert (path.name, path.parent.parent) == ("upload.csv", tmp_path)
    assert list(tmp_path.iterdir()) == []


def reading(**columns):
    return Reading(tuple(Guess(column, name, "its name") for name, column in columns.items()))


def test_choices_hold_only_what_was_chosen_otherwise():
    guessed = reading(text="body", author="who")
    assert upload.choices(guessed, {"text": "body", "author": "who", "title": None}) == {}
    assert upload.choices(guessed, {"text": "note", "author": None}) == {"body": None, "who": None, "note": "text"}
    assert upload.choices(guessed, {"text": "who", "author": None}) == {"body": None, "who": "text"}


def test_a_column_chosen_twice_is_told_beside_the_second():
    assert list(upload.doubles({"text": "a", "title": "b", "author": "a", "url": None})) == ["author"]


def test_what_must_be_chosen_is_told_by_field():
    assert list(upload.missing(reading(author="who"))) == ["text", "published_at"]
    assert upload.missing(reading(title="t", published_at="p")) == {}


def test_mentions_that_would_reach_nobody_are_noticed():
    assert upload.reaches_nobody((), None, ())
    assert not upload.reaches_nobody(("Acme",), None, ())
    assert not upload.reaches_nobody((), "Acme", ())
    assert not upload.reaches_nobody((), None, (ACME,))


def test_every_field_is_offered_once():
    shown, rest = upload.offered(reading(text="a", reply_text="b"))
    assert shown[-1] == "reply_text"
    assert sorted([*shown, *rest]) == sorted(imports.FIELDS)


def test_what_became_of_a_file_is_said_without_names_of_fields(csv, tmp_path):
    summary = imports.take_in(csv, tmp_path / "in", NOON, competitors=["Nobody"], shown_name="reviews.csv")
    lines = import_outcome.told(summary)
    assert lines[0] == "Mentions: 2 of 3 rows."
    assert "Set aside, and listed on the Sources page: 1 row." in lines
    assert "No row names Nobody." in lines
    assert "published_at" not in " ".join(lines)


@pytest.mark.parametrize(
    ("waiting", "unscored", "line"),
    [(0, 0, ""), (1, 9, "1 batch waits to be stored."), (0, 1200, "Stored; waiting for a score: 1,200.")],
)
def test_what_is_still_to_be_done_is_said(waiting, unscored, line):
    assert import_outcome.coming(waiting, unscored) == line


def test_first_rows_are_said_as_people_say_them():
    mention = Mention("x:1", "google_play", "review", "two\nlines", NOON, rating=2.0)
    shown = import_form.table([mention], "App Store")
    assert shown["Text"] == ["two lines"]
    assert shown["Source"] == ["App Store"]
    assert shown["Stars"] == ["★★☆☆☆"]
    assert "Title" not in shown


# The import on the page


def uploaded(name, content):
    page = opened_page("Import")
    page.file_uploader[0].upload(name, content, "text/csv")
    return page.run()


def test_a_known_file_says_what_it_was_recognised_as_and_by_what(house):
    page = uploaded("x.csv", b"encid,text.full,business.name,createdAt,rating\na,It is slow.,Acme,2026-11-01,2\n")
    assert not page.exception
    assert "Recognised: Yelp reviews, by its columns encid, text.full, business.name and createdAt." in said(page)
    assert list(page.dataframe[0].value["Source"]) == ["Yelp"]


def test_an_upload_is_previewed_taken_in_and_reaches_the_queue(house):
    page = uploaded("reviews.csv", CSV)
    assert not page.exception
    assert field(page.selectbox, "When it was written").value == "when"
    assert list(page.dataframe[0].value["Stars"]) == ["★☆☆☆☆", "★★★★★"]
    assert "One row: no time can be read from 'never'" in said(page)
    assert rows(house, "SELECT * FROM mention") == []
    field(page.multiselect, "Competitors").select("Rival")
    page.run()
    assert page.button(key="import_take").label == "Take in 3 rows"
    page.button(key="import_take").click().run()
    assert not page.exception
    assert "Mentions: 2 of 3 rows." in said(page)
    assert "1 batch waits to be stored." in said(page)
    absorb(house)
    page.run()
    assert "All of it is stored and scored." in said(page)
    assert known(house) == ["Acme"]
    assert len(queued(house)) == 2
    assert "<b>" not in "".join(one.value for one in page.markdown)


def test_the_same_file_again_adds_nothing(house):
    for _ in range(2):
        uploaded("reviews.csv", CSV).button(key="import_take").click().run()
        absorb(house)
    assert len(rows(house, "SELECT * FROM mention")) == 2


def test_columns_nobody_can_guess_are_asked_for_and_taken_as_chosen(house):
    page = uploaded("odd.csv", b"a,b,c\n1,x,2026-02-01\n2,y,2026-02-02\n")
    assert "No column looks like text" in said(page)
    assert not [one for one in page.button if one.key == "import_take"]
    field(page.selectbox, "Text").select("c").run()
    assert "already; choose another" in said(page)
    field(page.selectbox, "Text").select("b").run()
    assert "reach no queue" in said(page)
    setup.save_brands(house.places.setup, [ACME])  # a test cannot type what no box offers
    page.run()
    field(page.selectbox, "Brand of rows that name none").select("Acme").run()
    assert "reach no queue" not in said(page)
    page.button(key="import_take").click().run()
    absorb(house)
    assert {row["text"] for row in rows(house, "SELECT text FROM mention")} == {"x", "y"}
    assert len(queued(house)) == 2


def test_a_wrong_guess_can_be_taken_back(house):
    page = uploaded("reviews.csv", CSV)
    field(page.selectbox, "Stars (1 to 5)").select("").run()
    assert "Stars" not in page.dataframe[0].value
    assert "Columns not read: who, stars" in said(page)


@pytest.mark.parametrize(
    ("name", "content", "begins"),
    [
        ("empty.csv", b"", "empty.csv is empty"),
        ("half.parquet", b"PAR1 and no more", "half.parquet is cut off or damaged"),
        ("sheet.csv", b"PK\x03\x04xx", "sheet.csv is a workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(house, name, content, begins):
    page = uploaded(name, content)
    assert not page.exception
    assert begins in said(page)


def test_a_full_disk_is_told_in_a_sentence(house):
    house.places.incoming.parent.mkdir(parents=True, exist_ok=True)
    house.places.incoming.write_text("in the way of the folder")
    page = uploaded("reviews.csv", CSV)
    page.button(key="import_take").click().run()
    assert not page.exception
    assert "The disk refused it" in said(page)


def test_while_setup_toml_is_broken_a_file_can_still_be_taken_in(house):
    house.places.setup.write_text("[[brand]\n")
    page = uploaded("reviews.csv", CSV)
    page.button(key="import_take").click().run()
    assert "Mentions: 2 of 3 rows." in said(page)


def test_the_file_in_setup_toml_stays_readable_by_hand(house):
    brand_entry.save(house, ACME, None)
    source_entry.keep(
        house.places.setup, "rss", {"feeds": [{"url": "https://a.example", "brand": "Acme"}, "https://b.example"]}
    )
    assert tomllib.loads(house.places.setup.read_text())["sources"]["rss"]["feeds"][1] == "https://b.example"


# The test bench


def bench(page, begins):
    return next(one for one in page.menu_button if one.key.startswith(begins))


def test_a_change_of_words_shows_what_it_gains_and_loses_before_it_is_saved(house):
    setup.save_brands(house.places.setup, [ACME])
    heard(house, "Acme is down", "the kettle is down", "ask @acmehelp about it", "nothing")
    page = choose(opened_page(), 0)
    field(page.text_area, "Terms").set_value("acme, kettle").run()
    assert "Matches 2 of 4 stored mentions." in said(page) and "Hacker News 2" in said(page)
    assert "Gained 1" in str(page.segmented_control[0].options) and "Lost 1" in str(page.segmented_control[0].options)
    page.segmented_control[0].set_value("lost").run()
    assert "ask @acmehelp about it" in said(page) and "the kettle is down" not in said(page)
    assert queued(house) == {"x:1", "x:3"}  # nothing is saved


def test_one_click_leaves_a_word_out_and_it_can_be_taken_back_in_the_field(house):
    setup.save_brands(house.places.setup, [ACME])
    heard(house, "Acme kettles are down", "Acme is down")
    page = choose(opened_page(), 0)
    assert "Matches 2 of 2" in said(page)
    menus = [one for one in page.menu_button if one.key.startswith("bench_out")]
    menus[0].click("the word kettles").run()
    assert field(page.text_area, "Excluded words").value == "acme street\nkettles"
    assert "Matches 1 of 2" in said(page) and "Lost 1" in str(page.segmented_control[0].options)
    assert kept(house).brands == (ACME,)


def test_the_words_offered_are_not_those_that_name_the_brand():
    assert offered("Acme Kettles: the @acmehelp kettles broke!", ACME) == ["kettles", "broke"]


def test_examples_reach_to_the_last_page(house):
    setup.save_brands(house.places.setup, [ACME])
    heard(house, *(f"Acme number {n} is down" for n in range(1, 13)))
    page = choose(opened_page(), 0)
    assert "Acme number 1 is down" in said(page) and "Acme number 12 is down" not in said(page)
    page.session_state["bench_page_hits_" + page.session_state["brand_form"].key("bench")] = 3
    page.run()
    assert "Acme number 12 is down" in said(page)


def test_a_source_is_asked_on_a_press_and_what_fails_is_said(house, monkeypatch, server):
    setup.save_brands(house.places.setup, [ACME])
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


# Our own accounts, and what is muted


def test_our_own_accounts_are_saved_and_their_posts_leave_the_queue(house):
    setup.save_brands(house.places.setup, [Brand("Acme", ("Acme",))])
    post = Found(Mention("x:9", "x", "post", "Acme is here for you", NOON, author="AcmeHelp"))
    drop(house.places.incoming, "x", NOON, found=[post])
    absorb(house)
    assert queued(house) == {"x:9"}
    page = choose(opened_page(), 0)
    field(page.text_area, "Our own accounts").set_value("@acmehelp")
    page.button(key="brand_save").click().run()
    absorber.score_waiting(house.store, house.judgement)
    assert kept(house).brands[0].handles == ("@acmehelp",)
    assert queued(house) == set()


def test_what_is_muted_is_listed_with_who_did_it_and_taken_back_there(house):
    setup.save_brands(house.places.setup, [ACME])
    heard(house, "Acme is down")
    mute_id = mutes.mute(house.store, ranking, Target("thread", "x:1", "hackernews"), "Ana", NOON)
    assert queued(house) == set()
    page = opened_page()
    assert "keeps out 1 mention" in said(page) and "Ana" in said(page)
    page.button(key=f"unmute_{mute_id}").click().run()
    assert queued(house) == {"x:1"}
    assert "keeps out" not in said(page)
