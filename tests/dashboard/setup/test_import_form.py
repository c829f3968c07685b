"""A file on its way in: previewed, its columns chosen, taken in once, and told in sentences."""

from __future__ import annotations

import tempfile
import tomllib

import pytest

from dashboard.setup import brand_entry, import_form, import_outcome, upload
from dashboard.shared import source_settings
from data import setup
from data.models import Mention
from listeners.importing import imports
from listeners.importing.mapping.columns import ColumnMapping, Guess
from tests.dashboard import setup_bench
from tests.dashboard.setup_bench import ACME, CSV, NOON, absorb, field, known, queued, rows, said, uploaded

runtime = setup_bench.runtime

# A file on its way in


@pytest.fixture
def csv(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_bytes(CSV)
    return path


def test_a_look_counts_rows_and_names_brands(csv):
    seen = upload.preview(csv, "reviews.csv", {}, NOON)
    assert seen.survey == upload.Survey(3, ("Acme", "Rival"), is_whole=True)
    assert upload.button(seen.survey) == "Take in 3 rows"
    assert seen.preview.reading.columns["published_at"] == "when"


def test_a_file_too_long_to_count_is_taken_in_all_the_same():
    assert upload.button(upload.Survey(300_000, (), is_whole=False)) == "Take in all rows"
    assert upload.button(upload.Survey(1, (), is_whole=True)) == "Take in 1 row"


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


def test_a_known_file_says_what_it_was_recognised_as_and_by_what(runtime):
    page = uploaded("x.csv", b"encid,text.full,business.name,createdAt,rating\na,It is slow.,Acme,2026-02-01,2\n")
    assert not page.exception
    assert "Recognised: Yelp reviews, by its columns encid, text.full, business.name and createdAt." in said(page)
    assert list(page.dataframe[0].value["Source"]) == ["Yelp"]


def test_an_upload_is_previewed_taken_in_and_reaches_the_queue(runtime):
    page = uploaded("reviews.csv", CSV)
    assert not page.exception
    assert field(page.selectbox, "When it was written").value == "when"
    assert list(page.dataframe[0].value["Stars"]) == ["★☆☆☆☆", "★★★★★"]
    assert "One row: no time can be read from 'never'" in said(page)
    assert rows(runtime, "SELECT * FROM mention") == []
    field(page.multiselect, "Competitors").select("Rival")
    page.run()
    assert page.button(key="import_take").label == "Take in 3 rows"
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
    assert "reach no queue" in said(page)
    setup.save_brands(runtime.places.setup, [ACME])  # a test cannot type what no box offers
    page.run()
    field(page.selectbox, "Brand of rows that name none").select("Acme").run()
    assert "reach no queue" not in said(page)
    page.button(key="import_take").click().run()
    absorb(runtime)
    assert {row["text"] for row in rows(runtime, "SELECT text FROM mention")} == {"x", "y"}
    assert len(queued(runtime)) == 2


def test_a_wrong_guess_can_be_taken_back(runtime):
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
        runtime.places.setup, "rss", {"feeds": [{"url": "https://a.example", "brand": "Acme"}, "https://b.example"]}
    )
    assert tomllib.loads(runtime.places.setup.read_text())["sources"]["rss"]["feeds"][1] == "https://b.example"
