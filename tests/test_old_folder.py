"""A data folder of an older version (tests/data/old_folder) opens, migrates, and goes on where it was left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from pyarrow import parquet

from analysis import ranking
from analysis.scoring.scoring import SCORER
from data.analytics import published, topics
from data.exclusions import mutes
from data.models import Action, ActionKind, Found, HearbackError, Mention, Sentiment, Status
from data.monitoring import health
from data.people.rights import lead
from data.queue import actions, details, queue, replies, triage
from data.retention import erasure, rewriting
from data.retention.upkeep import Upkeep
from data.scores import blind_check, layers
from data.scores.rescoring import Rescoring
from data.settings import ROOT, Places
from data.setup import load
from data.spool import outbox
from data.spool.batches import drop, waiting
from data.store.store import MIGRATIONS, Connection, Store
from listeners.base import Sent
from listeners.delivery.delivery import ReplyDelivery
from listeners.retention import retention_policies
from tests import old_folder
from tests.old_folder import NOON

HOUR = timedelta(hours=1)
OLD = [  # the migrations that the old code knew
    *("001_start.sql", "002_asked.sql", "003_upkeep.sql", "004_delivery.sql", "006_judgement.sql"),
    *("007_corrections.sql", "007_queue_case.sql", "008_topics.sql", "009_noise.sql", "010_seen.sql"),
]
BATCHES = ("board-20251120T114000000000", "delivery-20251120T111500000000", "hackernews-20251120T114100000000")


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return old_folder.unpack(tmp_path_factory.mktemp("old"))


@pytest.fixture
def told(archive):
    """What the old code said of the folder."""
    return archive[1]


@pytest.fixture
def places(archive, tmp_path):
    """A copy of the folder for this test alone."""
    return Places(shutil.copytree(archive[0].root, tmp_path / "kept"))


@pytest.fixture
def store(places):
    with closing(Store(places.store)) as store:
        yield store


def act(store, kind, mention_id, seen=None, **more):
    return triage.record(
        store, ranking, Action("", mention_id, ActionKind(kind), "eve", NOON, **more), seen, lead("eve")
    )


def history(store, mention_id):
    with store.read() as reading:
        return actions.of_mention(reading, mention_id)


def found(store, mention_id):
    with store.read() as reading:
        return details.find(reading, mention_id)


def open_ids(store):
    return [row.mention_id for row in old_folder.page(store)]


def row_of(store, mention_id, status=Status.OPEN):
    [row] = [row for row in old_folder.page(store, status) if row.mention_id == mention_id]
    return row


def command(places, *arguments, module="data", **environment):
    """Run one of the project's own commands to its end."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=os.environ | {"HEARBACK_DATA": str(places.root)} | environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


# The store


def test_it_opens_and_each_migration_has_run_once_however_often_it_is_opened(places):
    for _ in range(2):
        with closing(Store(places.store)) as store, store.read() as reading:
            # Raw, for nothing else tells which ran: a migration's name is its file's and never changes.
            done = [row["name"] for row in reading.rows("SELECT name FROM migration ORDER BY name")]
        assert done == sorted(file.name for file in MIGRATIONS.glob("*.sql"))
        assert set(OLD) <= set(done)


def test_the_queue_stands_in_its_order_with_points_and_reasons_as_it_stood(store, told):
    assert old_folder.rows(old_folder.page(store)) == told["open"]
    assert old_folder.rows(old_folder.page(store, Status.SNOOZED)) == told["snoozed"]
    with store.read() as reading:
        assert old_folder.rows(queue.resolved(reading, queue.View())) == told["resolved"]


def test_points_and_reasons_are_those_that_people_saw(store):
    row = row_of(store, "board:2")
    assert (row.points, row.assignee, row.version, row.label) == (11, "ben", 2, Sentiment.NEGATIVE)
    assert [(reason.why, reason.points) for reason in row.reasons] == [
        ("complaint words", 3),
        ("negative words", 2),
        ("waiting 4 d, target 4 h", 6),
    ]
    assert row_of(store, "board:50").alike == 2
    snoozed = row_of(store, "board:9", Status.SNOOZED)
    assert snoozed.snoozed_until == datetime(2999, 1, 1, tzinfo=UTC)
    assert len(old_folder.page(store)) == 105


