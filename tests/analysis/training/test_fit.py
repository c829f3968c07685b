"""Fitting the weights: a small open tier of our own goes through the whole command."""

from __future__ import annotations

import os
import subprocess
import sys

import pyarrow
import pytest
from pyarrow import parquet

from analysis.scoring.request import SCORER
from analysis.scoring.weights import HEADS, load
from analysis.training.card import LICENCES
from analysis.training.corpus import texts
from data.settings import ROOT

THINGS = ("kettle", "app", "train", "phone", "room", "card", "ticket", "charger", "coat", "meal", "router", "desk")
ABOUT = {
    "negative": ("The {} broke again, terrible.", "Awful {}, I want my money back.", "My {} never came, shame on you."),
    "neutral": ("The {} comes on Monday.", "They sell the {} in two sizes.", "I saw the {} there."),
    "positive": ("I love the {}, great work.", "Excellent {}, thank you.", "The {} is wonderful and was quick."),
}  # fmt: skip
LONG = (  # long enough to be read by sentence, and not all of it is about the brand
    "I went to Acme for the {0}. {1} The bus there was late and the weather was nice all the same. My friend came "
    "along and had tea and cake at the station, which is always a good place to sit. Afterwards we walked home by the "
    "river, where the trees are bare by now and the boats lie under their covers until spring."
)


def rows(file):
    """Labelled texts of one set; those of stars know no neutral."""
    made = [
        (sentence.format(thing), sentiment)
        for sentiment, sentences in ABOUT.items()
        for sentence in sentences
        for thing in THINGS
    ]
    made += [(LONG.format(THINGS[n % len(THINGS)], text), sentiment) for n, (text, sentiment) in enumerate(made[::5])]
    return [
        {"text": f"{file.split('_')[0].title()}: {text}", "gold_sentiment": sentiment, "brand": "Acme",
         "domain": ("tweets", "amazonReviewSnippets")[n % 2]}
        for n, (text, sentiment) in enumerate(made)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    tier = folder / "data" / "labelled" / "open"
    tier.mkdir(parents=True)
    for file in LICENCES:
        parquet.write_table(pyarrow.Table.from_pylist(rows(file)), tier / f"{file}.parquet")
    return folder


def fitted(shared, into):
    return subprocess.run(
        [sys.executable, "-m", "analysis", "fit", "--into", str(into)], cwd=ROOT,
        env=os.environ | {"HEARBACK_SHARED": str(shared)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(shared, tmp_path_factory):
    into = tmp_path_factory.mktemp("made") / "weights"
    return fitted(shared, into), into


def test_each_text_of_the_open_tier_is_labelled_once(shared):
    corpus = texts(shared / "data" / "labelled" / "open")
    assert len({one.group for one in corpus}) == len(LICENCES) + 1  # one file holds two sets
    assert len({(one.group, one.masked, one.sentiment) for one in corpus}) == len(corpus)
    assert all("Acme" not in one.masked for one in corpus)
    of_stars = [one for one in corpus if one.group == "gplay_kids_cards"]
    assert {one.sentiment for one in of_stars} == {"negative", "positive"}
    assert {one.needs_reply for one in of_stars if one.sentiment == "negative"} == {True}
    assert {one.needs_reply for one in corpus if one.group == "goemotions_reddit"} == {False}


def test_the_weights_that_are_written_can_be_loaded(made):
    done, into = made
    assert done.returncode == 0, done.stderr
    written = next(path for path in into.iterdir() if path.suffix != ".md")
    weights = load(written)
    assert weights.scorer == SCORER
    assert weights.table.shape[1] == len(HEADS)
    assert weights.table.any(axis=0).all()


def test_the_card_tells_of_each_set_with_its_licence_and_its_figure(made):
    done, into = made
    assert f"texts of {len(LICENCES) + 1} sets" in done.stdout
    card = (into / "CARD.md").read_text()
    for file, licence in LICENCES.items():
        row = next(line for line in card.splitlines() if line.startswith(f"| {file}")).split("|")
        assert row[2].strip() == licence
        assert float(row[5]) > 0.9  # the sets say the same: each is told by the others


def test_the_card_says_which_cues_too_few_texts_hold(made):
    _, into = made
    assert "- churn: fewer than 20 texts in every set" in (into / "CARD.md").read_text()


def test_the_same_texts_give_the_same_bytes(made, shared, tmp_path):
    _, into = made
    assert fitted(shared, tmp_path / "again").returncode == 0
    assert {path.name: path.read_bytes() for path in into.iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()
    }


def test_without_the_open_tier_the_command_says_so(tmp_path):
    done = fitted(tmp_path, tmp_path / "made")
    assert done.returncode != 0
    assert "The labelled sets that weights are fitted on are not in" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "made").exists()
