"""Notebooks are documents that run: every cell of each, in a fresh kernel, over the sample and over a real file."""

from __future__ import annotations

import ast
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from analysis import ranking
from analysis.scoring import scoring
from data.analytics.published import Publisher
from data.ingest import absorber
from data.scores import scorer
from data.scores.scorer import Judgement
from data.settings import ROOT, Places
from data.spool.batches import drop
from data.store.store import Store
from listeners.importing.imports import take_in
from listeners.sources.sample import Sample, sample_brands

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
A_WEEK = FOLDER / "01_a_week_in_mentions.ipynb"
DEMO = Path(os.environ.get("HEARBACK_SHARED") or ROOT.parent / "shared") / "data/demo/A_gplay_kids_cards.parquet"
OURS = {"data", "analysis"}
NOT_OURS = {"app", "dashboard", "listeners", "tests"}
LONGEST_CELL = 120  # seconds

pytestmark = pytest.mark.timeout(1800)
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


def read(path):
    return nbformat.read(path, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def publish(places):
    """Take in what waits, score it, and write the copy that notebooks read."""
    store = Store(places.store)
    try:
        list(absorber.absorb_waiting(store, Judgement(ranking, scoring.score_line), places))
        scorer.score_waiting(store, Judgement(ranking, scoring.score_line))
        Publisher(store, places.published).publish()
    finally:
        store.close()


def run(path, places, *, replaced=()):
    """Execute a notebook over what `places` has published; return it with its outputs. `replaced`: pairs of source
    text, to run it with another choice than the one it comes with."""
    notebook = read(path)
    for cell in code(notebook):
        for before, after in replaced:
            cell.source = cell.source.replace(before, after)
    resources = {"metadata": {"path": str(path.parent)}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEARBACK_DATA", str(places.root))
        patch.setenv("IPYTHONDIR", str(places.root / "ipython"))
        NotebookClient(notebook, kernel_name="python3", timeout=LONGEST_CELL, resources=resources).execute()
    return notebook


def printed(notebook):
    return "".join(output.text for cell in code(notebook) for output in cell.outputs if output.get("name") == "stdout")


def warned(notebook):
    return [output.text for cell in code(notebook) for output in cell.outputs if output.get("name") == "stderr"]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    places = Places(tmp_path_factory.mktemp("sample"))
    now = datetime.now(UTC)
    fetched = Sample().listen(sample_brands(), {}, {}, now)
    drop(places.incoming, "sample", now, found=fetched.found, answers=fetched.answers)
    publish(places)
    return places


@pytest.fixture(scope="module")
def over_sample(sample):
    return run(A_WEEK, sample)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    if not DEMO.exists():
        pytest.skip("the recorded files in ../shared/data are not here")
    places = Places(tmp_path_factory.mktemp("demo"))
    take_in(DEMO, places.incoming, datetime.now(UTC))
    publish(places)
    return places


def test_there_are_notebooks():
    assert A_WEEK in NOTEBOOKS


def test_every_cell_runs_over_the_sample_and_its_quoted_figures_hold(over_sample):
    assert all(cell.execution_count for cell in code(over_sample))
    assert "98 mentions of ours from" in printed(over_sample)
    assert "6 of 98 answered (6%), the median after 37.2 h" in printed(over_sample)
    assert warned(over_sample) == []


def test_the_figures_quoted_for_the_sample_are_really_checked(sample):
    with pytest.raises(CellExecutionError, match="AssertionError"):
        run(A_WEEK, sample, replaced=[("(553, 3, 117, 98)", "(553, 3, 117, 99)")])


def test_the_charts_are_kept_as_data(over_sample):
    shown = [output.get("data", {}) for cell in code(over_sample) for output in cell.outputs]
    charts = [data["application/vnd.plotly.v1+json"] for data in shown if "application/vnd.plotly.v1+json" in data]
    assert [chart["layout"]["title"]["text"] for chart in charts] == [
        "Where were we mentioned?",
        "On which days were people unhappy?",
        "Whose name was it?",
    ]


def test_every_cell_runs_over_a_real_file_of_many_brands_that_ends_in_2023(demo):
    notebook = run(A_WEEK, demo)
    assert "to 11 April 2023" in printed(notebook)
    assert warned(notebook) == []


def test_every_cell_runs_over_an_earlier_week(demo):
    notebook = run(A_WEEK, demo, replaced=[("WEEKS_BACK = 0", "WEEKS_BACK = 7")])
    assert "to 21 February 2023" in printed(notebook)


def test_without_a_published_copy_it_says_what_to_do(tmp_path):
    with pytest.raises(CellExecutionError, match=r"Nothing is published in .+ yet: start the app once"):
        run(A_WEEK, Places(tmp_path))


@each_notebook
def test_a_notebook_is_well_formed_and_committed_without_outputs(path):
    nbformat.validate(read(path))
    cells = code(read(path))
    assert all(cell.outputs == [] and cell.execution_count is None for cell in cells)


@each_notebook
def test_a_notebook_imports_data_and_analysis_only(path):
    imported = {
        (node.module or "" if isinstance(node, ast.ImportFrom) else name.name).partition(".")[0]
        for cell in code(read(path))
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert not imported & NOT_OURS
    assert imported <= OURS | {"pandas", "plotly", "duckdb"} | set(sys.stdlib_module_names)


@each_notebook
def test_a_notebook_begins_with_a_title_and_explains_itself_between_cells(path):
    cells = read(path).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert len(texts) * 3 >= len(cells)