def test_what_was_written_last_before_the_lights_went_out_is_there(store):
    [note] = history(store, "board:36")
    assert (note.kind, note.body) == (ActionKind.NOTE, "Written a moment before the lights went out.")


def test_the_views_answer_in_the_store_as_they_did(store, told):
    with store.read() as reading:
        assert old_folder.views(reading) == told["views"]


def test_the_figures_and_the_state_of_each_source_are_as_they_were(store, places, told):
    with store.read() as reading:
        figures = health.whole(reading, places, NOON, None)
    assert figures.pop("intake") == 2
    assert figures.pop("old") == 0
    assert figures == told["figures"]
    assert [figures[name] for name in ("mentions", "open", "snoozed", "rejected", "actions", "waiting")] == [
        *(166, 105, 1, 5, 124, 3)
    ]
    assert (figures["listeners"]["x"]["new_in_all"], round(figures["listeners"]["x"]["spent"], 3)) == (10, 0.06)


def test_every_kind_of_action_is_still_read(store):
    kinds = {one.kind for n in range(1, 41) for one in history(store, f"board:{n}")}
    assert kinds | {one.kind for one in history(store, "market:12")} == set(ActionKind)
    assert [one.kind for one in history(store, "board:7")] == [ActionKind.RESOLVE, ActionKind.REOPEN]


# People go on


def test_people_act_on_what_was_open_and_undo_what_was_done_before(store):
    row = row_of(store, "board:2")
    done = act(store, "resolve", "board:2", row.version)
    assert "board:2" not in open_ids(store)
    act(store, "undo", "board:2", undoes=done.id)
    assert row_of(store, "board:2").points == row.points
    assert "board:6" not in open_ids(store)
    act(store, "undo", "board:6", undoes=history(store, "board:6")[-1].id)  # dismissed by the old version
    assert "board:6" in open_ids(store)


def test_who_saw_an_older_state_is_told_who_was_faster(store):
    with pytest.raises(actions.Collision) as refused:
        act(store, "resolve", "board:2", 0)
    assert [one.actor for one in refused.value.since] == ["ana", "ben"]


def test_a_correction_holds_and_is_given_up_when_it_is_taken_back(store):
    def label():
        with store.read() as reading:
            return reading.value("SELECT sentiment FROM judged WHERE mention_id = 'board:4'")

    assert label() == "negative"
    [judged] = [one for one in history(store, "board:4") if one.kind is ActionKind.JUDGE]
    act(store, "undo", "board:4", undoes=judged.id)
    assert label() == "neutral"


def test_the_second_layer_counts_and_the_first_can_be_asked_for_again(store):
    with store.read() as reading:
        assert layers.active_version(reading).layer == 2
        assert [layer.version for layer in layers.known(reading)] == [3, 2, 1]
        assert [(one["version"], one["asked_by"]) for one in layers.history(reading)] == [(2, "ben"), (1, "ana")]
    assert found(store, "board:2").score.layer == 2
    layers.apply(store, 1, SCORER, lead("eve"), NOON)
    assert Rescoring(store, ranking, SCORER).go_on()
    assert found(store, "board:2").score.layer == 1
    assert row_of(store, "board:2").version == 2


def test_a_mute_hides_what_comes_and_shows_it_all_when_it_is_lifted(store, places, told):
    with store.read() as reading:
        standing = mutes.active(reading)
    assert old_folder.plain(standing) == told["mutes"]
    assert [(one["name"], one["kept"]) for one in standing] == [("r/kettles", 1), ("loud_larry", 2)]
    late = Mention(
        "board:80", "board", "post", "My Acme lamp is broken again, louder this time!", NOON, author="Loud_Larry"
    )
    drop(places.incoming, "board", NOON, found=[Found(late)])
    old_folder.absorb(store, places)
    assert not {"board:14", "board:15", "board:80"} & set(open_ids(store))
    mutes.lift(store, ranking, standing[1]["id"], lead("eve"), NOON)
    assert {"board:14", "board:15", "board:80"} <= set(open_ids(store))


