"""Taking in files: every row becomes a mention, an answer, a repeat, or is set aside with its line and reason."""

from __future__ import annotations

import json
import re

import pyarrow as arrow
import pytest
from pyarrow import parquet

from data.models import Brand, HearbackError, Mention
from listeners.importing import border, intake
from listeners.importing.imports import take_in
from listeners.importing.summary import as_plain, sentences
from tests.listeners import taking
from tests.listeners.taking import GOOD, NOW, Taken, adds_up

take = taking.take

# --- a row as a mention


def test_every_field_comes_through(take):
    row = {
        "id": "abc", "source": "Google Play", "kind": "post", "text": " =SUM(A1) keeps its blanks ", "title": "On sums",
        "created_at": "2026-11-20T10:00:00+02:00", "edited_at": "2026-11-21T10:00:00.5Z", "author": " Ann ",
        "author_url": "https://x.example/ann", "url": "https://x.example/1", "stars": "4.5", "followers": "1,234",
        "likes": 7, "lang": "en-GB", "thread_id": 99, "parent_id": "98", "brand": "Acme  Inc",
        "reply_text": "Thanks!", "reply_at": 1_763_800_000, "reply_author": "Zoe",
    }  # fmt: skip
    taken = take(row)
    assert taken.mentions == [
        {
            "id": "google_play:abc", "source": "google_play", "kind": "post", "text": " =SUM(A1) keeps its blanks ",
            "title": "On sums", "published_at": "2026-11-20T08:00:00.000000+00:00",
            "edited_at": "2026-11-21T10:00:00.500000+00:00", "author": "Ann", "author_url": "https://x.example/ann",
            "url": "https://x.example/1", "rating": 4.5, "reach": 1234, "engagement": 7, "language": "en",
            "thread_id": "google_play:99", "parent_id": "google_play:98", "brands": ["Acme Inc"],
        }
    ]  # fmt: skip
    assert taken.of("answer") == [
        {
            "mention_id": "google_play:abc", "text": "Thanks!", "answered_at": "2025-11-22T08:26:40.000000+00:00",
            "author": "Zoe",
        }
    ]  # fmt: skip
    assert taken.of("brand") == [{"name": "Acme Inc", "competitor": False}]
    assert set(taken.mentions[0]) - {"brands"} == set(Mention.__slots__)


@pytest.mark.parametrize("cell", ["=1+1", "+49 30", "-2", "@acme", '=HYPERLINK("http://x")', "<script>", "\x1b[31m"])
def test_text_that_a_spreadsheet_or_a_page_would_run_stays_as_it_is(take, cell):
    text = f"{cell} and more words"
    assert take({**GOOD, "text": text}).mentions[0]["text"] == text


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"stars": 1, "parent_id": "0"}, "review"),
        ({"parent_id": "0"}, "comment"),
        ({}, "post"),
        ({"kind": "Tweet"}, "post"),
        ({"kind": "reply", "stars": 3}, "comment"),
        ({"kind": "article"}, "article"),
    ],
)
def test_the_kind_follows_from_stars_and_parent_unless_the_row_says(take, row, kind):
    assert take({**GOOD, **row}).mentions[0]["kind"] == kind


