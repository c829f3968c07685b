"""A file on its way in: previewed, its columns chosen, taken in once, and told in sentences."""

from __future__ import annotations

import tempfile
import tomllib
from dataclasses import replace
from itertools import chain

import pytest
from streamlit.runtime.context import ContextProxy

from dashboard.setup import brand_entry, import_form, import_outcome, upload
from dashboard.shared import source_settings
from data import setup
from data.models import Mention
from listeners.formats import times
from listeners.importing import imports, summary
from listeners.importing.encodings import telling
from listeners.importing.mapping import conventions
from listeners.importing.mapping.columns import FIELDS, ColumnMapping, Guess
from listeners.importing.readers import csv_rows, tables
from tests.dashboard import setup_bench
from tests.dashboard.setup_bench import ACME, CSV, NOON, RIVAL, absorb, field, known, queued, rows, said, uploaded

runtime = setup_bench.runtime

# A file on its way in


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_bytes(CSV)
    return path


def test_a_look_counts_rows_and_names_brands(csv):
    seen = upload.preview(csv, imports.Instructions(), NOON)
    assert seen.survey == upload.Survey(3, ("Acme", "Rival"), is_whole=True)
    assert upload.button(seen.survey) == "Import 3 rows"
    assert seen.preview.reading.columns["published_at"] == "when"


def test_a_file_too_long_to_count_is_taken_in_all_the_same():
    assert upload.button(upload.Survey(300_000, (), is_whole=False)) == "Import all rows"
    assert upload.button(upload.Survey(1, (), is_whole=True)) == "Import 1 row"


def test_the_upload_lies_on_disk_only_while_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with upload.on_disk("../../evil name.CSV", b"a,b\n") as path:
        assert path.read_bytes() == b"a,b\n"
        assert (path.name, path.parent.parent) == ("upload.csv", tmp_path)
    assert list(tmp_path.iterdir()) == []


def reading(**columns):
    return ColumnMapping(tuple(Guess(column, name, "its name") for name, column in columns.items()))


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


def test_sentences_name_what_to_do_on_the_page_and_no_option_of_the_command():
    named = (telling.HOW, conventions.ASK, times.SAY_ORDER, csv_rows.SKIP, tables.NO_SKIP, tables.NO_ENCODING)
    for sentence in (*named, *chain.from_iterable(summary.REMARKS.values())):
        assert "--" not in upload.on_page(f"file.csv: {sentence}")


def test_every_field_is_offered_once():
    shown, rest = upload.offered(reading(text="a", reply_text="b"))
    assert shown[-1] == "reply_text"
    assert sorted([*shown, *rest]) == sorted(FIELDS)


def test_what_became_of_a_file_is_said_without_names_of_fields(csv, tmp_path):
    summary = imports.take_in(
        csv, tmp_path / "in", NOON, imports.Instructions(competitors=["Nobody"], shown_name="reviews.csv")
    )
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


def as_will_be(page):
    """The table of the first rows as they will be; that of the rows as the file has them stands above it."""
    return page.dataframe[1].value


def test_a_known_file_says_what_it_was_recognised_as_and_by_what(runtime):
    page = uploaded("x.csv", b"encid,text.full,business.name,createdAt,rating\na,It is slow.,Acme,2026-02-01,2\n")
    assert not page.exception
    assert "Recognised: Yelp reviews, by its columns encid, text.full, business.name and createdAt." in said(page)
    assert list(as_will_be(page)["Source"]) == ["Yelp"]


def test_an_upload_is_previewed_taken_in_and_reaches_the_queue(runtime):
    page = uploaded("reviews.csv", CSV)
    assert not page.exception
    assert field(page.selectbox, "When it was written").value == "when"
    assert list(as_will_be(page)["Stars"]) == ["★☆☆☆☆", "★★★★★"]
    assert "One row: no time can be read from 'never'" in said(page)
    assert rows(runtime, "SELECT * FROM mention") == []
    field(page.multiselect, "Competitors").select("Rival")
    page.run()
    assert page.button(key="import_take").label == "Import 3 rows (1 will be skipped)"
    assert "1 of 3 rows will be in the queue" not in said(page)  # nothing says yet that Acme is a rival
    assert "2 of 3 rows will be in the queue; 1 is set aside." in said(page)
    page.button(key="import_take").click().run()
    assert not page.exception
    assert "Mentions: 2 of 3 rows." in said(page)
    assert "1 batch waits to be stored." in said(page)
    absorb(runtime)
    page.run()
    assert "All of it is stored and scored." in said(page)
    assert known(runtime) == ["Acme"]
    assert len(queued(runtime)) == 2
    assert "<b>" not in "".join(one.value for one in page.markdown)


def test_the_same_file_again_adds_nothing(runtime):
    for _ in range(2):
        uploaded("reviews.csv", CSV).button(key="import_take").click().run()
        absorb(runtime)
    assert len(rows(runtime, "SELECT * FROM mention")) == 2


