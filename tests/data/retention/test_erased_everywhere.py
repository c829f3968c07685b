"""Erased everywhere: her words go in by every road there is, and after she asked no byte of any file holds them."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from analysis import ranking
from analysis.scoring import scoring
from data.analytics import published
from data.analytics.published import TABLES, Publisher
from data.exclusions import mutes
from data.ingest import absorber
from data.models import ApprovedReply, Delivery, DeliveryState, Erase, Rejected, RetentionRule, Run, Sentiment
from data.monitoring import leftovers
from data.people.rights import lead
from data.retention import files, kept_aside
from data.retention.upkeep import Upkeep
from data.scores import layers, scorer
from data.scores.rescoring import Rescoring
from data.scores.scorer import Judgement
from data.scores.training import Trainer
from data.spool import outbox, pushes
from data.spool.batches import drop
from data.store.store import Connection, Store
from tests.data.builders import ACME, HOUR, NOON, Room, action, answer, found

pytestmark = pytest.mark.timeout(1800)  # fits a layer and rewrites the store on a busy machine

WORD, HER, HERS = "xylothermic", "Tomasina Quill", "https://test.example/u/quill"
NOTED, REPLIED, ANSWERED = "she rang about the zephyrlid", "dear quillworthy lady", "we wrote of the brasshinge"
SAID = (WORD, HER, HERS, NOTED, REPLIED, ANSWERED)
JUDGEMENT = Judgement(ranking, scoring.score_line, scoring.under)
TEXT = f"acme sold me a {WORD} kettle and it is awful, terrible and still broken, where is my refund"
VISIT = Run("test", NOON, NOON)
FOREIGN = Run("test", NOON + HOUR, NOON + HOUR)


@pytest.fixture
def room(places):
    """A room whose store is a file in which text can be found, judged as it is done in earnest."""
    opened = Room(places, Store(places.store, settings={"force_compression": "uncompressed", "threads": "1"}))
    opened.listen_for(replace(ACME, handles=("acmehelp",)))
    yield opened
    opened.store.close()


def take(room, *arriving, **more):
    drop(room.places.incoming, "test", NOON, found=arriving, **more)
    list(absorber.absorb_waiting(room.store, JUDGEMENT, room.places, room.clock))
    scorer.score_waiting(room.store, JUDGEMENT, room.clock)


def approved(n, text):
    return ApprovedReply(f"letter-{n}", f"test:{n}", text, "ana", NOON, author=HER)


def in_tables(room):
    """Her mention, other people's, and everything that people and the app do to hers."""
    hers = [found(n, author=HER, author_url=HERS, text=f"{TEXT} {n}", title=f"{WORD} {n}") for n in range(1, 5)]
    reply = found(5, author="acmehelp", text=f"{ANSWERED}, {HER}", parent_id="test:3")
    take(room, *hers, reply, *(found(n, text=f"acme is awful {n}") for n in range(10, 80)), run=VISIT)
    take(room, answers=[answer(2, ANSWERED)], run=FOREIGN)
    room.record(action("note", body=NOTED))
    room.record(action("judge", sentiment=Sentiment.POSITIVE))
    room.record(action("assign", assignee="ana"))
    delivered = Delivery(
        "letter-9", "test:1", DeliveryState.IN_DOUBT, NOON, "ana", url=HERS, why=f"“{REPLIED}” was not found"
    )
    take(room, deliveries=[delivered], rejected=[Rejected("a.csv", 1, f"{WORD} is no time", f'{{"by": "{HER}"}}')])
    with room.store.write() as store:
        store.run("INSERT INTO blind (week, place, mention_id) VALUES (DATE '2026-11-16', 1, 'test:2')")
    muted = mutes.mute(room.store, ranking, mutes.Target("author", HER, "test"), lead("ana"), NOON)
    mutes.lift(room.store, ranking, muted, lead("ana"), NOON)


def in_a_layer(room):
    """What a real worker learned from corrections of hers, made to count, and another on its way."""
    for n in range(10, 60):
        room.record(action("judge", n, sentiment=Sentiment.POSITIVE))
    trainer = Trainer(room.store, scoring.SCORER)
    trainer.ask(lead("ana"), {})
    number = trainer.go_on()
    layers.apply(room.store, number, scoring.SCORER, lead("ana"), NOON)
    Rescoring(room.store, ranking, scoring.SCORER).go_on(lambda: False)
    return trainer


