"""Laws of the screens: what strangers wrote reaches them as text, and what may not be kept is only shown."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from tests.laws.code import ROOT, Source, example, hold, of_folder

MARKUP = {
    *("markdown", "write", "html", "caption", "info", "warning", "error", "success"),
    *("badge", "title", "header", "subheader", "toast"),
}
THEIRS = re.compile(r"mention\.(text|title|author)\b|excerpt|\.body\b|\[['\"](text|title|author|content)['\"]\]")
AS_MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write")
KEPT = re.compile(r"st\.cache|session_state|lru_cache|@cache|\.write_|open\(|logging|print\(")
LIVE = ("dashboard/sources/live_view.py", "listeners/sources/tripadvisor.py")


def as_markup(found: Sequence[Source]) -> list[str]:
    """Calls that would read as markup what a stranger wrote."""
    calls = [
        f"{source.at(node)} {ast.unparse(node)}"
        for source in found
        for node in source.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MARKUP
        if THEIRS.search(ast.unparse(node))
    ]
    return calls + [source.path for source in found if "unsafe_allow_html" in source.text]


def test_strangers_text_is_never_rendered_as_markup():
    hold(as_markup(of_folder("dashboard")))


def tables_elsewhere(found: Sequence[Source]) -> list[str]:
    """Tables drawn by another way than the one that leaves no formulas in them."""
    return [
        f"{source.at(node)} {node.attr}"
        for source in found
        if source.path != "dashboard/shared/tables.py"
        for node in source.nodes
        if isinstance(node, ast.Attribute) and node.attr in ("dataframe", "table", "data_editor")
        if ast.unparse(node.value) == "st"
    ]


def test_tables_are_drawn_in_one_place():
    hold(tables_elsewhere(of_folder("dashboard")))


def test_components_put_text_where_it_stays_text():
    scripts = sorted((ROOT / "dashboard").rglob("*.js"))
    assert scripts
    assert not [script.name for script in scripts if AS_MARKUP.search(script.read_text(encoding="utf-8"))]


def test_a_live_view_is_neither_cached_nor_remembered():
    """What it shows may outlive nothing: no cache, no session state, no file."""
    assert not [name for name in LIVE if KEPT.search((ROOT / name).read_text(encoding="utf-8"))]


def test_the_laws_refuse_what_breaks_them():
    assert as_markup([example("st.markdown(mention.text)")])
    assert as_markup([example('st.caption(row["author"])')])
    assert as_markup([example("st.markdown(x, unsafe_allow_html=True)")])
    assert tables_elsewhere([example("st.dataframe(rows)")])
    assert AS_MARKUP.search("row.innerHTML = text")
    assert KEPT.search("@st.cache_data")
