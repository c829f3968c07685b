"""`python -m listeners import`: what it says, what a slip is told, and its exit codes."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listeners.importing import command

# --- the command

LATELY = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d}"  # new enough to be answered


def called(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("HEARBACK_DATA", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_the_command_says_what_it_read_what_it_set_aside_and_what_comes_next(kept, tmp_path, capsys):
    path = tmp_path / "reviews.csv"
    path.write_text(f"key;created_at;note;brand;odd\x1b\n1;{LATELY};It is slow.;Acme;x\n2;soon;Good.;Bolt;x\n")
    assert called(str(path), "--map", "note=text", "key=id", "--competitor", "Bolt", "--source", "forum") == 0
    out = capsys.readouterr().out
    for part in (
        "reviews.csv: CSV with semicolons, 2 rows.",
        "created_at -> published_at (its name)",
        "note       -> text (you said so)",
        "not read: odd\N{REPLACEMENT CHARACTER}",
        "Taken in: 1 mention.",
        "Set aside: 1 row:",
        "line 3: no time can be read from 'soon'",
        "Brands, created where not known yet: Acme.",
        "No row names Bolt",
        "python -m data absorb",
    ):
        assert part in out
    [batch] = (kept / "incoming").iterdir()
    assert '"forum:1"' in batch.read_text()


@pytest.mark.parametrize(
    ("header", "arguments", "is_told"),
    [
        ("id,created_at,text", (), True),
        ("key,created_at,text", (), False),  # rows without ids are known by their words
        ("id,created_at,text", ("--source", "forum"), False),
    ],
)
def test_ids_that_any_file_could_hold_are_told_of(kept, tmp_path, capsys, header, arguments, is_told):
    path = tmp_path / "reviews.csv"
    path.write_text(f"{header}\n1,{LATELY},slow\n")
    more = () if header.startswith("id") else ("--map", "key=ignore")
    assert called(str(path), *arguments, *more) == 0
    assert ("No source was named" in capsys.readouterr().out) is is_told


def test_where_no_row_matches_a_brand_the_command_says_so_and_what_to_do(kept, tmp_path, capsys):
    path = tmp_path / "reviews.csv"
    path.write_text(f"id,created_at,text\n1,{LATELY},slow\n")
    assert called(str(path)) == 0
    out = capsys.readouterr().out
    assert "0 of 1 row will be in the queue.\n1 row matches none of your brands.\n" in out
    assert "import the file again with --brand NAME" in out
    assert called(str(path), "--brand", "Acme") == 0
    out = capsys.readouterr().out
    assert "1 of 1 row will be in the queue." in out
    assert "none of your brands" not in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["gone.csv"], "There is no file"),
        (["."], "is a directory"),
        (["file.csv", "--map", "text=mood"], "There is no field 'mood'"),
        (["file.csv", "--map", "text"], "must be written COLUMN=FIELD"),
        (["file.csv", "--map", "text=text", "text=title"], "names the column 'text' twice"),
        (["file.csv", "--map", "text=ignore"], "No column holds the text"),
    ],
)
def test_a_slip_of_the_user_is_a_sentence_and_exit_code_1(kept, tmp_path, monkeypatch, capsys, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    Path("file.csv").write_text(f"created_at,text\n{LATELY},good\n")
    assert called(*arguments) == 1
    seen = capsys.readouterr()
    assert sentence in seen.err
    assert seen.err.count("\n") == 1
    assert seen.out == ""
    assert not kept.exists()


def test_a_file_of_bad_rows_only_is_kept_as_rejected_and_exits_1(kept, tmp_path, capsys):
    path = tmp_path / "file.csv"
    path.write_text("created_at,text\nsoon,good\n")
    assert called(str(path)) == 1
    assert "No row could be taken in" in capsys.readouterr().err
    [batch] = (kept / "incoming").iterdir()
    assert "no time can be read" in batch.read_text()


def test_a_folder_that_cannot_be_written_is_exit_code_2(kept, tmp_path, capsys):
    path = tmp_path / "file.csv"
    path.write_text(f"created_at,text\n{LATELY},good\n")
    kept.mkdir()
    (kept / "incoming").write_text("a file where the folder should be")
    assert called(str(path)) == 2
    assert f"was not taken in whole: {kept / 'incoming'}: File exists. " in capsys.readouterr().err


def test_the_only_brand_is_that_of_a_file_that_names_none_and_several_are_asked_about(kept, tmp_path, capsys):
    path = tmp_path / "reviews.csv"
    path.write_text(f"id,created_at,text\n1,{LATELY},slow\n")
    kept.mkdir()
    brands = '[[brand]]\nname = "Acme"\n\n[[brand]]\nname = "Rival"\ncompetitor = true\n'
    (kept / "setup.toml").write_text(brands)
    assert called(str(path)) == 0
    assert "Rows that name no brand are about Acme, the only one set up." in capsys.readouterr().out
    [batch] = (kept / "incoming").iterdir()
    assert '"brands":["Acme"]' in batch.read_text()
    (kept / "setup.toml").write_text(f'{brands}\n[[brand]]\nname = "Bolt"\n')
    assert called(str(path)) == 1
    assert (
        "several are set up: Acme, Bolt. Say whose mentions these are: --brand Acme, or --by-words"
        in capsys.readouterr().err
    )
    assert called(str(path), "--brand", "Bolt") == 0
    assert called(str(path), "--by-words") == 0
    assert "1 row matches none of your brands." in capsys.readouterr().out
    path.write_text(f"id,created_at,text,brand\n1,{LATELY},slow,Acme\n2,{LATELY},bolt is slow,\n")
    assert called(str(path)) == 0
    assert "2 of 2 rows will be in the queue." in capsys.readouterr().out


def test_the_command_says_no_more_of_the_queue_than_it_knows(kept, tmp_path, capsys):
    path = tmp_path / "reviews.csv"
    path.write_text(f"id,created_at,text\n1,{LATELY},slow\n")
    kept.mkdir()
    (kept / "setup.toml").write_text("[[brand]\n")
    assert called(str(path)) == 0
    assert "in the queue" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "option", "sentence"),
    [
        ("file.json", '[{"text": "a"}]', ("--skip", "1"), "is JSON, which has no header"),
        ("file.jsonl", '{"text": "a"}\n{"text": "b"}', ("--skip", "0"), "is JSON, which has no header"),
        ("page.html", "<html><p>Hello</p></html>", ("--skip", "2"), "is a page, which has no header"),
        ("feed.xml", "<rss><channel></channel></rss>", ("--skip", "2"), "is a feed, which has no header"),
        ("feed.xml", "<rss><channel></channel></rss>", ("--encoding", "cp1255"), "says itself how its letters"),
        ("file.parquet", "PAR1", ("--encoding", "cp1255"), "is Parquet, which says itself"),
        ("file.csv", "a,b\n1,2\n", ("--skip", "9"), "nothing below its first 9 lines; leave fewer out"),
        ("file.csv", "a,b\n1,2\n", ("--encoding", "klingon"), "There is no encoding 'klingon'"),
    ],
)
def test_an_option_that_does_not_fit_the_file_is_refused_in_a_sentence(
    kept, tmp_path, capsys, name, content, option, sentence
):
    path = tmp_path / name
    path.write_text(content)
    assert called(str(path), *option) == 1
    assert sentence in capsys.readouterr().err