def in_files(room, publisher):
    here = room.places
    outbox.post(here.outbox, approved(1, REPLIED))
    outbox.move(
        outbox.post(here.outbox, approved(2, REPLIED)), outbox.OutboxState.HELD, why=f"no answer to “{REPLIED}”"
    )
    (here.outbox / "letter-3.approved.part").write_text(
        json.dumps({"letter": {"mention_id": "test:3", "text": REPLIED}})
    )
    row = json.dumps({"id": "test:1", "by": HER, "text": TEXT})
    room.lay(f"{row[:-9]}\n".encode(), "test-20261120T110000000000-00000aaaaaa.jsonl.rejected")
    room.lay(f"{HER},{WORD},\xff\n".encode("latin-1"), "import-20261120T110000000000-00000aaaaaa.jsonl.rejected")
    room.lay(row.encode(), "test-20261120T110000000000-00000bbbbbb.part")
    here.intake.mkdir()
    for name in (f"acme-news-1-a{pushes.SUFFIX}", f"acme-news-1-a{pushes.LAID}", f"acme-news-1-b{pushes.SUFFIX}.part"):
        (here.intake / name).write_text(f"[{row}]")
    publisher.publish()
    return published.snapshot(here.published)  # a notebook that stays open


def in_what_was_kept(room):
    """A copy and a store of before, each with more of hers, and what a kill and a bad disk left of others."""
    here = room.places
    copy = here.kept_copies / "20261101T000000000000"
    copy.parent.mkdir()
    shutil.copytree(published.newest_set(here.published), copy)
    for file, ending in ((here.store, ""), (Path(f"{here.store}.wal"), ".wal")):
        shutil.copy(file, f"{here.store}.aside-1{ending}")
    Path(f"{here.store}.unfinished.wal").write_bytes(f"cut off {WORD} {HER}".encode())
    broken = [Path(f"{here.store}.{name}") for name in ("aside-2", "aside-2.wal", "damaged-1.wal")]
    for file in broken:
        file.write_bytes(f"no store, no log: {WORD} {HER}".encode())
    return copy, Path(f"{here.store}.aside-1"), broken


def told_in(store):
    """The tables in which any of it stands."""
    text = {name: str(store.rows(f"SELECT * FROM {name}")) for name in TABLES}
    return {name for name, said in text.items() if any(one in said for one in (*SAID, "'test:1'", '"test:1"'))}


def test_no_byte_of_hers_is_left_by_whatever_road_it_came(room):
    in_tables(room)
    trainer = in_a_layer(room)
    publisher = Publisher(room.store, room.places.published)
    upkeep = Upkeep(
        room.store, room.places, [RetentionRule("test", "Test", recheck_every=timedelta(days=1))], publisher,
        clock=lambda: NOON + timedelta(days=9),
    )  # fmt: skip
    with room.store.prepare() as store:
        store.run("CHECKPOINT")
    room.record(action("note", 2, body=f"{HER} rang again"))  # in the log of what is not in the file yet
    notebook = in_files(room, publisher)
    copy, aside, broken = in_what_was_kept(room)
    upkeep.round()
    with room.store.read() as store:
        assert told_in(store) >= {"mention", "queue", "action", "delivery", "mute", "rejected"}
    places = {path.relative_to(room.places.root).parts[0] for path in files.left(room.places.root, [HER])[HER]}
    assert places == {
        *("hearback.duckdb", "hearback.duckdb.wal", "incoming", "intake", "outbox", "published", "readers"),
        *("hearback.duckdb.aside-1", "hearback.duckdb.aside-1.wal", "kept-copies", "hearback.duckdb.unfinished.wal"),
        *(path.name for path in broken),
    }
    assert "test:1" in (room.places.recheck / "test.jsonl").read_text()

    take(room, erase=[Erase("ana", source="test", author=HER)])
    upkeep.round()
    trainer.go_on()  # fewer corrections than the layer knew: another is made without hers
    notebook.close()
    with room.store.read() as store:
        assert told_in(store) == set()
    assert told_in(Connection(published.snapshot(room.places.published))) == set()  # its files are compressed
    for path in (copy, aside):
        with kept_aside.reading(path) as kept:
            assert told_in(kept) == set()
            assert kept.value("SELECT count(*) FROM mention") == 70
    named = leftovers.told_of_erasure(room.places)
    for path in broken:
        assert f"{path} (" in named
        path.unlink()
    assert leftovers.told_of_erasure(room.places) == ""
    assert files.left(room.places.root, [*SAID, '"test:1"', '"test:2"']) == {}
    assert "test:10" in room.ids()
    room.store.close()
    assert files.left(room.places.root, SAID) == {}


def test_what_a_killed_process_left_half_written_goes_with_the_first_round_of_the_next(room):
    here = room.places
    for folder in (here.outbox, here.intake):
        folder.mkdir(parents=True)
    left_over = [here.outbox / "letter-1.approved.part", here.intake / "a.body.part", here.intake / "a.rows"]
    at_work = here.intake / "b.body.part"
    for file in (*left_over, at_work):
        file.write_text(WORD)
    for file in left_over:
        os.utime(file, (time.time() - 120, time.time() - 120))
    Upkeep(room.store, here, (), Publisher(room.store, here.published)).round()
    assert [path for path in (*left_over, at_work) if path.exists()] == [at_work]