def test_the_weeks_blind_check_goes_on_with_the_cards_that_were_drawn(store):
    cards = blind_check.cards(store, NOON)
    labelled = [card for card in cards if card.labelled_by]
    assert {card.week for card in cards} == {datetime(2025, 11, 17, tzinfo=UTC).date()}
    assert len(cards) == 20  # one was erased, and another drawn in its place
    assert {(card.labelled_by, card.sentiment) for card in labelled} <= {
        ("carla", Sentiment.NEGATIVE),
        ("carla", Sentiment.POSITIVE),
        ("carla", None),
    }
    assert not blind_check.label(store, labelled[0], Sentiment.POSITIVE, needs_reply=True, by=lead("eve"), now=NOON)


# What waits in the drop folder


def test_the_batches_that_wait_are_taken_in_whole_as_the_old_code_would_have(store, places, told):
    done = sorted(old_folder.absorb(store, places), key=lambda one: one.batch)
    assert [one.batch.rsplit("-", 1)[0] for one in done] == list(BATCHES)
    assert [(one.added, one.edited, one.rejected) for one in done] == [(2, 1, 1), (0, 0, 0), (0, 0, 0)]
    assert old_folder.rows(old_folder.page(store)) == told["after"]["open"]
    with store.read() as reading:
        assert old_folder.views(reading) == told["after"]["views"]
        figures = health.whole(reading, places, NOON, None)
    assert figures.pop("intake") == 2
    assert figures.pop("old") == 0
    expected = told["after"]["figures"]
    for gap in expected["listeners"]["board"]["gaps"]:  # the same instants, without the microseconds that are none
        gap |= {end: datetime.fromisoformat(gap[end]).isoformat() for end in ("since", "until")}
    assert figures == expected
    assert waiting(places.incoming) == []


def test_each_kind_of_line_that_waits_does_what_it_says(store, places):
    old_folder.absorb(store, places)
    assert found(store, "board:70").mention.author == "dora"
    assert found(store, "board:70").score.layer == 2
    assert found(store, "board:28").mention.text.startswith("Edited: the Acme lamp went out")
    assert [found(store, f"board:{n}") for n in (19, 30, 33, 34)] == [None] * 4
    assert [(one.kind, one.body) for one in history(store, "board:29")] == [
        (ActionKind.REPLY, "Your new filter left the depot today.")
    ]
    assert [brand.name for brand in load(places.setup).brands] == ["Acme", "Bolt", "Rival", "Copperleaf"]
    with store.read() as reading:
        [topic] = [one for one in topics.latest(reading, "Acme", rows=50) if one["subject"] == "B0EXAMPLE9"]
        assert (topic["share"], topic["before"]) == (0.25, 0.2)
        run = health.whole(reading, places, NOON, None)["listeners"]["board"]
        assert (run["runs"], run["gaps"][0]["why"]) == (1, "more than 1000 hits")
        assert [one["why"] for one in erasure.past(reading)[:3]].count("asked for") == 2


def test_what_was_erased_does_not_come_back(store, places):
    old_folder.absorb(store, places)
    again = [
        Found(Mention(f"board:{n}", "board", "post", f"My Acme fan number {n} is broken.", NOON, author="erica_erased"))
        for n in (19, 20, 22, 33, 81)
    ]
    drop(places.incoming, "board", NOON, found=again)
    old_folder.absorb(store, places, NOON + HOUR)
    assert [found(store, one.mention.id) is not None for one in again] == [False, False, False, False, True]


def test_words_that_expired_stay_away_and_what_is_owed_to_erasure_is_done(store, places):
    expired = found(store, "yelp:r0000001")
    assert (expired.mention.text, expired.mention.author, expired.mention.rating) == ("", None, 2.0)
    assert row_of(store, "yelp:r0000001").excerpt == "Text expired after 24 hours, as Yelp asks"
    old_folder.absorb(store, places)
    publisher = published.Publisher(store, places.published)
    upkeep = Upkeep(store, places, retention_policies(), publisher, clock=lambda: NOON)
    upkeep.round()
    with store.read() as reading:
        assert not rewriting.is_due(reading)
    assert found(store, "board:2").score.layer == 2
    assert b"hackernews:1" in (places.recheck / "hackernews.jsonl").read_bytes()


# The published copy


def test_the_copy_that_the_old_code_published_can_be_read_before_anything_else_is_done(places, told):
    assert old_folder.views(Connection(published.snapshot(places.published))) == told["views"]


def test_the_next_copy_is_of_the_migrated_store(store, places, told):
    old_folder.absorb(store, places)
    published.Publisher(store, places.published).publish()
    copy = Connection(published.snapshot(places.published))
    assert old_folder.views(copy) == told["after"]["views"]
    assert copy.value("SELECT count(*) FROM mention") == 165


