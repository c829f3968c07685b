"""Setup on the page: brands written to the file, told when it is broken, our own accounts, what is muted."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from analysis import ranking
from dashboard.setup import brand_entry, brand_form
from dashboard.shared import source_settings
from data import setup
from data.exclusions import mutes
from data.exclusions.mutes import Target
from data.models import Brand, Found, HearbackError, Mention
from data.people.rights import lead
from data.scores import scorer
from data.spool.batches import drop
from tests.dashboard import setup_bench
from tests.dashboard.setup_bench import (
    ACME,
    MAIN,
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
    said,
)

runtime = setup_bench.runtime

# The brands on the page


def test_a_part_and_a_source_are_taken_from_the_address_in_any_case(runtime):
    page = opened_page("sources")
    assert page.radio(key="platform")
    page = AppTest.from_file(MAIN, default_timeout=500).run()
    page.switch_page("setup/page.py")
    page.query_params.update({"part": "Sources", "platform": "stackexchange"})
    assert page.run().radio(key="platform").value == "stackexchange"


def test_a_part_that_there_is_not_is_told(runtime):
    assert "goes by that name: part “brand”" in said(opened_page("brand"))


def test_a_newcomer_is_told_what_adding_a_brand_does(runtime):
    page = opened_page()
    assert not page.exception
    assert "The sample goes, and Hacker News" in said(page)
    assert page.code[0].value == str(runtime.places.setup)


def test_adding_a_brand_previews_then_writes_file_and_store(runtime):
    heard(runtime, "ACME is down", "quiet")
    page = opened_page()
    field(page.text_input, "Name").set_value("Acme").run()
    assert "Matches 1 of 2 stored mentions." in said(page)
    assert "ACME is down" in said(page)
    assert kept(runtime).brands == ()
    field(page.text_area, "Terms").set_value("acme, @acmehelp")
    page.button(key="brand_save").click().run()
    assert kept(runtime).brands == (Brand("Acme", ("acme", "@acmehelp")),)
    assert known(runtime) == ["Acme"]
    assert "Acme is added. Matches 1 of 2 stored mentions." in said(page)
    assert field(page.text_input, "Name").value == ""


def test_bad_fields_are_told_beside_them_and_nothing_is_written(runtime):
    page = opened_page()
    page.button(key="brand_save").click().run()
    assert "Give the brand its name." in said(page)
    field(page.text_input, "Name").set_value("Acme")
    field(page.text_area, "Excluded words").set_value("acme").run()
    assert "One of these is a term as well" in said(page)
    page.button(key="brand_save").click().run()
    assert not runtime.places.setup.exists()


def test_changing_a_brand_keeps_its_name_and_changes_the_queue(runtime):
    setup.save_brands(runtime.places.setup, [ACME, RIVAL])
    heard(runtime, "Acme is down", "the kettle is down")
    page = choose(opened_page(), 0)
    assert field(page.text_input, "Name").disabled
    field(page.text_area, "Terms").set_value("kettle")
    field(page.text_area, "Excluded words").set_value("")
    page.button(key="brand_save").click().run()
    scorer.score_waiting(runtime.store, runtime.judgement, runtime.clock)
    assert kept(runtime).brands == (Brand("Acme", ("kettle",), handles=ACME.handles), RIVAL)
    assert queued(runtime) == {"x:2"}
    assert "Acme is changed." in said(page)


def test_removing_asks_first_and_keeping_removes_nothing(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    heard(runtime, "Acme is down")
    page = choose(opened_page(), 0)
    page.button(key="brand_remove").click().run()
    assert "1 mention in the queue names it" in said(page)
    page.button(key="brand_keep").click().run()
    assert kept(runtime).brands == (ACME,)
    page.button(key="brand_remove").click().run()
    page.button(key="brand_remove_yes").click().run()
    assert (kept(runtime).brands, queued(runtime)) == ((), set())


def test_the_list_leaves_columns_out_that_nobody_uses():
    assert list(brand_form.table([RIVAL])) == ["Brand", "Whose", "Answer in", "Terms"]
    assert brand_form.table([ACME, RIVAL])["Excluded"] == [["acme street"], []]


@pytest.mark.parametrize("part", ["Brands", "Sources", "Import"])
def test_a_broken_setup_toml_is_shown_with_its_path_and_never_written_over(runtime, part):
    broken = "[[brand]]\nname = 'Acme'\nterms = [unquoted]\n"
    runtime.places.setup.write_text(broken)
    page = opened_page(part)
    assert not page.exception
    assert "line 3" in said(page)
    assert page.code[0].value == str(runtime.places.setup)
    assert not [one for one in page.button if one.key in ("brand_save", "save_hackernews")]
    with pytest.raises(HearbackError):
        brand_entry.save(runtime, ACME, None)
    with pytest.raises(HearbackError):
        source_settings.write(runtime.places, "rss", {"on": True})
    assert runtime.places.setup.read_text() == broken


def test_a_setup_toml_that_breaks_while_a_form_is_open_is_told_on_saving(runtime):
    page = opened_page()
    field(page.text_input, "Name").set_value("Acme").run()
    runtime.places.setup.write_text("[[brand]\n")
    page.button(key="brand_save").click().run()
    assert not page.exception
    assert runtime.places.setup.read_text() == "[[brand]\n"


# Our own accounts, and what is muted


def test_our_own_accounts_are_saved_and_their_posts_leave_the_queue(runtime):
    setup.save_brands(runtime.places.setup, [Brand("Acme", ("Acme",))])
    post = Found(Mention("x:9", "x", "post", "Acme is here for you", NOON, author="AcmeHelp"))
    drop(runtime.places.incoming, "x", NOON, found=[post])
    absorb(runtime)
    assert queued(runtime) == {"x:9"}
    page = choose(opened_page(), 0)
    field(page.text_area, "Our own accounts").set_value("@acmehelp")
    page.button(key="brand_save").click().run()
    scorer.score_waiting(runtime.store, runtime.judgement, runtime.clock)
    assert kept(runtime).brands[0].handles == ("@acmehelp",)
    assert queued(runtime) == set()


def test_what_is_muted_is_listed_with_who_did_it_and_taken_back_there(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    heard(runtime, "Acme is down")
    mute_id = mutes.mute(runtime.store, ranking, Target("thread", "x:1", "hackernews"), lead("Ana"), NOON)
    assert queued(runtime) == set()
    page = opened_page()
    assert "keeps out 1 mention" in said(page) and "Ana" in said(page)
    page.button(key=f"unmute_{mute_id}").click().run()
    assert queued(runtime) == {"x:1"}
    assert "keeps out" not in said(page)
