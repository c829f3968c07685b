"""`python -m data erase` as a real process: what it says and refuses, and that the words are in no file after it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from data.analytics.published import Publisher, snapshot
from data.ingest import absorber
from data.models import Rejected
from data.retention import files
from data.scores import scorer
from data.setup import save_brands
from data.spool.batches import drop, waiting
from data.store.store import Store
from tests.data.builders import ACME, JUDGEMENT, NOON, found
from tests.data.commands.test_commands import command, held

SAID, HER = "unmistakable words of wrath", "Tomasina Quill"


@pytest.fixture
def kept(places):
    """Her two mentions on one source and a namesake's on another, published, in a file where text can be found."""
    save_brands(places.setup, [ACME])
    hers = [found(n, text=f"acme {SAID} {n}", author=HER) for n in (1, 2)]
    namesake = found(3, id="other:3", source="other", author=HER)
    drop(places.incoming, "test", NOON, found=[*hers, namesake, found(4)])
    store = Store(places.store, settings={"force_compression": "uncompressed"})
    list(absorber.absorb_waiting(store, JUDGEMENT, places))
    scorer.score_waiting(store, JUDGEMENT)
    Publisher(store, places.published).publish()
    store.close()
    return places


def test_an_author_is_erased_with_what_still_waits_and_in_every_file(kept):
    drop(kept.incoming, "test", NOON + timedelta(hours=1), found=[found(5, text=f"acme {SAID}", author=HER)])
    done = command(kept, "erase", "--author", HER, "--source", "test", "--by", "ana")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Erased for good: 3 mentions, ")
    assert files.left(kept.root, [SAID]) == {}
    copy = snapshot(kept.published)
    assert copy.sql("SELECT id FROM mention ORDER BY id").fetchall() == [("other:3",), ("test:4",)]
    [(who, counts)] = copy.sql("SELECT asked_by, counts FROM erasure").fetchall()
    assert (who, json.loads(counts)["mention"]) == ("ana", 3)


def test_a_name_on_several_sources_is_not_taken_for_one_person(kept):
    done = command(kept, "erase", "--author", HER)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "'Tomasina Quill' stands on other, test, and need not be one person: name one with --source.\n"
    )


def test_counting_erases_nothing(kept):
    done = command(kept, "erase", "--mention", "test:1", "--count")
    assert (done.returncode, done.stdout) == (
        0,
        "1 mention, 1 fingerprint, 1 brand match, 1 row of the queue, 1 score would go.\n",
    )
    assert SAID in files.left(kept.root, [SAID])


def test_a_name_that_stands_in_set_aside_rows_only_is_erased_by_name(kept):
    other = "Ottokar Vane"
    for n, way in enumerate(("import", "webhook")):
        drop(kept.incoming, way, NOON, rejected=[Rejected("a.csv", n, "no time can be read", f'{{"by": "{other}"}}')])
    (kept.incoming / f"import-{n}-0.jsonl.rejected").write_text(f"{other},acme\nsomebody,acme\n")
    assert command(kept, "absorb").returncode == 0
    assert command(kept, "erase", "--author", other, "--count").stdout == (
        "2 rejected rows, 1 batch set aside would go.\n"
    )
    done = command(kept, "erase", "--author", other, "--by", "ana")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Erased for good: 2 rejected rows, 1 batch set aside. ")
    assert files.left(kept.root, [other]) == {}
    assert command(kept, "erase", "--author", other).stderr == f"Nothing is stored of {other!r}.\n"


def test_whoever_repeats_the_words_is_named_and_stays(kept):
    told = (
        "1 mention by somebody else repeats these words and stays, for it is theirs: test:7. "
        "To take one out, too: python -m data erase --mention ID\n"
    )
    drop(kept.incoming, "test", NOON, found=[found(7, text=f"RT @{HER}: acme {SAID}")])
    assert command(kept, "absorb").returncode == 0
    words = ("erase", "--author", HER, "--source", "test")
    assert command(kept, *words, "--count").stdout.endswith(f" would go.\n{told}")
    assert command(kept, *words).stdout.endswith(f"; a restore leaves it out.\n{told}")
    assert command(kept, "erase", "--mention", "test:7").stdout.startswith("Erased for good: 1 mention, ")
    assert files.left(kept.root, [SAID]) == {}


def test_whose_words_stand_in_others_mentions_only_is_told_where(kept):
    drop(kept.incoming, "test", NOON, found=[found(7, text="RT @ottokar: acme leaks")])
    assert command(kept, "absorb").returncode == 0
    done = command(kept, "erase", "--author", "ottokar")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Nothing is stored of 'ottokar'.\n"
        "1 mention by somebody else repeats these words and stays, for it is theirs: test:7. "
        "To take one out, too: python -m data erase --mention ID\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say what to erase: --author NAME (with --source SOURCE), or --mention ID.\n"),
        (
            ("--author", "a", "--mention", "b"),
            "Say what to erase: --author NAME (with --source SOURCE), or --mention ID.\n",
        ),
        (
            ("--mention", "test:1", "--source", "test"),
            "A mention's id says its source already: leave --source out.\n",
        ),
        (("--author", "Nobody"), "Nothing is stored of 'Nobody'.\n"),
        (("--author", HER.lower(), "--source", "test"), "Nothing is stored of 'tomasina quill' on test.\n"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(kept, words, said):
    done = command(kept, "erase", *words)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_while_the_app_holds_the_store_it_is_asked_to_do_it(kept):
    drop(kept.incoming, "import", NOON, rejected=[Rejected("a.csv", 1, "why", f'{{"by": "{HER}"}}')])
    command(kept, "absorb")
    with held(kept):
        done = command(kept, "erase", "--author", HER, "--source", "test", "--by", "ana")
    assert done.returncode == 0
    assert "erases it within seconds: 2 mentions, 1 rejected row." in done.stdout
    [request] = waiting(kept.incoming)
    assert json.loads(request.read_text()) == {"erase": {"asked_by": "ana", "source": "test", "author": HER}}
