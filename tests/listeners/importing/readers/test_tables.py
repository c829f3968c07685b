"""Files as rows: what is read, what is set aside, and on which line it stands."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as arrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pyarrow import parquet

from data.models import HearbackError
from listeners.importing.mapping.chunks import Broken, header_of
from listeners.importing.readers.tables import Layout, open_table


def written(tmp_path: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows_of(path: Path) -> list[tuple[int, dict]]:
    return [
        (line, dict(zip(chunk.header, cells, strict=True)))
        for chunk in open_table(path).chunks()
        for line, cells in zip(chunk.lines, chunk.rows, strict=True)
    ]


def broken_of(path: Path) -> list[Broken]:
    return [one for chunk in open_table(path).chunks() for one in chunk.broken]


# --- what a file is


@pytest.mark.parametrize(
    ("content", "called"),
    [
        ("a,b\n1,2\n", "CSV with commas"),
        ("a;b\n1,5;2\n", "CSV with semicolons"),
        ("a\tb\n1\t2\n", "CSV with tabs"),
        ("a|b\n1|2\n", "CSV with bars"),
        ("text\njust one column, with a comma\n", "CSV with commas"),
        ('{"a": 1}\n{"a": 2}\n', "JSON Lines"),
        ('{"a": 1}\n{"a": ', "JSON Lines"),
        ('  [{"a": 1}]', "JSON array"),
        ('{"total": 1, "reviews": [{"a": 1}, {"a": 2}]}', "JSON object holding a list"),
        ('{\n "reviews": [\n {"a": 1}\n]\n}', "JSON object holding a list"),
    ],
)
def test_a_file_is_told_by_its_content(tmp_path, content, called):
    assert open_table(written(tmp_path, content, "upload")).called == called


def test_parquet_is_told_by_its_first_bytes(tmp_path):
    path = tmp_path / "upload"
    parquet.write_table(arrow.table({"a": [1, 2]}), path)
    assert open_table(path).called == "Parquet"
    assert rows_of(path) == [(1, {"a": 1}), (2, {"a": 2})]


def test_a_csv_that_begins_like_json_is_a_csv_by_its_ending(tmp_path):
    assert rows_of(written(tmp_path, "[id],text\n1,good\n")) == [(2, {"[id]": "1", "text": "good"})]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "empty.csv is empty"),
        ("blank.csv", b"\xef\xbb\xbf \n\n", "blank.csv is empty"),
        ("book.xlsx", b"PK\x03\x04rest", "save its sheet as CSV"),
        ("a.csv.gz", b"\x1f\x8brest", "unpack it"),
        ("a.parquet", b"text,date\n", "not a Parquet file"),
        ("a.parquet", b"PAR1" + b"\0" * 50, "cut off or damaged"),
    ],
)
def test_what_cannot_be_read_at_all_is_said_in_a_sentence(tmp_path, name, content, sentence):
    with pytest.raises(HearbackError, match=sentence):
        rows_of(written(tmp_path, content, name))


def test_a_missing_file_and_a_directory_are_said_by_name(tmp_path):
    with pytest.raises(HearbackError, match=r"no file gone\.csv"):
        open_table(tmp_path / "gone.csv")
    with pytest.raises(HearbackError, match="directory"):
        open_table(tmp_path)


# --- CSV


def test_quoted_line_breaks_hold_and_lines_are_those_of_the_file(tmp_path):
    path = written(tmp_path, 'id,text\n1,"two\nlines, ""quoted"""\n\n2,one\r\n3,three\n')
    assert rows_of(path) == [
        (2, {"id": "1", "text": 'two\nlines, "quoted"'}),
        (5, {"id": "2", "text": "one"}),
        (6, {"id": "3", "text": "three"}),
    ]


def test_a_ragged_row_is_set_aside_and_empty_cells_beyond_the_header_are_not_ragged(tmp_path):
    path = written(tmp_path, "id,text\n1,good\n2,too,many\n3\n4,fine,,\n")
    assert [line for line, _ in rows_of(path)] == [2, 5]
    assert [(one.line, one.reason) for one in broken_of(path)] == [
        (3, "3 cells where the header has 2"),
        (4, "1 cells where the header has 2"),
    ]


def test_a_quote_left_open_costs_its_own_line_only(tmp_path):
    path = written(tmp_path, 'id,text,stars\n1,good,5\n2,"never closed,4\n3,fine,3\n4,"quoted, well",2\n5,last,1\n')
    assert [row["id"] for _, row in rows_of(path)] == ["1", "3", "4", "5"]
    assert [(one.line, one.content) for one in broken_of(path)] == [(3, '2,"never closed,4')]