def test_columns_nobody_can_guess_are_asked_for_and_taken_as_chosen(runtime):
    page = uploaded("odd.csv", b"a,b,c\n1,x,2026-02-01\n2,y,2026-02-02\n")
    assert "No column looks like text" in said(page)
    assert not [one for one in page.button if one.key == "import_take"]
    field(page.selectbox, "Text").select("c").run()
    assert "already; choose another" in said(page)
    field(page.selectbox, "Text").select("b").run()
    assert "2 rows match none of your brands." in said(page)
    setup.save_brands(runtime.places.setup, [ACME])  # a test cannot type what no box offers
    page.run()
    field(page.selectbox, "Brand of rows that name none").select("Acme").run()
    assert "2 of 2 rows will be in the queue." in said(page)
    page.button(key="import_take").click().run()
    absorb(runtime)
    assert {row["text"] for row in rows(runtime, "SELECT text FROM mention")} == {"x", "y"}
    assert len(queued(runtime)) == 2


NAMELESS = b"id,created_at,text\n1,2026-02-01,slow\n2,2026-02-02,late\n3,2026-02-03,gone\n"


def test_the_only_brand_is_that_of_rows_that_name_none(runtime):
    setup.save_brands(runtime.places.setup, [ACME, RIVAL])
    page = uploaded("mine.csv", NAMELESS)
    assert field(page.selectbox, "Brand of rows that name none").value == "Acme"
    assert "3 of 3 rows will be in the queue." in said(page)
    page.button(key="import_take").click().run()
    assert "3 of 3 rows will be in the queue." in said(page)
    absorb(runtime)
    assert len(queued(runtime)) == 3


def test_of_several_brands_one_must_be_chosen_before_rows_without_a_name_are_taken_in(runtime):
    setup.save_brands(runtime.places.setup, [ACME, replace(ACME, name="Bolt", terms=("Bolt",)), RIVAL])
    page = uploaded("mine.csv", NAMELESS)
    assert page.button(key="import_take").disabled
    assert "3 rows name no brand, and several are set up." in said(page)
    field(page.selectbox, "Brand of rows that name none").select("Bolt").run()
    assert not page.button(key="import_take").disabled
    assert "3 of 3 rows will be in the queue." in said(page)
    field(page.selectbox, "Brand of rows that name none").select("").run()
    assert not page.button(key="import_take").disabled
    assert "3 rows match none of your brands." in said(page)


def test_rows_that_match_no_brand_get_one_when_the_file_is_imported_again(runtime):
    setup.save_brands(runtime.places.setup, [ACME])
    page = uploaded("mine.csv", NAMELESS)
    field(page.selectbox, "Brand of rows that name none").select("").run()
    page.button(key="import_take").click().run()
    assert "3 rows match none of your brands." in said(page)
    assert "import the file again and choose one" in said(page)
    absorb(runtime)
    assert queued(runtime) == set()
    uploaded("mine.csv", NAMELESS).button(key="import_take").click().run()
    absorb(runtime)
    assert len(queued(runtime)) == len(rows(runtime, "SELECT * FROM mention")) == 3


def test_the_queue_then_holds_what_was_foretold(runtime):
    setup.save_brands(runtime.places.setup, [ACME, RIVAL])
    lines = [
        "id,created_at,text,company,reply",
        "1,2026-02-20,slow,Acme,",
        "2,2026-02-21,fine,Rival,",
        "3,2026-02-22,my acme kettle broke,,",
        "4,2026-02-23,nothing at all,,",
        "5,2026-02-24,late,Acme,We are sorry",
        "6,2025-02-24,old story,Acme,",
        "7,2026-02-24,worse than Acme,Rival,",
        "8,never,lost,Acme,",
    ]
    page = uploaded("mixed.csv", "\n".join(lines).encode())
    field(page.selectbox, "Brand of rows that name none").select("").run()
    told = "3 of 8 rows will be in the queue; 1 is answered already, 1 is too old to answer and will be under Old, "
    assert f"{told}1 is about competitors, 1 is set aside." in said(page)
    page.button(key="import_take").click().run()
    absorb(runtime)
    stand = {row["mention_id"]: row["status"] for row in rows(runtime, "SELECT mention_id, status FROM queue")}
    assert stand == {"import:1": "open", "import:3": "open", "import:7": "open", "import:6": "old"}


# How the file is written


def test_the_files_own_rows_are_seen_while_its_columns_are_chosen(runtime):
    page = uploaded("odd.csv", b"a,b,c\n1,x,2026-02-01\n=2+2,**y**,2026-02-02\n")
    assert list(page.dataframe[0].value["b"]) == ["x", "**y**"]
    assert list(page.dataframe[0].value["a"]) == ["1", "'=2+2"]


def test_an_encoding_that_nothing_tells_is_chosen_on_the_page(runtime):
    page = uploaded("hebrew.csv", "id,created_at,text\n1,2026-02-01,ירי\n".encode("cp1255"))
    assert "Choose its encoding under “How the file is written”" in said(page)
    assert "--" not in said(page)
    field(page.selectbox, "Encoding of its letters").select("cp1255").run()
    assert list(as_will_be(page)["Text"]) == ["ירי"]
    page.button(key="import_take").click().run()
    absorb(runtime)
    assert [row["text"] for row in rows(runtime, "SELECT text FROM mention")] == ["ירי"]


