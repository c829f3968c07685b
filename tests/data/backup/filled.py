"""A data folder whose store is a file, with something in every place, and what is in it."""

from __future__ import annotations

import json

from data.backup import manifest
from data.models import ApprovedReply
from data.spool import outbox
from data.store.store import Store
from tests.data.builders import ACME, NOON, Room, action, found

HER = "Tomasina Quill"
TEXT = "acme took {} weeks to answer the letter that I wrote about the xylothermic kettle"


def open_room(places):
    """The room of a data folder, its store a file in which text can be found."""
    return Room(places, Store(places.store, settings={"force_compression": "uncompressed", "threads": "1"}))


def fill(room):
    """Mentions, hers among them, actions, and a file in every folder beside the store."""
    here = room.places
    room.listen_for(ACME)
    text = TEXT.format("three")
    hers = [found(3, author=HER, text=f"{TEXT.format('five')} and nobody cares"), found(4, author=HER)]
    room.take(found(1, text=text), found(2, text=f"{text} indeed"), *hers, found(5, author="ben"))
    room.record(action("note", 1, body="called her"))
    room.record(action("note", 3, body="she rang about the zephyrlid"))
    room.record(action("resolve", 5))
    here.cursors.mkdir()
    (here.cursors / "test.json").write_text(json.dumps({"newest": "test:5"}))
    here.budgets.mkdir()
    (here.budgets / "x.json").write_text(json.dumps({"month": "2026-11", "spent": 3.5}))
    here.people.mkdir()
    (here.people / "people.json").write_text('{"people": []}')
    (here.people / "key").write_text("a secret key")
    outbox.post(here.outbox, ApprovedReply("reply-1", "test:1", "we are sorry", "ana", NOON, author="author 1"))
    outbox.post(here.outbox, ApprovedReply("reply-3", "test:3", "dear quillworthy lady", "ana", NOON, author=HER))
    here.intake.mkdir()
    (here.intake / "acme-news-1-a.body").write_text(json.dumps([{"id": "9", "by": "somebody", "text": "acme waits"}]))
    room.drop(found(6), found(7, author=HER))
    return room


def take(room, *arriving, **more):
    """Take in a batch, and what waited before."""
    room.drop(*arriving, **more)
    room.absorb()


def tables(store):
    """Every row of every table."""
    with store.read() as reading:
        names = [
            row["name"] for row in reading.rows("SELECT table_name AS name FROM duckdb_tables() WHERE NOT temporary")
        ]
        return {name: sorted(map(str, reading.rows(f"FROM {name}"))) for name in sorted(names)}


def everything(places):
    """The bytes of every file in the data folder, but of locks, the audit log, and the store, which each start writes
    its views into."""
    return {
        str(path.relative_to(places.root)): path.read_bytes()
        for path in sorted(places.root.rglob("*"))
        if path.is_file() and path.suffix != ".lock" and path.parent.name != "audit" and path != places.store
    }


def reseal(backup, **told):
    """Write another manifest, sealed as ours are."""
    known = json.loads((backup / "backup.json").read_text())
    del known["seal"]
    known |= told
    (backup / "backup.json").write_text(json.dumps(known | {"seal": manifest._seal(known)}))