def test_a_quote_left_open_on_the_last_line_is_set_aside(tmp_path):
    path = written(tmp_path, 'id,text\n1,good\n2,"cut off')
    assert [row["id"] for _, row in rows_of(path)] == ["1"]
    assert [(one.line, one.reason) for one in broken_of(path)] == [(3, "a quote is opened and not closed")]


@pytest.mark.parametrize(
    ("beginning", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old workbook"),
        (b"%PDF-1.4\n", "a PDF"),
        (b"SQLite format 3\0", "a database"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
    ],
)
def test_what_holds_no_table_is_called_by_its_name(tmp_path, beginning, what):
    with pytest.raises(HearbackError, match=f"is {what}; "):
        open_table(written(tmp_path, beginning + bytes(200)))


def test_a_cell_longer_than_the_librarys_own_limit_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("listeners.importing.readers.tables.SAMPLED", 1 << 19)
    before = csv.field_size_limit(131_072)  # as a fresh process has it
    path = written(tmp_path, f"id,text\n1,{'bad ' * 100_000}\n2,fine\n")
    assert [(row["id"], len(row["text"])) for _, row in rows_of(path)] == [("1", 400_000), ("2", 4)]
    csv.field_size_limit(before)


def test_a_row_that_is_not_utf8_is_set_aside_and_the_others_go_in(tmp_path):
    path = written(tmp_path, b"id,text\n1,caf\xc3\xa9\n2,caf\xe9\n3,fine\n")
    assert [row for _, row in rows_of(path)] == [{"id": "1", "text": "café"}, {"id": "3", "text": "fine"}]
    assert broken_of(path) == [Broken(3, "not valid UTF-8", "2,caf\N{REPLACEMENT CHARACTER}")]


def test_a_file_written_as_windows_1252_is_read_whole(tmp_path):
    text = "id,text\n1,“très bien”\n2,naïve — but fine\n3,Größe\n"
    path = written(tmp_path, text.encode("cp1252"))
    assert [row["text"] for _, row in rows_of(path)] == ["“très bien”", "naïve — but fine", "Größe"]
    assert "cp1252" in open_table(path).called


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_marks_at_the_start_of_a_file_tell_how_it_is_written(tmp_path, encoding):
    path = written(tmp_path, "id,text\n1,Größe 😀\n".encode(encoding))
    assert rows_of(path) == [(2, {"id": "1", "text": "Größe 😀"})]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("name", ["file.csv", "file.json", "file.jsonl"])
def test_letters_of_two_and_four_bytes_are_told_with_a_mark_and_without(tmp_path, encoding, name):
    content = {"file.csv": "id,text\n1,שלום Größe\n", "file.json": '[{"id": "1", "text": "שלום Größe"}]'}
    lines = '{"id": "1", "text": "שלום Größe"}\n{"id": "2", "text": "b"}\n'
    path = written(tmp_path, content.get(name, lines).encode(encoding), name)
    assert rows_of(path)[0][1] == {"id": "1", "text": "שלום Größe"}


def test_nul_bytes_and_long_cells_pass_the_table(tmp_path):
    long = "x" * 10_000_000
    assert [row["text"] for _, row in rows_of(written(tmp_path, f"id,text\n1,a\0b\n2,{long}\n"))] == ["a\0b", long]


def test_two_hundred_columns_blank_names_and_twice_the_same_name_are_kept_apart(tmp_path):
    names = [f"c{n}" for n in range(198)] + ["", "c0"]
    path = written(tmp_path, ",".join(names) + "\n" + ",".join(map(str, range(200))) + "\n")
    [(_, row)] = rows_of(path)
    assert len(row) == 200
    assert (row["column 199"], row["c0 (2)"], row["c0"]) == ("198", "199", "0")
    assert header_of(["a", "a", "a"]) == ("a", "a (2)", "a (3)")
    assert header_of(["a (2)", "a", "a", "", ""]) == ("a (2)", "a", "a (3)", "column 4", "column 5")


def test_twenty_thousand_columns_of_one_name_are_no_trouble(tmp_path):
    """Compared with each other they would take minutes."""
    (_, row), *_ = rows_of(written(tmp_path, ",".join("a" * 20_000) + "\n" + ",".join("1" * 20_000)))
    assert len(row) == 20_000


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_first_line_that_tells_excel_the_separator_is_no_header(tmp_path, separator, encoding):
    content = f"sep={separator}\r\na{separator}b\r\n1{separator}2\r\n"
    assert rows_of(written(tmp_path, content.encode(encoding))) == [(3, {"a": "1", "b": "2"})]


def test_a_header_that_is_not_utf8_is_said_so(tmp_path):
    with pytest.raises(HearbackError, match="first line is not a header"):
        rows_of(written(tmp_path, "id,t\udcffxt\n1,größer\n".encode("utf-8", "surrogateescape")))


# --- the header below other lines

HEADER, ROW = "Date,Author,Comment,Rating", '2026-11-02,Ann,"Cold, again",1'


@pytest.mark.parametrize(
    ("above", "separator"),
    [
        ("Monthly report", ","),
        ("Report:,Export of reviews\nAccount:,Acme\nFrom:,2026-11-01\n\n", ","),
        ("# exported by Ann, Bob and Cy\n# 2026-11-05\n", ","),
        ("Report:,Export of reviews,,\nAccount:,Acme,,\n,,,\n", ","),
        ("Report;Export of reviews\n\nAccount;Acme\n", ";"),
        ("Report\tExport of reviews\nPeriod\t1 to 5 November\n", "\t"),
        ("sep=;\nReport;Export of reviews;;\n;;;\n", ";"),
        ("Filters,Country,State\nnone,Chile,all\n\n", ","),
    ],
)
def test_the_header_is_found_below_what_a_tool_wrote_above_it(tmp_path, above, separator):
    lines = [HEADER.replace(",", separator), ROW.replace(",", separator).replace("Cold;", "Cold,")]
    lines += [f"2026-11-0{n}{separator}Bob{separator}Fine by me{separator}5" for n in (3, 4)]
    path = written(tmp_path, above.rstrip("\n") + "\n" + "\n" * above.endswith("\n\n") + "\n".join(lines) + "\n")
    (line, first), *_ = rows_of(path)
    assert list(first) == HEADER.split(",")
    assert (first["Author"], first["Rating"]) == ("Ann", "1")
    assert path.read_text().splitlines()[line - 1].startswith("2026-11-02")
    assert "left out" in open_table(path).called


@pytest.mark.parametrize(
    "content",
    [
        "#,Date,Text\n1,2026-11-02,Cold\n",
        "#id,date,text\n1,2026-11-02,Cold\n",
        "a,b\nc,d\ne,f\n",
        "Datum;Urteil\n2. Mai 2026;gut\n3. Mai 2026;schlecht\n",
        "id,text\n1,good\n2,too,many\n3\n4,also,too,many\n",
        "date,review,app\n2026-11-02,review,app\n",
    ],
)
def test_a_first_line_that_can_be_a_header_is_the_header(tmp_path, content):
    path = written(tmp_path, content)
    assert "left out" not in open_table(path).called
    assert rows_of(path)[0][0] == 2


def test_a_file_without_a_header_loses_no_row(tmp_path):
    path = written(tmp_path, '1,2026-11-01,"broken\nkettle came"\n2,2026-11-02,late and rude\n')
    assert open_table(path).called == "CSV with commas, without a header"
    assert [(line, *row.values()) for line, row in rows_of(path)] == [
        (1, "1", "2026-11-01", "broken\nkettle came"),
        (3, "2", "2026-11-02", "late and rude"),
    ]
    assert list(rows_of(path)[0][1]) == ["column 1", "column 2", "column 3"]


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ('Time Zone,"(GMT-05:00) Eastern Time"', "(GMT-05:00) Eastern Time"),
        ("Timezone:,Europe/Berlin,,", "Europe/Berlin"),
        ("All times in CET", "CET"),
        ("# Times are shown in Berlin time.", "Berlin time"),
        ("Time zone: UTC", ""),
        ("Sometimes in doubt", ""),
    ],
)
def test_a_zone_above_the_header_is_said(tmp_path, line, zone):
    (tmp_path / "tool.csv").write_text(f"{line}\n\ndate,author,text\n2026-11-01 10:00,Ann,slow\n2026-11-02,Bob,late\n")
    notes = open_table(tmp_path / "tool.csv").notes
    assert [f"name the zone {zone}." in note for note in notes] == ([True] if zone else [])


