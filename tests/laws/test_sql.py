"""Laws of SQL: where it stands, what both stores understand, what it must never change, how its tables are known."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from tests.laws.code import ROOT, Source, example, hold, of_folder, sources

SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|MERGE\s+INTO|CREATE\s+(OR|TABLE|TEMP)|WITH\s+\w+\s+AS)\b",
    re.S,
)
UNPORTABLE = re.compile(
    r"\b(PRIMARY KEY|UNIQUE|FOREIGN KEY|ON CONFLICT|RETURNING|CREATE SEQUENCE|nextval|AS ENUM|INSERT OR)\b", re.I
)
LOG_CHANGED = re.compile(r"(UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s+action\b")
FROM_DESCRIPTIONS = "data/ingest/reading.py"  # its SQL is made of the kinds of lines, once, as it is imported
ERASURE = "data/retention/erasure.py"  # the one module that may take actions out
MIGRATIONS = ROOT / "data/store/migrations"
PAST_MIGRATIONS = 10  # files, numbered up to 10
LAW_BEGINS_AFTER = 10  # before that two are numbered 007 and none 005; a migration is known by its name, so none moves


def sql_outside(found: Sequence[Source]) -> list[str]:
    return [source.at(node) for source in found for node in source.texts if SQL.search(str(node.value))]


def unportable(texts: Sequence[str]) -> list[str]:
    return [hit for text in texts for hit in UNPORTABLE.findall(re.sub(r"--.*", "", text))]


def formatted_in(found: Sequence[Source]) -> list[str]:
    """SQL into which anything but a constant of its module is put."""
    return [
        f"{source.at(node)} {ast.unparse(part)}"
        for source in found
        if source.path != FROM_DESCRIPTIONS
        for node in source.nodes
        if isinstance(node, ast.JoinedStr) and SQL.search(_fixed(node))
        for part in node.values
        if isinstance(part, ast.FormattedValue) and not _is_constant(part.value)
    ]


def _fixed(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))


def _is_constant(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and (value.id.isupper() or value.id == "wanted")


def changes_the_log(found: Sequence[Source]) -> list[str]:
    return [
        source.at(node)
        for source in found
        if source.path != ERASURE
        for node in source.texts
        if LOG_CHANGED.search(str(node.value))
    ]


def tells_its_tables(found: Sequence[Source]) -> list[str]:
    """Transactions that are told which tables they write: the connection records that by itself."""
    return [
        f"{source.at(node)} {ast.unparse(node)}"
        for source in found
        for node in source.nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("store.write")
        if any(isinstance(one, ast.Constant | ast.Starred) for one in node.args)
    ]


def misnumbered(names: Sequence[str]) -> list[str]:
    """Migrations without a number of their own above those of the past: an old store would run them out of order."""
    numbers = [int(number) if (number := name.split("_", maxsplit=1)[0]).isdigit() else -1 for name in names]
    past = [number for number in numbers if 0 < number <= LAW_BEGINS_AFTER]
    return [
        name
        for name, number in zip(names, numbers, strict=True)
        if number < 0 or (number > LAW_BEGINS_AFTER and numbers.count(number) > 1)
    ] + (["a number of the past was given again"] if len(past) != PAST_MIGRATIONS and past else [])


def test_sql_stands_in_data_only():
    hold(sql_outside([source for source in sources() if source.folder != "data"]))


def test_sql_keeps_to_what_both_stores_have():
    files = sorted((ROOT / "data").rglob("*.sql"))
    assert files
    hold(unportable([path.read_text(encoding="utf-8") for path in files]))
    hold(unportable([str(node.value) for source in of_folder("data") for node in source.texts]))


def test_what_is_made_of_descriptions_is_made_once():
    """Its SQL lies in constants, and its functions that make pieces of it are nobody else's."""
    [reading] = [source for source in sources() if source.path == FROM_DESCRIPTIONS]
    making = [
        node.name for node in reading.functions if any(isinstance(part, ast.JoinedStr) for part in ast.walk(node))
    ]
    assert making
    hold([name for name in making if not name.startswith("_")])
    hold([source.path for source in sources() if re.search(r"reading import .*\b_|reading\._", source.text)])


def test_no_value_is_formatted_into_sql():
    hold(formatted_in(sources()))


def test_the_log_of_actions_is_never_changed():
    assert (ROOT / ERASURE).exists()
    hold(changes_the_log(sources()))


def test_no_transaction_is_told_which_tables_it_writes():
    hold(tells_its_tables(sources()))


def test_migrations_have_numbers_of_their_own():
    names = sorted(path.name for path in MIGRATIONS.glob("*.sql"))
    assert names
    hold(misnumbered(names))


def test_the_laws_refuse_what_breaks_them():
    assert sql_outside([example('ASK = "SELECT text FROM mention"', "dashboard/shared/words.py")])
    assert unportable(["CREATE TABLE a (id VARCHAR PRIMARY KEY)"])
    assert formatted_in([example('def f(name): return f"SELECT * FROM mention WHERE author = {name}"')])
    assert not formatted_in([example('ASK = f"SELECT * FROM ({INNER})"')])
    assert changes_the_log([example('GO = "DELETE FROM action WHERE mention_id = $id"')])
    assert tells_its_tables([example("with self._store.write(*WRITTEN) as transaction: ...")])
    assert misnumbered(["011_a.sql", "012_b.sql", "012_c.sql"])
    assert misnumbered(["005_too_late.sql", *sorted(path.name for path in MIGRATIONS.glob("*.sql"))])
    assert misnumbered(["late.sql"])