def test_the_source_is_the_one_given_else_the_rows_own_else_import(take):
    assert take({**GOOD, "source": "twitter"}, source="My Forum").mentions[0]["id"] == "my_forum:1"
    assert take({**GOOD, "source": "twitter"}).mentions[0]["id"] == "twitter:1"
    assert take(GOOD).mentions[0]["id"] == "import:1"
    assert take({**GOOD, "source": "sample"}).mentions[0]["id"] == "import:1"  # nothing real may pass for fictional
    assert take({**GOOD, "source": "reddit", "id": "reddit:t3_1"}).mentions[0]["id"] == "reddit:t3_1"


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.csv", "rows.parquet"])
def test_entities_and_breaks_are_undone_in_every_kind_of_file(take, tmp_path, name):
    row = {
        **GOOD, "title": "Salt &amp; Pepper", "text": "It isn&#39;t salt &lt;3<br>and doesn&rsquo;t pour",
        "author": "O&#39;Dea", "brand": "Mira&#39;s", "reply_text": "We&#39;re sorry<br/>R&D",
        "reply_at": "2026-11-21T10:00:00Z",
    }  # fmt: skip
    if name.endswith("parquet"):
        parquet.write_table(arrow.Table.from_pylist([row]), tmp_path / name)
        taken = Taken(tmp_path / name)
    elif name.endswith("csv"):
        taken = take(",".join(row), ",".join(map(str, row.values())), name=name)
    else:
        taken = take(row, name=name)
    mention = taken.mentions[0]
    assert (mention["title"], mention["text"]) == ("Salt & Pepper", "It isn't salt <3\nand doesn\u2019t pour")
    assert (mention["author"], mention["brands"]) == ("O'Dea", ["Mira's"])
    assert taken.of("answer")[0]["text"] == "We're sorry\nR&D"


def test_a_row_without_an_id_keeps_the_one_that_its_own_spelling_gave_it(take):
    given = take({**GOOD, "id": None, "text": "It isn&#39;t good", "author": "O&#39;Dea"})
    assert given.mentions[0]["text"] == "It isn't good"
    assert given.mentions[0]["id"] != take({**GOOD, "id": None, "text": "It isn't good"}).mentions[0]["id"]


def test_a_row_without_an_id_gets_the_same_one_in_every_file(take):
    rows = [{**GOOD, "id": None}, {**GOOD, "id": "", "text": "another"}]
    first, second = [mention["id"] for mention in take(*rows).mentions]
    assert re.fullmatch(r"import:row-[0-9a-f]{16}", first)
    assert first != second
    again = take(*reversed(rows))
    assert [mention["id"] for mention in again.mentions] == [second, first]
    assert "2 rows have no id; those whose text is another one" in "\n".join(sentences(again.summary))


def test_ids_that_a_spreadsheet_rounded_do_not_make_strangers_one(take):
    taken = take({**GOOD, "id": "5.67588E+17"}, {**GOOD, "id": "5.67588E+17", "text": "another tweet"})
    assert len({mention["id"] for mention in taken.mentions}) == 2
    assert taken.summary.remarks["rounded"] == 2


def test_whole_numbers_that_became_fractions_are_ids_again(tmp_path):
    path = tmp_path / "file.parquet"
    parquet.write_table(arrow.table({**{name: [cell] for name, cell in GOOD.items()}, "id": [77.0]}), path)
    assert Taken(path).mentions[0]["id"] == "import:77"


def test_what_does_not_fit_is_left_out_and_counted_and_the_row_goes_in(take):
    bad = {"stars": "dear", "likes": "many", "url": "javascript:alert(1)", "is_from_brand": "perhaps", "edited_at": "?"}
    good = {"stars": 5, "likes": 1, "url": "https://x.example", "is_from_brand": "no", "edited_at": "2026-11-21"}
    taken = take({**GOOD, **good}, {**GOOD, **bad, "id": "odd"})
    assert taken.mentions[1] == {
        "id": "import:odd",
        "source": "import",
        "kind": "post",
        "text": "It is slow again.",
        "published_at": "2026-11-20T10:00:00.000000+00:00",
    }
    assert taken.summary.remarks == {
        "zone": 1,
        "stars that are no number": 1,
        "cells that say neither yes nor no": 1,
        "edited": 1,
        "links that are no web address": 1,
        "counts that are no number": 1,
    }


def test_a_deleted_author_is_nobody_and_a_path_on_reddit_is_a_link_there(take):
    row = {**GOOD, "source": "reddit", "author": "[deleted]", "permalink": "/r/cars/comments/1"}
    [mention] = take(row).mentions
    assert "author" not in mention
    assert mention["url"] == "https://www.reddit.com/r/cars/comments/1"


