"""The drop folder: a finished file per batch, whole or not there, in the order it was written."""

from __future__ import annotations

import errno
import json
import os
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from data.models import Gap, Rejected, Run
from data.spool import batches
from data.spool.batches import drop, reject, waiting
from tests.data.builders import ACME, NOON, RIVAL, answer, found


def read(batch):
    return [json.loads(line) for line in batch.read_text(encoding="utf-8").splitlines()]


def test_a_batch_says_everything_on_a_line_of_its_own(places):
    gap = Gap("acme", NOON - timedelta(hours=2), NOON - timedelta(hours=1), "a ceiling")
    batch = drop(
        places.incoming,
        "test",
        NOON,
        found=[found(1, brands=["Acme"], rating=4.0)],
        answers=[answer(1)],
        brands=[ACME, RIVAL],
        rejected=[Rejected("reviews.csv", 3, "no time", "x,y")],
        run=Run("test", NOON, NOON, found=1, gaps=(gap,)),
    )
    ours, rival, mention, reply, rejected, run = read(batch)
    assert (ours, rival) == (
        {"brand": {"name": "Acme", "competitor": False}},
        {"brand": {"name": "Rival", "competitor": True}},
    )
    assert mention["published_at"] == "2026-11-20T11:59:00.000000+00:00"
    assert (mention["rating"], mention["brands"]) == (4.0, ["Acme"])
    assert "title" not in mention
    assert reply["answer"]["answered_at"] == "2026-11-20T12:59:00.000000+00:00"
    assert rejected == {"rejected": {"file": "reviews.csv", "line": 3, "reason": "no time", "content": "x,y"}}
    assert run["run"]["gaps"][0]["since"] == "2026-11-20T10:00:00.000000+00:00"
    assert not list(places.incoming.glob("*.part"))


def test_times_of_any_zone_are_written_in_utc(places):
    eastern = NOON.astimezone(ZoneInfo("Asia/Tokyo"))
    [line] = read(drop(places.incoming, "test", NOON, found=[found(1, published_at=eastern)]))
    assert line["published_at"] == "2026-11-20T12:00:00.000000+00:00"


def test_what_cannot_be_written_as_utf_8_is_replaced(places):
    [line] = read(drop(places.incoming, "test", NOON, found=[found(1, text="acme \ud83d")]))
    assert line["text"] == "acme ?"


def test_batches_of_one_instant_wait_in_the_order_they_were_written(places):
    dropped = [drop(places.incoming, name, NOON, found=[found(1)]) for name in ("zeta", "alpha", "two-part-name")]
    later = drop(places.incoming, "alpha", NOON + timedelta(seconds=1), found=[found(1)])
    assert waiting(places.incoming) == [*dropped, later]


def test_only_finished_batches_wait(places):
    assert waiting(places.incoming) == []
    batch = drop(places.incoming, "test", NOON, found=[found(1)])
    for name in ("half.part", "old.jsonl.rejected", "notes.txt"):
        (places.incoming / name).touch()
    assert waiting(places.incoming) == [batch]


def test_a_batch_set_aside_waits_no_more(places):
    batch = drop(places.incoming, "test", NOON, found=[found(1)])
    content = batch.read_bytes()
    aside = reject(batch)
    assert aside.name == batch.name + ".rejected"
    assert aside.read_bytes() == content
    assert waiting(places.incoming) == []


@pytest.mark.parametrize("step", ["fsync", "write"])
def test_a_full_disk_leaves_nothing_behind(places, monkeypatch, step):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def rows(*_):
        yield {}
        full()

    places.incoming.mkdir(parents=True)
    monkeypatch.setattr(*(os, "fsync", full) if step == "fsync" else (batches, "_rows", rows))
    with pytest.raises(OSError, match="No space left"):
        drop(places.incoming, "test", NOON, found=[found(1)])
    assert list(places.incoming.iterdir()) == []


def test_what_was_dropped_is_what_the_store_keeps(room):
    mention = found(
        1, brands=["Acme"], title="acme!", author_url="https://example.com/a", url="https://example.com/1", rating=2.5,
        reach=10, engagement=-3, language="en", thread_id="test:0", parent_id="test:0", edited_at=NOON,
    )  # fmt: skip
    room.take(mention)
    [stored] = room.rows("SELECT * EXCLUDE (collected_at) FROM mention")
    assert stored == {name: getattr(mention.mention, name) for name in mention.mention.__slots__}
