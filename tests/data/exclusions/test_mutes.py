"""Mutes: what somebody muted leaves the queue, is kept and counted, and comes back where it stood."""

from __future__ import annotations

import pytest

from data.exclusions import mutes
from data.exclusions.mutes import Target
from data.models import ActionKind, Erase, HearbackError
from data.people.rights import lead
from data.queue import details
from tests.data.builders import HOUR, NOON, RANKING, action, found

MAX = Target("author", "Max", "test")
CARS = Target("community", "r/cars")
LONG = "acme lost my parcel for the third time this month and nobody answers the phone"


def mute(room, target, by="ana"):
    return mutes.mute(room.store, RANKING, target, lead(by), NOON)


def lift(room, mute_id, by="bo"):
    mutes.lift(room.store, RANKING, mute_id, lead(by), NOON + HOUR)


def listed(room):
    with room.store.read() as store:
        return mutes.active(store)


def targets(room, mention_id="test:1"):
    with room.store.read() as store:
        detail = details.find(store, mention_id)
        return mutes.targets(store, detail.mention)


def test_a_muted_author_leaves_the_queue_and_stays_out(room):
    room.take(found(1, author="Max"), found(2, author="max"), found(3), found(4, author="Max", source="forum"))
    mute(room, MAX)
    assert set(room.open()) == {"test:3", "test:4"}
    room.take(found(5, author="MAX"), found(6))
    assert set(room.open()) == {"test:3", "test:4", "test:6"}
    [shown] = listed(room)
    assert (shown["kept"], shown["muted_by"], shown["muted_at"], shown["name"]) == (3, "ana", NOON, "Max")
    assert len(room.ids()) == 6 and room.value("SELECT count(*) FROM judged") == 6


def test_taken_back_everything_stands_where_it_stood(room):
    room.take(found(1, author="Max"), found(2, author="Max"), found(3, author="Max"))
    room.record(action(ActionKind.ASSIGN, 1, assignee="ana"))
    room.record(action(ActionKind.RESOLVE, 2))
    muted = mute(room, MAX)
    room.take(found(4, author="Max"))
    assert room.open() == []
    lift(room, muted)
    assert {row.mention_id: row.assignee for row in room.page()} == {"test:1": "ana", "test:3": None, "test:4": None}
    assert listed(room) == []
    [kept] = room.rows("SELECT lifted_by, lifted_at FROM mute")
    assert kept == {"lifted_by": "bo", "lifted_at": NOON + HOUR}


def test_a_mute_is_taken_back_once_and_said_once(room):
    room.take(found(1, author="Max"))
    muted = mute(room, MAX)
    assert mute(room, Target("author", "max", "test"), "bo") == muted
    lift(room, muted)
    with pytest.raises(HearbackError, match="taken back already"):
        lift(room, muted)
    assert mute(room, MAX) != muted


@pytest.mark.parametrize(
    ("source", "url", "named"),
    [
        ("reddit", "https://www.reddit.com/r/Cars/comments/1/x/", "r/cars"),
        ("reddit_feed", "https://old.reddit.com/r/cars/comments/2/", "r/cars"),
        ("rss", "https://www.Blog.example.com/a", "blog.example.com"),
        ("mastodon", "https://social.example/@max/1", "social.example"),
        ("x", "https://x.com/max/status/1", None),
        ("google_play", "https://play.google.com/store", None),
        ("rss", None, None),
        ("rss", "javascript:alert(1)", None),
        ("rss", "https:///r/cars", None),
    ],
)
def test_a_community_is_what_the_address_tells(room, source, url, named):
    room.take(found(1, source=source, url=url, author=None))
    assert [target.name for target in targets(room)] == ([named] if named else [])


def test_author_community_and_thread_can_be_muted_where_they_are_known(room):
    room.take(found(1, author="Max", source="reddit", url="https://www.reddit.com/r/cars/1", thread_id="test:9"))
    assert targets(room) == [Target("author", "Max", "reddit"), CARS, Target("thread", "test:9", "reddit")]


def test_a_muted_community_and_a_muted_thread_stay_out(room):
    url = "https://www.reddit.com/r/{}/comments/1"
    room.take(
        found(1, source="reddit", url=url.format("cars")), found(2, source="reddit", url=url.format("carsharing")),
        found(3, thread_id="test:9"), found(9), found(8, thread_id="test:7"),
    )  # fmt: skip
    mute(room, CARS)
    mute(room, Target("thread", "test:9", "test"))
    assert set(room.open()) == {"test:2", "test:8"}


def test_two_mutes_of_one_mention_are_both_to_be_taken_back(room):
    room.take(found(1, author="Max", thread_id="test:9"))
    first, second = mute(room, MAX), mute(room, Target("thread", "test:9", "test"))
    lift(room, first)
    assert room.open() == []
    lift(room, second)
    assert room.open() == ["test:1"]


def test_a_muted_canonical_mention_leaves_the_row_to_the_next_and_takes_no_place_back(room):
    room.take(found(3, author="Max", text=LONG), found(2, text=LONG), found(1, text=LONG))
    muted = mute(room, MAX)
    assert [(row.mention_id, row.alike) for row in room.page()] == [("test:2", 1)]
    room.take(found(4, author="Max", text=LONG))
    assert [(row.mention_id, row.alike) for row in room.page()] == [("test:2", 1)]
    lift(room, muted)
    assert [(row.mention_id, row.alike) for row in room.page()] == [("test:2", 3)]


def test_what_is_erased_leaves_the_mutes_too(room):
    room.take(found(1, author="Max"))
    mute(room, MAX)
    room.take(gone=["test:1"])
    assert room.ids("muted", "mention_id") == []
    assert [one["kept"] for one in listed(room)] == [0]


def test_whoever_asks_to_be_erased_is_in_no_list_of_muted_people_either(room):
    room.take(found(1, author="Max"), found(2, author="Zoe"))
    mute(room, MAX)
    mute(room, Target("author", "Zoe", "test"))
    room.take(erase=[Erase("ana", source="test", author="Max")])
    assert [one["name"] for one in listed(room)] == ["Zoe"]
