"""Restoring a backup: all of it comes back but what was erased since, and what knows more today stays."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import closing

import duckdb
import pytest

from data.analytics import published
from data.analytics.published import Publisher
from data.backup import backing_up, checking, opening, placing, putting_back, telling
from data.models import ApprovedReply, Delivery, DeliveryState, Erase, HearbackError, Rejected
from data.people import audit
from data.people.audit import Event
from data.people.rights import OURSELVES, Actor, Forbidden, Role
from data.retention import erased
from data.retention.files import left
from data.retention.upkeep import Upkeep
from data.settings import Places
from data.spool import outbox
from data.spool.batches import waiting
from data.store.store import MIGRATIONS, Store
from tests.data.backup.filled import HER, everything, open_room, reseal, tables, take
from tests.data.builders import ACME, BOLT, HOUR, NOON, RANKING, Room, action, found

SAID = (HER, "xylothermic kettle and nobody cares", "zephyrlid", "dear quillworthy lady")
BY_HER = Erase("ana", source="test", author=HER)


@pytest.fixture
def backup(room, tmp_path):
    """A backup of the room as it is now."""
    backing_up.make(room.store, room.places, tmp_path / "backup", OURSELVES, lambda: NOON - HOUR)
    return tmp_path / "backup"


def restore(backup, here, **how):
    return putting_back.restore(backup, here, RANKING, NOON, by=OURSELVES, **how)


def content(here):
    with closing(Store(here.store)) as store:
        return tables(store)


def test_on_another_machine_all_of_it_comes_back(room, backup, tmp_path):
    here = Places(tmp_path / "another")
    done = restore(backup, here)
    assert (done.erased, done.wrong, done.aside, done.held) == (0, [], [], 2)
    assert content(here) == tables(room.store)
    for name in (
        "setup.toml",
        "cursors/test.json",
        "budgets/x.json",
        "people/people.json",
        "intake/acme-news-1-a.body",
    ):
        assert (here.root / name).read_bytes() == (room.places.root / name).read_bytes()
    assert [path.name for path in waiting(here.incoming)] == [path.name for path in waiting(room.places.incoming)]
    assert not here.restoring.exists()
    assert not (here.people / "key").exists()


def test_in_the_place_of_a_store_that_is_there_both_are_kept(room, backup):
    before = tables(room.store)
    take(room, found(8))
    room.record(action("note", 8, body="after the backup"))
    room.store.close()
    done = restore(backup, room.places, over=True)
    aside = room.places.store.with_name("hearback.duckdb.aside-1")
    assert done.aside == [aside]
    assert content(room.places) == before
    with closing(Store(aside)) as store:
        assert "after the backup" in str(tables(store)["action"])


def test_without_replace_a_store_with_mentions_stays(room, backup):
    room.store.close()
    before = everything(room.places)
    with pytest.raises(HearbackError, match=r"holds 5 mentions") as refused:
        restore(backup, room.places)
    assert "add --replace" in str(refused.value)
    assert everything(room.places) == before
    [_, failed] = audit.entries(room.places)
    assert (failed.event, "add --replace" in failed.facts["failed"]) == ("restore", True)


def test_only_a_lead_restores(backup, tmp_path):
    with pytest.raises(Forbidden):
        putting_back.restore(backup, Places(tmp_path / "another"), RANKING, NOON, by=Actor("ben", Role.APPROVER))
    assert not (tmp_path / "another").exists()


@pytest.mark.parametrize("is_held", [False, True], ids=["alone", "beside the app"])
def test_a_look_says_what_would_come_of_it_and_changes_nothing(room, backup, is_held):
    take(room, erase=[BY_HER])
    if not is_held:
        room.store.close()
    before = everything(room.places)
    stored = tables(room.store) if is_held else content(room.places)
    done = restore(backup, room.places, only_look=True)
    told = telling.of_restore(done, only_look=True)
    assert "is whole and can be restored: 5 rows of mention" in told
    assert "2 mentions would be left out: they were erased since." in told
    assert everything(room.places) == before
    assert stored == (tables(room.store) if is_held else content(room.places))
    assert not room.places.restoring.exists()


# What was erased


def test_an_author_who_was_erased_since_does_not_come_back_in_any_file(room, backup):
    take(room, erase=[BY_HER])
    upkeep = Upkeep(room.store, room.places, (), Publisher(room.store, room.places.published), lambda: NOON)
    upkeep.finish()
    room.store.close()
    assert left(backup, SAID) != {}
    done = restore(backup, room.places, over=True)
    assert done.erased == 2
    assert left(room.places.root, SAID) == {}
    again = open_room(room.places)
    assert again.ids() == ["test:1", "test:2", "test:5"]
    again.absorb()  # the batch that waited was hers, too
    assert again.ids() == ["test:1", "test:2", "test:5", "test:6"]
    assert checking.check(again.store, OURSELVES, NOON).wrong == []
    again.store.close()
    assert left(room.places.root, SAID) == {}


def test_nor_what_names_her_and_was_never_a_mention(room, tmp_path):
    refused = Rejected("a.csv", 1, "no time", json.dumps({"by": HER, "text": "brasshinge"}))
    take(room, rejected=[refused, Rejected("a.csv", 2, "no time", '{"by": "ben"}')])
    body = room.places.intake / "acme-news-1-b.body"
    body.write_text(json.dumps([{"id": "10", "by": HER, "text": "brasshinge"}, {"id": "11", "by": "ben", "text": "x"}]))
    backing_up.make(room.store, room.places, tmp_path / "backup", OURSELVES, lambda: NOON - HOUR)
    take(room, erase=[BY_HER])
    room.store.close()
    erased_list = room.places.erased
    here = Places(tmp_path / "another")
    shutil.copytree(erased_list, here.erased)
    restore(tmp_path / "backup", here)
    assert left(here.root, (*SAID, "brasshinge")) == {}
    assert json.loads((here.intake / body.name).read_text()) == [{"id": "11", "by": "ben", "text": "x"}]
    assert len(content(here)["rejected"]) == 1


def test_what_a_source_deleted_since_stays_away(room, backup):
    take(room, gone=["test:1"])
    room.store.close()
    assert restore(backup, room.places, over=True).erased == 1
    again = Room(room.places, Store(room.places.store))
    assert "test:1" not in again.ids()
    assert "test:1" not in again.ids("action", "mention_id")
    again.drop(found(1))
    again.absorb()
    assert "test:1" not in again.ids()
    again.store.close()


def test_what_is_known_to_be_erased_survives_the_loss_of_the_store(room, backup):
    take(room, erase=[BY_HER])
    room.store.close()
    room.places.store.unlink()
    shutil.rmtree(room.places.published, ignore_errors=True)
    assert restore(backup, room.places).erased == 2
    assert left(room.places.root, SAID) == {}


def test_the_list_of_a_later_backup_beside_it_is_heeded_where_all_else_is_lost(room, backup, tmp_path):
    take(room, erase=[BY_HER])
    backing_up.make(room.store, room.places, tmp_path / "later", OURSELVES, lambda: NOON)
    here = Places(tmp_path / "another")
    assert restore(backup, here).erased == 2
    assert left(here.root, SAID) == {}
    assert erased.read(here.erased).ids == erased.read(room.places.erased).ids


def test_what_somebody_wrote_after_an_erasure_is_theirs_to_keep(room, tmp_path):
    take(room, erase=[BY_HER])
    take(room, found(8, author=HER))
    backing_up.make(room.store, room.places, tmp_path / "backup", OURSELVES, lambda: NOON + HOUR)
    before = tables(room.store)["mention"]
    room.store.close()
    assert restore(tmp_path / "backup", room.places, over=True).erased == 0
    assert content(room.places)["mention"] == before


# What stays, and what is held


def test_a_reply_that_may_have_been_sent_since_is_held_and_one_that_was_is_gone(room, tmp_path):
    outbox.post(room.places.outbox, ApprovedReply("reply-2", "test:2", "we are sorry, too", "ana", NOON))
    take(room, deliveries=[Delivery("reply-2", "test:2", DeliveryState.SENT, NOON, "ana", "r", "https://a.test/r")])
    backing_up.make(room.store, room.places, tmp_path / "backup", OURSELVES, lambda: NOON)
    [first, *others] = outbox.replies(room.places.outbox)[0]
    outbox.take_out(first)  # sent since
    room.store.close()
    done = restore(tmp_path / "backup", room.places, over=True)
    states = {entry.reply.id: entry.place for entry in outbox.replies(room.places.outbox)[0]}
    assert states[first.reply.id] is outbox.OutboxState.HELD
    assert all(states[one.reply.id] is outbox.OutboxState.APPROVED for one in others)
    assert done.held == 1
    [held] = [entry for entry in outbox.replies(room.places.outbox)[0] if entry.place is outbox.OutboxState.HELD]
    assert "may have been sent since" in held.why


def test_money_people_and_the_audit_log_stay_as_they_are(room, backup):
    here = room.places
    (here.budgets / "x.json").write_text(json.dumps({"month": "2026-11", "spent": 9.5}))
    (here.people / "people.json").write_text('{"people": ["new"]}')
    (here.cursors / "test.json").write_text(json.dumps({"newest": "test:99"}))
    (here.cursors / "later.json").write_text("{}")
    room.listen_for(ACME, BOLT)
    room.store.close()
    lines = len(list(audit.entries(here)))
    restore(backup, here, over=True)
    assert json.loads((here.budgets / "x.json").read_text())["spent"] == 9.5
    assert "new" in (here.people / "people.json").read_text()
    assert {path.name: json.loads(path.read_text()) for path in here.cursors.iterdir()} == {
        "test.json": {"newest": "test:5"}
    }
    assert "Bolt" not in here.setup.read_text()
    assert "Bolt" in here.setup.with_name("setup.toml.aside-1").read_text()
    assert len(list(audit.entries(here))) == lines + 1
    [*_, told] = audit.entries(here)
    assert (told.event, told.by, told.facts) == ("restore", "system", {"folder": str(backup), "mentions": 5})


# The audit log


@pytest.fixture
def with_a_log(room, tmp_path):
    """A backup whose audit log has a line, of a data folder whose log went on."""
    audit.note(room.places, Event.LOGIN, "ana")
    backing_up.make(room.store, room.places, tmp_path / "with-a-log", OURSELVES, lambda: NOON - HOUR)
    audit.note(room.places, Event.LOGOUT, "ana")
    room.store.close()
    return tmp_path / "with-a-log"


def told(here):
    return [entry.event + (" failed" if "failed" in entry.facts else "") for entry in audit.entries(here)]


def test_where_the_whole_folder_was_lost_its_audit_log_comes_back_and_tells_of_the_restore(room, with_a_log):
    before = (with_a_log / "folder" / "audit" / "audit.jsonl").read_bytes()
    shutil.rmtree(room.places.root)
    restore(with_a_log, room.places)
    assert told(room.places) == ["login", "restore"]
    assert (room.places.audit / "audit.jsonl").read_bytes().startswith(before)
    assert sorted(path.name for path in room.places.audit.iterdir()) == ["audit.jsonl", "audit.lock"]


def test_nor_is_it_lost_where_another_restore_failed_before(room, with_a_log, tmp_path):
    shutil.rmtree(room.places.root)
    (shutil.copytree(with_a_log, tmp_path / "spoilt") / "folder" / "setup.toml").unlink()
    with pytest.raises(HearbackError, match=r"it lacks folder/setup\.toml"):
        restore(tmp_path / "spoilt", room.places)
    assert told(room.places) == ["restore failed"]
    restore(with_a_log, room.places)
    assert told(room.places) == ["login", "restore failed", "restore"]


def test_nor_where_this_one_fails_after_it_was_brought_in(room, with_a_log, monkeypatch):
    shutil.rmtree(room.places.root)
    with monkeypatch.context() as patched:
        patched.setattr(placing, "decide", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(HearbackError, match="There is no room for it"):
            restore(with_a_log, room.places)
    assert told(room.places) == ["login", "restore", "restore failed"]
    restore(with_a_log, room.places)
    assert told(room.places) == ["login", "restore", "restore failed", "restore"]


def test_what_stands_in_the_log_since_the_backup_stays(room, with_a_log):
    restore(with_a_log, room.places, over=True)
    assert told(room.places) == ["login", "backup", "logout", "restore"]


def test_the_published_copy_of_what_was_there_is_kept_by_the_next_publishing(room, backup):
    take(room, found(8))
    Publisher(room.store, room.places.published).publish()
    room.store.close()
    restore(backup, room.places, over=True)
    with closing(opening.open_store(room.places)) as store:
        Publisher(store, room.places.published).publish()
    assert len(list(room.places.kept_copies.iterdir())) == 1
    assert published.snapshot(room.places.published).execute("SELECT count(*) FROM mention").fetchone() == (5,)


# Of an earlier version


def of_earlier_version(store, places):
    """Give the store the shape of before the latest migration, as that one's file tells."""
    newest = max(file.name for file in MIGRATIONS.glob("*.sql"))
    with closing(store), store.write() as transaction:
        assert newest == "016_names.sql"
        for sql in (
            "ALTER TABLE repost RENAME COLUMN canonical_id TO leader_id",
            "ALTER TABLE delivery RENAME COLUMN approved_reply_id TO letter_id",
            "ALTER TABLE score RENAME COLUMN cue_confidence TO certainty",
            "ALTER TABLE rescored RENAME COLUMN cue_confidence TO certainty",
            "ALTER TABLE unscored RENAME COLUMN token TO asked",
            "ALTER TABLE sighting RENAME TO look",
            "DELETE FROM migration WHERE name = '016_names.sql'",
        ):
            transaction.run(sql)


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(room, tmp_path, monkeypatch):
    before = tables(room.store)
    of_earlier_version(room.store, room.places)
    monkeypatch.setattr("data.store.store.migrations", lambda: sorted(MIGRATIONS.glob("*.sql"))[:-1])
    monkeypatch.setattr("data.store.store.VIEWS", tmp_path / "views.sql")
    (tmp_path / "views.sql").write_text("SELECT 1")
    old = Store(room.places.store)
    backing_up.make(old, room.places, tmp_path / "backup", OURSELVES, lambda: NOON)
    old.close()
    monkeypatch.undo()
    assert (tmp_path / "backup" / "store" / "look.parquet").exists()
    restore(tmp_path / "backup", room.places, over=True)
    assert content(room.places) == before


