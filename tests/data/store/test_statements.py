"""Which tables a statement writes, read off its head."""

from __future__ import annotations

import pytest

from data.store.statements import Effect, effect


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        ("INSERT INTO queue SELECT * FROM mention", {"queue"}),
        ("\n  insert into queue (a, b) values (1, 2)", {"queue"}),
        ("INSERT INTO score BY NAME SELECT * FROM made", {"score"}),
        ("UPDATE queue SET told = NULL FROM mention", {"queue"}),
        ("DELETE FROM queue WHERE mention_id IN (SELECT id FROM mention)", {"queue"}),
        ('DELETE FROM "match"', {"match"}),
        ("DELETE FROM main.queue", {"queue"}),
        ("MERGE INTO sighting AS known USING (SELECT 1) AS seen ON TRUE WHEN MATCHED THEN DELETE", {"sighting"}),
        ("CREATE TABLE IF NOT EXISTS migration (name VARCHAR)", {"migration"}),
        ("CREATE TABLE rescored AS SELECT * FROM score LIMIT 0", {"rescored"}),
        ("ALTER TABLE rescored RENAME TO score", {"rescored", "score"}),
        ("ALTER TABLE queue ADD COLUMN told VARCHAR", {"queue"}),
        ("DROP TABLE IF EXISTS score", {"score"}),
        ("WITH a AS (DELETE FROM x), b AS MATERIALIZED (SELECT 1) INSERT INTO run SELECT * FROM a", {"run"}),
        ("-- DELETE FROM action\n/* UPDATE run */ DELETE FROM queue -- INTO run", {"queue"}),
        ("DELETE FROM queue WHERE excerpt = '; DELETE FROM action; --'", {"queue"}),
        ("DELETE FROM queue; UPDATE run SET added = 0; SELECT 1;", {"queue", "run"}),
    ],
)
def test_the_table_that_is_written_is_told(sql, written):
    assert effect(sql) == Effect(frozenset(written))


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "SELECT * FROM queue",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "(SELECT 1) UNION (SELECT 2)",
        "CREATE OR REPLACE VIEW judged AS SELECT * FROM score",
        "DELETE FROM fresh.queue WHERE mention_id IN (SELECT id FROM mention)",
        "INSERT INTO fresh.main.queue SELECT * FROM queue",
        "COPY FROM DATABASE hearback TO fresh",
        "CHECKPOINT fresh",
        "BEGIN TRANSACTION",
        "SET SESSION preserve_insertion_order = false",
    ],
)
def test_what_writes_no_table_of_the_store_tells_none(sql):
    assert effect(sql) == Effect()


@pytest.mark.parametrize("head", ["CREATE TEMP TABLE", "CREATE OR REPLACE TEMP TABLE", "CREATE TEMPORARY TABLE"])
def test_a_temporary_table_is_told_as_one(head):
    assert effect(f"{head} picked AS SELECT 1") == Effect(frozenset({"picked"}), frozenset({"picked"}))


def test_a_kind_of_statement_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="'UPSERT'"):
        effect("UPSERT INTO queue VALUES (1)")