# The outbox


class Board:
    """A source of no platform that takes every answer, and knows of one that arrived before."""

    source = "board"

    def __init__(self):
        self.sent, self.looked_for = [], []

    def refuses(self, reply, options):
        return None

    def send(self, reply, options, now):
        self.sent.append((reply.id, reply.text))
        return Sent("board:reply-2", now)

    def find(self, reply, options, now):
        self.looked_for.append(reply.id)
        return Sent("board:reply-1", now)


def test_the_reply_that_waits_is_sent_once_and_what_was_sent_is_not_sent_again(store, places, told):
    board, ids = Board(), told["letters"]
    delivery = ReplyDelivery([board], places, lambda: NOON)
    outcomes, troubles = delivery.deliver()
    assert troubles == []
    assert {one.reply.id: one.state for one in outcomes} == {ids["waits"]: "sent", ids["sending"]: "sent"}
    assert delivery.deliver() == ([], [])
    assert board.sent == [(ids["waits"], "Please tell us your order number, we will look at once.")]
    assert board.looked_for == [ids["sending"]]  # it may have arrived: looked for, and not sent again
    assert [one.reply.id for one in outbox.replies(places.outbox)[0]] == [ids["held"]]
    old_folder.absorb(store, places)
    replied = {
        n: [one.actor for one in history(store, f"board:{n}") if one.kind is ActionKind.REPLY] for n in range(23, 36)
    }
    assert {n for n, actors in replied.items() if actors} == {23, 25, 26, 27, 29, 35}
    assert all(len(actors) <= 1 for actors in replied.values())


def test_the_outbox_is_listed_as_it_was_left(places, told):
    done = command(places, "deliver", "--list", "--json", module="listeners")
    assert (done.returncode, done.stderr) == (0, "")
    listed = {row["letter"]: (row["state"], row["why"]) for row in map(json.loads, done.stdout.splitlines())}
    assert listed == {
        told["letters"]["held"]: ("held", "It is longer than the board allows."),
        told["letters"]["waits"]: ("approved", None),
        told["letters"]["sending"]: ("sending", None),
    }


# The commands


def test_the_commands_go_on_with_it(places, told, tmp_path):
    """One after the other, as a person would: what one leaves the next one finds."""
    assert command(places, "clock", "--confirm").returncode == 0  # nobody was there for a year
    done = command(places, "absorb")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "3 batches: 2 new mentions, 1 edited, 3 scored, 1 set aside.\n"

    figures = json.loads(command(places, "status", "--json").stdout)
    assert [figures[name] for name in ("mentions", "open", "snoozed", "rejected", "waiting")] == [165, 104, 1, 6, 0]

    listed = [json.loads(line) for line in command(places, "queue", "--json", "--limit", "500").stdout.splitlines()]
    assert {row["id"] for row in listed} == {row["mention_id"] for row in told["after"]["open"]}
    assert sorted(listed, key=lambda row: -row["points"]) == listed

    refused = command(places, "letter", "board:35", "--text", "The depot has found your parcel.", "--by", "eve")
    assert (refused.returncode, refused.stderr) == (1, "These very words were sent to board:35 before.\n")

    exported = command(places, "export", str(tmp_path / "out"))
    assert (exported.returncode, exported.stderr) == (0, "")
    assert parquet.read_table(tmp_path / "out" / "mention.parquet").num_rows == 165

    gone = command(places, "erase", "--author", "guest26", "--source", "board", "--by", "eve")
    assert gone.stdout.startswith("Erased for good: 1 mention")
    assert list(places.outbox.glob(f"{told['letters']['waits']}*")) == []  # the answer to it that waited went along


def test_an_answer_may_be_approved_but_not_one_to_what_is_erased_or_has_one_already(store, places, told):
    def approve(mention_id):
        with store.read() as reading:
            return outbox.post(places.outbox, replies.approve(reading, mention_id, "We will look.", lead("eve"), NOON))

    with pytest.raises(HearbackError, match="no mention 'board:19'"):
        approve("board:19")
    with pytest.raises(HearbackError, match=f"in the outbox already .{told['letters']['waits']}, approved"):
        approve("board:26")
    assert approve("board:37").place is outbox.OutboxState.APPROVED