def test_blanks_are_nothing_in_every_spelling(take):
    for blank in ("", " ", "nan", "NaN", "NA", "N/A", "null", "None", None, float("nan")):
        taken = take({**GOOD, "author": blank, "title": blank, "stars": blank, "likes": blank, "parent_id": blank})
        assert set(taken.mentions[0]) == {"id", "source", "kind", "text", "published_at"}


# --- bad input


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"id": "2", "text": "cut o', "not a whole JSON object"),
        ("[1, 2]", "not a JSON object"),
        (b'{"id": "2", "text": "\xff"}', "not valid UTF-8"),
        ({**GOOD, "text": ["a", "list"]}, "text is expected, not a list"),
        ({**GOOD, "text": True}, "text is expected, not true or false"),
        ({**GOOD, "id": [1]}, "text is expected, not a list"),
        ({**GOOD, "source": [1]}, "text is expected, not a list"),
        ({**GOOD, "text": ""}, "no text"),
        ({**GOOD, "text": None}, "no text"),
        ({**GOOD, "text": "[removed]"}, "deleted at its source"),
        ({**GOOD, "text": "x" * 10_000_000}, "the text has 10,000,000 characters; at most 1,000,000"),
        ({**GOOD, "created_at": None}, "no time of writing"),
        ({**GOOD, "created_at": "soon"}, "no time can be read from 'soon'"),
        ({**GOOD, "created_at": [1]}, "no time can be read"),
        ({**GOOD, "created_at": True}, "no time can be read"),
        ({**GOOD, "created_at": "0001-01-01T00:00:00Z"}, "cannot be true"),
        ({**GOOD, "created_at": "0001-01-01T00:00:00+14:00"}, "no time can be read"),
        ({**GOOD, "created_at": "9999-12-31T23:59:59Z"}, "cannot be true"),
        ({**GOOD, "created_at": "2026-11-26T12:00:00Z"}, "cannot be true"),
        ({**GOOD, "created_at": 1e300}, "no time can be read"),
        ({**GOOD, "created_at": 5}, "cannot be true"),
        ({**GOOD, "created_at": "03/04/2026"}, "can be two dates"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_line_and_reason_and_the_good_ones_go_in(take, row, reason):
    extra = {"source": "import"} if isinstance(row, dict) and "source" in row else {}
    before = [{**GOOD, **extra, "id": f"good{n}"} for n in range(9)]
    taken = take(*before, row, {**GOOD, "id": "last"})
    assert len(taken.mentions) == 10
    [(line, why)] = taken.reasons
    assert line == 10
    assert reason in why
    assert taken.summary.reasons[0].reason == why
    assert len(taken.of("rejected")[0].get("content", "")) <= 2_000


def test_nul_bytes_become_a_replacement_character_and_are_counted(take):
    taken = take(b"id,created_at,text", b"1,2026-11-20,a\0b", name="file.csv")
    assert taken.mentions[0]["text"] == "a\N{REPLACEMENT CHARACTER}b"
    assert taken.summary.remarks["damaged"] == 1
    assert take({**GOOD, "text": "a\0b"}).mentions[0]["text"] == "a\N{REPLACEMENT CHARACTER}b"


def test_stars_or_a_title_stand_for_a_missing_text(take):
    taken = take({**GOOD, "text": "", "stars": 2}, {**GOOD, "id": 2, "text": None, "title": "Only a title"})
    assert [(mention["text"], mention.get("title")) for mention in taken.mentions] == [("", None), ("", "Only a title")]


def test_the_same_id_again_is_taken_once_and_the_newer_version_wins(take):
    newer = {**GOOD, "edited_at": "2026-11-21T10:00:00Z", "text": "It is fast again."}
    taken = take(GOOD, GOOD, newer, GOOD)
    assert [mention["text"] for mention in taken.mentions] == ["It is fast again."]
    summary = taken.summary
    assert (summary.taken, summary.repeats, summary.rejected) == (1, 2, 1)
    assert adds_up(summary)


def test_something_else_under_a_known_id_is_set_aside_and_not_lost(take):
    taken = take(GOOD, {**GOOD, "text": "Another text, no newer."})
    assert [mention["text"] for mention in taken.mentions] == ["It is slow again."]
    [(line, reason)] = taken.reasons
    assert (line, "import:1 stands on an earlier line" in reason) == (2, True)


def test_a_repeat_that_brings_the_answer_brings_it(take):
    answered = {**GOOD, "reply_text": "Mended.", "reply_at": "2026-11-21"}
    taken = take({**GOOD, "reply_text": ""}, answered, answered)
    assert (len(taken.mentions), len(taken.of("answer"))) == (1, 1)
    assert taken.summary.repeats == 2


def test_a_newer_version_in_a_later_batch_follows_in_that_batch(take, monkeypatch):
    monkeypatch.setattr(intake, "LARGEST_BATCH", 2)
    monkeypatch.setattr("listeners.importing.readers.json_rows.ROWS", 2)
    newer = {**GOOD, "edited_at": "2026-11-21T10:00:00Z", "text": "It is fast again."}
    taken = take(GOOD, {**GOOD, "id": 2}, {**GOOD, "id": 3}, newer, {**GOOD, "id": 2})
    assert [[line.get("text") for line in map(json.loads, batch.open())] for batch in taken.summary.batches] == [
        ["It is slow again.", "It is slow again."],
        ["It is slow again.", "It is fast again."],
    ]
    assert (taken.summary.taken, taken.summary.repeats) == (3, 2)


def test_two_hundred_columns_are_no_trouble(take):
    header = ",".join([*GOOD, *(f"c{n}" for n in range(197))])
    taken = take(header, ",".join([*GOOD.values(), *["x"] * 197]), name="wide.csv")
    assert len(taken.mentions) == 1
    assert any("and 185 more" in line for line in sentences(taken.summary))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", "", "empty.csv is empty"),
        ("header.csv", "id,created_at,text\n", "header.csv holds no rows"),
        ("file.csv", "id,created_at\n1,2026-11-20\n", "No column holds the text"),
        ("file.csv", "id,text\n1,good\n", "No column holds the time"),
        ("file.jsonl", "{broken\n{broken", "holds no row that can be read; line 1"),
    ],
)
def test_a_file_nothing_can_be_made_of_is_refused_before_anything_is_written(tmp_path, name, content, sentence):
    (tmp_path / name).write_text(content)
    with pytest.raises(HearbackError, match=sentence):
        take_in(tmp_path / name, tmp_path / "incoming", NOW)
    assert not (tmp_path / "incoming").exists()