def test_lines_above_the_header_are_left_out_as_somebody_says(tmp_path):
    path = written(tmp_path, "alpha,beta\ngamma,delta\nx,y\n1,2\n")
    [chunk] = open_table(path, layout=Layout(skip=2)).chunks()
    assert (chunk.header, list(chunk.lines), chunk.rows) == (("x", "y"), [4], [["1", "2"]])
    [chunk] = open_table(path, layout=Layout(skip=0)).chunks()
    assert chunk.header == ("alpha", "beta")
    with pytest.raises(HearbackError, match="nothing below its first 9 lines"):
        next(open_table(path, layout=Layout(skip=9)).chunks())


CELL = some.text(some.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.tuples(CELL, CELL, some.integers().map(str)), min_size=1, max_size=8), some.sampled_from(",;\t|")
)
def test_whatever_was_written_as_csv_comes_back(tmp_path_factory, cells, separator):
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([("first", "second", "third"), *cells])
    assert [tuple(row.values()) for _, row in rows_of(path)] == cells


@settings(max_examples=60, deadline=None)
@given(some.lists(some.text('a",;\n', max_size=12), max_size=12))
def test_every_line_of_a_damaged_csv_is_a_row_a_part_of_one_or_set_aside(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    path.write_text("one,two\n" + "\n".join(lines) + "\nlast,row\n", encoding="utf-8")
    starts = [line for line, _ in rows_of(path)] + [one.line for one in broken_of(path)]
    assert len(starts) == len(set(starts))
    assert starts


# --- JSON


def test_a_bad_line_is_set_aside_with_its_number_and_the_rest_is_taken(tmp_path):
    content = b'{"id": 1}\n\n{"id": 2, "te\n[3]\n"four"\n{"id": "\xff"}\n{"id": 6}\n'
    path = written(tmp_path, content, "file.jsonl")
    assert [(line, row["id"]) for line, row in rows_of(path)] == [(1, 1), (7, 6)]
    assert [(one.line, one.reason.split(":")[0]) for one in broken_of(path)] == [
        (3, "not a whole JSON object"),
        (4, "not a JSON object"),
        (5, "not a JSON object"),
        (6, "not valid UTF-8 at byte 9"),
    ]


def test_objects_within_objects_are_opened_up_and_later_names_join_the_header(tmp_path):
    lines = [{"id": 1, "author": {"name": "Ann", "stats": {"followers": 5}}}] + [{"id": n} for n in range(1500)]
    path = written(tmp_path, "\n".join(map(json.dumps, [*lines, {"id": 9, "late": True}])), "file.jsonl")
    headers = [chunk.header for chunk in open_table(path).chunks()]
    assert headers[0] == ("id", "author.name", "author.stats.followers")
    assert headers[-1] == (*headers[0], "late")


def test_half_characters_in_json_are_mended(tmp_path):
    path = written(tmp_path, '{"text": "cut \\ud83d", "whole": "\\ud83d\\ude00"}\n{"a":1}', "file.jsonl")
    assert rows_of(path)[0][1] == {"text": "cut \N{REPLACEMENT CHARACTER}", "whole": "😀", "a": None}


def test_very_deep_json_is_a_bad_line_and_not_the_end(tmp_path):
    deep = '{"a":' * 5_000 + "1" + "}" * 5_000
    path = written(tmp_path, f'{{"id": 1}}\n{deep}\n{{"id": 2}}\n', "file.jsonl")
    assert len(rows_of(path)) + len(broken_of(path)) == 3
    assert [row["id"] for _, row in rows_of(path) if row["id"]] == [1, 2]


def test_an_array_is_read_item_by_item_with_the_lines_they_begin_on(tmp_path):
    items = [{"id": n, "text": "x" * 5_000, "é": "ü"} for n in range(1_000)]  # several steps of reading
    path = written(tmp_path, json.dumps(items, indent=1), "file.json")
    found = rows_of(path)
    assert [row["id"] for _, row in found] == list(range(1_000))
    assert found[1][0] == found[0][0] + 5


@pytest.mark.parametrize(("end", "reason"), [('{"id": 2, "te', "not a whole JSON"), ('{"id": 2}', "breaks off")])
def test_an_array_that_breaks_off_gives_what_stands_before(tmp_path, end, reason):
    path = written(tmp_path, '[{"id": 1},\n' + end, "file.json")
    assert rows_of(path)[0] == (1, {"id": 1})
    [broken] = broken_of(path)
    assert broken.line == 2
    assert reason in broken.reason


def test_an_item_of_an_array_that_is_not_utf8_is_set_aside_alone(tmp_path):
    path = written(tmp_path, b'[{"id": 1},\n{"id": "\xff"},\n7,\n{"id": 3}]', "file.json")
    assert [row["id"] for _, row in rows_of(path)] == [1, 3]
    assert [(one.line, one.reason) for one in broken_of(path)] == [(2, "not valid UTF-8"), (3, "not a JSON object")]


POST = {"id": 1, "created_at": "2026-11-02T08:00:00Z", "text": "My kettle came broken"}
PERSON = {"id": 7, "name": "Ann", "created_at": "2024-01-01T00:00:00Z", "notes": "She likes to write long notes"}


@pytest.mark.parametrize("name", ["users", "notes", "errors"])
@pytest.mark.parametrize("posts", ["tickets", "data", "results"])
def test_the_list_of_posts_is_read_and_not_the_longer_one_beside_it(tmp_path, name, posts):
    for whole in ({name: [PERSON] * 3, posts: [POST]}, {posts: [POST], name: [PERSON] * 3}):
        path = written(tmp_path, json.dumps(whole, indent=1), "file.json")
        assert [row["text"] for _, row in rows_of(path)] == [POST["text"]]


def test_a_thread_on_mastodon_keeps_its_first_post(tmp_path):
    whole = {"ancestors": [POST], "descendants": [{**POST, "id": 2}, {**POST, "id": 3}]}
    assert [row["id"] for _, row in rows_of(written(tmp_path, json.dumps(whole), "file.json"))] == [1, 2, 3]


# --- Parquet

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_arrow_times_of_every_unit_are_instants(tmp_path, unit):
    path = tmp_path / "file.parquet"
    parquet.write_table(
        arrow.table({"t": arrow.array([NOON, None]).cast(arrow.timestamp(unit, "UTC"), safe=False)}), path
    )
    (_, first), (_, second) = rows_of(path)
    assert first["t"].tzinfo is UTC
    assert abs(first["t"] - NOON).total_seconds() < 1
    assert second["t"] is None


def test_arrow_times_without_a_zone_have_none_and_impossible_ones_are_told(tmp_path):
    path = tmp_path / "file.parquet"
    times = arrow.array([0, 400_000_000_000_000_000], arrow.timestamp("us"))
    parquet.write_table(arrow.table({"t": times}), path)
    assert [row["t"] for _, row in rows_of(path)] == [
        datetime(1970, 1, 1),
        "400000000000000000 microseconds after 1970",
    ]


def test_only_the_wanted_columns_are_read(tmp_path):
    path = tmp_path / "file.parquet"
    parquet.write_table(arrow.table({"a": [1], "b": [2], "c": [3]}), path)
    [chunk] = open_table(path).chunks(wanted={"c", "a"})
    assert (chunk.header, chunk.rows) == (("a", "c"), [(1, 3)])


def test_text_that_is_not_utf8_in_parquet_costs_its_own_row(tmp_path):
    path = tmp_path / "file.parquet"
    raw = arrow.array(["good", b"\xff\xfe", "fine"], arrow.binary())
    text = arrow.Array.from_buffers(arrow.string(), 3, raw.buffers())
    parquet.write_table(arrow.table({"text": text, "raw": arrow.array([b"a", b"b", b"c"])}), path)
    assert [(line, row["text"], row["raw"]) for line, row in rows_of(path)] == [(1, "good", "a"), (3, "fine", "c")]
    assert broken_of(path) == [Broken(2, "not valid UTF-8", "")]


def test_a_parquet_file_damaged_in_the_middle_gives_what_stands_before(tmp_path):
    path = tmp_path / "file.parquet"
    table = arrow.table({"a": list(range(40_000))})
    parquet.write_table(table, path, row_group_size=20_000, compression="snappy", use_dictionary=False)
    content = bytearray(path.read_bytes())
    middle = len(content) * 3 // 4
    content[middle : middle + 4_000] = b"\xff" * 4_000
    path.write_bytes(content)
    chunks = list(open_table(path).chunks(wanted={"a"}))
    good = sum(len(chunk.rows) for chunk in chunks)
    assert good >= 20_000
    assert [one.reason.split(":")[0] for chunk in chunks for one in chunk.broken] == ["damaged from this row on"]


def test_half_a_parquet_file_is_refused_with_a_sentence(tmp_path):
    whole = tmp_path / "whole.parquet"
    parquet.write_table(arrow.table({"a": list(range(10_000))}), whole)
    half = written(tmp_path, whole.read_bytes()[: whole.stat().st_size // 2], "half.parquet")
    with pytest.raises(HearbackError, match=r"half\.parquet is cut off or damaged"):
        rows_of(half)
