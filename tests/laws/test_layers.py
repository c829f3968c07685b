"""Laws of the layers: imports go down only, within a folder and between folders, and never in a circle."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.laws.code import FOLDERS, Source, example, hold, modules, of_folder, sources

# Top first. What stands on one line may not import each other; a name stands for all below it that is not named itself.
LAYERS = {
    "data": """
        data.__main__
        data.commands
        data.backup
        data.ingest
        data.monitoring
        data.brands
        data.retention
        data.scores
        data.exclusions
        data.queue
        data.analytics data.duplicates
        data.store data.spool data.people data.logs
        data
    """,
    "listeners": """
        listeners.__main__
        listeners.commands
        listeners.catalog listeners.retention
        listeners.registry listeners.supervisor
        listeners.sources
        listeners.schedule
        listeners.sync
        listeners.importing
        listeners.importing.readers
        listeners.importing.encodings listeners.importing.mapping
        listeners.delivery listeners.http listeners.formats
        listeners
    """,
    "analysis": """
        analysis.__main__
        analysis.training analysis.adapting
        analysis.evaluation
        analysis.scoring
        analysis.cues
        analysis.text
        analysis.measuring analysis.ranking analysis.trends
        analysis
    """,
    "dashboard": """
        dashboard.main
        dashboard.queue dashboard.trends dashboard.judgement dashboard.sources dashboard.setup
        dashboard.shared
        dashboard.access
        dashboard.http
        dashboard.runtime
        dashboard
    """,
}
MAY_IMPORT = {
    "app.py": {"dashboard", "listeners", "analysis", "data"},
    "dashboard": {"dashboard", "listeners", "analysis", "data"},
    "listeners": {"listeners", "data"},
    "analysis": {"analysis", "data"},
    "data": {"data"},
}
NEVER = {
    "app.py": {"duckdb", "requests", "praw", "tweepy", "feedparser"},
    "listeners": {"duckdb", "streamlit", "pandas", "vaderSentiment"},
    "analysis": {"duckdb", "streamlit", "requests", "pandas", "praw", "tweepy"},
    "data": {"streamlit", "requests", "praw", "tweepy", "feedparser"},
    "dashboard": {"duckdb", "requests", "praw", "tweepy", "feedparser"},
}
# The commands stand above every folder: they may reach into whichever they need.
ENTRY_POINTS = {"data/__main__.py", "listeners/__main__.py", "analysis/__main__.py"}
STARTS_FROM_ABOVE = "data/__init__.py"  # it gives analysts their snapshot
LISTENERS_SEE = {
    *("models", "settings", "setup", "folding", "matching", "cli", "clock", "files", "locks", "loops", "troubles"),
    *("spool", "people", "logs"),
}
SCRAPERS = {"google_play_scraper", "app_store_scraper", "snscrape", "selenium", "scrapy", "bs4", "twint"}
UNSAFE = {"pickle", "dill"}


def layer_of(module: str) -> int:
    """How far down a module stands: by the longest name in its folder's layers that it is, or lies in."""
    heights = {
        name: height
        for height, line in enumerate(LAYERS[module.split(".", maxsplit=1)[0]].split("\n"))
        for name in line.split()
    }
    holding = [name for name in heights if module == name or module.startswith(f"{name}.")]
    return heights[max(holding, key=len)]


def package_of(module: str) -> str:
    """The name under which a module stands in its folder's layers."""
    names = LAYERS[module.split(".", maxsplit=1)[0]].split()
    return max((name for name in names if module == name or module.startswith(f"{name}.")), key=len)


def upward(found: Sequence[Source]) -> list[str]:
    """The imports that do not go down, within one folder."""
    known = modules(found)
    return [
        f"{source.path} imports {other}"
        for source in found
        if source.path != STARTS_FROM_ABOVE
        for other in sorted(source.imported_modules(known) - {source.module})
        if package_of(source.module) != package_of(other) and layer_of(other) <= layer_of(source.module)
    ]


def circles(found: Sequence[Source]) -> list[str]:
    """The circle that the modules' imports make; empty when there is none."""
    known = modules(found)
    graph = {source.module: source.imported_modules(known) - {source.module} for source in found}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as trouble:
        return list(trouble.args[1])
    return []


def foreign(found: Sequence[Source]) -> list[str]:
    """The imports from a folder, or of a library, that a folder must not know."""
    return [
        f"{source.path} imports {name}"
        for source in found
        if source.path not in ENTRY_POINTS
        for name in sorted(source.imported_packages())
        if (name in FOLDERS and name not in MAY_IMPORT[source.folder]) or name in NEVER[source.folder]
    ]


def unseen_by_listeners(found: Sequence[Source]) -> list[str]:
    """The imports of listeners from a part of `data` that they must not know."""
    known = modules(sources())
    return [
        f"{source.path} imports {name}"
        for source in found
        for name in sorted(source.imported_modules(known))
        if name.startswith("data.") and name.split(".")[1] not in LISTENERS_SEE
    ]


def refused_libraries(found: Sequence[Source]) -> list[str]:
    return [
        f"{source.path} imports {name}"
        for source in found
        for name in sorted(source.imported_packages() & (SCRAPERS | UNSAFE))
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_go_down_only(folder):
    hold(upward(of_folder(folder)))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_package_has_its_layer(folder):
    """A package that nobody placed would stand at the bottom, where nothing holds it."""
    packages = {source.package for source in of_folder(folder)} - {folder}
    placed = set(LAYERS[folder].split()) - {folder}
    hold([one for one in packages if not any(one == name or one.startswith(f"{name}.") for name in placed)])
    assert placed <= packages | modules(of_folder(folder))


@pytest.mark.parametrize("folder", FOLDERS)
def test_modules_make_no_circle(folder):
    hold(circles(of_folder(folder)))


def test_a_folder_knows_only_the_folders_and_libraries_it_may():
    hold(foreign(sources()))


def test_listeners_see_only_the_base_of_data_and_its_spool():
    hold(unseen_by_listeners(of_folder("listeners")))


def test_no_scraper_and_no_pickle_is_imported():
    hold(refused_libraries(sources()))


def test_the_laws_refuse_what_breaks_them():
    low = example("from data.ingest import batch", "data/store/low.py")
    high = example("def later():\n    from data.store import low\n", "data/ingest/batch.py")
    assert upward([low, high]) == ["data/store/low.py imports data.ingest.batch"]
    assert circles([low, high])
    for how in ("from ..ingest import batch", "from ..ingest.batch import absorb", "from .. import ingest"):
        assert upward([example(how, "data/store/low.py"), high, example("", "data/ingest/__init__.py")])
    assert upward([example("import data.ingest.batch", "data/store/__init__.py"), high])
    beside = example("from dashboard.queue import page", "dashboard/trends/page.py")
    assert upward([beside, example("", "dashboard/queue/page.py")])
    assert foreign([example("import duckdb", "listeners/sources/x/listener.py")])
    assert foreign([example("from analysis.scoring import scoring")])
    assert unseen_by_listeners([example("from data.store.store import Store", "listeners/base.py")])
    assert refused_libraries([example("def f():\n    import pickle\n")])