def test_a_row_with_fields_that_only_later_rows_have_is_read_in_full(take):
    taken = take(*[{**GOOD, "id": n} for n in range(1_500)], {**GOOD, "id": "late", "stars": 1})
    assert (taken.mentions[-1]["rating"], taken.mentions[-1]["kind"]) == (1.0, "review")
    assert taken.summary.reading.columns["rating"] == "stars"


# --- brands and answers


def test_brands_are_announced_as_ours_unless_named_as_competitors(take):
    rows = [{**GOOD, "id": n, "brand": name} for n, name in enumerate(["Acme", "Bolt", "ACME", "", "Bolt"])]
    taken = take(*rows, brand="Acme", competitors=["bolt", "Nobody"])
    assert [mention["brands"] for mention in taken.mentions] == [["Acme"], ["Bolt"], ["Acme"], ["Acme"], ["Bolt"]]
    assert taken.summary.brands == (Brand("Acme", ("Acme",)), Brand("Bolt", ("Bolt",), competitor=True))
    assert taken.of("brand") == [{"name": "Acme", "competitor": False}, {"name": "Bolt", "competitor": True}]
    assert taken.summary.unmet == ("Nobody",)
    assert as_plain(taken.summary)["unmet"] == ["Nobody"]


def test_a_list_of_brands_names_each(take):
    assert take({**GOOD, "brand": ["Acme", "Bolt", "Acme"]}).mentions[0]["brands"] == ["Acme", "Bolt"]