def test_the_copy_of_before_an_update_is_restored_without_what_was_erased_since(room, tmp_path):
    room.absorb()
    room.store.close()
    copy = shutil.copytree(opening.keep_before_update(room.places, NOON), tmp_path / "copy")
    again = open_room(room.places)
    take(again, erase=[BY_HER])
    Upkeep(again.store, again.places, (), Publisher(again.store, again.places.published)).finish()
    assert not room.places.before_update.exists()
    again.store.close()
    done = restore(copy, room.places, over=True)
    assert (done.erased, done.rows) == (3, {"mention": 7})
    assert left(room.places.root, SAID) == {}
    assert "test:6" in str(content(room.places)["mention"])


def test_a_restore_that_waits_for_another_says_so(room, backup, monkeypatch):
    room.store.close()
    monkeypatch.setattr(placing, "PATIENCE", 0.1)
    with (
        placing.lock(room.places),
        pytest.raises(HearbackError, match=r"Process \d+ opens or restores the store of .* try again when it is done"),
    ):
        restore(backup, room.places, over=True)


def test_a_parquet_file_that_fits_no_table_is_told(backup, tmp_path):
    file = backup / "store" / "run.parquet"
    duckdb.sql("SELECT 1 AS mood").write_parquet(str(file))
    known = json.loads((backup / "backup.json").read_text())["files"]
    known["store/run.parquet"] = {"size": file.stat().st_size, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    reseal(backup, files=known)
    with pytest.raises(HearbackError, match=r"run\.parquet cannot be taken into a store: .* Nothing was changed"):
        restore(backup, Places(tmp_path / "another"))
    assert not (tmp_path / "another" / "hearback.duckdb").exists()