def test_the_order_of_day_and_month_is_chosen_where_nothing_tells(runtime):
    page = uploaded("dates.csv", b"id,created_at,text\n1,03/02/2026,slow\n2,01/02/2026,late\n")
    assert "can have the day or the month first, and no row tells which" in said(page)
    assert "--" not in said(page)
    assert page.button(key="import_take").label == "Import 2 rows (2 will be skipped)"
    assert page.button(key="import_take").disabled
    field(page.selectbox, "Dates such as 3/4/2026 have").select("dmy").run()
    assert [one.month for one in as_will_be(page)["Written"]] == [2, 2]
    page.button(key="import_take").click().run()
    absorb(runtime)
    days = [row["published_at"].day for row in rows(runtime, "SELECT published_at FROM mention ORDER BY id")]
    assert days == [3, 1]


def test_the_zone_of_times_without_one_is_chosen_on_the_page(runtime, monkeypatch):
    monkeypatch.setattr(ContextProxy, "timezone", property(lambda _: "Asia/Kolkata"))
    page = uploaded("times.csv", b"id,created_at,text\n1,2026-02-01 10:00,slow\n")
    field(page.selectbox, "Zone of times that name none").select("Asia/Kolkata").run()
    page.button(key="import_take").click().run()
    absorb(runtime)
    [row] = rows(runtime, "SELECT published_at FROM mention")
    assert row["published_at"].isoformat() == "2026-02-01T04:30:00+00:00"


def test_lines_above_the_header_are_left_out_as_a_person_says(runtime):
    page = uploaded("tool.csv", b"one,two,three\nfour,five,six\nwho,when,review\nann,2026-02-01,it is slow\n")
    page.number_input[0].set_value(2).run()
    assert list(page.dataframe[0].value.columns) == ["who", "when", "review"]
    assert list(as_will_be(page)["Text"]) == ["it is slow"]


def test_what_a_file_does_not_have_is_not_asked_about(runtime):
    page = uploaded("posts.jsonl", b'{"text": "slow", "created_at": "2026-02-01"}\n')
    assert "Encoding of its letters" in [one.label for one in page.selectbox]
    assert not page.number_input


def test_what_of_a_file_is_not_read_is_said_before_and_after(runtime):
    post = '{"text": "slow", "created_at": "2026-02-01"}'
    page = uploaded("posts.json", f'{{"posts": [{post}], "archive": [{post}, {post}]}}'.encode())
    assert "Not read: “archive”, which reads as posts, too (2)." in said(page)
    page.button(key="import_take").click().run()
    assert "Not read: “archive”, which reads as posts, too (2)." in said(page)


def test_a_browser_without_a_known_zone_is_told_that_times_are_utc(runtime, monkeypatch):
    monkeypatch.setattr(ContextProxy, "timezone", property(lambda _: "Etc/Unknown"))
    page = uploaded("reviews.csv", CSV)
    assert not page.exception
    assert "Times are shown in UTC" in said(page)


def test_a_wrong_guess_can_be_taken_back(runtime):
    page = uploaded("reviews.csv", CSV)
    field(page.selectbox, "Stars (1 to 5)").select("").run()
    assert "Stars" not in as_will_be(page)
    assert "Columns not read: who, stars" in said(page)


@pytest.mark.parametrize(
    ("name", "content", "begins"),
    [
        ("empty.csv", b"", "empty.csv is empty"),
        ("half.parquet", b"PAR1 and no more", "half.parquet is cut off or damaged"),
        ("sheet.csv", b"PK\x03\x04xx", "sheet.csv is a workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(runtime, name, content, begins):
    page = uploaded(name, content)
    assert not page.exception
    assert begins in said(page)


def test_a_full_disk_is_told_in_a_sentence(runtime):
    runtime.places.incoming.parent.mkdir(parents=True, exist_ok=True)
    runtime.places.incoming.write_text("in the way of the folder")
    page = uploaded("reviews.csv", CSV)
    page.button(key="import_take").click().run()
    assert not page.exception
    assert "The disk refused it" in said(page)


def test_while_setup_toml_is_broken_a_file_can_still_be_taken_in(runtime):
    runtime.places.setup.write_text("[[brand]\n")
    page = uploaded("reviews.csv", CSV)
    page.button(key="import_take").click().run()
    assert "Mentions: 2 of 3 rows." in said(page)


def test_the_file_in_setup_toml_stays_readable_by_hand(runtime):
    brand_entry.save(runtime, ACME, None)
    source_settings.write(
        runtime.places, "rss", {"feeds": [{"url": "https://a.example", "brand": "Acme"}, "https://b.example"]}
    )
    assert tomllib.loads(runtime.places.setup.read_text())["sources"]["rss"]["feeds"][1] == "https://b.example"