def test_a_row_the_brand_wrote_is_an_answer_or_is_left_out_and_counted(take):
    own = {"is_from_brand": True, "author": "AcmeCares", "created_at": "2026-11-20T11:00:00Z"}
    taken = take(
        {**GOOD, "is_from_brand": False},
        {**GOOD, **own, "id": "2", "parent_id": "1", "text": "Mended."},
        {**GOOD, **own, "id": "3", "text": "Good morning!"},
    )
    assert [mention["id"] for mention in taken.mentions] == ["import:1"]
    assert taken.of("answer") == [
        {
            "mention_id": "import:1", "text": "Mended.", "answered_at": "2026-11-20T11:00:00.000000+00:00",
            "author": "AcmeCares",
        }
    ]  # fmt: skip
    summary = taken.summary
    assert (summary.taken, summary.own, summary.answers, summary.to_nobody) == (1, 2, 1, 1)


@pytest.mark.parametrize("at", ["", "soon", "0001-01-01"])
def test_an_answer_without_a_time_counts_as_given_when_the_mention_was_last_changed(take, at):
    edited = {"edited_at": "2026-11-21T10:00:00Z"}
    taken = take({**GOOD, **edited, "reply_text": "Mended.", "reply_at": at}, mapping={"reply_at": "reply_at"})
    assert taken.of("answer")[0]["answered_at"] == "2026-11-21T10:00:00.000000+00:00"
    assert taken.summary.remarks["reply_at"] == 1


def test_an_answer_of_which_only_the_time_is_known_is_an_answer(take):
    [answer] = take({**GOOD, "reply_at": "2026-11-21T10:00:00Z"}).of("answer")
    assert answer["answered_at"].startswith("2026-11-21T10")
    assert answer["text"] == border.UNWRITTEN


@pytest.mark.parametrize(
    "said", ["No", "NO", "-", "\u2014", "n/a", "none", "false", "0", "Not replied", "Pending", False]
)
def test_a_word_in_place_of_a_reply_is_none_and_the_mention_stays_open(take, said):
    taken = take({**GOOD, "reply": "Sorry!", "reply_at": "2026-11-21"}, {**GOOD, "id": "2", "reply": said})
    assert [one["mention_id"] for one in taken.of("answer")] == ["import:1"]
    assert (taken.summary.taken, taken.summary.rejected) == (2, 0)


@pytest.mark.parametrize("said", ["Yes", "true", "Replied", "ja", True])
def test_a_word_that_says_that_a_reply_was_given_is_one(take, said):
    taken = take({**GOOD, "responded": said}, {**GOOD, "id": "2", "responded": "no"})
    [answer] = taken.of("answer")
    assert (answer["mention_id"], answer["text"]) == ("import:1", border.UNWRITTEN)
    assert taken.summary.remarks["reply_text"] == 1


def test_a_long_reply_that_begins_with_no_is_a_reply(take):
    [answer] = take({**GOOD, "reply": "No, we never ship there."}).of("answer")
    assert answer["text"] == "No, we never ship there."


@pytest.mark.parametrize(
    ("name", "beside"),
    [("ownerResponses", {}), ("companyReplies", {}), ("replies", {"rating": 2}), ("response", {"stars": 1})],
)
def test_a_list_of_the_brands_replies_beside_a_review_answers_it(take, name, beside):
    said = [{"text": "Sorry!", "date": "2026-11-21"}, {"text": "And again", "date": "2026-11-22"}]
    taken = take({**GOOD, **beside, name: said}, {**GOOD, **beside, "id": "2", name: []})
    assert [(one["mention_id"], one["text"]) for one in taken.of("answer")] == [("import:1", "Sorry!")]
    assert taken.summary.notes == ()
