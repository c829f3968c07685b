"""The laws of the house, held over the source files themselves."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("dashboard", "listeners", "analysis", "data")
SOURCES = sorted(
    [ROOT / "app.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "live" not in path.parts)]
)
FRONT_DOORS = {"app.py", "data/__main__.py", "listeners/__main__.py", "analysis/__main__.py"}

MAY_IMPORT = {
    "dashboard": {"dashboard", "analysis", "listeners", "data"},
    "listeners": {"listeners", "data"},
    "analysis": {"analysis", "data"},
    "data": {"data"},
}
NEVER = {
    "listeners": {"duckdb", "streamlit", "pandas", "vaderSentiment"},
    "analysis": {"duckdb", "streamlit", "requests", "pandas", "praw", "tweepy"},
    "data": {"streamlit", "requests", "praw", "tweepy", "feedparser"},
    "dashboard": {"duckdb", "requests", "praw", "tweepy", "feedparser"},
}
SCRAPERS = {
    "google_play_scraper",
    "app_store_scraper",
    "snscrape",
    "selenium",
    "scrapy",
    "bs4",
    "twint",
    "pickle",
    "dill",
}
SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|MERGE\s+INTO|CREATE\s+(OR|TABLE|TEMP)|WITH\s+\w+\s+AS)\b",
    re.S,
)
UNPORTABLE = re.compile(
    r"\b(PRIMARY KEY|UNIQUE|FOREIGN KEY|ON CONFLICT|RETURNING|CREATE SEQUENCE|nextval|AS ENUM|INSERT OR)\b", re.I
)
VAGUE = re.compile(r"(^|_)(utils?|helpers?|manager|service|processor|df|info|obj)($|_)")

each_source = pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """The first names of all modules a file imports at run time, wherever in it."""
    names = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def strings(path: Path) -> list[ast.Constant]:
    """Every text in a file that is not documentation."""
    tree = parsed(path)
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body and isinstance(node.body[0], ast.Expr)
    }  # fmt: skip
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told
    ]


@each_source
def test_imports_point_downwards(path):
    name = str(path.relative_to(ROOT))
    if name in FRONT_DOORS:
        return
    room = name.split("/", maxsplit=1)[0]
    assert imported(path) & set(ROOMS) <= MAY_IMPORT[room]
    assert not imported(path) & NEVER[room]


@each_source
def test_no_scraper_and_no_pickle_is_imported(path):
    assert not imported(path) & SCRAPERS


@each_source
def test_a_module_starts_with_one_sentence(path):
    told = ast.get_docstring(parsed(path))
    assert told, "no sentence on top"
    assert told.split("\n\n")[0].rstrip().endswith(".")


@each_source
def test_a_module_stays_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400


@each_source
def test_no_function_is_long(path):
    assert not [f"{node.name}: {length(node)}" for node in functions(path) if length(node) > 60]


def test_the_median_function_is_short():
    lengths = [length(node) for path in SOURCES for node in functions(path)]
    assert statistics.median(lengths) <= 8
    assert statistics.quantiles(lengths, n=10)[-1] <= 22


@each_source
def test_names_are_the_trades_words(path):
    names = {path.stem, *(node.name for node in functions(path))}
    names |= {node.arg for node in ast.walk(parsed(path)) if isinstance(node, ast.arg)}
    assert not [name for name in names if VAGUE.search(name)]


@each_source
def test_only_a_process_edge_catches_everything(path):
    caught = [
        node.lineno
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException"))
    ]
    lines = path.read_text(encoding="utf-8").splitlines()
    assert not [
        line
        for line in caught
        if "outermost edge" not in lines[line - 1] and "raise" not in "".join(lines[line : line + 5])
    ]


@each_source
def test_sql_stands_in_the_data_room_only(path):
    if path.relative_to(ROOT).parts[0] == "data":
        return
    assert not [node.value for node in strings(path) if SQL.search(node.value)]


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "data").rglob("*.sql")) + [p for p in SOURCES if p.relative_to(ROOT).parts[0] == "data"],
    ids=lambda path: path.name,
)
def test_sql_keeps_to_what_both_stores_have(path):
    texts = [path.read_text(encoding="utf-8")] if path.suffix == ".sql" else [node.value for node in strings(path)]
    said = "\n".join(re.sub(r"--.*", "", text) for text in texts)
    assert not UNPORTABLE.findall(said)


@each_source
def test_no_value_is_formatted_into_sql(path):
    """A statement may be put together from constants of its module, never from what came in."""
    for node in ast.walk(parsed(path)):
        if not isinstance(node, ast.JoinedStr):
            continue
        text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
        if not SQL.search(text):
            continue
        named = {
            part.value.id
            for part in node.values
            if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name)
        }
        others = [
            part
            for part in node.values
            if isinstance(part, ast.FormattedValue) and not isinstance(part.value, ast.Name)
        ]
        assert not others
        assert all(name.isupper() or name == "wanted" for name in named), named


@each_source
def test_the_log_of_actions_is_never_changed(path):
    if path == ROOT / "data/retention/erasure.py":
        return
    said = " ".join(node.value for node in strings(path))
    assert not re.search(r"(UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s+action\b", said)


@pytest.mark.parametrize("path", [path for path in SOURCES if "dashboard" in path.parts], ids=lambda path: path.name)
def test_strangers_text_is_never_rendered_as_markup(path):
    """What strangers wrote reaches the screen as text, so nothing may take it as markup."""
    assert "unsafe_allow_html" not in path.read_text(encoding="utf-8")
    markup = {
        "markdown",
        "write",
        "html",
        "caption",
        "info",
        "warning",
        "error",
        "success",
        "badge",
        "title",
        "header",
        "subheader",
        "toast",
    }
    theirs = re.compile(r"mention\.(text|title|author)\b|excerpt|\.body\b|\[\"(text|title|author|content)\"\]")
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in markup:
            assert not theirs.search(ast.unparse(node)), ast.unparse(node)


def test_components_put_text_where_it_stays_text():
    for script in (ROOT / "dashboard").rglob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", script.read_text(encoding="utf-8")
        ), script.name


@each_source
def test_certificates_are_always_checked(path):
    assert not re.search(r"verify\s*=\s*False|CERT_NONE|_create_unverified", path.read_text(encoding="utf-8"))


def listeners():
    from listeners.registry import LISTENERS

    return LISTENERS


def live_views():
    from listeners.registry import LIVE_VIEWS

    return LIVE_VIEWS


@pytest.mark.parametrize("listener", [*listeners(), *live_views()], ids=lambda listener: listener.source)
def test_a_listener_is_named_dated_and_tested(listener):
    alone, among = f"listeners.sources.{listener.source}", f"listeners.sources.{listener.source}.listener"
    assert type(listener).__module__ in (alone, among)
    assert listener.policy.checked_on
    tests = ROOT / "tests/listeners/sources"
    assert (tests / f"test_{listener.source}.py").exists() or (tests / listener.source / "test_listener.py").exists()


def test_every_listener_is_registered():
    offered = {
        path.parent.name if path.stem == "listener" else path.stem
        for path in (ROOT / "listeners/sources").rglob("*.py")
        if re.search(r"^    source(: str)? = ", path.read_text(), re.M)
    }
    assert offered == {listener.source for listener in [*listeners(), *live_views()]}


def test_what_may_not_be_kept_is_a_live_view_and_nothing_else():
    """A listener's haul is written to a batch, so a source whose text may touch no disk cannot be one."""
    assert all(listener.policy.keeps_text for listener in listeners())
    assert not any(view.policy.keeps_text for view in live_views())
    assert not {view.source for view in live_views()} & {listener.source for listener in listeners()}
    assert not [view.source for view in live_views() if hasattr(view, "listen") or hasattr(view, "buy")]


