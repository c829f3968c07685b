"""The temporary tables are the declared ones: made, filled and read where it says, with the columns it says."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from data.store.temporary import TEMPORARY
from tests.data.builders import ACME, NOON, found
from tests.laws.code import example, of_folder

MADE = re.compile(r"CREATE\s+(?:OR\s+REPLACE\s+)?TEMP(?:ORARY)?\s+TABLE\s+(\w+)", re.I)
WORDS = "acme sold me a kettle that whistles in the night and nobody at the shop cares about it"


def spoken(source):
    """Everything a module says in SQL or may put into it."""
    return "\n".join(str(node.value) for node in source.texts)


def undeclared(sources):
    names = {one.name for one in TEMPORARY}
    return {(source.module, name) for source in sources for name in MADE.findall(spoken(source))} - {
        (module, one.name) for one in TEMPORARY if one.name in names for module in one.filled_by
    }


def fills(source, name):
    return re.search(rf"\b(TEMP TABLE|INSERT INTO|DELETE FROM|UPDATE)\s+{name}\b", spoken(source))


def reads(source, name):
    """Whether a statement of a module reads the table, or the name is put into one."""
    return re.search(rf"(^|\b(FROM|JOIN|USING)\s+){name}\b", spoken(source), re.M)


def test_every_temporary_table_that_is_made_is_declared_with_who_makes_it():
    assert undeclared(of_folder("data")) == set()
    assert undeclared([example('RUN = "CREATE TEMP TABLE unheard AS SELECT 1"')])
    assert undeclared([example('RUN = "CREATE OR REPLACE TEMP TABLE fresh AS SELECT 1"')])


@pytest.mark.parametrize("one", TEMPORARY, ids=lambda one: one.name)
def test_who_fills_and_who_reads_it_does_so(one):
    known = {source.module: source for source in of_folder("data")}
    assert [module for module in one.filled_by if not fills(known[module], one.name)] == []
    assert [module for module in one.read_by if not reads(known[module], one.name)] == []


@pytest.mark.parametrize("one", TEMPORARY, ids=lambda one: one.name)
def test_nobody_else_reads_it(one):
    declared = {*one.filled_by, *one.read_by}
    elsewhere = {
        source.module
        for source in of_folder("data")
        if source.module not in declared
        and re.search(rf"\b(FROM|JOIN|USING|INTO)\s+{one.name}\b(?!\.)", spoken(source))
        and not re.search(rf"\b{one.name} AS (MATERIALIZED )?\(|\) AS {one.name}\b|FROM DATABASE", spoken(source))
    }
    assert elsewhere == set()


def test_each_has_the_declared_columns(room):
    room.take(found(1, text=WORDS), found(2, text=f"{WORDS} at all"), found(3))
    room.take(found(1, text=f"{WORDS} now", edited_at=NOON))
    room.listen_for(replace(ACME, handles=("acmehelp",)))
    with room.store.prepare() as preparing:
        there = preparing.rows(
            "SELECT table_name AS name, list(column_name ORDER BY column_index) AS columns FROM duckdb_columns() "
            "WHERE database_name = 'temp' GROUP BY ALL"
        )
    assert {row["name"]: tuple(row["columns"]) for row in there} == {one.name: one.columns for one in TEMPORARY}