def test_a_live_view_is_neither_cached_nor_remembered():
    """What it shows may outlive nothing: no cache, no session state, no file."""
    for name in ("dashboard/sources/live_view.py", "listeners/sources/tripadvisor.py"):
        told = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"st\.cache|session_state|lru_cache|@cache|\.write_|open\(|logging|print\(", told), name


def test_requirements_are_pinned_and_explained():
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert lines
    assert not [line for line in lines if not re.match(r"[A-Za-z0-9_.\-\[\]]+==[\w.]+\s+# \w", line)]


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return listed.splitlines()


def test_the_top_level_is_what_was_agreed():
    agreed = {"app.py", "listeners", "analysis", "data", "notebooks", "tests", "requirements.txt", "README.md"}
    agreed |= {"dashboard", "Makefile", "pyproject.toml", "CHANGELOG.md", ".ci", ".streamlit", "LICENSE", ".gitignore"}
    assert {name.split("/", maxsplit=1)[0] for name in tracked()} <= agreed


def packages() -> dict[str, str]:
    """Every package with the sentence on top of it."""
    found = {path.parent for room in ROOMS for path in (ROOT / room).rglob("__init__.py") if "live" not in path.parts}
    assert found
    return {f"{each.relative_to(ROOT)}/": ast.get_docstring(parsed(each / "__init__.py")) or "" for each in found}


def test_readme_lists_every_package_with_its_sentence():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| `([\w/]+/)` \| (.+) \|$", readme, re.M))
    assert table == packages()


def test_the_style_is_kept():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_the_format_is_kept():
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--check", "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:]


def test_the_types_hold():
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_the_server_listens_on_this_machine_only():
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    assert settings["server"]["address"] == "127.0.0.1"
